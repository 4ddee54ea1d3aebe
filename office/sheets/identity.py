"""Which registered mine a row means, exactly; near ones are asked about where the rows that mean none are judged."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from office.sheets.bulk import STRETCH
from office.sheets.grid import Grid, Unread
from office.sheets.matching import Known, Register, name_keys
from office.sheets.refusals import Refusals
from office.sheets.register import Registered, Stored


class Stranger(NamedTuple):
    """A row whose licence number is not registered as it stands: what it says of which mine it is, as far as it can be read."""

    row: int
    licence: str | None
    name: str | None
    holder: str | None
    code: str | None
    #: Of name and holder.
    key: tuple[str, str]


def identified(grid: Grid, stored: Registered, refusals: Refusals) -> tuple[list[tuple[int, Stored]], list[Stranger]]:
    """Rows with the mine that they mean, and the rows that mean none. Rows that mean several or are doubles are refused."""
    found, strangers = _found(grid, stored.register)
    first_of: dict[int, int] = {}
    matched: list[tuple[int, Stored]] = []
    for row, mines in enumerate(found):
        if len(mines) > 1:
            codes = "、".join(mine.code for mine in mines)
            refusals.add(row, "name", f"系统里有 {len(mines)} 座矿山都符合（{codes}）：请填上矿山编号后再上传")
        elif mines and (first := first_of.setdefault(mines[0].id, row)) != row:
            number = grid.row_number(first)
            refusals.add(row, "name", f"与第 {number} 行是同一座矿山（{mines[0].name}）：请只留一行")
        elif mines:
            matched.append((row, stored.mines[mines[0].id]))
    return matched, [one for one in strangers if not found[one.row]]


def _found(grid: Grid, register: Register) -> tuple[list[Sequence[Known]], list[Stranger]]:
    """For each row the mines that it means: by licence number, by name and holder, by the code of an export."""
    found: list[Sequence[Known]] = [
        register.licences.get(cell, ()) if type(cell) is str else () for cell in grid.raw.get("licence_number", ())
    ] or [()] * grid.height
    strangers = _strangers(grid, [row for row, mines in enumerate(found) if not mines])
    for one in strangers:
        if one.licence in register.licences:
            found[one.row] = register.licences[one.licence]
        elif one.key in register.names or one.code in register.codes:
            found[one.row] = _by_name(register, one)
    return found, strangers


def _by_name(register: Register, one: Stranger) -> Sequence[Known]:
    found = register.names.get(one.key, ()) if one.key[0] else ()
    if len(found) > 1:
        found = [mine for mine in found if mine.code == one.code] or found
    return found or ([register.codes[one.code]] if one.code in register.codes else ())


def _strangers(grid: Grid, rows: Sequence[int]) -> list[Stranger]:
    if not rows:
        return []
    columns = [_told(grid, name, rows) for name in ("licence_number", "name", "holder", "code")]
    keys = zip(*(name_keys([word or "" for word in columns[at]]) for at in (1, 2)), strict=True)
    return list(map(Stranger, rows, *columns, keys))


def _told(grid: Grid, name: str, rows: Sequence[int]) -> list[Any]:
    """A column for some rows; None for what is not there or cannot be read."""
    if name not in grid.raw:
        return [None] * len(rows)
    if len(rows) == grid.height:
        values = grid.column(name)
    elif len(rows) > STRETCH:
        values = list(map(grid.column(name).__getitem__, rows))
    else:
        values = [grid.value(row, name) for row in rows]
    return [None if type(value) is Unread else value for value in values] if name in grid.unread else values
