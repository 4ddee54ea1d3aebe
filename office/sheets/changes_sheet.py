"""逐项对比: what an upload would change, value by value, as a workbook to go through with others."""

from collections.abc import Iterator

from office.sheets.comparison import Comparison
from office.sheets.writing import Column, sheet

_COLUMNS = (
    Column("序号", 6), Column("表格中的行", 10), Column("矿山编号", 12), Column("矿山名称", 36), Column("情形", 16),
    Column("项目", 30), Column("系统中的值", 36), Column("表格中的值", 36), Column("说明", 50),
)  # fmt: skip
_KINDS = {"new": "新登记", "changed": "改动", "same": "相同"}


def changes_sheet(comparison: Comparison, title: str, line: str) -> bytes:
    return sheet(title, line, _COLUMNS, ((place, *told) for place, told in enumerate(_lines(comparison), 1)))


def _lines(comparison: Comparison) -> Iterator[tuple[object, ...]]:
    for row in comparison.rows:
        kind = f"{_KINDS[row.kind]}（导出后系统已改）" if row.stale else _KINDS[row.kind]
        if row.near:
            for near in row.near:
                yield (
                    row.row,
                    near.code,
                    near.name,
                    "可能是同一座",
                    "",
                    "",
                    row.mine_name,
                    "；".join((near.why, *near.refused)),
                )
        else:
            for cell in row.cells:
                yield (
                    row.row,
                    row.mine_code,
                    row.mine_name,
                    kind,
                    cell.label,
                    cell.old,
                    cell.new,
                    "；".join(row.notes),
                )
