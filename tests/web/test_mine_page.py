"""矿山: everything about one mine on one page, each value with its source."""

from pathlib import Path

from freezegun import freeze_time

from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from tests.web.browser import Browser, text_of
from tests.web.statements import statements

TODAY = at_nine("2026-11-23")


@freeze_time(TODAY)
def test_published_values_name_the_annex_they_come_from(office: Office) -> None:
    page = Browser(office).page("/mines/2-4")
    facts = text_of(page.xpath("//section[@aria-labelledby='facts']")[0])
    assert "生产规模（万吨/年） 5 阳政办发〔2025〕17号 附件2 第4行" in facts
    permits = text_of(page.xpath("//section[@aria-labelledby='permits']")[0])
    assert "C1405002016117130143369" in permits
    assert "2016-11-29 至 2026-11-29" in permits
    for words in (
        "发证机关代码 140500 · 年月 2016年11月 · 中间四位 7130 · 顺序号 143369", "县里只能提请（报请）",
        "同月，是首期许可证", "按规律推断与矿种“陶瓷土”相符",
    ):  # fmt: skip
        assert words in permits


@freeze_time(TODAY)
def test_a_value_that_was_filled_in_names_who_and_when_and_on_what(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path).register("演示石灰岩矿")
    story.fill("2-4", "remaining_life", "3", "2026-11-20")
    page = Browser(office).page("/mines/2-4")
    assert "3 工作组办公室值班账号 2026-11-20 填写：演示数据" in text_of(
        page.xpath("//section[@aria-labelledby='facts']")[0]
    )
    assert "剩余可采资源服务年限" not in text_of(page.xpath("//section[@aria-labelledby='open']")[0])


@freeze_time(TODAY)
def test_route_and_tracks_stand_side_by_side(office: Office) -> None:
    Browser(office).post(
        "/cases/new",
        {"procedure": "fund", "on": "2026-11-20", "mine": "2-4", "ask-fund_year": "2026", "source": "演示"},
    )
    page = Browser(office).page("/mines/2-4")
    route = text_of(page.xpath("//*[@class='main-way']")[0])
    assert "引导退出 2-4" in route
    assert "下一步：约谈企业，启动协商" in route
    assert "剩余 6 天" in route
    assert "2-4/fund-1" in text_of(page.xpath("//*[@class='beside']")[0])
    assert page.xpath("//progress/@value")[0] == "1"


@freeze_time(TODAY)
def test_the_criteria_propose_and_say_that_a_person_decides(office: Office) -> None:
    page = Browser(office).page("/mines/2-1")
    rules = text_of(page.xpath("//section[@aria-labelledby='rules']")[0])
    assert "只供参考，由人决定" in rules
    assert "三(二)1(2)" in rules


@freeze_time(TODAY)
def test_history_and_documents_of_all_its_cases_are_there(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path).register("演示石灰岩矿", mineral="石灰岩", scale="10")
    case = story.open("upgrade", "2026-11-02")
    story.take(case, "prepare_commitment", "2026-11-03", target_scale="30", remaining_life="12", plan_by="2027-03-01",
               design_by="2027-06-01", works_by="2028-06-01", acceptance_by="2028-09-01")  # fmt: skip
    page = Browser(office).page(f"/mines/{story.mine}")
    assert "升级改造承诺书" in text_of(page.xpath("//section[@aria-labelledby='papers']")[0])
    history = text_of(page.xpath("//section[@aria-labelledby='history']")[0])
    assert "商定并出具升级改造承诺书 承诺书待签" in history
    assert "立案 列入升级改造名录" in history
    assert "演示数据" in text_of(page.xpath("//h1/..")[0])


@freeze_time(TODAY)
def test_a_mine_without_a_case_that_one_may_see_is_not_there(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path).register("演示石灰岩矿")
    browser = Browser(office)
    assert browser.get(f"/mines/{story.mine}").status_code == 404
    story.open("upgrade", "2026-11-02")
    assert browser.get(f"/mines/{story.mine}").status_code == 200
    township = Browser(office, "township_demo")
    assert township.get(f"/mines/{story.mine}").status_code == 200
    assert township.get("/mines/2-1").status_code == 404
    assert browser.get("/mines/9-9").status_code == 404


@freeze_time(TODAY)
def test_the_page_asks_a_bounded_number_of_questions(office: Office) -> None:
    browser = Browser(office)
    browser.get("/mines/2-4")
    with statements(office.engine) as few:
        browser.get("/mines/2-4")
    for year in range(2020, 2030):
        browser.post(
            "/cases/new",
            {"procedure": "fund", "on": "2026-11-20", "mine": "2-4", "ask-fund_year": str(year), "source": "演示"},
        )
    browser.get("/cases")
    with statements(office.engine) as many:
        browser.get("/mines/2-4")
    assert len(many) <= len(few) + 2
