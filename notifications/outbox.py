"""Delivers what the outbox holds: never lost, never twice by itself, every doubt shown to a person.

claim (commit) -> write, hand over all but the last byte -> note "may be gone" (commit) -> last byte -> outcome
(commit). A crash before the note is a plain retry; after it, doubt.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Engine, or_
from sqlmodel import Session, col, select

from notifications import claims
from notifications.channels import (
    Channel,
    Delivery,
    DeliveryProblem,
    Letter,
    OutcomeUnknown,
    PermanentFailure,
    TemporaryFailure,
)
from notifications.channels.mime import message_id, usable
from notifications.claims import Claim, Outcome
from notifications.plain import header_text
from notifications.render import Unwritable, render
from workflow.clock import OFFICE
from workflow.errors import CaseFileError, Conflict
from workflow.models import Attempt, Contact, Notice, NoticeStatus

OpenSession = Callable[[], Session]
#: When a letter may ring somebody's telephone.
OFFICE_HOURS = (time(8), time(18))


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """How many notices became what in one round. `held`: due, but left for later on purpose."""

    sent: int = 0
    failed: int = 0
    dead: int = 0
    doubtful: int = 0
    no_contact: int = 0
    held: int = 0


class NotInDoubt(CaseFileError):
    """Somebody decided about a notice that is not doubtful (any more)."""


class WrongStatus(Conflict):
    """Somebody decided about a notice that has become something else meanwhile."""


def deliver(
    source: Engine | OpenSession,
    channel: Channel,
    *,
    now: Callable[[], datetime],
    working: Callable[[datetime], bool] | None = None,
    limit: int = 200,
) -> DeliveryReport:
    """One round over everything due. `working` says whether an instant lies on a working day; with it, a channel
    with quiet hours sends on working days from 8 to 18 only. Without it, a person asked for it now."""
    open_session = _opener(source)
    counts: Counter[str] = Counter()
    with open_session() as session:
        counts["doubtful"] += claims.release_stale(session, now())
        session.commit()
    with open_session() as session:
        todo = claims.due(session, now(), limit)
    try:
        for position, (notice_id, seen) in enumerate(todo):
            if _quiet(channel, now(), working):
                counts["held"] += len(todo) - position
                break
            outcome = _deliver_one(open_session, channel, notice_id, seen, now)
            if outcome is None:
                continue
            counts[outcome.status.value] += 1
            if outcome.stops_batch:
                counts["held"] += len(todo) - position - 1
                break
    finally:
        channel.close()
    return DeliveryReport(**counts)


def retry_no_contact(session: Session, *, on: date | None = None) -> int:
    """Take up again what had no address, for organs that have one now (on a day, if given). The caller commits."""
    contacts = select(Contact)
    if on is not None:
        contacts = contacts.where(
            col(Contact.valid_from) <= on, or_(col(Contact.valid_to).is_(None), col(Contact.valid_to) >= on)
        )
    reached = {contact.organ_id for contact in session.exec(contacts) if usable(contact.email)}
    waiting = select(Notice).where(col(Notice.status) == NoticeStatus.NO_CONTACT)
    notices = [notice for notice in session.exec(waiting) if notice.recipient_id in reached]
    for notice in notices:
        notice.status, notice.next_at = NoticeStatus.PLANNED, None
    return len(notices)


def resolve_doubt(session: Session, notice_id: int, *, was_sent: bool, now: datetime, by: str) -> None:
    """A person's decision about a doubtful notice: it was sent, or it is to be sent again under the same
    Message-ID. Raises NotInDoubt. The caller commits."""
    notice = session.get(Notice, notice_id, with_for_update=True, populate_existing=True)
    if notice is None or notice.status != NoticeStatus.DOUBTFUL:
        raise NotInDoubt(f"第 {notice_id} 号通知不在“存疑”状态，无需确认，请刷新后再看")
    at = now.astimezone(OFFICE).strftime("%Y-%m-%d %H:%M")
    if was_sent:
        notice.status, notice.sent_at, notice.next_at = NoticeStatus.SENT, notice.claimed_at, None
        decision = f"{by} 于 {at} 确认已发出"
    else:
        notice.status, notice.next_at, notice.committed = NoticeStatus.FAILED, now, False
        decision = f"{by} 于 {at} 决定重新发送"
    notice.reply = f"{notice.reply}；{decision}"
    attempt = session.exec(
        select(Attempt).where(col(Attempt.notice_id) == notice_id, col(Attempt.number) == notice.attempt)
    ).first()
    if attempt:
        attempt.reply = f"{attempt.reply}；{decision}"


def send_again(session: Session, notice_id: int, *, now: datetime, by: str) -> None:
    """A person's decision that what failed or was refused is tried once more, now and under the same Message-ID.
    The next attempt is claimed as always, so a late answer to an earlier one is fenced off. The caller commits."""
    notice = _locked(session, notice_id, (NoticeStatus.FAILED, NoticeStatus.DEAD), "待重发或被拒收")
    notice.status, notice.next_at = NoticeStatus.FAILED, now
    notice.reply = _decided(notice.reply, f"{by} 于 {_minute(now)} 决定重新发送")


def withdraw(session: Session, notice_id: int, *, now: datetime, by: str, reason: str) -> None:
    """A person takes back what has not gone out. Its rung stays handled: later reminders come as planned."""
    open_ = (NoticeStatus.PLANNED, NoticeStatus.FAILED, NoticeStatus.NO_CONTACT)
    notice = _locked(session, notice_id, open_, "待发、待重发或缺联系方式")
    notice.status, notice.next_at = NoticeStatus.WITHDRAWN, None
    notice.reply = _decided(notice.reply, f"{by} 于 {_minute(now)} 撤回：{header_text(reason, 200)}")


def _locked(session: Session, notice_id: int, expected: tuple[NoticeStatus, ...], words: str) -> Notice:
    """Raises WrongStatus for a notice that has moved on."""
    notice = session.get(Notice, notice_id, with_for_update=True, populate_existing=True)
    if notice is None or notice.status not in expected:
        raise WrongStatus(f"第 {notice_id} 号通知不在“{words}”状态，没有改动，请刷新后再看")
    return notice


def _decided(reply: str, decision: str) -> str:
    return f"{reply}；{decision}" if reply else decision


def _minute(now: datetime) -> str:
    return now.astimezone(OFFICE).strftime("%Y-%m-%d %H:%M")


def _opener(source: Engine | OpenSession) -> OpenSession:
    if isinstance(source, Engine):
        engine = source
        return lambda: Session(engine)
    return source


def _quiet(channel: Channel, now: datetime, working: Callable[[datetime], bool] | None) -> bool:
    if working is None or not channel.quiet_hours:
        return False
    local = now.astimezone(OFFICE)
    return not (OFFICE_HOURS[0] <= local.time() < OFFICE_HOURS[1] and working(local))


def _deliver_one(
    open_session: OpenSession, channel: Channel, notice_id: int, seen: int, now: Callable[[], datetime]
) -> Outcome | None:
    """What the notice became; None where another deliverer has it."""
    with open_session() as session:
        held = claims.claim(session, notice_id, seen, now(), channel.address)
        session.commit()
    if held is None:
        return None
    outcome = _attempt(open_session, channel, held, now)
    if outcome is None:
        return None
    with open_session() as session:
        result = claims.record(session, held, outcome, now())
        session.commit()
    return result


def _attempt(open_session: OpenSession, channel: Channel, held: Claim, now: Callable[[], datetime]) -> Outcome | None:
    if held.address is None:
        return Outcome(
            NoticeStatus.NO_CONTACT,
            f"{held.organ}没有可用的电子邮箱（未登记、已失效或格式有误），请登记联系人" if held.organ_id
            else "责任单位尚未明确，请先在矿山资料中明确责任单位",
        )  # fmt: skip
    try:
        letter = _letter(channel, held, held.address, now())
        delivery = channel.begin(letter)
    # Whatever is wrong with this one letter must not stop the others.
    except Exception as error:  # noqa: BLE001
        return _not_begun(error)
    if not _announced(open_session, channel, held, letter, delivery):
        return None
    return _finish(channel, delivery)


def _letter(channel: Channel, held: Claim, address: str, at: datetime) -> Letter:
    return Letter(
        notice_id=held.notice_id,
        key=held.key,
        kind=held.kind,
        organ_id=held.organ_id,
        planned_on=held.planned_on,
        to_name=held.organ,
        address=address,
        message_id=message_id(held.notice_id, channel.domain),
        at=at,
        message=render(held.kind, held.payload),
    )


def _not_begun(error: Exception) -> Outcome:
    """Only a refusal is final; a text that cannot be written today can be after the next update."""
    if isinstance(error, DeliveryProblem):
        status = NoticeStatus.DEAD if isinstance(error, PermanentFailure) else NoticeStatus.FAILED
        return Outcome(status, error.reply, error.stops_batch)
    if isinstance(error, Unwritable):
        return Outcome(NoticeStatus.FAILED, str(error))
    return Outcome(NoticeStatus.FAILED, f"信件未能写成：{_words(error)}")


def _announced(open_session: OpenSession, channel: Channel, held: Claim, letter: Letter, delivery: Delivery) -> bool:
    announced = False
    try:
        with open_session() as session:
            noted = claims.announce(session, held, letter.message_id, committed=not channel.repeatable)
            session.commit()
        announced = noted
    finally:
        # Fenced off, or the database is away: without the note the last byte must not go out.
        if not announced:
            delivery.abandon()
    return announced


def _finish(channel: Channel, delivery: Delivery) -> Outcome:
    try:
        return Outcome(NoticeStatus.SENT, delivery.commit())
    except PermanentFailure as error:
        return Outcome(NoticeStatus.DEAD, error.reply, error.stops_batch)
    except TemporaryFailure as error:
        return Outcome(NoticeStatus.FAILED, error.reply, error.stops_batch)
    # An unforeseen fault leaves doubt, not a stopped batch.
    except Exception as error:  # noqa: BLE001
        if channel.repeatable:
            return Outcome(NoticeStatus.FAILED, _words(error))
        stops = isinstance(error, OutcomeUnknown) and error.stops_batch
        return Outcome(NoticeStatus.DOUBTFUL, f"信件可能已发出：{_words(error)}；请查邮件服务器日志后确认", stops)


def _words(error: Exception) -> str:
    return header_text(str(error) or type(error).__name__, 300)
