"""Tables as they come out of a workbook, made by hand."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from office.sheets.reading import SheetCells
from office.sheets.rows import Rows

SURVEY = (
    "序号", "矿山名称", "采矿权人", "采矿许可证号", "开采矿种", "所在乡镇", "生产规模（万吨/年）", "有效期至", "正在开采",
    "剩余可采资源服务年限（年）",
)  # fmt: skip


def cells(rows: Sequence[Sequence[Any]]) -> Rows:
    """Rows of whatever length; short ones are filled up with empty cells."""
    return Rows(map(list, zip_longest(*rows)))


def page(*rows: Sequence[Any], name: str = "台账", hidden: bool = False, merged: Sequence[Any] = ()) -> SheetCells:
    return SheetCells(name, hidden, 0, 0, cells(rows), tuple(merged))


def survey(*rows: Sequence[Any]) -> tuple[SheetCells, ...]:
    """A ledger with a title and its head on the second row: the first mine stands on row 3."""
    return (page(["演示台账"], SURVEY, *rows),)


def annex2(*rows: Sequence[Any]) -> tuple[SheetCells, ...]:
    """As printed: a title, a head of two rows; the first mine stands on row 4."""
    head = [
        "序号", "矿山名称", "采矿权人", "采矿许可证号", "开采矿种", "生产规模\n(万吨/年)", "采矿许可证\n有效期", "关闭退出方式",
        None, "关闭退出时间",
    ]  # fmt: skip
    below = [*[None] * 7, "关闭取缔", "引导退出", None]
    return (page(["附件2"], head, below, *rows, merged=((1, 7, 1, 8),)),)


def annex3(*rows: Sequence[Any]) -> tuple[SheetCells, ...]:
    head = [
        "序号",
        "拟设矿业权名称(规划区块)",
        "开采矿种",
        "矿区面积(平方公里)",
        "预测资源量(万吨)",
        "地理位置",
        "拟出让年度",
    ]
    return (page(["附件3"], head, *rows),)
