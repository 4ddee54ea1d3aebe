"""What a version of the plan changes, as pages and the command line show it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from office.access.people import Person, visible
from office.plan.citations import Uses, uses
from states.clauses import CLAUSES
from workflow.models import Case, Mine
from workflow.plan.difference import words

#: What groups of single values are called, in the order in which they are shown.
GROUPS = {
    "head": "方案名称、文号和日期", "dates": "方案规定的日期", "ladders": "提醒阶梯", "thresholds": "对照标准的数字",
    "organs": "机构和别称", "questions": "待明确事项",
}  # fmt: skip
KINDS = {"new": "新增", "changed": "改动", "gone": "不再列"}


@dataclass(frozen=True, slots=True)
class ClauseTold:
    """A clause whose official text is another now, with what of ours rests on it."""

    place: str
    heading: str
    #: 改动, 新增, 删去.
    how: str
    uses: Uses


@dataclass(frozen=True, slots=True)
class CellTold:
    label: str
    old: str
    new: str
    #: 写入, or why it is not written.
    outcome: str
    written: bool


@dataclass(frozen=True, slots=True)
class RowTold:
    place: str
    mine: str
    name: str
    kind: str
    #: How the row was recognised, where not by its licence number.
    note: str
    cells: tuple[CellTold, ...]


@dataclass(frozen=True, slots=True)
class ChangesTold:
    """All that a page shows of a version's coming."""

    groups: tuple[tuple[str, tuple[Mapping[str, str], ...]], ...]
    clauses: tuple[ClauseTold, ...]
    rows: tuple[RowTold, ...]
    moves: tuple[Mapping[str, str], ...]
    #: Moves and cases that are outside of the reader's duties.
    hidden: int
    opened: tuple[Mapping[str, str], ...]
    decisions: tuple[Mapping[str, str], ...]
    reminders: int
    notes: tuple[str, ...]


def told(session: Session, person: Person | None, changes: Mapping[str, Any], organs: Mapping[str, str]) -> ChangesTold:
    """In words; of cases only those that the person may see (None: the command line, which sees all)."""
    seen = _seen(session, person, {one["case"] for name in ("moves", "opened") for one in changes.get(name, ())})
    moves = tuple(one for one in changes.get("moves", ()) if one["case"] in seen)
    opened = tuple(one for one in changes.get("opened", ()) if one["case"] in seen)
    hidden = len(changes.get("moves", ())) + len(changes.get("opened", ())) - len(moves) - len(opened)
    return ChangesTold(
        tuple((title, found) for name, title in GROUPS.items() if (found := tuple(changes.get(name, ())))),
        tuple(sorted(map(_clause, changes.get("clauses", ())), key=lambda one: not one.uses.number)),
        tuple(_rows(changes, organs)), moves, hidden, opened, tuple(changes.get("decisions", ())),
        changes.get("reminders", 0), tuple(changes.get("notes", ())),
    )  # fmt: skip


def _seen(session: Session, person: Person | None, numbers: set[str]) -> set[str]:
    if person is None or person.reads_all:
        return numbers
    query = select(col(Case.number)).join(Mine, col(Case.mine_id) == Mine.id).where(visible(person))
    return numbers & set(session.scalars(query))


def _clause(one: Mapping[str, str]) -> ClauseTold:
    place = one["key"]
    how = "改动" if one["old"] and one["new"] else "新增" if one["new"] else "删去"
    heading = CLAUSES[place].heading if place in CLAUSES else "系统没有收录的条款"
    return ClauseTold(place, heading, how, uses().get(place, Uses()))


def _rows(changes: Mapping[str, Any], organs: Mapping[str, str]) -> Iterable[RowTold]:
    outcomes = {(one["mine"], one["name"]): one for one in changes.get("written", ())}
    opened = {(f"附件{one['annex']} 第{one['row']}行"): one for one in changes.get("opened", ())}
    for row in changes.get("rows", ()):
        cells = tuple(_cell(cell, outcomes.get((row["mine"], cell["name"])), organs) for cell in row["cells"])
        note = "；".join(filter(None, (
            row["numbers"], f"按{row['matched']}认定为同一行" if row["matched"] not in ("", "许可证号") else "",
            _arrived(opened.get(row["place"])) if row["kind"] == "new" else "",
            "案件未动，由工作组决定" if row["kind"] == "gone" else "",
        )))  # fmt: skip
        yield RowTold(row["place"], row["mine"], row["name"], KINDS[row["kind"]], note, cells)


def _arrived(one: Mapping[str, str] | None) -> str:
    return (one["met"] or f"立案 {one['case']}（{one['procedure']}）") if one else ""


def _cell(cell: Mapping[str, str], outcome: Mapping[str, str] | None, organs: Mapping[str, str]) -> CellTold:
    old, new = (organs.get(cell[key], words(cell[key])) or "（空）" for key in ("old", "new"))
    why_not = outcome["why_not"] if outcome else "没有登记这座矿山"
    return CellTold(cell["label"], old, new, why_not or "写入", not why_not)
