"""Row by row: which mine it means, what it would change, and what of it cannot be taken."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import compress, repeat
from operator import ne
from typing import Any

from sqlmodel import Session

from office.sheets.bulk import STRETCH
from office.sheets.cells import written
from office.sheets.columns import COLUMNS, SHOWN, STAMP, mark, stamp
from office.sheets.comparison import CellChange, Near, Problem, RowChange
from office.sheets.grid import Grid, Unread, as_cells, spelled
from office.sheets.listed import Listing
from office.sheets.matching import Known, name_key, name_keys
from office.sheets.register import Registered, Stored
from office.sheets.standing import Standing, standings, why_not
from office.sheets.wording import SheetWords
from workflow.credit_code import NONE

#: What identifies a mine: taken for a new one, and for a registered one only where nothing is registered yet.
_LOCKED = ("code", "name", "holder", "licence_number", "mineral")
_FILLED = ("licence_number", "mineral")
_OPEN = (None, *NONE)
#: What a list says and a case decides.
_LISTED = ("tick_closure", "tick_guided_exit", "exit_year", "transfer_year")
#: Characters of a stamp that stand for the values; the rest for the cells for reading, four each.
_OF_VALUES, _EACH = 12, 4


class Judge:
    """One table against the registered mines."""

    def __init__(self, session: Session, grid: Grid, stored: Registered, today: date) -> None:
        self._session, self._grid, self._stored, self._today = session, grid, stored, today.isoformat()
        self._words = SheetWords(stored)
        self._standing: dict[int, Standing] = {}
        self._refused: set[int] = set()
        #: Licence number, name, holder and code of the rows that were not found at first sight, and the keys of name and holder.
        self._who: dict[int, tuple[Any, ...]] = {}
        self._keys: dict[int, tuple[str, str]] = {}
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.same = 0

    def rows(self) -> list[RowChange]:
        """All rows that would change something or need a decision; what cannot be taken goes to `problems`."""
        matched, others = self._matched()
        mines = [mine for _, mine in matched]
        self._look_up(matched)
        changes = self._changes(matched)
        listing = Listing(self._grid, self._standing)
        found = list(self._changed(matched, changes, listing))
        changed = sum(row.kind == "changed" for row in found)
        found += self._unmatched(others, {mine.id: row for row, mine in matched}, listing)
        self.same = len(mines) - changed
        found.sort(key=lambda row: row.row)
        return found

    # Which mine a row means

    def _matched(self) -> tuple[list[tuple[int, Stored]], list[int]]:
        """Rows with the mine that they mean exactly, and the rows that mean none. Doubles are problems."""
        mines, first_of = self._stored.mines, dict[int, int]()
        matched, others = [], []
        for row, found in enumerate(self._found()):
            if not found:
                others.append(row)
            elif len(found) > 1:
                codes = "、".join(mine.code for mine in found)
                self._problem(row, "name", f"系统里有 {len(found)} 座矿山都符合（{codes}）：请填上矿山编号后再上传")
            elif (first := first_of.setdefault(found[0].id, row)) != row:
                number = self._grid.row_number(first)
                self._problem(row, "name", f"与第 {number} 行是同一座矿山（{found[0].name}）：请只留一行")
            else:
                matched.append((row, mines[found[0].id]))
        return matched, others

    def _found(self) -> list[Sequence[Known]]:
        """For each row the mines that it means: by licence number, by name and holder, by the code of an export."""
        register, grid = self._stored.register, self._grid
        licences = grid.raw.get("licence_number", ())
        found: list[Sequence[Known]] = [
            register.licences.get(cell, ()) if type(cell) is str else () for cell in licences
        ] or [()] * grid.height
        missing = [row for row, mines in enumerate(found) if not mines]
        if missing:
            self._who = self._read_who(missing)
            keys = zip(*(name_keys([self._who[row][at] or "" for row in missing]) for at in (1, 2)), strict=True)
            self._keys = dict(zip(missing, keys, strict=True))
            for row, key in self._keys.items():
                licence, _, _, code = self._who[row]
                found[row] = register.licences.get(licence or "") or self._by_name(key, code)
        return found

    def _by_name(self, key: tuple[str, str], code: str | None) -> Sequence[Known]:
        register = self._stored.register
        found = register.names.get(key, ()) if key[0] else ()
        if len(found) > 1:
            found = [mine for mine in found if mine.code == code] or found
        return found or ([register.codes[code]] if code in register.codes else ())

    def _read_who(self, rows: Sequence[int]) -> dict[int, tuple[str | None, ...]]:
        """Licence number, name, holder and code of some rows, as far as they can be read."""
        grid = self._grid
        columns = []
        for name in ("licence_number", "name", "holder", "code"):
            if name not in grid.raw:
                columns.append([None] * len(rows))
                continue
            every = grid.column(name) if len(rows) > STRETCH else None
            values = [every[row] if every else grid.value(row, name) for row in rows]
            columns.append([None if type(value) is Unread else value for value in values])
        return dict(zip(rows, zip(*columns, strict=True), strict=True))

    # What a matched row changes

    def _changes(self, matched: Sequence[tuple[int, Stored]]) -> dict[int, dict[str, Any]]:
        """Row -> values that differ from what is stored and may be changed."""
        rows, facts = [row for row, _ in matched], [mine.values for _, mine in matched]
        codes = [mine.code for _, mine in matched]
        changes: dict[int, dict[str, Any]] = {}
        left = 0
        for name in self._grid.names:
            if name in _LISTED:
                continue
            stored = codes if name == "code" else list(map(dict.get, facts, repeat(name)))
            for at in self._suspicious(name, rows, stored):
                value = self._grid.value(rows[at], name)
                if value is None:
                    left += stored[at] not in (None, "")
                elif self._differs(rows[at], matched[at][1], name, value, spelled(name, stored[at])):
                    changes.setdefault(rows[at], {})[name] = value
        if left:
            self.notes.append(f"有 {left} 个单元格是空的而系统里有值：保留系统的值，表格不能删除。")
        self._shown(matched)
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
                self._problem(row, name, value.reason)
            return False
        if name in _LOCKED and not (name in _FILLED and current in _OPEN):
            if name in ("name", "holder") and name_key(str(value)) == name_key(str(current or "")):
                return False
            registered = mine.code if name == "code" else words
            self._problem(row, name, f"{why_not(name, None)}。系统登记为“{registered}”")
            return False
        return name != "location" or current is not None or value != self._words.place(mine)

    def _look_up(self, matched: Sequence[tuple[int, Stored]]) -> None:
        """Where the mines stand, for the rows whose cells for reading are not as they were exported."""
        grid = self._grid
        listed = any(name in grid.raw for name in _LISTED)
        wanted = {mine.id for row, mine in matched if listed or self._touched(row)} if listed or grid.shown else ()
        self._standing = standings(self._session, wanted) if wanted else {}

    def _touched(self, row: int) -> list[str]:
        """Columns for reading whose cells somebody has changed; without a stamp, all that are filled."""
        shown = self._grid.shown
        given = shown[STAMP][row] if STAMP in shown else ""
        marks = given[_OF_VALUES:] if _is_stamp(given) else ""
        return [
            name for place, name in enumerate(SHOWN)
            if name in shown and (word := shown[name][row])
            and marks[place * _EACH : (place + 1) * _EACH] != mark(word)
        ]  # fmt: skip

    def _shown(self, matched: Sequence[tuple[int, Stored]]) -> None:
        shown = self._grid.shown
        if not shown:
            return
        for row, mine in matched:
            if STAMP in shown and shown[STAMP][row] and not _is_stamp(shown[STAMP][row]):
                self._problem(row, STAMP, "系统标记被改动了：请照导出的表恢复，或者清空这一格")
            for name in self._touched(row):
                standing = self._standing.get(mine.id)
                now = standing.shown[name] if standing else ""
                if shown[name][row] != now:
                    self._problem(row, name, f"{why_not(name, standing)}。系统现在是“{now or '空'}”")

    def _changed(
        self, matched: Sequence[tuple[int, Stored]], changes: dict[int, dict[str, Any]], listing: Listing
    ) -> Iterator[RowChange]:
        stamps = self._grid.shown.get(STAMP)
        self._list_problems(listing, matched)
        for row, mine in matched:
            values = changes.get(row, {})
            notes = listing.notes(row, mine) if listing.concerned else ()
            if not values and not notes:
                continue
            self._check_term(row, {**mine.values, **values}, values)
            given = stamps[row] if stamps else ""
            yield RowChange(
                self._grid.row_number(row), mine.code, mine.values["name"], "changed" if values else "same", values,
                {name: self._words.of(name, mine.values.get(name)) for name in values}, self._words,
                bool(values) and _is_stamp(given) and given[:_OF_VALUES] != stamp(mine.values)[:_OF_VALUES],
                notes=notes,
            )  # fmt: skip

    def _list_problems(self, listing: Listing, matched: Sequence[tuple[int, Stored]]) -> None:
        for row, mine in matched if listing.concerned else ():
            for name, reason in listing.refusals(row, mine):
                self._problem(row, name, reason)

    def _check_term(self, row: int, after: dict[str, Any], given: dict[str, Any]) -> None:
        first, last = after.get("valid_from"), after.get("valid_to")
        if first and last and str(first) > str(last) and ("valid_from" in given or "valid_to" in given):
            name = "valid_to" if "valid_to" in given else "valid_from"
            self._problem(row, name, f"有效期自 {first} 晚于有效期至 {last}：请核对两个日期")

    # Rows that mean no registered mine, or perhaps one

    def _unmatched(self, rows: Sequence[int], taken: dict[int, int], listing: Listing) -> Iterator[RowChange]:
        if not rows:
            return
        self._check_unread(rows)
        named = self._new_names(rows)
        asked = [row for row in named if row not in self._refused]
        told = [(self._who[row][0], self._keys[row][0], self._who[row][2]) for row in asked]
        near = dict(zip(asked, self._stored.register.near(told), strict=True)) if asked else {}
        names = [name for name in self._grid.names if name not in (*_LISTED, "name")]
        columns = [self._grid.column(name) for name in names]
        if len(named) < self._grid.height:
            columns = [[column[row] for row in named] for column in columns]
        for row, cells in zip(named, zip(*columns, strict=True) if columns else repeat(()), strict=False):
            said = {name: value for name, value in zip(names, cells, strict=True) if value is not None}
            yield self._new(row, said, near.get(row, []), taken, listing)

    def _check_unread(self, rows: Sequence[int]) -> None:
        for name in self._grid.names:
            column = self._grid.column(name)
            if name not in _LISTED and Unread in set(map(type, column)):
                for row in rows:
                    if type(column[row]) is Unread:
                        self._problem(row, name, column[row].reason)

    def _new_names(self, rows: Sequence[int]) -> list[int]:
        """The rows that have a name and repeat none before them; the others are problems."""
        first_of: dict[Any, int] = {}
        found = []
        for row in rows:
            key = self._keys[row]
            licence, name, _, _ = self._who[row]
            if not name:
                column = "name" if "name" in self._grid.raw else "licence_number"
                if row not in self._refused:
                    self._problem(row, column, _nameless(licence))
                continue
            mine = (licence, key) if licence and licence not in NONE else (key,)
            first = next((first_of[one] for one in mine if one in first_of), None)
            if first is not None:
                self._problem(row, "name", f"与第 {self._grid.row_number(first)} 行重复（{name}）：请只留一行")
                continue
            first_of.update(dict.fromkeys(mine, row))
            found.append(row)
        return found

    def _new(
        self,
        row: int,
        values: dict[str, Any],
        nearby: Sequence[tuple[Known, str]],
        taken: dict[int, int],
        listing: Listing,
    ) -> RowChange:
        grid = self._grid
        if row in self._refused:
            values = {name: value for name, value in values.items() if type(value) is not Unread}
        if "code" in values:
            self._problem(row, "code", f"没有编号为“{str(values.pop('code'))[:20]}”的矿山：新矿山请留空")
        for shown in self._touched(row) if grid.shown else ():
            self._problem(row, shown, f"{why_not(shown, None)}。这座矿山还没有登记")
        self._check_term(row, values, values)
        near = tuple(self._near(row, values, self._stored.mines[mine.id], why, taken, listing) for mine, why in nearby)
        notes = self._expired(values)
        if listing.concerned:
            for column, reason in () if near else listing.refusals(row, None):
                self._problem(row, column, reason)
            values |= listing.values(row)
            notes = (*listing.notes(row, None), *notes)
        name = str(self._who[row][1])
        return RowChange(grid.row_number(row), "", name, "new", values, {}, self._words, near=near, notes=notes)

    def _expired(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        last = values.get("valid_to")
        return (f"采矿许可证有效期至 {last}，已经过期：请核对。",) if last and last < self._today else ()

    def _near(
        self, row: int, said: dict[str, Any], mine: Stored, why: str, taken: dict[int, int], listing: Listing
    ) -> Near:
        """What the row would change if it were this mine; what identifies the mine stays as it is registered."""
        values: dict[str, Any] = {}
        refused: list[str] = []
        for name, value in said.items():
            if name in ("code", "name", "holder"):
                continue
            current = spelled(name, mine.values.get(name))
            if value == current or (name == "licence_number" and current not in _OPEN):
                continue
            if name in _LOCKED and not (name in _FILLED and current in _OPEN):
                refused.append(f"{COLUMNS[name].field.label}：{why_not(name, None)}")
            elif name != "location" or current is not None or value != self._words.place(mine):
                values[name] = value
        if mine.id in taken:
            refused.append(f"第 {self._grid.row_number(taken[mine.id])} 行已经是这座矿山")
        if listing.concerned:
            self._standing |= standings(self._session, [mine.id])
            refused += [reason for _, reason in listing.refusals(row, mine)]
        changes = tuple(
            CellChange(name, self._words.label(name), self._words.of(name, mine.values.get(name)),
                       self._words.of(name, value))
            for name, value in values.items()
        )  # fmt: skip
        return Near(mine.code, mine.values["name"], why, changes, tuple(refused), values)

    def _problem(self, row: int, name: str, reason: str) -> None:
        grid = self._grid
        self._refused.add(row)
        column = grid.column_of(name)
        if not column:
            self.problems.append(Problem(grid.table.sheet.name, grid.row_number(row), "", "", "", reason))
            return
        raw = grid.cell(row, column)
        self.problems.append(
            Problem(
                grid.table.sheet.name, grid.row_number(row), grid.table.column_letter(column), grid.table.head(column),
                written(COLUMNS[column], raw)[:200], reason,
            )
        )  # fmt: skip


def _nameless(licence: str | None) -> str:
    if licence:
        return "这个许可证号没有登记过，又没有矿山名称：请核对许可证号，新矿山请补上名称"
    return "没有矿山名称：请补上，不需要的行请整行删去"


def _is_stamp(text: str) -> bool:
    return len(text) == _OF_VALUES + _EACH * len(SHOWN) and set(text) <= set("0123456789abcdef")
