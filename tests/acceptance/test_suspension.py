"""A case is suspended and resumed, a deadline is moved by hand; what the law fixes stays where it is."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import col, select

from office.running.installation import Office
from tests.story import TOWNSHIP, Story
from workflow.models import Case, Deadline, NoticeItem

ASKED = {"subject_id": "water", "request": "演示征求意见"}
GROUNDS = {"reason": "行政复议", "basis": "演示复议受理通知书"}


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register(
        "演示九号砂岩矿", holder="演示九号矿业公司", mineral="砂岩", licence_number="C1405002016117130143344",
        valid_from="2016-11-29", valid_to="2026-06-30",
    )  # fmt: skip


def _reminders(story: Story, case: str) -> list[date]:
    """The mornings on which a case reminded somebody."""
    rows = select(NoticeItem.planned_on).join(Deadline).join(Case).where(
        Case.number == case, col(NoticeItem.notice_id).is_not(None)
    )  # fmt: skip
    return sorted(set(story.rows(rows)))


def test_a_suspended_case_is_silent_and_closed_to_every_step_but_resuming(story: Story) -> None:
    case = story.open("referral", "2026-03-02", **ASKED)
    assert story.due(case, "reply") == date(2026, 3, 16)
    story.take(case, "suspend", "2026-03-10", **GROUNDS)

    for morning in ("2026-03-11", "2026-03-13", "2026-03-16", "2026-03-17"):
        story.morning(morning)
    assert _reminders(story, case) == []
    given = {"answer": "no_objection", "opinion": "演示意见", "answered_on": "2026-03-11"}
    (halted,) = story.refused(case, "reply", "2026-03-11", user="water", **given)
    assert halted.missing == "案件自 2026-03-10 起中止办理，须先恢复"
    (again,) = story.refused(case, "suspend", "2026-03-11", **GROUNDS)
    assert again == halted
    story.sound()


def test_a_case_that_was_not_suspended_cannot_be_resumed(story: Story) -> None:
    case = story.open("referral", "2026-03-02", **ASKED)

    (running,) = story.refused(case, "resume", "2026-03-03", reason="演示理由")

    assert running.missing == "案件没有中止"
    story.sound()


def test_a_period_goes_on_where_the_suspension_had_stopped_it(story: Story) -> None:
    case = story.open("referral", "2026-03-02", **ASKED)
    story.take(case, "suspend", "2026-03-10", **GROUNDS)

    # Ten days later: from Monday 16 to Thursday 26 March.
    story.take(case, "resume", "2026-03-20", reason="复议终结")

    assert story.due(case, "reply") == date(2026, 3, 26)
    (change,) = story.file(case, "2026-03-20")["deadline_changes"]
    assert (change["old_due"], change["new_due"], change["reason"]) == ("2026-03-16", "2026-03-26", "复议终结")
    for morning in ("2026-03-19", "2026-03-20", "2026-03-23", "2026-03-25", "2026-03-26"):
        story.morning(morning)
    # Five days before falls on a Saturday, three on a Monday; the ladder starts anew.
    assert _reminders(story, case) == [date(2026, 3, day) for day in (20, 23, 25, 26)]
    story.sound()


def test_a_fixed_day_does_not_move_with_a_suspension(story: Story) -> None:
    case = story.open("closure", "2026-01-05", exit_year="2026")
    before = story.dues(case)
    assert before == {"confirm_stop": date(2026, 6, 30), "accept_closure": date(2026, 12, 31)}

    story.take(case, "suspend", "2026-02-02", **GROUNDS)
    assert story.dues(case) == before
    story.take(case, "resume", "2026-05-06", reason="复议终结")

    assert story.dues(case) == before
    assert story.file(case, "2026-05-06")["deadline_changes"] == []
    story.sound()


def test_a_deadline_moved_by_hand_keeps_its_old_day_and_the_reason(story: Story) -> None:
    case = story.open("closure", "2026-01-05", exit_year="2026")

    story.take(
        case, "extend", "2026-11-02", deadline="accept_closure", extend_to="2027-03-31", reason="封井工程量大",
        basis="演示会议纪要",
    )  # fmt: skip

    assert story.due(case, "accept_closure") == date(2027, 3, 31)
    assert story.file(case, "2026-11-02")["deadline_changes"] == [{
        "trigger": "accept_closure", "old_due": "2026-12-31", "new_due": "2027-03-31", "reason": "封井工程量大",
        "basis": "演示会议纪要", "actor": "office",
    }]  # fmt: skip
    story.take(
        case, "issue_closure_notice", "2026-11-03", user="natural_resources", enforcer="natural_resources",
        legal_ground="illegal_works", findings="演示事实", legal_basis="演示法第一条", remedy="演示救济途径",
    )  # fmt: skip
    # What was granted holds on in the next state.
    assert story.due(case, "accept_closure") == date(2027, 3, 31)
    story.sound()


def test_nobody_can_extend_a_licence(story: Story) -> None:
    case = story.open("closure", "2026-01-05", exit_year="2026")
    permit = story.open(
        "permit",
        "2026-01-05",
        purpose="cancel",
        permit_kind="mining",
        permit_number="C1405002016117130143344",
        permit_valid_to="2026-06-30",
    )
    wish = {"extend_to": "2026-09-30", "reason": "演示理由", "basis": "演示依据"}

    for number, deadline in ((case, "confirm_stop"), (permit, "expire")):
        answer = story.rejected(number, "extend", "2026-02-02", deadline=deadline, **wish)
        assert "法定到期日（矿产资源法第二十四条" in answer
        assert "任何单位都不能调整" in answer
    story.sound()


def test_a_deadline_is_moved_only_forward_and_only_while_it_runs(story: Story) -> None:
    case = story.open("closure", "2026-01-05", exit_year="2026")
    wish = {"reason": "演示理由", "basis": "演示依据"}

    earlier = story.rejected(case, "extend", "2026-02-02", deadline="accept_closure", extend_to="2026-12-31", **wish)
    assert "应晚于现期限 2026-12-31" in earlier
    other = story.rejected(case, "extend", "2026-02-02", deadline="archive", extend_to="2027-12-31", **wish)
    assert "正在计时：confirm_stop、accept_closure" in other
    (stranger,) = story.refused(
        case, "extend", "2026-02-02", user=TOWNSHIP, deadline="accept_closure", extend_to="2027-12-31", **wish
    )
    assert stranger.party == "阳城县非煤矿产资源综合整治提升工作组办公室"
    story.sound()
