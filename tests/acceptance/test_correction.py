"""A wrong entry is taken back: by a new entry with a reason, with everything that it had set in motion."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import col, select

from office.running.installation import Office
from tests.story import TOWNSHIP, Story
from workflow.errors import BadInput
from workflow.models import Case, Deadline, Document, Notice, NoticeItem, Opinion

LAW = {"legal_basis": "演示法第一条", "remedy": "演示救济途径"}
PROMISES = {"plan_by": "2026-04-30", "design_by": "2026-07-31", "works_by": "2026-11-30", "acceptance_by": "2026-12-31"}


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register("演示十号砂岩矿", holder="演示十号矿业公司", mineral="砂岩")


def _agreed(story: Story) -> str:
    """A guided exit with its stop day agreed, which has opened a compensation track."""
    case = story.open("guided_exit", "2026-01-05", exit_year="2026")
    story.take(case, "open_talks", "2026-01-12", user=TOWNSHIP, talked_on="2026-01-10")
    story.take(
        case, "fix_dates", "2026-02-02", user="working_group", stop_on="2026-05-31", restore_by="2026-12-31", **LAW
    )
    return case


def _underway(story: Story) -> str:
    """An upgrade whose commitment letter is signed."""
    case = story.open("upgrade", "2026-02-02")
    story.take(case, "prepare_commitment", "2026-02-09", target_scale="30", remaining_life="12", **PROMISES)
    story.take(case, "sign_commitment", "2026-02-13", signed_on="2026-02-13")
    return case


def test_a_wrong_step_is_taken_back_with_its_deadlines_drafts_and_tracks(story: Story) -> None:
    case = story.open("guided_exit", "2026-01-05", exit_year="2026")
    before = story.take(case, "open_talks", "2026-01-12", user=TOWNSHIP, talked_on="2026-01-10")
    dues = story.dues(case)
    story.take(case, "fix_dates", "2026-02-02", stop_on="2026-05-31", restore_by="2026-12-31", **LAW)
    (track,) = story.tracks(case, "compensation")
    assert story.due(case, "confirm_stop") == date(2026, 5, 31)

    after = story.correct(case, "2026-02-03", "停产日期录错")

    assert (after.state, after.facts, after.entered_on) == (before.state, before.facts, before.entered_on)
    assert story.dues(case) == dues == {"confirm_stop": date(2026, 12, 31), "accept_closure": date(2026, 12, 31)}
    assert story.papers(case, "2026-02-03") == {
        "stop_notice": "void", "restoration_term_notice": "void", "supply_stop_letter": "void",
        "power_stop_letter": "void",
    }  # fmt: skip
    assert story.tracks(case, "compensation") == []
    assert "已随上级案件的更正撤销" in story.rejected(track, "propose", "2026-02-04", amount="1", legal_basis="演示")
    entry = story.file(case, "2026-02-03")["history"][-1]
    assert (entry["kind"], entry["title"], entry["to"]) == ("correct", "更正", "negotiating")
    story.sound()


def test_after_a_correction_the_step_is_taken_again(story: Story) -> None:
    case = _agreed(story)
    story.correct(case, "2026-02-03", "停产日期录错")

    story.take(case, "fix_dates", "2026-02-04", stop_on="2026-06-30", restore_by="2026-12-31", **LAW)

    assert story.due(case, "confirm_stop") == date(2026, 6, 30)
    assert story.tracks(case, "compensation") == [f"{case}/compensation-2"]
    drafts = story.rows(select(Document.status).join(Case).where(Case.number == case).order_by(col(Document.id)))
    assert drafts == ["void"] * 4 + ["draft"] * 4
    story.sound()


def test_a_track_that_has_been_worked_on_must_be_corrected_first(story: Story) -> None:
    case = _agreed(story)
    (track,) = story.tracks(case, "compensation")
    story.take(track, "propose", "2026-02-20", amount="1200000", legal_basis="演示法第二条")
    before = story.view(case)

    with pytest.raises(BadInput, match="已经办理过，请先逐一更正它们"):
        story.correct(case, "2026-02-23", "停产日期录错")

    assert story.view(case) == before
    assert story.state(track) == "proposed"
    story.correct(track, "2026-02-23", "停产日期录错")
    story.correct(case, "2026-02-23", "停产日期录错")
    assert story.tracks(case, "compensation") == []
    story.sound()


def test_what_is_not_there_cannot_be_taken_back(story: Story) -> None:
    case = story.open("guided_exit", "2026-01-05", exit_year="2026")

    with pytest.raises(BadInput, match="只有立案记录"):
        story.correct(case, "2026-01-06", "演示理由")
    story.take(case, "open_talks", "2026-01-12", user=TOWNSHIP, talked_on="2026-01-10")
    with pytest.raises(BadInput, match="“更正理由”不能为空"):
        story.correct(case, "2026-01-13", " ")

    story.correct(case, "2026-01-13", "约谈未举行")
    with pytest.raises(BadInput, match="只有立案记录"):
        story.correct(case, "2026-01-14", "演示理由")
    story.sound()


def test_several_steps_are_taken_back_one_by_one(story: Story) -> None:
    case = _agreed(story)

    assert story.correct(case, "2026-02-03", "录错案件").state == "negotiating"
    assert story.correct(case, "2026-02-03", "录错案件").state == "listed"
    assert story.view(case).facts == {"exit_year": "2026"}
    story.sound()


def test_taking_an_answer_back_leaves_the_unit_its_old_deadline(story: Story) -> None:
    case = story.open("referral", "2026-03-02", subject_id="water", request="演示征求意见")
    story.take(case, "acknowledge", "2026-03-09", user="water")
    assert story.due(case, "reply") == date(2026, 3, 16)
    story.take(
        case, "reply", "2026-03-10", user="water", answer="objection", opinion="演示意见", answered_on="2026-03-10"
    )

    after = story.correct(case, "2026-03-11", "录成别的单位的意见")

    assert (after.state, "answer" in after.facts) == ("acknowledged", False)
    assert story.due(case, "reply") == date(2026, 3, 16)
    story.sound()


def test_a_correction_reminds_nobody_a_second_time(story: Story) -> None:
    case = story.open("closure", "2026-01-05", exit_year="2026")
    story.morning("2026-11-02")
    reminded = _reminded(story, case)
    assert len(reminded) == 1
    story.take(case, "suspend", "2026-11-03", reason="录错案件", basis="演示依据")

    story.correct(case, "2026-11-03", "录错案件")
    story.morning("2026-11-04")

    assert _reminded(story, case) == reminded
    story.sound()


def test_taking_an_extension_back_restores_the_day_and_says_why(story: Story) -> None:
    case = _underway(story)
    story.take(
        case, "grant_extension", "2026-04-20", **{**PROMISES, "plan_by": "2026-05-29"}, extension_reason="演示理由",
        extension_basis="演示依据",
    )  # fmt: skip
    assert story.due(case, "submit_plan") == date(2026, 5, 29)

    story.correct(case, "2026-04-21", "延期未获批准")

    assert story.due(case, "submit_plan") == date(2026, 4, 30)
    changes = [(c["new_due"], c["reason"]) for c in story.file(case, "2026-04-21")["deadline_changes"]]
    assert changes == [("2026-05-29", "演示理由"), ("2026-04-30", "延期未获批准")]
    story.sound()


def test_taking_a_resumption_back_suspends_the_case_again(story: Story) -> None:
    case = story.open("referral", "2026-03-02", subject_id="water", request="演示征求意见")
    story.take(case, "suspend", "2026-03-10", reason="行政复议", basis="演示依据")
    story.take(case, "resume", "2026-03-20", reason="复议终结")
    assert story.due(case, "reply") == date(2026, 3, 26)

    after = story.correct(case, "2026-03-20", "复议尚未终结")

    assert (after.suspended_on, story.due(case, "reply")) == (date(2026, 3, 10), date(2026, 3, 16))
    story.take(case, "resume", "2026-03-30", reason="复议终结")
    assert story.due(case, "reply") == date(2026, 4, 7)
    story.sound()


def _reminded(story: Story, case: str) -> list[int]:
    """Rungs of a case's closing day that went out."""
    query = select(NoticeItem.offset).join(Deadline).join(Case).where(
        Case.number == case, Deadline.trigger == "accept_closure", col(NoticeItem.notice_id).is_not(None)
    )  # fmt: skip
    return story.rows(query)


