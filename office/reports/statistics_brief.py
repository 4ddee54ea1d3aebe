"""领导简报: what the deputy head of the county wants on one page at nine in the morning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from office.access.people import Person, visible
from office.desk import desk_board as board
from office.desk.desk_board import DUE_COLUMNS, DueDay, due_day
from office.desk.dues import SOON, answers_for, running
from office.reports import statistics as counts
from office.reports.statistics import Standings
from office.reports.statistics_done import sums
from office.reports.statistics_period import Period, done, stands
from states.registry import PROCEDURES
from workflow.models import Case, Deadline, Event, Mine

#: Lines of each table: together they fill one page of A4.
OVERDUE, COMING, STEPS = 10, 8, 8
WEEK = 7


@dataclass(frozen=True, slots=True)
class Owed:
    """A deadline and the organ that answers for it (empty while it is not known)."""

    due: DueDay
    organ_id: str


@dataclass(frozen=True, slots=True)
class Few:
    """The first lines of a list, and how many it has in all."""

    lines: Sequence[Owed]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.lines)


@dataclass(frozen=True, slots=True)
class Taken:
    """One step that was taken lately."""

    on: date
    mine: str
    number: str
    procedure: str
    title: str
    organ_id: str


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything on the page."""

    figures: board.Figures
    sums: Standings
    routes: Standings
    overdue: Few
    coming: Few
    targets: Sequence[board.Target]
    since: date
    #: Group, word, unit and number of what was done since.
    done: Sequence[tuple[str, str, str, int]]
    taken: Sequence[Taken]
    demo: bool


def brief(session: Session, person: Person, today: date) -> Brief:
    """A bounded number of statements, whatever the number of cases."""
    found = counts.by_procedure(session, person, today)
    since = today - timedelta(WEEK - 1)
    due_on = col(Deadline.due_on)
    demo = select(col(Mine.id)).join(Case, col(Case.mine_id) == Mine.id).where(col(Mine.demo), visible(person)).limit(1)
    return Brief(
        figures=board.figures(session, person, today), sums=counts.together(found),
        routes=counts.together({name: row for name, row in found.items() if name in board.ROUTES}),
        overdue=owed(session, person, today, due_on < today, OVERDUE),
        coming=owed(session, person, today, due_on.between(today, today + timedelta(SOON)), COMING),
        targets=[target for target in board.targets(session, person) if target.year == today.year], since=since,
        done=sums(done(session, person, Period("own", since, today))), taken=_taken(session, person, since, today),
        demo=session.scalars(demo).first() is not None,
    )  # fmt: skip


def owed(session: Session, person: Person, today: date, which: ColumnElement[bool], limit: int) -> Few:
    """Running deadlines that fulfil a condition on `Deadline`, the earliest first: one statement."""
    query = (
        select(*DUE_COLUMNS, answers_for(), func.count().over()).select_from(Deadline)
        .join(Case, col(Deadline.case_id) == Case.id).join(Mine, col(Case.mine_id) == Mine.id)
        .where(running(), which, visible(person)).order_by(col(Deadline.due_on), col(Deadline.id)).limit(limit)
    )  # fmt: skip
    rows: Sequence[Any] = session.execute(query).all()
    return Few([Owed(due_day(row[:7], today), row[7]) for row in rows], rows[0][8] if rows else 0)


def _taken(session: Session, person: Person, since: date, today: date) -> list[Taken]:
    """The latest steps that stand."""
    query = (
        select(
            col(Event.occurred_on), col(Mine.name), col(Case.number), col(Case.procedure), col(Event.trigger),
            col(Event.organ_id),
        )
        .select_from(Event).join(Case, col(Event.case_id) == Case.id).join(Mine, col(Case.mine_id) == Mine.id)
        .where(col(Event.kind) == "step", col(Event.occurred_on).between(since, today), stands(), visible(person))
        .order_by(col(Event.occurred_on).desc(), col(Event.seq).desc()).limit(STEPS)
    )  # fmt: skip
    return [
        Taken(on, mine, number, procedure, _title(procedure, trigger), organ)
        for on, mine, number, procedure, trigger, organ in session.execute(query)
    ]


def _title(procedure: str, trigger: str) -> str:
    step = PROCEDURES[procedure].step(trigger)
    return step.title if step else trigger
