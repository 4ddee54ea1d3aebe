"""The rows of a sheet, cell by cell: this is where an export spends its time."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from office.sheets.dressing import GREY

if TYPE_CHECKING:
    from office.sheets.writing import Column

TEXT, DAY, MOMENT = "@", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
#: Day 0 of Excel's serial days; before March 1900 its calendar has a day too many, and a day stays text.
_DAY_ZERO, _FIRST_DAY = date(1899, 12, 30).toordinal(), date(1900, 3, 1)
#: Points of one line, and of the tallest row that Excel has; wider than any text that a cell holds.
_LINE, _TALLEST, _NEVER = 14.5, 409, 1 << 20
_Write = Callable[[int, int, Any, Format], object]


class _Ways(dict[type, tuple[_Write, Format]]):
    """Type of a value -> how it is written, and in which format; a type that is not named goes by what it is made from."""

    def __missing__(self, kind: type) -> tuple[_Write, Format]:
        self[kind] = found = self[next((base for base in self if issubclass(kind, base)), str)]
        return found


def fill(
    page: Worksheet,
    columns: Sequence["Column"],
    rows: Iterable[Sequence[object]],
    top: int,
    made: Callable[..., Format],
) -> int:
    """Writes the rows; answers how many there were. Each column knows beforehand how each type of value is written."""
    lines = _Lines()
    ways = [_ways(page, column, made, lines) for column in columns]
    places = range(len(columns))
    at = top
    for at, row in enumerate(rows, top + 1):
        line = at - 1
        for place, value in zip(places, row, strict=True):
            write, form = ways[place][type(value)]
            write(line, place, value, form)
        if lines.most > 1:
            page.set_row(line, min(lines.most * _LINE, _TALLEST))
            lines.most = 1
    return at - top


class _Lines:
    """How many lines the tallest cell of a row has: not every program makes room for wrapped text by itself."""

    __slots__ = ("most",)

    def __init__(self) -> None:
        self.most = 1

    def count(self, text: str, width: int) -> None:
        # In this encoding a Chinese character has two bytes, as it is twice as wide as a digit.
        wide = len(text.encode("gb18030", "replace"))
        self.most = max(self.most, 1 + wide // width + text.count("\n"))


def _ways(page: Worksheet, column: "Column", made: Callable[..., Format], lines: _Lines) -> _Ways:
    common: dict[str, Any] = {"border": 1, "valign": "vcenter"}
    common |= {"bg_color": GREY} if column.grey else {}
    common |= {"align": "center"} if column.centred else {}
    common |= {"font_size": 6, "font_color": "#B4BCC6", "align": "fill"} if column.faint else {"text_wrap": True}
    plain = made(**common, **({"num_format": TEXT} if column.format == TEXT else {}))
    number = made(**common, **({"num_format": column.format} if column.format not in ("", TEXT, DAY) else {}))
    day, moment = ({**common, "num_format": shape, "text_wrap": False} for shape in (DAY, MOMENT))
    write_string, write_number, write_blank = page.write_string, page.write_number, page.write_blank

    # A little less fits than the width says.
    width = max(1, int(column.width - 1)) if "text_wrap" in common else _NEVER
    room = width / 2

    def words(at: int, place: int, value: Any, form: Format) -> None:
        if not value:
            write_blank(at, place, None, form)
            return
        text = value if type(value) is str else str(value)
        write_string(at, place, text, form)
        if len(text) > room or "\n" in text:
            lines.count(text, width)

    def a_day(at: int, place: int, value: date, form: Format) -> None:
        if value >= _FIRST_DAY:
            write_number(at, place, value.toordinal() - _DAY_ZERO, form)
        else:
            write_string(at, place, value.isoformat(), form)

    def yes(at: int, place: int, value: bool, form: Format) -> None:
        write_string(at, place, "是" if value else "否", form)

    empty = made(**common, **({"num_format": column.format} if column.format else {}))
    # What is also something else stands before that: a moment is a day, and a yes a number.
    return _Ways({
        str: (words, plain), type(None): (write_blank, empty), bool: (yes, plain), int: (write_number, number),
        float: (write_number, number), Decimal: (write_number, number),
        datetime: (page.write_datetime, made(**{"align": "left", **moment})), date: (a_day, made(**{"align": "left", **day})),
    })  # fmt: skip
