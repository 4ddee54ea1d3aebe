"""Days and periods: what never moves, what counts, what waits for a fact, and what is provisional."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states import due
from states.due import BASIS_LABELS, DueDate, Rule
from states.kernel import Step
from states.registry import PROCEDURES
from tests.states.samples import CALENDAR, ONE_DAY, StubCalendar, facts

SUNDAY = date(2026, 11, 29)
FRIDAY = date(2026, 9, 18)
#: 18 September 2026 is a Friday; Sunday the 20th is made up for, the 25th is a holiday.
AUTUMN = StubCalendar(holidays=frozenset({date(2026, 9, 25)}), made_up=frozenset({date(2026, 9, 20)}))


def on(
    rule: Rule, values: Mapping[str, object] | None = None, *, today: date = FRIDAY, calendar: StubCalendar = CALENDAR
) -> object:
    found = rule(facts(values, today=today, calendar=calendar), calendar)
    return (found.on, found.provisional) if found else None


def test_a_fixed_day_is_taken_from_its_fact_and_never_moves() -> None:
    assert on(due.fixed("valid_to"), {"valid_to": SUNDAY.isoformat()}) == (SUNDAY, False)
    assert on(due.fixed("valid_to"), {"valid_to": date(2030, 1, 1)}) == (date(2030, 1, 1), False)


def test_a_year_ends_on_its_last_day_even_on_a_rest_day() -> None:
    assert on(due.year_end("exit_year"), {"exit_year": "2027"}) == (date(2027, 12, 31), False)
    assert on(due.year_end("exit_year"), {"exit_year": 2028}) == (date(2028, 12, 31), False)


def test_a_year_starts_on_its_first_day_or_on_that_of_an_earlier_year() -> None:
    assert on(due.year_start("transfer_year"), {"transfer_year": "2027"}) == (date(2027, 1, 1), False)
    assert on(due.year_start("transfer_year", years_before=1), {"transfer_year": "2027"}) == (date(2026, 1, 1), False)


def test_the_earliest_of_several_days_counts_and_unknown_ones_do_not() -> None:
    rule = due.earliest(due.fixed("valid_to"), due.fixed("stop_on"), due.year_end("exit_year"))
    assert on(rule, {"exit_year": "2026"}) == (date(2026, 12, 31), False)
    assert on(rule, {"exit_year": "2026", "valid_to": "2026-11-29"}) == (SUNDAY, False)
    known = {"exit_year": "2026", "valid_to": "2026-11-29", "stop_on": "2026-11-27"}
    assert on(rule, known) == (date(2026, 11, 27), False)
    assert on(rule) is None


def test_working_days_leave_out_the_first_day_holidays_and_weekends_but_not_made_up_days() -> None:
    assert on(due.working_days(1), calendar=AUTUMN) == (date(2026, 9, 20), False)
    assert on(due.working_days(6), calendar=AUTUMN) == (date(2026, 9, 28), False)
    assert on(due.working_days(1)) == (date(2026, 9, 21), False)


def test_a_period_may_start_on_the_day_and_have_the_length_that_facts_name() -> None:
    served = {"served_on": "2026-09-21", "days": "3"}
    assert on(due.working_days("days", "served_on"), served) == (date(2026, 9, 24), False)
    assert on(due.natural_days("days", "served_on"), served) == (date(2026, 9, 24), False)


def test_natural_days_end_on_the_next_working_day_when_the_last_is_a_rest_day() -> None:
    assert on(due.natural_days(7)) == (date(2026, 9, 25), False)
    assert on(due.natural_days(7), calendar=AUTUMN) == (date(2026, 9, 28), False)
    assert on(due.natural_days(2), calendar=AUTUMN) == (date(2026, 9, 20), False)
    assert on(due.natural_days(1)) == (date(2026, 9, 21), False)


@pytest.mark.parametrize("rule", [due.working_days(5), due.natural_days(10)])
def test_a_period_into_a_year_without_published_holidays_is_provisional(rule: Rule) -> None:
    assert on(rule, today=date(2026, 12, 28)) in ((date(2027, 1, 4), True), (date(2027, 1, 7), True))
    assert on(rule, today=date(2026, 11, 2)) in ((date(2026, 11, 9), False), (date(2026, 11, 12), False))


def test_a_period_that_rolls_into_an_unpublished_year_is_provisional() -> None:
    closed = StubCalendar(holidays=frozenset({date(2026, 12, 31)}))
    assert on(due.natural_days(1), today=date(2026, 12, 30), calendar=closed) == (date(2027, 1, 1), True)


@pytest.mark.parametrize(
    "rule",
    [
        due.fixed("missing"),
        due.year_end("missing"),
        due.year_start("missing"),
        due.earliest(),
        due.working_days(3, "missing"),
        due.working_days("missing"),
        due.natural_days(3, "missing"),
        due.natural_days("missing"),
    ],
)
def test_a_rule_waits_for_its_facts(rule: Rule) -> None:
    assert on(rule) is None
    assert on(rule, {"missing": ""}) is None


@given(st.dates(date(2025, 1, 1), date(2026, 11, 1)), st.integers(1, 40))
def test_a_period_never_ends_on_a_rest_day_and_never_early(start: date, count: int) -> None:
    natural = due.natural_days(count)(facts(today=start), CALENDAR)
    working = due.working_days(count)(facts(today=start), CALENDAR)
    assert natural is not None
    assert working is not None
    assert CALENDAR.is_working(natural.on)
    assert start + count * ONE_DAY <= natural.on <= working.on + 2 * ONE_DAY
    assert sum(CALENDAR.is_working(start + n * ONE_DAY) for n in range(1, (working.on - start).days + 1)) == count


TIMED = [
    pytest.param(step, id=f"{procedure.id}.{step.trigger}")
    for procedure in PROCEDURES.values()
    for step in procedure.steps
    if step.due
]


@pytest.mark.parametrize("step", TIMED)
def test_every_deadline_of_a_card_says_what_it_is_and_rests_on(step: Step) -> None:
    assert step.due
    assert step.due.text
    assert step.due.source
    assert step.due.basis in BASIS_LABELS
    # A proposal of ours is always a period, and without any fact nothing else is known.
    assert step.due.period or step.due.basis != "proposal"
    assert step.due.basis == "proposal" or step.due.on(facts(), CALENDAR) is None


def test_a_deadline_of_the_law_cannot_be_extended() -> None:
    of_law = [
        step for procedure in PROCEDURES.values() for step in procedure.steps if step.due and step.due.basis == "law"
    ]
    assert of_law
    assert not any(step.due and step.due.extendable for step in of_law)


def test_a_licence_of_the_county_that_ends_on_a_sunday_ends_on_that_sunday() -> None:
    stop = PROCEDURES["guided_exit"].step("confirm_stop")
    assert stop is not None
    assert stop.due is not None
    fourth = facts({"valid_to": "2026-11-29", "exit_year": "2026"})
    assert stop.due.on(fourth, CALENDAR) == DueDate(SUNDAY)
    agreed = replace(fourth, values={**fourth.values, "stop_on": "2026-11-20"})
    assert stop.due.on(agreed, CALENDAR) == DueDate(date(2026, 11, 20))
