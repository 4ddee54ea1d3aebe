"""报表: a period as the office reports it agrees with the other pages, is drafted with its figures, and can be taken away."""

from datetime import date
from io import BytesIO
from pathlib import Path

import docx
from freezegun import freeze_time
from openpyxl import load_workbook
from sqlmodel import select

from office.access.people import person_of
from office.papers.paper_pictures import draft_file
from office.reports.period_report import period_report
from office.reports.statistics_period import period_of
from office.reports.statistics_tables import organs, routes, years
from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from tests.web.browser import Browser, text_of
from tests.web.statements import crowd, statements
from workflow.context import context_of
from workflow.models import Chain, Document

DAY = "2026-11-23"
URL = "/statistics/report"


def told(office: Office, folder: Path) -> Story:
    """A letter that was answered late and one that nobody answered."""
    story = Story(office, folder)
    for name, answered in (("甲", "2026-11-09"), ("乙", "")):
        story.register(f"演示{name}矿")
        case = story.open("referral", "2026-10-26", subject_id="water", request="演示事项", reply_by="2026-11-05")
        if answered:
            story.take(case, "reply", answered, answered_on=answered, answer="no_objection", opinion="演示意见")
    return story


@freeze_time(at_nine(DAY))
def test_a_report_says_what_the_other_pages_say(office: Office, tmp_path: Path) -> None:
    told(office, tmp_path)
    with office.reading() as session:
        person, context, today = person_of(session, "office"), context_of(session), date.fromisoformat(DAY)
        found = period_report(session, person, context, period_of("month", today), at_nine(DAY))
        standing = {line.label: line.cells for line in routes(session, person, context, today).lines}
        duty = {line.label: line.cells for line in organs(session, person, context, today).lines}
        assert found.targets == years(session, person, context, today)
    for line in found.routes.lines:
        total, still_open, late, soon, _fine, _none, finished = standing[line.label]
        assert (line.cells[:3], line.cells[4]) == ((still_open, late, soon), finished)
        assert sum(line.cells[1:4]) + finished == total  # type: ignore[arg-type]
    for line in found.organs.lines:
        assert line.cells == duty[line.label][:5]
    # The letters of the story: both opened before the month, one answered in it and late, the other overdue.
    letters = next(line for line in found.routes.lines if line.label.startswith("部门协办"))
    assert letters.cells == (2, 1, 0, 1, 0, 0, 0)
    assert ("反馈意见", 18) in [(line.cells[1], line.cells[4]) for line in found.late.lines]
    assert len(found.late.lines) == found.late_total == sum(int(str(line.cells[1])) for line in found.organs.lines)
    assert found.done.steps == {("referral", "reply"): 1}


@freeze_time(at_nine(DAY))
def test_the_draft_states_the_figures_it_was_drafted_with_until_they_are_counted_anew(
    office: Office, tmp_path: Path
) -> None:
    browser = Browser(office)
    (link,) = browser.page("/documents/new").xpath("//a[contains(@href, 'period_report')]/@href")
    assert browser.get(link).headers["location"] == URL
    assert "请在“统计分析”的“报表”页" in text_of(browser.post("/documents/new", {"kind": "period_report"}))
    answer = browser.post(URL, {"period": "month"})
    drafted = answer.headers["location"]
    page = browser.page(drafted)
    assert "整治提升工作月报（2026年11月）" in text_of(page)
    assert "已填齐，可以出具" in text_of(page)
    first = words(office)
    with office.reading() as session:
        head = session.get_one(Chain, 1)
        assert f"链头：{head.seq}-{head.hash[:12]}" in first
    for part in (
        "报告时段：2026年11月1日至2026年11月23日",
        "登记的案件（含并行事项）共13件",
        "2025年 关闭取缔",
        "填表人",
    ):
        assert part in first
    told(office, tmp_path)
    assert words(office) == first
    again = browser.post(URL, {"period": "month"})
    assert again.headers["location"] == drafted
    assert "登记的案件（含并行事项）共15件" in words(office)
    issued = browser.post(f"{drafted}/issue", {"on": DAY})
    assert issued.status_code == 303, text_of(issued)
    # What is wrong in an issued report is corrected by another of the same period, with the figures of now.
    correction = browser.post(f"{drafted}/replacement").headers["location"]
    assert correction != drafted
    assert browser.post(URL, {"period": "month"}).headers["location"] == correction


def words(office: Office) -> str:
    """Everything in the .docx of the newest report."""
    with office.reading() as session:
        document = session.exec(select(Document).where(Document.kind == "period_report")).one()
        file = docx.Document(BytesIO(draft_file(office, session, document, ".docx")))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in file.paragraphs] + cells)


@freeze_time(at_nine(DAY))
def test_the_workbook_has_a_sheet_for_each_table_with_the_head_of_the_history(office: Office) -> None:
    browser = Browser(office)
    (link,) = browser.page(f"{URL}?period=own&from=2026-01-01&to=2026-06-30").xpath(
        "//a[contains(@href, '.xlsx')]/@href"
    )
    book = load_workbook(BytesIO(browser.get(link).content))
    assert book.sheetnames == ["按整治方式", "按责任单位", "年度任务", "时段办理情况", "逾期事项"]
    with office.reading() as session:
        head = session.get_one(Chain, 1).hash[:12]
    for sheet in book:
        assert "报告时段：2026-01-01 至 2026-06-30" in sheet["A2"].value
        assert head in sheet["A2"].value
    assert [cell.value for cell in book["按整治方式"][4]] == ["关闭取缔", 3, 3, 0, 0, 0, 0, 0]
    late = book["逾期事项"][4]
    assert (late[0].value, late[5].data_type) == ("阳城县山仁行砂岩矿", "n")


@freeze_time(at_nine(DAY))
def test_an_organ_reports_its_own_cases_and_drafts_nothing_in_the_office_s_name(office: Office) -> None:
    township = Browser(office, "township_hebei")
    page = township.page(URL)
    assert "职责范围内的案件" in text_of(page)
    assert not page.xpath(f"//form[@method='post' and @action='{URL}']")
    refused = township.post(URL, {"period": "week"})
    assert (refused.status_code, "无权签发《整治提升工作报表》" in text_of(refused)) == (422, True)
    assert "截止日期 2026-01-01 早于" in text_of(township.get(f"{URL}?period=own&from=2026-02-01&to=2026-01-01"))
    with office.reading() as session:
        assert session.exec(select(Document).where(Document.kind == "period_report")).first() is None


@freeze_time(at_nine(DAY))
def test_a_report_asks_as_often_for_three_hundred_cases_as_for_thirteen(office: Office) -> None:
    browser = Browser(office)

    def asked() -> int:
        browser.page(URL)
        with statements(office.engine) as seen:
            browser.page(URL)
        return len(seen)

    few = asked()
    crowd(office.engine, 300, due_on=date(2026, 6, 1))
    assert asked() == few <= 32
    assert "只列最早的 100 项" in text_of(browser.page(URL))
