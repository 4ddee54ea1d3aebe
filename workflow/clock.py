"""The only reader of the wall clock. Everything else is handed days and instants."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

OFFICE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The office's day."""
    return now().astimezone(OFFICE).date()
