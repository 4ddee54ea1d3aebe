"""Cases of many new mines opened at once: what `engine.open_case` does for one, written in sets."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session

from states.registry import PROCEDURES
from workflow import clock
from workflow.context import context_of
from workflow.deadlines import open_slot, timed
from workflow.models import Case, Mine
from workflow.storage import Storage, draft_row
from workflow.views import Actor, CaseView, MineView, resolve


def open_first_cases(
    session: Session, procedure: str, opened: Sequence[tuple[Mine, Mapping[str, Any]]], *, actor: Actor, on: date,
) -> list[Case]:  # fmt: skip
    """Opens the first case of each mine, numbered like the mine, with facts that have been read. Does not commit."""
    if not opened:
        return []
    definition = PROCEDURES[procedure]
    cases = [
        Case(
            number=mine.code, mine_id=mine.id or 0, procedure=procedure, procedure_version=definition.version,
            state=definition.initial, version=1, facts=dict(facts), parent_id=None, subject="", opened_on=on,
            entered_on=on, source=mine.source,
        )
        for mine, facts in opened
    ]  # fmt: skip
    session.add_all(cases)
    session.flush()
    views = [_view(case, mine) for case, (mine, _) in zip(cases, opened, strict=True)]
    _write(session, views, [mine.source for mine, _ in opened], actor, on)
    return cases


def _view(case: Case, mine: Mine) -> CaseView:
    assert case.id is not None
    assert mine.id is not None
    seen = MineView(
        mine.id, mine.code, mine.name, mine.holder, mine.mineral, mine.township_id, mine.village_id, mine.facts, mine.demo
    )
    return CaseView(
        case.id, case.number, case.procedure, case.state, case.version, case.facts, None, "", case.opened_on,
        case.entered_on, None, None, seen,
    )  # fmt: skip


def _write(session: Session, views: Sequence[CaseView], sources: Sequence[str], actor: Actor, on: date) -> None:
    """Deadlines, entries of the history and drafts."""
    storage, context, now = Storage(session), context_of(session), clock.now()
    judged = [view.judged(context, on) for view in views]
    storage.open_slots([
        (view.id, open_slot(step, facts, on, context))
        for view, facts in zip(views, judged, strict=True) for step in timed(view.procedure, view.state, facts)
    ])  # fmt: skip
    seqs = storage.append([
        {"case_id": view.id, "case_version": 1, "kind": "open", "trigger": "open", "from_state": "",
         "to_state": view.state, "actor": actor.user, "organ_id": actor.organ_id, "occurred_on": on, "recorded_at": now,
         "data": actor.signed({"fields": dict(view.facts), "facts": dict(view.facts), "source": source, "subject": "",
                               "parent": ""})}
        for view, source in zip(views, sources, strict=True)
    ])  # fmt: skip
    storage.documents([
        draft_row(view.id, seq, emits.kind, resolve(emits.issuer, facts) or emits.issuer.id, on)
        for view, seq, facts in zip(views, seqs, judged, strict=True)
        for emits in view.procedure.emits if emits.wanted(view.facts)
    ])  # fmt: skip
