"""What the rules may ask of the working-day calendar; the calendar itself is the case file's."""

from datetime import date
from typing import Protocol


class Calendar(Protocol):
    """Working days of the state calendar, with make-up days (调休)."""

    def is_working(self, day: date) -> bool: ...

    def is_published(self, day: date) -> bool:
        """Whether the holidays of that day's year are published."""
        ...

    def add_working(self, day: date, count: int) -> date:
        """The day `count` working days after `day`, which itself is not counted."""
        ...

    def next_working(self, day: date) -> date:
        """The first working day on or after `day`."""
        ...

    def previous_working(self, day: date) -> date:
        """The last working day on or before `day`."""
        ...
