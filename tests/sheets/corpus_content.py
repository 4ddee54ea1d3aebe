"""Workbooks that are sound, and whose content is not what anybody wants."""

from collections.abc import Callable, Iterator

from tests.sheets.corpus_packages import repeated
from tests.sheets.making import (
    MAIN,
    Value,
    cell,
    column,
    data,
    ods,
    ods_row,
    parts,
    sheet,
    strings,
    table,
    xlsx,
    zipped,
)

_HEAD: list[Value] = ["矿山名称", "采矿权人", "矿种", "采矿许可证号", "有效期至"]
_ROW: list[Value] = ["演示一号矿", "演示矿业有限公司", "砂岩", "C0000000000000000000001", "2027-12-31"]
_Data = bytes | Callable[[], bytes]
Made = tuple[str, str, _Data, str] | tuple[str, str, _Data, str, tuple[tuple[int, int, object], ...]]


def made() -> Iterator[Made]:
    yield from _far()
    yield from _tables()
    yield from _values()
    yield from _texts()


def _far() -> Iterator[Made]:
    corner = cell(1_048_575, 16_383, "x")
    row = f'<row r="1048576">{corner}</row>'
    good = data([_HEAD, _ROW])
    yield "a cell in the farthest corner", "台账.xlsx", zipped(parts(sheet(good + row))), "XFD1048576"
    true = sheet(good + row, dimension="A1:XFD1048576")
    yield "a cell in the farthest corner, and it says so", "台账.xlsx", zipped(parts(true)), "XFD1048576"
    small = sheet(good + row, dimension="A1:E2")
    yield "a cell in the farthest corner, and it says it is not", "台账.xlsx", zipped(parts(small)), "XFD1048576"
    aside = sheet(good + f'<row r="3">{cell(2, 9_999, "x")}</row>', dimension="A1:E3")
    yield "a cell far to the right", "台账.xlsx", zipped(parts(aside)), "NTP3"
    apart = sheet(good + f'<row r="90000">{cell(89_999, 0, 1.0)}{cell(89_999, 99, 1.0)}</row>', dimension="A1:CV90000")
    yield "two cells that span too much", "台账.xlsx", zipped(parts(apart)), "CV90000"
    prefixed = sheet(good + row.replace("<c ", "<x:c ").replace("</c>", "</x:c>"), dimension="A1:E2")
    prefixed = prefixed.replace(b"<worksheet ", f'<worksheet xmlns:x="{MAIN}" '.encode())
    yield "a far cell with a prefix", "台账.xlsx", zipped(parts(prefixed)), "XFD1048576"
    quoted = sheet(good + row.replace('"', "'"), dimension="A1:E2")
    yield "a far cell in other quotes", "台账.xlsx", zipped(parts(quoted)), "XFD1048576"
    unplaced = f'<row r="3">{"<c><v>1</v></c>" * 300}</row>'
    yield "far cells without a place", "台账.xlsx", zipped(parts(sheet(good + unplaced, dimension="A1:E3"))), "KN3"
    doubled = sheet(good + row.replace(' r="XFD', ' r="A3" r="XFD'), dimension="A1:E3")
    yield "a far cell with two places", "台账.xlsx", zipped(parts(doubled)), "已损坏"
    hiding = sheet(good + row, dimension="A1:E2", after="<!-- <sheetData></sheetData> -->")
    yield "a far cell beside a comment", "台账.xlsx", zipped(parts(hiding)), "XFD1048576"
    strange = sheet(good + row.replace('r="XFD1048576"', 'r="XFD99999999999"'))
    yield "a place that does not exist", "台账.xlsx", zipped(parts(strange)), "已损坏"
    formatted = '<row r="1048576"><c r="A1048576" s="0"/><c r="XFD1048576" s="0"></c></row>'
    yield (
        "formats without content to the end",
        "台账.xlsx",
        zipped(parts(sheet(good + formatted))),
        "",
        ((1, 0, "演示一号矿"),),
    )
    rows = "".join(f"<row><c><v>{at * at * 7919 % 99991}</v></c></row>" for at in range(1_000)).encode()
    yield "a million rows", "台账.xlsx", lambda: repeated(rows, 1_000), "超过 100,000 行"
    hundred = ods(table(ods_row("a", times=99_999) + ods_row("b", times=3)))
    yield "ods with more rows than may be", "台账.ods", hundred, "行"
    columns = '<table:table-row><table:table-cell table:number-columns-repeated="16383"/><table:table-cell '
    far = f'{columns}office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    yield "ods with a cell far to the right", "台账.ods", ods(table(ods_row("a") + far)), "XFD2"
    sheets = [sheet(data([["x"]]))] * 101
    yield (
        "a hundred and one sheets",
        "台账.xlsx",
        zipped(parts(*sheets, names=[f"表{at}" for at in range(101)])),
        "最多 100 张",
    )
    large = [sheet(f'<row r="90000">{cell(89_999, 9, 1.0)}</row>', dimension="A1:J90000")] * 3
    yield (
        "three sheets that are too much together",
        "台账.xlsx",
        zipped(parts(*large, names=("一", "二", "三"))),
        "合计",
    )


