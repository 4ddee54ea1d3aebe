"""A published calendar moves what was counted over it, and nothing else; every move is recorded (N10)."""

from datetime import date
from pathlib import Path

import pytest
from freezegun import freeze_time
from sqlmodel import select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from tests.workflow.dump import everything
from tests.workflow.test_calendar_import import NOTICE_2027
from workflow.models import Deadline, DeadlineChange
from workflow.reprojection import Move, import_calendar

SOURCE = "演示：尚未公布的通知"


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register("演示十号砂岩矿")


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "2027.csv"
    path.write_text(NOTICE_2027, encoding="utf-8")
    return path


def publish(office: Office, notice: Path, *, replace: bool = False) -> list[Move]:
    with freeze_time(at_nine("2026-11-23")), office.writing() as session:
        _, moves = import_calendar(session, notice, source=SOURCE, year=None, replace=replace, actor="office")
    return moves


def test_days_counted_over_the_year_move_and_say_why(story: Story, notice: Path) -> None:
    # Ten working days from 28 January 2027: the notice makes Tuesday 9 February a day off.
    case = story.open("referral", "2027-01-28", subject_id="water", request="演示")
    (before,) = story.view(case).slots
    assert before.provisional

    moves = publish(story.office, notice)

    (after,) = story.view(case).slots
    assert (before.due_on, after.due_on) == (date(2027, 2, 15), date(2027, 2, 16))
    assert not after.provisional
    assert (after.id, after.opened_on) == (before.id, before.opened_on)
    assert after.next_on != before.next_on
    assert Move(case, "反馈意见", before.due_on, after.due_on) in moves
    (change,) = list(story.file(case, "2027-01-28")["deadline_changes"])
    assert change == {
        "trigger": "reply", "old_due": "2027-02-15", "new_due": "2027-02-16", "reason": "公布2027年放假安排",
        "basis": SOURCE, "actor": "office",
    }  # fmt: skip
    story.sound()


def test_fixed_days_stay_and_leave_no_change(story: Story, notice: Path) -> None:
    case = story.open("referral", "2027-01-28", subject_id="water", request="演示", reply_by="2027-02-20")
    permit = story.open(
        "permit",
        "2027-01-28",
        purpose="cancel",
        permit_kind="mining",
        permit_number="演示",
        permit_valid_to="2027-02-09",
    )
    with story.office.reading() as session:
        before = {d.id: d.due_on for d in session.exec(select(Deadline))}

    moved = {move.case for move in publish(story.office, notice)}

    assert case not in moved
    assert story.due(permit, "expire") == date(2027, 2, 9)
    with story.office.reading() as session:
        after = {d.id: d.due_on for d in session.exec(select(Deadline))}
        changed = {c.deadline_id for c in session.exec(select(DeadlineChange))}
    assert {key for key in before if before[key] != after[key]} == changed


def test_a_fixed_day_is_still_looked_at_on_the_new_working_days(story: Story, notice: Path) -> None:
    """The day stays; but the rung before it may fall on a day that is no longer worked."""
    case = story.open("referral", "2027-02-04", subject_id="water", request="演示", reply_by="2027-02-10")
    (before,) = story.view(case).slots
    publish(story.office, notice)
    (after,) = story.view(case).slots
    assert before.due_on == after.due_on == date(2027, 2, 10)
    assert after.next_on is not None
    with story.office.reading() as session:
        from workflow.context import context_of

        assert context_of(session).calendar.is_working(after.next_on)


def test_a_closed_deadline_is_history_and_does_not_move(story: Story, notice: Path) -> None:
    case = story.open("referral", "2027-01-28", subject_id="water", request="演示")
    story.take(case, "reply", "2027-02-03", answer="无意见", opinion="演示", answered_on="2027-02-03")

    assert case not in {move.case for move in publish(story.office, notice)}


def test_the_same_notice_again_moves_nothing(story: Story, notice: Path) -> None:
    story.open("referral", "2027-01-28", subject_id="water", request="演示")
    publish(story.office, notice)
    with story.office.reading() as session:
        before = len(session.exec(select(DeadlineChange)).all())

    assert publish(story.office, notice, replace=True) == []

    with story.office.reading() as session:
        assert len(session.exec(select(DeadlineChange)).all()) == before


def test_an_import_not_confirmed_leaves_no_trace(story: Story, notice: Path) -> None:
    case = story.open("referral", "2027-01-28", subject_id="water", request="演示")
    before = everything(story.office.engine)
    with freeze_time(at_nine("2026-11-23")), story.office.writing() as session:
        import_calendar(session, notice, source=SOURCE, year=None, replace=False, actor="office")
        session.rollback()

    assert everything(story.office.engine) == before
    assert story.due(case, "reply") == date(2027, 2, 15)


def test_progress_counts_up_to_all(story: Story, notice: Path) -> None:
    seen: list[tuple[int, int]] = []
    with freeze_time(at_nine("2026-11-23")), story.office.writing() as session:
        import_calendar(
            session, notice, source=SOURCE, year=None, replace=False, actor="office",
            progress=lambda done, of: seen.append((done, of)),
        )  # fmt: skip
    assert seen == [(n, len(seen)) for n in range(1, len(seen) + 1)]
