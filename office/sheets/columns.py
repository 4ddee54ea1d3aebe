"""The columns that sheets of mines may have: how each is read, whether a sheet may change it, and by what heads it is known."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

from states.fields import Field
from states.forms import EXIT_YEAR
from states.new_right import NEW_RIGHT
from states.survey import ITEMS
from workflow.register import MINE_FIELDS

#: How a cell is read: as its field says, or in one of the ways that only sheets have.
Kind = Literal["field", "name", "licence", "township", "village", "span", "tick", "year", "text"]
STAMP = "stamp"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One value that a sheet may carry."""

    name: str
    #: As our own sheets print it, with its unit.
    head: str
    field: Field
    kind: Kind = "field"
    #: False for what only a step, a correction or the program itself changes.
    editable: bool = True
    #: Other heads under which people have it.
    also: tuple[str, ...] = ()


def _head(field: Field) -> str:
    return f"{field.label}（{field.unit}）" if field.unit else field.label


def _item(name: str, *also: str) -> SheetColumn:
    field = ITEMS[name].field
    kind: Kind = "licence" if name == "licence_number" else "field"
    return SheetColumn(name, _head(field), field, kind, editable=name != "licence_number", also=also)


def _shown(name: str, head: str, *also: str, kind: Kind = "text") -> SheetColumn:
    """For reading only."""
    return SheetColumn(name, head, Field(name, head), kind, editable=False, also=also)


_ALSO = {
    "licence_number": ("采矿许可证编号", "许可证号", "采矿证号"),
    "valid_from": ("有效期自", "有效期起", "有效期始"),
    "valid_to": ("有效期至", "有效期止", "采矿许可证到期日", "到期日期"),
    "safety_permit_number": ("安全生产许可证号",),
    "safety_permit_valid_to": ("安全生产许可证有效期止",),
    "business_licence_number": ("统一社会信用代码", "营业执照编号"),
    "discharge_permit_number": ("排污许可证编号", "排污许可证号"),
    "scale": ("规模", "设计规模", "设计生产规模"),
    "remaining_life": ("剩余服务年限", "剩余可采年限"),
    "mineral_use": ("用途",),
}
_BY_NAME = {
    "code": _shown("code", "矿山编号"),
    "name": SheetColumn("name", "矿山名称", Field("name", "矿山名称"), "name", editable=False,
                        also=("矿山(矿业权)名称", "矿业权名称", "拟设矿业权名称", "矿区名称", "矿山企业名称", "矿名")),
    "holder": SheetColumn("holder", "采矿权人", MINE_FIELDS["holder"], "name", editable=False, also=("矿业权人",)),
    "mineral": SheetColumn("mineral", "开采矿种", MINE_FIELDS["mineral"], "name", editable=False, also=("矿种",)),
    "township_id": SheetColumn("township_id", "所在乡（镇）", Field("township_id", "所在乡(镇)"), "township",
                               also=("所在乡镇", "乡镇", "乡(镇)")),
    "village_id": SheetColumn("village_id", "所在村（社区）", Field("village_id", "所在村(社区)"), "village",
                              also=("所在村", "村", "村(社区)")),
    "area": SheetColumn("area", "矿区面积（平方公里）", MINE_FIELDS["area"], also=("面积",)),
    "predicted_resource": SheetColumn("predicted_resource", "预测资源量（万吨）", MINE_FIELDS["predicted_resource"]),
    "location": SheetColumn("location", "地理位置", Field("location", "地理位置")),
    # Both ends in one cell, as the annex prints them.
    "validity": SheetColumn("validity", "采矿许可证有效期", Field("validity", "采矿许可证有效期"), "span",
                            also=("有效期", "有效期限", "采矿许可证有效期限")),
    "tick_closure": SheetColumn("tick_closure", "关闭取缔", Field("tick_closure", "关闭取缔"), "tick", editable=False),
    "tick_guided_exit": SheetColumn("tick_guided_exit", "引导退出", Field("tick_guided_exit", "引导退出"), "tick",
                                    editable=False),
    "exit_year": SheetColumn("exit_year", "关闭退出时间", EXIT_YEAR, "year", editable=False,
                             also=("退出时间", "关闭退出年度", "关闭时间", "退出年度")),
    "transfer_year": SheetColumn("transfer_year", "拟出让年度", NEW_RIGHT.asks[0], "year", editable=False,
                                 also=("拟出让时间", "出让年度")),
    **{name: _item(name, *_ALSO.get(name, ())) for name in ITEMS},
    "case": _shown("case", "案件编号"),
    "route": _shown("route", "办理程序", "程序", "整治方式"),
    "state": _shown("state", "当前环节", "办理环节"),
    "due_on": _shown("due_on", "办理期限"),
    STAMP: _shown(STAMP, "系统标记（勿改）"),
}  # fmt: skip
COLUMNS: Mapping[str, SheetColumn] = _BY_NAME

