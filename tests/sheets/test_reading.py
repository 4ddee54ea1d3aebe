"""Workbooks as they come in: typed cells, or one sentence that a clerk can act on; nothing a file holds gets further."""

import math
import re
import time
from datetime import date, datetime
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from office.sheets import reading
from office.sheets.formats.limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, column_place
from office.sheets.formats.xlsx import _beyond, _walk, look
from office.sheets.reading import Cell, SheetCells, column_name, defect, read_workbook
from tests.sheets.corpus import BadFile, corpus
from tests.sheets.corpus_packages import bomb, repeated
from tests.sheets.making import (
    brt_row,
    brt_text,
    data,
    label,
    number,
    ods,
    ods_row,
    parts,
    sheet,
    table,
    xls,
    xlsb,
    xlsx,
    zipped,
)
from workflow.errors import BadInput

#: What a sentence tells the clerk to do begins with one of these.
_TO_DO = re.compile("请|重新|改")
#: Beyond ours, a file that is let through would be felt; this only catches one that hangs.
_SECONDS = 60


@pytest.mark.parametrize("bad", corpus(), ids=[bad.id for bad in corpus()])
def test_every_bad_file_is_read_or_refused_with_a_sentence(bad: BadFile) -> None:
    start = time.monotonic()
    try:
        sheets = read_workbook(bad.data, bad.filename)
    except BadInput as error:
        assert bad.expected == "refused", error
        assert bad.says in str(error)
        assert str(error).endswith("。")
        assert _TO_DO.search(str(error))
    else:
        assert bad.expected == "read", sheets
        assert_sound(sheets)
        for row, column, value in bad.cells:
            found = sheets[0].rows[row - sheets[0].top][column - sheets[0].left]
            assert (type(found), found) == (type(value), value)
    assert time.monotonic() - start < _SECONDS


def assert_sound(sheets: tuple[SheetCells, ...]) -> None:
    """What later stages may rely on, whatever the file was."""
    assert sum(len(cells.rows) * len(cells.rows[0]) for cells in sheets if cells.rows) <= MAX_CELLS
    for cells in sheets:
        assert len({len(row) for row in cells.rows}) <= 1
        assert cells.top + len(cells.rows) <= MAX_ROWS
        assert cells.left + (len(cells.rows[0]) if cells.rows else 0) <= MAX_COLUMNS
        assert {type(value) for row in cells.rows for value in row} <= _CELL
        assert not any(isinstance(value, float) and not math.isfinite(value) for row in cells.rows for value in row)


_CELL = {str, float, int, bool, date, datetime, type(None)}


def test_the_corpus_has_at_least_sixty_files_of_both_kinds() -> None:
    kinds = [bad.expected for bad in corpus()]
    assert kinds.count("refused") >= 60
    assert kinds.count("read") >= 30
    assert len({bad.id for bad in corpus()}) == len(kinds)


def _one(write: object = None, **options: object) -> tuple[SheetCells, ...]:
    file = BytesIO()
    book = Workbook(file, options)
    write(book, book.add_worksheet("台账"))  # type: ignore[operator]
    book.close()
    return read_workbook(file.getvalue(), "台账.xlsx")


@pytest.mark.parametrize("since_1904", [False, True])
def test_cells_have_the_type_that_excel_shows(since_1904: bool) -> None:
    def write(book: Workbook, page: object) -> None:
        def day(form: str) -> object:
            return book.add_format({"num_format": form})

        noon = datetime(2025, 3, 1, 12, 30)  # noqa: DTZ001 (a sheet has no time zone)
        page.write_row(2, 1, ["  文字 ", 2025.0, 2.5, True])  # type: ignore[attr-defined]
        for column, form in enumerate(
            ("yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "[$-804]aaaa", "yyyy-mm-dd hh:mm", "General")
        ):
            page.write_datetime(3, 1 + column, noon if "h" in form else noon.date(), day(form))  # type: ignore[attr-defined]
        page.write_number(4, 1, 0.5, day("hh:mm"))  # type: ignore[attr-defined]
        page.write_number(4, 2, 1.25, day("[h]:mm"))  # type: ignore[attr-defined]
        page.write_string(4, 3, "2025")  # type: ignore[attr-defined]
        page.merge_range(0, 1, 0, 4, "标题")  # type: ignore[attr-defined]

    (found,) = _one(write, date_1904=since_1904)
    serial = 45717 - (1462 if since_1904 else 0)
    assert (found.top, found.left, found.merged) == (0, 1, ((0, 1, 0, 4),))
    assert found.rows[2] == ["  文字 ", 2025, 2.5, True, None]
    assert [type(cell) for cell in found.rows[2][:4]] == [str, int, float, bool]
    assert found.rows[3][:2] == [date(2025, 3, 1)] * 2
    assert found.rows[3][3:] == [datetime(2025, 3, 1, 12, 30), serial]  # noqa: DTZ001
    assert found.rows[4] == ["12:00", "30:00:00", "2025", None, None]


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("#REF!", "公式出错"),
        ("#未计算", "没有保存计算结果"),
        (1.2345678901234567e22, "已经丢失"),
        (999_999_999_999_999, ""),
        ("#1", ""),
        (None, ""),
    ],
)
def test_a_cell_that_cannot_be_taken_says_why(cell: Cell, why: str) -> None:
    assert why in defect(cell)
    assert bool(defect(cell)) == bool(why)


