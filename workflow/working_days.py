"""The working-day calendar: State Council lists where they are published, an estimate after them.

Only days that differ from their weekday are stored; a year without rows follows the weekdays and is provisional.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from typing import Literal, NamedTuple

import chinese_calendar
from sqlmodel import Session, col, select

from workflow.models import CalendarDay, CalendarYear

FIRST_YEAR, LAST_YEAR = 2024, 2030
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
Kind = Literal["holiday", "working"]
#: makeup is a weekend day that is worked (调休).
CellKind = Literal["working", "weekend", "holiday", "makeup"]


def weekday(day: date) -> bool:
    """True for Monday to Friday, whatever the calendar says."""
    return day.weekday() < _SATURDAY


@dataclass(frozen=True, slots=True)
class Calendar:
    """`exceptions` maps a day that differs from its weekday to whether it is worked."""

    exceptions: Mapping[date, bool]
    published: frozenset[int]

    def is_working(self, day: date) -> bool:
        return self.exceptions.get(day, weekday(day))

    def is_published(self, day: date) -> bool:
        return day.year in self.published

    def add_working(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself is not counted; 0 is `day` as it stands."""
        if count < 0:
            raise ValueError(f"工作日天数不能是负数：{count}")
        for _ in range(count):
            day = self.next_working(day + _ONE_DAY)
        return day

    def next_working(self, day: date) -> date:
        while not self.is_working(day):
            day += _ONE_DAY
        return day

    def previous_working(self, day: date) -> date:
        while not self.is_working(day):
            day -= _ONE_DAY
        return day


def holiday_difference(old: Calendar, new: Calendar, year: int) -> list[date]:
    """The days of a year whose working status the two calendars see differently."""
    return [day for day in _days_of(year) if old.is_working(day) != new.is_working(day)]


@dataclass(frozen=True, slots=True)
class CalendarTable:
    """A year as a wall calendar shows it, January to December."""

    year: int
    published: bool
    months: tuple[tuple[tuple[date, CellKind], ...], ...]


def calendar_table(calendar: Calendar, year: int) -> CalendarTable:
    """A holiday on a weekend is shown as weekend: it changes nothing."""
    cells = [(day, _cell_kind(calendar, day)) for day in _days_of(year)]
    months = tuple(tuple(cell for cell in cells if cell[0].month == month) for month in range(1, 13))
    return CalendarTable(year, calendar.is_published(date(year, 1, 1)), months)


def _days_of(year: int) -> Iterator[date]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _cell_kind(calendar: Calendar, day: date) -> CellKind:
    if calendar.is_working(day):
        return "working" if weekday(day) else "makeup"
    return "holiday" if weekday(day) else "weekend"


class Festivals(NamedTuple):
    """Days of a year that follow the moon or the sun: 正月初一, 清明, 端午, 中秋."""

    new_year: date
    qingming: date
    dragon_boat: date
    mid_autumn: date


#: Fixed here because converting lunar dates would need one more dependency. They agree with
#: lunardate 0.3.0, and a test recomputes the new moons (Beijing time) and the solar term. Beware of
#: libraries that put 正月初一 on 2027-02-07 or 2030-02-02: both new moons fall within minutes of midnight.
FESTIVALS = {
    2027: Festivals(date(2027, 2, 6), date(2027, 4, 5), date(2027, 6, 9), date(2027, 9, 15)),
    2028: Festivals(date(2028, 1, 26), date(2028, 4, 4), date(2028, 5, 28), date(2028, 10, 3)),
    2029: Festivals(date(2029, 2, 13), date(2029, 4, 4), date(2029, 6, 16), date(2029, 9, 22)),
    2030: Festivals(date(2030, 2, 3), date(2030, 4, 5), date(2030, 6, 5), date(2030, 9, 12)),
}


def statutory_days(year: int) -> dict[date, str]:
    """The 13 statutory days of the 2024 rule, without 调休; two that coincide are one (中秋 in 国庆 2028)."""
    moon = FESTIVALS[year]
    days = {date(year, 1, 1): "元旦", date(year, 5, 1): "劳动节", date(year, 5, 2): "劳动节"}
    days |= {moon.new_year + timedelta(days=n): "春节" for n in range(-1, 3)}
    days |= {moon.qingming: "清明节", moon.dragon_boat: "端午节", moon.mid_autumn: "中秋节"}
    days |= {date(year, 10, n): "国庆节" for n in (1, 2, 3)}
    return days


