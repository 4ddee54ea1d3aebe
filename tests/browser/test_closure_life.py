"""The whole life of a closure, clicked by those whose steps they are: from opening the case to the archive."""

from pathlib import Path

from playwright.sync_api import expect
from sqlmodel import select

from tests.browser.clerk import (
    Clerks,
    days_ago,
    founded,
    issue,
    numbered,
    opened,
    serve_paper,
    take,
    track,
)  # fmt: skip
from tests.browser.conftest import Site
from tests.story import TOWNSHIP, Story
from web.links import case_url
from workflow.models import Attachment, Document

LICENCE = "C1405002016117130143399"
LAW = {"法律依据（法律名称和条款）": "演示法第一条", "救济途径（复议、诉讼的机关和期限）": "演示救济途径"}
MINE = {
    "采矿权人": "演示一号矿业公司", "开采矿种": "砂岩", "所在乡(镇)": "演示县演示镇人民政府", "所在村(社区)": "演示镇演示村",
    "采矿许可证号": LICENCE, "有效期自": "2016-11-29",
}  # fmt: skip


def test_a_closure_is_clicked_from_its_opening_to_the_archive(site: Site, tmp_path: Path) -> None:
    founded(site.office)
    clerk = Clerks(site)
    case = _opened(clerk)
    _decided(clerk, case)
    _closed(clerk, case)
    _deregistered(clerk, case)
    _restored(clerk, case)

    page = clerk("office")
    take(page, case, "销号归档", {"后期监管安排（责任单位和巡查方式）": "演示镇每季度巡查"}, on=days_ago(5))
    expect(page.get_by_role("region", name="下一步")).to_contain_text("销号归档")
    expect(page.locator(".case-head")).to_contain_text("办结")

    story = Story(site.office, tmp_path, "")
    assert story.state(case) == "archived"
    kinds = dict(story.rows(select(Document.kind, Document.status)))
    assert {kind: kinds[kind] for kind in ("closure_notice", "closure_decision", "stop_notice", "closing_report")} == {
        "closure_notice": "served", "closure_decision": "served", "stop_notice": "issued", "closing_report": "draft",
    }  # fmt: skip
    assert all(site.office.store.path(sha).exists() for sha in story.rows(select(Attachment.sha256)))
    story.sound()


def _opened(clerk: Clerks) -> str:
    page = clerk("office")
    for word, organ in (("演甲", "阳城县自然资源局"), ("演乙", "阳城县人民政府")):
        numbered(page, word, organ)
    valid_to = {"有效期至": days_ago(160)}
    case = opened(
        page, "关闭取缔", "演示一号砂岩矿", {"关闭退出年度": days_ago(0)[:4]}, on=days_ago(345), new=MINE | valid_to
    )
    expect(page.locator(".case-head")).to_contain_text("演示数据")
    expect(page.locator(".case-head")).to_contain_text(LICENCE)
    return case


def _decided(clerk: Clerks, case: str) -> None:
    bureau, government, office = clerk("natural_resources"), clerk("county_government"), clerk("office")
    ground = {"作出机关": "县自然资源局", "关闭事由": "违法违规开采建设未整改到位（三(二)1(4)）"}
    take(bureau, case, "出具拟关闭告知书", {**ground, "查明的事实和证据": "演示事实", **LAW}, on=days_ago(330))
    # The notice must be out before it can be served; the page says so instead of offering the button.
    bureau.goto(case_url(case))
    expect(bureau.get_by_role("region", name="下一步")).to_contain_text("送达拟关闭告知书")
    issue(bureau, case, "拟关闭事先(听证)告知书", on=days_ago(329))
    serve_paper(bureau, case, "拟关闭事先(听证)告知书", on=days_ago(327))
    decision = {
        "陈述申辩、听证情况": "未提出", "批准文号（县政府批复或会议纪要）": "演政函〔2026〕5号", "批准日期": days_ago(286),
        "停产日期": days_ago(245), **LAW,
    }  # fmt: skip
    take(government, case, "县政府作出关闭决定", decision, on=days_ago(285))
    issue(office, case, "关闭决定书", on=days_ago(285))
    serve_paper(office, case, "关闭决定书", on=days_ago(283))
    issue(bureau, case, "停产通知书", on=days_ago(285))


def _closed(clerk: Clerks, case: str) -> None:
    page = clerk(TOWNSHIP)
    stop = {"实际停产日期": days_ago(245), "修复治理期限": days_ago(-30)}
    take(page, case, "核实停产", stop, on=days_ago(243))
    take(page, case, "组织关闭施工", {"所依据的关闭标准": "演示关闭标准"}, on=days_ago(230))
    accepted = {"验收日期": days_ago(181), "关闭标准各项全部合格": "是"}
    take(page, case, "关闭验收合格", accepted, on=days_ago(180))


def _deregistered(clerk: Clerks, case: str) -> None:
    page = clerk("natural_resources")
    page.goto(case_url(case))
    band = page.get_by_role("region", name="下一步")
    expect(band).to_contain_text("暂不能办理")
    expect(band.locator(".blockers")).to_contain_text(f"采矿许可证{LICENCE}")
    permit = track(page, case, "证照注销")
    asked = {"登记(发证)机关": "演示登记机关", "提请日期": days_ago(175)}
    take(page, permit, "提请注销采矿许可证", asked, on=days_ago(175))
    take(page, permit, "登记注销结果", {"注销日期": days_ago(158)}, on=days_ago(156))
    take(page, case, "确认证照全部注销", on=days_ago(155))


def _restored(clerk: Clerks, case: str) -> None:
    page = clerk("natural_resources")
    site_track = track(page, case, "生态修复")
    take(page, site_track, "审定修复方案", on=days_ago(150))
    take(clerk(TOWNSHIP), site_track, "开始修复", {"开工日期": days_ago(140)}, on=days_ago(140))
    take(page, site_track, "企业自验", on=days_ago(45))
    there = {"专家参加": "是", "村(居)民委员会参加": "是", "村民代表参加": "是"}
    take(page, site_track, "组织联合验收", there, on=days_ago(40))
    take(page, site_track, "修复验收合格", {"验收意见": "合格"}, on=days_ago(34))
    take(page, site_track, "公示验收结果", {"公示日期": days_ago(30)}, on=days_ago(10))
    take(page, case, "确认生态修复完成", on=days_ago(8))
