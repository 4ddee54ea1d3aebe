"""Each condition lets pass what is in order, and says of the rest what is missing, from whom, under which clause."""

import re
from datetime import date
from decimal import Decimal

import pytest

from states import clauses, guards
from states import parties as p
from states.facts import Facts, Track
from states.kernel import Guard, Step
from states.registry import PROCEDURES
from states.upgrade import PROMISES_IN_ORDER
from tests.states.samples import TODAY, facts, track

CLAUSE = "四(二)4"
LAW = "行政强制法第五十一条"


def said(guard: Guard, given: Facts) -> str:
    """The blocker as a person reads it; empty when the step may be taken."""
    return str(guard.test(given) or "")


def test_an_open_value_must_be_filled_in() -> None:
    guard = guards.known("township_id", "矿山所在乡(镇)", p.NATURAL_RESOURCES, "五(二)¶8")
    assert guard.title == "“矿山所在乡(镇)”已明确"
    for nothing in ({}, {"township_id": ""}, {"township_id": None}):
        assert said(guard, facts(nothing)) == "“矿山所在乡(镇)”尚未明确（责任：县自然资源局；依据：五(二)¶8）"
    assert said(guard, facts({"township_id": "township_hebei"})) == ""


def test_a_step_carries_out_only_what_was_proposed() -> None:
    guard = guards.equals("proposed_route", "closure", "拟定的整治方式不是关闭取缔", p.WORKING_GROUP, "四(二)1")
    assert guard.title == "拟定的整治方式是关闭取缔"
    blocked = "拟定的整治方式不是关闭取缔（责任：县非煤矿产资源综合整治提升工作组；依据：四(二)1）"
    assert said(guard, facts()) == blocked
    assert said(guard, facts({"proposed_route": "upgrade"})) == blocked
    assert said(guard, facts({"proposed_route": "closure"})) == ""


def test_what_may_be_done_once_is_refused_the_second_time() -> None:
    guard = guards.first_time("extension_reason", "已经延期一次，不能再延", p.NATURAL_RESOURCES, "四(二)3")
    assert said(guard, facts({"extension_reason": "雨季"})) == ""
    again = facts({"extension_reason": "仍未完"}, before={"extension_reason": "雨季"})
    assert said(guard, again) == "已经延期一次，不能再延（责任：县自然资源局；依据：四(二)3）"


@pytest.mark.parametrize(
    ("until", "blocked"),
    [
        (None, "“整改期限”尚未明确"),
        ("2026-11-24", "“整改期限”2026-11-24 尚未届满"),
        ("2026-11-23", "“整改期限”2026-11-23 尚未届满"),
        ("2026-11-22", ""),
        (date(2026, 11, 1), ""),
    ],
)
def test_the_last_day_of_a_term_still_belongs_to_who_has_to_act(until: object, blocked: str) -> None:
    guard = guards.term_expired("rectify_by", "整改期限", p.HOLDER, CLAUSE)
    assert guard.title == "“整改期限”已届满"
    assert said(guard, facts({"rectify_by": until})) == (blocked and f"{blocked}（责任：采矿权人；依据：四(二)4）")


def test_a_day_may_not_lie_after_any_of_its_limits() -> None:
    limits = (("valid_to", "采矿许可证到期日"), ("other", "另一期限"))
    guard = guards.not_after("stop_on", "停产日期", limits, p.WORKING_GROUP, "四(二)2")
    assert guard.title == "“停产日期”不晚于采矿许可证到期日、另一期限"
    late = facts({"stop_on": "2026-11-30", "valid_to": "2026-11-29", "other": "2027-01-01"})
    assert said(guard, late).startswith(
        "“停产日期”2026-11-30 晚于采矿许可证到期日 2026-11-29，应改到该日或之前（责任："
    )
    for given in (
        {"stop_on": "2026-11-29", "valid_to": "2026-11-29", "other": "2027-01-01"},
        {"stop_on": "2026-11-30"},
        {"valid_to": "2026-11-29"},
    ):
        assert said(guard, facts(given)) == ""


