"""The plan's criteria propose with the fact and the threshold named, and say when they cannot know."""

import csv
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states import clauses
from states.answers import FACTS, Answer, Known, all_of, any_of, unknown
from states.registry import PROCEDURES
from states.rules import RULES, RuleResult, propose, suggested_routes
from tests.states.samples import YARDSTICKS

PLAN = Path(__file__).parents[2] / "plans" / "yangcheng"
NOW = {"as_of": "2026-11-23"}
LICENSED = {
    **NOW, "licence_number": "C1405002016117130143369", "valid_to": "2026-11-29",
    "safety_permit_number": "（晋）FM安许证字001", "safety_permit_valid_to": "2027-01-01",
}  # fmt: skip
CEMENT = {"mineral": "石灰岩", "mineral_use": "水泥用"}
QUARRY = {"mineral": "砂岩", "mining_method": "露天"}
CLEAR_LAYERS: dict[str, object] = dict.fromkeys((name for name in FACTS if name.startswith("overlaps_")), False)
ADMITTED: dict[str, object] = {
    **CEMENT, "predicted_resource": 1500, "planned_scale": 50, "resource_basis": "普查报告", "green_mine_met": "是",
    **dict.fromkeys((name for name in FACTS if name.startswith("admission_")), True),
}  # fmt: skip

