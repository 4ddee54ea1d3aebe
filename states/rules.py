"""The plan's criteria K/E/U/N (三(二)) over a mine's facts: they propose with reasons, a person decides.

Where the plan is ambiguous, the careful reading is used and the reason says so.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from states import yardsticks as y
from states.answers import FACTS, Answer, Known, all_of, any_of, unknown
from states.thresholds import Yardsticks

Verdict = Literal["hit", "miss", "unknown"]
_VERDICTS: dict[bool | None, Verdict] = {True: "hit", False: "miss", None: "unknown"}


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one criterion says of one mine."""

    rule: str
    #: Procedure that the criterion points to.
    route: str
    verdict: Verdict
    #: The facts that were used, the threshold, and how the plan was read; in Chinese.
    reason: str
    clause: str
    #: Names of the facts that are missing; their labels stand in `states.answers.FACTS`.
    needs: tuple[str, ...] = ()
    #: Names of the facts that were looked at and are known.
    used: tuple[str, ...] = ()
    #: The facts and thresholds alone, without what is missing and how the plan was read.
    said: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One criterion of the plan."""

    id: str
    route: str
    clause: str
    test: Callable[[Known], Answer]
    #: How an ambiguity of the plan is read, or what a person must still confirm.
    remark: Callable[[Yardsticks], str] = lambda _: ""

    @property
    def concerns(self) -> str:
        return "block" if self.route == "new_right" else "mine"

    def judge(self, known: Known) -> RuleResult:
        answer = self.test(known)
        missing = f"尚缺：{'、'.join(FACTS[name] for name in answer.needs)}" if answer.needs else ""
        reason = "；".join(part for part in (*answer.words, missing, self.remark(known.yardsticks)) if part)
        return RuleResult(
            self.id, self.route, _VERDICTS[answer.value], f"{reason}。", self.clause, answer.needs, tuple(known.used),
            "；".join(answer.words),
        )  # fmt: skip


def propose(facts: Mapping[str, object], yardsticks: Yardsticks) -> list[RuleResult]:
    """What every criterion says; `kind` (mine or block) leaves out those for the other. Never raises."""
    others = {"mine": "block", "block": "mine"}.get(Known(facts, yardsticks).text("kind"), "")
    return [rule.judge(Known(facts, yardsticks)) for rule in RULES if rule.concerns != others]


def suggested_routes(results: Iterable[RuleResult]) -> tuple[str, ...]:
    """Routes that the criteria point to, the severest first; several, or none, are for a person to settle.

    One ground is enough to close or to exit; improving alone (U2) saves no mine that U1 excludes; a new right
    needs every condition.
    """
    verdicts = {result.rule: result.verdict for result in results}
    hits = {rule for rule, verdict in verdicts.items() if verdict == "hit"}
    new_right = [verdict for rule, verdict in verdicts.items() if rule.startswith("N")]
    fitting = {
        "closure": any(rule.startswith("K") for rule in hits),
        "guided_exit": any(rule.startswith("E") for rule in hits),
        "upgrade": bool(hits & {"U1", "U3"}) or ("U2" in hits and verdicts.get("U1") != "miss"),
        "new_right": bool(new_right) and set(new_right) == {"hit"},
    }
    return tuple(route for route, fits in fitting.items() if fits)


def _unlicensed(known: Known) -> Answer:
    lacking = any_of(
        ~known.is_held("licence_number"), known.is_past("valid_to"),
        ~known.is_held("safety_permit_number"), known.is_past("safety_permit_valid_to"),
    )  # fmt: skip
    return all_of(known.is_true("is_mining"), lacking)


def _expired(known: Known) -> Answer:
    until = known.day("valid_to")
    if until is None:
        return unknown("valid_to")
    cutoff = known.yardsticks.licence_cutoff
    soon = until <= cutoff
    ends = Answer(soon, (f"采矿许可证 {until} 到期，{'不晚于' if soon else '晚于'} {cutoff}",))
    further = any_of(
        known.is_true("near_exhausted"), ~known.is_true("meets_requirements"), ~known.is_true("renewal_granted")
    )
    return all_of(ends, further)


def _unsafe(known: Known) -> Answer:
    return any_of(known.is_true("obsolete_process"), known.is_true("unsafe_after_suspension"))


def _illegal_works(known: Known) -> Answer:
    left = any_of(~known.is_true("illegal_works_rectified"), ~known.is_true("safe_conditions"))
    return all_of(known.is_true("illegal_works"), left)


def _other_breach(known: Known) -> Answer:
    return all_of(known.is_true("other_breach"), known.is_true("government_decision"))


def _exhausted(known: Known) -> Answer:
    return all_of(known.is_true("resources_exhausted"), ~known.is_past("valid_to"))


def _idle(known: Known) -> Answer:
    months, limit = known.number("idle_months"), known.number("idle_limit_months")
    if months is not None and months == 0:
        return Answer(False, ("没有停工停产停建",))
    if months is None or limit is None:
        return unknown(*(n for n, v in (("idle_months", months), ("idle_limit_months", limit)) if v is None))
    return known.is_at_least("idle_months", limit, "县里确定的")


def _too_small(known: Known) -> Answer:
    mineral, scale = known.text("mineral"), known.number("scale")
    if not mineral:
        return unknown("mineral", *(() if scale is not None else ("scale",)))
    floors = y.floors(known)
    if not floors.among:
        return Answer(False, (f"“{mineral}”不在方案所列四类矿山之内，不能以本项为由，应查明枯竭、停工等其他情形",))
    life = ~known.is_at_least("remaining_life", known.yardsticks.life.least, "方案标准")
    either = any_of(_below(known, floors), life)
    # A proposal to exit stays a proposal: what is still open about the kind of mine is asked for all the same.
    extra = floors.needs + life.needs if either.value else ()
    return Answer(either.value, either.words, either.needs or tuple(dict.fromkeys(extra)))


def _below(known: Known, floors: y.Floors) -> Answer:
    scale = known.number("scale")
    if scale is None:
        return unknown("scale")
    compared = "，".join(f"{f.label} {f.least}（{f.clause}）" for f in floors.among)
    words = f"生产规模 {scale} 万吨/年，方案标准：{compared}"
    least, most = min(f.least for f in floors.among), max(f.least for f in floors.among)
    if scale >= most:
        return Answer(False, (f"{words}，达到{_gap(known)}",))
    if scale >= least or not floors.settled:
        return unknown(*floors.needs, words=f"{words}，是否适用取决于用途和开采方式")
    return Answer(True, (f"{words}，低于标准",))


def _gap(known: Known) -> str:
    """Between the plan's floor and 中型 a mine need not exit, but cannot be kept as it is."""
    medium = y.medium(known, "scale")
    return "；但低于中型，须承诺提升到中型方可单独保留" if medium.value is False else ""


