"""The port to the outside: what a channel is given, and the three ways in which it may fail.

A letter leaves in two halves. `begin` does everything that can still be taken back; then the outbox notes
that the letter may be gone; `commit` does the one thing that cannot. So only a fault inside `commit` leaves doubt.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from notifications.render import Message
from workflow.models import Contact


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one address."""

    notice_id: int
    #: The notice's unique key: tells two letters apart that got the same number in two databases.
    key: str
    kind: str
    organ_id: str
    planned_on: date
    to_name: str
    address: str
    message_id: str
    at: datetime
    message: Message


class DeliveryProblem(Exception):
    """What went wrong, in words that may be shown. `stops_batch`: the next letter would meet the same fault
    (the server is away or does not answer), so the rest waits for the next round."""

    def __init__(self, reply: str, *, stops_batch: bool = False) -> None:
        super().__init__(reply)
        self.reply = reply
        self.stops_batch = stops_batch


class TemporaryFailure(DeliveryProblem):
    """Certainly not delivered, may be tried again."""


class PermanentFailure(DeliveryProblem):
    """Certainly not delivered, refused for good."""


class OutcomeUnknown(DeliveryProblem):
    """Delivered or not: nobody here can know (RFC 1047)."""


class Delivery(Protocol):
    """A letter on the point of leaving."""

    def commit(self) -> str:
        """Let it go; answers the receiver's reply. Raises DeliveryProblem."""
        ...

    def abandon(self) -> None:
        """Take it back; never raises."""
        ...


class Channel(Protocol):
    """A way to reach people."""

    @property
    def name(self) -> str: ...

    #: True where a letter rings somebody's telephone: nothing at night or on rest days.
    @property
    def quiet_hours(self) -> bool: ...

    #: True where the same letter delivered twice is still one letter: then nothing is ever in doubt.
    @property
    def repeatable(self) -> bool: ...

    #: Right-hand side of the Message-IDs.
    @property
    def domain(self) -> str: ...

    def address(self, organ_id: str, contact: Contact | None) -> str | None:
        """Where the organ is reached on this channel; None where it is not."""
        ...

    def begin(self, letter: Letter) -> Delivery:
        """Everything but the last step. Raises TemporaryFailure or PermanentFailure."""
        ...

    def close(self) -> None:
        """The batch is over; never raises."""
        ...
