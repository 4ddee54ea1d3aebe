"""Which deadlines run after a step, and that a moved day is a move with a reason."""

from datetime import date
from pathlib import Path

import pytest

from office.running.installation import Office
from tests.story import Story


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register("演示十二号砂岩矿")


def asked(story: Story, **more: str) -> str:
    return story.open("referral", "2025-03-20", subject_id="water", request="演示", **more)


def test_a_deadline_runs_on_through_the_states_of_its_step(story: Story) -> None:
    case = asked(story)
    (before,) = story.view(case).slots
    story.take(case, "acknowledge", "2025-03-24")

    assert story.view(case).slots == (before,)


def test_the_step_ends_its_deadline_and_a_return_starts_it_again(story: Story) -> None:
    case = asked(story)
    first = story.view(case).slots[0]
    story.take(case, "reply", "2025-03-24", answer="无意见", opinion="演示", answered_on="2025-03-24")
    assert story.view(case).slots == ()

    story.take(case, "return_reply", "2025-03-25", reason="演示")

    (again,) = story.view(case).slots
    assert again.id != first.id
    assert (again.opened_on, again.due_on) == (date(2025, 3, 25), date(2025, 4, 9))


def test_a_fact_filled_in_later_moves_the_day_and_says_why(story: Story) -> None:
    """The stop is due at the licence's end, the agreed day or the year's end, whichever comes first."""
    case = story.open("closure", "2025-03-20", exit_year="2025")
    assert story.due(case, "confirm_stop") == date(2025, 12, 31)

    story.fill(case, "valid_to", "2025-06-30", "2025-03-21")

    slot = next(s for s in story.view(case).slots if s.trigger == "confirm_stop")
    assert (slot.due_on, slot.next_on) == (date(2025, 6, 30), date(2025, 4, 30))
    changes = {c["trigger"]: c for c in story.file(case, "2025-03-21")["deadline_changes"]}
    assert changes["confirm_stop"] == {
        "trigger": "confirm_stop", "old_due": "2025-12-31", "new_due": "2025-06-30", "reason": "补充登记“valid_to”",
        "basis": "演示数据", "actor": "office",
    }  # fmt: skip


def test_an_extension_moves_the_day_keeps_the_old_one_and_starts_the_ladder_again(story: Story) -> None:
    case = asked(story, reply_by="2025-04-11")
    for day in ("2025-04-08", "2025-04-10", "2025-04-11", "2025-04-14"):
        story.office.sweep(date.fromisoformat(day))
    story.take(
        case, "extend", "2025-04-14", deadline="reply", extend_to="2025-05-16", reason="演示理由", basis="演示依据"
    )

    (slot,) = story.view(case).slots
    assert (slot.due_on, slot.reminded, slot.next_on) == (date(2025, 5, 16), None, date(2025, 5, 9))
    (change,) = story.file(case, "2025-04-14")["deadline_changes"]
    assert change == {
        "trigger": "reply", "old_due": "2025-04-11", "new_due": "2025-05-16", "reason": "演示理由", "basis": "演示依据",
        "actor": "office",
    }  # fmt: skip


def test_after_an_extension_the_same_rungs_can_be_told_again(story: Story) -> None:
    """The new day is another promise: its reminders are not those that went out for the old one."""
    case = asked(story, reply_by="2025-04-11")
    story.office.sweep(date(2025, 4, 8))
    story.take(case, "extend", "2025-04-08", deadline="reply", extend_to="2025-04-18", reason="演示", basis="演示")

    assert story.office.sweep(date(2025, 4, 15))["due"] >= 1
    (slot,) = story.view(case).slots
    assert slot.reminded == -3


def test_a_day_moved_there_and_back_can_be_told_again_too(story: Story) -> None:
    """A calendar corrected twice may bring the first day back; that must not stop anybody's morning."""
    case = asked(story, reply_by="2025-04-11")
    story.office.sweep(date(2025, 4, 8))
    for until in ("2025-04-18", "2025-04-25"):
        story.take(case, "extend", "2025-04-08", deadline="reply", extend_to=until, reason="演示", basis="演示")
    story.correct(case, "2025-04-08", "演示")
    story.correct(case, "2025-04-08", "演示")
    assert story.due(case, "reply") == date(2025, 4, 11)

    assert "rest_day" not in story.office.sweep(date(2025, 4, 9))
    story.sound()


@pytest.mark.parametrize(
    ("fields", "saying"),
    [
        ({"deadline": "fly", "extend_to": "2025-05-16"}, "没有正在计时的“fly”期限（正在计时：reply）"),
        ({"deadline": "reply", "extend_to": "2025-04-11"}, "应晚于现期限 2025-04-11"),
        ({"deadline": "reply", "extend_to": "2025-04-01"}, "应晚于现期限 2025-04-11"),
    ],
)
def test_an_extension_that_is_none_is_refused(story: Story, fields: dict[str, str], saying: str) -> None:
    case = asked(story, reply_by="2025-04-11")
    assert saying in story.rejected(case, "extend", "2025-03-21", reason="演示", basis="演示", **fields)


def test_what_the_law_fixes_nobody_extends(story: Story) -> None:
    case = story.open(
        "permit",
        "2025-03-20",
        purpose="cancel",
        permit_kind="mining",
        permit_number="演示",
        permit_valid_to="2025-06-30",
    )
    assert "任何单位都不能调整" in story.rejected(
        case, "extend", "2025-03-21", deadline="expire", extend_to="2025-07-31", reason="演示", basis="演示"
    )


def test_a_halt_lengthens_periods_and_leaves_fixed_days(story: Story) -> None:
    period = asked(story)
    permit = story.open(
        "permit",
        "2025-03-20",
        purpose="cancel",
        permit_kind="mining",
        permit_number="演示",
        permit_valid_to="2025-06-30",
    )
    before = story.due(period, "reply")
    for case in (period, permit):
        story.take(case, "suspend", "2025-03-24", reason="演示", basis="演示")
        assert {slot.next_on for slot in story.view(case).slots} == {None}
        story.take(case, "resume", "2025-04-03", reason="演示")

    assert before == date(2025, 4, 3)
    # Ten days later is Sunday the 13th.
    assert story.due(period, "reply") == date(2025, 4, 14)
    assert story.due(permit, "expire") == date(2025, 6, 30)
    assert all(slot.next_on for slot in story.view(permit).slots if slot.due_on)
