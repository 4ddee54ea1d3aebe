"""Workbooks that go out, opened again by two other programs."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from freezegun import freeze_time
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from office.access.people import person_of
from office.cases.lists import listed
from office.running.installation import Office
from office.sheets.annexes import list_sheet, number
from office.sheets.comparison import Problem
from office.sheets.difference import compare
from office.sheets.dressing import LATE, soon
from office.sheets.marked import marked_workbook
from office.sheets.reading import SheetCells, read_workbook
from office.sheets.survey_sheet import survey_ledger, survey_template
from office.sheets.writing import DAY, MONEY, TEXT, THOUSANDS, Book, Column, sheet
from states.survey import ITEMS
from tests.conftest import at_nine
from tests.sheets.tables import cells as as_rows
from tests.sheets.workbooks import heads, opened
from workflow.context import context_of

TODAY = at_nine("2026-11-23")
DANGEROUS = ("=1+1", "+86", "-5", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "https://example.gov.cn", "007", "1e5")
COLUMNS = (
    Column("序号", 6), Column("文字", 20, TEXT, note="照证抄录"), Column("日期", 12, DAY), Column("金额", 12, MONEY),
    Column("件数", 10, THOUSANDS), Column("剩余天数", 10, marked=(LATE, soon(30))), Column("是否", 8, choices=("是", "否")),
)  # fmt: skip


def written() -> bytes:
    rows: list[tuple[object, ...]] = [
        (place, text, date(2026, 11, 23), Decimal("1234.5"), 4000, -3, "是") for place, text in enumerate(DANGEROUS, 1)
    ]
    return sheet("演示表", "导出时间：2026-11-23", COLUMNS, [*rows, (99, None, None, None, "待明确", None, "")])


def test_text_stays_text_and_days_and_numbers_are_what_they_are() -> None:
    page = opened(written()).active
    cells = [page.cell(row, 2) for row in range(4, 4 + len(DANGEROUS))]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in cells] == [(text, "s", None) for text in DANGEROUS]
    assert (page["C4"].value, page["C4"].number_format) == (datetime(2026, 11, 23), "yyyy-mm-dd")  # noqa: DTZ001
    assert (page["D4"].value, page["D4"].number_format) == (1234.5, "#,##0.00")
    assert (page["E4"].value, page["E4"].number_format) == (4000, "#,##0")
    last = 4 + len(DANGEROUS)
    assert (page.cell(last, 5).value, page.cell(last, 3).value, page.cell(last + 1, 1).value) == (
        "待明确",
        None,
        "共 10 行",
    )
    rows = CalamineWorkbook.from_filelike(BytesIO(written())).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[3 : 3 + len(DANGEROUS)]] == list(DANGEROUS)
    assert rows[3][2] == date(2026, 11, 23)


def test_a_sheet_is_ready_to_print_to_filter_and_to_fill_in() -> None:
    page: Worksheet = opened(written()).active
    assert page.freeze_panes == "A4"
    assert page.auto_filter.ref == "A3:G13"
    assert (page.page_setup.orientation, int(page.page_setup.paperSize), page.page_setup.fitToHeight) == (
        "landscape",
        9,
        0,
    )
    assert page.print_title_rows == "$3:$3"
    assert page.oddFooter.center.text == "第 &P 页，共 &N 页"
    assert page["B3"].comment is not None
    lists = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    assert lists["G4:G13"].formula1 == '"是,否"'
    assert lists["B4:B13"].prompt == "照证抄录"
    (area,) = page.conditional_formatting
    assert str(area.sqref) == "F4:F13"
    assert [rule.type for rule in area.rules] == ["containsBlanks", "cellIs", "cellIs"]


def test_a_day_before_the_calendar_of_excel_stays_text_and_a_name_of_a_sheet_is_short() -> None:
    book = Book()
    book.add("很长的题目" * 10, "", (Column("日期", 12, DAY),), [(date(1899, 5, 1),), (date(1900, 3, 1),)])
    page = opened(book.data()).active
    assert (page["A4"].value, page["A5"].value) == ("1899-05-01", datetime(1900, 3, 1))  # noqa: DTZ001
    assert len(page.title) == 31


@pytest.mark.parametrize(("stored", "cell"), [
    ("10", 10), ("0.1488", 0.1488), ("30.50", 30.5), ("", None), (None, None), ("12345678901234.5678", "12345678901234.5678"),
    ("约十", "约十"),
])  # fmt: skip
def test_a_stored_number_never_loses_a_digit(stored: object, cell: object) -> None:
    assert number(stored) == cell


@freeze_time(TODAY)
@pytest.mark.parametrize(("name", "count"), [("exit", 5), ("new", 8)])
def test_the_lists_are_laid_out_as_the_annexes_and_come_in_again_unchanged(
    office: Office, name: str, count: int
) -> None:
    with office.reading() as session:
        context, person = context_of(session), person_of(session, "office")
        lines, _ = listed(session, person, name, context, TODAY.date(), size=None)
        data = list_sheet(name, lines, "阳城县", today=TODAY.date(), by="演示")
        page = opened(data).active
        if name == "exit":
            assert {"H3:I3", "A3:A4", "B3:B4", "J3:J4"} <= {str(area) for area in page.merged_cells.ranges}
            assert [page.cell(3, n).value for n in (2, 8, 10)] == ["矿山名称", "关闭退出方式", "关闭退出时间"]
            assert [page.cell(row, 8).value for row in range(5, 10)] == ["√", "√", "√", None, None]
            assert (page["G5"].value, page["D5"].data_type, page["J5"].value) == ("2024.12.1-2025.1.2", "s", "2025年")
        found = compare(session, read_workbook(data, "名录.xlsx"), today=TODAY.date())
    assert (found.layout, found.problems, found.rows) == ("annex2" if name == "exit" else "annex3", (), ())
    assert found.counts["same"] == count


@freeze_time(TODAY)
def test_the_survey_ledger_has_all_items_in_their_blocks_and_comes_in_again_unchanged(office: Office) -> None:
    with office.reading() as session:
        context, person = context_of(session), person_of(session, "office")
        data = survey_ledger(session, person, context, TODAY.date())
        found = compare(session, read_workbook(data, "摸底台账.xlsx"), today=TODAY.date())
        empty = opened(survey_template(context))
    assert (found.layout, found.problems, found.rows, found.counts["same"]) == ("survey", (), (), 13)
    for page in (opened(data).worksheets[0], empty.worksheets[0]):
        labels = " ".join(heads(page))
        assert all(item.field.label in labels for item in ITEMS.values())
        assert set(heads(page, 3)) >= {"证照办理情况", "生产经营状况", "设施投入水平", "行政处罚及整改进度"}
    page = empty.worksheets[0]
    columns = heads(page)
    assert "系统标记（勿改）" not in columns
    noted = {page.cell(4, place).comment is not None for head, place in columns.items() if head != "序号"}
    assert noted == {True}
    lists = [rule for rule in page.data_validations.dataValidation if rule.type == "list"]
    assert any("河北镇" in rule.formula1 for rule in lists)
    assert empty.sheetnames == ["摸底台账", "填写说明"]


def test_a_marked_workbook_has_every_cell_where_it_was_and_the_bad_ones_red() -> None:
    rows: list[list[Any]] = [
        ["演示台账", None, None], ["矿山名称", "有效期至", "规模"], ["演示甲矿", "2025.2.30", 10.5],
        ["=1+1", date(2025, 1, 2), True],
    ]  # fmt: skip
    cells = SheetCells("台账/一", False, 2, 1, as_rows(rows), ((2, 1, 2, 3),))
    hidden = SheetCells("隐藏的", True, 0, 0, as_rows([["秘"]]))
    problems = [
        Problem("台账/一", 5, "C", "有效期至", "2025.2.30", "没有这一天"),
        Problem("台账/一", 6, "", "", "", "整行重复"),
    ]
    book = opened(marked_workbook([cells, hidden], problems))
    assert book.sheetnames == ["台账_一", "隐藏的", "问题清单"]
    assert book["隐藏的"].sheet_state == "hidden"
    page = book["台账_一"]
    assert [str(area) for area in page.merged_cells.ranges] == ["B3:D3"]
    assert (page["B3"].value, page["D5"].value, page["D6"].value) == ("演示台账", 10.5, True)
    assert (page["B6"].value, page["B6"].data_type) == ("=1+1", "s")
    assert page["C6"].value == datetime(2025, 1, 2)  # noqa: DTZ001
    red = {cell.coordinate: cell.comment.text for row in page.iter_rows() for cell in row if cell.comment}
    assert red == {"C5": "没有这一天", "B6": "整行重复"}
    assert page["C5"].fill.fgColor.rgb == page["B6"].fill.fgColor.rgb == "FFFDECEA"
    listed = [[cell.value for cell in row] for row in book["问题清单"].iter_rows(min_row=2)]
    assert listed == [
        ["台账/一", 5, "C", "有效期至", "2025.2.30", "没有这一天"],
        ["台账/一", 6, "整行", "", "", "整行重复"],
    ]
