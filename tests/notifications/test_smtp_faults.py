"""The fault matrix over real sockets: what the outbox says agrees with what the server counted."""

import time

import pytest
from sqlalchemy import Engine

from notifications.channels.mail import MailChannel
from notifications.outbox import deliver
from tests.notifications.desk import Clock, notice, plan
from tests.notifications.faulty_smtp import FaultySmtp, Mode, faulty_smtp

#: What the notice is after the first round, and what the server must have counted by then.
MATRIX = [
    (Mode.OK, "sent", 1),
    (Mode.REFUSE, "failed", 0),
    (Mode.BUSY, "failed", 0),
    (Mode.SILENT, "failed", 0),
    (Mode.DRIP, "failed", 0),
    (Mode.RCPT_LATER, "failed", 0),
    (Mode.RCPT_NEVER, "dead", 0),
    (Mode.DROP_AT_DATA, "failed", 0),
    (Mode.DATA_LATER, "failed", 0),
    (Mode.DATA_NEVER, "dead", 0),
    (Mode.ACCEPT_THEN_DROP, "doubtful", 1),
    (Mode.ACCEPT_THEN_HANG, "doubtful", 1),
    (Mode.BAD_STARTTLS, "failed", 0),
]


def channel_to(server: FaultySmtp, timeout: float = 0.2) -> MailChannel:
    tls = "starttls" if server.mode is Mode.BAD_STARTTLS else "none"
    url = f"smtp://127.0.0.1:{server.port}?from=office@office.example&tls={tls}"
    return MailChannel.from_url(url, timeout=timeout)


@pytest.mark.parametrize(("mode", "status", "accepted"), MATRIX, ids=[str(mode) for mode, *_ in MATRIX])
def test_the_server(engine: Engine, clock: Clock, mode: Mode, status: str, accepted: int) -> None:
    [number] = plan(engine)
    with faulty_smtp(mode) as server:
        began = time.monotonic()
        deliver(engine, channel_to(server), now=clock)
        assert time.monotonic() - began < 3, "no thread is blocked for long"
        row = notice(engine, number)
        assert (row.status, len(server.accepted)) == (status, accepted), row.reply
        assert row.reply
        self_healed(engine, clock, server)
        total = len(server.accepted)
    assert total == (0 if status == "dead" else 1)
    assert notice(engine, number).status == ("sent" if status == "failed" else status)


def self_healed(engine: Engine, clock: Clock, server: FaultySmtp) -> None:
    """The server is well again, and time has passed."""
    if server.mode is Mode.REFUSE:
        server.listen()
    server.mode = Mode.OK
    clock.move(days=1)
    deliver(engine, channel_to(server), now=clock)


def test_a_server_that_is_away_costs_one_time_limit_not_one_for_each_letter(engine: Engine, clock: Clock) -> None:
    plan(engine, count=5)
    with faulty_smtp(Mode.SILENT) as server:
        report = deliver(engine, channel_to(server), now=clock)
        assert (report.failed, report.held, server.connections) == (1, 4, 1)


def test_a_refused_recipient_does_not_cost_the_others_their_connection(engine: Engine, clock: Clock) -> None:
    plan(engine, count=4)
    with faulty_smtp(Mode.RCPT_NEVER) as server:
        report = deliver(engine, channel_to(server), now=clock)
        assert (report.dead, server.connections) == (4, 1)


def test_a_connection_that_broke_since_the_last_letter_is_made_anew(engine: Engine, clock: Clock) -> None:
    plan(engine, count=2)
    with faulty_smtp(Mode.ACCEPT_THEN_DROP) as server:
        report = deliver(engine, channel_to(server), now=clock)
        assert (report.doubtful, server.connections, len(server.accepted)) == (2, 2, 2)


def test_the_replies_are_told_in_words(engine: Engine, clock: Clock) -> None:
    [number] = plan(engine)
    with faulty_smtp(Mode.REFUSE) as server:
        deliver(engine, channel_to(server), now=clock)
        assert f"邮件服务器 127.0.0.1:{server.port} 不可用：连接不上" in notice(engine, number).reply