def test_only_what_the_last_entry_opened_is_voided(story: Story) -> None:
    case = _underway(story)
    story.take(case, "order_rectification", "2026-05-11", breach="方案逾期未报")
    story.take(case, "order_rectification", "2026-05-11", breach="方案逾期未报")

    story.correct(case, "2026-05-11", "重复登记")

    assert story.tracks(case, "rectification") == [f"{case}/rectification-1"]
    story.sound()


def test_sixteen_referrals_vanish_with_a_survey_sent_by_mistake(story: Story) -> None:
    case = story.open("new_right", "2026-01-05", transfer_year="2026")
    story.take(case, "start_precheck", "2026-01-12")
    story.take(
        case, "dispatch_survey", "2026-02-02", mineral_use="建筑用", resource_basis="演示报告", planned_scale="50",
        scale_class="medium", scale_standard="演示标准", planning_basis="演示规划", layers_checked="是",
    )  # fmt: skip
    assert len(story.tracks(case, "referral")) == 16

    story.correct(case, "2026-02-03", "范围有误")

    assert (story.state(case), story.tracks(case, "referral")) == ("precheck", [])
    assert [answer for answer in story.rows(select(Opinion.answer)) if answer] == []
    waiting = story.rows(select(Notice.status).where(Notice.kind == "moved", Notice.dedupe.contains(f"|{case}|")))
    assert set(waiting) <= {"withdrawn", "planned"}
    story.sound()


