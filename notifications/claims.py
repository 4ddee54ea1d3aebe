"""The notice row as a lock: every change of hands is one compare-and-set on `attempt`, on both databases alike.

Nobody here commits. Whoever holds attempt n may write its outcome; a later attempt fences the earlier one off.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import Session, col, select

from notifications.recipients import address_for, organ_name
from workflow.clock import OFFICE
from workflow.models import Attempt, Contact, Notice, NoticeStatus

#: A claim that old was left behind by a crash; no living deliverer takes a quarter of that.
STALE = timedelta(minutes=15)
#: Waiting time after the first failures; then once a day, for ever.
BACKOFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240))
#: Outcomes of an earlier attempt after which the letter may already be with its recipient.
_MAYBE_THERE = ("doubtful", "sent")


@dataclass(frozen=True, slots=True)
class Claim:
    """A notice in one deliverer's hands, with everything that the letter needs."""

    notice_id: int
    attempt: int
    key: str
    kind: str
    organ_id: str
    organ: str
    planned_on: date
    payload: dict[str, Any]
    address: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt."""

    status: NoticeStatus
    reply: str = ""
    stops_batch: bool = False


def due(session: Session, now: datetime, limit: int) -> list[tuple[int, int]]:
    """(id, attempt) of what may be sent now; the never tried first, so that old failures starve nobody."""
    todo = select(Notice.id, Notice.attempt).where(*_sendable(now)).order_by(col(Notice.attempt), col(Notice.id))
    return [(number, attempt) for number, attempt in session.exec(todo.limit(limit)) if number is not None]


def claim(
    session: Session,
    notice_id: int,
    seen: int,
    now: datetime,
    address: Callable[[str, Contact | None], str | None],
) -> Claim | None:
    """Take a notice over; None where somebody else was quicker."""
    taken = (
        update(Notice)
        .where(col(Notice.id) == notice_id, col(Notice.attempt) == seen, *_sendable(now))
        .values(status=NoticeStatus.SENDING, attempt=seen + 1, claimed_at=now, committed=False)
    )
    if not _hit(session, taken):
        return None
    session.add(Attempt(notice_id=notice_id, number=seen + 1, started_at=now))
    notice = session.get_one(Notice, notice_id)
    contact = address_for(session, notice.recipient_id, now.astimezone(OFFICE).date())
    return Claim(
        notice_id=notice_id,
        attempt=seen + 1,
        key=notice.dedupe,
        kind=notice.kind,
        organ_id=notice.recipient_id,
        organ=organ_name(session, notice.recipient_id),
        planned_on=notice.planned_on,
        payload=notice.payload,
        address=address(notice.recipient_id, contact) if notice.recipient_id else None,
    )


def announce(session: Session, held: Claim, message_id: str, *, committed: bool) -> bool:
    """Note that the letter may be gone from here on; False where the claim was lost meanwhile."""
    noted = (
        update(Notice)
        .where(*_mine(held.notice_id, held.attempt), col(Notice.status) == NoticeStatus.SENDING)
        .values(committed=committed, message_id=message_id, address=held.address)
    )
    return _hit(session, noted)


def record(session: Session, held: Claim, outcome: Outcome, now: datetime) -> Outcome | None:
    """Write an attempt's end, and the notice's unless the claim was lost. Answers what the notice became."""
    _end_attempt(session, held.notice_id, held.attempt, outcome, now)
    outcome = _after_doubt(session, held, outcome)
    # Thawed after a long freeze, a holder still knows better than those who gave its attempt up.
    given_up = [NoticeStatus.SENDING, NoticeStatus.DOUBTFUL]
    if outcome.status is NoticeStatus.SENT:
        given_up.append(NoticeStatus.FAILED)
    written = (
        update(Notice)
        .where(*_mine(held.notice_id, held.attempt))
        .where(col(Notice.status).in_(given_up))
        .values(status=outcome.status, reply=outcome.reply, **_traces(held.attempt, outcome.status, now))
    )
    return outcome if _hit(session, written) else None


def release_stale(session: Session, now: datetime) -> int:
    """Free what a crash left claimed; answers how many of them are doubtful and stay held."""
    abandoned = select(Notice).where(col(Notice.status) == NoticeStatus.SENDING, col(Notice.claimed_at) < now - STALE)
    return sum([_release(session, notice, now) for notice in session.exec(abandoned).all()])


def _release(session: Session, notice: Notice, now: datetime) -> bool:
    if notice.id is None or notice.claimed_at is None:
        return False
    outcome = _interrupted(notice, notice.claimed_at)
    freed = (
        update(Notice)
        .where(*_mine(notice.id, notice.attempt), col(Notice.status) == NoticeStatus.SENDING)
        .where(col(Notice.committed) == notice.committed)
        .values(status=outcome.status, reply=outcome.reply, next_at=now)
    )
    if not _hit(session, freed):
        return False
    _end_attempt(session, notice.id, notice.attempt, outcome, now)
    return outcome.status is NoticeStatus.DOUBTFUL


def _interrupted(notice: Notice, since: datetime) -> Outcome:
    if not notice.committed:
        return Outcome(NoticeStatus.FAILED, "发送中断，信件尚未发出，将重新发送")
    at = since.astimezone(OFFICE).strftime("%Y-%m-%d %H:%M")
    return Outcome(
        NoticeStatus.DOUBTFUL,
        f"发送在 {at} 之后中断，信件可能已发出；请在邮件服务器日志中查 {notice.message_id}，再确认已发出或重新发送",
    )


def _after_doubt(session: Session, held: Claim, outcome: Outcome) -> Outcome:
    """An earlier attempt may have arrived, so a refusal now does not prove that nothing was delivered."""
    if outcome.status is NoticeStatus.SENT:
        return outcome
    earlier = select(Attempt.number).where(
        col(Attempt.notice_id) == held.notice_id,
        col(Attempt.number) < held.attempt,
        col(Attempt.outcome).in_(_MAYBE_THERE),
    )
    number = session.exec(earlier.order_by(col(Attempt.number))).first()
    if number is None:
        return outcome
    status = NoticeStatus.DOUBTFUL if outcome.status is NoticeStatus.DEAD else outcome.status
    reply = f"{outcome.reply}（第 {number} 次发送结果不明，那一次可能已送达）"
    return Outcome(status, reply, outcome.stops_batch)


def _traces(attempt: int, status: NoticeStatus, now: datetime) -> dict[str, Any]:
    """What an outcome leaves in the row beside its name."""
    if status is NoticeStatus.SENT:
        return {"sent_at": now, "next_at": None}
    if status is NoticeStatus.FAILED:
        wait = BACKOFF[attempt - 1] if attempt <= len(BACKOFF) else timedelta(days=1)
        return {"next_at": now + wait, "committed": False}
    return {"next_at": None}


def _end_attempt(session: Session, notice_id: int, number: int, outcome: Outcome, now: datetime) -> None:
    session.exec(
        update(Attempt)
        .where(col(Attempt.notice_id) == notice_id, col(Attempt.number) == number)
        .values(ended_at=now, outcome=outcome.status.value, reply=outcome.reply)
    )


def _sendable(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        col(Notice.status).in_([NoticeStatus.PLANNED, NoticeStatus.FAILED]),
        or_(col(Notice.next_at).is_(None), col(Notice.next_at) <= now),
    )


def _mine(notice_id: int, attempt: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The fence."""
    return col(Notice.id) == notice_id, col(Notice.attempt) == attempt


def _hit(session: Session, statement: Any) -> bool:
    # The row is the truth here, not what some session remembers of it.
    return bool(session.exec(statement.execution_options(synchronize_session=False)).rowcount == 1)
