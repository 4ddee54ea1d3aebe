"""The figures beside the navigation: four questions, whatever the number of cases."""

from datetime import date

from sqlmodel import Session, col, func, select

from office.access.people import Person, visible
from office.cases.kept import Kept
from office.cases.open_values import still_open
from office.cases.todo import waits_for
from workflow.models import Case, Mine, Notice, NoticeStatus, OpenValue, Opinion


def counts(session: Session, person: Person, today: date) -> dict[str, int]:  # noqa: ARG001
    """What waits: for the person's organ, and for the office where it is theirs to see."""
    found = {
        # The one question that looks at every case: asked anew when the history has moved on.
        "todo": Kept(session).ask(("todo", person.id, person.organ_id, person.role), lambda: session.exec(
            select(func.count()).select_from(Case).join(Mine, col(Case.mine_id) == Mine.id)
            .where(waits_for(person.organ_id), visible(person))
        ).one()),
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
