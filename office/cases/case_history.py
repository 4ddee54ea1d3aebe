"""办理记录 of one case for the screens: entries with what they recorded, notices in between, and the way it took."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from notifications.names import KINDS, STATUSES
from office.cases.case_words import label_of, value_words
from states import documents
from states.kernel import Procedure
from workflow.clock import OFFICE
from workflow.entries import AMEND, entry_title
from workflow.models import Attachment, Case, Deadline, Document, Event, Notice, NoticeItem, User

#: Entries on the page at first; the rest is a click away.
PAGE = 30


@dataclass(frozen=True, slots=True)
class Taken:
    """An entry that stands, without what it recorded: enough for the way a case took."""

    seq: int
    version: int
    trigger: str
    from_state: str
    to_state: str
    organ_id: str
    actor: str
    on: date


@dataclass(frozen=True, slots=True)
class Trail:
    """The entries that stand, those taken back, and the last that somebody worked."""

    standing: tuple[Taken, ...]
    corrected: frozenset[int]
    #: Organs that have made entries after the last standing one.
    since: frozenset[str]


def trail(session: Session, case_id: int) -> Trail:
    """The way of a case, without reading what its entries recorded."""
    columns = (
        col(Event.seq), col(Event.case_version), col(Event.trigger), col(Event.from_state), col(Event.to_state),
        col(Event.organ_id), col(Event.actor), col(Event.occurred_on),
    )  # fmt: skip
    query = (
        select(*columns, col(Event.kind))
        .where(col(Event.case_id) == case_id, col(Event.kind).in_(("open", "step", "correct", "record")))
        .order_by(col(Event.case_version))
    )
    stack: list[Taken] = []
    corrected, later = set(), []
    for *values, kind in session.execute(query):
        entry = Taken(*values)
        if kind in ("open", "step"):
            stack.append(entry)
            continue
        later.append(entry)
        if kind == "correct" and stack:
            corrected.add(stack.pop().seq)
    last = stack[-1].version if stack else 0
    return Trail(tuple(stack), frozenset(corrected), frozenset(e.organ_id for e in later if e.version > last))


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the timeline."""

    at: datetime
    title: str
    organ: str
    person: str
    #: Day of the deed where it is another than that of the entry.
    on: date | None = None
    seq: int = 0
    kind: str = ""
    said: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    files: tuple[Attachment, ...] = ()
    papers: tuple[Document, ...] = ()
    #: Taken back since.
    corrected: bool = False
    link: str = ""
    changes_state: str = ""


@dataclass(slots=True)
class Reading:
    """What the entries of a page are written out with."""

    case: Case
    procedure: Procedure
    organs: Mapping[str, str]
    people: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[int, list[Attachment]] = field(default_factory=dict)
    drafts: Mapping[int, list[Document]] = field(default_factory=dict)
    papers: Mapping[int, Document] = field(default_factory=dict)
    corrected: frozenset[int] = frozenset()


def page_of(session: Session, case: Case, *, every: bool) -> Sequence[Event]:
    """The entries of a case, the newest first."""
    query = select(Event).where(col(Event.case_id) == case.id).order_by(col(Event.case_version).desc())
    return session.scalars(query if every else query.limit(PAGE)).all()


def names(session: Session, accounts: Iterable[str]) -> dict[str, str]:
    """Accounts as people read them."""
    rows = session.execute(select(col(User.id), col(User.name)).where(col(User.id).in_(sorted(set(accounts)))))
    return {"clock": "系统", **{row.id: row.name for row in rows}}


def items(reading: Reading, events: Sequence[Event]) -> list[Item]:
    """The entries in words."""
    return [_item(reading, event) for event in events]


def _item(reading: Reading, event: Event) -> Item:
    data, procedure = event.data, reading.procedure
    on = event.occurred_on
    moved = event.from_state and event.from_state != event.to_state
    papers = reading.drafts.get(event.seq, [])
    if event.kind == "paper" and (paper := reading.papers.get(data.get("document", 0))):
        papers = [paper]
    return Item(
        event.recorded_at, _title(reading, event), reading.organs.get(event.organ_id, "系统"), _person(reading, event),
        on if on != event.recorded_at.astimezone(OFFICE).date() else None, event.seq, event.kind,
        tuple(_said(reading, event)), _reason(data), tuple(reading.files.get(event.seq, [])),
        tuple(papers), event.seq in reading.corrected,
        changes_state=f"{_state(procedure, event.from_state)} → {_state(procedure, event.to_state)}" if moved else "",
    )  # fmt: skip


