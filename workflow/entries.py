"""Entries in the history that move no case: a document's life, and what is done about a case beside its steps."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from workflow import clock
from workflow.models import Event
from workflow.storage import Storage
from workflow.views import Actor, CaseView

#: What entries that are no steps are called, by their kind.
ENTRIES = {"open": "立案", "record": "补充登记", "correct": "更正", "void": "撤销立案"}
#: Trigger of an entry of kind `record` that a new version of the plan has brought, and what it is called.
AMEND, AMENDED = "amend", "方案调整"
#: What happened to a document, by the trigger of an entry of kind `paper`.
PAPERS = {"issue": "出具文书", "void": "作废文书", "serve": "登记送达", "version": "上传文书版本"}
#: What is done about a case beside its steps: trigger -> what it is called.
ACTS = {
    "urged": "催办", "supervised": "督办", "transferred": "转办", "copied": "抄送", "uncopied": "取消抄送",
    "survey_urged": "催报摸底缺项",
}  # fmt: skip


def entry_title(kind: str, trigger: str) -> str:
    """What an entry that is no step is called; empty for a step."""
    if kind == "paper":
        return PAPERS.get(trigger, "文书")
    if kind == "act":
        return ACTS.get(trigger, trigger)
    return AMENDED if (kind, trigger) == ("record", AMEND) else ENTRIES.get(kind, "")


def amended_since(session: Session, case_id: int, seq: int) -> dict[str, Any]:
    """Facts of a case that a new version of the plan has changed after an entry."""
    query = select(Event.data).where(
        Event.case_id == case_id, Event.kind == "record", Event.trigger == AMEND, col(Event.seq) > seq
    ).order_by(col(Event.seq))  # fmt: skip
    return {name: value for data in session.exec(query) for name, value in data.get("amended", {}).items()}


def lock(session: Session, number: str) -> CaseView | None:
    """The case of a document, locked before anything else is: every writer locks in this order."""
    if not number:
        return None
    found = Storage(session).case(number)
    assert found is not None
    return found[0]


def note(
    session: Session, case: CaseView | None, trigger: str, *, actor: Actor, on: date, data: Mapping[str, Any]
) -> int:
    """Appends an entry of kind `paper`; answers its number. `case` must be locked; None for the office's own papers."""
    return _append(session, "paper", case, trigger, actor, on, data)


def act(
    session: Session, case: CaseView | None, trigger: str, *, actor: Actor, on: date, data: Mapping[str, Any]
) -> int:
    """Appends an entry of kind `act` (one of ACTS); answers its number. `case` must be locked; None as for `note`."""
    return _append(session, "act", case, trigger, actor, on, data)


def _append(
    session: Session, kind: str, case: CaseView | None, trigger: str, actor: Actor, on: date, data: Mapping[str, Any]
) -> int:
    storage = Storage(session)
    state, version, facts = "", 0, {}
    if case:
        after = case.with_(version=case.version + 1)
        storage.update_cases([(case, after)])
        state, version, facts = after.state, after.version, dict(after.facts)
    (seq,) = storage.append([
        {"case_id": case.id if case else None, "case_version": version, "kind": kind, "trigger": trigger,
         "from_state": state, "to_state": state, "actor": actor.user, "organ_id": actor.organ_id, "occurred_on": on,
         "recorded_at": clock.now(), "data": actor.signed({**data, "facts": facts})}
    ])  # fmt: skip
    return seq