#: rule -> (facts, verdict, what the reason must say)
CASES: list[tuple[str, dict[str, object], str, str]] = [
    ("K1", {"is_mining": True, "licence_number": False}, "hit", "“采矿许可证号”登记为无"),
    ("K1", {"is_mining": True, "safety_permit_number": "无"}, "hit", "“安全生产许可证编号”登记为无"),
    ("K1", {**NOW, "is_mining": "是", "valid_to": "2026-11-22"}, "hit", "有效期至 2026-11-22，判断日期 2026-11-23，已过"),
    ("K1", {**NOW, "is_mining": True, "safety_permit_valid_to": "2025-01-01"}, "hit", "安全生产许可证有效期至 2025-01-01"),
    ("K1", {**LICENSED, "is_mining": True}, "miss", "未过"),
    ("K1", {"is_mining": False, "licence_number": False}, "miss", "“正在开采”登记为否"),
    ("K1", {"licence_number": False}, "unknown", "尚缺：正在开采"),
    ("K1", {**LICENSED, "is_mining": True, "safety_permit_number": ""}, "unknown", "尚缺：安全生产许可证编号"),
    ("K2", {"valid_to": "2025-12-31", "near_exhausted": True}, "hit", "2025-12-31 到期，不晚于 2025-12-31；“资源濒临枯竭”登记为是"),
    ("K2", {"valid_to": "2025-01-02", "meets_requirements": False}, "hit", "“达到整改要求”登记为否"),
    ("K2", {"valid_to": "2025-01-02", "renewal_granted": "否"}, "hit", "“已获准续期”登记为否"),
    ("K2", {"valid_to": "2026-01-01", "near_exhausted": True}, "miss", "2026-01-01 到期，晚于 2025-12-31"),
    ("K2", {"valid_to": "2025-01-02", "near_exhausted": False, "meets_requirements": True, "renewal_granted": True},
     "miss", "“资源濒临枯竭”登记为否"),
    ("K2", {"valid_to": "2025-01-02"}, "unknown", "尚缺：资源濒临枯竭、达到整改要求、已获准续期"),
    ("K2", {"near_exhausted": True}, "unknown", "尚缺：采矿许可证有效期至"),
    ("K3", {"obsolete_process": True}, "hit", "“使用应当淘汰的危及生产安全的工艺”登记为是"),
    ("K3", {"unsafe_after_suspension": True}, "hit", "“停产整顿后仍不具备安全生产条件”登记为是"),
    ("K3", {"obsolete_process": False, "unsafe_after_suspension": False}, "miss", "登记为否"),
    ("K3", {"obsolete_process": False}, "unknown", "尚缺：停产整顿后仍不具备安全生产条件"),
    ("K4", {"illegal_works": True, "illegal_works_rectified": False}, "hit", "“违法违规开采建设已整改到位”登记为否"),
    ("K4", {"illegal_works": True, "safe_conditions": False}, "hit", "“具备安全生产条件”登记为否"),
    ("K4", {"illegal_works": True, "illegal_works_rectified": True, "safe_conditions": True}, "miss", "登记为是"),
    ("K4", {"illegal_works": False}, "miss", "“存在违法违规开采建设”登记为否"),
    ("K4", {"illegal_works": True}, "unknown", "尚缺：违法违规开采建设已整改到位、具备安全生产条件"),
    ("K5", {"other_breach": True, "government_decision": True}, "hit", "“县政府研究决定关闭”登记为是"),
    ("K5", {"other_breach": True, "government_decision": False}, "miss", "“县政府研究决定关闭”登记为否"),
    ("K5", {"other_breach": True}, "unknown", "尚缺：县政府研究决定关闭"),
    ("E1", {**LICENSED, "resources_exhausted": True}, "hit", "“资源已经枯竭”登记为是；采矿许可证有效期至 2026-11-29"),
    ("E1", {**LICENSED, "resources_exhausted": True, "valid_to": "2026-11-23"}, "hit", "未过"),
    ("E1", {**LICENSED, "resources_exhausted": True, "valid_to": "2026-11-22"}, "miss", "已过"),
    ("E1", {"resources_exhausted": False}, "miss", "登记为否"),
    ("E1", {"resources_exhausted": True, "valid_to": "2026-11-29"}, "unknown", "尚缺：判断日期"),
    ("E2", {"idle_months": 12, "idle_limit_months": 12}, "hit", "已停工停产停建月数为 12，不低于县里确定的 12"),
    ("E2", {"idle_months": 11, "idle_limit_months": 12}, "miss", "低于县里确定的 12"),
    ("E2", {"idle_months": 0}, "miss", "没有停工停产停建"),
    ("E2", {"idle_months": 30}, "unknown", "尚缺：认定长期停工的月数（由县里确定）"),
    ("E3", {"mineral": "铝土矿", "scale": "29.9"}, "hit", "生产规模 29.9 万吨/年，方案标准：铝土矿 30（三(二)2(3)），低于标准"),
    ("E3", {"mineral": "铝土矿", "scale": 30, "remaining_life": 5}, "miss", "铝土矿 30（三(二)2(3)），达到"),
    ("E3", {"mineral": "铁矿", "scale": 29}, "hit", "铁矿 30"),
    ("E3", {"mineral": "铁矿", "scale": 30, "remaining_life": 5}, "miss", "剩余可采资源服务年限（年）为 5，不低于方案标准 5"),
    ("E3", {**CEMENT, "scale": 29}, "hit", "水泥用灰岩矿 30"),
    ("E3", {**CEMENT, "scale": 40, "remaining_life": 8}, "miss", "达到；但低于中型，须承诺提升到中型方可单独保留"),
    ("E3", {**CEMENT, "scale": 40, "remaining_life": "4.9"}, "hit", "为 4.9，低于方案标准 5"),
    ("E3", {**CEMENT, "scale": 40}, "unknown", "尚缺：剩余可采资源服务年限（年）"),
    ("E3", {**QUARRY, "scale": 49}, "hit", "露天采石场 50"),
    ("E3", {**QUARRY, "scale": 50, "remaining_life": 5}, "miss", "露天采石场 50（三(二)2(3)），达到"),
    ("E3", {"mineral": "建筑用石灰岩", "mining_method": "露天", "scale": 40}, "hit", "露天采石场 50"),
    ("E3", {"mineral": "砂岩", "scale": 49}, "unknown", "尚缺：开采方式（露天或地下）"),
    ("E3", {"mineral": "砂岩", "scale": 49, "mining_method": "地下"}, "miss", "不在方案所列四类矿山之内"),
    ("E3", {"mineral": "石灰岩", "scale": 29}, "hit", "尚缺：矿产用途、开采方式（露天或地下）"),
    ("E3", {"mineral": "石灰岩", "scale": 40}, "unknown", "尚缺：矿产用途、开采方式（露天或地下）"),
    ("E3", {"mineral": "石灰岩", "scale": 50, "remaining_life": 9}, "miss", "达到"),
    ("E3", {"mineral": "石灰岩", "scale": 20, "mining_method": "地下"}, "unknown", "尚缺：矿产用途"),
    ("E3", {"mineral": "陶瓷土", "scale": 1, "remaining_life": 1}, "miss", "“陶瓷土”不在方案所列四类矿山之内"),
    ("E3", {"mineral": "硫铁矿", "scale": 1}, "miss", "“硫铁矿”不在方案所列四类矿山之内"),
    ("E3", {"scale": 10}, "unknown", "尚缺：开采矿种"),
    ("E4", {**NOW, "under_construction": True, "build_by": "2026-11-22"}, "hit", "至 2026-11-22，判断日期 2026-11-23，仍未竣工"),
    ("E4", {"build_by": "2026-01-01", "completed_on": "2026-01-02"}, "hit", "竣工日期 2026-01-02，批准的基建期至 2026-01-01"),
    ("E4", {"build_by": "2026-01-01", "completed_on": "2026-01-01"}, "miss", "竣工日期 2026-01-01"),
    ("E4", {**NOW, "under_construction": True, "build_by": "2026-11-23"}, "miss", "尚未届满"),
    ("E4", {"under_construction": False}, "miss", "没有在建项目"),
    ("E4", {**NOW, "build_by": "2026-11-22"}, "unknown", "尚缺：正在基建、竣工日期"),
    ("E4", {"build_by": "2026-11-22", "under_construction": True}, "unknown", "尚缺：判断日期"),
    ("U1", {**CEMENT, "scale": 40, "target_scale": 50, "remaining_life": 5}, "hit", "不低于石灰岩中型下限 50"),
    ("U1", {"mineral": "陶瓷土", "scale": 5, "remaining_life": 6}, "hit", "不低于高岭土、瓷土中型下限 5"),
    ("U1", {"mineral": "花岗岩", "scale_class": "medium", "remaining_life": 6}, "hit", "由人认定的规模等级：中型"),
    ("U1", {**CEMENT, "target_scale": 49, "remaining_life": 9}, "miss", "低于石灰岩中型下限 50"),
    ("U1", {**CEMENT, "scale": 60, "target_scale": 49, "remaining_life": 9}, "miss", "低于石灰岩中型下限 50"),
    ("U1", {**CEMENT, "target_scale": 50, "remaining_life": 4}, "miss", "为 4，低于方案标准 5"),
    ("U1", {**CEMENT, "target_scale": 49, "scale_class": "大型", "remaining_life": 9}, "miss", "低于石灰岩中型下限 50"),
    ("U1", {**CEMENT, "scale": 60, "scale_class": "小型", "remaining_life": 9}, "unknown", "尚缺：提升后生产规模（万吨/年）"),
    ("U1", {**CEMENT, "scale": 40, "remaining_life": 9}, "unknown", "尚缺：提升后生产规模（万吨/年）"),
    ("U1", {"mineral": "石灰岩", "target_scale": 60, "remaining_life": 9}, "unknown", "建筑石料 5 万立方米/年，须由人对照"),
    ("U1", {"mineral": "石膏", "target_scale": 9, "remaining_life": 9}, "unknown", "没有查到“石膏”的中型标准"),
    ("U2", {"green_mine": False}, "hit", "“已建成绿色矿山”登记为否"),
    ("U2", {"mechanised": False}, "hit", "“已实现机械化”登记为否"),
    ("U2", {**CEMENT, "scale": 100, "automated": False}, "hit", "不低于石灰岩大型下限 100；“已实现自动化、智能化”登记为否"),
    ("U2", {"green_mine": True, "mechanised": True, **CEMENT, "scale": 99}, "miss", "低于石灰岩大型下限 100"),
    ("U2", {"green_mine": True, "mechanised": True, "automated": True}, "miss", "“已实现自动化、智能化”登记为是"),
    ("U2", {"green_mine": True, "mechanised": True, "scale_class": "large"}, "unknown", "尚缺：已实现自动化、智能化"),
    ("U3", {"shared_ore_body": True}, "hit", "“同一矿体分属两个以上主体”登记为是"),
    ("U3", {"below_safety_distance": True}, "hit", "“作业范围最小距离不满足安全规定”登记为是"),
    ("U3", {"below_minimum_system": True}, "hit", "“独立生产系统达不到最低规模要求”登记为是"),
    ("U3", {"ridge_boundary_quarry": True}, "hit", "“以山脊划界的普通建筑用砂石露天矿”登记为是"),
    ("U3", {"shared_ore_body": False, "below_safety_distance": False, "below_minimum_system": False,
            "ridge_boundary_quarry": False}, "miss", "登记为否"),
    ("U3", {"shared_ore_body": False}, "unknown", "尚缺：作业范围最小距离不满足安全规定"),
    ("N1", {"transfer_year": 2025, "in_master_plan": True, "planned_scale": 50}, "hit", "拟出让年度 2025，在总体规划期"),
    ("N1", {"transfer_year": 2026, "planning_basis": "新一期规划", "in_master_plan": True, "planned_scale": 50},
     "hit", "所依据的新一期规划：新一期规划"),
    ("N1", {"transfer_year": 2025, "in_master_plan": False}, "miss", "“符合矿产资源总体规划”登记为否"),
    ("N1", {"transfer_year": 2026, "in_master_plan": True, "planned_scale": 50},
     "unknown", "超出总体规划期（至 2025 年），须写明所依据的新一期规划"),
    ("N2", ADMITTED, "hit", "预测资源量 1500 万吨，矿床中型下限：水泥用灰岩 1500；达到中型"),
    ("N2", {**ADMITTED, "predicted_resource": 1499}, "miss", "低于中型"),
    ("N2", {**ADMITTED, "planned_scale": 49}, "miss", "拟定生产规模（万吨/年）为 49，低于石灰岩中型下限 50"),
    ("N2", {**ADMITTED, "green_mine_met": "否"}, "miss", "“按绿色矿山标准设计建设”登记为否"),
    ("N2", {**ADMITTED, "admission_space": False}, "miss", "“空间准入”登记为否"),
    ("N2", {**ADMITTED, "resource_basis": ""}, "unknown", "尚缺：资源量依据"),
    ("N2", {**ADMITTED, "mineral_use": ""}, "unknown", "用途未写明"),
    ("N2", {**ADMITTED, "predicted_resource": None}, "unknown", "尚缺：预测资源量（万吨）"),
    ("N2", {**ADMITTED, "mineral_use": "建筑石料"}, "unknown", "矿床中型下限：没有查到"),
    ("N2", {**ADMITTED, "mineral_use": "建筑石料", "scale_class": "medium"}, "hit", "由人认定的规模等级：中型"),
    ("N2", {**ADMITTED, "scale_class": "小型"}, "miss", "由人认定的规模等级：小型"),
    ("N2", {**ADMITTED, "predicted_resource": 300, "scale_class": "大型"}, "miss", "低于中型"),
    ("N3", {"avoids_restricted_areas": True, "land_linked": True}, "hit", "“已避让禁止限制勘查开采区域”登记为是"),
    ("N3", {"avoids_restricted_areas": False}, "miss", "登记为否"),
    ("N3", {"avoids_restricted_areas": True}, "unknown", "尚缺：已与用地用林用草审批衔接"),
    ("N4", CLEAR_LAYERS, "hit", "“与生态保护红线重叠”登记为否"),
    ("N4", {"overlaps_ecological_redline": True}, "miss", "“与生态保护红线重叠”登记为是"),
    ("N4", {**CLEAR_LAYERS, "overlaps_farmland": None}, "unknown", "尚缺：与耕地和永久基本农田重叠"),
]  # fmt: skip


