"""Cases, their append-only history, deadlines, opinions and files."""

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import JSON, Column, Index, String, UniqueConstraint
from sqlmodel import Field

from workflow.models.base import Table, UtcDateTime


class Case(Table, table=True):
    """One procedure of one mine. `state` is written by `workflow.engine` alone."""

    __tablename__ = "proceeding"

    id: int | None = Field(default=None, primary_key=True)
    #: What people call it: `2-4`, tracks `2-4/restoration-1`.
    number: str = Field(unique=True)
    mine_id: int = Field(foreign_key="mine.id", index=True)
    procedure: str = Field(index=True)
    procedure_version: int = 1
    state: str
    #: Number of events so far; the next writer must have seen it.
    version: int = 0
    #: What the case's steps have recorded, by field name.
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    parent_id: int | None = Field(default=None, foreign_key="proceeding.id", index=True)
    #: Permit (`permit:7`) or organ (`organ:water`) that a track is about.
    subject: str = ""
    opened_on: date
    entered_on: date
    closed_on: date | None = Field(default=None, index=True)
    suspended_on: date | None = None
    source: str = ""


class Event(Table, table=True):
    """One entry of the history. Never changed, never deleted; `hash` covers everything and the entry before."""

    __table_args__ = (UniqueConstraint("case_id", "case_version"),)

    #: Gapless over all cases, counted by `Chain`.
    seq: int = Field(primary_key=True)
    #: None for an entry about the office's work as a whole; `case_version` is then its own number.
    case_id: int | None = Field(default=None, foreign_key="proceeding.id", index=True)
    case_version: int
    #: open, step, record (a fact filled in), correct (takes an entry back), paper (a document's life),
    #: act (what moves no case: urged, supervised, handed over, copied).
    kind: str
    trigger: str
    from_state: str
    to_state: str
    actor: str
    organ_id: str
    occurred_on: date
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    #: fields, evidence (name -> sha256), reason, corrected seq, opened cases, drafted documents.
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    prev_hash: str
    hash: str


class Chain(Table, table=True):
    """The head of the history: one row, locked by whoever appends."""

    id: int = Field(default=1, primary_key=True)
    seq: int = 0
    hash: str = ""


class Deadline(Table, table=True):
    """The day by which a step must be taken in a case."""

    __table_args__ = (
        # The sweep is one look into this index, however many deadlines are open.
        # Not partial: naming a dialect here would load all of it at every start (50 ms), and the NULLs of
        # closed deadlines cost only space.
        Index("deadline_next", "next_on"),
        Index("deadline_case", "case_id", "status"),
        # The ledger's first page, most pressing first, is the beginning of this index.
        Index("deadline_due", "status", "due_on", "case_id"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="proceeding.id")
    trigger: str
    opened_on: date
    #: Inclusive; None while a fact it needs is open.
    due_on: date | None = None
    basis: str
    #: Counted over a year whose holidays are not published.
    provisional: bool = False
    ladder: str = "standard"
    status: Literal["open", "met", "cancelled"] = Field(default="open", sa_type=String)
    closed_on: date | None = None
    #: Day of the next rung; None when suspended, undated or closed.
    next_on: date | None = None
    #: Offsets (days from due) of the highest rung already handled in each lane; None when none was.
    reminded: int | None = None
    escalated: int | None = None
    #: How often the due day has moved: a new day is a new promise, and its rungs count anew.
    moves: int = 0


class DeadlineChange(Table, table=True):
    """Why a due day moved: extension, end of a suspension, a published calendar, a correction."""

    __tablename__ = "deadline_change"

    id: int | None = Field(default=None, primary_key=True)
    deadline_id: int = Field(foreign_key="deadline.id", index=True)
    old_due: date | None = None
    new_due: date | None = None
    reason: str
    basis: str = ""
    actor: str
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class Opinion(Table, table=True):
    """What one unit was asked and answered; silence stays silence."""

    id: int | None = Field(default=None, primary_key=True)
    #: The referral that asks, and the case it asks for.
    case_id: int = Field(foreign_key="proceeding.id", unique=True)
    about_case_id: int = Field(foreign_key="proceeding.id", index=True)
    organ_id: str = Field(foreign_key="organ.id")
    asked_on: date
    #: no_objection, objection, restriction; None is 未反馈.
    answer: str | None = None
    text: str = ""
    answered_on: date | None = None


class Attachment(Table, table=True):
    """A file on record; its bytes lie in the store under their own SHA-256."""

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="proceeding.id", index=True)
    #: Entry that it proves; None while it waits for its step.
    event_seq: int | None = Field(default=None, foreign_key="event.seq")
    #: Evidence name on the step's card, or `other`.
    evidence: str
    filename: str
    sha256: str = Field(index=True)
    size: int
    added_by: str
    added_on: date
