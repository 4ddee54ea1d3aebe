"""A planned block is surveyed by sixteen units, sold at the second try, built, and starts production."""

from datetime import date
from pathlib import Path

import pytest

from office.running.installation import Office
from states.parties import SURVEY_UNITS
from tests.story import TOWNSHIP, Story

CHECKED = {
    "mineral_use": "建筑用", "resource_basis": "演示详查报告", "planned_scale": "50", "scale_class": "medium",
    "scale_standard": "演示划分标准", "layers_checked": "是",
}  # fmt: skip
RANGE = {"coordinates": "演示坐标表", "land_scheme": "演示用地方案"}
BASIS = "演示新一期总体规划"
#: The accounts of the sixteen units, in the plan's order.
UNITS = [{"township": TOWNSHIP, "village": "village_demo"}.get(unit.id, unit.id) for unit in SURVEY_UNITS]


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register(
        "演示一号拟设区块", block=True, mineral="建筑石料用灰岩", predicted_resource="900"
    )


def _surveyed(story: Story) -> str:
    """A block that all sixteen units have been asked about."""
    case = story.open("new_right", "2026-01-05", transfer_year="2026")
    story.take(case, "start_precheck", "2026-01-12", user="natural_resources")
    story.take(
        case, "dispatch_survey", "2026-02-02", user="natural_resources", planning_basis=BASIS, survey_on="2026-02-10",
        reply_by="2026-03-06", **CHECKED,
    )  # fmt: skip
    return case


def _referrals(story: Story, case: str) -> dict[str, str]:
    """The newest referral of each unit, by the unit's account."""
    return {t.subject_id: t.number for t in story.view(case).tracks if t.procedure == "referral"}


def _reply(story: Story, referral: str, unit: str, on: str, answer: str = "no_objection") -> None:
    story.take(referral, "reply", on, user=unit, answer=answer, opinion="演示意见", answered_on=on)


def test_a_plan_that_ends_before_the_sale_is_no_basis(story: Story) -> None:
    case = story.open("new_right", "2026-01-05", transfer_year="2026")
    story.take(case, "start_precheck", "2026-01-12")

    (outdated,) = story.refused(case, "dispatch_survey", "2026-02-02", **CHECKED)

    assert outdated.missing == "拟出让年度 2026 年超出总体规划期（至 2025 年），须写明所依据的新一期规划"
    assert _referrals(story, case) == {}
    story.sound()


def test_a_deferred_block_waits_for_a_new_year(story: Story) -> None:
    case = story.open("new_right", "2026-01-05", transfer_year="2026")
    assert story.dues(case) == {"record_sale": date(2026, 12, 31)}

    story.take(case, "defer_transfer", "2026-09-01", user="natural_resources", reason="规划未批准")
    assert story.dues(case) == {}
    story.take(
        case, "reinstate", "2026-12-01", user="county_government", transfer_year="2028",
        approval_number="演政函〔2026〕40号", approval_date="2026-11-27",
    )  # fmt: skip

    assert (story.state(case), story.dues(case)) == ("block_planned", {"record_sale": date(2028, 12, 31)})
    story.sound()


def test_each_of_sixteen_units_answers_for_itself(story: Story) -> None:
    case = _surveyed(story)
    referrals = _referrals(story, case)
    assert list(referrals) == UNITS
    assert {story.due(number, "reply") for number in referrals.values()} == {date(2026, 3, 6)}

    given = {"answer": "no_objection", "opinion": "演示意见", "answered_on": "2026-02-11"}
    (stranger,) = story.refused(referrals["water"], "reply", "2026-02-11", user="forestry", **given)
    assert stranger.missing == "县林业部门不是本环节的牵头或配合单位"

    for unit in UNITS:
        if unit not in ("power", "village_demo"):
            _reply(story, referrals[unit], unit, "2026-02-11")
    (silent,) = story.refused(case, "fix_boundary", "2026-03-09", **RANGE)
    assert silent.missing == "踏勘意见未反馈 2 家：县电力部门、演示镇演示村"
    assert silent.party == "县电力部门、演示镇演示村"
    story.sound()