def result(rule: str, facts: Mapping[str, object]) -> RuleResult:
    return next(r for r in propose(facts, YARDSTICKS) if r.rule == rule)


@pytest.mark.parametrize(("rule", "facts", "verdict", "said"), CASES)
def test_a_criterion_answers_with_fact_and_threshold(
    rule: str, facts: Mapping[str, object], verdict: str, said: str
) -> None:
    found = result(rule, facts)
    assert (found.verdict, said in found.reason) == (verdict, True), found
    assert bool(found.needs) >= (verdict == "unknown")


def test_every_criterion_is_shown_to_hit_to_miss_and_to_be_unknown() -> None:
    shown = {(rule, verdict) for rule, _, verdict, _ in CASES}
    assert shown == {(rule.id, verdict) for rule in RULES for verdict in ("hit", "miss", "unknown")}


def test_every_criterion_cites_a_clause_and_points_to_a_procedure() -> None:
    assert [rule.id for rule in RULES] == [
        *(f"K{n}" for n in range(1, 6)), *(f"E{n}" for n in range(1, 5)), *(f"U{n}" for n in range(1, 4)),
        *(f"N{n}" for n in range(1, 5)),
    ]  # fmt: skip
    assert all(clauses.exists(rule.clause) and rule.route in PROCEDURES for rule in RULES)