def _not_built(known: Known) -> Answer:
    building, done = known.flag("under_construction"), known.day("completed_on")
    until, today = known.day("build_by"), known.day("as_of")
    if building is False and done is None:
        return Answer(False, ("没有在建项目",))
    if until is None:
        return unknown("build_by")
    if done is not None:
        return Answer(done > until, (f"竣工日期 {done}，批准的基建期至 {until}",))
    if today is None:
        return unknown("as_of")
    words = f"批准的基建期（含延期）至 {until}，判断日期 {today}"
    if today <= until:
        return Answer(False, (f"{words}，尚未届满",))
    return (
        Answer(True, (f"{words}，仍未竣工",))
        if building
        else unknown("under_construction", "completed_on", words=words)
    )


def _keepable(known: Known) -> Answer:
    scale = y.medium(known, "target_scale")
    if known.number("target_scale") is None:
        now = y.medium(known, "scale")
        # Already medium is as good as made medium; anything else waits for what the holder proposes.
        scale = now if now.value else Answer(None, now.words, (*now.needs, "target_scale"))
    return all_of(scale, known.is_at_least("remaining_life", known.yardsticks.life.least, "方案标准"))


def _to_improve(known: Known) -> Answer:
    automate = all_of(y.large(known), ~known.is_true("automated"))  # only a large mine owes automation
    return any_of(~known.is_true("green_mine"), ~known.is_true("mechanised"), automate)


