"""A mine's volume: its main case, all that was opened beside or after it, and what is on record about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from states.fields import Field
from states.kernel import Step
from states.registry import PROCEDURES
from workflow.clock import OFFICE
from workflow.context import context_of
from workflow.ledger import find_case
from workflow.models import Attachment, Case, Chain, Document, Event, Mine
from workflow.views import VOID


@dataclass(frozen=True, slots=True)
class Volume:
    """What a bundle is made from."""

    root: str
    mine: Mine
    cases: Mapping[int, Case]
    #: Issued, served or void, oldest first; joint papers about one of the cases are among them.
    documents: tuple[Document, ...]
    attachments: tuple[Attachment, ...]
    events: tuple[Event, ...]
    organs: Mapping[str, str]
    head: Chain

    @property
    def day(self) -> date:
        """The office's day on which the last entry was made."""
        return self.events[-1].recorded_at.astimezone(OFFICE).date()

    def number(self, case_id: int | None) -> str:
        """A case's number; empty for what belongs to none."""
        return self.cases[case_id].number if case_id else ""

    def procedure(self, case_id: int | None) -> str:
        return PROCEDURES[self.cases[case_id].procedure].title if case_id else ""

    def organ(self, organ_id: str) -> str:
        """An organ's name; the holder's is the mine's."""
        return self.mine.holder if organ_id == "holder" else self.organs.get(organ_id, organ_id)

    def step(self, case_id: int | None, trigger: str) -> Step | None:
        return PROCEDURES[self.cases[case_id].procedure].step(trigger) if case_id else None

    def form(self, case_id: int | None, trigger: str) -> tuple[Field, ...]:
        """What an entry asked for."""
        step = self.step(case_id, trigger)
        if step or not case_id:
            return step.fields if step else ()
        return PROCEDURES[self.cases[case_id].procedure].asks

    def state(self, case_id: int | None, state: str) -> str:
        """A state's Chinese name in the case's procedure."""
        if not case_id or not state:
            return ""
        procedure = PROCEDURES[self.cases[case_id].procedure]
        return procedure.state(state).label if procedure.knows(state) else "已撤销" if state == VOID else state


def volume_of(session: Session, number: str) -> Volume:
    """The volume that a case belongs to. Raises NotFound."""
    root = find_case(session, find_case(session, number).root)
    family = or_(Case.number == root.number, col(Case.number).startswith(f"{root.number}/", autoescape=True))
    cases = {case.id: case for case in session.exec(select(Case).where(family).order_by(col(Case.id))) if case.id}
    joint = _joint_papers(session, {case.number for case in cases.values()})
    own = session.exec(select(Document).where(col(Document.case_id).in_(cases), Document.status != "draft")).all()
    return Volume(
        root.number, session.get_one(Mine, root.mine.id), cases,
        tuple(sorted((*own, *joint), key=lambda paper: (paper.issued_on or paper.drafted_on, paper.id))),
        tuple(session.exec(
            select(Attachment).where(col(Attachment.case_id).in_(cases))
            .order_by(col(Attachment.added_on), col(Attachment.id))
        )),
        _events(session, list(cases), {paper.id for paper in joint}),
        context_of(session).organs, session.get_one(Chain, 1),
    )  # fmt: skip


def _joint_papers(session: Session, numbers: set[str]) -> list[Document]:
    """Papers about several cases, one of ours among them."""
    query = select(Document).where(col(Document.case_id).is_(None), Document.status != "draft")
    return [paper for paper in session.exec(query) if numbers & set(paper.cases or ())]


def _events(session: Session, cases: list[int], papers: set[int | None]) -> tuple[Event, ...]:
    """The cases' entries and those about the joint papers."""
    office = select(Event).where(col(Event.case_id).is_(None), Event.kind == "paper")
    about = [event for event in session.exec(office) if event.data.get("document") in papers] if papers else []
    own = session.exec(select(Event).where(col(Event.case_id).in_(cases))).all()
    return tuple(sorted((*own, *about), key=lambda event: event.seq))
