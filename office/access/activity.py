"""操作日志: who did what at the screens, one hash-chained line each, nothing of what was typed."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from workflow.audit import Breach, canonical
from workflow.models import Activity, Chain

#: Row of `Chain` that holds this log's head; row 1 is the case history's.
HEAD = 2
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Line:
    """What is written down of one request or deed."""

    at: datetime
    #: Empty where nobody was signed in and no account of that name exists: people type passwords there.
    account: str
    organ_id: str
    action: str
    object: str
    outcome: str
    address: str = ""
    request_id: str = ""


def lock(session: Session) -> Chain:
    """The head of the log, held until the transaction ends."""
    return session.get_one(Chain, HEAD, with_for_update=True, populate_existing=True)


def append(session: Session, *lines: Line) -> None:
    """Adds lines to the chain. Does not commit."""
    head = lock(session)
    for line in lines:
        seq = head.seq + 1
        row = Activity(
            seq=seq, at=line.at, account=_plain(line.account), organ_id=line.organ_id, action=_plain(line.action),
            object=_plain(line.object), outcome=_plain(line.outcome), address=_plain(line.address),
            request_id=line.request_id, prev_hash=head.hash, hash="",
        )  # fmt: skip
        row.hash = line_hash(row)
        head.seq, head.hash = seq, row.hash
        session.add(row)
    session.add(head)


def _plain(text: str) -> str:
    """Something that every database keeps and gives back as it was."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")[:_LONGEST]


def line_hash(row: Activity) -> str:
    """SHA-256 (hex) over a line and the hash before it."""
    parts = [
        row.prev_hash, row.seq, row.at.astimezone(UTC).isoformat(timespec="microseconds"), row.account, row.organ_id,
        row.action, row.object, row.outcome, row.address, row.request_id,
    ]  # fmt: skip
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def verify(session: Session) -> Iterator[Breach]:
    """Recomputes the chain; yields what does not fit."""
    prev, expected = "", 1
    for row in session.exec(select(Activity).order_by(col(Activity.seq)).execution_options(yield_per=500)):
        if row.seq != expected:
            yield Breach(f"操作日志 {expected}", f"缺失（下一条是 {row.seq}），记录被删除或插入")
        if row.prev_hash != prev:
            yield Breach(f"操作日志 {row.seq}", "与上一条的哈希不衔接")
        if line_hash(row) != row.hash:
            yield Breach(f"操作日志 {row.seq}", "内容与哈希不符，记录被改动")
        prev, expected = row.hash, row.seq + 1
    head = session.get(Chain, HEAD)
    if head is None or (head.seq, head.hash) != (expected - 1, prev):
        seq = head.seq if head else "（无）"
        yield Breach("操作日志链头", f"记载到第 {seq} 条，实际最后一条是第 {expected - 1} 条，末尾记录被截断")
