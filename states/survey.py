"""调查摸底 (四(一)): what is to be known about every mine, in the plan's four blocks, and which organ knows it.

The criteria of 三(二) read most of these values; none has a default, because only a survey can say.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from states import parties as p
from states.fields import Field
from states.parties import Party

YES_NO = {"yes": "是", "no": "否"}


@dataclass(frozen=True, slots=True)
class Item:
    """One value of the survey: how it is read, and who is asked for it."""

    field: Field
    asked_of: Party
    #: Another item and the answer that make this one necessary; None where it always is.
    only_if: tuple[str, str] | None = None
    #: False for what helps and need not be there.
    needed: bool = True

    @property
    def name(self) -> str:
        return self.field.name

    def concerns(self, values: Mapping[str, object]) -> bool:
        """Whether the mine as it stands needs the value at all."""
        return self.needed and (self.only_if is None or values.get(self.only_if[0]) == self.only_if[1])


@dataclass(frozen=True, slots=True)
class Block:
    """One of the four things that 四(一) wants surveyed."""

    id: str
    title: str
    items: tuple[Item, ...]


def _yes(name: str, label: str, asked_of: Party, only_if: tuple[str, str] | None = None) -> Item:
    return Item(Field(name, label, "choice", choices=YES_NO), asked_of, only_if)


_NATURAL, _SAFETY = p.NATURAL_RESOURCES, p.EMERGENCY
#: The words are kept as people say them, as the open value of the same name is.
_STATUS = {word: word for word in ("正常生产", "停产", "停工", "停建", "在建", "未开工", "已关闭")}
_METHOD = {word: word for word in ("露天", "地下", "露天和地下")}

BLOCKS = (
    Block("permits", "证照办理情况", (
        Item(Field("licence_number", "采矿许可证号"), _NATURAL),
        Item(Field("valid_from", "采矿许可证有效期自", "date"), _NATURAL),
        Item(Field("valid_to", "采矿许可证有效期至", "date"), _NATURAL),
        Item(Field("safety_permit_number", "安全生产许可证编号"), _SAFETY),
        Item(Field("safety_permit_valid_to", "安全生产许可证有效期至", "date"), _SAFETY),
        Item(Field("business_licence_number", "营业执照统一社会信用代码"), p.APPROVAL),
        Item(Field("discharge_permit_number", "排污许可证或登记编号"), p.ECOLOGY),
    )),
    Block("operation", "生产经营状况", (
        Item(Field("production_status", "生产经营状况", "choice", choices=_STATUS), _NATURAL),
        _yes("is_mining", "正在开采", _NATURAL),
        Item(Field("idle_months", "已停工停产停建月数", "number", unit="个月"), _NATURAL, ("is_mining", "no")),
        Item(Field("scale", "生产规模", "number", unit="万吨/年"), _NATURAL),
        Item(Field("mineral_use", "矿产用途"), _NATURAL),
        Item(Field("mining_method", "开采方式", "choice", choices=_METHOD), _NATURAL),
        Item(Field("remaining_life", "剩余可采资源服务年限", "number", unit="年"), _NATURAL),
        _yes("resources_exhausted", "资源已经枯竭", _NATURAL),
        _yes("near_exhausted", "资源濒临枯竭", _NATURAL, ("resources_exhausted", "no")),
        _yes("dues_paid", "出让收益和使用费已按期缴纳", p.TAX),
    )),
    Block("facilities", "设施投入水平", (
        Item(Field("facility_investment", "设施投入", "number", unit="万元"), _NATURAL),
        _yes("mechanised", "已实现机械化", _NATURAL),
        _yes("automated", "已实现自动化、智能化", _NATURAL),
        _yes("green_mine", "已建成绿色矿山", _NATURAL),
        _yes("obsolete_process", "使用应当淘汰的危及生产安全的工艺", _SAFETY),
        _yes("safe_conditions", "具备安全生产条件", _SAFETY),
        _yes("under_construction", "正在基建", _NATURAL),
        Item(Field("build_by", "批准的基建期（含延期）届满日", "date"), _NATURAL, ("under_construction", "yes")),
    )),
    Block("penalties", "行政处罚及整改进度", (
        Item(Field("penalty_natural_resources", "自然资源部门处罚及整改进度"), _NATURAL),
        Item(Field("penalty_emergency", "应急管理部门处罚及整改进度"), _SAFETY),
        Item(Field("penalty_ecology", "生态环境部门处罚及整改进度"), p.ECOLOGY),
        _yes("illegal_works", "存在违法违规开采建设", _NATURAL),
        _yes("illegal_works_rectified", "违法违规开采建设已整改到位", _NATURAL, ("illegal_works", "yes")),
        _yes("meets_requirements", "达到整改要求", _NATURAL),
        Item(
            Field("unsafe_after_suspension", "停产整顿后仍不具备安全生产条件", "choice", choices=YES_NO), _SAFETY,
            ("safe_conditions", "no"),
        ),
    )),
)  # fmt: skip

ITEMS: Mapping[str, Item] = {item.name: item for block in BLOCKS for item in block.items}


def missing(block: Block, values: Mapping[str, object]) -> tuple[Item, ...]:
    """What of a block is still to be found out about a mine."""
    return tuple(item for item in block.items if item.concerns(values) and values.get(item.name) in (None, ""))


#: The organs that are asked, in the order of the blocks.
ASKED: tuple[Party, ...] = tuple(dict.fromkeys(item.asked_of for item in ITEMS.values()))


def gaps(values: Mapping[str, object]) -> tuple[Item, ...]:
    """What is still to be found out about a mine, block by block."""
    return tuple(item for block in BLOCKS for item in missing(block, values))


def owed(values: Mapping[str, object]) -> dict[Party, tuple[Item, ...]]:
    """What is still to be found out, by the organ that is asked; who owes nothing is left out."""
    found = gaps(values)
    by_organ = {party: tuple(item for item in found if item.asked_of is party) for party in ASKED}
    return {party: items for party, items in by_organ.items() if items}


def labels(items: tuple[Item, ...]) -> str:
    return "、".join(item.field.label for item in items)
