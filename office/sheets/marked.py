"""An uploaded workbook given back: all its cells as they were read, the bad ones red with the reason, and a list of them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from office.sheets.comparison import Problem
from office.sheets.reading import SheetCells, column_name
from office.sheets.writing import DAY, MOMENT

LIST = "问题清单"
#: Notes that one sheet gets; the list names all problems, and every bad cell is red.
_NOTES = 2000
_WIDEST, _LOOKED_AT = 40, 60
_HEADS = (("工作表", 18), ("行", 8), ("列", 8), ("栏目", 26), ("填写的值", 34), ("问题和怎么改", 80))
#: Why each bad place of a sheet is bad: 0-based row and column -> reasons. Column -1 stands for the whole row.
_Reasons = Mapping[tuple[int, int], str]


def marked_workbook(sheets: Sequence[SheetCells], problems: Sequence[Problem]) -> bytes:
    """The workbook to correct and to upload again."""
    file = BytesIO()
    book = Workbook(file, {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    })  # fmt: skip
    forms = _Forms(book)
    taken: set[str] = set()
    for cells in sheets:
        name = _free_name(cells.name, taken)
        page = book.add_worksheet(name)
        if cells.hidden and len(taken) > 1:
            page.hide()
        _copy(page, cells, _reasons(cells, problems), forms)
    listing = book.add_worksheet(_free_name(LIST, taken))
    _list(listing, problems, forms)
    listing.activate()
    book.close()
    return file.getvalue()


class _Forms:
    """The few formats that are needed."""

    def __init__(self, book: Workbook) -> None:
        bad = {"bg_color": "#FDECEA", "font_color": "#A3211A", "border": 1, "border_color": "#C4281C"}
        self.days = {DAY: book.add_format({"num_format": DAY}), MOMENT: book.add_format({"num_format": MOMENT})}
        self.bad = book.add_format(bad)
        self.bad_days = {shape: book.add_format({**bad, "num_format": shape}) for shape in (DAY, MOMENT)}
        self.head = book.add_format({"bold": True, "bg_color": "#E8F1FB", "border": 1})
        self.words = book.add_format({"text_wrap": True, "valign": "top", "border": 1})


def _free_name(name: str, taken: set[str]) -> str:
    """A name that a sheet may have; a file of another program may hold what Excel refuses."""
    clean = "".join("_" if letter in "[]:*?/\\" else letter for letter in name).strip("'")[:31] or "工作表"
    found, n = clean, 1
    while found.lower() in taken:
        n += 1
        found = f"{clean[:27]}({n})"
    taken.add(found.lower())
    return found


def _reasons(cells: SheetCells, problems: Sequence[Problem]) -> dict[tuple[int, int], str]:
    places = {column_name(place): place for place in range(cells.left + max(map(len, cells.rows), default=0) + 1)}
    found: dict[tuple[int, int], str] = {}
    for problem in problems:
        if problem.sheet == cells.name:
            key = (problem.row - 1, places.get(problem.column, -1))
            found[key] = f"{found[key]}\n{problem.reason}" if key in found else problem.reason
    return found


def _copy(page: Worksheet, cells: SheetCells, reasons: _Reasons, forms: _Forms) -> None:
    for place, width in enumerate(_widths(cells), cells.left):
        page.set_column(place, place, width)
    merged: dict[int, list[tuple[int, int]]] = {}
    for first, left, last, right in cells.merged:
        if first == last and left < right:
            merged.setdefault(first, []).append((left, right))
    whole = {row for row, column in reasons if column < 0}
    notes = 0
    for at, row in enumerate(cells.rows, cells.top):
        for left, right in merged.get(at, ()):
            page.merge_range(at, left, at, right, "")
        for place, value in enumerate(row, cells.left):
            reason = reasons.get((at, place)) or (reasons[at, -1] if at in whole and place == cells.left else "")
            if value is not None or reason:
                _write(page, at, place, value, forms, bad=bool(reason))
            if reason and notes < _NOTES:
                page.write_comment(at, place, reason, {"x_scale": 2})
                notes += 1


def _widths(cells: SheetCells) -> list[float]:
    """Wide enough for what stands in the first rows; merged titles do not count."""
    titles = {(m[0], m[1]) for m in cells.merged}
    found: list[float] = []
    for at, row in enumerate(cells.rows[:_LOOKED_AT], cells.top):
        found += [8.0] * (len(row) - len(found))
        for place, value in enumerate(row):
            if value is not None and (at, place + cells.left) not in titles:
                # A Chinese character is twice as wide as a digit.
                long = sum(2 if ord(letter) > 255 else 1 for letter in str(value).partition("\n")[0]) + 2
                found[place] = min(max(found[place], long), _WIDEST)
    return found


def _write(page: Worksheet, at: int, place: int, value: Any, forms: _Forms, *, bad: bool) -> None:
    form: Format | None = forms.bad if bad else None
    if value is None or value == "":
        page.write_blank(at, place, None, form)
    elif isinstance(value, bool):
        page.write_boolean(at, place, value, form)
    elif isinstance(value, int | float):
        page.write_number(at, place, value, form)
    elif isinstance(value, date):
        shape = MOMENT if isinstance(value, datetime) and (value.hour or value.minute or value.second) else DAY
        page.write_datetime(at, place, value, (forms.bad_days if bad else forms.days)[shape])
    else:
        page.write_string(at, place, str(value), form)


def _list(page: Worksheet, problems: Sequence[Problem], forms: _Forms) -> None:
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for place, (head, width) in enumerate(_HEADS):
        page.set_column(place, place, width)
        page.write_string(0, place, head, forms.head)
    for at, problem in enumerate(problems, 1):
        cells = (problem.sheet, problem.row, problem.column or "整行", problem.head, problem.value, problem.reason)
        for place, value in enumerate(cells):
            _write_listed(page, at, place, value, forms.words)


def _write_listed(page: Worksheet, at: int, place: int, value: object, form: Format) -> None:
    if isinstance(value, int):
        page.write_number(at, place, value, form)
    else:
        page.write_string(at, place, str(value), form)
