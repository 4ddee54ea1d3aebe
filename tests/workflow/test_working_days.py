"""The calendar counts working days as the State Council published them, and says where it only estimates."""

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, create_engine, select

from states import calendar as protocol
from workflow.models import CalendarDay, CalendarYear
from workflow.working_days import FESTIVALS, Calendar, calendar_table, load_calendar, seed_calendar, statutory_days


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def calendar(session: Session) -> Calendar:
    seed_calendar(session)
    return load_calendar(session)


def test_it_is_the_calendar_that_the_plan_asks_for(calendar: Calendar) -> None:
    asked: protocol.Calendar = calendar
    assert asked.is_working(date(2026, 11, 23))


def test_every_day_of_the_published_years_is_as_published(calendar: Calendar) -> None:
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(366 + 365 + 365)]
    assert [d for d in days if calendar.is_working(d) != chinese_calendar.is_workday(d)] == []
    assert all(calendar.is_published(day) for day in days)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 9, 18), 7, date(2026, 9, 29)),  # Sunday 09-20 is worked
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # ends on a working Saturday
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2026, 11, 22), 0, date(2026, 11, 22)),
        (date(2026, 11, 23), 30, date(2027, 1, 5)),  # 2027-01-01 is a holiday even before it is published
    ],
)
def test_working_days_are_counted_without_the_first(start: date, count: int, end: date, calendar: Calendar) -> None:
    assert calendar.add_working(start, count) == end


def test_a_negative_period_is_refused(calendar: Calendar) -> None:
    with pytest.raises(ValueError, match="负数"):
        calendar.add_working(date(2026, 11, 23), -1)


def test_a_working_day_stays_and_a_rest_day_moves(calendar: Calendar) -> None:
    assert calendar.next_working(date(2026, 2, 14)) == date(2026, 2, 14)
    assert calendar.next_working(date(2026, 2, 15)) == date(2026, 2, 24)
    assert calendar.previous_working(date(2026, 2, 23)) == date(2026, 2, 14)
    assert calendar.previous_working(date(2026, 11, 29)) == date(2026, 11, 27)


def test_only_days_that_differ_from_their_weekday_are_stored(session: Session) -> None:
    seed_calendar(session)
    rows = session.exec(select(CalendarDay)).all()
    assert {row.kind for row in rows} == {"holiday", "working"}
    assert all((row.day.weekday() < 5) == (row.kind == "holiday") for row in rows)
    assert session.get_one(CalendarDay, date(2026, 2, 14)).name == "春节调休"


def test_the_years_name_their_source_and_whether_they_are_published(session: Session) -> None:
    seed_calendar(session)
    years = {row.year: row for row in session.exec(select(CalendarYear))}
    assert [y for y, row in years.items() if row.status == "published"] == [2024, 2025, 2026]
    assert [y for y, row in years.items() if row.status == "provisional"] == [2027, 2028, 2029, 2030]
    assert "chinesecalendar" in years[2026].source
    assert years[2027].source.startswith("暂定")


def test_an_unpublished_year_is_provisional_and_knows_its_statutory_days(calendar: Calendar) -> None:
    assert not calendar.is_published(date(2027, 6, 9))
    assert not calendar.is_working(date(2027, 6, 9))
    assert calendar.is_working(date(2027, 6, 10))


def test_a_year_without_rows_follows_the_weekdays_and_is_provisional(calendar: Calendar) -> None:
    assert calendar.is_working(date(2031, 1, 1))
    assert not calendar.is_working(date(2031, 1, 4))
    assert not calendar.is_published(date(2031, 1, 1))


def test_seeding_again_leaves_what_a_person_imported(session: Session) -> None:
    session.add(CalendarYear(year=2027, status="published", source="通知", revision=3))
    session.add(CalendarDay(day=date(2026, 12, 31), kind="holiday", name="元旦"))
    seed_calendar(session)
    seed_calendar(session)
    assert session.get_one(CalendarYear, 2027).revision == 3
    assert load_calendar(session).is_working(date(2027, 5, 3))
    assert not load_calendar(session).is_working(date(2026, 12, 31))


def test_the_13_statutory_days_are_named() -> None:
    assert len(statutory_days(2027)) == 13
    assert sorted(d for d, name in statutory_days(2027).items() if name == "春节") == [
        date(2027, 2, day) for day in (5, 6, 7, 8)
    ]
    assert len(statutory_days(2028)) == 12, "中秋 of 2028 is 10-03, inside 国庆"


