"""整治台账 as a clerk uses it: filtered, sorted, ticked, exported."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from freezegun import freeze_time
from lxml import html
from openpyxl import load_workbook
from sqlmodel import col, select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from tests.web.browser import Browser, text_of
from workflow.models import Case, Document, Event, Mine, Preference

TODAY = at_nine("2026-11-23")


def rows(page: object) -> list[str]:
    return [text_of(row) for row in page.xpath("//table[contains(@class, 'ledger')]/tbody/tr")]  # type: ignore[attr-defined]


@freeze_time(TODAY)
def test_the_ledger_opens_with_what_presses_most(office: Office) -> None:
    page = Browser(office).page("/cases")
    found = rows(page)
    assert len(found) == 13
    assert "阳城县山仁行砂岩矿" in found[0]
    assert "2-1" in found[0]
    assert "C1405002011087130116895" in found[0]
    assert "逾期 690 天" in found[0]
    assert "共 13 件 逾期 4 30日内 1" in text_of(page)
    assert "第 1–13 条，共 13 条" in text_of(page)


@freeze_time(TODAY)
def test_filters_narrow_the_list_and_stay_in_the_form(office: Office) -> None:
    page = Browser(office).page("/cases?q=石灰岩&township=township_hebei&due=fine&standing=open")
    assert len(rows(page)) == 2
    assert page.xpath("//select[@name='township']/option[@selected]/@value") == ["township_hebei"]
    assert page.xpath("//form[contains(@class, 'ledger-filters')]//input[@name='q']/@value") == ["石灰岩"]


@freeze_time(TODAY)
def test_the_states_of_the_chosen_procedure_can_be_chosen(office: Office) -> None:
    browser = Browser(office)
    assert browser.page("/cases").xpath("//select[@name='state']") == []
    page = browser.page("/cases?procedure=closure")
    assert "列入关闭取缔名录" in page.xpath("//select[@name='state']/option/text()")
    assert len(rows(browser.page("/cases?procedure=closure&state=listed"))) == 3
    assert rows(browser.page("/cases?procedure=closure&state=closing")) == []


@freeze_time(TODAY)
def test_a_head_sorts_and_sorts_back(office: Office) -> None:
    browser = Browser(office)
    once = browser.page("/cases?sort=number")
    assert "2-1" in rows(once)[0]
    back = once.xpath("//th//a[contains(@href, 'sort=-number')]/@href")[0]
    assert "3-8" in rows(browser.page(back))[0]
    assert browser.page("/cases").xpath("//th[@aria-sort='ascending']")


@freeze_time(TODAY)
def test_pages_are_followed_with_the_filter_kept(office: Office) -> None:
    page = Browser(office).page("/cases?procedure=new_right&size=20")
    assert len(rows(page)) == 8
    for hostile in ("page=-1", "page=9999999999999", "page=x", "size=7", "sort=;drop", "procedure=nothing", "due=%27"):
        assert Browser(office).get(f"/cases?{hostile}").status_code == 200


@freeze_time(TODAY)
def test_a_day_that_is_none_is_answered_with_a_sentence(office: Office) -> None:
    answer = Browser(office).get("/cases?due_from=2026-02-30")
    assert answer.status_code == 400
    assert "没有这一天" in text_of(answer)


@freeze_time(TODAY)
def test_nothing_found_says_so_and_leads_back(office: Office) -> None:
    page = Browser(office).page("/cases?q=没有这座矿")
    assert "没有符合条件的案件" in text_of(page)
    assert page.xpath("//p[@class='empty']/a/@href") == ["/cases"]


@freeze_time(TODAY)
def test_evil_text_is_searched_for_and_shown_as_text(office: Office) -> None:
    answer = Browser(office).get("/cases?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


@freeze_time(TODAY)
def test_columns_are_kept_for_the_account_alone(office: Office) -> None:
    browser = Browser(office)
    answer = browser.post(
        "/cases/columns", {"column": ["number", "opened_on", "evil"], "size": "20", "back": "due=late"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases?due=late")
    heads = text_of(browser.page("/cases").xpath("//thead")[0])
    assert "立案日期" in heads
    assert "责任单位" not in heads
    assert "责任单位" in text_of(Browser(office, "emergency").page("/cases").xpath("//thead")[0])
    with office.reading() as session:
        kept = session.get_one(Preference, ("office", "ledger"))
        assert kept.value == {"columns": ["number", "opened_on"], "size": 20}


@freeze_time(TODAY)
def test_only_what_was_ticked_stands_on_the_page_that_asks_once_more(office: Office) -> None:
    browser = Browser(office)
    page = browser.page("/cases/selected?case=2-4&case=3-1")
    assert len(rows(page)) == 2
    assert page.xpath("//form[@action='/cases/selected']/input[@name='case']/@value") == ["2-4", "3-1"]
    assert "没有勾选案件" in text_of(browser.get("/cases/selected"))
    assert "一次最多" in text_of(browser.get("/cases/selected?" + "&".join(["case=2-4"] * 101)))


@freeze_time(TODAY)
def test_urging_asks_for_its_content_and_loses_nothing(office: Office) -> None:
    answer = Browser(office).post("/cases/selected", {"case": ["2-4", "3-1"], "reason": " "})
    assert answer.status_code == 422
    assert "请写明催办内容" in text_of(answer)
    assert "3-1" in text_of(answer)


@freeze_time(TODAY)
def test_a_case_of_somebody_else_is_neither_listed_nor_ticked(office: Office, tmp_path: Path) -> None:
    case = Story(office, tmp_path).register("演示石灰岩矿", mineral="石灰岩").open("upgrade", "2026-11-02")
    township = Browser(office, "township_demo")
    assert len(rows(township.page("/cases"))) == 1
    assert "演示数据" in rows(township.page("/cases"))[0]
    assert len(rows(township.page(f"/cases/selected?case={case}&case=2-4"))) == 1
    assert township.get("/cases/selected?case=2-4").status_code == 400


@freeze_time(TODAY)
def test_tracks_say_what_they_are_about(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path).register("演示石灰岩矿", mineral="石灰岩")
    story.open("referral", "2026-11-02", subject_id="water", request="演示")
    page = Browser(office).page("/cases?procedure=referral")
    assert "部门协办" in rows(page)[0] or "征求意见" in rows(page)[0]


@freeze_time(TODAY)
def test_ticked_cases_are_urged_and_no_others(office: Office) -> None:
    answer = Browser(office).post("/cases/selected", {"case": ["2-1", "3-1"], "reason": "请于本周五前报送进展"})
    assert answer.status_code == 200
    assert "已催办 2 件" in text_of(answer)
    with office.reading() as session:
        urged = session.exec(
            select(Case.number).join(Event, col(Event.case_id) == Case.id).where(Event.kind == "act")
        ).all()
    assert sorted(urged) == ["2-1", "3-1"]
    again = Browser(office).post("/cases/selected", {"case": ["2-1", "2-2"], "reason": "再催"})
    assert "已催办 1 件，1 件没有催办" in text_of(again)


@freeze_time(TODAY)
def test_the_export_opens_in_excel_with_real_days(office: Office) -> None:
    browser = Browser(office)
    answer = browser.get("/cases/export.xlsx?due=late")
    assert answer.status_code == 200
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    assert sheet["A1"].value == "阳城县非煤矿产资源综合整治提升工作台账"
    heads = [cell.value for cell in sheet[3]]
    due = heads.index("办理期限") + 1
    assert [sheet.cell(line, due).value.date().isoformat() for line in range(4, 8)] == [
        "2025-01-02", "2025-05-21", "2025-11-16", "2025-12-31",
    ]  # fmt: skip
    assert sheet.cell(4, heads.index("剩余天数") + 1).value == -690
    assert sheet["A8"].value == "共 4 行"
    assert sheet.freeze_panes == "A4"
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert len(sheet.conditional_formatting) == 1


@freeze_time(TODAY)
def test_the_export_of_ticked_cases_holds_those_alone(office: Office) -> None:
    answer = Browser(office).get("/cases/export.xlsx?case=3-1&case=2-4&case=9-9")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    assert [sheet.cell(line, 2).value for line in (4, 5)] == ["3-1", "2-4"]
    assert sheet["A6"].value == "共 2 行"


@freeze_time(TODAY)
def test_text_that_looks_like_a_formula_stays_text(office: Office) -> None:
    with office.writing() as session:
        mine = session.exec(select(Mine).where(Mine.code == "2-1")).one()
        mine.holder = "=1+1"
        session.add(mine)
    answer = Browser(office).get("/cases/export.xlsx?case=2-1")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    cell = sheet.cell(4, 5)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@freeze_time(TODAY)
def test_ticked_cases_get_their_commitments_and_each_refusal_stays_with_its_case(
    office: Office, tmp_path: Path
) -> None:
    story = Story(office, tmp_path)
    listed, other, void = (
        story.register(f"演示{name}矿", mineral="石灰岩").open("upgrade", "2026-11-02") for name in "甲乙丙"
    )
    agreed = story.register("演示丁矿", mineral="石灰岩", holder="演示丁公司").open("upgrade", "2026-11-02")
    story.take(
        agreed, "prepare_commitment", "2026-11-10", user="natural_resources", target_scale="60", remaining_life="8",
        plan_by="2026-12-31", design_by="2027-03-31", works_by="2027-10-31", acceptance_by="2027-12-31",
    )  # fmt: skip
    story.take(void, "suspend", "2026-11-12", reason="演示中止", basis="演示依据")
    order = story.open("rectification", "2026-11-02", breach="演示事实")
    story.take(
        order, "issue_order", "2026-11-03", user="emergency", enforcer="emergency", breach="演示事实", requirements="演示要求",
        rectify_by="2026-12-31", contact="演示联系人", legal_basis="演示法第三条", remedy="演示救济途径",
    )  # fmt: skip
    story.take(order, "serve_order", "2026-11-06", user="emergency", served_on="2026-11-05")
    ticked = [listed, agreed, void, order, "2-4"]
    browser = Browser(office)
    assert "生成承诺书" in text_of(browser.page("/cases"))
    asked = browser.page("/cases/selected?" + "&".join(f"case={number}" for number in ticked))
    assert asked.xpath("//form[@action='/cases/selected/commitments']/input[@name='case']/@value") == ticked
    answer = browser.post("/cases/selected/commitments", {"case": ticked})
    said = rows(html.fromstring(answer.text))
    for mine, words in (
        ("演示甲矿", "已起草 《升级改造承诺书》“商定并出具升级改造承诺书”还没有办理"),
        ("演示丁矿", "已有草稿《升级改造承诺书》"),
        ("演示丙矿", "未起草案件已于 2026-11-12 中止"), (order, "已起草 《整改承诺书》"),
        ("阳城县冠聿陶瓷粘土矿", "“引导退出”不用承诺书"),
    ):  # fmt: skip
        assert words in next(row for row in said if mine in row)
    assert "已起草承诺书 2 份，3 件没有起草" in text_of(answer)
    with office.reading() as session:
        drafts = session.exec(
            select(Case.number, Document.id).join(Document, col(Document.case_id) == Case.id)
            .where(col(Document.kind).contains("commitment"))
        ).all()  # fmt: skip
    assert {number for number, _ in drafts} == {listed, agreed, order}
    assert other not in ticked
    (link,) = html.fromstring(answer.text).xpath("//a[starts-with(@href, '/documents/files.zip')]/@href")
    with ZipFile(BytesIO(browser.get(link).content)) as package:
        assert len([name for name in package.namelist() if name.endswith("草稿.docx")]) == 3
    again = browser.post("/cases/selected/commitments", {"case": [listed]})
    assert "已起草承诺书 0 份" in text_of(again)
    # Only the office prepares what a holder signs; the bureau's tick is answered case by case, nothing is drafted.
    bureau = Browser(office, "natural_resources").post("/cases/selected/commitments", {"case": [other]})
    assert "未起草" in text_of(bureau)
    assert "无权签发《升级改造承诺书》" in text_of(bureau)
