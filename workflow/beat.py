"""The scheduler's sign of life, and the guard against a jumping clock.

A machine that wakes with a wrong date would send every reminder of the next year at once, or swallow them. One that was
switched off over a weekend or a holiday is no such machine.
"""

from datetime import datetime, time, timedelta

from sqlmodel import Session

from workflow.clock import OFFICE
from workflow.models import Beat
from workflow.working_days import load_calendar

NAME = "heartbeat"
#: No more than one morning's reminders can be wrong.
FORWARD = timedelta(hours=26)
#: Longer than any holiday: the calendar need not be asked.
LONG = timedelta(days=20)
BACKWARD = timedelta(minutes=5)


def beat(session: Session, now: datetime, *, woken: bool = False) -> str:
    """Records a sign of life; answers why the scheduler must hold, or nothing. Does not commit.

    `woken`: the first of a process, before which the machine may have been off: the hours of rest days do not count then. A hold
    stays until `confirm`, even if the clock jumps back into range.
    """
    row = session.get(Beat, NAME)
    if row is None:
        session.add(Beat(name=NAME, at=now))
        return ""
    if not row.held:
        row.held = _jump(session, row.at, now, woken=woken)
        if not row.held:
            row.at = now
        session.add(row)
    return row.held


def confirm(session: Session, now: datetime) -> None:
    """A person has looked at the date: beats count from now."""
    row = session.get(Beat, NAME) or Beat(name=NAME, at=now)
    row.at, row.held = now, ""
    session.add(row)


def held(session: Session) -> str:
    """Why the scheduler is holding; empty when it is not."""
    row = session.get(Beat, NAME)
    return row.held if row else ""


def _jump(session: Session, last: datetime, now: datetime, *, woken: bool) -> str:
    gap = now - last
    was, is_ = (moment.astimezone(OFFICE).strftime("%Y-%m-%d %H:%M") for moment in (last, now))
    if gap > FORWARD and not (woken and gap < LONG and _worked(session, last, now) <= FORWARD):
        hours = int(gap.total_seconds() // 3600)
        return f"距上次心跳（{was}）已过 {hours} 小时，现在系统时间是 {is_}：可能是停机，也可能是时钟跳动"
    if gap < -BACKWARD:
        return f"系统时间 {is_} 早于上次心跳 {was}：时钟被拨回"
    return ""


def _worked(session: Session, last: datetime, now: datetime) -> timedelta:
    """How much of the time between two moments belongs to working days."""
    calendar = load_calendar(session)
    start, end = last.astimezone(OFFICE), now.astimezone(OFFICE)
    found = timedelta()
    for number in range((end.date() - start.date()).days + 1):
        day = start.date() + timedelta(days=number)
        if calendar.is_working(day):
            midnight = datetime.combine(day, time(), OFFICE)
            found += min(end, midnight + timedelta(days=1)) - max(start, midnight)
    return found
