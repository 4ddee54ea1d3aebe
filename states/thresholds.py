"""The numbers of the plan's criteria (三(二)) as values: each county's plan folder gives its own, with a source.

Nothing here is a default: a number that nobody has looked up stays empty and says where to look.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

#: The plan says so; still to be confirmed; replaced by a newer standard; not looked up yet.
Status = Literal["plan", "confirm", "superseded", "lookup"]
STATUS_WORDS: dict[Status, str] = {
    "plan": "方案写明", "confirm": "是否仍然有效须由人核对", "superseded": "已有新标准，须由人按新标准核对",
    "lookup": "数字待查",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """Where a number comes from, and whom it concerns: words in the names of minerals and uses."""

    label: str
    minerals: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    unit: str
    source: str
    #: Clause of the plan that needs the number.
    clause: str
    status: Status
    #: The newer standard, where there is one.
    successor: str = ""

    @property
    def caution(self) -> str:
        """What a person must still confirm; empty for what the plan itself says."""
        return {
            "plan": "", "confirm": f"按{self.source}，是否仍然有效须由人核对",
            "superseded": f"按{self.source}，该标准已由 {self.successor} 代替，须由人按新标准核对",
            "lookup": f"中{self.label}的数字待查，须由人查 {self.source}",
        }[self.status]  # fmt: skip

    def names(self, mineral: str) -> bool:
        """Whether the mineral's name is meant; 铁 is 铁矿 as well."""
        return any(word in f"{mineral}矿" for word in self.minerals)

    def used_for(self, words: str) -> bool:
        return any(word in words for word in self.uses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor(Standard):
    """Smallest value of a kind of mine: a scale (万吨/年) or a remaining life (年)."""

    least: Decimal
    excluded: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()

    def names(self, mineral: str) -> bool:
        return any(word in f"{mineral}矿" for word in self.minerals) and not any(w in mineral for w in self.excluded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick(Standard):
    """Where 中型 and 大型 begin for a mineral in a use (any use where none is named); None while not looked up."""

    medium: Decimal | None
    large: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardsticks:
    """All the numbers that the criteria are given."""

    floors: tuple[Floor, ...]
    scales: tuple[Yardstick, ...]
    deposits: tuple[Yardstick, ...]
    life: Floor
    #: 三(二)1(2): a licence that runs out by the end of that day.
    licence_cutoff: date
    #: 三(二)4(1): first and last year of the master plan.
    master_plan_from: int
    master_plan_to: int

    @property
    def scale_caution(self) -> str:
        return cautions("规模等级", self.scales)

    @property
    def deposit_caution(self) -> str:
        return cautions("矿床规模", (row for row in self.deposits if row.status != "lookup"))


def cautions(what: str, rows: Iterable[Standard]) -> str:
    """What must be confirmed before rows are relied on, each source once."""
    return "；".join(dict.fromkeys(f"{what}{row.caution}" for row in rows if row.caution))
