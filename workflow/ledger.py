"""Read-only questions: how the cases stand, what is next and what stands in its way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlmodel import Session, col, select

from states.due import BASIS_LABELS
from states.kernel import CaseState, Step
from states.registry import PROCEDURES
from workflow.context import Context, context_of
from workflow.decide import missing_evidence, unissued
from workflow.entries import entry_title
from workflow.errors import SEE_CASES, NotFound
from workflow.models import Attachment, Case, Deadline, DeadlineChange, Document, Event, Mine, OpenValue, Permit
from workflow.settling import issued_days
from workflow.storage import views
from workflow.views import CaseView, party_name

#: Kinds of documents that some step proves served or signed.
_SETTLED = sorted({kind for procedure in PROCEDURES.values() for step in procedure.steps for kind in step.settles})


@dataclass(frozen=True, slots=True)
class Standing:
    """How one case stands on a day."""

    view: CaseView
    row: dict[str, Any]


def standing(session: Session, as_of: date, *, finished: bool = False) -> list[Standing]:
    """Open cases (or all), those that are due first."""
    query = select(Case).order_by(col(Case.id))
    if not finished:
        query = query.where(col(Case.closed_on).is_(None))
    found = standings(session, session.exec(query).all(), as_of)
    return sorted(found, key=lambda s: (s.row["due_on"] or "9999", s.view.id))


def standings(session: Session, cases: Sequence[Case], as_of: date) -> list[Standing]:
    """How some cases stand, in the order given."""
    context = context_of(session)
    found = views(session, cases)
    ids = [view.id for view in found]
    held, issued = _held(session, ids), issued_days(session, ids, _SETTLED)
    return [
        Standing(view, status_row(view, context, as_of, held.get(view.id, frozenset()), issued.get(view.id, {})))
        for view in found
    ]


def find_case(session: Session, number: str) -> CaseView:
    """One case with its tracks, by its number. Raises NotFound."""
    case = session.exec(select(Case).where(Case.number == number)).first()
    if case is None:
        raise NotFound(f"没有编号为“{number[:40]}”的案件，请核对编号。", hint=SEE_CASES)
    return views(session, [case])[0]


def _held(session: Session, case_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """Evidence that waits for its step, by case."""
    found: dict[int, set[str]] = {}
    query = select(Attachment.case_id, Attachment.evidence).where(
        col(Attachment.case_id).in_(case_ids), col(Attachment.event_seq).is_(None)
    )
    for case_id, name in session.exec(query):
        found.setdefault(case_id, set()).add(name)
    return {case_id: frozenset(names) for case_id, names in found.items()}


def status_row(
    view: CaseView, context: Context, as_of: date, held: frozenset[str] = frozenset(),
    issued: Mapping[str, date] = MappingProxyType({}),
) -> dict[str, Any]:  # fmt: skip
    """A case as `minecase status --json` gives it."""
    procedure, state = view.procedure, view.procedure.state(view.state)
    facts = view.judged(context, as_of)
    dated = sorted((s for s in view.slots if s.due_on), key=lambda s: s.due_on or date.max)
    soonest = dated[0] if dated else None
    return {
        "case": view.number, "mine": view.mine.name, "holder": view.mine.holder, "procedure": procedure.id,
        "procedure_label": procedure.title, "state": view.state, "state_label": state.label, "version": view.version,
        "lead": party_name(state.lead, facts, context, view) if state.lead else "",
        "due_on": soonest.due_on.isoformat() if soonest and soonest.due_on else None,
        "days_left": (soonest.due_on - as_of).days if soonest and soonest.due_on else None,
        "suspended_on": view.suspended_on.isoformat() if view.suspended_on else None,
        "no_deadline": "" if view.slots or state.final else state.no_deadline,
        "deadlines": [deadline_row(view, slot.trigger, as_of) for slot in view.slots],
        "next": [next_row(view, step, context, as_of, held, issued) for step in ways_ahead(view, state)],
    }  # fmt: skip


def row_of(session: Session, number: str, as_of: date) -> dict[str, Any]:
    """One case as `minecase status --json` gives it. Raises NotFound."""
    view = find_case(session, number)
    held = _held(session, [view.id]).get(view.id, frozenset())
    issued = issued_days(session, [view.id], _SETTLED).get(view.id, {})
    return status_row(view, context_of(session), as_of, held, issued)


def ways_ahead(view: CaseView, state: CaseState) -> list[Step]:
    """Steps that a person can take here, the usual way first; standing steps are left out."""
    if state.final:
        return []
    steps = [s for s in view.procedure.steps_from(view.state) if not s.by_clock and not s.clock]
    return sorted(steps, key=lambda step: step.exceptional)


def next_row(
    view: CaseView, step: Step, context: Context, as_of: date, held: frozenset[str], issued: Mapping[str, date]
) -> dict[str, Any]:
    """One possible step: who, under which clause, what it asks for, what stands in its way."""
    facts = view.judged(context, as_of)
    blockers = (*missing_evidence(step, held), *unissued(step, issued, {}), *step.blockers(facts))
    return {
        "trigger": step.trigger, "title": step.title, "clause": step.clause,
        "lead": party_name(step.lead, facts, context, view), "exceptional": step.exceptional,
        "to": step.target(view.state), "blockers": [str(b) for b in blockers],
        "fields": [
            {"name": f.name, "label": f.label, "type": f.type, "required": f.required,
             **({"choices": dict(f.choices)} if f.choices else {})}
            for f in step.fields
        ],
        "evidence": [{"name": e.name, "label": e.label} for e in step.evidence],
        "documents": [emit.kind for emit in step.emits],
    }  # fmt: skip


def deadline_row(view: CaseView, trigger: str, as_of: date) -> dict[str, Any]:
    """One running deadline with what it rests on."""
    slot = next(s for s in view.slots if s.trigger == trigger)
    step = view.procedure.step(trigger)
    assert step is not None
    assert step.due is not None
    return {
        "trigger": trigger, "title": step.title, "due_on": slot.due_on.isoformat() if slot.due_on else None,
        "days_left": (slot.due_on - as_of).days if slot.due_on else None, "rule": step.due.text,
        "basis": BASIS_LABELS[step.due.basis], "source": step.due.source, "provisional": slot.provisional,
    }  # fmt: skip


def case_file(session: Session, number: str, as_of: date) -> dict[str, Any]:
    """Everything on record about one case, for `minecase show`."""
    view = find_case(session, number)
    context = context_of(session)
    events = session.exec(select(Event).where(Event.case_id == view.id).order_by(col(Event.seq))).all()
    mine = view.mine
    mine_row = session.get_one(Mine, mine.id)
    return {
        **row_of(session, number, as_of),
        "mine_code": mine.code, "mineral": mine.mineral,
        "township": context.organs.get(mine.township_id, ""), "mine_facts": dict(mine.facts), "facts": dict(view.facts),
        "opened_on": view.opened_on.isoformat(), "closed_on": view.closed_on.isoformat() if view.closed_on else None,
        "history": [_event_row(view, event) for event in events],
        "documents_on_file": [
            {"id": d.id, "kind": d.kind, "title": d.title, "status": d.status, "number": d.number,
             **{name: day.isoformat() if (day := getattr(d, name)) else None
                for name in ("drafted_on", "issued_on", "served_on")}}
            for d in session.exec(select(Document).where(Document.case_id == view.id).order_by(col(Document.id)))
        ],
        "evidence_on_file": [
            {"evidence": a.evidence, "filename": a.filename, "sha256": a.sha256, "size": a.size}
            for a in session.exec(select(Attachment).where(Attachment.case_id == view.id).order_by(col(Attachment.id)))
        ],
        "tracks": [
            {"case": t.number, "procedure": t.procedure, "subject": t.subject, "state": t.state,
             "state_label": t.state_label, "final": t.final}
            for t in view.tracks if t.number != view.number
        ],
        "permits": [
            {"kind": permit.kind, "number": permit.number, "registrar": permit.registrar,
             "valid_to": permit.valid_to.isoformat() if permit.valid_to else None}
            for permit in session.exec(select(Permit).where(Permit.mine_id == mine.id))
        ],
        "deadline_changes": _changes(session, view.id),
        "open_values": [
            {**value, "asked_of": context.organs.get(value["asked_of"], value["asked_of"])}
            for value in open_values(session, mine.id)
        ],
        "criteria": criteria(view, context, as_of, block=mine_row.kind == "block"),
    }  # fmt: skip


def criteria(view: CaseView, context: Context, as_of: date, *, block: bool) -> list[dict[str, Any]]:
    """What the plan's own criteria say of the mine: they propose with reasons, a person decides."""
    from states.rules import propose

    known = {name: value for name, value in view.values(context).items() if value is not None}
    facts = {**known, "as_of": as_of, "kind": "block" if block else "mine"}
    return [
        {"rule": r.rule, "route": r.route, "verdict": r.verdict, "reason": r.reason, "clause": r.clause}
        for r in propose(facts, context.yardsticks)
    ]


