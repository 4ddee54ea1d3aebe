"""Other systems that are told: what is new becomes deliveries, one row a message, sent until taken or given up.

A delivery may arrive twice (nobody can know whether an unanswered POST was read); its id tells the receiver.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine, or_, select, update
from sqlmodel import Session, col

from notifications.channels import robots, webhook
from notifications.channels.http import Unreachable, post
from notifications.plain import header_text
from notifications.render import Unwritable, render
from workflow.clock import OFFICE
from workflow.models import Case, Chain, Event, Hook, HookDelivery, Notice, NoticeStatus, Setting

#: Setting: number of the last history entry that was handed over.
MARK = "hooks_seq"
#: Waiting time after the first failures, then once a day; after so many tries a message is given up.
BACKOFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240))
MOST_TRIES = 8
#: Notices older than this are not handed to a robot any more.
_NEWS = timedelta(days=3)
#: Messages of one hook in one round.
_BATCH = 20
_TIMEOUT = 5.0
#: What a robot is told where nothing else was chosen.
ROBOT_TOPICS = ("digest",)
#: A group's telephones ring between these hours only.
_AWAKE = (time(8), time(18))


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one try. `stops`: the next message would meet the same fault."""

    status: str
    reply: str
    stops: bool = False


def any_hook(session: Session) -> bool:
    """Whether there is anybody to tell: without, a heartbeat writes nothing for this."""
    return session.scalars(select(col(Hook.id)).limit(1)).first() is not None


def begin(session: Session) -> int:
    """The first hook is told from here on, not the whole history; answers where the history stands."""
    head = session.get(Chain, 1)
    newest = head.seq if head else 0
    if session.get(Setting, MARK) is None:
        session.add(Setting(name=MARK, value=newest))
        session.flush()
    return newest


def hand_over(session: Session, today: date) -> int:
    """Makes deliveries of what is new since the last time; answers how many. Does not commit."""
    newest = begin(session)
    mark = session.get_one(Setting, MARK, with_for_update=True, populate_existing=True)
    hooks = list(session.scalars(select(Hook).where(col(Hook.active)).order_by(col(Hook.id))))
    rows = [row for hook in hooks if hook.kind != "webhook" for row in _notices(session, hook, today)]
    if newest > mark.value:
        if any(hook.kind == "webhook" for hook in hooks):
            rows += _events(session, [hook for hook in hooks if hook.kind == "webhook"], mark.value, newest)
        mark.value = newest
        session.add(mark)
    session.add_all(rows)
    session.flush()
    return len(rows)


def _events(session: Session, hooks: list[Hook], after: int, newest: int) -> Iterable[HookDelivery]:
    found = session.execute(
        select(Event, col(Case.number)).outerjoin(Case, col(Event.case_id) == Case.id)
        .where(col(Event.seq) > after, col(Event.seq) <= newest).order_by(col(Event.seq))
    )  # fmt: skip
    for event, number in found:
        payload = event_payload(event, number or "")
        for hook in hooks:
            if not hook.topics or event.kind in hook.topics:
                yield HookDelivery(hook_id=hook.id or 0, dedupe=f"event|{event.seq}", payload=payload)


def event_payload(event: Event, case: str) -> dict[str, Any]:
    """What a webhook says of an entry: which case stands where since when, and nobody's name."""
    return {
        "id": f"event-{event.seq}", "kind": event.kind, "trigger": event.trigger, "case": case, "state": event.to_state,
        "occurred_on": event.occurred_on.isoformat(), "at": event.recorded_at.isoformat(),
    }  # fmt: skip


def _notices(session: Session, hook: Hook, today: date) -> Iterable[HookDelivery]:
    """Not by a mark: numbers of notices can become visible out of their order."""
    known = select(col(HookDelivery.dedupe)).where(col(HookDelivery.hook_id) == hook.id)
    done = set(session.scalars(known.where(col(HookDelivery.dedupe).startswith("notice|"))))
    query = select(Notice).where(
        col(Notice.kind).in_(hook.topics or ROBOT_TOPICS), col(Notice.planned_on) >= max(today - _NEWS, hook.added_on),
        col(Notice.status) != NoticeStatus.WITHDRAWN,
    )  # fmt: skip
    if hook.organ_id:
        query = query.where(col(Notice.recipient_id) == hook.organ_id)
    for notice in session.scalars(query.order_by(col(Notice.id))):
        key = f"notice|{notice.id}"
        if key not in done:
            yield HookDelivery(hook_id=hook.id or 0, dedupe=key, payload={"id": key, "text": _words(notice)})


def _words(notice: Notice) -> str:
    try:
        message = render(notice.kind, notice.payload)
    except Unwritable as problem:
        return f"第 {notice.id} 号通知的文字写不出来：{problem}"
    return f"{message.subject}\n\n{message.body}"


