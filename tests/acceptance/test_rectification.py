"""A duty is not met: order, service, term, re-inspection; only then the registrar is asked to list the holder."""

from datetime import date
from pathlib import Path

import pytest

from office.running.installation import Office
from states.kernel import Mark, Procedure
from states.registry import PROCEDURES
from tests.story import TOWNSHIP, Story

LAW = {"legal_basis": "演示法第三条", "remedy": "演示救济途径"}
ORDER = {
    "enforcer": "emergency", "breach": "未按设计开采", "requirements": "恢复设计边坡", "rectify_by": "2026-04-30",
    "contact": "演示联系人 0000000", **LAW,
}  # fmt: skip


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register("演示六号砂岩矿", holder="演示六号矿业公司", mineral="砂岩")


@pytest.fixture
def case(story: Story) -> str:
    return story.open("rectification", "2026-03-02", breach="未按设计开采")


def test_the_office_has_no_power_to_order(story: Story, case: str) -> None:
    for account, name in (("office", "工作组办公室"), ("working_group", "工作组")):
        (powerless,) = story.refused(case, "issue_order", "2026-03-03", user=account, **ORDER)
        assert f"{name}无权签发《责令限期整改通知书》，应由依法有权的监管部门签发" in powerless.missing
        assert "没有执法主体资格" in powerless.missing
        assert powerless.party == "阳城县应急管理局"
    story.sound()


def test_an_organ_cannot_order_in_the_name_of_another(story: Story, case: str) -> None:
    (other,) = story.refused(case, "issue_order", "2026-03-03", user="ecology", **ORDER)

    assert other.missing.startswith("晋城市生态环境局阳城分局无权签发")
    story.sound()


def test_nothing_is_found_unrectified_before_service_and_the_end_of_the_term(story: Story, case: str) -> None:
    recheck = {"user": "emergency", "findings": "边坡未恢复"}
    assert "不能办理" in story.rejected(case, "find_unrectified", "2026-03-03", **recheck)
    story.take(case, "issue_order", "2026-03-03", user="emergency", **ORDER)
    assert "不能办理" in story.rejected(case, "find_unrectified", "2026-05-06", **recheck)

    (late_service,) = story.refused(case, "serve_order", "2026-05-06", user="emergency", served_on="2026-05-06")
    assert late_service.missing == "“整改期限”2026-04-30 应晚于“送达日期”2026-05-06"
    (no_receipt,) = story.refused(
        case, "serve_order", "2026-03-09", user="emergency", without="service_receipt", served_on="2026-03-06"
    )
    assert no_receipt.missing == "缺少材料“送达回证”"
    story.take(case, "serve_order", "2026-03-09", user="emergency", served_on="2026-03-06")
    assert story.dues(case) == {"submit_rectification": date(2026, 4, 30)}

    (early,) = story.refused(case, "find_unrectified", "2026-04-30", **recheck)
    assert early.missing == "“整改期限”2026-04-30 尚未届满"
    (unseen,) = story.refused(case, "find_unrectified", "2026-05-06", without="reinspection_record", **recheck)
    assert unseen.missing == "缺少材料“现场复查记录”"
    story.take(case, "find_unrectified", "2026-05-06", **recheck)
    assert story.state(case) == "unrectified"
    story.sound()


def test_a_duty_met_in_time_passes_the_second_look(story: Story, case: str) -> None:
    story.take(case, "issue_order", "2026-03-03", user="emergency", **ORDER)
    story.take(case, "serve_order", "2026-03-09", user="emergency", served_on="2026-03-06")
    story.take(case, "submit_rectification", "2026-04-02", user="emergency")
    assert story.dues(case) == {"pass_reinspection": date(2026, 4, 17)}
    story.take(case, "return_for_rectification", "2026-04-10", user="emergency", findings="台阶坡面角偏大")
    assert story.dues(case) == {"submit_rectification": date(2026, 4, 30)}
    story.take(case, "submit_rectification", "2026-04-24", user="emergency")
    done = story.take(case, "pass_reinspection", "2026-04-28", user="emergency", findings="全部合格")

    assert (done.state, done.slots) == ("verified", ())
    story.sound()


