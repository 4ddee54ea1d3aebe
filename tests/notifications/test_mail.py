"""Mail through a real server: encrypted, with login, on one connection, and readable at the other end."""

import socket
import ssl
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from icalendar import Calendar
from sqlalchemy import Engine
from sqlmodel import Session

from notifications.channels.mail import MailChannel
from notifications.outbox import DeliveryReport, deliver
from tests.notifications.desk import Clock, notice, plan
from tests.notifications.test_render import digest, item
from workflow.models import Notice


class Inbox:
    """What the server has accepted, and over how many connections."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []
        self.peers: set[Any] = set()

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        self.peers.add(session.peer)
        return "250 queued as 4711"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


Serve = Callable[..., int]


@pytest.fixture
def serve(inbox: Inbox) -> Iterator[Serve]:
    """Starts a server for the inbox and answers its port."""
    running: list[Controller] = []

    def start(**settings: Any) -> int:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port: int = free.getsockname()[1]
        controller = Controller(inbox, hostname="127.0.0.1", port=port, **settings)
        controller.start()
        running.append(controller)
        return port

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for `localhost` that only this test trusts, with its key."""
    path = tmp_path / "localhost.pem"
    authority = trustme.CA()
    issued = authority.issue_cert("localhost")
    issued.private_key_and_cert_chain_pem.write_to_path(str(path))
    authority.cert_pem.write_to_path(str(path), append=True)
    return path


def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def channel(port: int, more: str = "&tls=none", login: str = "", host: str = "127.0.0.1") -> MailChannel:
    return MailChannel.from_url(f"smtp://{login}{host}:{port}?from=office@office.example{more}", timeout=3)


def test_the_message_arrives_as_it_was_written(engine: Engine, clock: Clock, inbox: Inbox, serve: Serve) -> None:
    with Session(engine) as session:
        session.add(
            Notice(dedupe="d", kind="digest", recipient_id="clinic", planned_on=clock.at.date(),
                   payload=digest(item(due_on="2026-12-01", days_left=8, how="见第一行\n.\n..点"), item(case="9-2")))
        )  # fmt: skip
        session.commit()
    assert deliver(engine, channel(serve()), now=clock) == DeliveryReport(sent=1)
    [envelope] = inbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("office@office.example", ["clinic@office.example"])
    mail = message_from_bytes(envelope.content, policy=SMTP)
    assert mail["Subject"] == "【矿山整治提醒】2026年11月23日：逾期0件、7日内到期0件、其他2件"
    assert (mail["From"], mail["To"]) == (
        "非煤矿山综合整治提醒 <office@office.example>",
        "虚构单位clinic <clinic@office.example>",
    )
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == ("<minecase-notice-1@office.example>", "auto-generated")
    body = mail.get_body(("plain",))
    assert body is not None
    assert "如何办理：见第一行 . ..点" in body.get_content()
    [attachment] = mail.iter_attachments()
    assert attachment.get_filename() == "deadlines.ics"
    assert len(Calendar.from_ical(attachment.get_content()).walk("VEVENT")) == 2
    assert "250 queued as 4711" in notice(engine, 1).reply


def test_a_batch_goes_over_one_connection(engine: Engine, clock: Clock, inbox: Inbox, serve: Serve) -> None:
    plan(engine, count=5)
    assert deliver(engine, channel(serve()), now=clock).sent == 5
    assert (len(inbox.envelopes), len(inbox.peers)) == (5, 1)


