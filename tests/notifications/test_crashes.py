"""Whatever dies, freezes or runs twice: never lost, never twice by itself, every doubt shown."""

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from notifications.channels import Letter
from notifications.outbox import DeliveryReport, deliver, resolve_doubt
from tests.notifications.desk import Clock, FakeChannel, attempts, notice, plan, rounds, statuses


class Crash(BaseException):
    """The process is gone: nothing after this line happens."""


def crash(_: object = None) -> None:
    raise Crash


def test_a_crash_before_the_final_dot_is_a_plain_retry(engine: Engine, clock: Clock) -> None:
    [number] = plan(engine)
    with pytest.raises(Crash):
        deliver(engine, FakeChannel(before_begin=crash), now=clock)
    clock.move(minutes=14)
    assert deliver(engine, FakeChannel(), now=clock) == DeliveryReport(), "the claim is not stale yet"
    clock.move(minutes=2)
    assert deliver(engine, FakeChannel(), now=clock).sent == 1
    assert attempts(engine, number) == [(1, "failed"), (2, "sent")]


@pytest.mark.parametrize("channel", [FakeChannel(before_dot=crash), FakeChannel(after_dot=crash)])
def test_a_crash_around_the_final_dot_is_doubt(engine: Engine, clock: Clock, channel: FakeChannel) -> None:
    [number] = plan(engine)
    with pytest.raises(Crash):
        deliver(engine, channel, now=clock)
    clock.move(minutes=16)
    assert deliver(engine, FakeChannel(), now=clock) == DeliveryReport(doubtful=1)
    row = notice(engine, number)
    assert row.message_id in row.reply
    assert "2026-11-23 09:00 之后中断" in row.reply
    assert rounds(engine, FakeChannel(), clock) == [DeliveryReport()] * 3


def test_where_a_repeat_is_no_second_letter_a_crash_leaves_no_doubt(engine: Engine, clock: Clock) -> None:
    plan(engine)
    with pytest.raises(Crash):
        deliver(engine, FakeChannel(repeatable=True, after_dot=crash), now=clock)
    clock.move(minutes=16)
    assert deliver(engine, FakeChannel(repeatable=True), now=clock) == DeliveryReport(sent=1)


class DyingDatabase:
    """Sessions of a process that dies at its n-th commit, just before or just after it took effect."""

    def __init__(self, engine: Engine, commits: int, *, after: bool) -> None:
        self.engine, self.left, self.after = engine, commits, after

    def __call__(self) -> Session:
        return _DyingSession(self)


class _DyingSession(Session):
    def __init__(self, database: DyingDatabase) -> None:
        super().__init__(database.engine)
        self.database = database

    def commit(self) -> None:
        self.database.left -= 1
        if self.database.left == 0 and not self.database.after:
            raise Crash
        super().commit()
        if self.database.left == 0:
            raise Crash


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("commits", range(1, 9))
def test_a_crash_at_any_commit_loses_and_doubles_nothing(
    engine: Engine, clock: Clock, commits: int, after: bool
) -> None:
    ids = plan(engine, count=2)
    channel = FakeChannel()
    dying = DyingDatabase(engine, commits, after=after)
    if commits < 8:
        with pytest.raises(Crash):
            deliver(dying, channel, now=clock)
    else:
        deliver(dying, channel, now=clock)
    rounds(engine, channel, clock)
    accepted = Counter(letter.notice_id for letter in channel.accepted)
    for number, status in zip(ids, statuses(engine), strict=True):
        assert status in {"sent", "doubtful"}
        assert accepted[number] <= 1
        assert accepted[number] == 1 or status == "doubtful"


def test_a_holder_that_froze_before_the_final_dot_is_fenced(engine: Engine, clock: Clock) -> None:
    [number] = plan(engine)
    other = FakeChannel()

    def freeze(_: Letter) -> None:
        clock.move(minutes=20)
        assert deliver(engine, other, now=clock).sent == 1

    frozen = FakeChannel(before_begin=freeze)
    assert deliver(engine, frozen, now=clock) == DeliveryReport(), "it reports nothing of what it lost"
    assert (len(other.accepted), len(frozen.accepted), frozen.abandoned) == (1, 0, 1)
    assert notice(engine, number).status == "sent"


def test_a_holder_that_froze_after_the_final_dot_settles_the_doubt_itself(engine: Engine, clock: Clock) -> None:
    [number] = plan(engine)
    other = FakeChannel()

    def freeze(_: Letter) -> None:
        clock.move(minutes=20)
        assert deliver(engine, other, now=clock).doubtful == 1

    assert deliver(engine, FakeChannel(after_dot=freeze), now=clock).sent == 1
    assert (notice(engine, number).status, other.accepted) == ("sent", [])


def test_a_late_success_stops_the_repeat_that_a_person_has_ordered(engine: Engine, clock: Clock) -> None:
    [number] = plan(engine)
    other = FakeChannel()

    def freeze(_: Letter) -> None:
        clock.move(minutes=20)
        assert deliver(engine, other, now=clock).doubtful == 1
        with Session(engine) as session:
            resolve_doubt(session, number, was_sent=False, now=clock(), by="办公室值班岗")
            session.commit()

    assert deliver(engine, FakeChannel(after_dot=freeze), now=clock).sent == 1
    rounds(engine, other, clock)
    assert (notice(engine, number).status, other.accepted) == ("sent", [])


def test_a_dead_database_before_the_final_dot_takes_the_letter_back(engine: Engine, clock: Clock) -> None:
    plan(engine)
    channel = FakeChannel()
    with pytest.raises(Crash):
        # Third commit: stale claims, claim, and then the note that the letter may be gone.
        deliver(DyingDatabase(engine, 3, after=False), channel, now=clock)
    assert (channel.accepted, channel.abandoned) == ([], 1)


def test_deliverers_at_work_at_once_never_send_twice(engine: Engine, clock: Clock) -> None:
    plan(engine, count=30)
    start = threading.Barrier(3)
    channels = [FakeChannel() for _ in range(3)]
    reports: list[DeliveryReport] = []

    def work(channel: FakeChannel) -> None:
        start.wait()
        reports.append(deliver(engine, channel, now=clock))

    _together([partial(work, channel) for channel in channels])
    accepted = Counter(letter.notice_id for channel in channels for letter in channel.accepted)
    assert len(accepted) == 30
    assert set(accepted.values()) == {1}
    assert sum(report.sent for report in reports) == 30
    assert statuses(engine) == ["sent"] * 30


def _together(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
