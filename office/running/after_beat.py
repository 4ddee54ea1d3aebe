"""What follows a heartbeat's own work and may fail without harm to it: other systems are told, the daily backup."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from office.running.logs import BEATS, say
from workflow.clock import OFFICE
from workflow.context import context_of

if TYPE_CHECKING:
    from notifications.outbox import DeliveryReport
    from office.running.installation import Office


def log_beat(now: datetime, hold: str, counts: Mapping[str, int] | None, report: "DeliveryReport | None") -> None:
    """One line for each heartbeat."""
    say(
        BEATS, "heartbeat", beat=f"{now:%Y%m%dT%H%M%S}", held=hold, swept=dict(counts) if counts else None,
        delivered=asdict(report) if report else None,
    )  # fmt: skip


def after_beat(office: "Office", now: datetime) -> None:
    """Never raises: the next heartbeat comes whatever happens here."""
    for what, work in (("hooks", _hooks), ("backup", _backup)):
        try:
            work(office, now)
        except Exception:  # noqa: BLE001
            say(BEATS, f"{what} failed", fault=True)


def _hooks(office: "Office", now: datetime) -> None:
    from notifications.hooks import any_hook, deliver_hooks, hand_over
    from workflow import clock

    today = now.astimezone(OFFICE).date()
    with office.reading() as session:
        if not any_hook(session):
            return
        working = context_of(session).calendar.is_working(today)
    with office.writing() as session:
        hand_over(session, today)
    counts = deliver_hooks(office.engine, now=clock.now, working=working)
    if any(counts.values()):
        say(BEATS, "hooks", handed=counts)


def _backup(office: "Office", now: datetime) -> None:
    from office.running.backups import daily

    daily(office, now)
