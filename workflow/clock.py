"""The only reader of the wall clock. Everything else is handed days and instants."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

OFFICE = ZoneInfo("Asia/Shanghai")
_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """This instant, in UTC."""
    return _told.get() or datetime.now(UTC)


def today() -> date:
    """The office's day."""
    return now().astimezone(OFFICE).date()


@contextmanager
def telling(moment: datetime) -> Iterator[None]:
    """Inside, it is another moment: for playing the demonstration county's past, and for nothing else."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
