"""The numbers of the criteria as the case file keeps them (setting `thresholds`): what an amendment may change."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from states.thresholds import Floor, Yardstick, Yardsticks

#: Name of the setting. Its value has the tables of `thresholds.toml`: life, floor, scale, deposit; numbers as text.
THRESHOLDS = "thresholds"
#: Lists of words in a row.
WORDS = ("minerals", "excluded", "uses", "methods")
_NUMBERS = ("least", "medium", "large")


def yardsticks_of(tables: Mapping[str, Any], dates: Mapping[str, Any]) -> Yardsticks:
    """What the criteria are given: the stored tables, and the plan's own dates (days, or their ISO text)."""
    return Yardsticks(
        floors=tuple(Floor(**_values(row)) for row in tables["floor"]),
        scales=tuple(_yardstick(row) for row in tables["scale"]),
        deposits=tuple(_yardstick(row) for row in tables["deposit"]),
        life=Floor(**_values(tables["life"])), licence_cutoff=_day(dates["licence_cutoff"]),
        master_plan_from=_day(dates["master_plan_from"]).year, master_plan_to=_day(dates["master_plan_to"]).year,
    )  # fmt: skip


def _yardstick(row: Mapping[str, Any]) -> Yardstick:
    # A number that nobody has looked up is not there.
    return Yardstick(**cast("Any", {"medium": None, "large": None, **_values(row)}))


def _values(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: tuple(value) if key in WORDS else Decimal(value) if key in _NUMBERS else value
        for key, value in row.items()
    }  # fmt: skip


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