def test_without_facts_nothing_is_proposed_and_everything_is_asked() -> None:
    found = propose({}, YARDSTICKS)
    assert {r.verdict for r in found} == {"unknown"}
    assert all(r.needs and "尚缺：" in r.reason for r in found)
    assert suggested_routes(found) == ()


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("K2", "两项情形之间没有连接词"),
        ("E2", "方案没有写明“长期”是几个月"),
        ("E3", "按任一项不足提出"),
        ("E3", "是否属于露天采石场须由人认定；陶瓷土等粘土不属于方案所列四类"),
        ("E3", "须书面认定"),
        ("U1", "介于两者之间的不退出但须提升到中型"),
        ("N2", "附件3只是预测资源量"),
    ],
)
@pytest.mark.parametrize("facts", [{}, {**CEMENT, "scale": 10, "valid_to": "2025-01-02"}], ids=["nothing", "something"])
def test_an_ambiguity_of_the_plan_is_always_said(rule: str, said: str, facts: dict[str, object]) -> None:
    assert said in result(rule, facts).reason


@pytest.mark.parametrize(
    ("rule", "caution"),
    [
        ("E3", YARDSTICKS.scale_caution),
        ("U1", YARDSTICKS.scale_caution),
        ("U2", YARDSTICKS.scale_caution),
        ("N2", YARDSTICKS.deposit_caution),
    ],
)
def test_a_national_class_is_never_used_without_saying_that_it_must_be_confirmed(rule: str, caution: str) -> None:
    assert caution in result(rule, {}).reason
    assert "须由人" in caution