def test_a_day_lies_in_or_before_the_year_of_exit() -> None:
    guard = guards.not_after_year("stop_on", "停产日期", "exit_year", p.WORKING_GROUP, "四(二)2")
    late = said(guard, facts({"stop_on": "2027-01-01", "exit_year": "2026"}))
    assert late.startswith("“停产日期”2027-01-01 晚于关闭退出年度 2026 年")
    for given in ({"stop_on": "2026-12-31", "exit_year": "2026"}, {"stop_on": "2027-01-01"}, {"exit_year": "2026"}):
        assert said(guard, facts(given)) == ""


def test_one_day_lies_after_another() -> None:
    guard = guards.after("rectify_by", "整改期限", "served_on", "送达日期", p.ENFORCER, CLAUSE)
    assert guard.title == "“整改期限”晚于“送达日期”"
    same = facts({"rectify_by": "2026-11-23", "served_on": "2026-11-23"})
    assert said(guard, same).startswith("“整改期限”2026-11-23 应晚于“送达日期”2026-11-23（责任：依法有权的监管部门")
    for given in ({"rectify_by": "2026-11-24", "served_on": "2026-11-23"}, {"rectify_by": "2026-11-24"}, {}):
        assert said(guard, facts(given)) == ""


@pytest.mark.parametrize(("years", "blocked"), [("4.9", True), ("5", False), ("12", False), (None, False)])
def test_a_threshold_of_the_plan_must_be_reached(years: str | None, blocked: bool) -> None:
    guard = guards.at_least("remaining_life", "剩余服务年限", Decimal(5), "年", p.HOLDER, "三(二)3(1)")
    wanted = f"“剩余服务年限”为 {years}年，低于 5年（责任：采矿权人；依据：三(二)3(1)）"
    assert said(guard, facts({"remaining_life": years})) == (wanted if blocked else "")


def test_every_track_of_a_kind_must_have_got_there_and_there_must_be_one() -> None:
    guard = guards.tracks_reached("permit", ("cancelled",), "证照注销", p.NATURAL_RESOURCES, "五(二)¶1")
    assert guard.reads_tracks
    done = track("permit", "cancelled", final=True, subject="采矿许可证")
    waiting = track("permit", "active", subject="营业执照")
    other = track("fund", "plan_due")
    assert said(guard, facts(tracks=(other,))).startswith("证照注销：尚未立案（责任：县自然资源局")
    assert said(guard, facts(tracks=(done, waiting))).startswith("证照注销：营业执照（状态active）（责任：")
    assert said(guard, facts(tracks=(done, other))) == ""


def test_nothing_may_still_run_beside_a_case_that_is_archived() -> None:
    guard = guards.no_track_open(p.GROUP_OFFICE, "五(二)¶1")
    done, running = track("fund", "audited", final=True), track("rectification", "ordered")
    assert said(guard, facts(tracks=(done, running))).startswith(
        "并行事项未办结：rectification-1（状态ordered）（责任：工作组办公室"
    )
    assert said(guard, facts(tracks=(done,))) == ""
    assert said(guard, facts()) == ""


def opinion(unit: p.Party, state: str = "replied", answer: str = "no_objection") -> Track:
    return track("referral", state, subject=unit.name, purpose="survey", answer=answer)


def opinions(**changed: Track) -> tuple[Track, ...]:
    return tuple(changed.get(unit.id) or opinion(unit) for unit in p.SURVEY_UNITS)


def test_sixteen_opinions_are_in_before_a_boundary_is_fixed() -> None:
    assert said(guards.ALL_OPINIONS, facts(tracks=opinions())) == ""
    silent = opinions(power=opinion(p.POWER, "criticised"))
    blocked = said(guards.ALL_OPINIONS, facts(tracks=silent))
    assert blocked == "踏勘意见未反馈 1 家：县电力部门（责任：县电力部门；依据：四(二)6¶2）"
    blocked = said(guards.ALL_OPINIONS, facts(tracks=opinions()[:-1]))
    assert blocked.startswith("只征求了 15 家意见，应为 16 家（责任：工作组办公室")
    assert said(guards.ALL_OPINIONS, facts()).startswith("只征求了 0 家意见")


def test_silence_and_other_referrals_are_no_opinion() -> None:
    asked_for_help = track("referral", "sent", subject="县电力部门", purpose="help")
    assert said(guards.ALL_OPINIONS, facts(tracks=(*opinions(), asked_for_help))) == ""
    assert guards.latest_opinions(facts(tracks=(asked_for_help,))) == {}


