"""The survey of one mine as a person sees it: every value with who said it, when, and on what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from office.access.people import Person
from office.cases.mine_file import mine_seen
from office.cases.open_values import recording_cases
from office.survey.completeness import sees_all
from states import parties as p
from states.survey import BLOCKS, ITEMS, Block, Item
from states.survey_words import value_words
from workflow.context import Context
from workflow.errors import NotFound
from workflow.models import Case, Event, Mine, User

#: Organs that may enter every value: the survey's lead (四(一)) and the office.
_MAY_ALL = (p.NATURAL_RESOURCES.id, p.GROUP_OFFICE.id)


@dataclass(frozen=True, slots=True)
class Told:
    """One entry that recorded values of a mine."""

    seq: int
    at: datetime
    on: date
    who: str
    organ: str
    source: str
    #: Name -> value as it was recorded; None took one back.
    values: Mapping[str, Any]

    @property
    def words(self) -> list[tuple[str, str]]:
        return [
            (ITEMS[name].field.label, value_words(ITEMS[name], v) or "改为尚未查清") for name, v in self.values.items()
        ]


@dataclass(frozen=True, slots=True)
class Known:
    """One value of the survey as the mine has it."""

    item: Item
    #: As it is stored; empty where nobody knows it.
    stored: str
    words: str
    #: The entry that said so; None where it came with the mine's registration.
    told: Told | None
    #: Whether the mine as it stands needs it.
    needed: bool
    may_fill: bool

    @property
    def missing(self) -> bool:
        return self.needed and not self.stored


@dataclass(frozen=True, slots=True)
class Sheet:
    """The four blocks of one mine."""

    mine: Mine
    #: Number of the case that takes its values; empty where the mine has none.
    case: str
    blocks: tuple[tuple[Block, tuple[Known, ...]], ...]
    #: The last entry that changed one of them: what somebody who fills in the form has seen.
    seen: int

    @property
    def may_fill(self) -> bool:
        return bool(self.case) and any(value.may_fill for _, values in self.blocks for value in values)

    @property
    def facts(self) -> Mapping[str, Any]:
        return self.mine.facts


def may_fill(person: Person, item: Item) -> bool:
    """The organ that is asked; and the lead of the survey and the office, which enter what they were told on paper."""
    return person.handles_cases and (person.is_office or person.organ_id in (item.asked_of.id, *_MAY_ALL))


def sheet(session: Session, person: Person, code: str, context: Context) -> Sheet:
    """Raises NotFound alike for a mine that is not there and one that the person may not see."""
    mine = mine_of(session, person, code)
    told = told_of(session, mine, context)
    by_name = {name: entry for entry in told for name in entry.values}
    return Sheet(
        mine, recording_cases(session, {mine.id or 0}).get(mine.id or 0, ""),
        tuple((block, tuple(_value(item, mine, by_name, person) for item in block.items)) for block in BLOCKS),
        told[-1].seq if told else 0,
    )  # fmt: skip


def mine_of(session: Session, person: Person, code: str) -> Mine:
    query = select(Mine).where(col(Mine.code) == code, col(Mine.kind) == "mine")
    if not sees_all(person):
        query = query.where(mine_seen(person))
    found = session.scalars(query).first()
    if found is None:
        raise NotFound(
            f"没有编号为“{code[:40]}”的现有矿山，或者它不在您的职责范围内（拟设区块没有证照，不作调查摸底）。"
        )
    return found


def _value(item: Item, mine: Mine, by_name: Mapping[str, Told], person: Person) -> Known:
    stored = mine.facts.get(item.name)
    stored = {True: "yes", False: "no"}[stored] if isinstance(stored, bool) else "" if stored is None else str(stored)
    return Known(
        item,
        stored,
        value_words(item, stored),
        by_name.get(item.name),
        item.concerns(mine.facts),
        may_fill(person, item),
    )


def told_of(session: Session, mine: Mine, context: Context) -> list[Told]:
    """Every entry that recorded values of the survey about the mine, in any of its cases, oldest first."""
    query = (
        select(Event, col(User.name)).join(Case, col(Event.case_id) == Case.id)
        .outerjoin(User, col(Event.actor) == User.id)
        .where(col(Case.mine_id) == mine.id, col(Event.kind) == "record").order_by(col(Event.seq))
    )  # fmt: skip
    found = []
    for event, name in session.execute(query):
        values = {key: value for key, value in event.data.get("fields", {}).items() if key in ITEMS}
        if values:
            organ = context.organs.get(event.organ_id, "")
            source = str(event.data.get("source", ""))
            found.append(
                Told(event.seq, event.recorded_at, event.occurred_on, name or event.actor, organ, source, values)
            )
    return found