def test_a_number_that_nobody_has_looked_up_is_not_guessed_and_says_where_to_look() -> None:
    (sought,) = [row for row in YARDSTICKS.deposits if row.status == "lookup"]
    assert (sought.medium, sought.large) == (None, None)
    building = result("N2", {**ADMITTED, "mineral_use": "建筑石料", "predicted_resource": 1})
    assert building.verdict == "unknown"
    assert "建筑用石料的标准待查（DZ/T 0400-2022）" in building.reason


def test_a_result_names_the_facts_that_were_looked_at() -> None:
    found = result("E3", {"mineral": "铝土矿", "scale": "9", "holder": "演示公司"})
    assert found.used == ("mineral", "scale")
    assert found.said == "生产规模 9 万吨/年，方案标准：铝土矿 30（三(二)2(3)），低于标准"


def test_an_open_pit_that_is_an_underground_mine_as_well_is_a_quarry() -> None:
    assert result("E3", {"mineral": "砂岩", "scale": 49, "mining_method": "露天和地下"}).verdict == "hit"


def row(annex: int, number: int) -> dict[str, object]:
    """A published row with nothing added but the day of judging."""
    with (PLAN / f"annex{annex}.csv").open(encoding="utf-8", newline="") as lines:
        found = next(line for line in csv.DictReader(lines) if line["row"] == str(number))
    return {**found, **NOW, "kind": "mine" if annex == 2 else "block"}


def verdicts(annex: int, number: int) -> dict[str, str]:
    return {r.rule: r.verdict for r in propose(row(annex, number), YARDSTICKS)}


