"""Files that are no workbook whatever their name says, locked ones, and damaged ones of the older formats."""

from collections.abc import Iterator
from struct import pack, pack_into

from tests.sheets.making import (
    ODS_TYPE,
    biff,
    brt,
    brt_row,
    brt_text,
    data,
    label,
    number,
    ods,
    ods_row,
    ole,
    parts,
    record,
    sheet,
    table,
    xls,
    xlsb,
    xlsx,
    zipped,
)

_ROWS = [["矿山名称", "矿种"], ["演示一号矿", "砂岩"]]
_PASSWORD, _DAMAGED, _TEXT, _PAGE, _AS = "设了密码", "已损坏", "文本文件", "网页", "另存为 .xlsx"
_CSV = "矿山名称,采矿许可证号\n演示一号矿,C0000000000000000000001\n"


def made() -> Iterator[tuple[str, str, bytes, str]]:
    yield from _names()
    yield from _kinds()
    yield from _locked()
    yield from _old()
    yield from _binary()


def _names() -> Iterator[tuple[str, str, bytes, str]]:
    yield "WPS's own format", "台账.et", ole({"Workbook": biff(("台账", label(0, 0, "x")))}), "WPS"
    yield "no byte at all", "台账.xlsx", b"", "空的"
    yield "nothing but zeros", "台账.xlsx", bytes(5000), "空的"
    yield "text with commas", "台账.csv", _CSV.encode(), _TEXT
    yield "text with commas named .xls", "台账.xls", _CSV.encode("gb18030"), _TEXT
    yield "text with commas in UTF-16 named .xls", "台账.xls", _CSV.encode("utf-16"), _TEXT
    page = "<html><head><meta charset=gb2312></head><table><tr><td>矿山名称</td></tr></table></html>"
    yield "web page named .xls", "台账.xls", page.encode("gb18030"), _PAGE
    yield "table of a web page named .xls", "台账.xls", b"\xef\xbb\xbf<table><tr><td>x</td></tr></table>", _PAGE
    archive = f"MIME-Version: 1.0\nContent-Type: multipart/related\n\n{page}"
    yield "web archive named .xls", "台账.xls", archive.encode(), _PAGE
    old_xml = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
    yield "XML table of 2003 named .xls", "台账.xls", old_xml.encode(), "XML 表格"
    yield "name without an ending", "台账", xlsx(_ROWS), ""
    yield "xlsx named .xls", "台账.xls", xlsx(_ROWS), ""
    yield "template of a workbook", "台账.xltx", zipped(parts(sheet(data(_ROWS)), kind="application/vnd.openxmlformats-"
          "officedocument.spreadsheetml.template.main+xml")), ""  # fmt: skip


def _kinds() -> Iterator[tuple[str, str, bytes, str]]:
    yield "PDF named .xlsx", "台账.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF"
    yield "picture named .xlsx", "台账.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(range(200)), "图片"
    yield "packed folder named .xlsx", "台账.xlsx", b"Rar!\x1a\x07\x01\x00" + bytes(range(200)), "压缩包"
    yield "zip of other files named .xlsx", "台账.xlsx", zipped({"说明.txt": b"x", "b.csv": b"1,2"}), "不是 Excel 表格"
    yield "Word file named .xlsx", "台账.xlsx", zipped({"word/document.xml": b"<x/>"}), "Word"
    yield "presentation named .xlsx", "台账.xlsx", zipped({"ppt/presentation.xml": b"<x/>"}), "演示文稿"
    yield "old Word file named .xls", "台账.xls", ole({"WordDocument": b"x"}), "Word"
    text = {"mimetype": ODS_TYPE.replace("spreadsheet", "text").encode(), "content.xml": b"<x/>"}
    yield "text document named .ods", "台账.ods", zipped(text), "不是 Excel 表格"
    yield "noise named .xlsx", "台账.xlsx", bytes((at * 7919 + at // 3) % 256 for at in range(3000)), "不是 Excel 表格"
    yield "very old workbook, Excel 4", "台账.xls", b"\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00" + bytes(40), "很旧"


def _locked() -> Iterator[tuple[str, str, bytes, str]]:
    locked = {"EncryptionInfo": b"\4\0\4\0" + bytes(60), "EncryptedPackage": bytes(range(256)) * 20}
    yield "xlsx with a password", "台账.xlsx", ole(locked), _PASSWORD
    password = record(0x2F, pack("<H", 1) + bytes(50))
    yield "xls with a password", "台账.xls", xls(label(0, 0, "x"), before=password), _PASSWORD
    yield "xls with a weak password", "台账.xls", xls(label(0, 0, "x"), before=record(0x2F, bytes(6))), _PASSWORD
    key = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    yield "ods with a password", "台账.ods", ods(table(ods_row("x")), manifest=key), _PASSWORD


def _old() -> Iterator[tuple[str, str, bytes, str]]:
    plain = label(0, 0, "矿山名称") + label(1, 0, "演示一号矿")
    yield "xls with a cell far below", "台账.xls", xls(plain + number(65535, 200, 1)), "GS65536"
    yield "xls that says it is as large as can be", "台账.xls", xls(plain, dimension=(2**31, 2**15)), ""
    yield (
        "xls with two thousand million texts",
        "台账.xls",
        xls(plain, before=record(0xFC, pack("<II", 1, 2**31 - 1))),
        _DAMAGED,
    )
    whole = xls(plain)
    yield "xls cut off", "台账.xls", whole[:1500], _DAMAGED
    circle = bytearray(whole)
    at = circle.rindex(pack("<III", 1, 2, 3))
    pack_into("<I", circle, at + 8, 0)
    yield "xls whose sectors turn in a circle", "台账.xls", bytes(circle), _DAMAGED
    empty = ole({"Contents": b"x"})
    yield "container without a workbook", "台账.xls", empty, "没有工作簿"
    long = ole({"Workbook": biff(("台账", plain)).replace(record(0x0A, b""), b"\x0a\x00\xff\xff", 1)})
    yield "xls with a record past the end", "台账.xls", long, _DAMAGED
    book = bytearray(biff(("台账", plain)))
    at = book.index(b"\x85\x00")
    pack_into("<I", book, at + 4, 0xFFFFFF)
    yield "xls whose sheet begins past the end", "台账.xls", ole({"Workbook": bytes(book)}), _DAMAGED
    header = bytearray(whole)
    pack_into("<I", header, 44, 0xFFFFFFFF)
    pack_into("<I", header, 72, 0xFFFFFFFF)
    yield "xls that asks for room without end", "台账.xls", bytes(header), ""


def _binary() -> Iterator[tuple[str, str, bytes, str]]:
    cells = brt_row(0) + brt_text(0, "矿山名称")
    yield (
        "xlsb with a cell far away",
        "台账.xlsb",
        xlsb(cells + brt_row(1_048_575) + brt_text(16_383, "x")),
        "XFD1048576",
    )
    yield "xlsb that says it is as large as can be", "台账.xlsb", xlsb(cells, size=(2**20, 2**14)), ""
    yield "xlsb with a text that is not there", "台账.xlsb", xlsb(cells + brt(7, pack("<III", 1, 0, 99))), _DAMAGED
    yield "xlsb that breaks off", "台账.xlsb", xlsb(cells + b"\x06\xff\xff\xff\x7f"), _DAMAGED
    lying = {"xl/sharedStrings.bin": brt(159, pack("<II", 9, 2**32 - 1)) + brt(160)}
    yield "xlsb with room for too many texts", "台账.xlsb", xlsb(cells, extra=lying), _DAMAGED