def _event_row(view: CaseView, event: Event) -> dict[str, Any]:
    step = view.procedure.step(event.trigger)
    title = "" if event.kind == "paper" else entry_title(event.kind, event.trigger)
    return {
        "seq": event.seq, "kind": event.kind, "trigger": event.trigger, "title": title or (step.title if step else ""),
        "from": event.from_state, "to": event.to_state, "actor": event.actor, "organ": event.organ_id,
        "occurred_on": event.occurred_on.isoformat(), "recorded_at": event.recorded_at.isoformat(),
        "fields": event.data.get("fields", {}), "reason": event.data.get("reason", ""),
    }  # fmt: skip


def _changes(session: Session, case_id: int) -> list[dict[str, Any]]:
    query = (
        select(Deadline, DeadlineChange)
        .join(DeadlineChange, col(DeadlineChange.deadline_id) == Deadline.id)
        .where(Deadline.case_id == case_id)
        .order_by(col(DeadlineChange.id))
    )
    return [
        {"trigger": d.trigger, "old_due": c.old_due.isoformat() if c.old_due else None,
         "new_due": c.new_due.isoformat() if c.new_due else None, "reason": c.reason, "basis": c.basis, "actor": c.actor}
        for d, c in session.exec(query)
    ]  # fmt: skip


def open_values(session: Session, mine_id: int | None = None) -> list[dict[str, Any]]:
    """待明确事项 that nobody has filled in yet, of one mine or of all; what a step has recorded counts as filled."""
    query = select(OpenValue).where(col(OpenValue.value).is_(None)).order_by(col(OpenValue.id))
    recorded = select(Case.mine_id, Case.facts)
    if mine_id is not None:
        query, recorded = query.where(OpenValue.mine_id == mine_id), recorded.where(Case.mine_id == mine_id)
    known = {(mine, name) for mine, facts in session.exec(recorded) for name in facts}
    return [
        {"mine_id": v.mine_id, "name": v.name, "label": v.label, "asked_of": v.asked_of, "clause": v.clause}
        for v in session.exec(query)
        if (v.mine_id, v.name) not in known
    ]
