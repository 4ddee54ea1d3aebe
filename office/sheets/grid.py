"""The cells of a table read column by column: each spelling is read once, however many rows have it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from office.sheets.bulk import STRETCH, read_plain
from office.sheets.cells import Read, canonical, read_cell
from office.sheets.columns import COLUMNS, SHOWN, STAMP
from office.sheets.layouts import Table
from office.sheets.reading import Cell
from office.sheets.register import Registered
from states.fields import FieldError

#: What says which mine a row means.
_WHO = ("name", "licence_number", "code")


class Unread:
    """A cell that cannot be taken."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason


class _Memo(dict[Any, Any]):
    """Reads what it has not read before."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Any) -> Any:
        found = self[cell] = self._read(cell)
        return found


@dataclass
class Grid:
    """The cells of a table by column. Columns are read when they are asked for: `None` for an empty cell, `Unread` for one
    that cannot be taken; a cell that stands as it was exported need not be read at all."""

    table: Table
    stored: Registered
    #: Places of the rows in the sheet.
    places: list[int]
    #: Value -> its cells as they were in the file; both ends of a term come from one column.
    raw: dict[str, list[Cell]]
    #: What stands in the cells under the columns for reading, as text.
    shown: dict[str, list[str]] = field(default_factory=dict)
    #: Rows in which no column of ours says anything.
    blank: int = 0
    #: Columns of the table that have cells which cannot be taken, among those that were read.
    unread: set[str] = field(default_factory=set)
    _columns: dict[str, list[Any]] = field(default_factory=dict)
    _memos: dict[str, "_Memo"] = field(default_factory=dict)

    @property
    def height(self) -> int:
        return len(self.places)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The values that the table has, beside those for reading only."""
        ends = ("valid_from", "valid_to") if "validity" in self.raw else ()
        return (*(name for name in self.raw if name != "validity"), *ends)

    def row_number(self, row: int) -> int:
        return self.table.row_number(self.places[row])

    def column_of(self, name: str) -> str:
        """The column that a value comes from: both ends of a term come from one."""
        return name if name in self.table.columns else "validity" if name in ("valid_from", "valid_to") else ""

    def cell(self, row: int, name: str) -> Cell:
        """The cell as it was in the file."""
        return self.table.sheet.rows.columns[self.table.columns[name]][self.places[row]]

    def column(self, name: str) -> list[Any]:
        """All values of a column; of `names` only."""
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self._ends(name) if name not in self.raw else self._read(name)
        return found

    def value(self, row: int, name: str) -> Any:
        """One value, without reading the rest of its column."""
        if name in self._columns or name not in self.raw:
            return self.column(name)[row]
        cell = self.raw[name][row]
        return self._reader(name)(cell) if isinstance(cell, bool) else self._memo(name)[cell]

    def _ends(self, name: str) -> list[Any]:
        terms = self.column("validity")
        if name == "valid_from":
            return [term[0] if isinstance(term, tuple) else term for term in terms]
        return [term[1] if isinstance(term, tuple) else None for term in terms]

    def _read(self, name: str) -> list[Any]:
        column, cells = COLUMNS[name], self.raw[name]
        found: list[Any] = []
        for at in range(0, len(cells), STRETCH):
            some = cells[at : at + STRETCH]
            read = read_plain(column, some)
            found += self._one_by_one(name, some) if read is None else read
        return found

    def _one_by_one(self, name: str, cells: Sequence[Cell]) -> list[Any]:
        # True and 1 are one key of a dictionary and two things in a cell.
        if bool in set(map(type, cells)):
            return list(map(self._reader(name), cells))
        return list(map(self._memo(name).__getitem__, cells))

    def _memo(self, name: str) -> "_Memo":
        found = self._memos.get(name)
        if found is None:
            found = self._memos[name] = _Memo(self._reader(name))
        return found

    def _reader(self, name: str) -> Callable[[Cell], Any]:
        column = COLUMNS[name]
        places = self.stored.places.get(column.kind)

        def read(cell: Cell) -> Read | Unread:
            try:
                return read_cell(column, cell, places)
            except FieldError as error:
                self.unread.add(name)
                return Unread(str(error))

        return read


