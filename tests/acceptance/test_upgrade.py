"""A mine is upgraded: listed after a return, promised, extended once, accepted, retained with a changed licence."""

from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest

from notifications.documents.compose import compose
from notifications.documents.docx import write_docx
from office.papers.papers import paper_for
from office.running.installation import Office
from states.documents import BY_ID
from tests.story import TOWNSHIP, Story
from workflow.paper import paper_data

SURVEY = {
    "survey_permits": "证照齐全", "survey_operation": "正常生产", "survey_facilities": "设施一般",
    "survey_penalties": "无处罚",
}  # fmt: skip
PROMISES = {"plan_by": "2026-04-30", "design_by": "2026-07-31", "works_by": "2026-11-30", "acceptance_by": "2026-12-31"}
LATER = {**PROMISES, "works_by": "2027-03-31", "acceptance_by": "2027-04-30"}


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register(
        "演示四号砂岩矿", holder="演示四号矿业公司", mineral="砂岩", licence_number="C1405002016117130143377",
        valid_from="2016-11-29", valid_to="2028-06-30", scale="5",
    )  # fmt: skip


def _listed(story: Story) -> str:
    """From the map to the list, with one return by the county government."""
    intake = story.open("intake", "2026-01-05")
    story.take(intake, "start_survey", "2026-01-06")
    story.take(intake, "finish_survey", "2026-01-16", user="natural_resources", **SURVEY)
    story.take(intake, "propose_route", "2026-01-19", user="working_group", proposed_route="closure", reason="初步意见")
    story.take(intake, "submit_list", "2026-01-20", user="working_group")
    story.take(intake, "return_list", "2026-01-26", user="county_government", reason="请补充资源论证")
    story.take(intake, "revise_proposal", "2026-01-27", user="working_group", reason="补充论证")
    story.take(
        intake, "propose_route", "2026-01-28", user="working_group", proposed_route="upgrade", reason="可升级改造"
    )
    story.take(intake, "submit_list", "2026-01-29", user="working_group")
    approval = {"approval_number": "演政函〔2026〕3号", "approval_date": "2026-02-05"}

    (other,) = story.refused(
        intake, "approve_closure", "2026-02-06", user="county_government", exit_year="2026", **approval
    )
    assert other.missing == "拟定的整治方式不是关闭取缔"
    story.take(intake, "approve_upgrade", "2026-02-06", user="county_government", **approval)
    assert story.state(intake) == "listed"
    return f"{intake}/upgrade-1"


def _signed(story: Story) -> str:
    """From the list to a signed commitment letter."""
    case = _listed(story)
    letter = {"target_scale": "30", "remaining_life": "12", **PROMISES}
    (short,) = story.refused(case, "prepare_commitment", "2026-02-20", **{**letter, "remaining_life": "4"})
    assert short.missing == "“剩余服务年限”为 4年，低于 5年"
    (past,) = story.refused(case, "prepare_commitment", "2026-02-20", **{**letter, "plan_by": "2026-02-19"})
    assert past.missing == "承诺日期 2026-02-19 早于办理日 2026-02-20"
    (inverted,) = story.refused(case, "prepare_commitment", "2026-02-20", **{**letter, "works_by": "2026-07-30"})
    assert inverted.missing == "承诺日期前后颠倒：改造完成 2026-07-30 早于设计完成 2026-07-31"
    story.take(case, "prepare_commitment", "2026-02-20", user="natural_resources", **letter)
    story.take(case, "sign_commitment", "2026-03-02", user="natural_resources", signed_on="2026-02-27")
    return case


def test_the_commitment_letter_is_written_for_the_holder_to_sign(story: Story) -> None:
    case = _listed(story)
    story.take(case, "prepare_commitment", "2026-02-20", target_scale="30", remaining_life="12", **PROMISES)
    kind = BY_ID["upgrade_commitment"]

    with story.office.reading() as session:
        data = paper_data(session, paper_for(session, kind.id, case, on=None))
    written = docx.Document(BytesIO(write_docx(compose(kind, data))))

    text = "\n".join(paragraph.text for paragraph in written.paragraphs)
    assert story.papers(case, "2026-02-20") == {"upgrade_commitment": "draft"}
    assert "演示四号矿业公司" in text
    assert "阳城县非煤矿产资源综合整治提升工作组" in text
    assert "30万吨/年" in text
    for promised in ("2026年4月30日", "2026年7月31日", "2026年11月30日", "2026年12月31日"):
        assert promised in text
    (unsigned,) = story.refused(
        case, "sign_commitment", "2026-03-02", without="signed_commitment", signed_on="2026-02-27"
    )
    assert unsigned.missing == "缺少材料“签字盖章的承诺书扫描件”"
    story.sound()


