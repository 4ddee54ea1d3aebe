"""Rows that mean a registered mine: what they would change of it, and what of it only a step may change."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import compress, repeat
from operator import ne
from typing import Any

from sqlmodel import Session

from office.sheets.columns import STAMP
from office.sheets.comparison import RowChange
from office.sheets.grid import Grid, Unread, as_cells, spelled
from office.sheets.listed import Listing
from office.sheets.matching import name_key
from office.sheets.refusals import LISTED, Refusals, locked
from office.sheets.register import Registered, Stored
from office.sheets.stamps import broken, stale, touched
from office.sheets.standing import Standing, standings, why_not, without_case
from office.sheets.wording import SheetWords

Matched = Sequence[tuple[int, Stored]]


def standing_of(session: Session, grid: Grid, matched: Matched) -> dict[int, Standing]:
    """Where the mines stand, for the rows whose cells for reading are not as they were exported; for a list, all."""
    listed = any(name in grid.raw for name in LISTED)
    wanted = {mine.id for row, mine in matched if listed or touched(grid, row)} if listed or grid.shown else ()
    return standings(session, wanted) if wanted else {}


class MatchedRows:
    """The rows of one table that mean a registered mine."""

    def __init__(
        self, grid: Grid, stored: Registered, standing: Mapping[int, Standing], refusals: Refusals, words: SheetWords
    ) -> None:
        self._grid, self._stored, self._standing, self._refusals = grid, stored, standing, refusals
        self._words = words

    def judged(self, session: Session, matched: Matched, listing: Listing) -> Iterator[RowChange]:
        """Those that would change something, or that a list says something about."""
        changes = self._changes(matched)
        self._check_shown(matched)
        bare = without_case(session, {mine.id for row, mine in matched if row in changes})
        for row, mine in matched:
            if mine.id in bare and row in changes:
                self._refusals.add(row, "name", f"{mine.values['name']}（{mine.code}）名下没有案件，无处记载：请先立案")
            for name, reason in listing.refusals(row, mine) if listing.concerned else ():
                self._refusals.add(row, name, reason)
        for row, mine in matched:
            values = changes.get(row, {})
            notes = listing.notes(row, mine) if listing.concerned else ()
            if not values and not notes:
                continue
            self._refusals.check_term(row, {**mine.values, **values}, values)
            yield RowChange(
                self._grid.row_number(row), mine.code, mine.values["name"], "changed" if values else "same",
                tuple(values), tuple(values.values()), {name: self._words.of(name, mine.values.get(name)) for name in values},
                self._words, bool(values) and stale(self._grid, row, mine), notes=notes,
            )  # fmt: skip

    def _changes(self, matched: Matched) -> dict[int, dict[str, Any]]:
        """Row -> values that differ from what is stored and may be changed."""
        rows, facts = [row for row, _ in matched], [mine.values for _, mine in matched]
        codes = [mine.code for _, mine in matched]
        changes: dict[int, dict[str, Any]] = {}
        left = 0
        for name in self._grid.names:
            if name in LISTED:
                continue
            stored = codes if name == "code" else list(map(dict.get, facts, repeat(name)))
            for at in self._suspicious(name, rows, stored):
                value = self._grid.value(rows[at], name)
                if value is None:
                    left += stored[at] not in (None, "")
                elif self._differs(rows[at], matched[at][1], name, value, spelled(name, stored[at])):
                    changes.setdefault(rows[at], {})[name] = value
        if left:
            self._refusals.notes.append(f"有 {left} 个单元格是空的而系统里有值：保留系统的值，表格不能删除。")
        return changes

    def _suspicious(self, name: str, rows: Sequence[int], stored: Sequence[Any]) -> Iterator[int]:
        """Places of the rows whose cell is not what an export would have written."""
        cells = self._grid.raw.get(name)
        if cells is None:  # one end of a term
            return iter(range(len(rows)))
        said = cells if len(rows) == len(cells) else [cells[row] for row in rows]
        return compress(range(len(rows)), map(ne, said, as_cells(name, stored, self._stored)))

    def _differs(self, row: int, mine: Stored, name: str, value: Any, current: Any) -> bool:
        """Whether a cell that is not as stored is a change; what may not be changed becomes a problem."""
        if value == current:
            return False
        words = self._words.of(name, mine.values.get(name))
        if type(value) is Unread:
            if str(self._grid.cell(row, self._grid.column_of(name))).strip() != words:
                self._refusals.add(row, name, value.reason)
            return False
        if locked(name, current):
            if name in ("name", "holder") and name_key(str(value)) == name_key(str(current or "")):
                return False
            registered = mine.code if name == "code" else words
            self._refusals.add(row, name, f"{why_not(name, None)}。系统登记为“{registered}”")
            return False
        return name != "location" or current is not None or value != self._words.place(mine)

    def _check_shown(self, matched: Matched) -> None:
        for row, mine in matched if self._grid.shown else ():
            if broken(self._grid, row):
                self._refusals.add(row, STAMP, "系统标记被改动了：请照导出的表恢复，或者清空这一格")
            for name in touched(self._grid, row):
                standing = self._standing.get(mine.id)
                now = standing.shown[name] if standing else ""
                if self._grid.shown[name][row] != now:
                    self._refusals.add(row, name, f"{why_not(name, standing)}。系统现在是“{now or '空'}”")