def grid_of(table: Table, stored: Registered) -> Grid:
    """The cells of a table, without the rows that say nothing."""
    raw = _raw_columns(table)
    shown = {name: _mapped(_shown_word, raw.pop(name)) for name in (*SHOWN, STAMP) if name in raw}
    return _without_blank_rows(Grid(table, stored, list(table.rows), raw, shown))


def _raw_columns(table: Table) -> dict[str, list[Cell]]:
    columns = table.sheet.rows.columns
    found = {name: list(map(columns[place].__getitem__, table.rows)) for name, place in table.columns.items()}
    for name, row, source in _merged_down(table):
        found[name][row] = columns[table.columns[name]][source]
    return found


def _merged_down(table: Table) -> Iterable[tuple[str, int, int]]:
    """Cells that stand under a merged one have its value: column, row of the table, place in the sheet of the value."""
    sheet = table.sheet
    names = {place + sheet.left: name for name, place in table.columns.items()}
    rows = {place: row for row, place in enumerate(table.rows)}
    for top, left, bottom, right in sheet.merged:
        if top == bottom or left not in names or top - sheet.top not in rows:
            continue
        for place in range(top - sheet.top + 1, bottom - sheet.top + 1):
            for column in range(left, right + 1):
                if place in rows and column in names:
                    yield names[left], rows[place], top - sheet.top


def _mapped(read: Callable[[Any], Any], cells: Sequence[Any]) -> list[Any]:
    # True and 1 are one key of a dictionary and two things in a cell.
    if bool in set(map(type, cells)):
        return [read(cell) for cell in cells]
    return list(map(_Memo(read).__getitem__, cells))


def spelled(name: str, value: Any) -> Any:
    """A stored value in the spelling in which cells are read."""
    return canonical(COLUMNS[name], value)


def as_cells(name: str, values: Sequence[Any], stored: Registered) -> list[Any]:
    """Stored values as the cells that an export writes for them and that come back when nobody touches them."""
    column = COLUMNS[name]
    if column.kind in ("township", "village"):
        written: Callable[[Any], Any] = stored.place_names.get
    elif column.field.type == "date":
        written = _as_day
    elif column.field.type == "number":
        written = _as_number
    elif column.field.choices:
        written = column.field.choices.get
    else:
        return list(values)
    try:
        return list(map(_Memo(written).__getitem__, values))
    except TypeError:  # a list or a table among the facts, which no cell can say
        return list(values)


def _as_day(value: Any) -> Any:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return value


def _as_number(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return value


def _shown_word(cell: Cell) -> str:
    if isinstance(cell, date):
        return (cell.date() if isinstance(cell, datetime) else cell).isoformat()
    return "" if cell is None else f"{cell:.15g}" if isinstance(cell, float) else str(cell).strip()


def _without_blank_rows(grid: Grid) -> Grid:
    """A running number alone is no mine: forms are printed with numbers to be filled in."""
    who: list[list[Cell]] = [grid.raw[name] for name in _WHO if name in grid.raw]
    nameless = [row for row, said in enumerate(zip(*who, strict=True)) if not any(said)]
    blank = {
        row for row in nameless
        if not any(_says(column[row]) for columns in (grid.raw, grid.shown) for column in columns.values())
    }  # fmt: skip
    if not blank:
        return grid
    kept = [row for row in range(grid.height) if row not in blank]
    raw = {name: [column[row] for row in kept] for name, column in grid.raw.items()}
    shown = {name: [column[row] for row in kept] for name, column in grid.shown.items()}
    return Grid(grid.table, grid.stored, [grid.places[row] for row in kept], raw, shown, len(blank))


def _says(cell: Any) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None
