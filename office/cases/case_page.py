"""Everything that the page of one case shows, gathered in a number of statements that does not grow with its life."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from office.access.people import Person, visible
from office.cases.case_actions import Action, actions
from office.cases.case_history import Item, Reading, Trail, items, names, notices, page_of, trail
from office.cases.case_next import Next, Term, next_steps, terms
from office.cases.case_words import known_label, label_of, value_words
from states.kernel import Procedure
from states.permits import KINDS
from states.registry import PROCEDURES
from workflow.context import Context
from workflow.deadlines import EXTENDED
from workflow.models import (
    Attachment,
    Case,
    CasePerson,
    Deadline,
    DeadlineChange,
    Document,
    Mine,
    OpenValue,
    Opinion,
    Permit,
)  # fmt: skip
from workflow.settling import issued_days
from workflow.storage import views
from workflow.views import VOID, CaseView, party_name

#: Rows of one kind on the page; more stand on pages of their own.
_MANY = 60


@dataclass(frozen=True, slots=True)
class Fact:
    """One recorded value."""

    name: str
    label: str
    words: str
    #: Recorded by an entry of this case, so that it has a history.
    recorded: bool


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


@dataclass(frozen=True, slots=True)
class CasePage:
    """What is shown, in the order of the page."""

    case: Case
    mine: Mine
    view: CaseView
    procedure: Procedure
    lead: str
    licence: str
    past: Trail
    steps: list[Next]
    terms: list[Term]
    no_deadline: str
    actions: list[Action]
    timeline: list[Item]
    events: int
    shown: int
    waiting: Mapping[str, list[Attachment]]
    facts: list[Fact]
    permits: list[tuple[str, Permit]]
    changes: list[tuple[Deadline, DeadlineChange]]
    documents: list[Document]
    opinions: list[tuple[Opinion, str, str]]
    parent: Beside | None
    beside: list[Beside]
    #: The whole family may be seen, so the volume of the mine may be taken out.
    may_bundle: bool
    open_values: list[tuple[OpenValue, str]]
    people: list[CasePerson]
    names: Mapping[str, str]
    organs: Mapping[str, str]

    @property
    def next(self) -> Next | None:
        """What the case waits for: the usual way; where every way on is an exceptional one, the first of them."""
        return self.steps[0] if self.steps else None

    @property
    def others(self) -> list[Next]:
        return self.steps[1:]

    @property
    def status(self) -> str:
        if not self.procedure.knows(self.view.state):
            return "已撤销"
        return "办结" if self.case.closed_on else "中止" if self.case.suspended_on else "在办"


def case_page(
    session: Session, person: Person, case: Case, context: Context, today: date, *, every: bool = False
) -> CasePage:
    """The page of a case that the caller has checked the person may see; `every` shows all entries."""
    assert case.id is not None
    (view,) = views(session, [case])
    mine = session.get_one(Mine, case.mine_id)
    procedure = PROCEDURES[case.procedure]
    past = trail(session, case.id)
    events = page_of(session, case, every=every)
    seqs = [event.seq for event in events]
    waiting, files = _files(session, case.id, seqs, every=every)
    papers = list(session.scalars(
        select(Document).where(col(Document.case_id) == case.id).order_by(col(Document.id).desc()).limit(_MANY * 3)
    ))  # fmt: skip
    permits = list(session.scalars(select(Permit).where(col(Permit.mine_id) == mine.id).order_by(col(Permit.id))))
    values = _open_values(session, view, context)
    handed = list(session.scalars(
        select(CasePerson).where(col(CasePerson.case_id) == case.id, col(CasePerson.ended_on).is_(None))
        .order_by(col(CasePerson.id)).limit(_MANY)
    ))  # fmt: skip
    changes = _changes(session, case.id)
    people = names(session, [
        *(event.actor for event in events), *(str(event.data.get("on_behalf_of", "")) for event in events),
        *(str(event.data.get("to", "")) for event in events if event.kind == "act"),
        *(row.account_id or "" for row in handed), *(row.given_by for row in handed),
        *(change.actor for _, change in changes), *(f.added_by for found in waiting.values() for f in found),
    ])  # fmt: skip
    drafts: dict[int, list[Document]] = defaultdict(list)
    for paper in papers:
        if paper.event_seq:
            drafts[paper.event_seq].append(paper)
    reading = Reading(
        case, procedure, context.organs, people, {value.name: value.label for value, _ in values}, files, drafts,
        {paper.id or 0: paper for paper in papers}, past.corrected,
    )  # fmt: skip
    settled = sorted({kind for step in procedure.steps for kind in step.settles})
    issued = issued_days(session, [case.id], settled).get(case.id, {}) if settled else {}
    family, may_bundle = _family(session, person, case)
    state = procedure.state(view.state) if procedure.knows(view.state) else None
    facts = view.judged(context, today)
    licence = next((permit.number for permit in permits if permit.kind == "mining" and permit.number), "")
    line = [*items(reading, events), *notices(session, case, events, context.organs)]
    return CasePage(
        case=case, mine=mine, view=view, procedure=procedure,
        lead=party_name(state.lead, facts, context, view) if state and state.lead else "",
        licence=licence or str(mine.facts.get("licence_number", "")), past=past,
        steps=next_steps(view, person, context, today, set(waiting), issued), terms=terms(view, today),
        no_deadline="" if view.slots or state is None or state.final else state.no_deadline,
        actions=actions(view, person, context, today, past),
        timeline=sorted(line, key=lambda item: (item.at, item.seq), reverse=True), events=case.version, shown=len(events),
        waiting=waiting, facts=_facts(view, mine, context), changes=changes, documents=papers[:_MANY],
        permits=[(KINDS.get(permit.kind, permit.kind), permit) for permit in permits],
        opinions=_opinions(session, case), parent=next((b for key, b in family if key == case.parent_id), None),
        beside=[b for key, b in family if key != case.parent_id], may_bundle=may_bundle,
        open_values=[(v, asked) for v, asked in values if v.value is None and v.name not in view.facts],
        people=handed, names=people, organs=context.organs,
    )  # fmt: skip


def _files(
    session: Session, case_id: int, seqs: list[int], *, every: bool
) -> tuple[dict[str, list[Attachment]], dict[int, list[Attachment]]]:
    """What waits for its step, by evidence; and what the entries shown rest on."""
    query = select(Attachment).where(col(Attachment.case_id) == case_id)
    if not every and seqs:
        query = query.where(or_(col(Attachment.event_seq).is_(None), col(Attachment.event_seq) >= seqs[-1]))
    waiting: dict[str, list[Attachment]] = defaultdict(list)
    proving: dict[int, list[Attachment]] = defaultdict(list)
    for row in session.scalars(query.order_by(col(Attachment.id))):
        if row.event_seq is None:
            waiting[row.evidence].append(row)
        else:
            proving[row.event_seq].append(row)
    return dict(waiting), proving


def _open_values(session: Session, view: CaseView, context: Context) -> list[tuple[OpenValue, str]]:
    rows = session.scalars(select(OpenValue).where(col(OpenValue.mine_id) == view.mine.id).order_by(col(OpenValue.id)))
    return [(row, context.organs.get(row.asked_of, row.asked_of)) for row in rows]


def _changes(session: Session, case_id: int) -> list[tuple[Deadline, DeadlineChange]]:
    query = (
        select(Deadline, DeadlineChange).join(DeadlineChange, col(DeadlineChange.deadline_id) == Deadline.id)
        .where(col(Deadline.case_id) == case_id).order_by(col(DeadlineChange.id).desc()).limit(_MANY)
    )  # fmt: skip
    return [(deadline, change) for deadline, change in session.execute(query)]


def _opinions(session: Session, case: Case) -> list[tuple[Opinion, str, str]]:
    """What was asked for this case (or by it), with the referral's number and the state it is in."""
    query = (
        select(Opinion, col(Case.number), col(Case.state)).join(Case, col(Opinion.case_id) == Case.id)
        .where(or_(col(Opinion.about_case_id) == case.id, col(Opinion.case_id) == case.id), col(Case.state) != VOID)
        .order_by(col(Opinion.id)).limit(_MANY)
    )  # fmt: skip
    return [(opinion, number, state) for opinion, number, state in session.execute(query)]


def _family(session: Session, person: Person, case: Case) -> tuple[list[tuple[int, Beside]], bool]:
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


def _facts(view: CaseView, mine: Mine, context: Context) -> list[Fact]:
    """What is known of the mine, then what the case's steps have recorded."""
    procedure, organs = view.procedure_id, context.organs
    about: dict[str, Any] = {
        "holder": mine.holder, "mineral": mine.mineral, "township_id": mine.township_id, "village_id": mine.village_id,
        **mine.facts,
    }  # fmt: skip
    found = []
    for name, value in {**about, **view.facts}.items():
        if name.startswith(EXTENDED) or value in (None, "") or not known_label(procedure, name) or name == "holder_id":
            continue
        found.append(
            Fact(name, label_of(procedure, name), value_words(procedure, name, value, organs), name in view.facts)
        )
    return found
