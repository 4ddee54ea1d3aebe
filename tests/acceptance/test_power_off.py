"""Fourteen days without power: then one morning that tells each organ once, and everything goes on as if nothing had been."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from sqlmodel import col, select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from workflow.models import Deadline, Notice, NoticeItem

FIRST, LAST_ON = date(2026, 4, 15), date(2026, 4, 22)
BACK, END = date(2026, 5, 7), date(2026, 5, 18)


def _days(start: date, end: date) -> Iterator[date]:
    return (start + timedelta(days=n) for n in range((end - start).days + 1))


def _county(office: Office, folder: Path) -> Story:
    """The county's thirteen mines and two more whose days fall into the fortnight."""
    folder.mkdir()
    story = Story(office, folder)
    story.register(
        "演示十一号砂岩矿", holder="演示十一号矿业公司", mineral="砂岩", licence_number="C1405002016117130143333",
        valid_from="2016-11-29", valid_to="2026-04-30",
    )  # fmt: skip
    story.open("closure", "2026-04-01", exit_year="2026")
    story.open(
        "permit",
        "2026-04-01",
        purpose="cancel",
        permit_kind="mining",
        permit_number="C1405002016117130143333",
        permit_valid_to="2026-04-30",
    )
    story.open("restoration", "2026-04-01", restore_by="2026-05-07")
    for organ, reply_by in (("water", "2026-04-27"), ("power", "2026-04-09"), ("forestry", "2026-05-15")):
        story.open("referral", "2026-04-01", subject_id=organ, request="演示征求意见", reply_by=reply_by)
    story.register("演示十二号砂岩矿", holder="演示十二号矿业公司", mineral="砂岩")
    story.open("guided_exit", "2026-04-01", exit_year="2026")
    return story


def _run(story: Story, start: date, end: date) -> None:
    for day in _days(start, end):
        story.morning(day.isoformat())


@pytest.fixture
def never_off(new_office: Callable[[], Office], tmp_path: Path) -> Story:
    return _county(new_office(), tmp_path / "never_off")


@pytest.fixture
def story(new_office: Callable[[], Office], tmp_path: Path) -> Story:
    """The office whose power fails after the morning of 22 April."""
    story = _county(new_office(), tmp_path / "off")
    _run(story, FIRST, LAST_ON)
    return story


def _told(story: Story, since: date) -> list[tuple[Any, ...]]:
    """What went out from a day on, by morning and recipient; the daily slip apart, which counts what was sent."""
    query = select(Notice).where(Notice.planned_on >= since, Notice.kind != "heartbeat").order_by(col(Notice.id))
    return [(n.planned_on, n.kind, n.recipient_id, n.payload, n.status) for n in story.rows(query)]


def _items(story: Story, on: date) -> list[NoticeItem]:
    return story.rows(select(NoticeItem).where(NoticeItem.planned_on == on))


def test_the_first_morning_after_tells_each_organ_once_and_each_deadline_once(story: Story) -> None:
    before = len(story.mails())

    counts = story.morning(BACK.isoformat())

    items = _items(story, BACK)
    sent = [item for item in items if item.notice_id is not None]
    assert max(Counter((item.deadline_id, item.lane) for item in sent).values()) == 1
    overtaken = [item for item in items if item.notice_id is None]
    assert len(overtaken) == counts["superseded"] > 0
    for item in overtaken:
        assert any(s.deadline_id == item.deadline_id and s.lane == item.lane and s.offset > item.offset for s in sent)
    # One letter for each organ and one for the licence that has lapsed; and the office's daily slip.
    assert counts["lapsed"] == 1
    assert counts["planned"] == len({item.recipient_id for item in sent}) + 1
    assert len(story.mails()) - before == counts["planned"] - counts["no_contact"] + 1
    story.sound()


def test_the_same_morning_tells_nobody_twice(story: Story) -> None:
    story.morning(BACK.isoformat())
    mails = story.mails()

    counts = story.morning(BACK.isoformat())

    assert (counts["due"], counts["planned"], story.mails()) == (0, 0, mails)
    story.sound()


def test_power_that_comes_back_on_a_rest_day_brings_no_mail(story: Story) -> None:
    mails = story.mails()

    for rest_day in ("2026-05-01", "2026-05-02", "2026-05-05"):
        assert story.morning(rest_day)["rest_day"] == 1

    assert story.mails() == mails
    # Only the first working morning afterwards does.
    story.morning("2026-05-06")
    assert len(story.mails()) > len(mails)
    story.sound()


def test_after_that_morning_nothing_tells_the_office_from_one_that_was_never_off(
    story: Story, never_off: Story
) -> None:
    _run(never_off, FIRST, END)
    assert [row for row in _told(never_off, FIRST) if row[0] <= LAST_ON] == _told(story, FIRST)

    _run(story, BACK, END)

    later = BACK + timedelta(days=1)
    assert _told(story, later) == _told(never_off, later)
    assert {row[0] for row in _told(story, later)}.isdisjoint({date(2026, 5, 10), date(2026, 5, 16), date(2026, 5, 17)})
    assert _standing(story) == _standing(never_off)
    _nothing_lost(story, never_off)
    story.sound()
    never_off.sound()


def _standing(story: Story) -> list[tuple[Any, ...]]:
    """Every running deadline with how far its ladder has been climbed."""
    rows = story.rows(select(Deadline).where(Deadline.status == "open").order_by(col(Deadline.id)))
    return [(d.id, d.case_id, d.trigger, d.due_on, d.reminded, d.escalated, d.next_on) for d in rows]


def _nothing_lost(story: Story, never_off: Story) -> None:
    """Every rung that went out elsewhere during the fortnight went out here later, or was overtaken by a higher one."""
    climbed = {
        (i.deadline_id, i.lane): i.offset for i in story.rows(select(NoticeItem).order_by(col(NoticeItem.offset)))
    }
    for item in never_off.rows(select(NoticeItem).join(Deadline).where(Deadline.status == "open")):
        assert climbed[item.deadline_id, item.lane] >= item.offset


def test_the_scheduler_asks_before_it_trusts_a_clock_that_stood_still(story: Story) -> None:
    office = story.office
    with freeze_time(at_nine(LAST_ON)):
        assert office.tick()[0] == ""
    mails = story.mails()

    with freeze_time(at_nine(BACK)):
        hold, swept, _ = office.tick()
        assert "距上次心跳（2026-04-22 09:30）已过 360 小时" in hold
        assert (swept, story.mails()) == (None, mails)
        # A person has looked at the date.
        office.sweep(BACK, by_hand=True)
        assert office.tick()[0] == ""

    assert len(story.mails()) > len(mails)
    with freeze_time(at_nine("2026-05-08")):
        hold, swept, _ = office.tick()
    assert hold == ""
    assert swept is not None
    story.sound()
