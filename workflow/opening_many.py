"""Cases of many new mines opened at once: what `engine.open_case` does for one, written in sets."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

from states.registry import PROCEDURES
from workflow import clock
from workflow.context import context_of
from workflow.deadlines import open_slot, timed
from workflow.models import Case
from workflow.storage import Storage, draft_row
from workflow.views import Actor, CaseView, MineView, resolve

#: Values in one statement: SQLite takes so many.
_AT_ONCE = 500


def open_first_cases(
    session: Session, procedure: str, opened: Sequence[tuple[MineView, Mapping[str, Any], str]], *, actor: Actor, on: date,
) -> None:  # fmt: skip
    """Opens the first case of each mine, numbered like the mine, with facts that have been read and its source.

    Does not commit.
    """
    if not opened:
        return
    definition = PROCEDURES[procedure]
    rows = [
        {"number": mine.code, "mine_id": mine.id, "procedure": procedure, "procedure_version": definition.version,
         "state": definition.initial, "version": 1, "facts": dict(facts), "parent_id": None, "subject": "",
         "opened_on": on, "entered_on": on, "closed_on": None, "suspended_on": None, "source": source}
        for mine, facts, source in opened
    ]  # fmt: skip
    session.flush()
    session.connection().execute(insert(Case), rows)
    ids: dict[str, int] = {}
    for at in range(0, len(rows), _AT_ONCE):
        numbers = [row["number"] for row in rows[at : at + _AT_ONCE]]
        found = session.exec(select(Case.number, Case.id).where(col(Case.number).in_(numbers)))
        ids |= {number: key for number, key in found if key is not None}
    views = [
        CaseView(ids[mine.code], mine.code, procedure, definition.initial, 1, facts, None, "", on, on, None, None, mine)
        for mine, facts, _ in opened
    ]
    _write(session, views, [source for *_, source in opened], actor, on)


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