@pytest.mark.parametrize("year", FESTIVALS)
def test_qingming_is_the_day_of_the_solar_term(year: int) -> None:
    terms = {name: day for day, name in chinese_calendar.get_solar_terms(date(year, 4, 1), date(year, 4, 30))}
    assert FESTIVALS[year].qingming == terms["清明"]


@pytest.mark.parametrize("year", FESTIVALS)
def test_lunar_festivals_stand_at_their_place_after_the_new_moon(year: int) -> None:
    festivals = FESTIVALS[year]
    months = [festivals.new_year, festivals.dragon_boat - timedelta(days=4), festivals.mid_autumn - timedelta(days=14)]
    moons = [_lunation_beginning_on(first) for first in months]
    leap_month_between = {2028: 1}.get(year, 0)  # 2028 has 闰五月
    assert moons[1] - moons[0] == 4
    assert moons[2] - moons[1] == 3 + leap_month_between


@pytest.mark.parametrize("year", FESTIVALS)
def test_the_first_month_begins_with_the_second_new_moon_after_the_winter_solstice(year: int) -> None:
    """It holds unless a leap month follows the solstice, which happens in none of these years."""
    solstice = chinese_calendar.get_solar_terms(date(year - 1, 12, 20), date(year - 1, 12, 23))[0][0]
    moon = _lunation_beginning_on(FESTIVALS[year].new_year)
    assert _new_moon_day(moon - 2) <= solstice < _new_moon_day(moon - 1)


def _lunation_beginning_on(day: date) -> int:
    number = round((day - date(2000, 1, 6)).days / 29.530588861)
    assert _new_moon_day(number) == day
    return number


def _new_moon_day(number: int) -> date:
    """Day in Beijing of a new moon, numbered from 2000-01-06: mean lunation plus periodic terms (a few minutes)."""
    t = number / 1236.85
    julian = 2451550.09766 + 29.530588861 * number + 0.00015437 * t**2
    e = 1 - 0.002516 * t
    sun = math.radians(2.5534 + 29.10535670 * number)
    moon = math.radians(201.5643 + 385.81693528 * number + 0.0107582 * t**2)
    latitude = math.radians(160.7108 + 390.67050284 * number - 0.0016118 * t**2)
    node = math.radians(124.7746 - 1.56375588 * number + 0.0020672 * t**2)
    terms = [
        (-0.40720, moon), (0.17241 * e, sun), (0.01608, 2 * moon), (0.01039, 2 * latitude), (0.00739 * e, moon - sun),
        (-0.00514 * e, moon + sun), (0.00208 * e * e, 2 * sun), (-0.00111, moon - 2 * latitude),
        (-0.00057, moon + 2 * latitude), (0.00056 * e, 2 * moon + sun), (-0.00042, 3 * moon),
        (0.00042 * e, sun + 2 * latitude), (0.00038 * e, sun - 2 * latitude), (-0.00024 * e, 2 * moon - sun),
        (-0.00017, node), (0.00033, math.radians(299.77 + 0.107408 * number)),
    ]  # fmt: skip
    julian += sum(size * math.sin(angle) for size, angle in terms)
    earth_slowed_by = timedelta(seconds=69)
    moment = datetime(2000, 1, 1, 12, tzinfo=UTC) + timedelta(days=julian - 2451545.0) - earth_slowed_by
    return (moment + timedelta(hours=8)).date()


def test_the_year_is_shown_by_month_with_the_kind_of_each_day(calendar: Calendar) -> None:
    table = calendar_table(calendar, 2026)
    assert [len(month) for month in table.months] == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    kinds = dict(day for month in table.months for day in month)
    assert table.published
    assert kinds[date(2026, 2, 14)] == "makeup"
    assert kinds[date(2026, 2, 16)] == "holiday"
    assert kinds[date(2026, 2, 15)] == "weekend"
    assert kinds[date(2026, 11, 23)] == "working"


_DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(st.dictionaries(_DAYS, st.booleans(), max_size=60), _DAYS, st.integers(0, 60))
def test_counting_agrees_with_walking_day_by_day(exceptions: dict[date, bool], start: date, count: int) -> None:
    calendar = Calendar(exceptions, frozenset())
    end = calendar.add_working(start, count)
    walked = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(calendar.is_working(day) for day in walked) == count
    assert count == 0 or calendar.is_working(end)