@pytest.mark.parametrize("number", range(1, 6))
def test_closure_goes_with_an_expiry_by_the_end_of_2025_in_every_row(number: int) -> None:
    ends_in_time = "不晚于 2025-12-31" in result("K2", row(2, number)).reason
    assert ends_in_time == (row(2, number)["exit_mode"] == "closure")
    # The annex gives no second ground, so none is assumed; a mine that is licensed longer misses K2.
    assert verdicts(2, number)["K2"] == ("unknown" if ends_in_time else "miss")


@pytest.mark.parametrize(
    ("number", "verdict", "said"),
    [
        (1, "unknown", "生产规模 10 万吨/年，方案标准：露天采石场 50"),
        (2, "miss", "“陶瓷土”不在方案所列四类矿山之内"),
        (3, "hit", "生产规模 9 万吨/年，方案标准：铝土矿 30"),
        (4, "miss", "“陶瓷土”不在方案所列四类矿山之内"),
        (5, "hit", "生产规模 10 万吨/年，方案标准：水泥用灰岩矿 30（三(二)2(3)），露天采石场 50"),
    ],
)
def test_the_five_mines_are_below_every_threshold_that_applies_to_them(number: int, verdict: str, said: str) -> None:
    found = result("E3", row(2, number))
    assert found.verdict == verdict
    assert said in found.reason


@pytest.mark.parametrize("number", [2, 4])
def test_the_clay_mines_stand_exactly_on_the_floor_of_the_medium_class(number: int) -> None:
    assert "为 5，不低于高岭土、瓷土中型下限 5" in result("U1", row(2, number)).reason


def test_the_ground_on_which_the_fourth_mine_exits_is_not_published_and_must_be_asked() -> None:
    found = {r.rule: r for r in propose(row(2, 4), YARDSTICKS)}
    assert [found[rule].verdict for rule in ("E1", "E2", "E3", "E4")] == ["unknown", "unknown", "miss", "unknown"]
    assert found["E1"].needs == ("resources_exhausted",)
    assert suggested_routes(found.values()) == ()


def test_the_limestone_mine_that_exits_asks_for_use_method_and_remaining_life_all_the_same() -> None:
    found = result("E3", row(2, 5))
    assert found.needs == ("mineral_use", "mining_method", "remaining_life")
    assert suggested_routes(propose(row(2, 5), YARDSTICKS)) == ("guided_exit",)


def test_a_mine_is_not_judged_as_a_block_nor_a_block_as_a_mine() -> None:
    assert {rule[0] for rule in verdicts(2, 1)} == {"K", "E", "U"}
    assert {rule[0] for rule in verdicts(3, 1)} == {"N"}


def test_the_dolomite_block_is_below_medium_as_it_is_listed() -> None:
    found = result("N2", row(3, 8))
    assert found.verdict == "miss"
    assert "预测资源量 300 万吨，矿床中型下限：冶镁白云岩 1000；用途未写明；低于中型" in found.reason
    assert YARDSTICKS.deposit_caution in found.reason


@pytest.mark.parametrize("number", range(1, 8))
def test_no_limestone_block_passes_while_use_and_scale_are_not_published(number: int) -> None:
    found = result("N2", row(3, number))
    assert found.verdict == "unknown"
    assert {"mineral_use", "planned_scale", "resource_basis"} <= set(found.needs)
    assert "用途未写明" in found.reason


@pytest.mark.parametrize("number", range(1, 9))
def test_seven_of_the_eight_blocks_lie_beyond_the_master_plan(number: int) -> None:
    beyond = "超出总体规划期" in result("N1", row(3, number)).reason
    assert beyond == (number > 1)
    assert ("planning_basis" in result("N1", row(3, number)).needs) == beyond
    assert suggested_routes(propose(row(3, number), YARDSTICKS)) == ()


def hits(*rules: str, misses: tuple[str, ...] = ()) -> list[RuleResult]:
    said = {**dict.fromkeys(rules, "hit"), **dict.fromkeys(misses, "miss")}
    return [
        RuleResult(rule.id, rule.route, said.get(rule.id, "unknown"), "", rule.clause)  # type: ignore[arg-type]
        for rule in RULES
    ]


