"""The other cases of a case's mine, as far as a person may see them."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from office.access.people import Person, visible
from states.permits import KINDS
from states.registry import PROCEDURES
from workflow.models import Case, Mine
from workflow.views import VOID


@dataclass(frozen=True, slots=True)
class Beside:
    """Another case of the same mine."""

    number: str
    procedure: str
    title: str
    state: str
    subject: str
    closed: bool
    kind: str


def family(session: Session, person: Person, case: Case) -> tuple[list[tuple[int, Beside]], bool]:
    """The mine's other cases that the person may see; and whether those are all."""
    query = (
        select(Case).join(Mine, col(Case.mine_id) == Mine.id)
        .where(col(Case.mine_id) == case.mine_id, col(Case.state) != VOID, visible(person)).order_by(col(Case.id))
    )  # fmt: skip
    seen = [row for row in session.scalars(query) if row.id != case.id]
    return [(row.id or 0, _beside(row)) for row in seen], whole_family(session, person, case)


def whole_family(session: Session, person: Person, case: Case) -> bool:
    """Whether a person may see all cases of a case's mine."""
    query = select(func.count()).select_from(Case).join(Mine, col(Case.mine_id) == Mine.id)
    hidden = query.where(col(Case.mine_id) == case.mine_id, ~visible(person))
    return not session.scalar(hidden)


def _beside(row: Case) -> Beside:
    procedure = PROCEDURES[row.procedure]
    subject = str(row.facts.get("permit_number") or row.facts.get("permit_kind") or "") if row.subject else ""
    return Beside(
        row.number, row.procedure, procedure.title, procedure.state(row.state).label, KINDS.get(subject, subject),
        row.closed_on is not None, procedure.kind,
    )  # fmt: skip
