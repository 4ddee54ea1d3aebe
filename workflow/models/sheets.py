"""Workbooks that came in, column layouts that the office has taught, versions of the plan's data."""

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import JSON, Column, String
from sqlmodel import Field

from workflow.models.base import Table, UtcDateTime


class SheetImport(Table, table=True):
    """One uploaded workbook: looked at, then taken in whole, or dropped."""

    __tablename__ = "sheet_import"

    id: int | None = Field(default=None, primary_key=True)
    filename: str
    #: The bytes lie in the store under their own SHA-256.
    sha256: str = Field(index=True)
    #: Shape of the sheet (`survey`, `annex2`, `annex3`) or `free`, with the columns that were assigned.
    layout: str
    mapping: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    status: Literal["waiting", "done", "dropped"] = Field(default="waiting", sa_type=String)
    uploaded_by: str
    organ_id: str
    uploaded_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    #: What people decided about stale rows and near matches, and what came of the import.
    decisions: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    result: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class SheetLayout(Table, table=True):
    """A layout of the office's own, recognised again by its heads."""

    __tablename__ = "sheet_layout"

    id: int | None = Field(default=None, primary_key=True)
    #: Of the words in the header row.
    fingerprint: str = Field(unique=True)
    heads: list[str] = Field(sa_column=Column(JSON, nullable=False))
    #: Name of the value -> place of its column, counted from 0.
    mapping: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    saved_by: str
    saved_on: date


class PlanVersion(Table, table=True):
    """One version of the plan's data as it was in force; the newest is the one in force now."""

    __tablename__ = "plan_version"

    id: int | None = Field(default=None, primary_key=True)
    #: 文号 of the document that the version comes from.
    number: str
    basis: str
    reason: str
    loaded_by: str
    loaded_at: datetime = Field(sa_type=UtcDateTime)
    #: Dates, thresholds, ladders and list rows, as plain values.
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    #: What changed against the version before, and which deadlines moved.
    changes: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