def test_an_objection_stands_until_the_same_unit_withdraws_it() -> None:
    against = opinions(forestry=opinion(p.FORESTRY, answer="objection"))
    blocked = said(guards.NO_OBJECTION, facts(tracks=against))
    assert blocked == "有意见尚未解决：县林业部门（责任：县林业部门；依据：四(二)6¶2）"
    assert said(guards.SOME_OBJECTION, facts(tracks=against)) == ""
    solved = (*against, opinion(p.FORESTRY))
    assert said(guards.NO_OBJECTION, facts(tracks=solved)) == ""
    assert said(guards.SOME_OBJECTION, facts(tracks=solved)).startswith("没有单位提出反对意见（责任：县自然资源局")


@pytest.mark.parametrize(
    ("until", "blocked"),
    [
        (None, "采矿许可证有效期尚未登记（责任：县自然资源局；依据：附件2）"),
        (
            "2026-11-29",
            "采矿许可证 2026-11-29 才到期，不能按到期处理（责任：县自然资源局；依据：矿产资源法第二十四条）",
        ),
        (
            "2026-11-23",
            "采矿许可证 2026-11-23 才到期，不能按到期处理（责任：县自然资源局；依据：矿产资源法第二十四条）",
        ),
        ("2026-11-22", ""),
    ],
)
def test_a_right_has_expired_when_its_last_day_is_over(until: str | None, blocked: str) -> None:
    assert said(guards.LICENCE_EXPIRED, facts({"valid_to": until})) == blocked


def test_a_block_needs_a_plan_that_covers_the_year_of_its_transfer() -> None:
    ended = {"master_plan_to": "2025-12-31"}
    blocked = said(guards.PLAN_IN_FORCE, facts({**ended, "transfer_year": "2026"}))
    assert blocked.startswith(
        "拟出让年度 2026 年超出总体规划期（至 2025 年），须写明所依据的新一期规划（责任：县自然资源局"
    )
    for given in (
        {**ended, "transfer_year": "2025"},
        {**ended, "transfer_year": "2026", "planning_basis": "新一期总体规划"},
        {"transfer_year": "2026"},
        ended,
    ):
        assert said(guards.PLAN_IN_FORCE, facts(given)) == ""


PROMISED = {"plan_by": "2026-12-01", "design_by": "2027-01-01", "works_by": "2027-06-01", "acceptance_by": "2027-07-01"}


def test_promises_follow_one_another_and_begin_today_at_the_earliest() -> None:
    guard = PROMISES_IN_ORDER
    assert said(guard, facts(PROMISED)) == ""
    assert said(guard, facts({**PROMISED, "plan_by": TODAY.isoformat()})) == ""
    assert said(guard, facts()) == ""
    swapped = said(guard, facts({**PROMISED, "works_by": "2026-12-31"}))
    assert swapped.startswith(
        "承诺日期前后颠倒：改造完成 2026-12-31 早于设计完成 2027-01-01（责任：采矿权人；依据：四(二)3）"
    )
    past = said(guard, facts({**PROMISED, "plan_by": "2026-11-22"}))
    assert past.startswith("承诺日期 2026-11-22 早于办理日 2026-11-23")


def test_an_extension_may_leave_a_promise_that_is_kept_already_in_the_past() -> None:
    given = {**PROMISED, "plan_by": "2026-01-01"}
    assert said(PROMISES_IN_ORDER, facts(given, before={"plan_by": "2026-01-01"})) == ""
    moved = facts({**given, "plan_by": "2026-02-01"}, before={"plan_by": "2026-01-01"})
    assert said(PROMISES_IN_ORDER, moved).startswith("承诺日期 2026-02-01 早于办理日 2026-11-23")


GUARDED = [
    pytest.param(step, guard, id=f"{procedure.id}.{step.trigger}.{guard.title}")
    for procedure in PROCEDURES.values()
    for step in procedure.steps
    for guard in step.guards
]


@pytest.mark.parametrize(("step", "guard"), GUARDED)
def test_every_condition_of_a_card_is_worded_and_answers_without_any_fact(step: Step, guard: Guard) -> None:
    assert guard.title
    assert guard.reads_tracks <= step.reads_tracks
    blocker = guard.test(facts())
    if blocker:
        assert blocker.missing
        assert blocker.party
        assert all(clauses.exists(part) or re.search("法第.+条", part) for part in blocker.clause.split("；"))
