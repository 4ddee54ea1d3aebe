""".xlsx: how far each sheet reaches, which results are errors and which are missing."""

import re
from collections.abc import Iterator
from itertools import islice
from xml.parsers import expat

from office.sheets.formats.limits import (
    DAMAGED,
    ERRORS,
    MACROS,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    NOT_CALCULATED,
    Area,
    Checked,
    Extent,
    Mark,
    Unfit,
    check_all,
    check_titles,
    column_name,
    column_place,
    shown,
)
from office.sheets.formats.package import Package, elements, parsed
from office.sheets.formats.zipped import packed

_TYPES, _BOOK, _RELATIONS = "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_STRINGS = "xl/sharedStrings.xml"
_GIVEN = (_TYPES, "_rels/.rels", _RELATIONS, _BOOK, "xl/styles.xml", _STRINGS)
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_DIMENSION = re.compile(rb'<dimension ref="(?:[A-Z]+[0-9]+:)?([A-Z]{1,2})([0-9]{1,6})"')
_PLACE, _COLUMN = re.compile(rb'<c r="([A-Z]{1,2})([0-9]{1,6})"'), re.compile(rb'<c r="([A-Z]+)')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref=["\']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})["\']')
_MOST_MERGED = 100_000
_KNOWN_ERRORS = {*ERRORS[:7], NOT_CALCULATED}
_FORMULA = rb"<f[^<>]*/>|<f(?:\s[^<>]*)?>[^<]*</f>"
_ERROR = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^<>]*?\st="e"[^<>]*>(?:' + _FORMULA + rb")?<v>([^<]*)</v>")
_NO_RESULT = re.compile(rb'<c r="([A-Z]+)([0-9]+)"([^<>]*)>(?:' + _FORMULA + rb")(?:<v></v>|<v/>)?</c>")
_STRINGS_BEGIN = re.compile(rb"<(?:\w+:)?sst\s[^<>]*>")
#: The reader makes room for as many texts as the file says, at once.
_COUNTS = re.compile(rb'\s(?:uniqueCount|count)\s*=\s*(?:"[^"]*"|\'[^\']*\')')


def check(package: Package) -> Checked:
    """Raises Unfit."""
    kinds = package.xml(_TYPES).lower()
    if b"macroenabled" in kinds or b"vbaproject" in kinds or has_macros(package):
        raise Unfit(MACROS)
    parts = {name: package.xml(name) for name in _GIVEN if name in package}
    if _RELATIONS not in parts or _BOOK not in parts:
        raise Unfit(DAMAGED)
    if strings := parts.get(_STRINGS):
        parts[_STRINGS] = _STRINGS_BEGIN.sub(lambda begin: _COUNTS.sub(b"", begin[0]), strings, count=1)
    sheets = {
        place: (title, name)
        for place, (title, name) in enumerate(_sheets(parts[_BOOK], parts[_RELATIONS]))
        if name in package and name.startswith("xl/worksheets/")
    }
    check_titles([title for title, _ in sheets.values()])
    parts |= {name: package.xml(name) for _, name in sheets.values()}
    looked = {place: look(parts[name], title) for place, (title, name) in sheets.items()}
    if sum(extent.cells for extent, _ in looked.values()) > MAX_CELLS:  # as far as the sheets say of themselves
        looked = {place: _walk(parts[name], title) for place, (title, name) in sheets.items()}
    check_all([extent for extent, _ in looked.values()])
    for place, (_, marks) in looked.items():
        _check_errors(sheets[place][0], marks)
    package.look_through(parts)
    merged = {place: _merged(parts[name]) for place, (_, name) in sheets.items()}
    checked = Checked(packed(parts | {name: _merged_first(parts[name]) for _, name in sheets.values()}))
    checked.marks, checked.merged = {place: marks for place, (_, marks) in looked.items()}, merged
    return checked


def _check_errors(title: str, marks: list[Mark]) -> None:
    """The reader gives up at an error that it does not know. Raises Unfit with the cell."""
    for row, column, text in marks:
        if text not in _KNOWN_ERRORS:
            at = f"{column_name(column)}{row + 1}"
            raise Unfit(f"工作表“{shown(title)}”的单元格 {at} 是不能识别的错误值“{shown(text)}”：请改正后再上传。")


def has_macros(package: Package) -> bool:
    """Code of either age: a VBA project, or sheets of Excel 4 macros."""
    return any("vbaproject" in name or "xl/macrosheets/" in name for name in package.names())


def _sheets(book: bytes, relations: bytes) -> Iterator[tuple[str, str]]:
    """Title and part of each sheet, in the order of the workbook."""
    targets = {found.get("Id", ""): found.get("Target", "") for _, found in elements(relations, "Relationship")}
    for _, found in elements(book, "sheet"):
        identifier = next((value for name, value in found.items() if name.rpartition(":")[2] == "id"), "")
        target = targets.get(identifier, "").removeprefix("/")
        yield found.get("name", ""), target if target.startswith("xl/") else f"xl/{target}"


def look(xml: bytes, title: str) -> tuple[Extent, list[Mark]]:
    """How far a sheet reaches at most, and its errors: by searching where it is written as every program writes it."""
    start, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData>")
    if not _usual(xml, start, end):
        return _walk(xml, title)
    for guess in (_said, _seen):
        row, column = guess(xml, start, end)
        if not (0 <= row < MAX_ROWS and 0 <= column < MAX_COLUMNS and (row + 1) * (column + 1) <= MAX_CELLS):
            continue
        if not _beyond(row, column).search(xml, start, end):
            extent = Extent(title)
            extent.take(row, column)
            return extent, _marks(xml, start, end)
    return _walk(xml, title)


def _said(xml: bytes, start: int, _: int) -> tuple[int, int]:
    """The last row and column by the sheet's own word, which many programs get wrong."""
    found = _DIMENSION.search(xml[:start])
    return (int(found[2]) - 1, column_place(found[1].decode())) if found else (-1, -1)


def _seen(xml: bytes, start: int, end: int) -> tuple[int, int]:
    """The row of the last cell, and the last of all columns."""
    last = _PLACE.match(xml, xml.rfind(b'<c r="', start, end))
    columns = {found for found in set(_COLUMN.findall(xml, start, end)) if len(found) < 3}
    return (int(last[2]) - 1, max(column_place(name.decode()) for name in columns)) if last and columns else (-1, -1)


def _usual(xml: bytes, start: int, end: int) -> bool:
    """Whether cells can be found by searching for `<c`: one part with data, no prefixes, nothing hidden in comments."""
    if not 0 <= start < end or _has(xml, b"!", b"<!", 0, len(xml)) or _has(xml, b":", b":c", start, end):
        return False
    head, tail = xml[:start], xml[end + 12 :]
    return b"sheetData" not in head and head.count(b"<?") <= 1 and b"sheetData" not in tail


def _has(xml: bytes, sign: bytes, word: bytes, start: int, end: int) -> bool:
    """Whether a word occurs: a rare sign that goes with it is looked for first, which is many times faster."""
    return xml.find(sign, start, end) >= 0 and xml.find(word, start, end) >= 0


def _beyond(row: int, column: int) -> re.Pattern[bytes]:
    """Finds a cell that may hold something, below the row, right of the column or not placed as every program does it.

    The reader takes the last of two `r`; so beside the place only attributes that are known may stand.
    """
    last = column_name(column)
    if len(last) == 1:
        columns = f"[A-{last}]"
    else:
        before = f"[A-{chr(ord(last[0]) - 1)}][A-Z]|" if last[0] > "A" else ""
        columns = f"[A-Z]|{before}{last[0]}[A-{last[1]}]"
    known = f' r="(?:{columns})(?:{_up_to(row + 1)})"(?: (?:s|t|cm|vm|ph)="[^"<>]*")*'
    return re.compile(f"<c(?!{known}/?>)[^<>]*(?<!/)>".encode())


def _up_to(number: int) -> str:
    """A pattern of the whole numbers from 1 to `number`."""
    digits = str(number)
    shorter = [f"[1-9][0-9]{{0,{len(digits) - 2}}}"] if len(digits) > 1 else []
    smaller = [
        f"{digits[:place]}[{lowest}-{int(digit) - 1}][0-9]{{{len(digits) - place - 1}}}"
        for place, digit in enumerate(digits)
        if int(digit) > (lowest := 0 if place else 1)
    ]
    return "|".join([*shorter, *smaller, digits])


def _marks(xml: bytes, start: int, end: int) -> list[Mark]:
    found: list[Mark] = []
    if _has(xml, b"#", b't="e"', start, end):
        found += [(*_at(error), error[3].decode(errors="replace")) for error in _ERROR.finditer(xml, start, end)]
    if _has(xml, b"f", b"<f", start, end):
        for empty in _NO_RESULT.finditer(xml, start, end):
            if b't="str"' not in empty[3] and b't="e"' not in empty[3]:
                found.append((*_at(empty), NOT_CALCULATED))
    return found


def _at(found: re.Match[bytes]) -> tuple[int, int]:
    return int(found[2]) - 1, column_place(found[1].decode())


def _merged(xml: bytes) -> list[Area]:
    """Merged ranges, which stand behind the cells."""
    found = islice(_MERGED.finditer(xml, max(0, xml.rfind(b"</sheetData>"))), _MOST_MERGED)
    return [
        (int(range_[2]) - 1, column_place(range_[1].decode()), int(range_[4]) - 1, column_place(range_[3].decode()))
        for range_ in found
    ]


def _merged_first(xml: bytes) -> bytes:
    """The sheet with an empty list of merged ranges before its cells.

    The reader goes through a sheet a second time until it comes to that list: a third of its time.
    """
    start = max(0, xml.find(b"<sheetData"))
    view = memoryview(xml)
    return b"".join((view[:start], b"<mergeCells></mergeCells>", view[start:])) if start else xml


class _Walk:
    """The sheet as the reader goes through it: places that are not written follow from the cell before."""

    def __init__(self, title: str) -> None:
        self.extent, self.marks = Extent(title), list[Mark]()
        self._row = self._column = 0
        self._inside = self._done = False
        self._kind, self._formula, self._value, self._text = "", False, False, list[str]()
        self._cell: tuple[int, int] | None = None
        self._filled = -1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "sheetData" if not self._done:
                self._inside = True
            case "row" if self._inside and (row := attributes.get("r")):
                self._row = _number(row) - 1
            case "c" if self._inside:
                self._begin(attributes)
            case "f" if self._cell:
                self._formula = True
            case _ if self._cell:
                self._value = True

    def end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "sheetData":
                self._inside, self._done = False, True
            case "row":
                self._row, self._column = self._row + 1, 0
            case "c" if self._cell:
                self._finish(*self._cell)

    def text(self, text: str) -> None:
        if self._value:
            self._text.append(text)

    def _begin(self, attributes: dict[str, str]) -> None:
        self._cell = _address(found) if (found := attributes.get("r")) else (self._row, self._column)
        self._kind, self._formula, self._value, self._text = attributes.get("t", "n"), False, False, []

    def _finish(self, row: int, column: int) -> None:
        text = "".join(self._text)
        if self._formula and not text and self._kind not in ("str", "e"):
            self.marks.append((row, column, NOT_CALCULATED))
        elif self._kind == "e" and text:
            self.marks.append((row, column, text))
        if self._value or self._formula:
            self.extent.take(row, column)
            self._count(row)
        self._column, self._cell = column + 1, None

    def _count(self, row: int) -> None:
        if row != self._filled:
            self._filled = row
            self.extent.filled += 1
            if self.extent.filled > MAX_ROWS:
                self.extent.check()


def _walk(xml: bytes, title: str) -> tuple[Extent, list[Mark]]:
    walk, parser = _Walk(title), expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = walk.start, walk.end
    parser.CharacterDataHandler = walk.text
    parsed(xml, parser)
    walk.extent.check()
    return walk.extent, walk.marks


def _address(text: str) -> tuple[int, int]:
    if (found := _ADDRESS.fullmatch(text.upper())) is None:
        raise Unfit(DAMAGED)
    return int(found[2]) - 1, column_place(found[1])


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise Unfit(DAMAGED)
    return int(text)
