"""工作日历: a year at a glance, and an import that shows what it moves before it moves anything."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from lxml import html
from sqlmodel import Session

from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from tests.web.browser import Browser, text_of
from tests.web.forms import hidden
from tests.workflow.dump import everything
from tests.workflow.test_calendar_import import NOTICE_2027
from workflow.models import CalendarYear

DAY = "2026-11-23"
GIVEN = {"text": NOTICE_2027, "source": "演示：尚未公布的通知"}


@pytest.fixture
def case(office: Office, tmp_path: Path) -> str:
    """Ten working days over 2027-02-09, which the notice makes a day off."""
    return (
        Story(office, tmp_path)
        .register("演示十号砂岩矿")
        .open("referral", "2027-01-28", subject_id="water", request="演示")
    )


def case_file(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    """All that is stored but the log of who asked for what."""
    return {name: rows for name, rows in everything(office.engine).items() if name not in ("activity", "chain")}


def due(office: Office, tmp_path: Path, case: str) -> date | None:
    return Story(office, tmp_path).due(case, "reply")


def test_a_year_shows_days_off_and_weekends_worked(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office, "water")
        page = browser.page("/workdays?year=2026")
        later = text_of(browser.page("/workdays?year=2028"))
    months = page.xpath("//div[@class='month']")
    october = {text_of(cell) for cell in months[9].xpath(".//td[@class='h']")}
    assert len(months) == 12
    assert {"1休", "2休", "5休", "6休", "7休"} <= october
    assert {text_of(cell) for cell in months[9].xpath(".//td[@class='m']")} == {"10班"}
    assert "已公布" in text_of(page)
    assert "暂定" in later
    assert "导入放假安排" not in later, "only the office imports"


@pytest.mark.parametrize("year", ["1999", "2101", "abcd", "20260"])
def test_a_year_that_nobody_plans_for_is_not_there(office: Office, year: str) -> None:
    with freeze_time(at_nine(DAY)):
        assert Browser(office).get(f"/workdays?year={year}").status_code == 404


def test_a_try_lists_what_would_move_and_changes_nothing(office: Office, tmp_path: Path, case: str) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        before = case_file(office)
        answer = browser.post("/workdays/import", GIVEN)
        assert case_file(office) == before
    read = text_of(answer)
    assert answer.status_code == 200
    assert "什么都没有改" in read
    assert case in read
    assert "2027-02-15" in read
    assert "2027-02-16" in read
    assert due(office, tmp_path, case) == date(2027, 2, 15)


def test_what_was_confirmed_counts(office: Office, tmp_path: Path, case: str) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        answer = browser.post("/workdays/import", {**GIVEN, "confirm": "1"})
        assert answer.headers["location"] == "/workdays?year=2027"
        assert "1 项期限随之变动" in text_of(browser.page("/workdays?year=2027"))
    assert due(office, tmp_path, case) == date(2027, 2, 16)
    with Session(office.engine) as session:
        assert session.get_one(CalendarYear, 2027).status == "published"


def test_what_was_shown_is_what_is_imported(office: Office, tmp_path: Path, case: str) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        seen = hidden(html.fromstring(browser.post("/workdays/import", GIVEN).text), "seen")
        Story(office, tmp_path, "M-1").open("referral", "2027-01-28", subject_id="water", request="演示")
    with freeze_time(at_nine(DAY)):
        answer = browser.post("/workdays/import", {**GIVEN, "confirm": "1", "seen": seen})
        assert answer.status_code == 409
        assert "没有导入" in text_of(answer)
    assert due(office, tmp_path, case) == date(2027, 2, 15)


def test_a_file_is_read_as_people_have_it(office: Office) -> None:
    file = ("2027年放假.csv", NOTICE_2027.encode("gb18030"), "text/csv")
    with freeze_time(at_nine(DAY)):
        answer = Browser(office).post("/workdays/import", {"source": "演示"}, files={"file": file})
    assert "试算结果：2027 年" in text_of(answer)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"text": "", "source": "演示"}, "看不出这是哪一年"),
        ({"text": NOTICE_2027, "source": ""}, "没有写明放假通知的来源"),
        ({"text": "2027-01-01,holiday,元旦", "source": "演示"}, "缺少春节"),
        ({"text": NOTICE_2027, "source": "演示", "year": "二〇二七"}, "年份“二〇二七”不对"),
        ({"text": "2027-02-31,holiday,春节", "source": "演示"}, "没有2027年2月31日这一天"),
    ],
)
def test_a_notice_that_cannot_be_read_is_refused_and_stays_in_the_form(
    office: Office, given: dict[str, str], sentence: str
) -> None:
    with freeze_time(at_nine(DAY)):
        answer = Browser(office).post("/workdays/import", given)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert given["text"].strip() in answer.text


def test_only_the_office_imports(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        assert Browser(office, "water").post("/workdays/import", {**GIVEN, "confirm": "1"}).status_code == 403
