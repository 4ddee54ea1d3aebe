"""The guard against a jumping clock, and what one heartbeat of the office does at which hour."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
from sqlalchemy import Engine
from sqlmodel import Session, select

from office.running.installation import Office
from workflow.beat import beat, confirm, held
from workflow.models import Notice, Sweep

START = datetime(2025, 3, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
def desk(engine: Engine) -> Iterator[Session]:
    """A session in which the scheduler has been alive once."""
    with Session(engine) as session:
        assert beat(session, START) == ""
        yield session


@pytest.mark.parametrize("gap", [timedelta(0), timedelta(hours=26), timedelta(minutes=-5), timedelta(hours=15)])
def test_an_ordinary_gap_is_no_reason_to_hold(desk: Session, gap: timedelta) -> None:
    assert beat(desk, START + gap) == ""


@pytest.mark.parametrize(
    ("off", "on", "holds"),
    [
        ("2025-03-21T17:30", "2025-03-24T08:30", False),  # a weekend
        ("2025-03-21T17:30", "2025-03-22T20:00", False),
        ("2025-03-20T17:30", "2025-03-24T08:30", True),  # Friday was worked
        ("2025-09-30T17:30", "2025-10-09T08:30", False),  # the national holiday
        ("2025-09-27T17:30", "2025-09-29T20:00", True),  # that Sunday was worked, for the holiday
        ("2025-03-21T17:30", "2025-04-21T08:30", True),
    ],
)
def test_a_machine_that_was_off_over_rest_days_goes_on_by_itself(
    engine: Engine, off: str, on: str, holds: bool
) -> None:
    def county(moment: str) -> datetime:
        return datetime.fromisoformat(f"{moment}+08:00")

    with Session(engine) as session:
        beat(session, county(off))
        assert bool(beat(session, county(on), woken=True)) is holds


def test_a_clock_that_jumps_over_a_weekend_while_the_program_runs_is_held(
    office: Office, frozen: FrozenDateTimeFactory
) -> None:
    at(frozen, "2025-03-21T17:30:00")
    assert office.tick()[0] == ""
    at(frozen, "2025-03-24T09:30:00")
    assert "已过 64 小时" in office.tick()[0]


def test_a_machine_switched_on_on_monday_sends_the_morning_without_a_question(
    office: Office, frozen: FrozenDateTimeFactory
) -> None:
    at(frozen, "2025-03-21T17:30:00")
    office.tick()
    at(frozen, "2025-03-24T08:30:00")
    monday = Office(office.settings)
    assert monday.tick()[:2] == ("", None)
    at(frozen, "2025-03-24T09:00:00")
    assert monday.tick()[0] == ""
    assert swept(office) == [date(2025, 3, 21), date(2025, 3, 24)]
    monday.close()


@pytest.mark.parametrize(
    ("gap", "reason"),
    [
        (timedelta(hours=26, seconds=1), "距上次心跳（2025-03-20 09:00）已过 26 小时，现在系统时间是 2025-03-21 11:00"),
        (timedelta(days=400), "可能是停机，也可能是时钟跳动"),
        (timedelta(minutes=-5, seconds=-1), "系统时间 2025-03-20 08:54 早于上次心跳 2025-03-20 09:00：时钟被拨回"),
        (timedelta(days=-30), "时钟被拨回"),
    ],
)
def test_a_jump_holds_and_says_what_it_saw(desk: Session, gap: timedelta, reason: str) -> None:
    assert reason in beat(desk, START + gap)
    assert reason in held(desk)


def test_a_hold_stays_even_when_the_clock_comes_back(desk: Session) -> None:
    reason = beat(desk, START + timedelta(days=400))

    assert beat(desk, START + timedelta(minutes=1)) == reason


def test_a_person_releases_the_hold_and_beats_count_from_then(desk: Session) -> None:
    beat(desk, START + timedelta(days=400))
    confirm(desk, START + timedelta(days=400))

    assert held(desk) == ""
    assert beat(desk, START + timedelta(days=400, minutes=1)) == ""
    assert "时钟被拨回" in beat(desk, START)


def test_confirming_before_the_first_beat_is_harmless(engine: Engine) -> None:
    with Session(engine) as session:
        confirm(session, START)
        assert beat(session, START + timedelta(hours=1)) == ""


# Office.tick under a clock that is moved. Times are the county's, eight hours ahead of UTC.


@pytest.fixture
def frozen() -> Iterator[FrozenDateTimeFactory]:
    with freeze_time(datetime(2025, 3, 20, 1, 30, tzinfo=UTC)) as clock:
        yield clock


def at(clock: FrozenDateTimeFactory, county: str) -> None:
    clock.move_to(datetime.fromisoformat(f"{county}+08:00"))


def swept(office: Office) -> list[date]:
    with office.reading() as session:
        return sorted(session.exec(select(Sweep.as_of)))


def planned(office: Office) -> int:
    with office.reading() as session:
        return len(session.exec(select(Notice.id)).all())


def letters(office: Office) -> int:
    return len(list(office.settings.mailbox.glob("*/*.eml")))


def test_the_morning_comes_at_nine_and_once(office: Office, frozen: FrozenDateTimeFactory) -> None:
    hold, counts, report = office.tick()
    assert (hold, swept(office)) == ("", [date(2025, 3, 20)])
    assert counts
    assert report
    assert report.sent == letters(office) == planned(office) > 1

    at(frozen, "2025-03-20T09:31:00")
    assert office.tick()[1] is None
    at(frozen, "2025-03-21T08:59:59")
    assert office.tick()[1] is None
    at(frozen, "2025-03-21T09:00:00")
    assert office.tick()[1] is not None
    assert swept(office) == [date(2025, 3, 20), date(2025, 3, 21)]


def test_a_weekend_of_heartbeats_brings_nothing_new(office: Office, frozen: FrozenDateTimeFactory) -> None:
    at(frozen, "2025-03-21T09:00:00")
    office.tick()
    before = planned(office), letters(office)
    for hours in range(1, 72):
        frozen.move_to(datetime(2025, 3, 21, 1, tzinfo=UTC) + timedelta(hours=hours))
        assert office.tick()[:2] == ("", None)
    assert (planned(office), letters(office)) == before

    at(frozen, "2025-03-24T09:00:00")
    assert office.tick()[1] is not None
    assert swept(office) == [date(2025, 3, 21), date(2025, 3, 24)]


def test_fourteen_days_off_hold_until_somebody_looks_and_then_bring_one_morning(
    office: Office, frozen: FrozenDateTimeFactory
) -> None:
    office.tick()
    before = planned(office)
    at(frozen, "2025-04-03T10:00:00")
    hold, counts, report = office.tick()
    assert "已过 336 小时" in hold
    assert (counts, report) == (None, None)
    assert office.tick()[0] == hold
    assert (planned(office), swept(office)) == (before, [date(2025, 3, 20)])

    office.sweep(date(2025, 4, 3), by_hand=True)
    at(frozen, "2025-04-03T10:01:00")
    assert office.tick()[:2] == ("", None)

    assert swept(office) == [date(2025, 3, 20), date(2025, 4, 3)]
    with office.reading() as session:
        caught_up = session.exec(select(Notice.recipient_id).where(Notice.planned_on == date(2025, 4, 3))).all()
    # At most the digest for each, and the office's daily slip.
    assert len(caught_up) <= len(set(caught_up)) + 1


def test_a_clock_set_back_sends_nothing(office: Office, frozen: FrozenDateTimeFactory) -> None:
    office.tick()
    before = planned(office), letters(office)
    at(frozen, "2025-03-19T09:30:00")
    assert "时钟被拨回" in office.tick()[0]
    assert (planned(office), letters(office)) == before


def test_a_machine_switched_on_in_the_afternoon_makes_up_for_the_morning(
    office: Office, frozen: FrozenDateTimeFactory
) -> None:
    at(frozen, "2025-03-20T16:45:00")
    assert office.tick()[1]
    assert swept(office) == [date(2025, 3, 20)]
