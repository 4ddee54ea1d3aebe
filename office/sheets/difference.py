"""A workbook against what is stored, cell by cell: what would change, and what stands in the way.

An empty cell leaves the stored value: a sheet adds and replaces, it deletes nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from sqlmodel import Session

from office.sheets.comparison import Comparison, Move, Problem, RowChange
from office.sheets.grid import Grid, grid_of
from office.sheets.judging import judged
from office.sheets.layouts import Table, find_table
from office.sheets.moves import moves_of
from office.sheets.reading import SheetCells, undisturbed
from office.sheets.register import Registered, registered
from office.sheets.remembered import remembered
from workflow.errors import BadInput

#: So many mines at most are rehearsed for the deadlines that would move.
REHEARSED = 200
_KIND, _STALE, _NEAR = attrgetter("kind"), attrgetter("stale"), attrgetter("near")


def compare(
    session: Session, sheets: Sequence[SheetCells], *, today: date, sheet: str = "",
    mapping: Mapping[str, int] | None = None, stored: Registered | None = None,
) -> Comparison:  # fmt: skip
    """What a workbook would change against `stored` (what is registered now, unless it has been looked up already).

    `sheet`: the one to read where several look like a ledger; `mapping`: value -> place of its column, where a person assigns
    the columns. Raises BadInput where no table can be read at all, and Unrecognised where a person may assign columns.
    """
    with undisturbed():
        table = find_table(sheets, remembered(session), sheet=sheet, mapping=mapping)
        return _compared(session, table, stored or registered(session), today)


def _compared(session: Session, table: Table, stored: Registered, today: date) -> Comparison:
    grid = grid_of(table, stored)
    if not grid.height:
        raise BadInput(f"工作表“{table.sheet.name}”的表头下面没有一行矿山：请核对是否传错了文件。")
    rows, found, notes, same = judged(session, grid, stored, today)
    problems = tuple(sorted(found, key=lambda problem: (problem.row, len(problem.column), problem.column)))
    counts = _counts(grid, rows, problems, same)
    concerned = _concerned(rows, stored)
    return Comparison(
        table.layout, table.sheet.name, tuple(rows), problems, counts, (*table.notes, *notes),
        () if problems else _moves(session, rows, concerned), concerned,
    )  # fmt: skip


def _counts(grid: Grid, rows: Sequence[RowChange], problems: Sequence[Problem], same: int) -> dict[str, int]:
    kinds = Counter(map(_KIND, rows))
    return {
        "rows": grid.height, "new": kinds["new"], "changed": kinds["changed"], "same": same,
        "stale": sum(map(_STALE, rows)), "near": sum(map(bool, map(_NEAR, rows))),
        "values": sum(row.size for row in rows if row.kind == "changed"), "problems": len(problems),
        "left_out": grid.table.left_out + grid.blank,
    }  # fmt: skip


def _concerned(rows: Sequence[RowChange], stored: Registered) -> dict[str, tuple[int, dict[str, Any]]]:
    """Mines that may be changed: what is stored of the values that would be written."""
    names: dict[str, set[str]] = {}
    for row in rows:
        if row.mine_code:
            names.setdefault(row.mine_code, set()).update(row.values)
        for near in row.near:
            names.setdefault(near.code, set()).update(near.values)
    mines = (mine for mine in stored.mines.values() if mine.code in names) if names else ()
    return {mine.code: (mine.id, {name: mine.values.get(name) for name in names[mine.code]}) for mine in mines}


def _moves(
    session: Session, rows: Sequence[RowChange], concerned: Mapping[str, tuple[int, Mapping[str, Any]]]
) -> tuple[Move, ...] | None:
    changed = [row for row in rows if row.kind == "changed"]
    if len(changed) > REHEARSED:
        return None
    return moves_of(session, {concerned[row.mine_code][0]: row.values for row in changed})
