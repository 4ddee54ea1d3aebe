"""提醒阶梯: shown as a line, changed by the office after seeing what moves, and kept over a restart."""

from datetime import date, timedelta
from typing import Any

import pytest
from freezegun import freeze_time
from sqlmodel import Session, select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.web.browser import Browser, text_of
from tests.workflow.dump import everything
from workflow.context import context_of
from workflow.models import Deadline

DAY = "2026-11-23"
TYPED = {
    "before": "90, 10，0",
    "overdue_first": "2",
    "overdue_every": "5",
    "supervise_after": "20",
    "criticise_after": "",
}


def case_file(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    """All that is stored but the log of who asked for what."""
    return {name: rows for name, rows in everything(office.engine).items() if name not in ("activity", "chain")}


def before_days(office: Office) -> tuple[int, ...]:
    with office.reading() as session:
        return context_of(session).ladders["standard"].before


def test_everybody_reads_the_ladders_in_words_and_as_a_line(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        page = Browser(office, "water").page("/ladders")
    read = text_of(page)
    assert "到期前 60、30、15、7、3、1 天、到期当天各提醒一次" in read
    assert "逾期 15 天起草督办单；逾期 30 天起草通报。" in read
    assert len(page.xpath("//*[name()='svg'][@role='img'][@aria-label]")) == 3
    assert not page.xpath("//a[starts-with(@href, '/ladders/')]"), "only the office changes them"


def test_a_try_shows_what_moves_and_changes_nothing(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        before = case_file(office)
        answer = browser.post("/ladders/standard", TYPED)
        assert case_file(office) == before
    read = text_of(answer)
    assert "什么都没有改" in read
    assert (
        "到期前 90、10 天、到期当天各提醒一次；逾期 2 天起提醒，以后每 5 天一次，直到办结；逾期 20 天起草督办单。"
        in read
    )
    assert before_days(office) == (60, 30, 15, 7, 3, 1, 0)


def test_a_changed_ladder_moves_the_next_looks_and_outlives_a_restart(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        office.sweep(date.fromisoformat(DAY))
        answer = Browser(office).post("/ladders/standard", {**TYPED, "confirm": "1"})
        assert answer.status_code == 303
        office.init()
    assert before_days(office) == (90, 10, 0)
    with office.reading() as session:
        calendar = context_of(session).calendar
        rows = session.exec(
            select(Deadline).where(
                Deadline.status == "open", Deadline.ladder == "standard", Deadline.due_on == date(2026, 12, 31)
            )
        ).all()
    assert rows
    for row in rows:
        assert row.due_on
        assert row.next_on == calendar.previous_working(row.due_on - timedelta(10))


def test_the_plans_own_ladder_comes_back(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        browser.post("/ladders/standard", {**TYPED, "confirm": "1"})
        assert "本单位已调整" in text_of(browser.page("/ladders"))
        assert browser.post("/ladders/standard", {"original": "1"}).status_code == 303
        assert "本单位已调整" not in text_of(browser.page("/ladders"))
    assert before_days(office) == (60, 30, 15, 7, 3, 1, 0)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"before": "1, 30"}, "“到期前提醒”应从大到小排列且不重复"),
        ({"before": "三十"}, "“到期前提醒”应是用逗号分开的天数"),
        ({"overdue_first": "0"}, "“第一次逾期提醒”应是不小于1的整数天数"),
        ({"overdue_every": "-7"}, "“以后每隔”应是不小于1的整数天数"),
        ({"supervise_after": "30", "criticise_after": "15"}, "“起草通报”的天数应大于“起草督办单”"),
        ({"supervise_after": "9" * 30}, "“起草督办单”应是不小于1的整数天数，不需要时留空"),
    ],
)
def test_a_ladder_that_makes_no_sense_is_refused(office: Office, wrong: dict[str, str], sentence: str) -> None:
    with freeze_time(at_nine(DAY)):
        answer = Browser(office).post("/ladders/standard", {**TYPED, **wrong, "confirm": "1"})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert before_days(office) == (60, 30, 15, 7, 3, 1, 0)


def test_others_may_not_change_a_ladder_and_an_unknown_one_is_not_there(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        assert Browser(office, "water").post("/ladders/standard", {**TYPED, "confirm": "1"}).status_code == 403
        assert Browser(office).get("/ladders/nothing").status_code == 404
    with Session(office.engine) as session:
        assert context_of(session).ladders["standard"].overdue_every == 7
