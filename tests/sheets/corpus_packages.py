"""Files that are wrong as packages: bombs, entities, paths, lies of the directory, missing and superfluous parts."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from struct import pack_into, unpack_from

from tests.sheets.making import (
    MAIN,
    Parts,
    biff,
    brt_row,
    brt_text,
    column,
    data,
    label,
    ods,
    ods_row,
    ole,
    parts,
    sheet,
    strings,
    table,
    xls,
    xlsb,
    xlsx,
    zipped,
)

Made = tuple[str, str, bytes | Callable[[], bytes], str]
_ROWS = [["矿山名称", "矿种"], ["演示一号矿", "砂岩"]]
_SHEET = sheet(data(_ROWS))
_LARGE, _ODD, _DAMAGED, _ENTITIES = "展开后过大", "结构异常", "已损坏", "DOCTYPE"


def made() -> Iterator[Made]:
    yield from _bombs()
    yield from _entities()
    yield from _directories()
    yield from _parts()
    yield from _macros()


def bomb(size: int = 300 << 20) -> bytes:
    """One sheet of rows that unpacks to `size`; it is put together from one packed piece, so that it is quickly made."""
    row = data([["演示矿山", "是", "砂岩"]]).encode()
    piece = (f"<row><c><v>{7**52}</v></c></row>".encode() + row).ljust(1 << 17)
    return repeated(piece, size // len(piece))


def repeated(piece: bytes, times: int, size: int = 0) -> bytes:
    """A workbook whose sheet holds the same piece over and over; its size may be another in the directory."""
    begin, end = sheet("").split(b"</sheetData>")
    end = b"</sheetData>" + end
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(begin) + packer.flush(zlib.Z_FULL_FLUSH)
    middle = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    last = packer.compress(end) + packer.flush()
    crc = zlib.crc32(begin)
    for _ in range(times):
        crc = zlib.crc32(piece, crc)
    size = size or len(begin) + times * len(piece) + len(end)
    return _exchanged(first + middle * times + last, size=size, crc=zlib.crc32(end, crc))


def _exchanged(packed: bytes, **values: int) -> bytes:
    """A workbook whose sheet is these packed bytes, with these numbers in the directory."""
    marker = bytes(7) + b"sheet" + bytes(len(packed) - 12)
    whole = zipped(parts(marker), method=zipfile.ZIP_STORED).replace(marker, packed)
    return _patched(whole, b"xl/worksheets/sheet1.xml", method=zipfile.ZIP_DEFLATED, **values)


def _patched(whole: bytes, name: bytes, **values: int) -> bytes:
    """Numbers of one entry of the directory, changed."""
    places = {"flags": (8, "<H"), "method": (10, "<H"), "crc": (16, "<I"), "packed": (20, "<I"), "size": (24, "<I"),
              "at": (42, "<I")}  # fmt: skip
    changed = bytearray(whole)
    at = changed.rindex(name) - 46
    assert unpack_from("<4s", changed, at) == (b"PK\x01\x02",)
    for key, value in values.items():
        pack_into(places[key][1], changed, at + places[key][0], value)
    return bytes(changed)


def _bombs() -> Iterator[Made]:
    yield "bomb of 300 MiB in one sheet", "台账.xlsx", bomb, _LARGE
    yield (
        "part that unpacks to a thousand times its size",
        "台账.xlsx",
        lambda: repeated(bytes(1 << 20), 30),
        "异常厉害",
    )
    yield (
        "bomb whose directory says 5,000 bytes",
        "台账.xlsx",
        lambda: repeated(b" " * (1 << 20), 70, size=5_000),
        _DAMAGED,
    )
    many = parts(_SHEET) | {f"xl/media/{at}.png": b"" for at in range(2_500)}
    yield "too many parts", "台账.xlsx", zipped(many), "个部分组成"
    inside = {"xl/embeddings/book.xlsx": zipped({"a.bin": bytes(9_000_000)}), "xl/media/picture.bin": bytes(61_000_000)}
    yield "bombs beside the sheet", "台账.xlsx", lambda: zipped(parts(_SHEET) | inside), _LARGE
    yield "more than ten megabytes", "台账.xlsx", lambda: xlsx(_ROWS) + bytes(10_000_000), "最大 10 MB"
    shared = zipped(
        parts(_SHEET) | {"xl/sharedStrings.xml": strings("一", counts='uniqueCount="4294967295" count="9"')}
    )
    yield "room for four thousand million texts", "台账.xlsx", shared, ""
    cells = "".join(f'<c r="{column(at % 200)}{at // 200 + 1}" t="s"><v>0</v></c>' for at in range(20_000))
    long = {"xl/sharedStrings.xml": strings("演示" * 500_000)}
    yield (
        "one long text in twenty thousand cells",
        "台账.xlsx",
        lambda: zipped(parts(sheet(f"<row>{cells}</row>")) | long),
        "内存",
    )
    rows = ods_row("演示矿", times=200_000_000)
    yield "ods row repeated two hundred million times", "台账.ods", ods(table(rows)), "行"
    yield (
        "ods row repeated more often than a number holds",
        "台账.ods",
        ods(table(ods_row("x", times=10**30))),
        _DAMAGED,
    )
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    wide = f"<table:table-row>{empty}<table:table-cell/></table:table-row>" * 2_000
    yield "ods rows that write out empty cells", "台账.ods", ods(table(ods_row("矿山名称") + wide)), "格子太多"


def _entities() -> Iterator[Made]:
    laughs = '<!DOCTYPE x [<!ENTITY a "哈哈">' + "".join(
        f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)
    )
    yield "entities that multiply", "台账.xlsx", zipped(parts(sheet(data([["&j;"]]), head=laughs + "]>"))), _ENTITIES
    outside = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    yield "entity from a file", "台账.xlsx", zipped(parts(sheet(data(_ROWS), head=outside))), _ENTITIES
    web = b'<!DOCTYPE sst SYSTEM "http://127.0.0.1/x.dtd">'
    in_strings = parts(_SHEET) | {"xl/sharedStrings.xml": web + strings("一").split(b"?>", 1)[1]}
    yield "document type in the texts", "台账.xlsx", zipped(in_strings), _ENTITIES
    in_nothing = parts(_SHEET) | {"docProps/core.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}
    yield "document type in a part that is not read", "台账.xlsx", zipped(in_nothing), _ENTITIES
    in_utf16 = (outside + sheet(data(_ROWS), head="").decode()).encode("utf-16")
    yield "document type in UTF-16", "台账.xlsx", zipped(parts(in_utf16)), _ENTITIES
    text = f'<!DOCTYPE x [<!ENTITY a "b">]>{table(ods_row("x"))}'
    yield "document type in an ods", "台账.ods", ods("", extra={"content.xml": text.encode()}), _ENTITIES


def _directories() -> Iterator[Made]:
    good = parts(_SHEET)
    yield "way out of the folder", "台账.xlsx", zipped(good | {"xl/../../etc/passwd": b"x"}), _ODD
    yield "absolute path", "台账.xlsx", zipped(good | {"/etc/cron.d/x": b"x"}), _ODD
    yield "path on a drive", "台账.xlsx", zipped(good | {"C:\\windows\\x": b"x"}), _ODD
    twice = zipped(good, (zipfile.ZipInfo("XL/worksheets/Sheet1.xml"), sheet(data([["另一份"]]))))
    yield "the same part twice", "台账.xlsx", twice, _ODD
    link = zipfile.ZipInfo("xl/link.xml")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    yield "symbolic link", "台账.xlsx", zipped(good, (link, b"/etc/passwd")), _ODD
    name = b"xl/worksheets/sheet1.xml"
    yield "wrong checksum", "台账.xlsx", _patched(zipped(good), name, crc=1), _DAMAGED
    yield "deflate64", "台账.xlsx", _patched(zipped(good), name, method=9), "压缩方式"
    yield "bzip2 in a workbook", "台账.xlsx", zipped(good, method=zipfile.ZIP_BZIP2), "压缩方式"
    yield "part that is encrypted", "台账.xlsx", _patched(zipped(good), name, flags=1), "密码"
    yield "size of the directory too small", "台账.xlsx", _patched(zipped(good), name, size=10), _DAMAGED
    yield "size of the directory too large", "台账.xlsx", _patched(zipped(good), name, size=90_000), _DAMAGED
    yield "part that begins past the end", "台账.xlsx", _patched(zipped(good), name, at=0xFFFFFF), _DAMAGED
    yield "two parts on the same bytes", "台账.xlsx", _patched(zipped(good), b"xl/workbook.xml", at=0), _DAMAGED
    yield "cut off in the middle", "台账.xlsx", zipped(good)[:900], _DAMAGED
    yield "begins like a zip and goes on with noise", "台账.xlsx", b"PK\x03\x04" + bytes(range(256)) * 20, _DAMAGED
    yield "zip without a single part", "台账.xlsx", zipped({}), _DAMAGED
    behind = zipped(good) + zipped(parts(sheet(data([["另一份"]]))))
    yield "a second zip behind the first", "台账.xlsx", behind, _DAMAGED
    slashes = {name.replace("/", "\\"): content for name, content in good.items()}
    yield "backslashes, as old programs write them", "台账.xlsx", zipped(slashes), ""


def _parts() -> Iterator[Made]:
    def without(*names: str, **changed: bytes) -> bytes:
        return zipped({name: content for name, content in parts(_SHEET).items() if name not in names} | changed)

    yield "no workbook.xml", "台账.xlsx", without("xl/workbook.xml"), _DAMAGED
    yield "no relations", "台账.xlsx", without("xl/_rels/workbook.xml.rels"), _DAMAGED
    yield "no content types", "台账.xlsx", without("[Content_Types].xml"), _DAMAGED
    yield "no sheet where one is named", "台账.xlsx", without("xl/worksheets/sheet1.xml"), "没有工作表"
    yield "one of two sheets is missing", "台账.xlsx", zipped(parts(_SHEET, names=("台账", "丢失"))), _DAMAGED
    yield "no sheet named at all", "台账.xlsx", zipped(parts(names=())), "没有工作表"
    relations = parts(_SHEET)["xl/_rels/workbook.xml.rels"]

    def leading(target: bytes, more: bytes = b"") -> Parts:
        changed = relations.replace(b'Target="worksheets/sheet1.xml"', b'Target="' + target + b'"' + more)
        return parts(_SHEET) | {"xl/_rels/workbook.xml.rels": changed}

    yield "relation to a file of the server", "台账.xlsx", zipped(leading(b"file:///etc/passwd")), "没有工作表"
    yield "relation upwards", "台账.xlsx", zipped(leading(b"../../../etc/passwd")), "没有工作表"
    web = leading(b"http://127.0.0.1/sheet1.xml", b' TargetMode="External"')
    yield "relation to the web", "台账.xlsx", zipped(web), "没有工作表"
    yield "sheet that is the workbook itself", "台账.xlsx", zipped(leading(b"workbook.xml")), "没有工作表"
    linked = parts(_SHEET) | {
        "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{MAIN}"/>'.encode(),
        "xl/externalLinks/_rels/externalLink1.xml.rels": b'<Relationships><Relationship Id="a" Target="http://127.0.0.1/x.xlsx" '
        b'TargetMode="External"/></Relationships>',
    }
    yield "links to other workbooks, never followed", "台账.xlsx", zipped(linked), ""
    yield "XML that is not closed", "台账.xlsx", zipped(parts(_SHEET.replace(b"</worksheet>", b""))), ""
    yield "XML that breaks off in a cell", "台账.xlsx", zipped(parts(_SHEET[:-60])), _DAMAGED
    yield "XML that is no XML", "台账.xlsx", zipped(parts(b"\x01\x02 < nothing")), _DAMAGED
    yield "sheet in an unknown encoding", "台账.xlsx", zipped(parts(_SHEET.replace(b"UTF-8", b"EBCDIC-7"))), "文字编码"
    yield "says UTF-8 and is not", "台账.xlsx", zipped(parts(_SHEET.decode().encode("gb18030"))), _DAMAGED


def _macros() -> Iterator[Made]:
    good = parts(_SHEET)
    macros = "带有宏"
    yield "xlsm by its name", "台账.xlsm", zipped(good), macros
    renamed = parts(_SHEET, kind="application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    yield "xlsm by its content type", "台账.xlsx", zipped(renamed), macros
    yield "a VBA project in a renamed xlsx", "台账.xlsx", zipped(good | {"xl/vbaProject.bin": b"x"}), macros
    yield "a sheet of Excel 4 macros", "台账.xlsx", zipped(good | {"xl/macrosheets/sheet9.xml": _SHEET}), macros
    cells = brt_row(0) + brt_text(0, "矿山名称")
    yield "a VBA project in an xlsb", "台账.xlsb", xlsb(cells, extra={"xl/vbaProject.bin": b"x"}), macros
    basic = {"Basic/Standard/Module1.xml": b"<x/>"}
    yield "Basic in an ods", "台账.ods", ods(table(ods_row("x")), extra=basic), macros
    old = label(0, 0, "矿山名称")
    stream = xls(old, kind=1)
    yield "a macro sheet in an xls", "台账.xls", stream, macros
    with_code = ole({"Workbook": biff(("台账", old))}, ["_VBA_PROJECT_CUR"])
    yield "a VBA project in an xls", "台账.xls", with_code, macros
