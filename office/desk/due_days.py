"""期限日历: what falls due on which day of a month, and what kind of day it is."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from office.access.people import Person, visible
from office.desk.desk_board import DUE_COLUMNS, DueDay, due_day
from office.desk.dues import answers_for, running
from workflow.models import CalendarDay, Case, Deadline, Mine
from workflow.working_days import Calendar

#: So many entries of a day are shown; the rest is one line that leads to the ledger.
SHOWN = 4


@dataclass(frozen=True, slots=True)
class Day:
    """One cell of the month view."""

    on: date
    in_month: bool
    is_today: bool
    is_rest: bool
    #: 休 or 班 where the day differs from its weekday.
    mark: str
    name: str
    #: The year's holidays are not published: rest days are an estimate.
    provisional: bool
    entries: Sequence[DueDay]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.entries)


def month_days(
    session: Session, person: Person, month: date, today: date, calendar: Calendar, *, own: bool
) -> list[Day]:
    """The whole weeks of a month, Monday first. `month` is its first day; `own` leaves what other organs see to."""
    last = date(month.year, month.month, monthrange(month.year, month.month)[1])
    first, until = month - timedelta(month.weekday()), last + timedelta(6 - last.weekday())
    entries, totals = _entries(session, person, first, until, today, own=own)
    special = {
        row.day: row for row in session.scalars(select(CalendarDay).where(col(CalendarDay.day).between(first, until)))
    }  # fmt: skip
    days = (first + timedelta(n) for n in range((until - first).days + 1))
    return [
        Day(day, day.month == month.month, day == today, not calendar.is_working(day),
            {"holiday": "休", "working": "班"}[special[day].kind] if day in special else "",
            special[day].name if day in special else "", not calendar.is_published(day), entries.get(day, []),
            totals.get(day, 0))
        for day in days
    ]  # fmt: skip


def _entries(
    session: Session, person: Person, first: date, until: date, today: date, *, own: bool
) -> tuple[dict[date, list[DueDay]], dict[date, int]]:
    """The first entries of each day and how many there are, in one statement whatever their number."""
    by_day: Any = {"partition_by": col(Deadline.due_on)}
    ranked = (
        select(
            *DUE_COLUMNS, func.row_number().over(**by_day, order_by=(col(Deadline.case_id), col(Deadline.id))).label("n"),
            func.count().over(**by_day).label("total"),
        )
        .select_from(Deadline).join(Case, col(Deadline.case_id) == Case.id).join(Mine, col(Case.mine_id) == Mine.id)
        .where(running(), col(Deadline.due_on).between(first, until), visible(person))
    )  # fmt: skip
    if own:
        ranked = ranked.where(answers_for() == person.organ_id)
    table = ranked.subquery()
    found: dict[date, list[DueDay]] = {}
    totals: dict[date, int] = {}
    for row in session.execute(select(*table.c).where(table.c.n <= SHOWN).order_by(table.c.due_on, table.c.n)):
        entry = due_day(row[:7], today)
        found.setdefault(entry.due_on, []).append(entry)
        totals[entry.due_on] = row.total
    return found, totals
