"""名录核对 (N3): every row of a list against the plan's criteria and against itself, and the plan against its own lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from states import parties as p
from states.answers import Known
from states.clauses import CLAUSES
from states.list_checks import EXIT_CHECKS, NEW_CHECKS
from states.listed import WAYS, Finding, Ground, Index, ListedRow, Look, finding
from states.rules import RULES, RuleResult, Verdict, propose

_GROUND = "L0"
#: Words at the beginning of an organ's source: the plan gives it a seat or a duty of its own.
_SEATED = ("五(二)", "五(一)", "附件1", "四(二)1")
_UNNAMED = "方案未列名"


@dataclass(frozen=True, slots=True)
class Body:
    """An organ as the county's data know it: where the plan names it."""

    id: str
    name: str
    source: str


def check_rows(
    rows: Sequence[ListedRow], ground: Ground, shown: Sequence[ListedRow] | None = None
) -> list[Finding]:  # fmt: skip
    """Everything that the rows of one list say (or some of them), row by row, and then of the list as a whole."""
    indexes = {annex: Index([row for row in rows if row.annex == annex]) for annex in (2, 3)}
    found: list[Finding] = []
    for row in rows if shown is None else shown:
        index = indexes[row.annex]
        found += _criteria(row, index, ground)
        checks = EXIT_CHECKS if row.annex == 2 else NEW_CHECKS
        found += [check.judge(Look(row, index, ground, Known(row.facts, ground.yardsticks))) for check in checks]
    return [*found, *_whole(rows, ground)]


def _criteria(row: ListedRow, index: Index, ground: Ground) -> list[Finding]:
    facts = {**row.facts, "as_of": ground.today, "kind": "mine" if row.annex == 2 else "block"}
    results = propose(facts, ground.yardsticks)
    found = []
    for result in results:
        look = Look(row, index, ground, Known(facts, ground.yardsticks, dict.fromkeys(result.used)))
        below = result.rule == "N2" and result.verdict == "miss"
        found.append(
            finding(look, result.rule, _title(result), result.verdict, result.clause, result.said, result.needs,
                    "核实所列事实，按现行标准由人认定" if below else "")
        )  # fmt: skip
    return [*_way(row, index, ground, results), *found] if row.annex == 2 else found


def _title(result: RuleResult) -> str:
    kind = {
        "closure": "关闭取缔情形",
        "guided_exit": "引导退出情形",
        "upgrade": "升级改造条件",
        "new_right": "配置新设条件",
    }
    # The clause of N4 is headed by the organ whose duty it is.
    heading = "避开禁止采矿区域" if result.rule == "N4" else CLAUSES[result.clause].heading
    return f"{kind[result.route]}：{heading}"


def _way(row: ListedRow, index: Index, ground: Ground, results: Sequence[RuleResult]) -> list[Finding]:
    """Whether the way that is ticked has a ground among the criteria: the annex itself names none."""
    if len(row.ways) != 1 or row.ways[0] not in WAYS:
        return []
    way = row.ways[0]
    own = [result for result in results if result.route == way]
    by_verdict = {verdict: [r for r in own if r.verdict == verdict] for verdict in ("hit", "miss", "unknown")}
    verdict: Verdict = "hit" if by_verdict["hit"] else "unknown" if by_verdict["unknown"] else "miss"
    words = {"hit": "有事实支持", "unknown": "事实不足", "miss": "不符合"}
    said = "；".join(f"{words[v]}：{'、'.join(r.rule for r in of)}" for v, of in by_verdict.items() if of)
    advice = "" if verdict == "hit" else "名录没有写明事由，由提出名录的单位写明所依据的情形和事实"
    look = Look(row, index, ground, Known(row.facts, ground.yardsticks, {"ways": None}))
    clause = "三(二)1" if way == "closure" else "三(二)2"
    return [finding(look, _GROUND, f"勾选的{WAYS[way]}有方案所列情形", verdict, clause, said, advice=advice)]


def _whole(rows: Sequence[ListedRow], ground: Ground) -> list[Finding]:
    """What is said of annex 3 as a whole."""
    blocks = [row for row in rows if row.annex == 3]
    if not blocks:
        return []
    begins: dict[bool, list[str]] = {True: [], False: []}
    for row in blocks:
        begins[row.name.startswith(ground.county)].append(str(row.row or row.code))
    mixed = bool(begins[True] and begins[False])
    said = "；".join(
        f"{words}{ground.county}开头的：{'、'.join(begins[key])}"
        for key, words in ((True, "以"), (False, "不以"))
        if begins[key]
    )
    advice = "按编号识别，不按名称识别；登记时写全称" if mixed else ""
    sources = tuple(dict.fromkeys(row.list for row in blocks))
    verdict: Verdict = "miss" if mixed else "hit"
    return [Finding("、".join(sources), "", "", "M0", "名称的写法一致", verdict, "附件3", said, sources, (), advice)]


def check_plan(bodies: Sequence[Body], source: str) -> list[Finding]:
    """What the plan says of organs in one place and not in another; `source` names the plan."""
    by_id = {body.id: body for body in bodies}
    asked = [by_id[unit.id] for unit in p.SURVEY_UNITS if unit.id in by_id]
    without = [body.name for body in asked if not body.source.startswith(_SEATED)]
    unnamed = [body.name for body in bodies if body.source.startswith(_UNNAMED) and not body.id.startswith("registrar")]
    seats = f"四(二)6 要求参加踏勘而附件1、五(二)没有列名的单位 {len(without)} 个：{'、'.join(without)}"
    duties = f"关闭时须由其办理而方案没有列名的单位：{'、'.join(unnamed)}"
    return [
        _of_plan("P1", "承担踏勘职责的单位都在工作组或分工中列名", "四(二)6¶2", seats if without else "", source,
                 "逐个发函征求意见并登记答复，不以“通知”布置"),
        _of_plan("P2", "关闭所需的办理单位都有分工", "五(二)", duties if unnamed else "", source, "办理时用函商请，并登记联系方式"),
    ]  # fmt: skip


def _of_plan(rule: str, title: str, clause: str, against: str, source: str, advice: str) -> Finding:
    verdict: Verdict = "miss" if against else "hit"
    said = against or "都已列名"
    return Finding("方案", "", "", rule, title, verdict, clause, said, (source,), (), advice if against else "")


def readings(ground: Ground) -> Mapping[str, str]:
    """How each criterion reads the plan, and what must be confirmed before it is relied on: said once for all rows."""
    return {rule.id: words for rule in RULES if (words := rule.remark(ground.yardsticks))}
