"""The figures beside the navigation: four questions, whatever the number of cases."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select
from sqlalchemy import select as choose
from sqlmodel import Session, col, func, select

from office.access.people import Person, visible
from office.cases.open_values import still_open
from office.cases.tally import Tally
from office.cases.todo import waits_for
from workflow.models import Case, Mine, Notice, NoticeStatus, OpenValue, Opinion


def counts(session: Session, person: Person, today: date) -> dict[str, int]:
    """What waits: for the person's organ, and for the office where it is theirs to see."""
    found = {
        # The one question that looks at every case.
        "todo": Tally(session, today).count(
            ("todo", person.id, person.organ_id, person.role), lambda among: waiting(person, among)
        ),
        "opinions": session.exec(
            select(func.count()).select_from(Opinion)
            .where(Opinion.organ_id == person.organ_id, col(Opinion.answer).is_(None))
        ).one(),
    }  # fmt: skip
    if person.is_office:
        found["open_values"] = session.exec(
            select(func.count()).select_from(OpenValue).where(still_open(session))
        ).one()
        troubled = (NoticeStatus.DOUBTFUL, NoticeStatus.DEAD, NoticeStatus.NO_CONTACT)
        found["doubtful"] = session.exec(
            select(func.count()).select_from(Notice).where(col(Notice.status).in_(troubled))
        ).one()
    return found


def waiting(person: Person, among: Sequence[int] | None) -> Select[Any]:
    """The cases that wait for the person's organ and that they may see, among some or all."""
    query = choose(col(Case.id)).join(Mine, col(Case.mine_id) == Mine.id)
    query = query.where(waits_for(person.organ_id), visible(person))
    return query if among is None else query.where(col(Case.id).in_(among))
