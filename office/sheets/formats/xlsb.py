""".xlsb: the records of each sheet, one by one."""

import struct
from collections.abc import Iterator
from struct import unpack_from

from office.sheets.formats.limits import DAMAGED, MACROS, Area, Checked, Extent, Mark, Unfit, check_all
from office.sheets.formats.package import Package, elements
from office.sheets.formats.xlsx import has_macros
from office.sheets.formats.zipped import packed

_BOOK, _RELATIONS = "xl/workbook.bin", "xl/_rels/workbook.bin.rels"
_GIVEN_XML = ("[Content_Types].xml", "_rels/.rels", _RELATIONS)
_GIVEN = (_BOOK, "xl/styles.bin", "xl/sharedStrings.bin")
_ROW, _SHEET, _DIMENSION, _MERGED, _STRINGS = 0, 156, 148, 176, 159
#: Cells with a value of their own or a formula's; an error is 3 or 11.
_CELLS, _ERRORS = range(2, 12), (3, 11)
_CODES = {
    0: "#NULL!",
    7: "#DIV/0!",
    15: "#VALUE!",
    23: "#REF!",
    29: "#NAME?",
    36: "#NUM!",
    42: "#N/A",
    43: "#GETTING_DATA",
}
#: One cell, as far as room is made before any is read.
_SMALL = bytes(16)


def check(package: Package) -> Checked:
    """Raises Unfit."""
    if has_macros(package):
        raise Unfit(MACROS)
    parts = {name: package.xml(name) for name in _GIVEN_XML if name in package}
    parts |= {name: package.read(name) for name in _GIVEN if name in package}
    if _RELATIONS not in parts:
        raise Unfit(DAMAGED)
    try:
        checked = _sheets(package, parts)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise Unfit(DAMAGED) from error
    package.look_through(parts)
    checked.data = packed(parts)
    return checked


def _sheets(package: Package, parts: dict[str, bytes]) -> Checked:
    targets = {found.get("Id", ""): found.get("Target", "") for _, found in elements(parts[_RELATIONS], "Relationship")}
    checked, extents = Checked(), []
    bundled = [(start, end) for kind, start, end in _records(parts[_BOOK]) if kind == _SHEET]
    for place, (start, _) in enumerate(bundled):
        relation, after = _text(parts[_BOOK], start + 8)
        title, _ = _text(parts[_BOOK], after)
        target = targets.get(relation, "").removeprefix("/")
        name = target if target.startswith("xl/") else f"xl/{target}"
        if name.startswith("xl/worksheets/") and name in package and name not in parts:
            extent, checked.marks[place], checked.merged[place], parts[name] = _look(package.read(name), title)
            extents.append(extent)
    check_all(extents)
    _check_strings(parts.get("xl/sharedStrings.bin", b""))
    return checked


def _look(part: bytes, title: str) -> tuple[Extent, list[Mark], list[Area], bytes]:
    """How far a sheet reaches, its errors and merged cells, and the sheet without a claim about its size."""
    extent, marks, merged, row, small = Extent(title), list[Mark](), list[Area](), 0, bytearray(part)
    for kind, start, end in _records(part):
        if kind == _ROW:
            row = unpack_from("<I", part, start)[0]
            extent.filled += 1
        elif kind in _CELLS:
            column = unpack_from("<I", part, start)[0]
            extent.take(row, column)
            if kind in _ERRORS:
                marks.append((row, column, _CODES.get(part[start + 8], "#VALUE!")))
        elif kind == _MERGED:
            first, last, left, right = unpack_from("<IIII", part, start)
            merged.append((first, left, last, right))
        elif kind == _DIMENSION and end - start == len(_SMALL):
            small[start:end] = _SMALL
    extent.filled = min(extent.filled, extent.row + 1)
    extent.check()
    return extent, marks, merged, bytes(small)


def _check_strings(part: bytes) -> None:
    """The reader makes room for as many texts as the part says."""
    for kind, start, _ in _records(part):
        if kind == _STRINGS and unpack_from("<I", part, start + 4)[0] > len(part):
            raise Unfit(DAMAGED)


def _records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, start and end of each record."""
    at, size = 0, len(part)
    while at < size:
        kind, at = part[at], at + 1
        if kind & 0x80:
            kind, at = (kind & 0x7F) | (part[at] & 0x7F) << 7, at + 1
        length = shift = 0
        while True:
            length |= (part[at] & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if not part[at - 1] & 0x80 or shift == 28:
                break
        if at + length > size:
            raise Unfit(DAMAGED)
        yield kind, at, at + length
        at += length


def _text(part: bytes, at: int) -> tuple[str, int]:
    length = unpack_from("<I", part, at)[0]
    if length > 1000:
        raise Unfit(DAMAGED)
    end = at + 4 + 2 * length
    return part[at + 4 : end].decode("utf-16-le", "replace"), end
