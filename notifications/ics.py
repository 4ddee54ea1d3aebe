"""Due days as calendar entries that an official can take over into a calendar (RFC 5545)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One due day."""

    uid: str
    on: date
    summary: str
    description: str


def event_uid(*names: str) -> str:
    """The same duty has the same UID in every mail, so a moved day replaces the old entry."""
    return str(uuid5(NAMESPACE_URL, "minecase:" + "|".join(names)))


def calendar(events: Iterable[CalendarEvent], stamp: datetime) -> bytes:
    """One VCALENDAR with an all-day entry for each due day; `stamp` says how recent the knowledge is."""
    result = Calendar()
    result.add("prodid", "-//minecase//due days//ZH")
    result.add("version", "2.0")
    result.add("method", "PUBLISH")
    for event in events:
        result.add_component(_entry(event, stamp))
    return bytes(result.to_ical())


def _entry(event: CalendarEvent, stamp: datetime) -> Event:
    entry = Event()
    entry.add("uid", event.uid)
    entry.add("dtstamp", stamp.astimezone(UTC))
    entry.add("dtstart", event.on)
    entry.add("dtend", event.on + timedelta(days=1))
    entry.add("summary", event.summary)
    entry.add("description", event.description)
    # A due day does not make anyone busy.
    entry.add("transp", "TRANSPARENT")
    return entry
