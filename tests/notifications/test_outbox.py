"""A notice reaches its recipient once, whatever happens to the others."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from notifications.channels import Letter, OutcomeUnknown, PermanentFailure, TemporaryFailure
from notifications.claims import BACKOFF
from notifications.outbox import DeliveryReport, NotInDoubt, deliver, resolve_doubt, retry_no_contact
from tests.notifications.desk import Clock, FakeChannel, add_organ, attempts, notice, plan, statuses
from workflow.models import Contact, Notice


def fail(error: Exception, only: int | None = None) -> "Failing":
    return Failing(error, only)


class Failing:
    """A hook that raises, for one notice or for all."""

    def __init__(self, error: Exception, only: int | None) -> None:
        self.error, self.only = error, only

    def __call__(self, letter: Letter) -> None:
        if self.only in {None, letter.notice_id}:
            raise self.error


def test_a_sent_notice_says_when_where_and_under_which_message_id(engine: Engine, clock: Clock) -> None:
    [number] = plan(engine)
    assert deliver(engine, FakeChannel(), now=clock) == DeliveryReport(sent=1)
    row = notice(engine, number)
    assert (row.status, row.sent_at, row.address) == ("sent", clock.at, "clinic@office.example")
    assert (row.message_id, row.reply) == (f"<minecase-notice-{number}@office.example>", "250 accepted")
    assert attempts(engine, number) == [(1, "sent")]


def test_a_session_factory_serves_as_well_as_an_engine(engine: Engine, clock: Clock) -> None:
    plan(engine)
    assert deliver(lambda: Session(engine), FakeChannel(), now=clock).sent == 1


def test_what_was_sent_is_not_sent_again(engine: Engine, clock: Clock) -> None:
    plan(engine, count=3)
    channel = FakeChannel()
    deliver(engine, channel, now=clock)
    clock.move(days=30)
    assert deliver(engine, channel, now=clock) == DeliveryReport()
    assert len(channel.accepted) == 3


def test_a_round_takes_no_more_than_its_limit(engine: Engine, clock: Clock) -> None:
    plan(engine, count=5)
    assert deliver(engine, FakeChannel(), now=clock, limit=2).sent == 2


def test_withdrawn_notices_stay_where_they_are(engine: Engine, clock: Clock) -> None:
    [number] = plan(engine)
    with Session(engine) as session:
        session.get_one(Notice, number).status = "withdrawn"  # type: ignore[assignment]
        session.commit()
    assert deliver(engine, FakeChannel(), now=clock) == DeliveryReport()


@pytest.mark.parametrize(
    ("error", "report"),
    [
        (TemporaryFailure("450 later"), DeliveryReport(sent=2, failed=1)),
        (PermanentFailure("550 no such mailbox"), DeliveryReport(sent=2, dead=1)),
        (RuntimeError("a bug"), DeliveryReport(sent=2, failed=1)),
    ],
)
def test_one_bad_recipient_never_stops_the_rest(
    engine: Engine, clock: Clock, error: Exception, report: DeliveryReport
) -> None:
    first, *_ = plan(engine, count=3)
    assert deliver(engine, FakeChannel(before_begin=fail(error, first)), now=clock) == report
    assert str(error) in notice(engine, first).reply


def test_a_text_that_cannot_be_written_never_stops_the_rest(engine: Engine, clock: Clock) -> None:
    [bad] = plan(engine, kind="no_such_kind")
    [thin] = plan(engine, occurred_on=None)
    plan(engine)
    assert deliver(engine, FakeChannel(), now=clock) == DeliveryReport(sent=1, failed=2)
    assert "没有“no_such_kind”这类通知的文字模板" in notice(engine, bad).reply
    assert "内容不完整" in notice(engine, thin).reply


def test_when_the_server_is_away_the_rest_waits_untouched(engine: Engine, clock: Clock) -> None:
    plan(engine, count=3)
    away = FakeChannel(before_begin=fail(TemporaryFailure("no answer", stops_batch=True)))
    assert deliver(engine, away, now=clock) == DeliveryReport(failed=1, held=2)
    assert statuses(engine) == ["failed", "planned", "planned"]


def test_retries_come_after_1_5_15_minutes_1_and_4_hours_and_then_daily(engine: Engine, clock: Clock) -> None:
    [number] = plan(engine)
    channel = FakeChannel(before_begin=fail(TemporaryFailure("450 later")))
    for wait in (*BACKOFF, timedelta(days=1), timedelta(days=1)):
        assert deliver(engine, channel, now=clock).failed == 1
        assert notice(engine, number).next_at == clock.at + wait
        clock.at += wait - timedelta(seconds=1)
        assert deliver(engine, channel, now=clock) == DeliveryReport(), "not before its time"
        clock.at += timedelta(seconds=1)
    assert deliver(engine, FakeChannel(), now=clock).sent == 1


def test_new_notices_go_before_those_that_failed(engine: Engine, clock: Clock) -> None:
    plan(engine, count=2)
    deliver(engine, FakeChannel(before_begin=fail(TemporaryFailure("later"))), now=clock)
    [fresh] = plan(engine)
    clock.move(minutes=2)
    channel = FakeChannel()
    deliver(engine, channel, now=clock, limit=1)
    assert [letter.notice_id for letter in channel.accepted] == [fresh]


@pytest.mark.parametrize("error", [OutcomeUnknown("hung up"), RuntimeError("a bug")])
def test_a_fault_at_the_final_dot_is_doubt_and_is_held(engine: Engine, clock: Clock, error: Exception) -> None:
    first, *_ = plan(engine, count=2)
    channel = FakeChannel(after_dot=fail(error, first))
    assert deliver(engine, channel, now=clock) == DeliveryReport(sent=1, doubtful=1)
    clock.move(days=30)
    assert deliver(engine, channel, now=clock) == DeliveryReport(), "never resent by itself"
    assert "可能已发出" in notice(engine, first).reply
    assert notice(engine, first).message_id


def test_where_a_repeat_is_no_second_letter_any_fault_is_a_retry(engine: Engine, clock: Clock) -> None:
    plan(engine)
    channel = FakeChannel(repeatable=True, after_dot=fail(RuntimeError("a bug")))
    assert deliver(engine, channel, now=clock) == DeliveryReport(failed=1)


class TestAPersonDecidesAboutADoubt:
    @pytest.fixture
    def doubtful(self, engine: Engine, clock: Clock) -> int:
        [number] = plan(engine)
        deliver(engine, FakeChannel(after_dot=fail(OutcomeUnknown("hung up"))), now=clock)
        clock.move(hours=1)
        return number

    def decide(self, engine: Engine, number: int, clock: Clock, *, was_sent: bool) -> None:
        with Session(engine) as session:
            resolve_doubt(session, number, was_sent=was_sent, now=clock(), by="办公室值班岗")
            session.commit()

    def test_it_was_sent(self, engine: Engine, clock: Clock, doubtful: int) -> None:
        self.decide(engine, doubtful, clock, was_sent=True)
        row = notice(engine, doubtful)
        assert (row.status, row.sent_at) == ("sent", clock.at - timedelta(hours=1))
        assert "办公室值班岗 于 2026-11-23 10:00 确认已发出" in row.reply

    def test_send_it_again_under_the_same_message_id(self, engine: Engine, clock: Clock, doubtful: int) -> None:
        before = notice(engine, doubtful).message_id
        self.decide(engine, doubtful, clock, was_sent=False)
        assert deliver(engine, FakeChannel(), now=clock).sent == 1
        assert notice(engine, doubtful).message_id == before
        assert attempts(engine, doubtful) == [(1, "doubtful"), (2, "sent")]

    def test_a_refusal_of_the_repeat_proves_nothing_about_the_first(
        self, engine: Engine, clock: Clock, doubtful: int
    ) -> None:
        self.decide(engine, doubtful, clock, was_sent=False)
        refusing = FakeChannel(before_begin=fail(PermanentFailure("550 no such mailbox")))
        assert deliver(engine, refusing, now=clock) == DeliveryReport(doubtful=1)
        assert "550 no such mailbox（第 1 次发送结果不明，那一次可能已送达）" in notice(engine, doubtful).reply

    def test_only_once(self, engine: Engine, clock: Clock, doubtful: int) -> None:
        self.decide(engine, doubtful, clock, was_sent=True)
        with pytest.raises(NotInDoubt, match="不在“存疑”状态"):
            self.decide(engine, doubtful, clock, was_sent=False)


class TestWithoutAnAddress:
    def test_the_notice_waits_visibly_until_there_is_one(self, engine: Engine, clock: Clock) -> None:
        add_organ(engine, "mill")
        [number] = plan(engine, "mill")
        plan(engine)
        assert deliver(engine, FakeChannel(), now=clock) == DeliveryReport(sent=1, no_contact=1)
        assert "虚构单位mill没有可用的电子邮箱" in notice(engine, number).reply
        self.retry(engine, 0)
        with Session(engine) as session:
            session.add(Contact(organ_id="mill", email="mill@office.example", valid_from=date(2026, 11, 23)))
            session.commit()
        self.retry(engine, 1)
        assert deliver(engine, FakeChannel(), now=clock).sent == 1

    def test_an_address_that_is_no_longer_or_not_yet_valid_does_not_count(self, engine: Engine, clock: Clock) -> None:
        add_organ(engine, "mill", "mill@office.example", since=date(2026, 12, 1))
        plan(engine, "mill")
        assert deliver(engine, FakeChannel(), now=clock).no_contact == 1
        self.retry(engine, 0)

    def test_an_unknown_responsible_organ_is_said_to_be_unknown(self, engine: Engine, clock: Clock) -> None:
        [number] = plan(engine, "")
        assert deliver(engine, FakeChannel(), now=clock).no_contact == 1
        assert "责任单位尚未明确" in notice(engine, number).reply

    def retry(self, engine: Engine, expected: int) -> None:
        with Session(engine) as session:
            assert retry_no_contact(session, on=date(2026, 11, 23)) == expected
            session.commit()


class TestQuietHours:
    @pytest.mark.parametrize("hour", [0, 7, 18, 23])
    def test_nothing_rings_at_night(self, engine: Engine, hour: int) -> None:
        plan(engine, count=2)
        assert self.at(engine, hour, quiet_hours=True, working=True) == DeliveryReport(held=2)

    def test_nothing_rings_on_a_rest_day(self, engine: Engine) -> None:
        plan(engine)
        assert self.at(engine, 10, quiet_hours=True, working=False).held == 1

    @pytest.mark.parametrize("hour", [8, 17])
    def test_letters_go_out_in_office_hours(self, engine: Engine, hour: int) -> None:
        plan(engine)
        assert self.at(engine, hour, quiet_hours=True, working=True).sent == 1

    def test_a_folder_wakes_nobody(self, engine: Engine) -> None:
        plan(engine)
        assert self.at(engine, 3, quiet_hours=False, working=False).sent == 1

    def test_a_person_may_send_at_any_hour(self, engine: Engine) -> None:
        plan(engine)
        clock = Clock(datetime(2026, 11, 22, 19, 0, tzinfo=UTC))
        assert deliver(engine, FakeChannel(quiet_hours=True), now=clock).sent == 1

    def at(self, engine: Engine, hour: int, *, quiet_hours: bool, working: bool) -> DeliveryReport:
        clock = Clock(datetime(2026, 11, 23, hour, 30, tzinfo=UTC) - timedelta(hours=8))
        return deliver(engine, FakeChannel(quiet_hours=quiet_hours), now=clock, working=lambda _: working)


def test_every_attempt_is_on_record(engine: Engine, clock: Clock) -> None:
    [number] = plan(engine)
    deliver(engine, FakeChannel(before_begin=fail(TemporaryFailure("450 later"))), now=clock)
    clock.move(minutes=1)
    deliver(engine, FakeChannel(), now=clock)
    assert attempts(engine, number) == [(1, "failed"), (2, "sent")]
    with Session(engine) as session:
        assert session.exec(select(Notice.attempt)).one() == 2