def _reason(data: Mapping[str, Any]) -> str:
    return str(data.get("reason") or data.get("fields", {}).get("reason") or "")


def _title(reading: Reading, event: Event) -> str:
    step = reading.procedure.step(event.trigger)
    return entry_title(event.kind, event.trigger) or (step.title if step else event.trigger)


def _person(reading: Reading, event: Event) -> str:
    own = reading.people.get(event.actor, event.actor)
    behalf = event.data.get("on_behalf_of")
    return f"{own}（代 {reading.people.get(behalf, behalf)}）" if behalf else own


def _state(procedure: Procedure, state: str) -> str:
    return procedure.state(state).label if procedure.knows(state) else "已撤销"


def _said(reading: Reading, event: Event) -> Iterable[tuple[str, str]]:
    """What was filled in, by the labels of the form."""
    data, procedure = event.data, reading.procedure.id
    for name, value in data.get("fields", {}).items():
        label = reading.labels.get(name) or label_of(procedure, name)
        if value not in (None, "") and name != "reason":
            yield label, value_words(procedure, name, value, reading.organs)
        elif value is None and event.kind == "record":
            yield label, "改为尚未查清"
    if event.kind == "correct":
        yield "撤回", f"第 {data.get('corrects')} 号记录"
    if event.kind == "act" and data.get("organ"):
        to = reading.people.get(data.get("to", ""), "")
        organ = reading.organs.get(data["organ"], data["organ"])
        yield "对象", organ if to in ("", organ) else f"{organ} {to}"
    if event.kind in ("record", "open") and data.get("source"):
        yield "来源" if event.kind == "record" else "立案依据", str(data["source"])
    if event.trigger == AMEND:
        yield "依据", str(data.get("basis", ""))
        if data.get("note"):
            yield "待定", str(data["note"])


def notices(
    session: Session, case: Case, events: Sequence[Event], organs: Mapping[str, str], *, every: bool
) -> list[Item]:
    """Messages about the case since the oldest entry shown: reminders of its deadlines, and those its entries gave rise to."""
    if not events:
        return []
    since = events[-1].occurred_on if events[-1].case_version > 1 else date.min
    columns = (
        col(Notice.id), col(Notice.kind), col(Notice.recipient_id), col(Notice.planned_on), col(Notice.status),
        col(Notice.sent_at),
    )  # fmt: skip
    reminders = (
        select(col(NoticeItem.notice_id)).join(Deadline, col(NoticeItem.deadline_id) == Deadline.id)
        .where(col(Deadline.case_id) == case.id, col(NoticeItem.notice_id).is_not(None))
    )  # fmt: skip
    query = (
        select(*columns)
        .where(or_(col(Notice.id).in_(reminders), col(Notice.dedupe).in_(_keys(case, events))), col(Notice.planned_on) >= since)
        .order_by(col(Notice.id).desc()).limit(None if every else PAGE)
    )  # fmt: skip
    found = []
    for notice, kind, recipient, planned_on, status, sent_at in session.execute(query):
        at = sent_at or datetime.combine(planned_on, time(9), OFFICE)
        title = f"{KINDS.get(kind, '通知')}{STATUSES[status]}"
        who = organs.get(recipient, recipient) or "责任单位尚未明确"
        found.append(Item(at, title, "系统", "", kind="notice", said=(("收件单位", who),), link=f"/notices/{notice}"))
    return found


def _keys(case: Case, events: Sequence[Event]) -> list[str]:
    """What the messages of entries are known by."""
    keys = []
    for event in events:
        if event.kind == "step":
            keys += [f"{kind}|{case.number}|{event.case_version}" for kind in ("moved", "lapsed")]
        elif event.kind == "act":
            keys.append({
                "copied": f"copied|{case.number}|{event.case_version}", "urged": f"urge|{case.number}|{event.occurred_on}",
                "supervised": f"supervise|{case.number}|{event.occurred_on}",
            }.get(event.trigger, ""))  # fmt: skip
    return keys


def fact_history(session: Session, case: Case, name: str) -> list[Event]:
    """The entries of a case that have recorded one value, the newest first."""
    query = (
        select(Event).where(col(Event.case_id) == case.id, col(Event.kind).in_(("open", "step", "record")))
        .order_by(col(Event.case_version).desc())
    )  # fmt: skip
    return [event for event in session.scalars(query) if name in event.data.get("fields", {})]


def document_title(kind: str) -> str:
    return documents.BY_ID[kind].title if kind in documents.BY_ID else kind