@pytest.mark.parametrize(
    ("results", "routes"),
    [
        (hits("K3"), ("closure",)),
        (hits("E2", "K1"), ("closure", "guided_exit")),
        (hits("U1"), ("upgrade",)),
        (hits("U3", misses=("U1",)), ("upgrade",)),
        (hits("U2"), ("upgrade",)),
        (hits("U2", misses=("U1",)), ()),
        (hits("E3", "U1", "U2"), ("guided_exit", "upgrade")),
        (hits("N1", "N2", "N3"), ()),
        (hits("N1", "N2", "N3", "N4"), ("new_right",)),
        ([], ()),
    ],
)
def test_hits_point_to_routes_the_severest_first(results: list[RuleResult], routes: tuple[str, ...]) -> None:
    assert suggested_routes(results) == routes


ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.dates(), st.datetimes(), st.text(max_size=12),
    st.binary(max_size=4), st.lists(st.integers(), max_size=2), st.sampled_from(
        ["1E-999999", "9" * 5000, 10**5000, "NaN", "sNaN", "0E+999999", "-0", "2026-02-30", "石灰岩", "铝土矿", "砂岩",
         "白云岩", "陶瓷土", "露天", "地下", "水泥用", "建筑石料", "medium", "mine", "block", "\0", "\u202e"]
    ),
)  # fmt: skip
ANY_FACTS = st.dictionaries(st.sampled_from([*FACTS, "kind"]) | st.text(max_size=5), ANYTHING)


@given(ANY_FACTS)
def test_no_facts_whatever_make_it_fail(facts: dict[str, object]) -> None:
    for found in propose(facts, YARDSTICKS):
        assert found.reason.endswith("。")
        assert len(found.reason) < 2000
        assert "\0" not in found.reason
        assert "\u202e" not in found.reason
        assert set(found.needs) <= set(FACTS)
        assert len(set(found.needs)) == len(found.needs)
        assert found.verdict != "unknown" or found.needs


@given(ANY_FACTS)
def test_a_fact_that_cannot_be_read_counts_as_unknown(facts: dict[str, object]) -> None:
    unreadable = {name: b"?" for name in facts if name in FACTS}
    assert {r.verdict for r in propose(unreadable, YARDSTICKS)} == {"unknown"}


def test_facts_are_read_in_every_form_in_which_they_are_stored() -> None:
    known = Known({
        "scale": " 10.5 ", "remaining_life": 4.5, "target_scale": Decimal(3), "idle_months": -1, "area": True,
        "valid_to": datetime(2026, 11, 29, 9, 0), "build_by": date(2026, 1, 1), "completed_on": "2026-02-30",  # noqa: DTZ001
        "is_mining": " 是 ", "green_mine": "No", "mechanised": "也许", "automated": 1,
    }, YARDSTICKS)  # fmt: skip
    assert [known.number(n) for n in ("scale", "remaining_life", "target_scale")] == [
        Decimal("10.5"), Decimal("4.5"), Decimal(3),
    ]  # fmt: skip
    assert [known.number(n) for n in ("idle_months", "area", "nothing")] == [None, None, None]
    assert [known.day(n) for n in ("valid_to", "build_by")] == [date(2026, 11, 29), date(2026, 1, 1)]
    assert known.day("completed_on") is None
    assert [known.flag(n) for n in ("is_mining", "green_mine", "mechanised", "automated")] == [True, False, None, None]


def test_not_knowing_is_neither_yes_nor_no() -> None:
    yes, no, open_ = Answer(True, ("甲",)), Answer(False, ("乙",)), unknown("scale")
    assert any_of(yes, open_) == Answer(True, ("甲",))
    assert any_of(no, open_) == Answer(None, ("乙",), ("scale",))
    assert any_of(no, no) == Answer(False, ("乙",))
    assert all_of(no, open_) == Answer(False, ("乙",))
    assert all_of(yes, open_) == Answer(None, ("甲",), ("scale",))
    assert all_of(yes, yes) == Answer(True, ("甲",))
    assert [(~answer).value for answer in (yes, no, open_)] == [False, True, None]
