"""Workbooks made by hand, byte for byte, so that they can be wrong in any way one likes."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from struct import pack
from xml.sax.saxutils import escape, quoteattr

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
Value = str | float | bool | None
Parts = dict[str, bytes]


def column(place: int) -> str:
    name = ""
    while place >= 0:
        name, place = chr(65 + place % 26) + name, place // 26 - 1
    return name


def cell(row: int, place: int, value: Value) -> str:
    """A cell as programs write it; row and place count from 0."""
    at = f"{column(place)}{row + 1}"
    match value:
        case None:
            return f'<c r="{at}" s="0"/>'
        case bool():
            return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'
        case str():
            return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
        case _:
            return f'<c r="{at}"><v>{value!r}</v></c>'


def data(rows: Iterable[Sequence[Value]], first: int = 0) -> str:
    return "".join(
        f'<row r="{at + 1}">{"".join(cell(at, place, value) for place, value in enumerate(row))}</row>'
        for at, row in enumerate(rows, first)
    )


def sheet(inside: str, *, dimension: str = "", after: str = "", head: str = _XML) -> bytes:
    """A worksheet whose `sheetData` holds this."""
    size = f'<dimension ref="{dimension}"/>' if dimension else ""
    return f'{head}<worksheet xmlns="{MAIN}">{size}<sheetData>{inside}</sheetData>{after}</worksheet>'.encode()


def parts(
    *sheets: bytes, names: Sequence[str] = ("台账",), states: Sequence[str] = (), kind: str = _SHEET_TYPE, book: str = ""
) -> Parts:  # fmt: skip
    """The parts of a small .xlsx; more names than sheets are allowed."""
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{at}" {f"""state="{states[at - 1]}" """ if states else ""}r:id="rId{at}"/>'
        for at, name in enumerate(names, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(names) + 1)
    )
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.worksheet+xml"/>'
        for at in range(1, len(names) + 1)
    )
    found = {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/>{types}</Types>',
        "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}">{book}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
    }
    made = {name: text.encode() for name, text in found.items()}
    return made | {f"xl/worksheets/sheet{at}.xml": content for at, content in enumerate(sheets, 1)}


def strings(*texts: str, counts: str = "") -> bytes:
    items = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    return f'{_XML}<sst xmlns="{MAIN}" {counts}>{items}</sst>'.encode()


def zipped(
    content: Mapping[str, bytes], *extra: tuple[zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as package:
        for name, part in content.items():
            package.writestr(zipfile.ZipInfo(name), part, compress_type=method)
        for entry, part in extra:
            package.writestr(entry, part)
    return file.getvalue()


def xlsx(rows: Iterable[Sequence[Value]], first: int = 0) -> bytes:
    return zipped(parts(sheet(data(rows, first))))


def ods(tables: str, *, manifest: str = "", extra: Mapping[str, bytes] | None = None) -> bytes:
    names = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{name}="{names}:{name}:1.0"' for name in ("office", "table", "text", "style"))
    content = (
        f'{_XML}<office:document-content {spaces} xmlns:calcext="urn:calcext"><office:body><office:spreadsheet>{tables}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    listed = f'{_XML}<manifest:manifest xmlns:manifest="{names}:manifest:1.0">{manifest}</manifest:manifest>'
    made = {"mimetype": ODS_TYPE.encode(), "META-INF/manifest.xml": listed.encode(), "content.xml": content.encode()}
    return zipped(made | dict(extra or {}), method=zipfile.ZIP_DEFLATED)


def table(rows: str, name: str = "台账") -> str:
    return f'<table:table table:name="{name}">{rows}</table:table>'


def ods_row(*values: str, times: int = 1) -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
        for value in values
    )
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


# .xls: the container with sectors of 512 bytes, and the records inside.

_LAST, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def ole(streams: Mapping[str, bytes], storages: Sequence[str] = ()) -> bytes:
    """A container of up to six streams, each in sectors of its own."""
    sectors, chain, entries = list[bytes](), list[int](), list[tuple[str, int, int, int]]()
    for name, stream in streams.items():
        stored = stream.ljust(max(4096, len(stream)), b"\0")
        start, count = len(sectors), -(-len(stored) // 512)
        sectors += [stored[at * 512 : at * 512 + 512].ljust(512, b"\0") for at in range(count)]
        chain += [*range(start + 1, start + count), _LAST]
        entries.append((name, 2, start, len(stored)))
    entries += [(name, 1, 0, 0) for name in storages]
    directory = _entry("Root Entry", 5, _LAST, 0, 1) + b"".join(_entry(*entry) for entry in entries)
    directory = directory.ljust(-(-len(directory) // 512) * 512, b"\0")
    first, count = len(sectors), len(directory) // 512
    sectors += [directory[at * 512 : at * 512 + 512] for at in range(count)]
    chain += [*range(first + 1, first + count), _LAST]
    fats = -(-(len(chain) + 100) // 128)
    places = [len(chain) + at for at in range(fats)]
    chain += [_FAT] * fats
    chain += [_FREE] * (fats * 128 - len(chain))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += pack("<9I", 0, fats, first, 0, 4096, _LAST, 0, _LAST, 0) + pack("<109I", *places, *[_FREE] * (109 - fats))
    return b"".join([head, *sectors, pack(f"<{len(chain)}I", *chain)])


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
    return text.ljust(64, b"\0") + links + bytes(36) + pack("<IQ", start, size)


def record(kind: int, content: bytes) -> bytes:
    return pack("<HH", kind, len(content)) + content


def number(row: int, place: int, value: float) -> bytes:
    return record(0x203, pack("<HHHd", row, place, 0, value))


def label(row: int, place: int, text: str) -> bytes:
    return record(0x204, pack("<HHHHB", row, place, 0, len(text), 1) + text.encode("utf-16-le"))


def biff(*sheets: tuple[str, bytes], before: bytes = b"", dimension: tuple[int, int] = (10, 5), kind: int = 0) -> bytes:
    """The workbook stream of Excel 97 and later; each sheet is its name and its cells."""
    begin = pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)
    opening = record(0x809, begin) + before + record(0x42, pack("<H", 1200))
    names = [name.encode("utf-16-le") for name, _ in sheets]
    at = len(opening) + sum(4 + 8 + len(name) for name in names) + 4
    listed = body = b""
    for name, (_, cells) in zip(names, sheets, strict=True):
        listed += record(0x85, pack("<IBBBB", at + len(body), 0, kind, len(name) // 2, 1) + name)
        body += record(0x809, begin[:2] + b"\x10\0" + begin[4:])
        body += record(0x200, pack("<IIHHH", 0, dimension[0], 0, dimension[1], 0)) + cells + record(0x0A, b"")
    return opening + listed + record(0x0A, b"") + body


def xls(cells: bytes, **how: object) -> bytes:
    return ole({"Workbook": biff(("台账", cells), **how)})  # type: ignore[arg-type]


# .xlsb


def brt(kind: int, content: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, rest = b"", len(content)
    while True:
        length += bytes([rest & 0x7F | (0x80 if rest > 0x7F else 0)])
        rest >>= 7
        if not rest:
            return head + length + content


def wide(text: str) -> bytes:
    return pack("<I", len(text)) + text.encode("utf-16-le")


def brt_text(place: int, text: str) -> bytes:
    return brt(6, pack("<II", place, 0) + wide(text))


def brt_row(row: int) -> bytes:
    return brt(0, pack("<I", row) + bytes(13))


def xlsb(cells: bytes, *, size: tuple[int, int] = (9, 5), extra: Mapping[str, bytes] | None = None) -> bytes:
    """A workbook of one sheet."""
    made = parts()
    del made["xl/workbook.xml"]
    relations = made.pop("xl/_rels/workbook.xml.rels").replace(b"sheet1.xml", b"sheet1.bin")
    book = brt(131) + brt(143) + brt(156, pack("<II", 0, 1) + wide("rId1") + wide("台账")) + brt(144) + brt(132)
    page = brt(129) + brt(148, pack("<IIII", 0, size[0], 0, size[1])) + brt(145) + cells + brt(146) + brt(130)
    made |= {"xl/workbook.bin": book, "xl/_rels/workbook.bin.rels": relations, "xl/worksheets/sheet1.bin": page}
    return zipped(made | dict(extra or {}))
