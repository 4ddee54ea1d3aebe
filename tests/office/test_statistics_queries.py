"""统计分析: every figure is the one that a person counts by hand from the mines of the story."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from office.access.people import Person, person_of
from office.reports.period_report import label_of
from office.reports.statistics import Standings, by_mineral, by_procedure, by_township, together
from office.reports.statistics_brief import COMING, OVERDUE, brief
from office.reports.statistics_done import done_table
from office.reports.statistics_pace import MONTHS, paces, trend
from office.reports.statistics_period import Period, done, period_of
from office.reports.statistics_tables import TABLES
from office.running.installation import Office
from tests.story import TOWNSHIP, Story
from tests.web.statements import crowd, statements
from workflow.context import context_of
from workflow.errors import BadInput
from workflow.models import Case

TODAY = date(2026, 11, 23)
ANSWER = {"answer": "no_objection", "opinion": "演示意见"}


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    """Three fictional mines: a closure that is due soon, one that is late, and letters to other organs.

    The water organ answers one letter in time, one late and one not at all; a fourth letter is taken back.
    """
    story = Story(office, tmp_path).register(
        "演示甲矿", mineral="演示岩", valid_to="2026-12-10", valid_from="2016-01-01"
    )
    story.open("closure", "2026-01-05", exit_year="2026")
    for name, opened, reply_by, answered in (
        ("乙", "2026-09-01", "2026-09-10", "2026-09-08"), ("丙", "2026-09-01", "2026-09-15", "2026-10-09"),
        ("丁", "2026-11-02", "2026-11-11", ""),
    ):  # fmt: skip
        story.register(f"演示{name}矿", mineral="演示土")
        case = story.open("referral", opened, subject_id="water", request="演示事项", reply_by=reply_by)
        if answered:
            story.take(case, "reply", answered, answered_on=answered, **ANSWER)
    story.take(case, "acknowledge", "2026-11-20", user="water")
    story.correct(case, "2026-11-21", "录错案件", user="water")
    story.register("演示戊矿", mineral="演示土", valid_to="2026-06-30", valid_from="2016-01-01")
    story.open("closure", "2026-05-06", exit_year="2026")
    return story


@pytest.fixture
def session(story: Story) -> Iterator[Session]:
    with story.office.reading() as session:
        yield session


@pytest.fixture
def office_person(session: Session) -> Person:
    return person_of(session, "office")


def test_a_township_s_mines_are_counted_by_how_they_stand(session: Session, office_person: Person) -> None:
    # Of the closures 甲 falls due with its licence on 2026-12-10, 戊 was due on 2026-06-30; letters are no routes.
    assert by_township(session, office_person, TODAY)[TOWNSHIP] == Standings(late=1, soon=1)
    assert by_township(session, office_person, date(2026, 12, 11))[TOWNSHIP] == Standings(late=2)


def test_minerals_count_routes_alone(session: Session, office_person: Person) -> None:
    found = by_mineral(session, office_person, TODAY)
    assert (found["演示岩"], found["演示土"]) == (Standings(soon=1), Standings(late=1))


def test_procedures_count_tracks_too(session: Session, office_person: Person) -> None:
    found = by_procedure(session, office_person, TODAY)
    # 丁 is late, 乙 and 丙 have answered and wait for their file to be closed, where no deadline runs.
    assert found["referral"] == Standings(late=1, none=2)
    # The plan's own three closures are late as well.
    assert found["closure"] == Standings(late=4, soon=1)
    assert together({name: found[name] for name in ("referral", "closure")}) == Standings(late=5, soon=1, none=2)


def test_a_finished_case_counts_as_finished_whatever_its_day_was(story: Story) -> None:
    story.take(_referral(story), "close", "2026-11-20", user="natural_resources")
    with story.office.reading() as session:
        found = by_procedure(session, person_of(session, "office"), TODAY)["referral"]
    assert (found, found.open, found.total) == (Standings(late=1, none=1, finished=1), 2, 3)


def _referral(story: Story) -> str:
    """The letter of the second mine, which was answered in time."""
    return str(story.rows(select(Case.number).where(Case.procedure == "referral").order_by(col(Case.id)))[0])


def test_the_trend_counts_openings_ends_and_deadlines_that_passed_by_month(
    session: Session, office_person: Person
) -> None:
    months = {one.word: one for one in trend(session, office_person, TODAY)}
    assert len(months) == MONTHS
    assert next(iter(months)) == "2025-06"
    assert list(months)[-1] == "2026-11"
    assert {word: one.opened for word, one in months.items() if one.opened} == {
        "2026-01": 1, "2026-05": 1, "2026-09": 2, "2026-11": 1,
    }  # fmt: skip
    # 丙 answered after its day, 丁 not at all; 戊 did not stop by the end of its licence.
    assert (months["2026-09"].overdue, months["2026-11"].overdue, months["2026-06"].overdue) == (1, 1, 1)
    assert sum(one.finished for one in months.values()) == 0


def test_a_step_s_rate_and_days_are_those_of_its_three_letters(session: Session, office_person: Person) -> None:
    (reply,) = [p for p in paces(session, office_person, TODAY) if p.procedure == "referral"]
    assert (reply.title, reply.due, reply.finished, reply.finished_late, reply.open_late) == ("反馈意见", 3, 2, 1, 1)
    assert reply.late_rate == pytest.approx(200 / 3)
    # Seven and thirty-eight days were taken, nine and fourteen were given.
    assert (reply.days_taken, reply.days_allowed) == (22.5, 11.5)


def test_a_halted_case_is_not_late(story: Story) -> None:
    with story.office.reading() as session:
        numbers = [d.due.number for d in brief(session, person_of(session, "office"), TODAY).overdue.lines]
    number = next(number for number in numbers if number.startswith(story.mine))
    story.take(number, "suspend", "2026-11-20", reason="演示中止", basis="演示依据")
    with story.office.reading() as session:
        person = person_of(session, "office")
        assert by_township(session, person, TODAY)[TOWNSHIP] == Standings(soon=1, none=1)
        assert {m.word: m.overdue for m in trend(session, person, TODAY)}["2026-06"] == 0


def test_a_period_counts_what_was_done_in_it_and_not_what_was_taken_back(
    session: Session, office_person: Person
) -> None:
    found = done(session, office_person, Period("own", date(2026, 9, 1), date(2026, 9, 30)))
    assert (dict(found.opened), dict(found.steps)) == ({"referral": 2}, {("referral", "reply"): 1})
    found = done(session, office_person, Period("own", date(2026, 11, 1), date(2026, 11, 30)))
    assert (dict(found.opened), dict(found.steps)) == ({"referral": 1}, {})


def test_a_period_counts_documents_by_day_of_issue_and_of_service(story: Story) -> None:
    story.register("演示己矿", holder="演示公司", valid_to="2026-12-30", valid_from="2016-01-01")
    case = story.open("closure", "2026-10-08", exit_year="2026")
    story.take(
        case, "issue_closure_notice", "2026-10-12", user="natural_resources", enforcer="natural_resources",
        legal_ground="illegal_works", findings="演示事实", legal_basis="演示法第一条", remedy="演示救济途径",
    )  # fmt: skip
    story.take(case, "serve_closure_notice", "2026-11-06", user="natural_resources", served_on="2026-11-05")
    with story.office.reading() as session:
        person = person_of(session, "office")
        october = done(session, person, Period("own", date(2026, 10, 1), date(2026, 10, 31)))
        november = done(session, person, Period("own", date(2026, 11, 1), date(2026, 11, 30)))
        stranger = done(
            session, person_of(session, "township_beiliu"), Period("own", date(2026, 10, 1), date(2026, 10, 31))
        )
    assert (dict(october.issued), dict(october.served)) == ({"closure_notice": 1}, {})
    assert (dict(november.issued), dict(november.served)) == ({}, {"closure_notice": 1})
    assert not any((stranger.opened, stranger.steps, stranger.issued, stranger.notices))
    words = [
        (line.label, line.cells)
        for line in done_table(october, Period("own", date(2026, 10, 1), date(2026, 10, 31))).lines
    ]
    assert ("出具文书", ("《拟关闭事先(听证)告知书》", 1, "份")) in words


def test_notices_are_counted_by_the_day_they_went_out(story: Story) -> None:
    story.morning("2026-11-23")
    with story.office.reading() as session:
        person, day = person_of(session, "office"), Period("own", TODAY, TODAY)
        sent = done(session, person, day).notices
        assert sum(sent.values()) == len(story.mails())
        assert done(session, person, Period("own", date(2026, 11, 22), date(2026, 11, 22))).notices == {}
        water = done(session, person_of(session, "water"), day).notices
    assert dict(water) == {"digest": 1}


def test_the_periods_begin_on_monday_on_the_first_and_on_new_year() -> None:
    wednesday = date(2026, 11, 25)
    assert period_of("week", wednesday).first == date(2026, 11, 23)
    assert period_of("month", wednesday).first == date(2026, 11, 1)
    assert period_of("year", wednesday).first == date(2026, 1, 1)
    days = {name: period_of(name, wednesday) for name in ("last_week", "last_month", "quarter", "last_year")}
    assert {name: (str(one.first), str(one.last)) for name, one in days.items()} == {
        "last_week": ("2026-11-16", "2026-11-22"), "last_month": ("2026-10-01", "2026-10-31"),
        "quarter": ("2026-10-01", "2026-11-25"), "last_year": ("2025-01-01", "2025-12-31"),
    }  # fmt: skip
    assert [label_of(period_of(name, date(2026, 1, 31))) for name in ("month", "last_month", "quarter", "last_week")] == [
        "2026年1月", "2025年12月", "2026年第一季度", "2026年1月19日至2026年1月25日",
    ]  # fmt: skip
    assert period_of("nonsense", wednesday) == period_of("month", wednesday)
    with pytest.raises(BadInput, match="截止日期 2026-01-01 早于开始日期 2026-02-01"):
        period_of("own", wednesday, date(2026, 2, 1), date(2026, 1, 1))


def test_an_organ_counts_its_own_cases_alone(session: Session) -> None:
    water = person_of(session, "water")
    # It sees letters to it, and routes on whose cards it stands.
    assert by_procedure(session, water, TODAY)["referral"] == Standings(late=1, none=2)
    township = person_of(session, "township_beiliu")
    assert together(by_procedure(session, township, TODAY)).total == 1
    assert list(by_township(session, township, TODAY)) == ["township_beiliu"]
    assert sum(one.overdue for one in trend(session, township, TODAY)) == 0


def test_the_brief_has_the_first_of_each_and_the_rest_as_a_number(office: Office) -> None:
    crowd(office.engine, 25, due_on=date(2026, 11, 1))
    with office.reading() as session:
        found = brief(session, person_of(session, "office"), TODAY)
    # 22 of the crowd passed; of the plan's own three closures each has two days behind it, one right one.
    assert (found.overdue.total, len(found.overdue.lines)) == (22 + 7, OVERDUE)
    assert (found.coming.total, len(found.coming.lines)) == (3 + 1, min(4, COMING))
    assert found.overdue.more == 29 - OVERDUE
    assert found.overdue.lines[0].organ_id == "township_hebei"
    assert found.figures.late == 22 + 4


def test_every_table_asks_as_often_for_four_hundred_cases_as_for_thirteen(office: Office) -> None:
    def asked() -> dict[str, int]:
        found = {}
        with office.reading() as session:
            person, context = person_of(session, "office"), context_of(session)
            for name, make in TABLES.items():
                with statements(office.engine) as seen:
                    make(session, person, context, TODAY)
                found[name] = len(seen)
            with statements(office.engine) as seen:
                done(session, person, period_of("year", TODAY))
            found["done"] = len(seen)
            with statements(office.engine) as seen:
                brief(session, person, TODAY)
            found["brief"] = len(seen)
        return found

    few = asked()
    crowd(office.engine, 400, due_on=date(2026, 5, 1))
    assert asked() == few == {
        "routes": 1, "townships": 1, "minerals": 1, "years": 1, "organs": 1, "months": 3, "steps": 1, "done": 7, "brief": 14,
    }  # fmt: skip