def test_columns_are_called_as_excel_calls_them() -> None:
    assert [column_name(place) for place in (0, 25, 26, 255, 16_383)] == ["A", "Z", "AA", "IV", "XFD"]
    assert all(column_place(column_name(place)) == place for place in range(1_000))


def test_the_bomb_is_as_the_issue_has_it() -> None:
    assert 600 < len(bomb()) / 1024 < 900


def test_a_child_that_takes_too_long_or_too_much_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f"<row>{f'<c><v>{at * at % 9973}</v></c>' * 20}</row>" for at in range(900))
    slow = repeated(rows.encode(), 100)  # as many cells as may be, none of them with its place
    monkeypatch.setattr(reading, "LIMITS", reading.Limits(cpu=1, wall=30))
    with pytest.raises(BadInput, match=r"用时过长.*请"):
        read_workbook(slow, "台账.xlsx")
    monkeypatch.setattr(reading, "LIMITS", reading.Limits(cpu=30, wall=1))
    with pytest.raises(BadInput, match=r"超过 1 秒.*请"):
        read_workbook(slow, "台账.xlsx")
    monkeypatch.setattr(reading, "LIMITS", reading.Limits(memory=60 << 20))
    with pytest.raises(BadInput, match=r"内存过多.*请"):
        read_workbook(xlsx([["x" * 1000] * 100] * 200), "台账.xlsx")


_GOOD = {
    "台账.xlsx": xlsx([["矿山名称", "矿种", "数"], ["演示一号矿", "砂岩", 1.5]]),
    "台账.xls": xls(label(0, 0, "矿山名称") + label(1, 0, "演示一号矿") + number(1, 1, 1.5)),
    "台账.ods": ods(table(ods_row("矿山名称", "矿种") + ods_row("演示一号矿", "砂岩", times=2))),
    "台账.xlsb": xlsb(brt_row(0) + brt_text(0, "矿山名称") + brt_row(1) + brt_text(0, "演示一号矿")),
}  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(
    st.sampled_from(sorted(_GOOD)),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4),
    st.booleans(),
)
def test_whatever_bytes_are_changed_a_file_is_read_or_refused(
    name: str, changes: list[tuple[float, int]], inside: bool
) -> None:
    """`inside` changes the sheet's XML before it is packed, so that not every change ends at a checksum."""
    if inside:
        name = "台账.xlsx"
        content = bytearray(sheet(data([["矿山名称", "数"], ["演示一号矿", 1.5]]), dimension="A1:B2"))
    else:
        content = bytearray(_GOOD[name])
    for place, byte in changes:
        content[int(place * len(content))] = byte
    whole = zipped(parts(bytes(content))) if inside else bytes(content)
    try:
        assert_sound(read_workbook(whole, name))
    except BadInput as error:
        assert str(error).endswith("。")


@given(st.integers(0, 254), st.integers(0, 99_998), st.integers(0, 300), st.integers(0, 120_000))
def test_the_search_finds_exactly_the_cells_beyond(column: int, row: int, other_column: int, other_row: int) -> None:
    beyond = other_column > column or other_row > row
    cell = f'<c r="{column_name(other_column)}{other_row + 1}"><v>1</v></c>'.encode()
    assert bool(_beyond(row, column).search(cell)) == beyond


def test_searching_and_walking_see_the_same() -> None:
    inside = (
        '<row r="1"><c r="A1" t="e"><v>#REF!</v></c><c r="B1"><f>A1</f></c><c r="C1" t="str"><f>A1</f><v></v></c></row>'
        '<row r="2"><c r="A2" s="1"/><c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C2"><f t="shared" si="0"/><v/></c></row>'
    )
    extent, marks = _walk(sheet(inside), "台账")
    assert (extent.row, extent.column) == (1, 2)
    assert sorted(marks) == [(0, 0, "#REF!"), (0, 1, "#未计算"), (1, 1, "#DIV/0!"), (1, 2, "#未计算")]
    for said in ("A1:C2", "A1", "A1:XFD1048576", ""):  # right, or as careless programs write it
        searched, found = look(sheet(inside, dimension=said), "台账")
        assert (searched.row, searched.column, sorted(found)) == (1, 2, sorted(marks))
    for alone in re.findall("<c .*?</c>", inside):  # each by itself as well
        one = f'<row r="1">{alone}</row>'
        assert look(sheet(one, dimension="A1:C2"), "台账")[1] == _walk(sheet(one), "台账")[1]
