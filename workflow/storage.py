"""Reads case views and writes changes: the fast path's statements, in sets, inside the caller's transaction."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, null, select, update
from sqlmodel import Session

from states import documents
from states.facts import Track
from states.permits import KINDS
from states.registry import PROCEDURES
from workflow.audit import event_hash
from workflow.models import (
    Attachment,
    Case,
    Chain,
    Deadline,
    DeadlineChange,
    Document,
    Event,
    Mine,
    Notice,
    NoticeItem,
    NoticeStatus,
    Organ,
    Permit,
    Setting,
)  # fmt: skip
from workflow.statements import Statement, cursor_of
from workflow.views import VOID, CaseView, MineView, Slot

_case, _mine, _deadline = Case.__table__, Mine.__table__, Deadline.__table__  # type: ignore[attr-defined]
_chain, _event, _setting = Chain.__table__, Event.__table__, Setting.__table__  # type: ignore[attr-defined]

_CASE_COLUMNS = (
    "id", "number", "procedure", "state", "version", "facts", "parent_id", "subject", "opened_on", "entered_on",
    "closed_on", "suspended_on",
)  # fmt: skip
_MINE_COLUMNS = ("id", "code", "name", "holder", "mineral", "township_id", "village_id", "facts", "demo")
_SLOT_COLUMNS = (
    "trigger", "opened_on", "due_on", "basis", "provisional", "ladder", "next_on", "reminded", "escalated", "moves", "id",
)  # fmt: skip


def _case_query() -> Any:
    revision = select(_setting.c.value).where(_setting.c.name == "revision").scalar_subquery()
    return select(
        *(_case.c[name] for name in _CASE_COLUMNS), *(_mine.c[name] for name in _MINE_COLUMNS),
        revision.label("revision"),
    ).join_from(_case, _mine, _case.c.mine_id == _mine.c.id)  # fmt: skip


_BY_NUMBER = Statement(lambda _: _case_query().where(_case.c.number == bindparam("n")).with_for_update(of=_case))
_SLOTS = Statement(
    lambda _: (
        select(*(_deadline.c[name] for name in _SLOT_COLUMNS))
        .where(_deadline.c.case_id == bindparam("case"), _deadline.c.status == "open")
        .order_by(_deadline.c.id)
    )
)
_HEAD = Statement(lambda _: select(_chain.c.seq, _chain.c.hash).where(_chain.c.id == 1).with_for_update())
_MOVE_HEAD = Statement(lambda _: update(_chain).where(_chain.c.id == 1).values(seq=bindparam("s"), hash=bindparam("h")))
_UPDATE_CASE = Statement(
    lambda _: update(_case)
    .where(_case.c.id == bindparam("key"), _case.c.version == bindparam("seen"))
    .values({name: bindparam(f"v_{name}") for name in
             ("state", "version", "facts", "entered_on", "closed_on", "suspended_on")})
)  # fmt: skip
_CLOSE_SLOT = Statement(
    lambda _: (
        update(_deadline)
        .where(_deadline.c.id == bindparam("key"))
        .values(status=bindparam("v_status"), closed_on=bindparam("v_closed_on"), next_on=null())
    )
)
_MOVE_SLOT = Statement(
    lambda _: (
        update(_deadline)
        .where(_deadline.c.id == bindparam("key"))
        .values(
            {
                name: bindparam(f"v_{name}")
                for name in ("due_on", "provisional", "next_on", "reminded", "escalated", "moves")
            }
        )
    )
)
#: A step taken since the look has closed the deadline: a closed one is never looked at again.
_LOOK_AGAIN = Statement(
    lambda _: (
        update(_deadline)
        .where(_deadline.c.id == bindparam("key"), _deadline.c.status == "open")
        .values({name: bindparam(f"v_{name}") for name in ("next_on", "reminded", "escalated")})
    )
)


def _insert(model: Any, *, without: tuple[str, ...] = ("id",)) -> Statement:
    table = model.__table__
    return Statement(lambda _: insert(table), [c.name for c in table.columns if c.name not in without])


_INSERT_EVENT = _insert(Event, without=())
_INSERT_SLOT = _insert(Deadline)
_INSERT_CHANGE = _insert(DeadlineChange)
_INSERT_NOTICE = _insert(Notice)
#: What a draft consists of; the columns of its later life stay empty.
_DRAFT = ("case_id", "event_seq", "kind", "title", "issuer_id", "status", "drafted_on", "data", "number")
_INSERT_DOCUMENT = Statement(lambda _: insert(Document.__table__), list(_DRAFT))  # type: ignore[attr-defined]
_INSERT_ATTACHMENT = _insert(Attachment)
_INSERT_ITEM = _insert(NoticeItem)


class Storage:
    """The write path's reads and writes on one session; every write is a set."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._dialect, self._cursor = cursor_of(session)

    def together(self) -> AbstractContextManager[object]:
        """Writes inside travel together: on PostgreSQL without a wait for each answer. A failure shows at the end."""
        return self._cursor.connection.pipeline() if self._dialect.name == "postgresql" else nullcontext()

    def case(self, number: str) -> tuple[CaseView, str] | None:
        """The case, locked, with its running deadlines; and the revision of the settings."""
        rows = _BY_NUMBER.on(self._dialect).rows(self._cursor, {"n": number})
        if not rows:
            return None
        row = rows[0]
        slots = _SLOTS.on(self._dialect).rows(self._cursor, {"case": row[0]})
        mine = MineView(*row[len(_CASE_COLUMNS) : -1])
        return CaseView(*(*row[: len(_CASE_COLUMNS)], mine, tuple(Slot(*s) for s in slots))), row[-1] or ""

    def append(self, events: Sequence[dict[str, Any]]) -> list[int]:
        """Adds entries to the chain, in order; answers their numbers."""
        seq, head = _HEAD.on(self._dialect).rows(self._cursor, {})[0]
        for event in events:
            seq += 1
            event.update(seq=seq, prev_hash=head)
            head = event["hash"] = event_hash(head, event)
        _INSERT_EVENT.on(self._dialect).run(self._cursor, events)
        _MOVE_HEAD.on(self._dialect).run(self._cursor, [{"s": seq, "h": head}])
        return [event["seq"] for event in events]

    def update_cases(self, pairs: Sequence[tuple[CaseView, CaseView]]) -> bool:
        """Writes (before, after); False when any row was no longer as it had been seen."""
        rows = [
            {"key": after.id, "seen": before.version, "v_state": after.state, "v_version": after.version,
             "v_facts": dict(after.facts), "v_entered_on": after.entered_on, "v_closed_on": after.closed_on,
             "v_suspended_on": after.suspended_on}
            for before, after in pairs
        ]  # fmt: skip
        return _UPDATE_CASE.on(self._dialect).run(self._cursor, rows) == len(rows)

    def close_slots(self, slots: Sequence[tuple[Slot, str]], closed_on: Sequence[date]) -> None:
        _CLOSE_SLOT.on(self._dialect).run(
            self._cursor,
            [{"key": s.id, "v_status": status, "v_closed_on": day}
             for (s, status), day in zip(slots, closed_on, strict=True)],
        )  # fmt: skip

    def open_slots(self, pairs: Sequence[tuple[int, Slot]]) -> None:
        rows = [
            {**slot_values(slot), "case_id": case_id, "status": "open", "closed_on": None} for case_id, slot in pairs
        ]
        _INSERT_SLOT.on(self._dialect).run(self._cursor, rows)

    def move_slots(
        self, moves: Sequence[tuple[Slot, Slot]], *, reason: str, basis: str, actor: str, now: datetime
    ) -> None:
        """Writes recomputed deadlines; a changed day leaves a trace."""
        _MOVE_SLOT.on(self._dialect).run(
            self._cursor,
            [
                {
                    "key": new.id,
                    "v_due_on": new.due_on,
                    "v_provisional": new.provisional,
                    "v_next_on": new.next_on,
                    "v_reminded": new.reminded,
                    "v_escalated": new.escalated,
                    "v_moves": new.moves,
                }
                for _, new in moves
            ],
        )
        changed = [
            {"deadline_id": old.id, "old_due": old.due_on, "new_due": new.due_on, "reason": reason, "basis": basis,
             "actor": actor, "recorded_at": now}
            for old, new in moves if old.due_on != new.due_on
        ]  # fmt: skip
        _INSERT_CHANGE.on(self._dialect).run(self._cursor, changed)

    def notices(self, rows: Sequence[Mapping[str, Any]]) -> None:
        base = {
            "status": NoticeStatus.PLANNED.value, "attempt": 0, "claimed_at": None, "committed": False, "next_at": None,
            "message_id": "", "address": "", "sent_at": None, "reply": "",
        }  # fmt: skip
        _INSERT_NOTICE.on(self._dialect).run(self._cursor, [{**base, **row} for row in rows])

    def documents(self, rows: Sequence[Mapping[str, Any]]) -> None:
        base = {"status": "draft", "data": {}, "number": ""}
        _INSERT_DOCUMENT.on(self._dialect).run(self._cursor, [{**base, **row} for row in rows])

    def attachments(self, rows: Sequence[Mapping[str, Any]]) -> None:
        _INSERT_ATTACHMENT.on(self._dialect).run(self._cursor, rows)

    def claim(self, rungs: Sequence[Mapping[str, Any]]) -> None:
        """Records rungs as handled; each can be only once."""
        _INSERT_ITEM.on(self._dialect).run(self._cursor, rungs)

    def look_again(self, slots: Sequence[tuple[int, Slot]]) -> None:
        """Moves deadlines to their next look."""
        _LOOK_AGAIN.on(self._dialect).run(
            self._cursor,
            [{"key": key, "v_next_on": slot.next_on, "v_reminded": slot.reminded, "v_escalated": slot.escalated}
             for key, slot in slots],
        )  # fmt: skip