def test_only_the_organ_that_made_an_entry_or_the_office_takes_it_back(story: Story) -> None:
    case = story.open("guided_exit", "2026-01-05", exit_year="2026")
    story.take(case, "open_talks", "2026-01-12", talked_on="2026-01-12")
    with pytest.raises(BadInput, match="只有原办理单位或工作组办公室可以更正"):
        story.correct(case, "2026-01-13", "登记有误", user="tax")
    assert story.state(case) == "negotiating"


def test_what_a_void_case_had_drafted_is_void_and_what_went_out_holds_the_correction(story: Story) -> None:
    block = Story(story.office, story.folder).register("演示十一号区块", block=True, mineral="砂岩", holder="演示公司")
    case = block.open("new_right", "2026-01-05", transfer_year="2027")
    block.take(case, "start_precheck", "2026-01-12", user="natural_resources")
    asked = {
        "mineral_use": "建筑石料", "resource_basis": "演示普查", "planned_scale": "100", "scale_class": "medium",
        "scale_standard": "演示标准", "planning_basis": "演示规划", "layers_checked": "是",
    }  # fmt: skip
    block.take(case, "dispatch_survey", "2026-02-02", user="natural_resources", **asked)
    forms = select(Document.status).where(Document.kind == "site_survey_opinion")
    assert block.rows(forms) == ["draft"] * 16
    first = f"{case}/referral-1"
    issued = block.issue(first, "site_survey_opinion", "2026-02-03")
    with pytest.raises(BadInput, match=f"{first} 已经办理过"):
        block.correct(case, "2026-02-04", "区块范围录错")

    with block.office.writing() as session:
        session.get_one(Document, issued.id).status = "void"
    block.correct(case, "2026-02-04", "区块范围录错")

    assert block.rows(forms) == ["void"] * 16
