"""A licence runs out by itself: the clock records it on the first working morning after, and the history is sound."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from office.running.installation import Office
from tests.story import Story
from workflow.models import Notice

LICENCE = {"purpose": "cancel", "permit_kind": "mining", "permit_number": "C1405002016117130143355"}


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register("演示八号砂岩矿", holder="演示八号矿业公司", mineral="砂岩")


def _lapse_notices(story: Story, case: str) -> list[Notice]:
    return story.rows(select(Notice).where(Notice.kind == "lapsed", Notice.dedupe.contains(f"|{case}|")))


def test_a_licence_lapses_on_the_first_working_morning_after_its_last_day(story: Story) -> None:
    case = story.open("permit", "2026-04-08", permit_valid_to="2026-04-30", **LICENCE)

    # The last day still belongs to the holder, and the May holidays to everybody.
    for morning in ("2026-04-30", "2026-05-01", "2026-05-05"):
        assert story.morning(morning)["lapsed"] == 0
        assert story.state(case) == "active"
    assert story.morning("2026-05-06")["lapsed"] >= 1

    last = story.file(case, "2026-05-06")["history"][-1]
    assert (last["trigger"], last["actor"], last["occurred_on"]) == ("expire", "clock", "2026-05-01")
    (notice,) = _lapse_notices(story, case)
    assert (notice.recipient_id, notice.planned_on, notice.status) == ("natural_resources", date(2026, 5, 6), "sent")
    assert story.state(case) == "expired"
    story.sound()


def test_a_lapse_is_recorded_and_told_only_once(story: Story) -> None:
    case = story.open("permit", "2026-04-08", permit_valid_to="2026-04-30", **LICENCE)

    for morning in ("2026-05-06", "2026-05-06", "2026-05-07"):
        story.morning(morning)

    assert [e["trigger"] for e in story.file(case, "2026-05-07")["history"]] == ["open", "expire"]
    assert len(_lapse_notices(story, case)) == 1
    story.sound()


def test_a_person_cannot_let_a_licence_expire(story: Story) -> None:
    case = story.open("permit", "2026-04-08", permit_valid_to="2026-04-30", **LICENCE)

    assert "没有代号为“expire”的环节" in story.rejected(case, "expire", "2026-05-06")
    story.sound()


def test_an_expired_licence_is_still_cancelled_by_its_registrar(story: Story) -> None:
    case = story.open("permit", "2026-04-08", permit_valid_to="2026-04-30", **LICENCE)
    story.morning("2026-05-06")

    (other,) = story.refused(
        case, "request_safety_cancellation", "2026-05-07", user="emergency", registrar_name="演示登记机关",
        requested_on="2026-05-07",
    )  # fmt: skip
    assert other.missing == "本证照不是安全生产许可证"
    story.take(
        case, "request_right_cancellation", "2026-05-07", user="natural_resources", registrar_name="演示登记机关",
        requested_on="2026-05-07",
    )  # fmt: skip
    done = story.take(case, "record_cancellation", "2026-06-01", user="natural_resources", cancelled_on="2026-05-29")

    assert (done.state, done.slots) == ("cancelled", ())
    story.sound()


def test_a_permit_reminds_only_the_organ_that_has_to_ask_for_its_cancellation(story: Story) -> None:
    case = story.open("permit", "2026-04-08", permit_valid_to="2028-04-30", **LICENCE)

    dated = {trigger for trigger, day in story.dues(case).items() if day}

    assert dated == {"request_right_cancellation", "expire"}
    story.sound()


def test_a_licence_without_a_last_day_never_lapses(story: Story) -> None:
    case = story.open("permit", "2026-04-08", **LICENCE)

    story.morning("2028-04-30")
    story.morning("2028-05-08")

    assert story.state(case) == "active"
    story.sound()
