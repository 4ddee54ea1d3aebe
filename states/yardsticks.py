"""How a mine's facts stand to the thresholds that its county gives (`states.thresholds`).

Whether the national classes are still in force, a person must confirm: every answer that uses one says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from states.answers import FACTS, Answer, Known, unknown

if TYPE_CHECKING:
    from states.thresholds import Floor, Yardstick

_TONS = "万吨/年"


@dataclass(frozen=True, slots=True)
class Floors:
    """Which floors may apply to a mine; `settled` when one of them surely does; what would tell which."""

    among: "tuple[Floor, ...]"
    settled: bool
    needs: tuple[str, ...] = ()


def floors(known: Known) -> Floors:
    """Which of the four kinds of 三(二)2(3) a mine is: clay, for one, is none of them."""
    mineral, use, method = known.text("mineral"), known.text("mineral_use"), known.text("mining_method")
    found: list[tuple[Floor, tuple[str, ...]]] = []
    for row in known.yardsticks.floors:
        needs = _open_about(row, known, mineral, use, method) if row.names(mineral) else None
        if needs == () and not row.methods:  # a kind by mineral and use comes before one by method
            return Floors((row,), settled=True)
        if needs is not None:
            found.append((row, needs))
    # Limestone of which neither use nor method is known: one of the two floors is taken to apply.
    # The answer says so, and asks for both.
    settled = not found or len(found) > 1 or any(not needs for _, needs in found)
    return Floors(tuple(row for row, _ in found), settled, tuple(name for _, needs in found for name in needs))


def _open_about(row: "Floor", known: Known, mineral: str, use: str, method: str) -> tuple[str, ...] | None:
    """What would tell whether the floor applies: nothing when it does, None when it does not."""
    needs: tuple[str, ...] = ()
    if row.uses and not row.used_for(mineral + use):
        if use or _for_something_else(known, mineral):
            return None
        needs += ("mineral_use",)
    if row.methods and not any(word in method for word in row.methods):
        if method:
            return None
        needs += ("mining_method",)
    return needs


def _for_something_else(known: Known, mineral: str) -> bool:
    """Whether the mineral's own name says what it is for."""
    return any(row.used_for(mineral) for row in known.yardsticks.scales)


def matching(table: "Iterable[Yardstick]", mineral: str, use: str) -> "tuple[Yardstick, ...]":
    """The rows for a mineral: of one use where the use is known, of every use where it is not."""
    rows = tuple(row for row in table if row.names(mineral))
    named = tuple(row for row in rows if row.used_for(mineral + use))
    if named or not use:
        return named or rows
    return tuple(row for row in rows if not row.uses)


def medium(known: Known, name: str) -> Answer:
    """Whether a production scale reaches 中型."""
    mineral, use, scale = known.text("mineral"), known.text("mineral_use"), known.number(name)
    if not mineral or scale is None:
        return _settled(known, unknown(*_missing(("mineral", mineral or None), (name, scale))))
    rows = matching(known.yardsticks.scales, mineral, use)
    if len(rows) == 1 and rows[0].unit == _TONS and rows[0].medium is not None:
        return _settled(known, known.is_at_least(name, rows[0].medium, f"{rows[0].label}中型下限"))
    several = "、".join(f"{row.label} {row.medium or '待查'} {row.unit}" for row in rows)
    words = f"中型下限：{several}，须由人对照" if several else f"没有查到“{mineral}”的中型标准"
    return _settled(known, unknown("mineral_use" if len(rows) > 1 and not use else "scale_class", words=words))


def large(known: Known) -> Answer:
    """Whether the production scale is 大型."""
    scale, classed = known.number("scale"), known.text("scale_class")
    rows = matching(known.yardsticks.scales, known.text("mineral"), known.text("mineral_use"))
    if classed in _CLASSES:
        return Answer(_CLASSES[classed] == "大型", (f"{FACTS['scale_class']}：{_CLASSES[classed]}",))
    if len(rows) != 1 or rows[0].unit != _TONS or rows[0].large is None or scale is None:
        return unknown("scale_class", *_missing(("scale", scale)))
    return known.is_at_least("scale", rows[0].large, f"{rows[0].label}大型下限")


def deposit(known: Known) -> Answer:
    """Whether a deposit is 中型: below every line of its mineral is a no even while the use is open."""
    mineral, use, amount = known.text("mineral"), known.text("mineral_use"), known.number("predicted_resource")
    if not mineral or amount is None:
        return _settled(known, unknown(*_missing(("mineral", mineral or None), ("predicted_resource", amount))))
    every = matching(known.yardsticks.deposits, mineral, use)
    rows = {row.label: row.medium for row in every if row.medium is not None}
    lines = "，".join(f"{label} {least}" for label, least in rows.items()) or "没有查到"
    sought = "".join(f"；{row.label}的标准待查（{row.source}）" for row in every if row.medium is None)
    words = f"预测资源量 {amount} 万吨，矿床中型下限：{lines}{'' if use else '；用途未写明'}"
    if rows and amount < min(rows.values()):
        return Answer(False, (f"{words}；低于中型{sought}",))
    if len(rows) == 1 and use:
        return _settled(known, Answer(True, (f"{words}；达到中型",)))
    return _settled(known, unknown("scale_class" if use else "mineral_use", words=f"{words}{sought}"))


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
