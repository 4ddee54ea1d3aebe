"""The numbers of the criteria are the county's data: these are the plan's, and each says where it comes from."""

from decimal import Decimal

from states import clauses
from tests.states.samples import YARDSTICKS as Y

#: As they stood when they were code: label -> numbers and unit.
FLOORS = {"铝土矿": 30, "铁矿": 30, "水泥用灰岩矿": 30, "露天采石场": 50}
SCALES = {
    "石灰岩": (50, 100, "万吨/年"), "白云岩": (30, 50, "万吨/年"), "铝土矿": (30, 100, "万吨/年"),
    "高岭土、瓷土": (5, 10, "万吨/年"),
    "玻璃用砂岩": (10, 30, "万吨/年"), "水泥用砂岩": (20, 60, "万吨/年"), "建筑石料": (5, 10, "万立方米/年"),
}  # fmt: skip
DEPOSITS = {
    "水泥用灰岩": (1500, 8000, "万吨"), "电石、制碱、化肥、熔剂用灰岩": (1000, 5000, "万吨"), "冶镁白云岩": (1000, 5000, "万吨"),
    "建筑用石料": (None, None, "万立方米"),
}  # fmt: skip


def test_the_numbers_are_the_plans_and_the_national_classes() -> None:
    assert {row.label: row.least for row in Y.floors} == {name: Decimal(least) for name, least in FLOORS.items()}
    assert (Y.life.least, Y.licence_cutoff.isoformat(), Y.master_plan_from, Y.master_plan_to) == (
        Decimal(5), "2025-12-31", 2021, 2025,
    )  # fmt: skip
    for table, wanted in ((Y.scales, SCALES), (Y.deposits, DEPOSITS)):
        assert {row.label: (row.medium, row.large, row.unit) for row in table} == wanted


def test_every_number_names_its_source_and_what_must_be_confirmed() -> None:
    rows = (*Y.floors, Y.life, *Y.scales, *Y.deposits)
    assert all(row.source and clauses.exists(row.clause) for row in rows)
    assert {row.status for row in Y.floors} == {"plan"}
    assert all(bool(row.caution) == (row.status != "plan") for row in rows)
    assert {row.successor for row in Y.deposits if row.status == "superseded"} == {"DZ/T 0400-2022"}
    assert all(row.medium < row.large for row in (*Y.scales, *Y.deposits) if row.medium and row.large)
