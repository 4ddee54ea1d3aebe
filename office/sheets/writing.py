"""Tables as .xlsx: real dates, text that stays text, ready to print on A4. Rows are written as they come and not held."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import islice
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from office.sheets.dressing import GREY, Rule, dress, lay_out

#: What a sheet of the program Excel can hold below title, line and head.
MOST_ROWS = 1_048_570
TEXT, DAY, MOMENT = "@", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
WHOLE, THOUSANDS, MONEY = "0", "#,##0", "#,##0.00"
#: Day 0 of Excel's serial days; before March 1900 its calendar has a day too many, and a day stays text.
_DAY_ZERO, _FIRST_DAY = date(1899, 12, 30).toordinal(), date(1900, 3, 1)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, its width in characters of the sheet, and how its cells look and help."""

    head: str
    width: float
    #: Format of the column's numbers, also where nothing is written yet; empty: as Excel likes.
    format: str = ""
    #: What may be chosen from a drop-down.
    choices: tuple[str, ...] = ()
    #: What belongs here; stands at the head and appears when a cell is entered.
    note: str = ""
    #: A title that stands above the heads of neighbouring columns.
    group: str = ""
    #: Only to be read: on grey ground.
    grey: bool = False
    centred: bool = False
    #: Of use to the program alone: pale and small.
    faint: bool = False
    marked: tuple[Rule, ...] = ()


def sheet(title: str, line: str, columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> bytes:
    """A workbook of one sheet: title, a line below it, a frozen head, and a last line with the number of rows."""
    book = Book()
    book.add(title, line, columns, rows)
    return book.data()


class Book:
    """A workbook that is being written, sheet after sheet."""

    def __init__(self, *, streaming: bool = True) -> None:
        self._file = BytesIO()
        #: A head merged downwards needs the rows held; everything else goes to the disk row by row.
        self._book = Workbook(self._file, {
            "constant_memory": streaming, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False,
        })  # fmt: skip
        self._book.set_properties({"author": "minecase"})
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **values: Any) -> Format:
        """The format with these properties; made once."""
        key = tuple(sorted(values.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(values)
        return self._formats[key]

    def add(
        self, title: str, line: str, columns: Sequence[Column], rows: Iterable[Sequence[object]], *,
        name: str = "", counted: bool = True, room: int = 0, frozen: int = 0, breaks: Sequence[int] = (),
    ) -> int:  # fmt: skip
        """One more sheet; answers how many rows it has.

        `room`: rows below for which drop-downs hold as well. `frozen`: columns that stay when scrolling to the right and
        on every page. `breaks`: columns before which a new page begins; without them the sheet is one page wide.
        """
        page = self._book.add_worksheet((name or title)[:31])
        lay_out(page, columns, self.format, frozen=frozen, breaks=breaks)
        top = self._heads(page, title, line, columns, wide=bool(breaks))
        count = _fill(page, columns, islice(rows, MOST_ROWS), top, self.format)
        if counted:
            page.write_string(top + count, 0, f"共 {count} 行")
        page.autofilter(top - 1, 0, max(top, top + count - 1), len(columns) - 1)
        dress(page, columns, top, count, room, self.format)
        return count

    def data(self) -> bytes:
        self._book.close()
        return self._file.getvalue()

    def _heads(self, page: Worksheet, title: str, line: str, columns: Sequence[Column], *, wide: bool) -> int:
        """Title (at the left of a sheet that is several pages wide), line, heads; answers the row below them."""
        page.set_row(0, 30)
        if wide or len(columns) == 1:
            page.write_string(0, 0, title, self.format(bold=True, font_size=16, valign="vcenter"))
        else:
            large = self.format(bold=True, font_size=16, align="center", valign="vcenter")
            page.merge_range(0, 0, 0, len(columns) - 1, title, large)
        page.write_string(1, 0, line)
        grouped = any(column.group for column in columns)
        page.set_row(2 + grouped, 46 if wide else 34)
        if grouped:
            self._groups(page, columns)
        for place, column in enumerate(columns):
            if not grouped or column.group:
                page.write_string(2 + grouped, place, column.head, self._head(column))
            if column.note:
                page.write_comment(2 + grouped, place, column.note, {"x_scale": 1.8})
        return 3 + grouped

    def _groups(self, page: Worksheet, columns: Sequence[Column]) -> None:
        place = 0
        while place < len(columns):
            column, start = columns[place], place
            while place < len(columns) and columns[place].group == column.group and column.group:
                place += 1
            if not column.group:
                page.merge_range(2, place, 3, place, column.head, self._head(column))
                place += 1
            elif place - start == 1:
                page.write_string(2, start, column.group, self._head(column))
            else:
                page.merge_range(2, start, 2, place - 1, column.group, self.format(**_HEAD, align="center"))

    def _head(self, column: Column) -> Format:
        ground = {"bg_color": GREY} if column.grey else {}
        return self.format(**(_HEAD | ground), **({"font_size": 8, "font_color": "#8A94A0"} if column.faint else {}))


_HEAD = {"bold": True, "border": 1, "bg_color": "#E8F1FB", "text_wrap": True, "valign": "vcenter"}
_Write = Callable[[int, int, Any, Format], object]


class _Ways(dict[type, tuple[_Write, Format]]):
    """Type of a value -> how it is written, and in which format; a type that is not named goes by what it is made from."""

    def __missing__(self, kind: type) -> tuple[_Write, Format]:
        self[kind] = found = self[next((base for base in self if issubclass(kind, base)), str)]
        return found


def _fill(
    page: Worksheet, columns: Sequence[Column], rows: Iterable[Sequence[object]], top: int, made: Callable[..., Format]
) -> int:
    """Writes the rows; answers how many there were. Each column knows beforehand how each type of value is written."""
    ways = [_ways(page, column, made) for column in columns]
    places = range(len(columns))
    at = top
    for at, row in enumerate(rows, top + 1):
        line = at - 1
        for place, value in zip(places, row, strict=True):
            write, form = ways[place][type(value)]
            write(line, place, value, form)
    return at - top


def _ways(page: Worksheet, column: Column, made: Callable[..., Format]) -> _Ways:
    common: dict[str, Any] = {"border": 1, "valign": "vcenter"}
    common |= {"bg_color": GREY} if column.grey else {}
    common |= {"align": "center"} if column.centred else {}
    common |= {"font_size": 6, "font_color": "#B4BCC6", "align": "fill"} if column.faint else {"text_wrap": True}
    text = made(**common, **({"num_format": TEXT} if column.format == TEXT else {}))
    number = made(**common, **({"num_format": column.format} if column.format not in ("", TEXT, DAY) else {}))
    day, moment = ({**common, "num_format": shape, "text_wrap": False} for shape in (DAY, MOMENT))
    write_string, write_number, write_blank = page.write_string, page.write_number, page.write_blank

    def words(at: int, place: int, value: Any, form: Format) -> None:
        if value:
            write_string(at, place, value if type(value) is str else str(value), form)
        else:
            write_blank(at, place, None, form)

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
        str: (words, text), type(None): (write_blank, empty), bool: (yes, text), int: (write_number, number),
        float: (write_number, number), Decimal: (write_number, number),
        datetime: (page.write_datetime, made(**{"align": "left", **moment})), date: (a_day, made(**{"align": "left", **day})),
    })  # fmt: skip
