"""我的待办: the four lists of cases that concern a person, page by page; only a page's rows are judged."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy import case as when
from sqlmodel import Session, col

from office.access.people import Person, visible
from office.cases.todo import usual_step, waits_for
from office.desk.dues import soonest
from states.kernel import Step
from workflow.ledger import Standing, standings
from workflow.models import Case, CasePerson, Event, Mine, Preference

Tab = Literal["mine", "handled", "copied", "helping"]
TABS: dict[str, str] = {"mine": "待我办理", "handled": "我经手的", "copied": "抄送我的", "helping": "我单位配合的"}
PAGE = 50
#: Name of the preference that holds the newest copy a person has marked as read.
_READ = "copies_read"
assert tuple(TABS) == get_args(Tab)


@dataclass(frozen=True, slots=True)
class Row:
    """One case of a list: how it stands and what is next."""

    standing: Standing
    step: Step | None
    next: dict[str, Any] | None
    provisional: bool

    @property
    def case(self) -> dict[str, Any]:
        return self.standing.row


def tab_counts(session: Session, person: Person) -> dict[str, int]:
    """How many cases each list holds, in one statement."""
    counted = (func.count(when((_condition(person, tab), 1))) for tab in get_args(Tab))
    query = select(*counted).select_from(Case).join(Mine, col(Case.mine_id) == Mine.id).where(visible(person))
    return dict(zip(TABS, session.execute(query).one(), strict=True))


def rows(session: Session, person: Person, tab: Tab, today: date, *, page: int = 1, size: int = PAGE) -> list[Row]:
    """One page of a list, the soonest due first."""
    first = soonest()
    query = (
        select(Case).join(Mine, col(Case.mine_id) == Mine.id).outerjoin(first, first.c.case_id == Case.id)
        .where(_condition(person, tab), visible(person))
        .order_by(col(Case.closed_on).is_not(None), first.c.due_on.is_(None), first.c.due_on, col(Case.id))
        .limit(size).offset((page - 1) * size)
    )  # fmt: skip
    return [_row(standing) for standing in standings(session, session.scalars(query).all(), today)]


def _row(standing: Standing) -> Row:
    view, row = standing.view, standing.row
    step = None if view.closed_on else usual_step(view.procedure, view.state)
    way = next((way for way in row["next"] if step and way["trigger"] == step.trigger), None)
    provisional = any(d["provisional"] for d in row["deadlines"] if d["due_on"] == row["due_on"])
    return Row(standing, step, way, provisional)


def _condition(person: Person, tab: Tab) -> ColumnElement[bool]:
    if tab == "mine":
        return waits_for(person.organ_id)
    if tab == "helping":
        return waits_for(person.organ_id, helping=True)
    if tab == "handled":
        return exists(select(col(Event.seq)).where(col(Event.case_id) == Case.id, col(Event.actor) == person.id))
    return exists(select(col(CasePerson.id)).where(col(CasePerson.case_id) == Case.id, _copied_to(person)))


def _copied_to(person: Person) -> ColumnElement[bool]:
    return and_(
        col(CasePerson.relation) == "copied", col(CasePerson.organ_id) == person.organ_id,
        col(CasePerson.ended_on).is_(None),
        or_(col(CasePerson.account_id).is_(None), col(CasePerson.account_id) == person.id),
    )  # fmt: skip


def copies(session: Session, person: Person, case_ids: list[int]) -> dict[int, tuple[CasePerson, bool]]:
    """Of some cases the newest copy given to a person, and whether they have not marked it as read."""
    read = _read_up_to(session, person)
    query = select(CasePerson).where(_copied_to(person), col(CasePerson.case_id).in_(case_ids)).order_by(CasePerson.id)  # type: ignore[arg-type]
    return {copy.case_id: (copy, (copy.id or 0) > read) for copy in session.scalars(query)}


def unread(session: Session, person: Person) -> int:
    """How many copies a person has not marked as read."""
    query = select(func.count()).select_from(CasePerson)
    return session.scalar(query.where(_copied_to(person), col(CasePerson.id) > _read_up_to(session, person))) or 0


def mark_read(session: Session, person: Person, up_to: int) -> None:
    """Everything that was given to a person up to a copy counts as read. Does not commit."""
    row = session.get(Preference, (person.id, _READ)) or Preference(account_id=person.id, name=_READ, value=0)
    row.value = max(int(row.value), up_to)
    session.add(row)


def _read_up_to(session: Session, person: Person) -> int:
    row = session.get(Preference, (person.id, _READ))
    return int(row.value) if row else 0
