""".xls of Excel 97 and later: the records of the workbook's stream (BIFF8; BIFF5 is laid out alike)."""

import struct
from collections.abc import Iterator
from struct import pack_into, unpack_from

from office.sheets.formats.compound import Compound, container
from office.sheets.formats.limits import (
    DAMAGED,
    LOCKED,
    MACROS,
    RESAVE,
    Checked,
    Extent,
    Mark,
    Unfit,
    check_all,
)

_FORMULA, _END, _LOCK, _SHEET, _MANY, _STRINGS, _DIMENSION, _BOOL_OR_ERROR = (
    0x06, 0x0A, 0x2F, 0x85, 0xBD, 0xFC, 0x200, 0x205,
)  # fmt: skip
#: Records of one cell that begin with its row and column.
_CELLS = frozenset({_FORMULA, 0x203, 0x204, _BOOL_OR_ERROR, 0x27E, 0xFD})
_CODES = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_OTHERS = {
    "WordDocument": f"这是 Word 文件，不是表格：请把其中的表格复制到 Excel 中，{RESAVE.removeprefix('请用 Excel 或 WPS 打开，')}。",
    "PowerPoint Document": "这是演示文稿，不是表格：请上传 .xlsx 表格。",
}
_OLD = f"这是很旧的 Excel 格式，不能读取：{RESAVE}。"


def check(data: bytes) -> Checked:
    """Raises Unfit."""
    compound = Compound(data)
    names = compound.names()
    if names & {"EncryptedPackage", "EncryptionInfo"}:
        raise Unfit(LOCKED)
    if any(name.upper().startswith(("_VBA_PROJECT", "VBA")) for name in names):
        raise Unfit(MACROS)
    if sentence := next((sentence for name, sentence in _OTHERS.items() if name in names), ""):
        raise Unfit(sentence)
    name = "Workbook" if "Workbook" in names else "Book"
    if (stream := compound.stream(name)) is None:
        raise Unfit(f"文件里没有工作簿：{RESAVE}。")
    try:
        return _sheets(name, bytearray(stream))
    except (struct.error, IndexError) as error:
        raise Unfit(DAMAGED) from error


def _sheets(name: str, stream: bytearray) -> Checked:
    sheets = list[tuple[int, str]]()
    wide = unpack_from("<H", stream, 4)[0] >= 0x600 if stream[:2] == b"\x09\x08" else None
    if wide is None:
        raise Unfit(_OLD)
    for kind, start, end in _records(stream, 0):
        if kind == _LOCK:
            raise Unfit(LOCKED)
        if kind == _STRINGS and unpack_from("<I", stream, start + 4)[0] > len(stream) // 3:
            raise Unfit(DAMAGED)
        if kind == _SHEET:
            if stream[start + 5] in (1, 6):
                raise Unfit(MACROS)
            sheets.append((unpack_from("<I", stream, start)[0], _title(stream, start + 6, end, wide=wide)))
    checked, extents = Checked(), []
    for place, (at, title) in enumerate(sheets):
        if at >= len(stream):
            raise Unfit(DAMAGED)
        extent, checked.marks[place] = _look(stream, at, title)
        extents.append(extent)
    check_all(extents)
    checked.data = container(name, bytes(stream))
    return checked


def _look(stream: bytearray, at: int, title: str) -> tuple[Extent, list[Mark]]:
    """How far a sheet reaches, and its errors; what the sheet says of its size is taken out of the stream."""
    extent, marks = Extent(title), list[Mark]()
    for kind, start, end in _records(stream, at):
        if kind in _CELLS:
            row, column = unpack_from("<HH", stream, start)
            extent.take(row, column)
            if code := _error(stream, kind, start, end):
                marks.append((row, column, code))
        elif kind == _MANY:
            row = unpack_from("<H", stream, start)[0]
            extent.take(row, unpack_from("<H", stream, end - 2)[0])
        elif kind == _DIMENSION:
            # The reader makes room for all of it at once: one cell is enough to begin with.
            stream[start:end] = bytes(end - start)
            pack_into("<I" if end - start == 14 else "<H", stream, start + (4 if end - start == 14 else 2), 1)
            pack_into("<H", stream, start + (10 if end - start == 14 else 6), 1)
    extent.check()
    return extent, marks


def _error(stream: bytearray, kind: int, start: int, end: int) -> str:
    if kind == _BOOL_OR_ERROR and end - start >= 8 and stream[start + 7] == 1:
        return _CODES.get(stream[start + 6], "#VALUE!")
    if (
        kind == _FORMULA
        and end - start >= 14
        and stream[start + 6] == 2
        and stream[start + 12 : start + 14] == b"\xff\xff"
    ):
        return _CODES.get(stream[start + 8], "#VALUE!")
    return ""


def _records(stream: bytearray, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, start and end of each record, to the end of this part of the stream."""
    while at + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, at)
        start, at = at + 4, at + 4 + length
        if at > len(stream):
            raise Unfit(DAMAGED)
        yield kind, start, at
        if kind == _END:
            return


def _title(stream: bytearray, at: int, end: int, *, wide: bool) -> str:
    length = stream[at]
    if not wide:
        return bytes(stream[at + 1 : end]).decode("gb18030", "replace")
    if stream[at + 1] & 1:
        return bytes(stream[at + 2 : at + 2 + 2 * length]).decode("utf-16-le", "replace")
    return bytes(stream[at + 2 : at + 2 + length]).decode("latin-1")
