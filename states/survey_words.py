"""What surveyed values say in plain sentences: of one mine for a step's form, of all mines for the survey's report.

Only labels and values are put together; what nobody has found out is named as such, never guessed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from states.survey import BLOCKS, ITEMS, YES_NO, Block, Item, labels, missing

#: What stands for a value that nobody has found out.
UNKNOWN = "尚未查清"
Values = Mapping[str, object]
#: Items whose last day says whether a permit still holds.
_EXPIRES = ("valid_to", "safety_permit_valid_to")
#: Whose penalties are asked for: end of the item's name -> how the department is called.
SANCTIONERS = {"natural_resources": "自然资源", "emergency": "应急管理", "ecology": "生态环境"}
#: How people say that there is no such permit.
_NONE = ("无", "没有", "否")


def value_words(item: Item, value: object) -> str:
    """A value as a person reads it; empty where there is none."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return YES_NO["yes" if value else "no"]
    text = str(value)
    field = item.field
    if field.type == "date":
        day = _day(text)
        return f"{day.year}年{day.month}月{day.day}日" if day else text
    if field.choices:
        return field.choices.get(text, text)
    return f"{text}{field.unit}" if field.unit else text


def known_words(block: Block, values: Values) -> str:
    """What is known of one block of one mine; empty where nothing is."""
    known = [
        f"{item.field.label}：{words}"
        for item in block.items
        if (words := value_words(item, values.get(item.name)).strip("。；"))
    ]
    return f"{'；'.join(known)}。" if known else ""


def block_words(block: Block, values: Values) -> str:
    """One block of one mine in sentences: what is known, then what is not."""
    open_ = missing(block, values)
    return known_words(block, values) + (f"{UNKNOWN}：{labels(open_)}。" if open_ else "")


def drafted(values: Values) -> dict[str, str]:
    """The four texts with which the survey of one mine is closed, as a draft: name of the field -> sentences."""
    return {f"survey_{block.id}": block_words(block, values) for block in BLOCKS}


@dataclass(frozen=True, slots=True)
class Tally:
    """How one value stands over many mines."""

    block: str
    label: str
    #: Word and number of mines, the most first.
    parts: tuple[tuple[str, int], ...]
    unknown: int

    @property
    def words(self) -> str:
        return "，".join(f"{word}{number}座" for word, number in self.parts) or "—"


def tallies(mines: Sequence[Values], as_of: date) -> list[Tally]:
    """Every value of the survey counted over the mines that it concerns."""
    return [_tally(block, item, mines, as_of) for block in BLOCKS for item in block.items]


def _tally(block: Block, item: Item, mines: Sequence[Values], as_of: date) -> Tally:
    known, unknown = Counter[str](), 0
    for values in mines:
        value = values.get(item.name)
        if value not in (None, ""):
            known[_kind(item, value, as_of)] += 1
        elif item.concerns(values):
            unknown += 1
    order = list(item.field.choices.values()) if item.field.choices else []
    parts = sorted(known.items(), key=lambda part: (order.index(part[0]) if part[0] in order else 99, -part[1]))
    return Tally(block.title, item.field.label, tuple(parts), unknown)


def _kind(item: Item, value: object, as_of: date) -> str:
    """Which heap a value is counted on."""
    if item.name in _EXPIRES and (day := _day(str(value))):
        return "有效" if day >= as_of else "已到期"
    if item.field.choices or isinstance(value, bool):
        return value_words(item, value)
    return "没有" if str(value).strip() in _NONE else "已登记"


def summary(mines: Sequence[Values], as_of: date) -> dict[str, str]:
    """The report's own sentences for each block, by the block's id."""
    counted = {name: _tally(_block_of(name), ITEMS[name], mines, as_of) for name in ITEMS}

    def said(name: str, label: str = "") -> str:
        tally = counted[name]
        parts = [f"{word}{number}座" for word, number in tally.parts]
        parts += [f"{UNKNOWN}{tally.unknown}座"] if tally.unknown else []
        return f"{label or tally.label}：{'，'.join(parts) or '没有涉及的矿山'}。"

    permits = said("valid_to", "采矿许可证") + said("safety_permit_valid_to", "安全生产许可证")
    permits += said("business_licence_number", "营业执照") + said("discharge_permit_number", "排污许可（登记）")
    operation = said("production_status") + said("is_mining") + said("resources_exhausted") + said("near_exhausted")
    facilities = "".join(said(name) for name in ("mechanised", "automated", "green_mine", "safe_conditions"))
    penalties = said("illegal_works") + said("illegal_works_rectified") + said("meets_requirements")
    return {
        "permits": permits,
        "operation": operation + said("dues_paid"),
        "facilities": _invested(mines) + facilities + said("obsolete_process"),
        "penalties": penalties + _sanctions(counted),
    }


def _block_of(name: str) -> Block:
    return next(block for block in BLOCKS if ITEMS[name] in block.items)


def _invested(mines: Sequence[Values]) -> str:
    amounts = [amount for values in mines if (amount := _number(values.get("facility_investment"))) is not None]
    if not amounts:
        return f"设施投入：各矿均{UNKNOWN}。"
    left = len(mines) - len(amounts)
    return f"设施投入：已查清的{len(amounts)}座合计{sum(amounts):f}万元{f'，{UNKNOWN}{left}座' if left else ''}。"


def _sanctions(counted: Mapping[str, Tally]) -> str:
    """Which departments have told of their penalties: what they decided stands in their words, in the annex."""
    words = []
    for name, organ in SANCTIONERS.items():
        tally = counted[f"penalty_{name}"]
        told = sum(number for _, number in tally.parts)
        words.append(f"{organ}{told}座" + (f"（{UNKNOWN}{tally.unknown}座）" if tally.unknown else ""))
    return f"各部门已登记处罚及整改进度（含没有处罚）的矿山：{'，'.join(words)}。"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(value: object) -> Decimal | None:
    try:
        number = Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
