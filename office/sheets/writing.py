"""Tables as .xlsx: real dates, text that stays text, ready to print on A4. Rows are written as they come and not held."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from office.sheets.dressing import GREY, Rule, dress, lay_out
from office.sheets.filling import DAY, MOMENT, TEXT, fill

__all__ = ["DAY", "MOMENT", "MONEY", "TEXT", "THOUSANDS", "WHOLE", "Book", "Column", "sheet"]

#: What a sheet of the program Excel can hold below title, line and head.
MOST_ROWS = 1_048_570
WHOLE, THOUSANDS, MONEY = "0", "#,##0", "#,##0.00"


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
        count = fill(page, columns, islice(rows, MOST_ROWS), top, self.format)
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
