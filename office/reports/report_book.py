"""A report as a workbook: one sheet for each table, each with title, source and the head of the history."""

from office.reports.period_report import Report
from office.reports.statistics_tables import Table
from office.sheets.writing import Book, Column

#: Heads whose column is wider than a number needs.
_WIDE = {"事项": 36, "责任单位": 30, "案件编号": 22, "说明": 14, "数量": 10, "单位": 8}


def report_book(report: Report, county: str, source: str) -> bytes:
    """The five tables of a report."""
    book = Book()
    for table in report.tables:
        title = f"{county}整治提升工作{report.word}（{report.label}）{_name(table)}"
        columns = [Column(head, _WIDE.get(head, 30 if place == 0 else 12)) for place, head in enumerate(table.heads)]
        book.add(title, f"{source}　{table.note}", columns, _rows(table), name=_name(table), counted=False)
    return book.data()


def _rows(table: Table) -> list[tuple[object, ...]]:
    return [(line.label, *line.cells) for line in (*table.lines, *([table.total] if table.total else []))]


def _name(table: Table) -> str:
    """`时段办理情况` without its days: what stands on the tab."""
    return table.title.partition("（")[0]
