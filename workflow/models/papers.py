"""Documents from draft to service, their files, their numbers, and a county's own Word forms."""

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import JSON, Column, String, UniqueConstraint
from sqlmodel import Field

from workflow.models.base import Table, UtcDateTime

Status = Literal["draft", "issued", "served", "void"]


class Document(Table, table=True):
    """One document: drafted by a step or by hand, issued with a number, served, or void."""

    id: int | None = Field(default=None, primary_key=True)
    #: None for a paper about several cases or the office's work as a whole.
    case_id: int | None = Field(default=None, foreign_key="proceeding.id", index=True)
    #: The step that drafted it: the document states what was on record then. None when drafted by hand.
    event_seq: int | None = Field(default=None, foreign_key="event.seq")
    kind: str
    title: str
    issuer_id: str
    status: Status = Field(default="draft", sa_type=String)
    drafted_on: date
    #: Values typed for this paper alone.
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    number: str = ""
    issued_on: date | None = None
    served_on: date | None = None
    #: Everything that it was written from, kept when it is issued.
    snapshot: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    #: Numbers of the cases that a joint paper is about.
    cases: list[str] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    check_code: str | None = Field(default=None, unique=True)
    #: SHA-256 of the county's own form that it was written with; None for the built-in template.
    form_sha256: str | None = None
    #: The document that this one corrects and replaces.
    replaces_id: int | None = Field(default=None, foreign_key="document.id")
    #: The entry that proved its service.
    served_seq: int | None = Field(default=None, foreign_key="event.seq")
    void_reason: str | None = None


class DocumentVersion(Table, table=True):
    """One file of a document. What was issued stays; an edited file or a sealed scan is one more."""

    __tablename__ = "document_version"
    __table_args__ = (UniqueConstraint("document_id", "n"),)

    id: int | None = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    n: int
    #: issued (written by the system), edited, sealed (the scan with seal or signatures), receipt (proof of service).
    role: str
    filename: str
    sha256: str = Field(index=True)
    size: int
    added_by: str
    added_on: date
    note: str = ""


class Service(Table, table=True):
    """How a document was served: way, day, who handed it over, who took it."""

    id: int | None = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    served_on: date
    #: As in `states.forms.SERVICE_WAYS`; empty where the entry did not say.
    way: str = ""
    served_by: str = ""
    received_by: str = ""
    #: The entry was taken back.
    withdrawn: bool = False
    recorded_by: str
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class NumberSeries(Table, table=True):
    """A 代字 (阳自然资发) that an organ numbers its documents with, registered by a named person."""

    __tablename__ = "number_series"

    word: str = Field(primary_key=True)
    organ_id: str = Field(foreign_key="organ.id", index=True)
    #: Kinds that it is for; empty: all of the organ's that have no series of their own.
    kinds: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    added_by: str
    source: str


class NumberYear(Table, table=True):
    """How far a series has counted in a year: one row, locked by whoever takes a number."""

    __tablename__ = "number_year"

    word: str = Field(primary_key=True, foreign_key="number_series.word")
    year: int = Field(primary_key=True)
    last: int = 0


class DocumentNumber(Table, table=True):
    """A number that was given out. It is never given again, also when its document is void."""

    __tablename__ = "document_number"
    __table_args__ = (UniqueConstraint("word", "year", "n"),)

    id: int | None = Field(default=None, primary_key=True)
    word: str = Field(foreign_key="number_series.word")
    year: int
    n: int
    document_id: int = Field(foreign_key="document.id", index=True)
    given_on: date
    given_by: str
    #: Why the document is void; None while it stands.
    void_reason: str | None = None


class CountyForm(Table, table=True):
    """A county's own .docx that replaces the built-in template of a kind; the newest active one counts."""

    __tablename__ = "county_form"

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(index=True)
    filename: str
    sha256: str
    size: int
    added_by: str
    added_on: date
    active: bool = True