def test_a_duty_not_met_goes_to_the_abnormal_list_and_back(story: Story, case: str) -> None:
    story.take(case, "issue_order", "2026-03-03", user="emergency", **ORDER)
    story.take(case, "serve_order", "2026-03-09", user="emergency", served_on="2026-03-06")
    story.take(case, "find_unrectified", "2026-05-06", user="emergency", findings="边坡未恢复")
    report = {"registrar_name": "演示登记机关", "legal_basis": "演示名录办法第一条"}

    (stranger,) = story.refused(case, "report_abnormal", "2026-05-11", user=TOWNSHIP, **report)
    assert stranger.party == "阳城县自然资源局"
    story.take(case, "report_abnormal", "2026-05-11", user="natural_resources", **report)
    (unproven,) = story.refused(
        case,
        "record_listing",
        "2026-06-01",
        user="natural_resources",
        without="listing_decision",
        listed_on="2026-05-28",
    )
    assert unproven.missing == "缺少材料“登记机关的决定”"
    story.take(case, "record_listing", "2026-06-01", user="natural_resources", listed_on="2026-05-28")
    done = story.take(case, "repair_credit", "2026-09-01", user="natural_resources", result="已整改到位，已移出")

    assert (done.state, done.slots) == ("repaired", ())
    assert set(story.papers(case, "2026-09-01")) == {
        "rectification_order", "reinspection_opinion", "abnormal_list_report", "credit_repair_letter",
        "service_receipt",
    }  # fmt: skip
    story.sound()


@pytest.mark.parametrize("procedure", PROCEDURES.values(), ids=lambda procedure: procedure.id)
def test_no_adverse_state_is_reached_without_order_service_term_and_second_look(procedure: Procedure) -> None:
    for state in procedure.states:
        for mark in state.requires:
            assert state.id not in _reachable_without(procedure, mark), (state.label, mark)


def _reachable_without(procedure: Procedure, mark: Mark) -> set[str]:
    """States that can be entered when no step that establishes the mark is ever taken."""
    seen, todo = {procedure.initial}, [procedure.initial]
    while todo:
        here = todo.pop()
        for step in procedure.steps_from(here):
            there = step.target(here)
            if mark not in step.marks and there not in seen:
                seen.add(there)
                todo.append(there)
    return seen


def test_promised_days_become_deadlines_when_the_signed_letter_is_filed(story: Story, case: str) -> None:
    story.take(case, "issue_order", "2026-03-03", user="emergency", **ORDER)
    story.take(case, "serve_order", "2026-03-09", user="emergency", served_on="2026-03-06")
    promises = {"measures_by": "2026-03-20", "works_by": "2026-04-20"}
    (late,) = story.refused(
        case, "prepare_promise", "2026-03-10", user="emergency", measures_by="2026-03-20", works_by="2026-05-01"
    )
    assert late.missing == "“承诺完成日期”2026-05-01 晚于责令的整改期限 2026-04-30，应改到该日或之前"
    story.take(case, "prepare_promise", "2026-03-10", user="emergency", **promises)
    assert story.dues(case) == {"submit_rectification": date(2026, 4, 30)}

    story.take(case, "sign_promise", "2026-03-11", user="emergency", signed_on="2026-03-11")

    assert story.dues(case) == {"submit_measures": date(2026, 3, 20), "submit_rectification": date(2026, 4, 20)}
    story.take(case, "submit_measures", "2026-03-19", user="emergency")
    story.take(case, "submit_rectification", "2026-04-17", user="emergency")
    assert story.state(case) == "submitted"
    story.sound()


def test_every_order_goes_out_with_its_receipt_filled_in(story: Story, case: str) -> None:
    story.take(case, "issue_order", "2026-03-03", user="emergency", **ORDER)
    order = story.issue(case, "rectification_order", "2026-03-03")
    receipt = story.issue(case, "service_receipt", "2026-03-03")

    assert receipt.number == ""
    assert receipt.snapshot is not None
    assert receipt.snapshot["facts"]["document_title"] == "责令限期整改通知书"
    assert receipt.snapshot["facts"]["document_number"] == order.number