def draft_row(case_id: int, event_seq: int, kind: str, issuer_id: str, on: date) -> dict[str, Any]:
    """A draft as `Storage.documents` writes it."""
    return {"case_id": case_id, "event_seq": event_seq, "kind": kind, "title": documents.BY_ID[kind].title,
            "issuer_id": issuer_id, "drafted_on": on}  # fmt: skip


def slot_values(slot: Slot) -> dict[str, Any]:
    return {name: getattr(slot, name) for name in _SLOT_COLUMNS if name != "id"}


def views(session: Session, cases: Sequence[Case]) -> list[CaseView]:
    """Read-only views of many cases, in three queries, tracks included."""
    if not cases:
        return []
    mine_ids = {case.mine_id for case in cases}
    mines = {m.id: m for m in session.scalars(select(Mine).where(_mine.c.id.in_(mine_ids)))}
    slots: dict[int, list[Slot]] = {}
    ids = [case.id for case in cases]
    for d in session.scalars(
        select(Deadline).where(_deadline.c.case_id.in_(ids), _deadline.c.status == "open").order_by(_deadline.c.id)
    ):
        slots.setdefault(d.case_id, []).append(Slot(**{name: getattr(d, name) for name in _SLOT_COLUMNS}))
    tracks = tracks_of(session, mine_ids)
    return [_view(case, mines[case.mine_id], slots.get(case.id or 0, []), tracks) for case in cases]