def deliver_hooks(
    engine: Engine, *, now: Callable[[], datetime], working: bool = True, timeout: float = _TIMEOUT
) -> dict[str, int]:
    """One round over everything due, hook by hook; answers how many messages became what.

    `working`: whether today is a working day; robots keep quiet on rest days and at night.
    """
    with Session(engine) as session:
        hooks = list(session.scalars(select(Hook).where(col(Hook.active)).order_by(col(Hook.id))))
        session.expunge_all()
    counts = {"sent": 0, "failed": 0, "dead": 0}
    awake = working and _AWAKE[0] <= now().astimezone(OFFICE).time() < _AWAKE[1]
    for hook in hooks:
        if hook.kind == "webhook" or awake:
            for result in _round(engine, hook, now, timeout):
                counts[result.status] += 1
    return counts


def _round(engine: Engine, hook: Hook, now: Callable[[], datetime], timeout: float) -> Iterable[Result]:
    with Session(engine) as session:
        todo = _due(session, hook, now())
    for number, seen, payload in todo:
        with Session(engine) as session:
            held = _claim(session, number, seen, now())
            session.commit()
        if not held:
            continue
        result = send(hook, payload, now(), timeout=timeout)
        if result.status == "failed" and seen + 1 >= MOST_TRIES:
            result = Result("dead", f"{result.reply}；已试 {seen + 1} 次，不再重发", result.stops)
        with Session(engine) as session:
            _record(session, number, seen + 1, result, now())
            session.commit()
        yield result
        if result.stops:
            return


def _due(session: Session, hook: Hook, now: datetime) -> list[tuple[int, int, dict[str, Any]]]:
    """Oldest first. While one waits out an unreachable receiver, all wait: each would only time out again."""
    mine = col(HookDelivery.hook_id) == hook.id
    waiting = select(col(HookDelivery.id)).where(
        mine, col(HookDelivery.status) == "failed", col(HookDelivery.next_at) > now,
        col(HookDelivery.reply).startswith(_AWAY),
    )  # fmt: skip
    if session.execute(waiting.limit(1)).first():
        return []
    rows = session.execute(
        select(col(HookDelivery.id), col(HookDelivery.attempt), col(HookDelivery.payload))
        .where(mine, *_open(now)).order_by(col(HookDelivery.id)).limit(_BATCH)
    )  # fmt: skip
    return [(number, attempt, payload) for number, attempt, payload in rows]


#: How the reply begins where the receiver itself is away.
_AWAY = "未送到："


def _open(now: datetime) -> tuple[Any, Any]:
    return (
        col(HookDelivery.status).in_(("planned", "failed")),
        or_(col(HookDelivery.next_at).is_(None), col(HookDelivery.next_at) <= now),
    )


def _claim(session: Session, number: int, seen: int, now: datetime) -> bool:
    """Compare-and-set on `attempt`. What a crash leaves behind counts as failed and is tried again."""
    taken = (
        update(HookDelivery)
        .where(col(HookDelivery.id) == number, col(HookDelivery.attempt) == seen, *_open(now))
        .values(status="failed", attempt=seen + 1, next_at=now + _wait(seen + 1), reply="发送中断，将再次发送")
        .execution_options(synchronize_session=False)
    )
    return bool(session.execute(taken).rowcount == 1)  # type: ignore[attr-defined]


def _record(session: Session, number: int, attempt: int, result: Result, now: datetime) -> None:
    """Only the holder of this attempt may write its outcome."""
    values: dict[str, Any] = {"status": result.status, "reply": result.reply}
    values |= {"next_at": now + _wait(attempt)} if result.status == "failed" else {"next_at": None}
    if result.status == "sent":
        values["sent_at"] = now
    session.execute(
        update(HookDelivery)
        .where(
            col(HookDelivery.id) == number, col(HookDelivery.attempt) == attempt, col(HookDelivery.status) == "failed"
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _wait(attempt: int) -> timedelta:
    return BACKOFF[attempt - 1] if attempt <= len(BACKOFF) else timedelta(days=1)


def send(hook: Hook, payload: dict[str, Any], now: datetime, *, timeout: float = _TIMEOUT) -> Result:
    """One message, now. Never raises: whatever is wrong with one hook must not stop the others."""
    try:
        if hook.kind == "webhook":
            url, body, headers = webhook.request(hook.url, hook.secret, payload, now)
        else:
            url, body, headers = robots.request(hook.kind, hook.url, hook.secret, payload, now)
        answer = post(url, body, headers, timeout=timeout)
    except Unreachable as error:
        return Result("failed", f"{_AWAY}{error}", stops=True)
    except Exception as error:  # noqa: BLE001
        return Result("failed", f"信息未能写成：{header_text(str(error) or type(error).__name__, 200)}")
    return _judged(hook, answer.status, answer.text)


def _judged(hook: Hook, status: int, text: str) -> Result:
    said = f"HTTP {status} {text}".strip()
    if 200 <= status < 300:
        if hook.kind == "webhook":
            return Result("sent", said)
        verdict = robots.verdict(text)
        if verdict.taken:
            return Result("sent", verdict.words)
        # Too fast, a wrong key, a clock that is off: which it was differs by service, so it is tried again.
        return Result("failed", f"对方未接收：{verdict.words}", stops=True)
    if 300 <= status < 400:
        return Result("dead", f"对方要求转到别的网址（{said}），不跟随：请改填最终地址")
    if status >= 500 or status in (408, 429):
        return Result("failed", f"{_AWAY}{said}", stops=True)
    return Result("dead", f"对方拒绝：{said}")
