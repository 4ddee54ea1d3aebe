"""What is known about a case when a step is judged: a read-only view, gathered by the caller."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from states.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Track:
    """Another case of the same mine, as far as a guard needs it."""

    procedure: str
    number: str
    state: str
    state_label: str
    final: bool
    #: What the track is about: a permit's or an organ's name.
    subject: str = ""
    subject_id: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """Values by name: the plan's, then the mine's, then the case's, then what this step was given."""

    values: Mapping[str, object]
    #: The day on which the step happens.
    today: date
    calendar: Calendar
    #: The same values without what this step was given.
    before: Mapping[str, object] = field(default_factory=dict)
    #: All tracks of the mine, oldest first; only gathered where a guard reads them.
    tracks: tuple[Track, ...] = ()

    def get(self, name: str) -> object | None:
        value = self.values.get(name)
        return None if value == "" else value

    def text(self, name: str) -> str:
        value = self.get(name)
        return "" if value is None else str(value)

    def date(self, name: str) -> date | None:
        value = self.get(name)
        if isinstance(value, date):
            return value
        return date.fromisoformat(str(value)) if value is not None else None

    def number(self, name: str) -> Decimal | None:
        value = self.get(name)
        try:
            return Decimal(str(value)) if value is not None else None
        except InvalidOperation:
            return None
