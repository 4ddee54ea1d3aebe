"""The calendar, the beats of the scheduler, and what the office has set."""

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import JSON, Column, String
from sqlmodel import Field

from workflow.models.base import Table, UtcDateTime


class CalendarYear(Table, table=True):
    """Whether a year's holidays are published by the State Council or only estimated by us."""

    __tablename__ = "calendar_year"

    year: int = Field(primary_key=True)
    status: Literal["published", "provisional"] = Field(sa_type=String)
    source: str
    #: Counts up whenever any year changes, so that a cached calendar knows it is stale.
    revision: int = 1


class CalendarDay(Table, table=True):
    """A day that differs from its weekday: a holiday, or a weekend day worked (调休)."""

    __tablename__ = "calendar_day"

    day: date = Field(primary_key=True)
    kind: Literal["holiday", "working"] = Field(sa_type=String)
    name: str = ""


class Beat(Table, table=True):
    """The last sign of life of the scheduler; a jump since then holds everything until a person confirms."""

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    #: Why the scheduler is holding; empty when it is not.
    held: str = ""


class Sweep(Table, table=True):
    """One morning's look at all deadlines."""

    as_of: date = Field(primary_key=True)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    #: What came of it: due, planned, superseded, no_contact.
    counts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class Setting(Table, table=True):
    """A named value of this installation (the plan's own dates, its fingerprint)."""

    name: str = Field(primary_key=True)
    value: Any = Field(sa_column=Column(JSON, nullable=False))