def test_the_final_dot_does_not_wait_for_an_acknowledgement(
    engine: Engine, clock: Clock, inbox: Inbox, serve: Serve
) -> None:
    [number] = plan(engine)
    mail = channel(serve())
    letters: list[int] = []

    class Peeping:
        """The mail channel, with a look at the socket before the final dot."""

        name, quiet_hours, repeatable, domain = "mail", False, False, mail.domain
        address, close = mail.address, mail.close

        def begin(self, letter: Any) -> Any:
            delivery = mail.begin(letter)
            assert delivery.smtp.sock is not None
            letters.append(delivery.smtp.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            assert inbox.envelopes == [], "nothing is accepted without the final dot"
            return delivery

    assert deliver(engine, Peeping(), now=clock).sent == 1
    assert notice(engine, number).status == "sent"
    assert all(letters)


def test_an_abandoned_letter_is_not_accepted(engine: Engine, clock: Clock, inbox: Inbox, serve: Serve) -> None:
    plan(engine, count=2)
    mail = channel(serve())
    begin = mail.begin

    class Fenced:
        """Loses the first claim after everything but the final dot has gone out."""

        name, quiet_hours, repeatable, domain = "mail", False, False, mail.domain
        address, close = mail.address, mail.close

        def begin(self, letter: Any) -> Any:
            delivery = begin(letter)
            if letter.notice_id == 1:
                with Session(engine) as session:
                    session.get_one(Notice, 1).attempt += 1
                    session.commit()
            return delivery

    assert deliver(engine, Fenced(), now=clock).sent == 1
    assert [message_from_bytes(e.content)["Message-ID"] for e in inbox.envelopes] == [
        "<minecase-notice-2@office.example>"
    ]


class TestEncryption:
    def test_starttls_and_login(
        self, engine: Engine, clock: Clock, inbox: Inbox, serve: Serve, certificate: Path
    ) -> None:
        plan(engine)
        port = serve(tls_context=tls(certificate), require_starttls=True, auth_required=True, authenticator=_know)
        mail = channel(port, f"&ca={certificate}", "desk:p%40ss@", "localhost")
        assert deliver(engine, mail, now=clock).sent == 1
        assert len(inbox.envelopes) == 1

    def test_tls_from_the_start(self, engine: Engine, clock: Clock, serve: Serve, certificate: Path) -> None:
        plan(engine)
        port = serve(ssl_context=tls(certificate), server_hostname="localhost")
        url = f"smtps://localhost:{port}?from=office@office.example&ca={certificate}"
        assert deliver(engine, MailChannel.from_url(url, timeout=3), now=clock).sent == 1

    def test_a_wrong_password_is_a_matter_of_settings_and_kills_no_notice(
        self, engine: Engine, clock: Clock, serve: Serve, certificate: Path
    ) -> None:
        plan(engine, count=3)
        port = serve(tls_context=tls(certificate), authenticator=_know)
        mail = channel(port, f"&ca={certificate}", "desk:wrong@", "localhost")
        assert deliver(engine, mail, now=clock) == DeliveryReport(failed=1, held=2)
        assert "用户名或密码未被接受" in notice(engine, 1).reply
        assert "wrong" not in notice(engine, 1).reply

    def test_a_certificate_that_nobody_vouches_for_is_refused(
        self, engine: Engine, clock: Clock, inbox: Inbox, serve: Serve, certificate: Path
    ) -> None:
        plan(engine)
        mail = channel(serve(tls_context=tls(certificate)), "", host="localhost")
        assert deliver(engine, mail, now=clock).failed == 1
        assert "服务器证书不可信" in notice(engine, 1).reply
        assert inbox.envelopes == []

    def test_a_certificate_for_another_name_is_refused(
        self, engine: Engine, clock: Clock, serve: Serve, certificate: Path
    ) -> None:
        plan(engine)
        mail = channel(serve(tls_context=tls(certificate)), f"&ca={certificate}", host="127.0.0.1")
        assert deliver(engine, mail, now=clock).failed == 1
        assert "服务器证书不可信" in notice(engine, 1).reply

    def test_a_server_without_encryption_gets_nothing(
        self, engine: Engine, clock: Clock, inbox: Inbox, serve: Serve
    ) -> None:
        plan(engine)
        assert deliver(engine, channel(serve(), "&tls=starttls"), now=clock).failed == 1
        assert "不支持所要求的加密" in notice(engine, 1).reply
        assert inbox.envelopes == []


def _know(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"desk", b"p@ss"), handled=False)
