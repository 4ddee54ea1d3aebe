"""The registered mines as sheets are compared with them: one statement, no objects of the ORM."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Text, cast
from sqlmodel import Session, col, select

from office.cases.case_rows import place_name
from office.sheets.cells import place_key
from office.sheets.matching import Known, Register
from workflow.context import Context, context_of
from workflow.models import Mine, Organ, OrganAlias

_PLACES = ("township", "village")


class Stored(NamedTuple):
    """A mine with its values by name, its columns among them."""

    id: int
    code: str
    block: bool
    #: Facts, and `name`, `holder`, `mineral`, `township_id`, `village_id`.
    values: dict[str, Any]


@dataclass(frozen=True)
class Registered:
    """All mines, and how their places may be called."""

    mines: Mapping[int, Stored]
    #: The same, ready to be looked up.
    register: Register
    context: Context
    #: Kind -> what a place may be called -> its id.
    places: Mapping[str, Mapping[str, str]]

    @cached_property
    def place_names(self) -> Mapping[str, str]:
        """Organ id -> how its place is called."""
        return {key: place_name(self.context, key) for key in self.context.organs}


def registered(session: Session) -> Registered:
    context = context_of(session)
    mines = _mines(session)
    register = Register(
        Known(m.id, m.code, m.values["name"], m.values["holder"], str(m.values.get("licence_number") or ""))
        for m in mines.values()
    )
    return Registered(mines, register, context, _places(session, context))


def _mines(session: Session) -> dict[int, Stored]:
    rows = session.execute(
        select(  # type: ignore[call-overload]
            col(Mine.id), col(Mine.code), col(Mine.kind), col(Mine.name), col(Mine.holder), col(Mine.mineral),
            col(Mine.township_id), col(Mine.village_id), cast(col(Mine.facts), Text),
        ).order_by(col(Mine.id))
    ).all()  # fmt: skip
    # One document is read faster than ten thousand, and its keys are kept once.
    facts = json.loads(f"[{','.join(row[-1] for row in rows)}]")
    for row, values in zip(rows, facts, strict=True):
        values["name"], values["holder"], values["mineral"] = row[3], row[4], row[5]
        values["township_id"], values["village_id"] = row[6], row[7]
    return {row[0]: Stored(row[0], row[1], row[2] == "block", values) for row, values in zip(rows, facts, strict=True)}


def _places(session: Session, context: Context) -> dict[str, dict[str, str]]:
    organs = session.execute(
        select(col(Organ.id), col(Organ.kind), col(Organ.name)).where(col(Organ.kind).in_(_PLACES))
    ).all()
    kinds = {key: kind for key, kind, _ in organs}
    found: dict[str, dict[str, str]] = {kind: {} for kind in _PLACES}
    aliases = session.execute(select(col(OrganAlias.alias), col(OrganAlias.organ_id))).all()
    for key, kind, name in organs:
        for word in (key, place_name(context, key), name):
            found[kind][place_key(word)] = key
    for alias, key in aliases:
        if key in kinds:
            found[kinds[key]].setdefault(place_key(alias), key)
    return found
