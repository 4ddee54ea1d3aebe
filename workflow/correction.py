"""Taking the latest entry of a case back: a new entry with a reason, never an edit."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from states import parties as p
from states.facts import Facts
from workflow import clock
from workflow.context import Context, context_of
from workflow.deadlines import rearm, recompute
from workflow.entries import amended_since
from workflow.errors import BadInput
from workflow.ledger import find_case
from workflow.models import Case, Deadline, Document, Event, Notice, NoticeStatus, Opinion
from workflow.records import checked_text
from workflow.settling import undo_service
from workflow.storage import Storage
from workflow.views import VOID, Actor, CaseView, Slot


def correct(session: Session, number: str, *, actor: Actor, on: date, reason: str) -> CaseView:
    """Takes back the latest step that has not been taken back yet. Does not commit.

    Raises BadInput when there is none, or when something the step opened has been worked on since.
    """
    reason = checked_text(reason, "更正理由")
    # Locked before it is read, and before the history: a step taken meanwhile would be taken back unseen.
    Storage(session).case(number)
    view = find_case(session, number)
    trail = effective(session, view.id)
    if len(trail) < 2:
        raise BadInput(f"{number} 只有立案记录，没有可以更正的办理。")
    wrong, before = trail[-1], trail[-2]
    if actor.organ_id not in (wrong.organ_id, *p.OFFICES):
        raise BadInput(f"{number} 的最近一次办理由 {wrong.actor} 登记，只有原办理单位或工作组办公室可以更正。")
    _void_children(session, view, wrong, actor, on, reason)
    _withdraw_papers(session, view, wrong)
    _undo_answer(session, view, wrong)
    return _go_back(session, number, wrong, before, trail, actor, on, reason)


def effective(session: Session, case_id: int) -> list[Event]:
    """Opening, then the steps that stand (taken and not taken back), oldest first."""
    stack: list[Event] = []
    for event in session.exec(select(Event).where(Event.case_id == case_id).order_by(col(Event.case_version))):
        if event.kind == "correct":
            stack.pop()
        elif event.kind in ("open", "step"):
            stack.append(event)
    return stack


def _void_children(session: Session, view: CaseView, wrong: Event, actor: Actor, on: date, reason: str) -> None:
    # Whatever a later entry opened was voided when that entry was taken back.
    opened_since = select(Event.case_id).where(Event.kind == "open", col(Event.seq) > wrong.seq)
    children = session.exec(
        select(Case).where(Case.parent_id == view.id, col(Case.id).in_(opened_since)).order_by(col(Case.id))
    ).all()
    worked = [c.number for c in children if c.state != VOID and c.id is not None and _worked_on(session, c.id)]
    if worked:
        raise BadInput(f"由这一步立案的 {'、'.join(worked)} 已经办理过，请先逐一更正它们，再更正 {view.number}。")
    for child in children:
        if child.state != VOID:
            _void(session, child, actor, on, reason)


def _worked_on(session: Session, case_id: int) -> bool:
    """Whether a step was taken in a case, or a document of it has gone out."""
    out = select(Document.id).where(Document.case_id == case_id, col(Document.status).in_(("issued", "served")))
    return len(effective(session, case_id)) > 1 or session.exec(out).first() is not None


def _void(session: Session, child: Case, actor: Actor, on: date, reason: str) -> None:
    storage = Storage(session)
    found = storage.case(child.number)
    assert found is not None
    before = found[0]
    after = before.with_(state=VOID, version=before.version + 1, closed_on=on, slots=())
    storage.update_cases([(before, after)])
    storage.close_slots([(slot, "cancelled") for slot in before.slots], [on] * len(before.slots))
    storage.append(
        [_event(after, "void", "void", before.state, actor, on, {"reason": reason, "facts": dict(after.facts)})]
    )
    _drop_drafts(session, col(Document.case_id) == before.id)
    session.expire(child)


def _withdraw_papers(session: Session, view: CaseView, wrong: Event) -> None:
    """Drafts and unsent notices of the entry. Raises BadInput for a document that is out of the house."""
    undo_service(session, wrong.seq)
    gone = session.exec(
        select(Document).where(Document.event_seq == wrong.seq, col(Document.status).in_(("issued", "served")))
    ).all()
    if gone:
        named = "、".join(f"文书 {d.id}《{d.title}》{d.number}" for d in gone)
        raise BadInput(f"这一步起草的{named}已经出具：请先作废这些文书，再更正 {view.number}。")
    _drop_drafts(session, col(Document.event_seq) == wrong.seq)
    waiting = (NoticeStatus.PLANNED, NoticeStatus.FAILED, NoticeStatus.NO_CONTACT)
    for notice in session.exec(
        select(Notice).where(
            Notice.dedupe == f"moved|{view.number}|{wrong.case_version}", col(Notice.status).in_(waiting)
        )
    ):
        notice.status = NoticeStatus.WITHDRAWN
        session.add(notice)
    session.flush()


def _drop_drafts(session: Session, which: ColumnElement[bool]) -> None:
    for draft in session.exec(select(Document).where(which, Document.status == "draft")):
        draft.status, draft.void_reason = "void", "起草它的办理已更正"
        session.add(draft)


def _undo_answer(session: Session, view: CaseView, wrong: Event) -> None:
    opinion = session.exec(select(Opinion).where(Opinion.case_id == view.id)).first()
    if opinion and wrong.trigger == "reply":
        opinion.answer, opinion.text, opinion.answered_on = None, "", None
        session.add(opinion)
        session.flush()


def _go_back(
    session: Session, number: str, wrong: Event, before: Event, trail: list[Event], actor: Actor, on: date, reason: str
) -> CaseView:
    storage, context = Storage(session), context_of(session)
    found = storage.case(number)
    assert found is not None
    view = found[0]
    entered = next(e.occurred_on for e in reversed(trail[:-1]) if e.kind == "open" or e.from_state != e.to_state)
    clock_step = view.procedure.step(wrong.trigger)
    suspended = view.suspended_on
    if clock_step and clock_step.clock:
        suspended = None if clock_step.clock == "stop" else _suspension(trail[:-1])
    after = view.with_(
        state=wrong.from_state, version=view.version + 1, entered_on=entered,
        # What a new version of the plan says holds whatever entry is taken back.
        facts={**before.data.get("facts", {}), **amended_since(session, view.id, before.seq)},
        closed_on=None, suspended_on=suspended,
    )  # fmt: skip
    facts = after.judged(context, entered)
    # A deadline of the step itself can only have begun with the entry that is taken back.
    ended = tuple(slot for slot in view.slots if slot.trigger == wrong.trigger)
    running = tuple(slot for slot in view.slots if slot not in ended)
    rearmed = rearm(after.with_(slots=running), facts, context, taken="", today=entered)
    closing = (*ended, *rearmed.cancelled)
    storage.update_cases([(view, after)])
    storage.close_slots([(slot, "cancelled") for slot in closing], [on] * len(closing))
    if rearmed.moved:
        storage.move_slots(rearmed.moved, reason=reason, basis="更正", actor=actor.user, now=clock.now())
    storage.open_slots([(after.id, _as_it_ran(session, after, slot, facts, context)) for slot in rearmed.opened])
    data = {"corrects": wrong.seq, "reason": reason, "facts": dict(after.facts)}
    storage.append([_event(after, "correct", "correct", view.state, actor, on, data)])
    session.expire_all()
    return find_case(session, number)


def _as_it_ran(session: Session, after: CaseView, slot: Slot, facts: Facts, context: Context) -> Slot:
    """A deadline that runs again, counted from its old beginning and with what it has reminded of."""
    closed = session.exec(
        select(Deadline).where(Deadline.case_id == after.id, Deadline.trigger == slot.trigger, Deadline.status != "open")
        .order_by(col(Deadline.id).desc())
    ).first()  # fmt: skip
    step = after.procedure.step(slot.trigger)
    if closed is None or step is None:
        return slot
    before = replace(
        slot, opened_on=closed.opened_on, due_on=closed.due_on, reminded=closed.reminded, escalated=closed.escalated
    )
    return recompute(before, step, facts, context, suspended=after.suspended_on is not None)


def _suspension(trail: list[Event]) -> date | None:
    """The day a suspension began that was still running."""
    for event in reversed(trail):
        if event.trigger == "suspend":
            return event.occurred_on
        if event.trigger == "resume":
            return None
    return None


def _event(
    after: CaseView, kind: str, trigger: str, from_state: str, actor: Actor, on: date, data: dict[str, Any]
) -> dict[str, Any]:
    return {
        "case_id": after.id, "case_version": after.version, "kind": kind, "trigger": trigger, "from_state": from_state,
        "to_state": after.state, "actor": actor.user, "organ_id": actor.organ_id, "occurred_on": on,
        "recorded_at": clock.now(), "data": actor.signed(data),
    }  # fmt: skip