def load_calendar(session: Session) -> Calendar:
    """Read the stored calendar once; the result does not follow later changes (see CalendarYear.revision)."""
    days = session.exec(select(CalendarDay)).all()
    years = session.exec(select(CalendarYear.year).where(CalendarYear.status == "published")).all()
    return Calendar({row.day: row.kind == "working" for row in days}, frozenset(years))


def notice_year(day: date, name: str) -> int:
    """The year whose notice decides a day: 元旦 in December belongs to the year it opens."""
    return day.year + 1 if day >= date(day.year, 12, 1) and "元旦" in name else day.year


def days_of_notice(session: Session, year: int) -> list[CalendarDay]:
    """The stored days that the notice of a year decides."""
    span = col(CalendarDay.day).between(date(year - 1, 12, 1), date(year, 12, 31))
    return [row for row in session.exec(select(CalendarDay).where(span)) if notice_year(row.day, row.name) == year]


def replace_year(session: Session, year: int, days: Iterable[tuple[date, Kind, str]], *, source: str) -> int:
    """Store a published year in place of what it had; answers its revision. Does not commit.

    Days in the December before belong to this year's notice and count up that year's revision as well.
    """
    new = {day: CalendarDay(day=day, kind=kind, name=name) for day, kind, name in days}
    old = {row.day: row for row in days_of_notice(session, year)}
    old |= {row.day: row for row in session.exec(select(CalendarDay).where(col(CalendarDay.day).in_(list(new))))}
    for row in old.values():
        session.delete(row)
    session.flush()
    session.add_all(new.values())
    touched = session.get(CalendarYear, year) or CalendarYear(year=year, status="published", source=source, revision=0)
    touched.status, touched.source, touched.revision = "published", source, touched.revision + 1
    session.add(touched)
    earlier = session.get(CalendarYear, year - 1)
    if earlier and any(day.year < year for day in old.keys() | new.keys()):
        earlier.revision += 1
    session.flush()
    return touched.revision


def seed_calendar(session: Session) -> None:
    """Fill the years that have no row yet: 2024 up to the library's last as published, then up to 2030 estimated.

    A year that is present stays as it is, because a person may have imported it. Does not commit.
    """
    known_years = set(session.exec(select(CalendarYear.year)).all())
    known_days = set(session.exec(select(col(CalendarDay.day))).all())
    last = max(chinese_calendar.holidays).year
    for year in range(FIRST_YEAR, max(last, LAST_YEAR) + 1):
        if year in known_years:
            continue
        session.add(_published_year(year) if year <= last else _provisional_year(year))
        rows = _published_days(year) if year <= last else _provisional_days(year)
        session.add_all(row for row in rows if row.day not in known_days)
    session.flush()


def _published_year(year: int) -> CalendarYear:
    source = f"国务院办公厅节假日安排（据 chinesecalendar {version('chinesecalendar')} 收录）"
    return CalendarYear(year=year, status="published", source=source)


def _provisional_year(year: int) -> CalendarYear:
    source = "暂定：周末加《全国年节及纪念日放假办法》（2024年修订）的13天法定假日，未计调休"
    return CalendarYear(year=year, status="provisional", source=source)


def _published_days(year: int) -> Iterator[CalendarDay]:
    for day, name in chinese_calendar.holidays.items():
        if day.year == year and weekday(day):
            yield CalendarDay(day=day, kind="holiday", name=_chinese(name))
    for day, name in chinese_calendar.workdays.items():
        if day.year == year and not weekday(day):
            yield CalendarDay(day=day, kind="working", name=_chinese(name) + "调休")


def _provisional_days(year: int) -> Iterator[CalendarDay]:
    for day, name in sorted(statutory_days(year).items()):
        if weekday(day):
            yield CalendarDay(day=day, kind="holiday", name=name)


def _chinese(name: str) -> str:
    label: str = chinese_calendar.Holiday(name).chinese
    return label + "节" if label in ("清明", "端午", "中秋") else label
