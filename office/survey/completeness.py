"""How complete the survey is: every mine's four blocks counted once and kept for as long as the history stands.

Counted are the mines with a running case and those that have none yet. Planned blocks have nothing to survey, and
where every case of a mine is closed its survey is over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select
from sqlmodel import Session, col

from office.access.people import Person, visible
from office.cases.kept import Kept
from states.survey import ASKED, BLOCKS
from workflow.models import Case, Mine
from workflow.survey_gaps import in_survey, running

#: Mines on one page.
SIZE = 50
#: Organs that are asked about every mine, and so may see every mine's survey.
_ORDER = tuple(party.id for party in ASKED)
State = Literal["", "complete", "incomplete"]


@dataclass(frozen=True, slots=True)
class Standing:
    """One mine: how much of each block is known, and who owes how much."""

    id: int
    code: str
    name: str
    township_id: str
    demo: bool
    #: Whether there is a case in which values can be recorded.
    opened: bool
    #: Values known and needed, block by block.
    blocks: tuple[tuple[int, int], ...]
    #: Values still asked of each organ, in the order of `states.survey.ASKED`.
    owed: tuple[int, ...]
    #: Values needed of each organ, in the same order.
    asked: tuple[int, ...]

    @property
    def known(self) -> int:
        return sum(known for known, _ in self.blocks)

    @property
    def needed(self) -> int:
        return sum(needed for _, needed in self.blocks)

    @property
    def complete(self) -> bool:
        return self.known == self.needed


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table of completeness."""

    key: str
    mines: int
    complete: int
    needed: int
    known: int

    @property
    def missing(self) -> int:
        return self.needed - self.known

    @property
    def share(self) -> int:
        """Per cent known, rounded down: 100 only where nothing is missing."""
        return self.known * 100 // self.needed if self.needed else 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list of mines is narrowed to; empty means everything."""

    township: str = ""
    #: Mines about which this organ owes something.
    organ: str = ""
    state: State = ""
    #: Code or a part of the name.
    mine: str = ""


def surveyed(session: Session, person: Person) -> list[Standing]:
    """Every mine of the survey that the person may see: three statements, two where it is kept; one more for a township."""
    newest = session.execute(select(func.count(), func.max(col(Mine.id)))).one()
    everything = Kept(session).ask(("survey", *newest), lambda: _count(session))
    if sees_all(person):
        return everything
    seen = set(
        session.scalars(select(col(Case.mine_id)).join(Mine, col(Case.mine_id) == Mine.id).where(visible(person)))
    )
    return [one for one in everything if one.id in seen]


def sees_all(person: Person) -> bool:
    """Whose survey it is: who reads all cases, and the organs that are asked about every mine."""
    return person.reads_cases and (person.reads_all or person.organ_id in _ORDER)


def _count(session: Session) -> list[Standing]:
    query = (
        select(col(Mine.id), col(Mine.code), col(Mine.name), col(Mine.township_id), col(Mine.demo),
               running().label("opened"), col(Mine.facts))
        .where(col(Mine.kind) == "mine", in_survey()).order_by(col(Mine.id))
    )  # fmt: skip
    return [_standing(*row) for row in session.execute(query)]


def _standing(
    id_: int, code: str, name: str, township: str, demo: bool, opened: bool, facts: dict[str, object]
) -> Standing:
    blocks, owed, asked = [], dict.fromkeys(_ORDER, 0), dict.fromkeys(_ORDER, 0)
    for block in BLOCKS:
        needed = known = 0
        for item in block.items:
            if item.concerns(facts):
                there = facts.get(item.name) not in (None, "")
                needed, known = needed + 1, known + there
                asked[item.asked_of.id] += 1
                owed[item.asked_of.id] += not there
        blocks.append((known, needed))
    counted = tuple(blocks), tuple(owed.values()), tuple(asked.values())
    return Standing(id_, code, name, township, demo, bool(opened), *counted)


def by_township(mines: Iterable[Standing]) -> list[Line]:
    """A line for each township, the least complete first; the empty key is a township nobody has named."""
    found: dict[str, list[Standing]] = {}
    for mine in mines:
        found.setdefault(mine.township_id, []).append(mine)
    return sorted((_line(key, group) for key, group in found.items()), key=lambda line: (line.share, line.key))


def by_organ(mines: Sequence[Standing]) -> list[Line]:
    """A line for each organ that is asked; a mine is complete for it when it owes nothing about it."""
    return [
        Line(
            organ, sum(mine.asked[place] > 0 for mine in mines),
            sum(mine.asked[place] > 0 and not mine.owed[place] for mine in mines),
            needed := sum(mine.asked[place] for mine in mines), needed - sum(mine.owed[place] for mine in mines),
        )
        for place, organ in enumerate(_ORDER)
    ]  # fmt: skip


def by_block(mines: Sequence[Standing]) -> list[Line]:
    """A line for each of the four blocks."""
    return [
        Line(
            block.id, len(mines), sum(mine.blocks[place][0] == mine.blocks[place][1] for mine in mines),
            sum(mine.blocks[place][1] for mine in mines), sum(mine.blocks[place][0] for mine in mines),
        )
        for place, block in enumerate(BLOCKS)
    ]  # fmt: skip


def together(mines: Sequence[Standing]) -> Line:
    return _line("", mines)


def _line(key: str, mines: Sequence[Standing]) -> Line:
    return Line(
        key, len(mines), sum(mine.complete for mine in mines), sum(mine.needed for mine in mines),
        sum(mine.known for mine in mines),
    )  # fmt: skip


def narrowed(mines: Iterable[Standing], wanted: Wanted) -> list[Standing]:
    """The mines that are asked for."""
    place = _ORDER.index(wanted.organ) if wanted.organ in _ORDER else None
    return [
        mine for mine in mines
        if (not wanted.township or mine.township_id == ("" if wanted.township == UNKNOWN else wanted.township))
        and (place is None or mine.owed[place])
        and (not wanted.state or mine.complete == (wanted.state == "complete"))
        and (not wanted.mine or wanted.mine in mine.name or wanted.mine == mine.code)
    ]  # fmt: skip


#: In an address: the township of a mine that nobody has named.
UNKNOWN = "unknown"