def _view(case: Case, mine: Mine, slots: list[Slot], tracks: Mapping[int, tuple[Track, ...]]) -> CaseView:
    values = {name: getattr(case, name) for name in _CASE_COLUMNS if name != "procedure"}
    return CaseView(
        **values, procedure_id=case.procedure, slots=tuple(slots), tracks=tracks.get(case.mine_id, ()),
        mine=MineView(**{name: getattr(mine, name) for name in _MINE_COLUMNS}),
    )  # fmt: skip


def tracks_of(session: Session, mine_ids: set[int]) -> dict[int, tuple[Track, ...]]:
    """The tracks of some mines, oldest first; those opened by an entry taken back are left out."""
    ids = [procedure.id for procedure in PROCEDURES.values() if procedure.kind == "track"]
    found: dict[int, list[Track]] = {}
    rows = session.scalars(
        select(Case)
        .where(_case.c.mine_id.in_(mine_ids), _case.c.procedure.in_(ids), _case.c.state != VOID)
        .order_by(_case.c.id)
    ).all()
    names = _subject_names(session, {case.subject for case in rows if case.subject})
    for case in rows:
        state = PROCEDURES[case.procedure].state(case.state)
        found.setdefault(case.mine_id, []).append(
            Track(case.procedure, case.number, case.state, state.label, state.final,
                  names.get(case.subject, ""), case.subject.partition(":")[2], case.facts)
        )  # fmt: skip
    return {mine: tuple(tracks) for mine, tracks in found.items()}


def _subject_names(session: Session, subjects: set[str]) -> dict[str, str]:
    organs = [s[6:] for s in subjects if s.startswith("organ:")]
    permits = [int(s[7:]) for s in subjects if s.startswith("permit:")]
    names = {}
    if organs:
        for organ in session.scalars(select(Organ).where(Organ.__table__.c.id.in_(organs))):  # type: ignore[attr-defined]
            names[f"organ:{organ.id}"] = organ.name
    if permits:
        for permit in session.scalars(select(Permit).where(Permit.__table__.c.id.in_(permits))):  # type: ignore[attr-defined]
            names[f"permit:{permit.id}"] = f"{KINDS[permit.kind]}{permit.number}"
    return names