def _tables() -> Iterator[Made]:
    merged = '<mergeCells count="1"><mergeCell ref="A1:E1"/></mergeCells>'
    yield "one merged title and nothing else", "台账.xlsx", zipped(parts(sheet(data([["整治台账"]]), after=merged))), ""
    yield "one empty sheet", "台账.xlsx", zipped(parts(sheet(""))), ""
    closed = sheet("").replace(b"<sheetData></sheetData>", b"<sheetData/>")
    yield "one empty sheet, closed at once", "台账.xlsx", zipped(parts(closed)), ""
    yield "headers in row 5", "台账.xlsx", xlsx([_HEAD, _ROW], 4), "", ((4, 0, "矿山名称"),)
    hidden = data([_HEAD, _ROW, _ROW]).replace('<row r="2">', '<row r="2" hidden="1">')
    yield "hidden rows", "台账.xlsx", zipped(parts(sheet(hidden))), "", ((1, 0, "演示一号矿"),)
    two = parts(
        sheet(data([["说明"]])), sheet(data([_HEAD, _ROW])), names=("封面", "台账"), states=("hidden", "veryHidden")
    )
    yield "only hidden sheets", "台账.xlsx", zipped(two), ""
    yield "duplicate headers", "台账.xlsx", xlsx([[*_HEAD, "矿山名称"], [*_ROW, "演示二号矿"]]), ""
    yield "duplicate rows", "台账.xlsx", xlsx([_HEAD, _ROW, _ROW, _ROW]), ""
    yield "headers and no rows", "台账.xlsx", xlsx([_HEAD]), ""
    yield "rows without headers", "台账.xlsx", xlsx([_ROW, _ROW]), ""
    yield (
        "wrong kinds in every column",
        "台账.xlsx",
        xlsx([_HEAD, [1.5, True, -3.0, 2e22, "不知道"], [None] * 5, [0.0] * 5]),
        "",
    )
    yield (
        "rows out of order",
        "台账.xlsx",
        zipped(parts(sheet(data([_ROW], 3) + data([_HEAD])))),
        "",
        ((0, 0, "矿山名称"),),
    )
    evil = ("../../etc/passwd", "'; DROP TABLE mine; --", "<script>alert(1)</script>", "\u202egnp.xslx", "a" * 300)
    names = parts(*[sheet(data([_HEAD, _ROW]))] * len(evil), names=evil)
    yield "evil names of sheets", "台账.xlsx", zipped(names), ""
    unnamed = parts(sheet(data([_HEAD, _ROW])), sheet(data([_ROW])), names=("台账", "台账"))
    yield "two sheets of one name", "台账.xlsx", zipped(unnamed), "都叫“台账”"
    repeating = ods(table(ods_row(*map(str, _HEAD)) + ods_row("演示矿", times=3)))
    yield "ods with repeated rows", "台账.ods", repeating, "", ((3, 0, "演示矿"),)
    yield "ods without rows", "台账.ods", ods(table("")), ""