def _to_merge(known: Known) -> Answer:
    grounds = ("shared_ore_body", "below_safety_distance", "below_minimum_system", "ridge_boundary_quarry")
    return any_of(*(known.is_true(name) for name in grounds))


def _planned(known: Known) -> Answer:
    year, later = known.number("transfer_year"), known.is_given("planning_basis")
    last = known.yardsticks.master_plan_to
    if year is None:
        covered = unknown("transfer_year")
    elif year <= last:
        covered = Answer(True, (f"拟出让年度 {year}，在总体规划期（至 {last} 年）内",))
    else:
        words = f"拟出让年度 {year} 超出总体规划期（至 {last} 年），须写明所依据的新一期规划"
        covered = Answer(later.value, (words, *later.words), later.needs)
    return all_of(covered, known.is_true("in_master_plan"), known.is_given("planned_scale"))


def _admitted(known: Known) -> Answer:
    admissions = ("scale", "environment", "safety", "qualification", "space", "technology")
    return all_of(
        y.deposit(known), y.medium(known, "planned_scale"), known.is_given("resource_basis"),
        known.is_true("green_mine_met"), *(known.is_true(f"admission_{name}") for name in admissions),
    )  # fmt: skip


def _clear_of_limits(known: Known) -> Answer:
    return all_of(known.is_true("avoids_restricted_areas"), known.is_true("land_linked"))


def _layers(known: Known) -> Answer:
    layers = ("territorial_plan", "ecological_redline", "urban_boundary", "farmland", "nature_reserve")
    return all_of(*(~known.is_true(f"overlaps_{name}") for name in layers))


_EITHER = "方案对规模与服务年限未写明须同时不足还是一项不足，按任一项不足提出；采矿权人能证明改造后符合三(二)3(1)的除外，须书面认定"
_FURTHER = "资源濒临枯竭、达不到整改要求或未获续期"
_QUARRY = "砂岩、石灰岩等是否属于露天采石场须由人认定；陶瓷土等粘土不属于方案所列四类"

RULES: tuple[Rule, ...] = (
    Rule("K1", "closure", "三(二)1(1)", _unlicensed),
    Rule("K2", "closure", "三(二)1(2)", _expired,
         lambda known: f"方案原文两项情形之间没有连接词，按“{known.licence_cutoff}前到期，并且{_FURTHER}至少一项”理解"),
    Rule("K3", "closure", "三(二)1(3)", _unsafe),
    Rule("K4", "closure", "三(二)1(4)", _illegal_works),
    Rule("K5", "closure", "三(二)1(5)", _other_breach, lambda _: "须有县政府研究决定，系统不代为判断"),
    Rule("E1", "guided_exit", "三(二)2(1)", _exhausted),
    Rule("E2", "guided_exit", "三(二)2(2)", _idle, lambda _: "方案没有写明“长期”是几个月，由县里确定，系统不设默认值"),
    Rule("E3", "guided_exit", "三(二)2(3)", _too_small,
         lambda known: f"{_EITHER}；{_QUARRY}；{known.scale_caution}"),
    Rule("E4", "guided_exit", "三(二)2(4)", _not_built),
    Rule("U1", "upgrade", "三(二)3(1)", _keepable,
         lambda known: f"方案退出标准低于中型，介于两者之间的不退出但须提升到中型；{known.scale_caution}"),
    Rule("U2", "upgrade", "三(二)3(2)", _to_improve, lambda known: known.scale_caution),
    Rule("U3", "upgrade", "三(二)3(3)", _to_merge),
    Rule("N1", "new_right", "三(二)4(1)", _planned, lambda _: "省、市工作要求由人核对"),
    Rule("N2", "new_right", "三(二)4(2)", _admitted,
         lambda known: f"附件3只是预测资源量，且未写用途和生产规模；{known.deposit_caution}；{known.scale_caution}"),
    Rule("N3", "new_right", "三(二)4(3)", _clear_of_limits),
    Rule("N4", "new_right", "五(二)¶2", _layers),
)  # fmt: skip