def test_a_silent_unit_is_supervised_and_never_taken_to_agree(story: Story) -> None:
    case = _surveyed(story)
    number = _referrals(story, case)["power"]

    (early,) = story.refused(number, "supervise", "2026-03-06", requirements="尽快反馈", reply_by="2026-03-20")
    assert "尚未届满" in early.missing
    story.take(number, "supervise", "2026-03-09", requirements="尽快反馈", reply_by="2026-03-20")
    assert story.due(number, "reply") == date(2026, 3, 20)
    story.take(number, "criticise", "2026-03-23", user="working_group", findings="两次逾期未反馈")

    (silent,) = story.refused(case, "fix_boundary", "2026-03-24", **RANGE)
    assert "县电力部门" in silent.missing
    story.sound()


def test_a_block_runs_from_survey_through_a_conflict_and_a_failed_bid_to_production(story: Story) -> None:
    case = _surveyed(story)
    _settle_the_conflict(story, case)
    approval = {"approval_number": "演政函〔2026〕15号", "approval_date": "2026-05-15"}
    story.take(case, "fix_boundary", "2026-04-20", user="natural_resources", **RANGE)
    story.take(case, "approve_block", "2026-05-18", user="county_government", **approval)
    story.take(case, "enter_transfer_plan", "2026-05-25", user="natural_resources", transferor="演示出让机关")

    _announce(story, case, "2026-06-01", "演示公告1号")
    story.take(case, "record_failed_bid", "2026-07-01", user="natural_resources", reason="无人报价")
    assert story.dues(case) == {"record_sale": date(2026, 12, 31)}
    _announce(story, case, "2026-08-03", "演示公告2号")
    story.take(
        case, "record_sale", "2026-09-07", user="natural_resources", buyer="演示五号矿业公司", price="3200",
        sold_on="2026-09-04",
    )  # fmt: skip
    assert story.dues(case) == {}

    _build(story, case)
    assert set(story.papers(case, "2028-03-01")) == {
        "site_survey_notice", "opinion_summary", "transfer_scope_report", "completion_opinion",
    }  # fmt: skip
    story.sound()


def _settle_the_conflict(story: Story, case: str) -> None:
    """One unit objects; it alone is asked again, and agrees."""
    first = _referrals(story, case)
    (nobody,) = story.refused(case, "record_conflict", "2026-02-10", conflict="演示重叠")
    assert nobody.missing == "没有单位提出反对意见"
    for unit in UNITS:
        _reply(story, first[unit], unit, "2026-02-25", "objection" if unit == "water" else "no_objection")
    (against,) = story.refused(case, "fix_boundary", "2026-03-09", **RANGE)
    assert (against.missing, against.party) == ("有意见尚未解决：县水务部门", "县水务部门")

    story.take(case, "record_conflict", "2026-03-10", user="natural_resources", conflict="与演示河道管理范围重叠")
    story.take(
        case, "resurvey", "2026-03-16", user="natural_resources", adjustment="避让河道管理范围", reply_by="2026-04-03"
    )
    again = _referrals(story, case)
    assert {unit for unit in UNITS if again[unit] != first[unit]} == {"water"}
    assert len(story.tracks(case, "referral")) == 17
    (silent,) = story.refused(case, "fix_boundary", "2026-03-17", **RANGE)
    assert silent.missing == "踏勘意见未反馈 1 家：县水务部门"
    _reply(story, again["water"], "water", "2026-04-01")


def _announce(story: Story, case: str, on: str, number: str) -> None:
    story.take(case, "announce", on, user="natural_resources", announcement_number=number, announced_on=on)


def _build(story: Story, case: str) -> None:
    """From the contract to production."""
    story.take(
        case,
        "sign_contract",
        "2026-09-28",
        user="natural_resources",
        contract_number="演示合同1号",
        proceeds_paid="已缴首期",
    )
    story.take(case, "register_right", "2026-11-02", user="natural_resources", right_certificate="演示证书1号")
    story.take(
        case, "obtain_licence", "2026-12-01", user="natural_resources", licence_number="C1405002026127130143366",
        valid_to="2046-11-30",
    )  # fmt: skip
    story.take(case, "complete_approvals", "2027-03-01", user="approval", build_by="2028-02-29")
    story.take(case, "start_works", "2027-03-15", user=TOWNSHIP, started_on="2027-03-10")
    assert story.dues(case) == {"accept_works": date(2028, 2, 29)}
    story.take(case, "accept_works", "2028-02-15", user="natural_resources", green_mine_met="是", result="合格")
    done = story.take(case, "start_production", "2028-03-01", user="emergency", safety_permit="演示安许1号")
    assert (done.state, done.slots) == ("producing", ())
