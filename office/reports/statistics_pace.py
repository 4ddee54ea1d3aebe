"""统计分析: what came and went month by month, and how long each step takes against what it is given."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, extract, func, or_, select
from sqlmodel import Session, col

from office.access.people import Person
from office.reports.statistics import counted, days_between
from states.registry import PROCEDURES
from workflow.models import Case, Deadline, Mine

MONTHS = 18


@dataclass(slots=True)
class Month:
    """One month of the trend."""

    year: int
    month: int
    opened: int = 0
    finished: int = 0
    #: Deadlines that fell into the month and passed without their step.
    overdue: int = 0

    @property
    def word(self) -> str:
        return f"{self.year}-{self.month:02}"


@dataclass(frozen=True, slots=True)
class Pace:
    """How one step with a deadline went over all cases."""

    procedure: str
    trigger: str
    #: Taken, and of these late; still open and late.
    finished: int
    finished_late: int
    open_late: int
    days_taken: float | None
    days_allowed: float | None

    @property
    def due(self) -> int:
        """Deadlines whose fate is known: met, or passed."""
        return self.finished + self.open_late

    @property
    def late(self) -> int:
        return self.finished_late + self.open_late

    @property
    def late_rate(self) -> float | None:
        return 100 * self.late / self.due if self.due else None

    @property
    def title(self) -> str:
        step = PROCEDURES[self.procedure].step(self.trigger)
        return step.title if step else self.trigger


def trend(session: Session, person: Person, today: date) -> list[Month]:
    """The last eighteen months, this one last: three statements."""
    months = [Month(*_month(today, back)) for back in range(MONTHS - 1, -1, -1)]
    first = date(months[0].year, months[0].month, 1)
    place = {(one.year, one.month): one for one in months}
    for name, day in (("opened", col(Case.opened_on)), ("finished", col(Case.closed_on))):
        _count(session, place, name, day, person, day.between(first, today))
    passed = and_(col(Deadline.due_on) >= first, or_(_met_late(), _open_late(today)))
    _count(session, place, "overdue", col(Deadline.due_on), person, passed)
    return months


def paces(session: Session, person: Person, today: date) -> list[Pace]:
    """Every step with a deadline that was met or has passed in some case, in the order of the procedures."""
    timed = and_(col(Deadline.status) == "met", col(Deadline.due_on).is_not(None), col(Deadline.closed_on).is_not(None))
    opened, due_on, closed = col(Deadline.opened_on), col(Deadline.due_on), col(Deadline.closed_on)
    # A case that is opened after a day of the plan is given no days: it says nothing about how many are usual.
    given = and_(timed, due_on >= opened)
    query = (
        select(
            col(Case.procedure), col(Deadline.trigger), _number(timed), _number(_met_late()), _number(_open_late(today)),
            func.avg(case((timed, days_between(opened, closed)))), func.avg(case((given, days_between(opened, due_on)))),
        )
        .select_from(Deadline).join(Case, col(Deadline.case_id) == Case.id).join(Mine, col(Case.mine_id) == Mine.id)
        .where(counted(person)).group_by(col(Case.procedure), col(Deadline.trigger))
    )  # fmt: skip
    found = [
        Pace(procedure, trigger, finished, late, still, *(None if d is None else float(d) for d in (taken, allowed)))
        for procedure, trigger, finished, late, still, taken, allowed in session.execute(query)
    ]
    order = [(procedure.id, step.trigger) for procedure in PROCEDURES.values() for step in procedure.steps]
    places = {key: place for place, key in enumerate(order)}
    return sorted((p for p in found if p.due), key=lambda p: places.get((p.procedure, p.trigger), len(order)))


def _month(today: date, back: int) -> tuple[int, int]:
    year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
    return year, month + 1


def _met_late() -> ColumnElement[bool]:
    return and_(col(Deadline.status) == "met", col(Deadline.closed_on) > col(Deadline.due_on))


def _open_late(today: date) -> ColumnElement[bool]:
    return and_(
        col(Deadline.status) == "open", col(Deadline.due_on) < today, col(Case.closed_on).is_(None),
        col(Case.suspended_on).is_(None),
    )  # fmt: skip


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def _count(
    session: Session, place: dict[tuple[int, int], Month], name: str, day: Any, person: Person,
    which: ColumnElement[bool],
) -> None:  # fmt: skip
    year, month = extract("year", day).label("year"), extract("month", day).label("month")
    query = select(year, month, func.count()).select_from(Case).join(Mine, col(Case.mine_id) == Mine.id)
    if name == "overdue":
        query = query.join(Deadline, col(Deadline.case_id) == Case.id)
    for in_year, in_month, number in session.execute(query.where(which, counted(person)).group_by(year, month)):
        if (one := place.get((int(in_year), int(in_month)))) is not None:
            setattr(one, name, number)
