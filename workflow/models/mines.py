"""Mines and planned blocks, their permits, and what is still open about them."""

from datetime import date
from typing import Any, Literal

from sqlalchemy import JSON, Column, String, UniqueConstraint
from sqlmodel import Field

from workflow.models.base import Table


class Mine(Table, table=True):
    """An existing mine, or a block on which a mine may be set up."""

    id: int | None = Field(default=None, primary_key=True)
    #: Short handle for the command line and the ledger: `2-4` is annex 2, row 4.
    code: str = Field(unique=True)
    kind: Literal["mine", "block"] = Field(sa_type=String)
    name: str = Field(index=True)
    holder: str = ""
    mineral: str = ""
    #: Organ ids; empty while unknown.
    township_id: str = ""
    village_id: str = ""
    #: Published or surveyed values by name: scale (万吨/年), area (km²), valid_to (ISO date) …
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    #: Where the row comes from.
    source: str
    #: True for a fictional mine (演示数据).
    demo: bool = False


class Permit(Table, table=True):
    """A licence of a mine; each is cancelled by its own registrar."""

    __table_args__ = (UniqueConstraint("mine_id", "kind", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    mine_id: int = Field(foreign_key="mine.id", index=True)
    kind: Literal["mining", "safety", "business", "discharge"] = Field(sa_type=String)
    number: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    #: Issuing organ, empty while unknown.
    registrar: str = ""
    source: str


class OpenValue(Table, table=True):
    """待明确事项: what the plan leaves open; filled by a named person with a source, never by default."""

    __tablename__ = "open_value"
    __table_args__ = (UniqueConstraint("mine_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    mine_id: int = Field(foreign_key="mine.id", index=True)
    #: Fact that the value becomes.
    name: str
    label: str
    #: Organ id of who is asked.
    asked_of: str
    clause: str
    value: str | None = None
    filled_by: str | None = None
    filled_on: date | None = None
    source: str | None = None