def test_an_upgrade_runs_from_the_promise_to_retention(story: Story) -> None:
    case = _signed(story)
    assert [e["evidence"] for e in story.file(case, "2026-03-02")["evidence_on_file"]] == ["signed_commitment"]
    assert story.dues(case) == {"submit_plan": date(2026, 4, 30)}
    story.take(case, "submit_plan", "2026-04-28", user="natural_resources")
    story.take(case, "approve_plan", "2026-05-15", user="natural_resources", result="同意")
    assert story.dues(case) == {"complete_approvals": date(2026, 7, 31)}
    story.take(
        case, "complete_approvals", "2026-07-20", user="approval", design_approval="演自然资函〔2026〕1号", design_opinion="同意",
        eia_approval="演审批〔2026〕2号", safety_design_approval="演应急〔2026〕3号", mining_plan_approval="演自然资函〔2026〕4号",
    )  # fmt: skip
    assert story.dues(case) == {"apply_acceptance": date(2026, 11, 30)}
    story.take(case, "start_works", "2026-08-03", user=TOWNSHIP, started_on="2026-08-01")

    _extend_once(story, case)

    story.take(case, "apply_acceptance", "2027-03-22", user="natural_resources")
    story.take(
        case, "accept_completion", "2027-04-02", user="natural_resources", accepted_on="2027-04-01", result="合格"
    )
    story.take(
        case, "verify_capacity", "2027-04-12", user="natural_resources", verified_scale="30", scale_class="medium",
        scale_standard="演示划分标准", remaining_life="11",
    )  # fmt: skip
    (waiting,) = story.refused(case, "confirm_retention", "2027-04-13", green_mine="已纳入计划")
    assert waiting.missing == "证照变更：采矿许可证C1405002016117130143377（待办理）"
    (permit,) = story.tracks(case, "permit")
    story.take(
        permit,
        "request_change",
        "2027-04-14",
        user="natural_resources",
        registrar_name="演示登记机关",
        change="规模变更",
    )
    story.take(
        permit, "record_change", "2027-05-10", user="natural_resources", new_number="C1405002027057130143377",
        new_valid_to="2038-06-30",
    )  # fmt: skip
    done = story.take(case, "confirm_retention", "2027-05-11", user="natural_resources", green_mine="已纳入计划")

    assert (done.state, done.slots) == ("retained", ())
    assert set(story.papers(case, "2027-05-11")) == {
        "upgrade_commitment", "upgrade_plan_opinion", "design_review_opinion", "extension_form", "completion_opinion",
    }  # fmt: skip
    story.sound()


def _extend_once(story: Story, case: str) -> None:
    """A second extension is no reason to wait any longer."""
    asked = {"extension_reason": "连续降雨影响施工", "extension_basis": "企业申请及核查意见"}
    story.take(case, "grant_extension", "2026-11-16", user="natural_resources", **LATER, **asked)
    assert story.dues(case) == {"apply_acceptance": date(2027, 3, 31)}
    (change,) = story.file(case, "2026-11-16")["deadline_changes"]
    assert change == {
        "trigger": "apply_acceptance", "old_due": "2026-11-30", "new_due": "2027-03-31", "reason": "连续降雨影响施工",
        "basis": "企业申请及核查意见", "actor": "natural_resources",
    }  # fmt: skip

    (again,) = story.refused(
        case,
        "grant_extension",
        "2027-03-15",
        user="natural_resources",
        **{**LATER, "acceptance_by": "2027-09-30"},
        **asked,
    )

    assert (again.missing, again.clause) == ("已经延期一次，不能再延", "四(二)3")


def test_an_extension_cannot_promise_a_day_that_has_passed(story: Story) -> None:
    case = _signed(story)
    story.take(case, "submit_plan", "2026-04-28")

    (past,) = story.refused(
        case, "grant_extension", "2026-05-11", **{**PROMISES, "plan_by": "2026-05-08"}, extension_reason="演示理由",
        extension_basis="演示依据",
    )  # fmt: skip

    assert past.missing == "承诺日期 2026-05-08 早于办理日 2026-05-11"
    story.sound()


def test_an_upgrade_fails_only_after_the_promised_acceptance_day(story: Story) -> None:
    case = _signed(story)

    (early,) = story.refused(case, "declare_failure", "2026-12-31", user="working_group", reason="未完成")
    assert early.missing == "“承诺的验收日期”2026-12-31 尚未届满"

    story.take(case, "declare_failure", "2027-01-04", user="working_group", reason="未完成")
    story.take(
        case, "reroute_to_closure", "2027-02-01", approval_number="演政函〔2027〕1号", approval_date="2027-01-29",
        reason="重新报批", exit_year="2027",
    )  # fmt: skip
    assert story.state(case.replace("upgrade", "closure")) == "listed"
    story.sound()
