"""Thresholds of the plan's criteria, and the official scale classes they point to, as tables.

Whether the national classes are still in force, a person must confirm: every answer that uses one says so.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from states.answers import FACTS, Answer, Known, unknown

#: 三(二)1(2): a licence that runs out by the end of that day.
LICENCE_CUTOFF = date(2025, 12, 31)
#: 三(二)2(3), 三(二)3(1): years of resources that must remain.
LEAST_LIFE = Decimal(5)
#: 三(二)4(1): last year of the master plan.
MASTER_PLAN_TO = 2025


@dataclass(frozen=True, slots=True)
class Floor:
    """Smallest scale of one of the four kinds of mine in 三(二)2(3), in 万吨/年."""

    label: str
    least: Decimal
    clause: str = "三(二)2(3)"


BAUXITE = Floor("铝土矿", Decimal(30))
IRON = Floor("铁矿", Decimal(30))
CEMENT_LIMESTONE = Floor("水泥用灰岩矿", Decimal(30))
QUARRY = Floor("露天采石场", Decimal(50))

_STONE = ("灰岩", "白云岩", "砂岩", "花岗岩", "玄武岩", "大理", "石料", "片麻岩")
_BUILDING = ("建筑", "石料", "碎石", "骨料")


@dataclass(frozen=True, slots=True)
class Floors:
    """Which floors may apply to a mine; `settled` when one of them surely does; what would tell which."""

    among: tuple[Floor, ...]
    settled: bool
    needs: tuple[str, ...] = ()


def floors(mineral: str, use: str, method: str) -> Floors:
    """Which of the four kinds a mine is: clay, for one, is none of them."""
    words = mineral + use
    if "铝土" in mineral:
        return Floors((BAUXITE,), settled=True)
    if mineral == "铁" or ("铁矿" in mineral and "硫铁" not in mineral):
        return Floors((IRON,), settled=True)
    if not any(stone in mineral for stone in _STONE):
        return Floors((), settled=True)
    if "灰岩" in mineral and "水泥" in words:
        return Floors((CEMENT_LIMESTONE,), settled=True)
    building = any(word in words for word in _BUILDING)
    return _stone_floors(may_be_cement="灰岩" in mineral and not use and not building, method=method)


def _stone_floors(*, may_be_cement: bool, method: str) -> Floors:
    quarry = () if "地下" in method else (QUARRY,)
    cement = (CEMENT_LIMESTONE,) if may_be_cement else ()
    needs = (("mineral_use",) if may_be_cement else ()) + (() if method else ("mining_method",))
    # Limestone of which neither use nor method is known: one of the two floors is taken to apply
    # . The answer says so, and asks for both.
    settled = "露天" in method or not (quarry or cement) or bool(quarry and cement)
    return Floors((*cement, *quarry), settled=settled, needs=needs)


@dataclass(frozen=True, slots=True)
class Yardstick:
    """Where 中型 and 大型 begin for a mineral in a use."""

    label: str
    minerals: tuple[str, ...]
    #: Words of the use it is for; empty for any use but building stone.
    uses: tuple[str, ...]
    medium: Decimal
    large: Decimal
    unit: str


_TONS, _CUBES = "万吨/年", "万立方米/年"

#: Production scale.
SCALE_SOURCE = "国土资发〔2004〕208号"
SCALE_CAUTION = f"规模等级按{SCALE_SOURCE}，是否仍然有效须由人核对"
SCALES = (
    Yardstick("石灰岩", ("灰岩",), (), Decimal(50), Decimal(100), _TONS),
    Yardstick("白云岩", ("白云岩",), (), Decimal(30), Decimal(50), _TONS),
    Yardstick("铝土矿", ("铝土",), (), Decimal(30), Decimal(100), _TONS),
    Yardstick("高岭土、瓷土", ("高岭土", "瓷土"), (), Decimal(5), Decimal(10), _TONS),
    Yardstick("玻璃用砂岩", ("砂岩",), ("玻璃",), Decimal(10), Decimal(30), _TONS),
    Yardstick("水泥用砂岩", ("砂岩",), ("水泥",), Decimal(20), Decimal(60), _TONS),
    Yardstick("建筑石料", _STONE, _BUILDING, Decimal(5), Decimal(10), _CUBES),
)

#: Size of the deposit. The newer standard raised cement limestone and added building stone; its values must be looked up.
DEPOSIT_SOURCE = "国土资发〔2000〕133号"
DEPOSIT_CAUTION = f"矿床规模按{DEPOSIT_SOURCE}，该标准已由 DZ/T 0400-2022 代替，须由人按新标准核对"
DEPOSITS = (
    Yardstick("水泥用灰岩", ("灰岩",), ("水泥",), Decimal(1500), Decimal(8000), "万吨"),
    Yardstick(
        "电石、制碱、化肥、熔剂用灰岩",
        ("灰岩",),
        ("电石", "制碱", "化肥", "熔剂"),
        Decimal(1000),
        Decimal(5000),
        "万吨",
    ),
    Yardstick("冶镁白云岩", ("白云岩",), ("镁",), Decimal(1000), Decimal(5000), "万吨"),
)


def matching(table: tuple[Yardstick, ...], mineral: str, use: str) -> tuple[Yardstick, ...]:
    """The rows for a mineral: of one use where the use is known, of every use where it is not."""
    rows = tuple(row for row in table if any(word in mineral for word in row.minerals))
    words = mineral + use
    named = tuple(row for row in rows if any(word in words for word in row.uses))
    if named or not use:
        return named or rows
    return tuple(row for row in rows if not row.uses)


def medium(known: Known, name: str) -> Answer:
    """Whether a production scale reaches 中型."""
    mineral, use, scale = known.text("mineral"), known.text("mineral_use"), known.number(name)
    if not mineral or scale is None:
        return _settled(known, unknown(*_missing(("mineral", mineral or None), (name, scale))))
    rows = matching(SCALES, mineral, use)
    if len(rows) == 1 and rows[0].unit == _TONS:
        return _settled(known, known.is_at_least(name, rows[0].medium, f"{rows[0].label}中型下限"))
    several = "、".join(f"{row.label} {row.medium} {row.unit}" for row in rows)
    words = f"中型下限：{several}，须由人对照" if several else f"没有查到“{mineral}”的中型标准"
    return _settled(known, unknown("mineral_use" if len(rows) > 1 and not use else "scale_class", words=words))


def large(known: Known) -> Answer:
    """Whether the production scale is 大型."""
    scale, classed = known.number("scale"), known.text("scale_class")
    rows = matching(SCALES, known.text("mineral"), known.text("mineral_use"))
    if classed in _CLASSES:
        return Answer(_CLASSES[classed] == "大型", (f"{FACTS['scale_class']}：{_CLASSES[classed]}",))
    if len(rows) != 1 or rows[0].unit != _TONS or scale is None:
        return unknown("scale_class", *_missing(("scale", scale)))
    return known.is_at_least("scale", rows[0].large, f"{rows[0].label}大型下限")


def deposit(known: Known) -> Answer:
    """Whether a deposit is 中型: below every line of its mineral is a no even while the use is open."""
    mineral, use, amount = known.text("mineral"), known.text("mineral_use"), known.number("predicted_resource")
    if not mineral or amount is None:
        return _settled(known, unknown(*_missing(("mineral", mineral or None), ("predicted_resource", amount))))
    rows = matching(DEPOSITS, mineral, use)
    lines = "，".join(f"{row.label} {row.medium}" for row in rows) or "没有查到"
    words = f"预测资源量 {amount} 万吨，矿床中型下限：{lines}{'' if use else '；用途未写明'}"
    if rows and amount < min(row.medium for row in rows):
        return Answer(False, (f"{words}；低于中型",))
    if len(rows) == 1 and use:
        return _settled(known, Answer(True, (f"{words}；达到中型",)))
    return _settled(known, unknown("scale_class" if use else "mineral_use", words=words))


_CLASSES = {"small": "小型", "medium": "中型", "large": "大型", "小型": "小型", "中型": "中型", "大型": "大型"}


def _missing(*values: tuple[str, object]) -> tuple[str, ...]:
    return tuple(name for name, value in values if value is None)


def _settled(known: Known, table: Answer) -> Answer:
    """The table's answer; a person's own class settles what the table leaves open, and never lifts its no."""
    classed = _CLASSES.get(known.text("scale_class"), "")
    words = (*table.words, f"{FACTS['scale_class']}：{classed}")
    if classed == "小型":
        return Answer(False, words)
    return Answer(True, words) if classed and table.value is None else table
