"""名录核对: on the published annexes it finds what is there to be found, and claims nothing else."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest

from states import clauses
from states.list_check import Body, check_plan, check_rows, readings
from states.list_checks import EXIT_CHECKS, NEW_CHECKS, is_person
from states.listed import Finding, ListedRow, numbered
from tests.states.published import BODIES, GROUND, PLAN, ROWS

_MARKS = {"hit": "√", "miss": "×", "unknown": "?"}
_MISSING = "K3? K4? K5?"
_BLOCK = "N1? N2? N3? N4? M1? M2? M3? M4?"
_LICENCE = "L8√ L9√ L10√ L11√ L12√"

#: Every verdict on the published rows as of 2026-11-23: √ holds, × does not, ? cannot be told from what is published.
PUBLISHED = {
    "附件2第1行": f"L0? K1? K2? {_MISSING} E1× E2? E3? E4? U1? U2? U3? L1√ L2√ L3√ L4× L5× L6√ L7? {_LICENCE} L13√ L14√ L15√",
    "附件2第2行": f"L0? K1? K2? {_MISSING} E1× E2? E3× E4? U1? U2? U3? L1√ L2√ L3√ L4√ L5√ L6× L7× {_LICENCE} L13? L14√ L15√",
    "附件2第3行": f"L0? K1? K2? {_MISSING} E1× E2? E3√ E4? U1? U2? U3? L1√ L2√ L3√ L4√ L5√ L6√ L7√ {_LICENCE} L13? L14√ L15√",
    "附件2第4行": f"L0? K1? K2× {_MISSING} E1? E2? E3× E4? U1? U2? U3? L1√ L2√ L3√ L4√ L5√ L6√ L7× {_LICENCE} L13? L14√ L15√",
    "附件2第5行": f"L0√ K1? K2× {_MISSING} E1? E2? E3√ E4? U1? U2? U3? L1√ L2√ L3√ L4√ L5√ L6? L7? {_LICENCE} L13? L14√ L15√",
    "附件3第1行": f"{_BLOCK} M5√ M6√ M7√ M8√ M9√ M10√",
    "附件3第2行": f"{_BLOCK} M5× M6√ M7√ M8√ M9√ M10√",
    "附件3第3行": f"{_BLOCK} M5× M6? M7√ M8√ M9√ M10√",
    "附件3第4行": f"{_BLOCK} M5× M6√ M7√ M8√ M9√ M10√",
    "附件3第5行": f"{_BLOCK} M5× M6√ M7√ M8√ M9√ M10√",
    "附件3第6行": f"{_BLOCK} M5× M6? M7√ M8√ M9√ M10√",
    "附件3第7行": f"{_BLOCK} M5× M6? M7√ M8√ M9√ M10√",
    "附件3第8行": "N1? N2× N3? N4? M1× M2? M3? M4? M5× M6? M7√ M8√ M9√ M10×",
    "附件3": "M0×",
    "方案": "P1× P2×",
}  # fmt: skip

#: What the list of known oddities of the annexes says, and the words in which the check says it.
ODDITIES = [
    ("附件2第1行", "L9", "登记机关是采矿许可证登记机关（晋城市", "列入异常名录由该机关办理，县里只能提请"),
    ("附件2第3行", "L9", "发证机关代码 140000：登记机关是采矿许可证登记机关（山西省", "县里只能提请"),
    ("附件2第1行", "L4", "许可证有效期至 2025-01-02，方案 2025-03-20 印发，方案印发时已经到期", ""),
    ("附件2第1行", "L5", "2024-12-01 至 2025-01-02，共 33 天", ""),
    ("附件2第1行", "L6", "是村（居）民委员会", ""),
    ("附件2第2行", "L6", "“阳城县润泰矿业有限公司”是公司名称，采矿权人“潘李兵”像是自然人姓名", ""),
    ("附件2第4行", "L6", "采矿权人“崔敏峰”像是自然人姓名", ""),
    ("附件2第5行", "L6", "采矿权人与矿山同名", ""),
    ("附件2第4行", "L2", "2026-11-29 到期，晚于 2025-12-31，勾选引导退出", ""),
    ("附件2第3行", "L3", "关闭退出时间 2025 年，许可证 2025-11-16 到期", ""),
    ("附件2第1行", "E3", "生产规模 10 万吨/年，方案标准：露天采石场 50", "是否适用取决于用途和开采方式"),
    ("附件2第3行", "E3", "生产规模 9 万吨/年，方案标准：铝土矿 30", "低于标准"),
    ("附件2第5行", "E3", "水泥用灰岩矿 30（三(二)2(3)），露天采石场 50", "低于标准"),
    ("附件2第4行", "E3", "“陶瓷土”不在方案所列四类矿山之内", ""),
    ("附件2第4行", "L7", "不低于高岭土、瓷土中型下限 5", "恰好等于下限"),
    ("附件2第1行", "L10", "2011年8月，早于有效期起 2024-12-01：是延续", ""),
    ("附件2第4行", "L10", "2016年11月与有效期起 2016-11-29 同月", ""),
    ("附件2第3行", "L11", "第 14 位是 3，按规律推断与矿种“铝土矿”相符", ""),
    ("附件3第8行", "M1", "预测资源量 300 万吨，矿床中型下限：冶镁白云岩 1000", "低于中型；建筑用石料的标准待查（DZ/T 0400-2022）"),
    ("附件3第4行", "M1", "预测资源量 1000 万吨，矿床中型下限：水泥用灰岩 1500，电石、制碱、化肥、熔剂用灰岩 1000", "用途未写明"),
    ("附件3第3行", "M2", "没有用途一栏", ""),
    ("附件3第3行", "M3", "只列预测资源量", ""),
    ("附件3第3行", "M4", "没有生产规模一栏", ""),
    ("附件3第2行", "M5", "拟出让年度 2026，总体规划期 2021—2025 年", ""),
    ("附件3第8行", "M7", "折合厚度约 15 米", ""),
    ("附件3第3行", "M7", "折合厚度约 56 米", ""),
    ("附件3第6行", "M6", "名称带序号“一”，名录中没有与它成组的其他序号", ""),
    ("附件3第8行", "M10", "“窰”不在 GB 2312 字符集内", ""),
    ("附件3", "M0", "以阳城县开头的：3、5、6、7、8；不以阳城县开头的：1、2、4", ""),
    ("方案", "P1", "10 个：县发展和改革部门、县工信部门", "县林业部门"),
    ("方案", "P2", "县公安部门", ""),
]  # fmt: skip


def everything() -> list[Finding]:
    return [*check_rows(ROWS, GROUND), *check_plan(BODIES, PLAN.number)]


def test_every_row_has_its_verdict_on_every_rule_and_nothing_else_is_claimed() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for one in everything():
        found[one.place].append(f"{one.rule}{_MARKS[one.verdict]}")
    assert {place: " ".join(rules) for place, rules in found.items()} == PUBLISHED


@pytest.mark.parametrize(("place", "rule", "said", "more"), ODDITIES)
def test_what_is_odd_about_the_annexes_is_said_with_the_fact(place: str, rule: str, said: str, more: str) -> None:
    (one,) = [f for f in everything() if (f.place, f.rule) == (place, rule)]
    assert said in one.said
    assert more in one.said


def test_every_finding_has_its_clause_and_what_is_used_has_a_source() -> None:
    nothing = "名录和登记中都没有这项事实"
    for one in everything():
        assert clauses.exists(one.clause), one
        assert one.said
        assert bool(one.sources) != (one.said == nothing or one.said.startswith("附件3")), one
        assert one.settle if one.verdict == "unknown" else True, one
    sources = {f.rule: f.sources for f in everything() if f.place == "附件2第1行"}
    assert sources["K1"] == ("阳政办发〔2025〕17号 附件2 第1行", "核对日期 2026-11-23")
    assert sources["L13"] == ("附件2第1行采矿权人的住所地（河北镇北梁村）",)


def test_it_says_what_would_settle_a_doubt_and_who_knows() -> None:
    of = {f.rule: f.settle for f in everything() if f.place == "附件2第5行"}
    assert of["K1"] == "查明：正在开采（县自然资源局），安全生产许可证编号、安全生产许可证有效期至（县应急管理局）"
    assert of["E3"].startswith("确认：矿产用途、开采方式（露天或地下）、剩余可采资源服务年限（年）")
    assert "规模标准是否仍然有效" in of["L7"]


def test_a_wording_accuses_nobody() -> None:
    words = "".join(f.title + f.said + f.settle for f in everything())
    for verdict in ("违法开采", "非法", "虚假", "造假", "骗取", "失职", "应予处罚"):
        assert verdict not in words


def altered(index: int, **facts: Any) -> ListedRow:
    row = ROWS[index]
    return replace(row, facts={**row.facts, **facts}, name=str(facts.get("name", row.name)))


def judged(row: ListedRow, rule: str, rows: list[ListedRow] | None = None) -> tuple[str, str]:
    (one,) = [f for f in check_rows(rows or [row], GROUND) if f.rule == rule and f.place == row.place]
    return one.verdict, one.said


@pytest.mark.parametrize(
    ("row", "rule", "verdict", "said"),
    [
        (altered(0, ways=("closure", "guided_exit")), "L1", "miss", "勾选了 2 栏（关闭取缔、引导退出）"),
        (altered(0, ways=()), "L1", "miss", "勾选了 0 栏"),
        (altered(0, ways=("guided_exit",)), "L2", "miss", "不晚于 2025-12-31，勾选引导退出"),
        (altered(0, exit_year="2026"), "L3", "miss", "关闭退出时间 2026 年，许可证 2025-01-02 到期"),
        (altered(0, valid_to="2025-03-20"), "L4", "hit", "仍在有效期内"),
        (altered(0, valid_to=None), "L4", "unknown", "没有这项事实"),
        (altered(0, valid_from="2024-10-03"), "L5", "hit", "共 92 天"),
        (altered(1, holder="演示甲公司", name="演示乙公司"), "L6", "unknown", "两个公司名称"),
        (altered(1, holder="演示乙公司", name="演示乙公司一号矿"), "L6", "hit", "是单位名称"),
        (altered(2, scale="30"), "L7", "miss", "恰好等于下限"),
        (altered(2, scale="30.1"), "L7", "miss", "不低于铝土矿中型下限 30"),
        (altered(0, licence_number="C140500"), "L8", "miss", "“C140500”不对"),
        (altered(0, licence_number="C1405222011087130116895"), "L9", "miss", "属于本市，但没有登记这个机关"),
        (altered(0, licence_number="C1101002011087130116895"), "L9", "miss", "不是本县所在的市、省登记机关"),
        (altered(0, licence_number="C1405002025017130116895"), "L10", "miss", "晚于有效期起 2024-12-01"),
        (altered(0, licence_number="C1405002011083130116895"), "L11", "miss", "按规律推断"),
        (altered(0, mineral="石膏"), "L11", "unknown", "没有可对照的规律"),
        (altered(5, mineral="石膏"), "M7", "unknown", "没有“石膏”的体重"),
        (altered(5, predicted_resource="200000"), "M7", "miss", "折合厚度约 2903 米"),
        (altered(5, location="阳城县河北镇郎庄村"), "M8", "miss", "名称中的乡镇是东冶镇，地理位置在河北镇"),
        (altered(5, mineral_use="水泥用", planned_scale="100", resource_basis="详查报告"), "M1", "hit", "达到中型"),
        (altered(5, mineral_use="水泥用"), "M2", "hit", "矿产用途：水泥用"),
    ],
)
def test_each_check_can_fail_and_can_hold(row: ListedRow, rule: str, verdict: str, said: str) -> None:
    found = judged(row, rule)
    assert (found[0], said in found[1]) == (verdict, True), found


def test_a_row_that_stands_there_twice_is_said_to() -> None:
    twice = replace(ROWS[1], row=9)
    assert judged(ROWS[1], "L14", [*ROWS, twice]) == ("miss", "与附件2第9行的名称或许可证号相同")


def test_a_serial_out_of_its_order_is_only_a_hint() -> None:
    older = altered(3, licence_number="C1405002016117130000001")
    verdict, said = judged(older, "L12", [*ROWS[:3], older, ROWS[4]])
    assert (verdict, "只作提示" in said) == ("unknown", True)


def test_a_block_with_its_sibling_on_the_list_is_not_remarked() -> None:
    one, two = altered(7, name="阳城县演示镇演示石灰岩矿一"), altered(10, name="阳城县演示镇演示石灰岩二矿")
    assert judged(one, "M6", [one, two])[0] == "hit"
    assert numbered("阳城县河北镇河北村(原南井沟村)石灰岩矿二") == ("阳城县河北镇河北村石灰岩矿", "二")


def test_a_survey_settles_what_the_annex_leaves_open() -> None:
    surveyed = altered(3, resources_exhausted="yes")
    assert judged(surveyed, "L0") == ("hit", "有事实支持：E1；不符合：E3；事实不足：E2、E4")


@pytest.mark.parametrize(
    ("holder", "person"),
    [
        ("潘李兵", True),
        ("崔敏峰", True),
        ("阿依·古丽", False),
        ("演示矿", False),
        ("演示村委会", False),
        ("演示公司", False),
        ("演示石料厂", False),
    ],
)
def test_a_holder_reads_like_a_person_or_like_a_body(holder: str, person: bool) -> None:
    assert is_person(holder) == person


def test_units_that_are_all_seated_are_said_to_be() -> None:
    (seats, duties) = check_plan([Body("water", "县水务部门", "附件1")], "演示方案")
    assert (seats.verdict, duties.verdict) == ("hit", "hit")


def test_checks_have_names_of_their_own_and_cite_clauses() -> None:
    checks = (*EXIT_CHECKS, *NEW_CHECKS)
    assert len({check.id for check in checks}) == len(checks)
    assert all(clauses.exists(check.clause) for check in checks)
    assert set(readings(GROUND)) == {"K2", "K5", "E2", "E3", "U1", "U2", "N1", "N2"}
