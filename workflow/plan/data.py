"""What a county's plan folder says, as checked values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, Literal

OrganKind = Literal["county", "branch", "group", "township", "village", "registrar", "unit"]


@dataclass(frozen=True, slots=True)
class PlanOrgan:
    """An organ named by the plan or derived from it, with its other names."""

    id: str
    name: str
    kind: OrganKind
    source: str
    aliases: tuple[str, ...] = ()
    #: False for bodies outside the county: they get no account.
    desk: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One row of annex 2 (an existing mine) or annex 3 (a planned block)."""

    annex: Literal[2, 3]
    row: int
    procedure: str
    name: str
    mineral: str
    holder: str = ""
    township_id: str = ""
    village_id: str = ""
    #: Facts of the mine: dates as ISO text, numbers as decimal text.
    facts: Mapping[str, str]
    #: Facts of the case that is opened for it.
    case_facts: Mapping[str, str]
    #: Every published cell as printed, by column.
    printed: Mapping[str, str]

    @property
    def code(self) -> str:
        return f"{self.annex}-{self.row}"


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A value that the plan leaves open for all mines of a kind."""

    #: annex2, annex3, or the way of exit it belongs to.
    applies_to: str
    name: str
    label: str
    asked_of: str
    clause: str

    def concerns(self, row: PlanRow) -> bool:
        known = row.facts.get(self.name) or (self.name == "township_id" and row.township_id)
        return self.applies_to in (f"annex{row.annex}", row.procedure) and not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The whole folder, checked."""

    county: str
    number: str
    title: str
    issuer: str
    issued_on: date
    dates: Mapping[str, date]
    organs: tuple[PlanOrgan, ...]
    rows: tuple[PlanRow, ...]
    questions: tuple[OpenQuestion, ...]
    #: Clause id -> fingerprint of its official text.
    fingerprints: Mapping[str, str]
    #: Name of a date -> the clause that sets it.
    date_clauses: Mapping[str, str] = field(default_factory=dict)
    #: The numbers of the criteria, in their stored form (`workflow.thresholds`).
    thresholds: Mapping[str, Any] = field(default_factory=dict)
    #: 文号 of the plan that this one amends; empty for a first plan.
    amends: str = ""

    def printed(self, annex: Literal[2, 3]) -> tuple[Mapping[str, str], ...]:
        """The published rows of an annex, for comparison with the official text."""
        return tuple(row.printed for row in self.rows if row.annex == annex)

    def source(self, row: PlanRow) -> str:
        return f"{self.number} 附件{row.annex} 第{row.row}行"

    def setting(self) -> dict[str, str]:
        """What every case may know of the plan, and a fingerprint of its text."""
        text = "".join(f"{clause}{mark}" for clause, mark in self.fingerprints.items())
        return {
            "county": self.county, "number": self.number, "title": self.title, "issuer": self.issuer,
            "issued_on": self.issued_on.isoformat(), **{name: day.isoformat() for name, day in self.dates.items()},
            "fingerprint": sha256(text.encode()).hexdigest()[:16],
        }  # fmt: skip
