"""Organs, the names they go by, who answers their telephone since when, and the users of the system."""

from datetime import date
from typing import Literal

from sqlalchemy import String, UniqueConstraint
from sqlmodel import Field

from workflow.models.base import Table


class Organ(Table, table=True):
    """A body that acts, is asked or is told: department, township, village, registrar, holder."""

    #: As in `states.parties` for fixed organs; `township_…`, `village_…`, `registrar_…`, `holder_…` otherwise.
    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    kind: Literal["county", "branch", "group", "township", "village", "registrar", "holder", "unit"] = Field(
        sa_type=String
    )
    source: str = ""


class OrganAlias(Table, table=True):
    """Another name for the same organ, as the plan uses several for one body."""

    __tablename__ = "organ_alias"

    alias: str = Field(primary_key=True)
    organ_id: str = Field(foreign_key="organ.id", index=True)


class Contact(Table, table=True):
    """Where an organ is reached, from a day to a day (both inclusive; no end means still valid)."""

    __table_args__ = (UniqueConstraint("organ_id", "email", "valid_from"),)

    id: int | None = Field(default=None, primary_key=True)
    organ_id: str = Field(foreign_key="organ.id", index=True)
    person: str = ""
    email: str = ""
    phone: str = ""
    valid_from: date
    valid_to: date | None = None


class User(Table, table=True):
    """Who signs for an entry. The first accounts are desks (岗位), not people."""

    __tablename__ = "account"

    #: Name to sign in with, also given to `--as`.
    id: str = Field(primary_key=True)
    name: str
    organ_id: str = Field(foreign_key="organ.id", index=True)
    active: bool = True
    #: What the account may do at the screens (`workflow.models.people.Role`).
    role: str = "clerk"
