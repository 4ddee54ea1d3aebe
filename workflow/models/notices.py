"""The outbox: what is to be told to whom, each attempt, and what became of it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Index, String, UniqueConstraint
from sqlmodel import Field

from workflow.models.base import Table, UtcDateTime


class NoticeStatus(StrEnum):
    """The small machine of one notice."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"
    DOUBTFUL = "doubtful"
    NO_CONTACT = "no_contact"
    WITHDRAWN = "withdrawn"


class Notice(Table, table=True):
    """One message to one recipient."""

    __table_args__ = (Index("notice_todo", "status", "next_at"),)

    id: int | None = Field(default=None, primary_key=True)
    #: Says the same thing to the same recipient only once, for ever: `digest|natural_resources|2026-11-23`.
    dedupe: str = Field(unique=True)
    #: digest, service, heartbeat, test.
    kind: str
    #: Organ id, or empty when the responsible organ itself is unknown.
    recipient_id: str
    planned_on: date
    #: Everything that the text is written from; rendering reads nothing else.
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    status: NoticeStatus = Field(default=NoticeStatus.PLANNED, sa_type=String)
    #: Fence: only the holder of this attempt may write the outcome.
    attempt: int = 0
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    #: True once the final dot may have gone out: from here on nobody can know (RFC 1047).
    committed: bool = False
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    message_id: str = ""
    address: str = ""
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    #: What the server said last, or why nothing can be sent.
    reply: str = ""


class NoticeItem(Table, table=True):
    """One rung of one deadline for one recipient. The insert is the claim: it can happen once."""

    __tablename__ = "notice_item"
    __table_args__ = (UniqueConstraint("deadline_id", "moves", "lane", "offset", "recipient_id"),)

    id: int | None = Field(default=None, primary_key=True)
    #: None for a rung that a higher one overtook (recorded, not sent).
    notice_id: int | None = Field(default=None, foreign_key="notice.id", index=True)
    deadline_id: int = Field(foreign_key="deadline.id", index=True)
    #: `Deadline.moves` when it was claimed.
    moves: int = 0
    #: remind or escalate.
    lane: str
    #: Days from the due day: -30 before, 0 on it, 15 after.
    offset: int
    recipient_id: str
    planned_on: date


class Attempt(Table, table=True):
    """One try to deliver one notice."""

    __table_args__ = (UniqueConstraint("notice_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id", index=True)
    number: int
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str = ""
    reply: str = ""
