"""The whole life of an upgrade, clicked: the letter drafted, filled in, issued, signed; then the promises are deadlines."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.clerk import SCAN, Clerks, days_ago, founded, issue, opened, paper, step_form, take, track
from tests.browser.conftest import Site
from tests.story import TOWNSHIP, Story
from web.links import case_url

MINE = {
    "采矿权人": "演示四号矿业公司", "开采矿种": "砂岩", "所在乡(镇)": "演示县演示镇人民政府", "所在村(社区)": "演示镇演示村",
    "采矿许可证号": "C1405002016117130143377", "有效期自": "2016-11-29", "生产规模": "5",
}  # fmt: skip
PROMISES = {
    "承诺：报送工作方案日期": days_ago(300), "承诺：完成设计日期": days_ago(200), "承诺：完成改造日期": days_ago(60),
    "承诺：申请验收日期": days_ago(-20),
}  # fmt: skip
LIFE = {"提升后生产规模": "60", "剩余可采资源服务年限": "12"}


def test_an_upgrade_is_clicked_from_the_letter_to_retention(site: Site, tmp_path: Path) -> None:
    founded(site.office)
    clerk = Clerks(site)
    valid_to = {"有效期至": days_ago(-600)}
    case = opened(clerk("office"), "升级改造", "演示四号砂岩矿", {}, on=days_ago(345), new=MINE | valid_to)
    _promised(clerk, case)
    _built(clerk, case)
    _retained(clerk, case)

    story = Story(site.office, tmp_path)
    assert (story.state(case), story.view(case).slots) == ("retained", ())
    story.sound()


def _promised(clerk: Clerks, case: str) -> None:
    page = clerk("natural_resources")
    form = step_form(page, case, "商定并出具升级改造承诺书")
    expect(form.get_by_role("button", name="预览结果")).to_be_enabled()
    take(page, case, "商定并出具升级改造承诺书", {**LIFE, **PROMISES}, on=days_ago(335))
    _letter(clerk("office"), case)
    take(page, case, "签订承诺书", {"签订日期": days_ago(330)}, on=days_ago(330))

    # Signed: the letter is on file with its scan, and what was promised runs as a deadline.
    paper(page, case, "升级改造承诺书")
    expect(page.locator("ol.life li[aria-current=step]")).to_contain_text(f"签订{days_ago(330)}")
    _deadline(page, case, "报送升级改造工作方案", PROMISES["承诺：报送工作方案日期"])


def _letter(page: Page, case: str) -> None:
    """The draft is looked at, issued for the holder to sign, and never served: it is signed."""
    paper(page, case, "升级改造承诺书")
    expect(page.locator("figure img").first).to_be_visible()
    issue(page, case, "升级改造承诺书", on=days_ago(334))
    expect(page.get_by_role("heading", name="签订")).to_be_visible()
    expect(page.get_by_role("button", name="登记送达")).to_have_count(0)
    page.get_by_label("类别").select_option(label="盖章（签字）扫描件")
    page.get_by_label("文件", exact=True).set_input_files(SCAN)
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.locator("main > .message.good")).to_contain_text("扫描件.pdf")


def _deadline(page: Page, case: str, step: str, day: str) -> None:
    page.goto(case_url(case))
    terms = page.locator("section", has=page.get_by_role("heading", name="期限", exact=True))
    expect(terms.get_by_role("listitem").filter(has_text=step)).to_contain_text(day)
    expect(terms).to_contain_text("承诺书")


def _built(clerk: Clerks, case: str) -> None:
    page = clerk("natural_resources")
    take(page, case, "报送升级改造工作方案", on=days_ago(302))
    take(page, case, "审定工作方案", {"审核意见": "同意"}, on=days_ago(290))
    _deadline(page, case, "设计审查等各项审批办结", PROMISES["承诺：完成设计日期"])
    approvals = {
        "初步设计审查意见文号（自然资源）": "演自然资函〔2026〕1号", "初步设计审查意见": "同意",
        "环评批复文号（行政审批）": "演审批〔2026〕2号", "安全设施设计审查文号（应急）": "演应急〔2026〕3号",
        "开采方案、修复方案批准文号（登记机关）": "演自然资函〔2026〕4号",
    }  # fmt: skip
    take(clerk("approval"), case, "设计审查等各项审批办结", approvals, on=days_ago(210))
    take(clerk(TOWNSHIP), case, "开工改造", {"开工日期": days_ago(190)}, on=days_ago(190))
    _deadline(page, case, "申请竣工验收", PROMISES["承诺：完成改造日期"])
    take(page, case, "申请竣工验收", on=days_ago(65))
    take(page, case, "竣工验收合格", {"验收日期": days_ago(50), "验收意见": "合格"}, on=days_ago(50))


def _retained(clerk: Clerks, case: str) -> None:
    page = clerk("natural_resources")
    capacity = {
        "核定生产规模": "60",
        "规模等级": "中型",
        "所用规模划分标准": "演示划分标准",
        "剩余可采资源服务年限": "11",
    }
    take(page, case, "核定生产能力", capacity, on=days_ago(40))
    page.goto(case_url(case))
    expect(page.locator(".blockers").first).to_contain_text("证照变更")
    permit = track(page, case, "证照注销")
    take(page, permit, "申请变更", {"登记(发证)机关": "演示登记机关", "变更内容": "规模变更"}, on=days_ago(38))
    changed = {"新证号": "C1405002026057130143377", "新有效期至": days_ago(-3000)}
    take(page, permit, "登记变更结果", changed, on=days_ago(20))
    take(page, case, "确认证照变更，单独保留", {"绿色矿山建设情况": "已纳入计划"}, on=days_ago(15))
    expect(page.get_by_role("region", name="下一步")).to_contain_text("单独保留")
