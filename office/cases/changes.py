"""What others have recorded about a case since somebody last looked, in words."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from office.cases.case_words import label_of, value_words
from states.registry import PROCEDURES
from workflow.context import context_of
from workflow.entries import entry_title
from workflow.models import Case, Event, User

_KINDS = {"correct": "更正（撤回上一次办理）"}


@dataclass(frozen=True, slots=True)
class Changed:
    """One entry that somebody else has made meanwhile."""

    version: int
    at: datetime
    who: str
    organ: str
    what: str
    state: str
    #: Values that were recorded: label and value.
    said: tuple[tuple[str, str], ...] = ()


def changes_since(session: Session, number: str, version: int) -> list[Changed]:
    """The entries of a case after a version, oldest first."""
    query = (
        select(Event, Case.procedure, User.name).join(Case, col(Event.case_id) == Case.id)
        .outerjoin(User, col(Event.actor) == User.id)
        .where(Case.number == number, col(Event.case_version) > version).order_by(col(Event.case_version))
    )  # fmt: skip
    organs = context_of(session).organs
    return [
        Changed(
            event.case_version, event.recorded_at, name or "系统", organs.get(event.organ_id, ""),
            title_of(event, procedure), _state(procedure, event.to_state), tuple(_said(event, procedure, organs)),
        )
        for event, procedure, name in session.exec(query)
    ]  # fmt: skip


def title_of(event: Event, procedure: str) -> str:
    """What an entry is called."""
    if event.kind == "step":
        step = PROCEDURES[procedure].step(event.trigger)
        return step.title if step else event.trigger
    return _KINDS.get(event.kind) or entry_title(event.kind, event.trigger) or event.trigger


def _state(procedure: str, state: str) -> str:
    return PROCEDURES[procedure].state(state).label if PROCEDURES[procedure].knows(state) else "已撤销"


def _said(event: Event, procedure: str, organs: dict[str, str]) -> list[tuple[str, str]]:
    step = PROCEDURES[procedure].step(event.trigger)
    fields = {field.name: field for field in step.fields} if step else {}
    found = []
    for name, value in event.data.get("fields", {}).items():
        if event.kind == "record":
            found.append((label_of(procedure, name), value_words(procedure, name, value, organs) or "改为尚未查清"))
            continue
        field = fields.get(name)
        shown = (field.choices if field and field.choices else organs).get(str(value), str(value))
        found.append((field.label if field else name, "是" if value is True else shown))
    if event.kind in ("correct", "act") and event.data.get("reason"):
        found.append(("理由", str(event.data["reason"])))
    return found