IDENTITY = ("code", "name", "holder", "mineral", "township_id", "village_id")
#: Exported for reading; what only steps change.
SHOWN = ("case", "route", "state", "due_on")
#: The survey ledger from left to right.
SURVEY: tuple[SheetColumn, ...] = tuple(COLUMNS[name] for name in (*IDENTITY, *ITEMS, *SHOWN, STAMP))
#: The lists of the plan as its annexes print them.
ANNEX2 = (
    "name",
    "holder",
    "licence_number",
    "mineral",
    "scale",
    "validity",
    "tick_closure",
    "tick_guided_exit",
    "exit_year",
)
ANNEX3 = ("name", "mineral", "area", "predicted_resource", "location", "transfer_year")
#: What the stamp stands for: all that people may change about a mine through a sheet.
STAMPED = tuple(sorted(["township_id", "village_id", "licence_number", "area", "predicted_resource", "location",
                        *(name for name, column in COLUMNS.items() if name in ITEMS and column.editable)]))  # fmt: skip

#: Heads of columns that say nothing about the mine.
IGNORED = frozenset({"序号", "备注", "说明", "剩余天数", "演示数据"})
_BRACKETED = re.compile(r"\([^()]*\)")
_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("〔"): "(", ord("〕"): ")", ord("＿"): "_"}
_NOISE = re.compile(r"[\s\u00a0\u3000*\uff0a：:、，,。]+")


def head_key(head: str) -> str:
    """A head without blanks, line breaks, marks and differences of width."""
    return _NOISE.sub("", head.translate(_FOLD))


def _keys() -> Iterator[tuple[str, str]]:
    for column in COLUMNS.values():
        for head in (column.head, column.field.label, *column.also):
            key = head_key(head)
            yield key, column.name
            yield _BRACKETED.sub("", key), column.name


_NAMES = dict(reversed(list(_keys())))


def name_of(head: str) -> str:
    """The value that a head stands for; empty where it is not one of ours."""
    key = head_key(head)
    return _NAMES.get(key) or _NAMES.get(_BRACKETED.sub("", key), "")


def unit_of(head: str) -> str:
    """What a head says in its last brackets: `万吨/年`."""
    found = _BRACKETED.findall(head_key(head))
    return found[-1][1:-1] if found else ""


def mark(word: str) -> str:
    """Four characters that change when a shown cell is changed."""
    return blake2b(word.encode(), digest_size=2).hexdigest()


def stamp(values: Mapping[str, Any], shown: Mapping[str, str] | None = None) -> str:
    """What the last column of an exported row says, to tell later whether the mine has changed since.

    `values`: the mine's stored values by name (its facts, `township_id`, `village_id`). `shown`: the cells under `SHOWN` as
    they are written, dates as ISO text; missing ones count as empty.
    """
    told = "\x1f".join(f"{name}={values[name]}" for name in STAMPED if values.get(name) not in (None, ""))
    shown = shown or {}
    return blake2b(told.encode(), digest_size=6).hexdigest() + "".join(mark(shown.get(name, "")) for name in SHOWN)
