"""What of a table cannot be taken, cell by cell, while it is judged."""

from collections.abc import Mapping
from typing import Any

from office.sheets.cells import written
from office.sheets.columns import COLUMNS
from office.sheets.comparison import Problem
from office.sheets.grid import Grid
from workflow.credit_code import NONE

#: What identifies a mine: taken for a new one, and for a registered one only where nothing is registered yet.
_LOCKED = ("code", "name", "holder", "licence_number", "mineral")
_FILLED = ("licence_number", "mineral")
#: What stands for "nothing is registered yet".
OPEN = (None, *NONE)
#: What a list says and a case decides.
LISTED = ("tick_closure", "tick_guided_exit", "exit_year", "transfer_year")


class Refusals:
    """The problems of one table, and the notes about it as a whole."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        #: Rows with a problem.
        self.rows: set[int] = set()
        self.problems: list[Problem] = []
        self.notes: list[str] = []

    def add(self, row: int, name: str, reason: str) -> None:
        """A cell by the name of its value; the whole row where the table has no such column."""
        grid = self._grid
        self.rows.add(row)
        sheet, number, column = grid.table.sheet.name, grid.row_number(row), grid.column_of(name)
        if not column:
            self.problems.append(Problem(sheet, number, "", "", "", reason))
            return
        said = written(COLUMNS[column], grid.cell(row, column))[:200]
        self.problems.append(
            Problem(sheet, number, grid.table.column_letter(column), grid.table.head(column), said, reason)
        )

    def check_term(self, row: int, after: Mapping[str, Any], given: Mapping[str, Any]) -> None:
        """The two ends of a licence's term, as they would stand, where the row gives one of them."""
        first, last = after.get("valid_from"), after.get("valid_to")
        if first and last and str(first) > str(last) and ("valid_from" in given or "valid_to" in given):
            name = "valid_to" if "valid_to" in given else "valid_from"
            self.add(row, name, f"有效期自 {first} 晚于有效期至 {last}：请核对两个日期")


def locked(name: str, current: Any) -> bool:
    """Whether a registered value may not be changed by a sheet."""
    return name in _LOCKED and not (name in _FILLED and current in OPEN)
