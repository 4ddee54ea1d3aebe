"""工作日历: one year as weeks, its published days, and a holiday notice tried out before it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from workflow.calendar_import import CalendarChange
from workflow.context import context_of
from workflow.errors import NotFound
from workflow.models import CalendarDay, CalendarYear
from workflow.plan.plain import digest
from workflow.reprojection import Move, import_calendar
from workflow.working_days import CellKind, calendar_table, notice_year

FIRST, LAST = 2000, 2100


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of a wall calendar; None stands for the days of other months."""

    day: date
    kind: CellKind
    name: str


@dataclass(frozen=True, slots=True)
class Year:
    """A year with its weeks, Monday first."""

    year: int
    published: bool
    source: str
    working: int
    months: tuple[tuple[tuple[Cell | None, ...], ...], ...]
    #: Festival -> days off on weekdays, weekend days worked for it.
    festivals: tuple[tuple[str, tuple[date, ...], tuple[date, ...]], ...]


def year_of(session: Session, year: int) -> Year:
    """Raises NotFound for a year that nobody plans for."""
    if not FIRST <= year <= LAST:
        raise NotFound(f"没有 {year} 年的日历：只提供 {FIRST} 至 {LAST} 年。")
    row = session.get(CalendarYear, year)
    span = col(CalendarDay.day).between(date(year - 1, 12, 1), date(year, 12, 31))
    days = session.exec(select(CalendarDay).where(span).order_by(col(CalendarDay.day))).all()
    names = {day.day: day.name for day in days}
    table = calendar_table(context_of(session).calendar, year)
    months = tuple(_weeks([Cell(day, kind, names.get(day, "")) for day, kind in month]) for month in table.months)
    working = sum(kind in ("working", "makeup") for month in table.months for _, kind in month)
    return Year(
        year,
        table.published,
        row.source if row else "没有登记：按周一至周五上班推算",
        working,
        months,
        _festivals(days, year),
    )


def _weeks(cells: list[Cell]) -> tuple[tuple[Cell | None, ...], ...]:
    padded: list[Cell | None] = [None] * cells[0].day.weekday() + [*cells]
    padded += [None] * (-len(padded) % 7)
    return tuple(tuple(padded[start : start + 7]) for start in range(0, len(padded), 7))


def _festivals(days: Sequence[CalendarDay], year: int) -> tuple[tuple[str, tuple[date, ...], tuple[date, ...]], ...]:
    found: dict[str, tuple[list[date], list[date]]] = {}
    for day in days:
        if notice_year(day.day, day.name) == year:
            off, made_up = found.setdefault(day.name.removesuffix("调休") or "其他", ([], []))
            (made_up if day.kind == "working" else off).append(day.day)
    return tuple((name, tuple(off), tuple(made_up)) for name, (off, made_up) in found.items())


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a notice would change, or has changed."""

    change: CalendarChange
    moves: tuple[Move, ...]

    @property
    def fingerprint(self) -> str:
        """Of what it changes: what was shown is what is confirmed, or nothing is."""
        days = [day.isoformat() for day in self.change.days]
        moved = [[m.case, m.title, str(m.old), str(m.new)] for m in self.moves]
        return digest([self.change.year, days, moved])[:32]


def publish(session: Session, text: str, *, source: str, year: int | None, replace: bool, actor: str) -> Rehearsed:
    """Imports a notice; rolled back by the caller, it was a rehearsal. Raises NoticeError. Does not commit."""
    change, moves = import_calendar(session, text, source=source, year=year, replace=replace, actor=actor)
    return Rehearsed(change, tuple(moves))


def spoken(days: tuple[date, ...]) -> str:
    """10-01 至 10-03、10-06: days in a row together."""
    runs: list[list[date]] = []
    for day in sorted(days):
        if runs and day - runs[-1][-1] <= timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return "、".join(f"{run[0]:%m-%d}" + (f" 至 {run[-1]:%m-%d}" if len(run) > 1 else "") for run in runs)
