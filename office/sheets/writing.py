"""Tables as .xlsx: real dates, text that stays text, ready to print on A4."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import islice
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from office.cases.case_filter import SOON
from office.cases.case_rows import Row

#: What a sheet of the program Excel can hold below title, line and head.
MOST_ROWS = 1_048_570


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head and its width in characters of the sheet."""

    head: str
    width: float


_LEDGER = (
    Column("序号", 6), Column("案件编号", 18), Column("矿山（矿业权）名称", 34), Column("矿山编号", 10), Column("采矿权人", 26),
    Column("采矿许可证号", 26), Column("矿种", 10), Column("规模", 18), Column("乡镇", 10), Column("程序", 14),
    Column("办理对象", 24), Column("当前环节", 18), Column("责任单位", 24), Column("办理期限", 12), Column("剩余天数", 10),
    Column("说明", 20), Column("年度", 8), Column("立案日期", 12), Column("进入环节日期", 12), Column("办结日期", 12),
    Column("演示数据", 10),
)  # fmt: skip
_DAYS = next(place for place, column in enumerate(_LEDGER) if column.head == "剩余天数")


def ledger_sheet(rows: Iterable[Row], plan: Mapping[str, Any], *, today: date, by: str) -> bytes:
    """整治台账 as a workbook; days left are red when late and amber when due within 30 days."""
    title = f"{plan.get('county', '')}非煤矿产资源综合整治提升工作台账"
    marked = {_DAYS: (("<", 0, "#FDECEA", "#A3211A"), ("between", (0, SOON.days), "#FFF4DD", "#7A4800"))}
    return sheet(
        title, f"导出时间：{today}　导出人：{by}", _LEDGER,
        (_ledger_line(place, row) for place, row in enumerate(rows, 1)), marked=marked,
    )  # fmt: skip


def _ledger_line(place: int, row: Row) -> Sequence[object]:
    said = (
        "已中止" if row.suspended_on else "暂定" if row.provisional else row.no_day or ("" if row.due_on else "待明确")
    )
    return (
        place, row.number, row.mine, row.mine_code, row.holder, row.permit, row.mineral, row.scale, row.township, row.label,
        row.subject, row.state_label, row.lead, row.due_on, row.days_left, "" if row.closed_on else said, row.year,
        row.opened_on, row.entered_on, row.closed_on, "是" if row.demo else "",
    )  # fmt: skip


def sheet(
    title: str, line: str, columns: Sequence[Column], rows: Iterable[Sequence[object]], *,
    marked: Mapping[int, Sequence[tuple[str, Any, str, str]]] | None = None,
) -> bytes:  # fmt: skip
    """One sheet with a title, a line below it, a frozen head and a last line with the number of rows.

    The rows are written as they come and not held. `marked`: column -> criterion, value(s), ground and ink of a condition.
    """
    file = BytesIO()
    book = Workbook(file, {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    })  # fmt: skip
    page = book.add_worksheet(title[:31])
    _set_up(book, page, columns)
    last = len(columns) - 1
    page.merge_range(0, 0, 0, last, title, book.add_format({"bold": True, "font_size": 16, "align": "center"}))
    page.write_string(1, 0, line)
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#E8F1FB", "text_wrap": True, "valign": "vcenter"})
    for place, column in enumerate(columns):
        page.write_string(2, place, column.head, head)
    count = _fill(book, page, rows)
    page.write_string(3 + count, 0, f"共 {count} 行")
    page.autofilter(2, 0, 2 + count, last)
    for place, rules in (marked or {}).items():
        _mark(book, page, place, count, rules)
    book.close()
    return file.getvalue()


def _set_up(book: Workbook, page: Worksheet, columns: Sequence[Column]) -> None:
    book.set_properties({"author": "minecase"})
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(2)
    page.set_footer("&C第 &P 页，共 &N 页")
    page.freeze_panes(3, 0)
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width)


def _fill(book: Workbook, page: Worksheet, rows: Iterable[Sequence[object]]) -> int:
    """Answers how many rows were written."""
    count = 0
    plain = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
    day = book.add_format({"border": 1, "num_format": "yyyy-mm-dd", "valign": "vcenter", "align": "left"})
    for at, row in enumerate(islice(rows, MOST_ROWS), 3):
        count += 1
        for place, value in enumerate(row):
            if value is None or value == "":
                page.write_blank(at, place, None, plain)
            elif isinstance(value, date):
                page.write_datetime(at, place, value, day)
            elif isinstance(value, int | float):
                page.write_number(at, place, value, plain)
            else:
                page.write_string(at, place, str(value), plain)
    return count


def _mark(book: Workbook, page: Worksheet, place: int, count: int, rules: Sequence[tuple[str, Any, str, str]]) -> None:
    # An empty cell compares like 0; it must not look as if it were due today.
    empty = {"type": "blanks", "stop_if_true": True}
    if count:
        page.conditional_format(3, place, 2 + count, place, empty)
    for criterion, value, ground, ink in rules if count else ():
        values = {"minimum": value[0], "maximum": value[1]} if isinstance(value, tuple) else {"value": value}
        form = book.add_format({"bg_color": ground, "font_color": ink})
        rule = {"type": "cell", "criteria": criterion, **values, "format": form}
        page.conditional_format(3, place, 2 + count, place, rule)