def _values() -> Iterator[Made]:
    def one(inside: str, **more: bytes) -> bytes:
        return zipped(parts(sheet(data([_HEAD]) + f'<row r="2">{inside}</row>')) | more)

    formula = '<c r="A2"><f>1+1</f><v>2</v></c><c r="B2"><f>SUM(A1:A9)</f></c><c r="C2" t="str"><f>""</f><v></v></c>'
    yield "formulas with and without a result", "台账.xlsx", one(formula), "", ((1, 0, 2), (1, 1, "#未计算"))
    outer = '<c r="G9"><f>A1</f><v/></c>'
    yield (
        "a formula without a result outside of the table",
        "台账.xlsx",
        one(outer.replace("9", "2")),
        "",
        ((1, 6, "#未计算"),),
    )
    alone = parts(sheet('<row r="1"><c r="A1"><f>1</f></c></row>'))
    yield "formulas nobody calculated", "台账.xlsx", zipped(alone), "", ((0, 0, "#未计算"),)
    command = "=cmd|' /C calc'!A0"
    yield (
        "a command as text",
        "台账.xlsx",
        xlsx([_HEAD, [command, "@SUM(1)", "+1", "-1", "\t=1"]]),
        "",
        ((1, 0, command),),
    )
    linked = '<c r="A2" t="str"><f>HYPERLINK("http://127.0.0.1/?"&amp;B2)</f><v>点击</v></c>'
    yield "a formula that asks the web", "台账.xlsx", one(linked), "", ((1, 0, "点击"),)
    errors = "".join(
        f'<c r="{column(at)}2" t="e"><v>{code}</v></c>'
        for at, code in enumerate(("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?"))
    )
    yield "errors in the cells", "台账.xlsx", one(errors), "", ((1, 0, "#REF!"), (1, 4, "#NAME?"))
    unknown = '<c r="A2" t="e"><v>#WHAT!</v></c>'
    yield "an error nobody knows", "台账.xlsx", one(unknown), "A2 是不能识别的错误值"
    waiting = '<c r="A2" t="e"><v>#GETTING_DATA</v></c>'
    yield "an error that says to wait", "台账.xlsx", one(waiting), "A2 是不能识别的错误值"
    not_numbers = '<c r="A2"><v>NaN</v></c><c r="B2"><v>1e999</v></c><c r="C2"><v>-inf</v></c>'
    yield "numbers that are none", "台账.xlsx", one(not_numbers), "", ((1, 0, "#NUM!"), (1, 1, "#NUM!"))
    yield "a word where a number must be", "台账.xlsx", one('<c r="A2"><v>十二</v></c>'), "", ((1, 0, "十二"),)
    lost_digits = one('<c r="D2"><v>1.2345678901234567E+22</v></c>')
    yield "a licence number stored as a number", "台账.xlsx", lost_digits, "", ((1, 3, 1.2345678901234567e22),)
    forms = '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/>'
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs count="3">{forms}</cellXfs></styleSheet>'.encode()
    days = "".join(
        f'<c r="{at}2" s="{form}"><v>{value}</v></c>'
        for at, form, value in (("A", 1, 1_000_000_000), ("B", 1, -5), ("C", 1, 0), ("D", 2, 0.5))
    )
    yield "days that no calendar has", "台账.xlsx", one(days, **{"xl/styles.xml": styles}), "", ((1, 3, "12:00"),)
    mac = parts(sheet(f'<row r="1">{days}</row>'.replace("2", "1")), book='<workbookPr date1904="1"/>') | {
        "xl/styles.xml": styles
    }
    yield "days counted from 1904", "台账.xlsx", zipped(mac), ""
    counted = strings('数 count="9" uniqueCount="2"', counts='count="1" uniqueCount="1"')
    counting = one('<c r="A2" t="s"><v>0</v></c>', **{"xl/sharedStrings.xml": counted})
    yield "a text about counts", "台账.xlsx", counting, "", ((1, 0, '数 count="9" uniqueCount="2"'),)
    lost = '<c r="A2" t="s"><v>99</v></c>'
    yield "a shared text that is not there", "台账.xlsx", one(lost, **{"xl/sharedStrings.xml": strings("一")}), "已损坏"
    yield "shared texts without the part", "台账.xlsx", one(lost), "已损坏"
    yield "a style that is not there", "台账.xlsx", one('<c r="A2" s="9999"><v>1</v></c>'), ""
    yield "a kind of cell that is not there", "台账.xlsx", one('<c r="A2" t="zz"><v>1</v></c>'), "已损坏"


def _texts() -> Iterator[Made]:
    yield "a text of a million characters", "台账.xlsx", lambda: xlsx([_HEAD, ["矿" * 1_000_000, *_ROW[1:]]]), ""
    yield (
        "signs that turn the writing around",
        "台账.xlsx",
        xlsx([_HEAD, ["演示\u202e一号\u2066矿\u200b", *_ROW[1:]]]),
        "",
    )
    zero = sheet(
        data([_HEAD]) + '<row r="2"><c r="A2" t="inlineStr"><is><t>演示\0矿</t></is></c></row>', dimension="A1:E2"
    )
    yield "a zero byte in a text", "台账.xlsx", zipped(parts(zero)), "", ((1, 0, "演示\0矿"),)
    escaped = zero.replace(b"\0", b"_x0000_&#1;")
    yield "zero written as an escape", "台账.xlsx", zipped(parts(escaped)), ""
    yield (
        "a size that says nothing",
        "台账.xlsx",
        zipped(parts(zero.replace(b'"A1:E2"', b'""'))),
        "已损坏",
    )
    yield (
        "halves of characters",
        "台账.xlsx",
        xlsx([_HEAD, ["𠀀\ud7ff\ufffd", "e\u0301" * 9, "ﬃ", "１２３", "\u3000"]]),
        "",
    )
    spaces: list[Value] = ["  演示一号矿\n", "\t", " ", "\u00a0", "\u3000砂岩"]
    yield "spaces and line ends", "台账.xlsx", xlsx([_HEAD, spaces]), "", ((1, 0, "  演示一号矿\n"),)
    chinese = sheet(data([_HEAD, _ROW])).decode().replace("UTF-8", "gb2312").encode("gb18030")
    yield "a sheet in GB 2312", "台账.xlsx", zipped(parts(chinese)), "", ((0, 0, "矿山名称"), (1, 0, "演示一号矿"))
    two_bytes = sheet(data([_HEAD, _ROW])).decode().replace("UTF-8", "UTF-16").encode("utf-16")
    yield "a sheet in UTF-16", "台账.xlsx", zipped(parts(two_bytes)), "", ((1, 0, "演示一号矿"),)
    marked = b"\xef\xbb\xbf" + sheet(data([_HEAD, _ROW]))
    yield "a sheet with a byte order mark", "台账.xlsx", zipped(parts(marked)), "", ((1, 0, "演示一号矿"),)
    yield "emoji and rare characters", "台账.xlsx", xlsx([_HEAD, ["😀𡒄矿", *_ROW[1:]]]), "", ((1, 0, "😀𡒄矿"),)
