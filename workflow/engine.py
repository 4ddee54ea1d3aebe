"""`open_case` and `advance`: the only writers of a case's state.

Everything one entry changes happens in the caller's transaction: state, hash-chained event, deadlines closed
and opened, tracks opened, notices and document drafts. Nothing here commits.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, func, select

from states.kernel import Step
from states.registry import PROCEDURES
from workflow import clock
from workflow.context import Context, context_of
from workflow.deadlines import open_slot, timed
from workflow.decide import Change, decide, read_fields
from workflow.errors import SEE_CASES, BadInput, CaseFileError, Conflict, NotFound
from workflow.models import Attachment, Case, Mine, Opinion
from workflow.notify import change_notice
from workflow.opening import Child, children_of, take_answer
from workflow.settling import issued_days, settle
from workflow.storage import Storage, draft_row, tracks_of
from workflow.views import Actor, CaseView, Entry, StoredFile, resolve


def advance(
    session: Session,
    case: str,
    trigger: str,
    *,
    actor: Actor,
    occurred_on: date,
    fields: Mapping[str, Any] | None = None,
    evidence: Mapping[str, tuple[StoredFile, ...]] | None = None,
    expected_version: int | None = None,
) -> CaseView:
    """Takes one step of a case and answers the case after it. Raises CaseFileError; then nothing is written."""
    entry = Entry(case, trigger, actor, occurred_on, fields or {}, evidence or {}, expected_version)
    (result,) = advance_many(session, [entry])
    if isinstance(result, CaseFileError):
        raise result
    return result


def advance_many(session: Session, entries: Sequence[Entry]) -> list[CaseView | CaseFileError]:
    """Takes many steps in one transaction, written in sets; a refused one does not spoil the others.

    One case may appear once: a second step must see the first.
    """
    storage, now = Storage(session), clock.now()
    results: dict[int, CaseView | CaseFileError] = {}
    changes: list[Change] = []
    seen: set[str] = set()
    # Locked in one order everywhere: two batches over the same cases then wait for each other and never deadlock.
    for place, entry in sorted(enumerate(entries), key=lambda numbered: numbered[1].case):
        try:
            if entry.case in seen:
                raise BadInput(f"同一批里案件 {entry.case} 出现了两次，请分开办理。")
            change, context = _judge(session, storage, entry)
        except CaseFileError as refusal:
            results[place] = refusal
            continue
        seen.add(entry.case)
        changes.append(change)
        results[place] = change.after
    if changes:
        write_changes(session, storage, changes, context, now)
    return [results[place] for place in range(len(entries))]


def _judge(session: Session, storage: Storage, entry: Entry) -> tuple[Change, Context]:
    found = storage.case(entry.case)
    if found is None:
        raise NotFound(f"没有编号为“{entry.case[:40]}”的案件，请核对编号。", hint=SEE_CASES)
    view, revision = found
    if view.closed_on and not PROCEDURES[view.procedure_id].knows(view.state):
        raise BadInput(f"案件 {view.number} 已随上级案件的更正撤销，不能再办理。")
    step = view.procedure.step(entry.trigger)
    if step and (step.reads_tracks or any(o.each == "objecting_unit" for o in step.opens)):
        view = view.with_(tracks=tracks_of(session, {view.mine.id}).get(view.mine.id, ()))
    on_file = _waiting(session, view.id) if step and _unproven(step, entry) else frozenset()
    context = context_of(session, revision)
    issued = issued_days(session, [view.id], step.settles).get(view.id, {}) if step and step.settles else {}
    change = decide(view, entry, context, on_file, issued)
    # Asked here and not only when writing: what cannot be opened refuses this entry, not the whole batch.
    children_of(session, change, context)
    return change, context


def _unproven(step: Step, entry: Entry) -> set[str]:
    """Evidence of the card that does not come with the entry; it may have been attached before."""
    return {evidence.name for evidence in step.evidence} - entry.evidenced


def _waiting(session: Session, case_id: int) -> frozenset[str]:
    """Evidence attached ahead of its step."""
    query = select(Attachment.evidence).where(Attachment.case_id == case_id, col(Attachment.event_seq).is_(None))
    return frozenset(session.exec(query))


def write_changes(
    session: Session, storage: Storage, changes: Sequence[Change], context: Context, now: datetime, *,
    notify: bool = True,
) -> None:  # fmt: skip
    """Writes judged changes in sets. Raises Conflict when a case is no longer as it was judged."""
    children = [children_of(session, change, context) for change in changes if change.opens]
    if not storage.update_cases([(c.before, c.after) for c in changes]):
        raise Conflict("案件刚刚被他人更新，本次没有改动，请刷新后重新办理。")
    with storage.together():
        seqs = _write_rows(storage, changes, context, now, notify=notify)
    _settle_waiting(session, changes, seqs)
    for change, seq in zip(changes, seqs, strict=True):
        if change.step.settles:
            actor, day = change.entry.actor, change.entry.occurred_on
            settle(session, change.after, change.step, change.given, seq=seq, actor=actor, on=day)
        if change.after.procedure_id == "referral":
            take_answer(session, change)
    for group in children:
        for child in group:
            _open_child(session, child)


def _write_rows(
    storage: Storage, changes: Sequence[Change], context: Context, now: datetime, *, notify: bool
) -> list[int]:
    """Events, deadlines, notices, drafts and evidence; answers the events' numbers."""
    seqs = storage.append([_event(change, now) for change in changes])
    closing = [(s, "met", c) for c in changes for s in c.deadlines.met]
    closing += [(s, "cancelled", c) for c in changes for s in c.deadlines.cancelled]
    storage.close_slots([(s, status) for s, status, _ in closing], [c.entry.occurred_on for *_, c in closing])
    for change in changes:
        if change.deadlines.moved:
            basis = str(change.given.get("basis") or change.given.get("extension_basis") or change.step.clause)
            storage.move_slots(
                change.deadlines.moved, reason=change.reason, basis=basis, actor=change.entry.actor.user, now=now
            )
    storage.open_slots([(c.after.id, slot) for c in changes for slot in c.deadlines.opened])
    if notify:
        storage.notices([n for c in changes if (n := change_notice(c, context))])
    _write_papers(storage, changes, seqs)
    return seqs


