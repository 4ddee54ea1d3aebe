"""What is previewed is what is sent (N4)."""

from collections.abc import Callable
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from sqlmodel import Session, select

from notifications.render import render
from office.running.installation import Office
from tests.conftest import Databases, at_nine
from tests.story import Story
from tests.workflow.dump import everything
from workflow.errors import BadInput
from workflow.models import Notice, NoticeStatus

FIRST = date(2025, 3, 20)
#: The four years of the plan; the kind of database plays no part in what letters say, so one of them is lived through once.
LASTS = {"sqlite": date(2028, 12, 31), "postgresql": date(2026, 3, 20)}
Row = tuple[date, str, str, str, str]


def as_told(row: Any) -> Row:
    return row["planned_on"], row["recipient_id"], row["kind"], row["subject"], row["body"]


def as_read(path: Path) -> Row:
    """A letter as its reader has it."""
    mail = message_from_bytes(path.read_bytes(), policy=SMTP)
    part = mail.get_body(("plain",))
    assert part is not None
    *day, _number, kind = path.stem.split("-")
    return (
        date.fromisoformat("-".join(day)), path.parent.name, kind, str(mail["Subject"]),
        part.get_content().replace("\r\n", "\n"),
    )  # fmt: skip


def previewed(office: Office, first: date, last: date) -> list[dict[str, Any]]:
    with office.reading() as session:
        return [dict(row) for row in office.preview(session, first, last)]


def live_through(office: Office, first: date, last: date) -> None:
    """Every day's sweep and delivery, under a clock that is moved from morning to morning."""
    with freeze_time(at_nine(first)) as frozen:
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            frozen.move_to(at_nine(day))
            if "rest_day" not in office.sweep(day):
                office.deliver()


def undelivered(session: Session) -> list[Row]:
    """Notices for which nobody has an address, in the words they would have had."""
    found = session.exec(select(Notice).where(Notice.status == NoticeStatus.NO_CONTACT))
    return [(n.planned_on, n.recipient_id, n.kind, *_words(n)) for n in found]


def _words(notice: Notice) -> tuple[str, str]:
    message = render(notice.kind, notice.payload)
    return message.subject, message.body


def assert_lived_as_previewed(office: Office, told: list[dict[str, Any]]) -> None:
    letters = sorted(as_read(path) for path in office.settings.mailbox.glob("*/*.eml"))
    assert letters == sorted(as_told(row) for row in told if row["reachable"])
    with office.reading() as session:
        assert sorted(undelivered(session)) == sorted(as_told(row) for row in told if not row["reachable"])
        statuses = set(session.exec(select(Notice.status)))
    assert statuses <= {NoticeStatus.SENT, NoticeStatus.NO_CONTACT}


def test_years_of_letters_are_word_for_word_those_of_the_preview(office: Office, databases: Databases) -> None:
    told = previewed(office, FIRST, LASTS[databases.kind])

    live_through(office, FIRST, LASTS[databases.kind])

    assert_lived_as_previewed(office, told)
    assert {row["kind"] for row in told} == {"digest", "heartbeat"}
    assert {row["recipient_id"] for row in told} >= {"group_office", "natural_resources", ""}


def test_every_working_morning_has_its_slip_and_no_rest_day_has_anything(office: Office) -> None:
    rows = previewed(office, date(2025, 9, 25), date(2025, 10, 15))

    slips = [row["planned_on"] for row in rows if row["kind"] == "heartbeat"]
    assert slips == [
        date(2025, 9, day)
        for day in (25, 26, 28, 29, 30)  # Sunday the 28th is worked (调休)
    ] + [date(2025, 10, day) for day in (9, 10, 11, 13, 14, 15)]
    assert {row["planned_on"] for row in rows} == set(slips)


def test_the_clocks_own_steps_are_previewed_too(office: Office, tmp_path: Path) -> None:
    """A permit that expires meanwhile: the step, its notice, and the deadlines that end with it."""
    story = Story(office, tmp_path).register(
        "演示二号砂岩矿", holder="演示二号矿业公司", licence_number="C1405002016117130143388", valid_to="2025-06-30",
    )  # fmt: skip
    permit = story.open(
        "permit", "2025-03-20", purpose="cancel", permit_kind="mining", permit_number="C1405002016117130143388",
        permit_valid_to="2025-06-30",
    )  # fmt: skip
    first, last = date(2025, 6, 2), date(2025, 7, 15)
    told = previewed(office, first, last)

    live_through(office, first, last)

    assert story.state(permit) == "expired"
    assert [row["planned_on"] for row in told if row["kind"] == "lapsed"] == [date(2025, 7, 1)]
    # The slip quotes the head of the history, which nobody can know before the clock has written its step.
    lapse = date(2025, 7, 1)
    known = [row for row in told if row["kind"] != "heartbeat" or row["planned_on"] < lapse]
    letters = sorted(as_read(path) for path in office.settings.mailbox.glob("*/*.eml"))
    assert [m for m in letters if m[2] != "heartbeat" or m[0] < lapse] == sorted(
        as_told(row) for row in known if row["reachable"]
    )
    story.sound()


def test_a_preview_begun_in_the_middle_goes_on_where_the_sweeps_stopped(office: Office) -> None:
    live_through(office, FIRST, date(2025, 4, 10))
    before = set(office.settings.mailbox.glob("*/*.eml"))
    told = previewed(office, FIRST, date(2025, 5, 9))

    live_through(office, date(2025, 4, 11), date(2025, 5, 9))

    assert min(row["planned_on"] for row in told) == date(2025, 4, 11)
    after = sorted(as_read(path) for path in set(office.settings.mailbox.glob("*/*.eml")) - before)
    assert after == sorted(as_told(row) for row in told if row["reachable"])


def test_previewing_writes_nothing(office: Office) -> None:
    before = everything(office.engine)

    previewed(office, FIRST, date(2025, 12, 31))

    assert everything(office.engine) == before
    assert not office.settings.mailbox.exists()


def test_the_same_preview_twice_is_the_same(office: Office) -> None:
    assert previewed(office, FIRST, date(2025, 6, 30)) == previewed(office, FIRST, date(2025, 6, 30))


def test_an_end_before_the_start_is_refused_in_words(office: Office) -> None:
    with office.reading() as session, pytest.raises(BadInput, match="早于开始日期"):
        list(office.preview(session, FIRST, FIRST - timedelta(1)))


def test_progress_is_told_for_every_day(office: Office) -> None:
    seen: list[date] = []
    note: Callable[[date], None] = seen.append
    with office.reading() as session:
        list(office.preview(session, FIRST, FIRST + timedelta(days=9), progress=note))
    assert seen == [FIRST + timedelta(days=n) for n in range(10)]
