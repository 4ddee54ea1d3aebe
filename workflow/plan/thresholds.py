"""Reads and checks `thresholds.toml`: the numbers of the criteria, each with its source and what must be confirmed.

The stored form is the file's own tables, numbers as decimal text; `workflow.thresholds` makes values of it.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from states import clauses
from states.thresholds import Status
from workflow.plan.files import Cells, PlanError, read_toml
from workflow.thresholds import WORDS

_TABLES = {"floor": ("least",), "scale": ("medium", "large"), "deposit": ("medium", "large")}

Tables = dict[str, Any]


def read_thresholds(path: Path) -> Tables:
    """The checked tables of a file, in their stored form. Raises PlanError naming file, table, key and value."""
    given = read_toml(path)
    unknown = [name for name in given if name != "life" and name not in _TABLES]
    if unknown:
        raise PlanError(
            f"{path.name} 中的 [{unknown[0][:40]}] 不认识：只能是 life、{'、'.join(_TABLES)}，请改正后重试。"
        )
    life = given.get("life")
    found: Tables = {"life": _row(Cells(f"{path.name} [life]", life if isinstance(life, dict) else {}), ("least",))}
    for name, numbers in _TABLES.items():
        tables = given.get(name)
        places = enumerate(tables if isinstance(tables, list) else [], 1)
        found[name] = [
            _row(Cells(f"{path.name} 第 {place} 个 [[{name}]]", t if isinstance(t, dict) else {}), numbers, named=True)
            for place, t in places
        ]
        if not found[name]:
            raise PlanError(f"{path.name} 缺少 [[{name}]]，请按说明补上。")
        _once(f"{path.name} [[{name}]]", found[name])
    return found


def _row(cells: Cells, numbers: tuple[str, ...], *, named: bool = False) -> dict[str, Any]:
    status = cells.one_of("status", get_args(Status), f"只能是 {'、'.join(get_args(Status))}")
    row: dict[str, Any] = {
        "label": cells.text("label") if named else "剩余可采资源服务年限", "unit": cells.text("unit"),
        "source": cells.text("source"), "clause": cells.one_of("clause", clauses.CLAUSES, "方案没有这一条款"),
        "status": status,
    }  # fmt: skip
    row |= {key: _words(cells, key) for key in WORDS if key in cells.values}
    if named and not row.get("minerals"):
        raise cells.wrong("minerals", "应为矿种名称的列表，至少一个")
    if status == "superseded":
        row["successor"] = cells.text("successor")
    if status == "lookup":
        given = next((key for key in numbers if key in cells.values), "")
        if given or numbers == ("least",):
            raise cells.wrong(given or "status", "数字待查（lookup）的行不写数字，也只能用于 scale、deposit")
        return row
    row |= {key: cells.amount(key) for key in numbers}
    if numbers != ("least",) and Decimal(row["medium"]) >= Decimal(row["large"]):
        raise cells.wrong("large", f"应大于 medium（{row['medium']}）")
    return row


def _words(cells: Cells, key: str) -> list[str]:
    given = cells.values[key]
    if not isinstance(given, list):
        raise cells.wrong(key, "应为词的列表")
    return [Cells(cells.place, {key: word}).name(key) for word in given]


def _once(place: str, rows: list[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row["label"] in seen:
            raise PlanError(f"{place} label（名称）填写的“{row['label']}”不对：与前面的行重复，请改正后重试。")
        seen.add(row["label"])
