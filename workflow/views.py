"""A case as the pure parts see it: plain values, gathered once, decided on, written back by others."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from states import parties as p
from states.facts import Facts, Track
from states.kernel import Procedure, Step
from states.parties import Party
from states.registry import PROCEDURES
from workflow.context import Context

#: Pseudo-state of a case that was opened by an entry taken back since.
VOID = "void"


@dataclass(frozen=True, slots=True)
class Slot:
    """One running deadline of a case."""

    trigger: str
    opened_on: date
    due_on: date | None
    basis: str
    provisional: bool
    ladder: str
    next_on: date | None
    reminded: int | None = None
    escalated: int | None = None
    moves: int = 0
    #: None before it is written.
    id: int | None = None


@dataclass(frozen=True, slots=True)
class MineView:
    id: int
    code: str
    name: str
    holder: str
    mineral: str
    township_id: str
    village_id: str
    facts: Mapping[str, Any]
    demo: bool = False


@dataclass(frozen=True, slots=True)
class CaseView:
    id: int
    number: str
    procedure_id: str
    state: str
    version: int
    facts: Mapping[str, Any]
    parent_id: int | None
    subject: str
    opened_on: date
    entered_on: date
    closed_on: date | None
    suspended_on: date | None
    mine: MineView
    slots: tuple[Slot, ...] = ()
    tracks: tuple[Track, ...] = ()

    @property
    def procedure(self) -> Procedure:
        return PROCEDURES[self.procedure_id]

    @property
    def root(self) -> str:
        """The number that its mine's tracks are counted under."""
        return self.number.split("/")[0]

    def with_(self, **changes: Any) -> "CaseView":
        return replace(self, **changes)

    def values(self, context: Context) -> dict[str, Any]:
        """All facts by name: the plan's, then the mine's, then the case's."""
        mine = self.mine
        found: dict[str, Any] = {
            **context.plan, **mine.facts, "township_id": mine.township_id, "village_id": mine.village_id,
            "holder": mine.holder, "mineral": mine.mineral, **self.facts,
        }  # fmt: skip
        for slot in self.slots:
            found[f"due_{slot.trigger}"] = slot.due_on
        return found

    def judged(self, context: Context, today: date, given: Mapping[str, Any] | None = None) -> Facts:
        """Facts as a guard sees them on a day, with what a step was given on top."""
        before = self.values(context)
        return Facts({**before, **(given or {})}, today, context.calendar, before, self.tracks)


#: Roles outside the office's reach: who is told in their place is the step's first cooperating organ.
_TOLD_ON_PAPER = {p.HOLDER, p.REGISTRAR, p.THIRD_PARTY, p.TRANSFEROR}


def resolve(party: Party, facts: Facts) -> str:
    """The organ id behind a party; empty while the fact that names it is open."""
    return facts.text(party.fact) if party.is_role else party.id


def told(step: Step, facts: Facts) -> str:
    """The organ that gets the step's reminders; empty when the responsible organ is not known yet."""
    if step.lead not in _TOLD_ON_PAPER:
        if step.lead is p.ENFORCER and not facts.text("enforcer"):
            return p.NATURAL_RESOURCES.id
        return resolve(step.lead, facts)
    for party in step.cooperating:
        if party not in _TOLD_ON_PAPER and (organ := resolve(party, facts)):
            return organ
    return p.GROUP_OFFICE.id


def party_name(party: Party, facts: Facts, context: Context, view: CaseView) -> str:
    """What to call a party in this case: the organ's own name where it is known."""
    if party is p.HOLDER:
        return f"{party.name}{view.mine.holder}" if view.mine.holder else party.name
    organ = resolve(party, facts)
    return context.organs.get(organ, organ if party in (p.THIRD_PARTY, p.TRANSFEROR) and organ else party.name)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes an entry."""

    user: str
    organ_id: str
    #: Account for whose holder the entry is made while that one is away (代理).
    on_behalf_of: str = ""

    def signed(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The data of an entry; for whom somebody stood in is part of the record."""
        return {**data, "on_behalf_of": self.on_behalf_of} if self.on_behalf_of else dict(data)


CLOCK = Actor("clock", "")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the content store."""

    sha256: str
    filename: str
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody asks to be recorded about a case."""

    case: str
    trigger: str
    actor: Actor
    occurred_on: date
    fields: Mapping[str, Any] = field(default_factory=dict)
    #: Evidence name -> file; files beyond what the card asks for go under `other`.
    evidence: Mapping[str, tuple[StoredFile, ...]] = field(default_factory=dict)
    expected_version: int | None = None

    @property
    def evidenced(self) -> frozenset[str]:
        """Names under which there is at least one file."""
        return frozenset(name for name, files in self.evidence.items() if files)
