"""单位履职台账: for each organ what it leads and helps with, and how long it takes against what it is given.

One question to the database, grouped by whatever names the organs of a step; who leads and who helps is read
from the cards.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, extract, func, or_, select
from sqlalchemy import case as when
from sqlmodel import Session, col

from office.access.people import Person, visible
from office.cases.todo import asked, helpers
from office.desk.dues import organ_of
from states.kernel import Step
from states.parties import Party
from states.registry import PROCEDURES
from workflow.models import Case, Deadline, Mine


@dataclass(slots=True)
class Duty:
    """The account of one organ, counted in deadlines."""

    #: 牵头: running, of these overdue; done in time and late.
    open: int = 0
    late: int = 0
    met: int = 0
    met_late: int = 0
    #: 配合: running deadlines of steps that it helps with.
    helping: int = 0
    days_taken: float = 0
    days_allowed: float = 0
    #: Finished deadlines that had a day, so that taken and allowed compare.
    timed: int = 0

    @property
    def finished(self) -> int:
        return self.met + self.met_late

    @property
    def average_taken(self) -> float | None:
        return self.days_taken / self.timed if self.timed else None

    @property
    def average_allowed(self) -> float | None:
        return self.days_allowed / self.timed if self.timed else None

    @property
    def on_time(self) -> int | None:
        """Per cent of what was finished with a day."""
        return round(100 * (self.timed - self.met_late) / self.timed) if self.timed else None


def duties(session: Session, person: Person, today: date) -> dict[str, Duty]:
    """Organ (empty while unknown) -> its account, those with most overdue first; an organ sees its own."""
    found: dict[str, Duty] = defaultdict(Duty)
    for row in map(dict, session.execute(_query(person, today)).mappings()):
        step = PROCEDURES[row["procedure"]].step(row["trigger"])
        if step is not None:
            _add(found, step, row)
    seen = {organ: duty for organ, duty in found.items() if person.reads_all or organ == person.organ_id}
    return dict(sorted(seen.items(), key=lambda item: (-item[1].late, -item[1].open, -item[1].helping, item[0])))


def _add(found: dict[str, Duty], step: Step, row: Mapping[str, Any]) -> None:
    duty = found[_named(asked(step), row)]
    for name in ("open", "late", "met", "met_late", "timed"):
        setattr(duty, name, getattr(duty, name) + row[name])
    duty.days_taken += float(row["taken"] or 0)
    duty.days_allowed += float(row["allowed"] or 0)
    if row["open"]:
        for organ in {_named(party, row) for party in helpers(step)} - {""}:
            found[organ].helping += row["open"]


def _named(party: Party, row: Mapping[str, Any]) -> str:
    return str(row[f"party_{party.id}"]) if party.is_role else party.id


def _query(person: Person, today: date) -> Any:
    """Deadlines counted by step and by every organ that a case of it names."""
    timed = (col(Deadline.status) == "met") & col(Deadline.closed_on).is_not(None) & col(Deadline.due_on).is_not(None)
    late = timed & (col(Deadline.closed_on) > col(Deadline.due_on))
    is_open = (col(Deadline.status) == "open") & col(Case.closed_on).is_(None)
    roles = [_role(party).label(f"party_{party.id}") for party in _roles()]
    opened, due_on, closed = col(Deadline.opened_on), col(Deadline.due_on), col(Deadline.closed_on)
    return (
        select(
            col(Case.procedure), col(Deadline.trigger), *roles, _count(is_open, "open"),
            _count(is_open & (due_on < today) & col(Case.suspended_on).is_(None), "late"),
            _count((col(Deadline.status) == "met") & or_(due_on.is_(None), closed <= due_on), "met"),
            _count(late, "met_late"), _count(timed, "timed"),
            func.sum(when((timed, _days(opened, closed)))).label("taken"),
            # A day that had passed before the case was opened left no time at all.
            func.sum(when((timed & (due_on > opened), _days(opened, due_on)))).label("allowed"),
        )
        .select_from(Deadline).join(Case, col(Deadline.case_id) == Case.id).join(Mine, col(Case.mine_id) == Mine.id)
        .where(visible(person)).group_by(col(Case.procedure), col(Deadline.trigger), *roles)
    )  # fmt: skip


def _days(start: Any, end: Any) -> ColumnElement[Any]:
    """Days between two days, in words that both databases know."""
    return (extract("epoch", end) - extract("epoch", start)) / 86400


def _count(condition: ColumnElement[bool], name: str) -> ColumnElement[int]:
    return func.count(when((condition, 1))).label(name)


def _timed_steps() -> Iterable[tuple[str, Step]]:
    return ((procedure.id, step) for procedure in PROCEDURES.values() for step in procedure.steps if step.due)


def _roles() -> list[Party]:
    """The roles that lead or help with a timed step."""
    found = {party for _, step in _timed_steps() for party in (asked(step), *helpers(step)) if party.is_role}
    return sorted(found, key=lambda party: party.id)


def _role(party: Party) -> ColumnElement[str]:
    """The organ behind a role where the step has it: elsewhere it would only split the groups."""
    where: dict[str, list[str]] = defaultdict(list)
    for procedure, step in _timed_steps():
        if party in (asked(step), *helpers(step)):
            where[procedure].append(step.trigger)
    having = or_(
        *(
            (col(Case.procedure) == procedure) & col(Deadline.trigger).in_(triggers)
            for procedure, triggers in where.items()
        )
    )
    return when((having, organ_of(party)), else_="")
