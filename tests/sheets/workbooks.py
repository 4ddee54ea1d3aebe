"""Workbooks as a clerk has them: one of ours changed at a few cells, and one of their own."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook


def opened(data: bytes) -> Any:
    return load_workbook(BytesIO(data))


def heads(page: Any, row: int = 4) -> dict[str, int]:
    """Head -> its column, as Excel counts."""
    return {cell.value: cell.column for cell in page[row] if cell.value}


def edited(data: bytes, cells: dict[tuple[str, str], object], *, head_row: int = 4) -> bytes:
    """An export after a clerk has typed: (name of the mine, head) -> new value."""
    book = opened(data)
    page = book.worksheets[0]
    columns = heads(page, head_row)
    for (mine, head), value in cells.items():
        row = next(r for r in range(head_row + 1, page.max_row + 1) if page.cell(r, columns["矿山名称"]).value == mine)
        page.cell(row, columns[head]).value = value
    return saved(book)


def made(rows: Sequence[Sequence[object]], name: str = "Sheet1") -> bytes:
    """A workbook of somebody's own."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = name
    for row in rows:
        page.append(list(row))
    return saved(book)


def saved(book: Any) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()
