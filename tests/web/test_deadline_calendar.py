"""期限日历: which day holds which deadline, what kind of day it is, and what is said of years not yet published."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from sqlmodel import Session, select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from tests.web.browser import Browser, text_of
from tests.web.statements import crowd, statements
from workflow.models import Case, Deadline

DAY = "2026-11-23"


def month(office: Office, query: str, account: str = "office") -> Any:
    with freeze_time(at_nine(DAY)):
        return Browser(office, account).page(f"/calendar{query}")


def cell(page: Any, day: str) -> Any:
    return page.xpath(f"//td[.//time[@datetime='{day}']]")[0]


def entries(page: Any, day: str) -> list[str]:
    return [text_of(one) for one in cell(page, day).xpath(".//li")]


def test_a_month_is_whole_weeks_from_monday(office: Office) -> None:
    page = month(office, "?month=2026-12")
    days = page.xpath("//td//time/@datetime")
    assert days[0] == "2026-11-30"
    assert days[-1] == "2027-01-03"
    assert len(days) % 7 == 0
    assert [th.text for th in page.xpath("//thead//th")] == [f"星期{n}" for n in "一二三四五六日"]


def test_the_licence_of_the_fourth_mine_ends_on_its_day(office: Office) -> None:
    (entry,) = entries(month(office, ""), "2026-11-29")
    assert "核实停产" in entry
    assert "阳城县冠聿陶瓷粘土矿" in entry
    assert "剩余 6 天" in entry


def test_today_and_rest_days_are_marked(office: Office) -> None:
    page = month(office, "")
    assert "today" in cell(page, DAY).get("class")
    assert "今天" in text_of(cell(page, DAY))
    assert "rest" in cell(page, "2026-11-28").get("class")
    assert "rest" not in cell(page, "2026-11-27").get("class")


def test_holidays_and_worked_weekends_have_their_names(office: Office) -> None:
    october = month(office, "?month=2026-10")
    assert "休 国庆节" in text_of(cell(october, "2026-10-01"))
    worked = [td for td in october.xpath("//td") if "班 " in text_of(td)]
    assert worked
    assert all("rest" not in td.get("class") for td in worked)


def test_a_year_that_is_not_published_is_provisional(office: Office) -> None:
    page = month(office, "?month=2027-10")
    assert "2027年节假日安排尚未公布" in text_of(page)
    assert "（暂定）" in text_of(cell(page, "2027-10-01"))
    assert "尚未公布" not in text_of(month(office, "?month=2026-10"))


def test_a_provisional_deadline_says_so(office: Office) -> None:
    with Session(office.engine) as session:
        deadline = session.exec(select(Deadline).where(Deadline.due_on == date(2026, 11, 29))).one()
        deadline.provisional = True
        session.add(deadline)
        session.commit()
    assert "暂定" in entries(month(office, ""), "2026-11-29")[0]


def test_a_day_shows_four_and_leads_to_the_rest(office: Office) -> None:
    crowd(office.engine, 3, due_on=date(2026, 12, 29))
    # 2026-12-31 has four of the annexes and one of the crowd.
    page = month(office, "?month=2026-12")
    assert len(entries(page, "2026-12-31")) == 4
    more = cell(page, "2026-12-31").xpath(".//a[@class='more']")[0]
    assert more.text == "还有 1 件"
    assert more.get("href") == "/cases?due_from=2026-12-31&due_to=2026-12-31"
    assert not cell(page, "2026-12-29").xpath(".//a[@class='more']")


def test_only_my_organ_leaves_out_what_others_see_to(office: Office) -> None:
    # On 2026-12-31: three sales that the bureau is asked about, one closure that an unknown township accepts.
    everything = entries(month(office, "?month=2026-12", "natural_resources"), "2026-12-31")
    own = entries(month(office, "?month=2026-12&scope=own", "natural_resources"), "2026-12-31")
    assert len(everything) == 4
    assert len(own) == 3
    assert all("登记成交" in one for one in own)


def test_a_township_sees_no_other_townships_deadline(office: Office) -> None:
    assert len(entries(month(office, "?month=2026-12", "township_beiliu"), "2026-12-31")) == 1
    assert entries(month(office, "?month=2026-11", "township_beiliu"), "2026-11-29") == []


def test_a_suspended_case_has_no_due_day(office: Office, tmp_path: Path) -> None:
    Story(office, tmp_path).take("2-4", "suspend", DAY, reason="演示", basis="演示通知")
    assert entries(month(office, ""), "2026-11-29") == []


def test_the_buttons_lead_a_month_back_and_forth_and_keep_the_filter(office: Office) -> None:
    page = month(office, "?month=2026-01&scope=own")
    ways = {a.text: a.get("href") for a in page.xpath("//a[contains(@class, 'button')]") if a.text}
    assert ways["上月"] == "/calendar?month=2025-12&scope=own"
    assert ways["本月"] == "/calendar?month=2026-11&scope=own"
    assert ways["下月"] == "/calendar?month=2026-02&scope=own"


@pytest.mark.parametrize("text", ["2026-13", "2026", "abc", "2026-12-01", "1999-12", "2026-1", "２０２６-12", "%00"])
def test_a_month_that_cannot_be_read_is_refused(office: Office, text: str) -> None:
    with freeze_time(at_nine(DAY)):
        answer = Browser(office).get(f"/calendar?month={text}")
    assert answer.status_code == 400


def test_the_month_asks_as_often_for_many_deadlines_as_for_few(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        browser.page("/calendar")
        crowd(office.engine, 1, due_on=date(2026, 12, 1), name="先")
        with statements(office.engine) as few:
            browser.page("/calendar?month=2026-12")
        crowd(office.engine, 31, due_on=date(2026, 12, 1))
        with Session(office.engine) as session:
            assert len(session.exec(select(Case)).all()) == 45
        with statements(office.engine) as many:
            answer = browser.get("/calendar?month=2026-12")
    assert len(many) == len(few)
    assert len(many) < 20
    assert len(answer.content) < 100_000
