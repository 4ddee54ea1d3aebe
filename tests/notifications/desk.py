"""What the tests of the outbox need: a clock that is told the time, a channel that is told what to do, notices."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from notifications.channels import Letter
from notifications.outbox import DeliveryReport, deliver
from workflow.models import Attempt, Contact, Notice, Organ

DAY = date(2026, 11, 23)


@dataclass
class Clock:
    """Stands still until it is moved. Starts on Monday, 2026-11-23, 09:00 in the office."""

    at: datetime = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


def _go_on(_: Letter) -> None:
    """The hook that does nothing."""


@dataclass
class FakeChannel:
    """Accepts every letter, unless a hook raises on the way."""

    name: str = "fake"
    quiet_hours: bool = True
    repeatable: bool = False
    domain: str = "office.example"
    accepted: list[Letter] = field(default_factory=list)
    abandoned: int = 0
    before_begin: Callable[[Letter], None] = _go_on
    before_dot: Callable[[Letter], None] = _go_on
    after_dot: Callable[[Letter], None] = _go_on

    def address(self, organ_id: str, contact: Contact | None) -> str | None:  # noqa: ARG002 - part of the port
        return contact.email if contact else None

    def begin(self, letter: Letter) -> "FakeDelivery":
        self.before_begin(letter)
        return FakeDelivery(self, letter)

    def close(self) -> None:
        pass


@dataclass
class FakeDelivery:
    channel: FakeChannel
    letter: Letter

    def commit(self) -> str:
        self.channel.before_dot(self.letter)
        self.channel.accepted.append(self.letter)
        self.channel.after_dot(self.letter)
        return "250 accepted"

    def abandon(self) -> None:
        self.channel.abandoned += 1


def payload(**changes: Any) -> dict[str, Any]:
    """What a `lapsed` notice is written from: the shortest of the kinds."""
    plain = {
        "recipient": "县自然资源局", "date": "2026-11-23", "case": "9-1", "mine": "虚构石料厂", "procedure": "关闭取缔",
        "step": "采矿许可证到期", "occurred_on": "2026-11-22", "clause": "四(一)1", "to_label": "许可证已到期",
    }  # fmt: skip
    return plain | changes


def add_organ(engine: Engine, organ_id: str, email: str = "", since: date = date(2026, 1, 1)) -> None:
    with Session(engine) as session:
        session.add(Organ(id=organ_id, name=f"虚构单位{organ_id}", kind="unit"))
        session.flush()
        if email:
            session.add(Contact(organ_id=organ_id, email=email, valid_from=since))
        session.commit()


def plan(engine: Engine, organ_id: str = "clinic", count: int = 1, kind: str = "lapsed", **changes: Any) -> list[int]:
    """Puts notices into the outbox; the organ and its address must exist if the notice is to arrive."""
    ids = []
    with Session(engine) as session:
        before = len(session.exec(select(Notice.id)).all())
        for number in range(before, before + count):
            notice = Notice(
                dedupe=f"{kind}|{organ_id}|{number}", kind=kind, recipient_id=organ_id, planned_on=DAY,
                payload=payload(**changes),
            )  # fmt: skip
            session.add(notice)
            session.flush()
            assert notice.id is not None
            ids.append(notice.id)
        session.commit()
    return ids


def notice(engine: Engine, notice_id: int) -> Notice:
    with Session(engine) as session:
        return session.get_one(Notice, notice_id)


def statuses(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [str(status) for status in session.exec(select(Notice.status).order_by(col(Notice.id)))]


def attempts(engine: Engine, notice_id: int) -> list[tuple[int, str]]:
    with Session(engine) as session:
        rows = select(Attempt.number, Attempt.outcome).where(col(Attempt.notice_id) == notice_id)
        return [(number, outcome) for number, outcome in session.exec(rows.order_by(col(Attempt.number)))]


def rounds(engine: Engine, channel: FakeChannel, clock: Clock, count: int = 3) -> list[DeliveryReport]:
    """Several rounds, far enough apart for every retry and every stale claim."""
    reports = []
    for _ in range(count):
        clock.move(days=2)
        reports.append(deliver(engine, channel, now=clock))
    return reports
