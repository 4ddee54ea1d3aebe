"""The cells for reading of a row, and the stamp by which it is seen whether somebody has changed them."""

from office.sheets.columns import SHOWN, STAMP, mark, stamp
from office.sheets.grid import Grid
from office.sheets.register import Stored

#: Characters of a stamp that stand for the values; the rest for the cells for reading, four each.
_OF_VALUES, _EACH = 12, 4


def is_stamp(text: str) -> bool:
    return len(text) == _OF_VALUES + _EACH * len(SHOWN) and set(text) <= set("0123456789abcdef")


def broken(grid: Grid, row: int) -> bool:
    """Whether a stamp was written over."""
    return bool(STAMP in grid.shown and (given := grid.shown[STAMP][row]) and not is_stamp(given))


def stale(grid: Grid, row: int, mine: Stored) -> bool:
    """Whether the mine was changed in the system since the row was exported."""
    given = grid.shown[STAMP][row] if STAMP in grid.shown else ""
    return is_stamp(given) and given[:_OF_VALUES] != stamp(mine.values)[:_OF_VALUES]


def touched(grid: Grid, row: int) -> list[str]:
    """Columns for reading whose cells somebody has changed; without a stamp, all that are filled."""
    shown = grid.shown
    given = shown[STAMP][row] if STAMP in shown else ""
    marks = given[_OF_VALUES:] if is_stamp(given) else ""
    return [
        name for place, name in enumerate(SHOWN)
        if name in shown and (word := shown[name][row]) and marks[place * _EACH : (place + 1) * _EACH] != mark(word)
    ]  # fmt: skip
