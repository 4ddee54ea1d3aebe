"""The morning's sweep: one indexed look for deadlines to look at, planned purely, written in one transaction."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from states.documents import BY_ID
from workflow import clock
from workflow.context import REVISION, Context, context_of
from workflow.engine import write_changes
from workflow.errors import BadInput
from workflow.models import Case, Chain, Deadline, Notice, NoticeStatus, Setting, Sweep
from workflow.planner import ESCALATION_DRAFTS, Item, Morning, digests, heartbeat, plan_morning
from workflow.storage import Storage, views

#: Whether an organ can be reached on a day by the channel in use.
Reachable = Callable[[str, date], bool]


def sweep(session: Session, as_of: date, *, reachable: Reachable) -> dict[str, int]:
    """Plans and records one morning; answers its counts. Raises BadInput for a day before the last sweep.

    Safe to repeat: each rung of each deadline is claimed once, for ever.
    """
    # Two nodes on one morning: the second waits here, and then finds nothing left to do.
    session.get(Setting, REVISION, with_for_update=True)
    last = session.exec(select(func.max(Sweep.as_of))).one()
    if last and as_of < last:
        raise BadInput(f"{as_of} 早于最近一次扫描的日期 {last}：扫描只能向前，请把日期改为 {last} 或之后。")
    context = context_of(session)
    if not context.calendar.is_working(as_of):
        return {"due": 0, "planned": 0, "superseded": 0, "no_contact": 0, "lapsed": 0, "rest_day": 1}
    morning = plan_morning(due_views(session, as_of), context, as_of)
    done = session.get(Sweep, as_of)
    serial = int(done.counts["serial"]) + 1 if done else 1
    rows = [*morning.lapse_notices, *digests(morning, context, serial)]
    unreachable = {row["recipient_id"] for row in rows if not reachable(row["recipient_id"], as_of)}
    counts = {
        "due": len(morning.items), "planned": len(rows), "superseded": morning.superseded,
        "no_contact": sum(row["recipient_id"] in unreachable for row in rows), "lapsed": len(morning.lapses),
    }  # fmt: skip
    previous = None if done else last_result(session, last)
    _write(session, morning, context, rows)
    if done is None:
        slip = heartbeat(morning, len(rows), unreachable, previous, chain_head(session), context)
        Storage(session).notices([slip])
        done = Sweep(as_of=as_of, recorded_at=clock.now(), counts={})
    merged = {key: int(done.counts.get(key, 0)) + value for key, value in counts.items()}
    done.counts = {**merged, "serial": serial}
    session.add(done)
    session.flush()
    return counts


def due_views(session: Session, as_of: date) -> list[Any]:
    """Cases with a rung to look at: the one indexed look."""
    # Not DISTINCT: for that SQLite, once analysed, walks the whole index of cases instead of the few days due.
    ids = select(Deadline.case_id).where(col(Deadline.next_on) <= as_of)
    case_ids = sorted(set(session.exec(ids)))
    if not case_ids:
        return []
    cases: list[Case] = []
    for start in range(0, len(case_ids), 500):
        chunk = case_ids[start : start + 500]
        cases += session.exec(select(Case).where(col(Case.id).in_(chunk)).order_by(col(Case.id))).all()
    found = []
    for start in range(0, len(cases), 500):
        found += views(session, cases[start : start + 500])
    return found


def last_result(session: Session, last: date | None) -> Mapping[str, Any] | None:
    """What became of the notices of an earlier morning."""
    if last is None:
        return None
    by_status: dict[str, int] = {
        str(status): count
        for status, count in session.exec(
            select(Notice.status, func.count()).where(Notice.planned_on == last, Notice.kind != "heartbeat")
            .group_by(Notice.status)
        )
    }  # fmt: skip
    return {
        "as_of": last.isoformat(), "planned": sum(by_status.values()), "sent": by_status.get(NoticeStatus.SENT, 0),
        "failed": by_status.get(NoticeStatus.FAILED, 0) + by_status.get(NoticeStatus.DEAD, 0),
        "doubtful": by_status.get(NoticeStatus.DOUBTFUL, 0),
        "no_contact": by_status.get(NoticeStatus.NO_CONTACT, 0),
    }  # fmt: skip


def chain_head(session: Session) -> str:
    """The first characters of the history's hash, for the paper that anchors it (N18)."""
    head = session.get(Chain, 1)
    return head.hash[:12] if head else ""


def _write(session: Session, morning: Morning, context: Context, rows: list[Any]) -> None:
    storage = Storage(session)
    if morning.lapses:
        write_changes(session, storage, list(morning.lapses), context, clock.now(), notify=False)
    lapsed = {change.after.id for change in morning.lapses}
    _claim(session, storage, morning, rows, lapsed)
    storage.documents([
        {"case_id": item.case.id, "event_seq": None, "kind": kind, "title": BY_ID[kind].title, "issuer_id": issuer,
         "drafted_on": morning.as_of, "data": {"request": _reason(item, morning.as_of)}}
        for item in morning.items if item.rung.level in ESCALATION_DRAFTS
        for kind, issuer in [ESCALATION_DRAFTS[item.rung.level]]
    ])  # fmt: skip


def _reason(item: Item, as_of: date) -> str:
    """What an escalation's document is about. A day of our own proposing never stands in a document."""
    about, due = item.payload, item.slot.due_on
    day = (
        f"应当于{due.year}年{due.month}月{due.day}日前（含当日）办结，" if due and item.slot.basis != "proposal" else ""
    )
    return f"{about['mine']}“{about['step']}”（{about['clause']}）{day}至{as_of.year}年{as_of.month}月{as_of.day}日尚未办结。"


def _claim(session: Session, storage: Storage, morning: Morning, rows: list[Any], lapsed: set[int]) -> None:
    """Inserts notices and rungs, and moves each deadline to its next look."""
    storage.notices(rows)
    keys = [row["dedupe"] for row in rows if row["kind"] == "digest"]
    ids = dict(session.exec(select(Notice.recipient_id, Notice.id).where(col(Notice.dedupe).in_(keys))).all())
    slot_ids = _slot_ids(session, lapsed)
    fired: dict[Any, list[str]] = {}
    for item in morning.items:
        fired.setdefault((id(item.slot), item.rung), []).append(item.recipient_id)
    looked = [(look, look.before.id or slot_ids[(look.case.id, look.before.trigger)]) for look in morning.looked]
    storage.claim([
        {"notice_id": ids.get(recipient) if rung in look.rungs.fire else None, "deadline_id": deadline,
         "moves": look.before.moves, "lane": rung.lane, "offset": rung.offset, "recipient_id": recipient,
         "planned_on": morning.as_of}
        for look, deadline in looked for rung in (*look.rungs.fire, *look.rungs.superseded)
        for recipient in fired.get((id(look.before), rung), [""])
    ])  # fmt: skip
    storage.look_again([(deadline, look.after) for look, deadline in looked])


def _slot_ids(session: Session, case_ids: set[int]) -> dict[tuple[int, str], int]:
    """Ids of deadlines that a lapse has opened this very morning."""
    if not case_ids:
        return {}
    found = session.exec(select(Deadline).where(col(Deadline.case_id).in_(case_ids), Deadline.status == "open")).all()
    return {(d.case_id, d.trigger): d.id for d in found if d.id is not None}