def _event(change: Change, now: datetime) -> dict[str, Any]:
    entry = change.entry
    return {
        "case_id": change.after.id, "case_version": change.after.version, "kind": "step", "trigger": entry.trigger,
        "from_state": change.before.state, "to_state": change.after.state, "actor": entry.actor.user,
        "organ_id": entry.actor.organ_id, "occurred_on": entry.occurred_on, "recorded_at": now,
        "data": entry.actor.signed(change.data),
    }  # fmt: skip


def _write_papers(storage: Storage, changes: Sequence[Change], seqs: Sequence[int]) -> None:
    """Drafts and evidence of the entries."""
    storage.documents([
        draft_row(c.after.id, seq, d.kind, d.issuer_id, c.entry.occurred_on)
        for c, seq in zip(changes, seqs, strict=True) for d in c.drafts
    ])  # fmt: skip
    storage.attachments([
        {"case_id": c.after.id, "event_seq": seq, "evidence": name, "filename": f.filename, "sha256": f.sha256,
         "size": f.size, "added_by": c.entry.actor.user, "added_on": c.entry.occurred_on}
        for c, seq in zip(changes, seqs, strict=True) for name, files in c.entry.evidence.items() for f in files
    ])  # fmt: skip


def _settle_waiting(session: Session, changes: Sequence[Change], seqs: Sequence[int]) -> None:
    """Evidence that was attached ahead now belongs to its entry."""
    for change, seq in zip(changes, seqs, strict=True):
        if names := _unproven(change.step, change.entry):
            for waiting in session.exec(
                select(Attachment).where(
                    Attachment.case_id == change.after.id, col(Attachment.event_seq).is_(None),
                    col(Attachment.evidence).in_(names),
                )
            ):  # fmt: skip
                waiting.event_seq = seq
                session.add(waiting)


def open_case(
    session: Session,
    *,
    procedure: str,
    mine: Mine,
    actor: Actor,
    occurred_on: date,
    fields: Mapping[str, Any] | None = None,
    source: str,
    number: str | None = None,
    parent: CaseView | None = None,
    subject: str = "",
    checked: bool = False,
) -> Case:
    """Opens a case in its procedure's first state. Raises BadInput where what the procedure asks is missing.

    `checked` fields come from a step or from the plan's own lists and are taken as they are.
    """
    definition = PROCEDURES.get(procedure)
    if definition is None:
        raise NotFound(f"没有代号为“{procedure[:40]}”的程序（可用：{'、'.join(PROCEDURES)}）。")
    facts = dict(fields or {}) if checked else read_fields(definition.asks, fields or {}, occurred_on)
    case = Case(
        number=number or next_number(session, mine, procedure, parent), mine_id=_id(mine.id), procedure=procedure,
        procedure_version=definition.version, state=definition.initial, version=1, facts=facts,
        parent_id=parent.id if parent else None, subject=subject, opened_on=occurred_on, entered_on=occurred_on,
        source=source,
    )  # fmt: skip
    session.add(case)
    session.flush()
    storage = Storage(session)
    found = storage.case(case.number)
    assert found is not None
    view, context = found[0], context_of(session, found[1])
    judged = view.judged(context, occurred_on)
    slots = [open_slot(step, judged, occurred_on, context) for step in timed(definition, view.state, judged)]
    storage.open_slots([(view.id, slot) for slot in slots])
    (seq,) = storage.append([
        {"case_id": view.id, "case_version": 1, "kind": "open", "trigger": "open", "from_state": "",
         "to_state": case.state, "actor": actor.user, "organ_id": actor.organ_id, "occurred_on": occurred_on,
         "recorded_at": clock.now(),
         "data": actor.signed({"fields": facts, "facts": facts, "source": source, "subject": subject,
                               "parent": parent.number if parent else ""})}
    ])  # fmt: skip
    storage.documents([
        draft_row(view.id, seq, emits.kind, resolve(emits.issuer, judged) or emits.issuer.id, occurred_on)
        for emits in definition.emits if emits.wanted(facts)
    ])  # fmt: skip
    return case


def _open_child(session: Session, child: Child) -> None:
    mine = session.get_one(Mine, child.parent.mine.id)
    opened = open_case(
        session, procedure=child.procedure, mine=mine, actor=child.actor, occurred_on=child.day, fields=child.facts,
        source=f"{child.parent.number} {child.step_title}", parent=child.parent, subject=child.subject, checked=True,
    )  # fmt: skip
    if child.asks_opinion:
        session.add(
            Opinion(case_id=_id(opened.id), about_case_id=child.parent.id, organ_id=child.facts["subject_id"],
                    asked_on=child.day)
        )  # fmt: skip
        session.flush()


def next_number(session: Session, mine: Mine, procedure: str, parent: CaseView | None) -> str:
    """`2-4` for a mine's first case, `2-4/restoration-1` for what is opened beside or after it."""
    first = session.exec(select(Case.number).where(Case.number == mine.code)).first()
    if first is None and parent is None:
        return mine.code
    prefix = f"{parent.root if parent else mine.code}/{procedure}-"
    used = session.exec(select(func.count()).where(col(Case.number).startswith(prefix))).one()
    return f"{prefix}{used + 1}"


def _id(value: int | None) -> int:
    assert value is not None
    return value
