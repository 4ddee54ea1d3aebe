"""承诺书 for several cases at once: which of them ask for one, and a draft for each that has none yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlmodel import Session, col, select

from office.access.people import Person, visible
from office.papers.drafting import lawful
from states.documents import BY_ID, DocumentKind
from states.registry import PROCEDURES
from workflow.entries import lock
from workflow.errors import BadInput, CaseFileError, NotFound
from workflow.issuing import draft
from workflow.models import Case, Document, Mine
from workflow.views import CaseView

_HELD = {"draft": "已有草稿", "issued": "已出具", "served": "已签订"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case: the paper that it has now, or why it has none."""

    #: Number of the paper in the register; 0: none.
    document: int = 0
    title: str = ""
    made: bool = False
    draft: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """How one procedure asks for a commitment: the step that agrees and drafts it, before it and after it."""

    kind: DocumentKind
    step: str
    before: tuple[str, ...]
    after: str


@cache
def asked_by() -> dict[str, Asked]:
    """Procedure -> its commitment, as its cards have it."""
    return {
        procedure.id: Asked(BY_ID[emits.kind], step.title, step.sources, step.dest)
        for procedure in PROCEDURES.values() for step in procedure.steps for emits in step.emits
        if BY_ID[emits.kind].form == "承诺书"
    }  # fmt: skip


def may_draft(person: Person) -> bool:
    """Whether the person drafts commitments at all; the holder signs them."""
    return any(lawful(person, asked.kind) for asked in asked_by().values())


def draft_commitments(session: Session, person: Person, numbers: Sequence[str], on: date) -> dict[str, Outcome]:
    """Drafts the letter of each case; one that cannot have one does not spoil the others. Does not commit."""
    found = {}
    # Cases are locked in one order by everyone.
    for number in sorted(set(numbers)):
        try:
            with session.begin_nested():
                found[number] = _one(session, person, number, on)
        except CaseFileError as error:
            found[number] = Outcome(said=str(error))
    return found


def _one(session: Session, person: Person, number: str, on: date) -> Outcome:
    query = select(Case.id).join(Mine, col(Case.mine_id) == Mine.id).where(Case.number == number, visible(person))
    if session.exec(query).first() is None:
        raise NotFound(f"没有编号为“{number[:40]}”的案件，或者不在您的职责范围内。")
    view = lock(session, number)
    assert view is not None
    asked = _asked(view)
    held = session.exec(
        select(Document).where(
            Document.case_id == view.id, Document.kind == asked.kind.id, col(Document.status).in_(tuple(_HELD))
        ).order_by(col(Document.id).desc())
    ).first()  # fmt: skip
    if held:
        words = f"{_HELD[held.status]}《{held.title}》，没有另起草"
        return Outcome(held.id or 0, held.title, draft=held.status == "draft", said=words)
    made = draft(session, asked.kind.id, number, actor=person.actor, on=on)
    return Outcome(made.id or 0, made.title, made=True, draft=True, said=_hint(asked, view))


def _asked(view: CaseView) -> Asked:
    asked = asked_by().get(view.procedure_id)
    label = view.procedure.state(view.state).label
    if asked is None:
        titles = "、".join(PROCEDURES[name].title for name in asked_by())
        raise BadInput(f"“{view.procedure.title}”不用承诺书：只有{titles}的案件才签。")
    if view.closed_on or view.state not in (*asked.before, asked.after):
        raise BadInput(f"案件在“{label}”，不在签订《{asked.kind.title}》的环节。")
    if view.suspended_on:
        raise BadInput(f"案件已于 {view.suspended_on} 中止：恢复办理后再起草。")
    return asked


def _hint(asked: Asked, view: CaseView) -> str:
    if view.state == asked.after:
        return ""
    return f"“{asked.step}”还没有办理，承诺的日期等是【待填】；办理后系统按登记的内容另起草一份，以那一份为准"
