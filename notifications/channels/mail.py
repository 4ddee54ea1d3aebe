"""Letters over SMTP: everything but the final dot first, so that a fault before it is a plain retry."""

import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import Self

from notifications.channels import DeliveryProblem, Letter, OutcomeUnknown, PermanentFailure, TemporaryFailure
from notifications.channels.mime import usable, write
from notifications.channels.smtp_url import SmtpSettings, parse_smtp_url
from notifications.plain import header_text
from workflow.models import Contact

#: Whatever smtplib throws when the other side misbehaves; ssl and socket errors are OSErrors.
_FAULTS = (OSError, smtplib.SMTPException)
_READY, _OK, _FORWARDED, _GO_AHEAD = 220, 250, 251, 354
#: First digit of a reply.
_DONE, _LATER, _NEVER = 2, 4, 5


class MailChannel:
    """A mail relay. One connection serves a batch; one deliverer uses a channel at a time."""

    name = "mail"
    quiet_hours = True
    repeatable = False

    def __init__(self, settings: SmtpSettings, *, timeout: float = 20.0) -> None:
        """`timeout`: seconds for one answer. A whole dialogue, and the answer to the final dot (where servers
        look for spam), get three times as much."""
        self.settings = settings
        self.timeout = timeout
        self.domain = settings.sender.domain
        self._smtp: smtplib.SMTP | None = None

    @classmethod
    def from_url(cls, url: str, *, timeout: float = 20.0) -> Self:
        """Raises InvalidSmtpUrl."""
        return cls(parse_smtp_url(url), timeout=timeout)

    def address(self, organ_id: str, contact: Contact | None) -> str | None:  # noqa: ARG002 - part of the port
        return contact.email if contact and usable(contact.email) else None

    def begin(self, letter: Letter) -> "_Posted":
        data = write(letter, self.settings.sender)
        smtp = self._connection()
        with _Patience(smtp, 3 * self.timeout) as patience:
            try:
                self._envelope(smtp, letter.address)
                # Every dot at the start of a line is doubled (RFC 5321 4.5.2); the one that ends it is not here.
                smtp.send(data.replace(b"\r\n.", b"\r\n.."))
            except _FAULTS as error:
                self._drop()
                raise TemporaryFailure(_reason(error), stops_batch=patience.lost(error)) from error
        return _Posted(self, smtp)

    def close(self) -> None:
        if self._smtp:
            with _Patience(self._smtp, self.timeout), suppress(*_FAULTS):
                self._smtp.quit()
        self._drop()

    def _envelope(self, smtp: smtplib.SMTP, address: str) -> None:
        code, reply = smtp.mail(self.settings.sender.addr_spec)
        if code != _OK:
            # Our own address is refused: a matter of settings, not of this recipient.
            raise TemporaryFailure(_answer(code, reply), stops_batch=True)
        code, reply = smtp.rcpt(address)
        if code not in {_OK, _FORWARDED}:
            raise self._refusal(code, reply)
        code, reply = smtp.docmd("DATA")
        if code != _GO_AHEAD:
            raise self._refusal(code, reply)

    def _refusal(self, code: int, reply: bytes) -> DeliveryProblem:
        kind = PermanentFailure if code // 100 == _NEVER else TemporaryFailure
        if code in {421, -1}:
            self._drop()
        return kind(_answer(code, reply))

    def _finish(self, smtp: smtplib.SMTP) -> str:
        """The final dot and what the server says to it."""
        with _Patience(smtp, 3 * self.timeout) as patience:
            try:
                if smtp.sock:
                    smtp.sock.settimeout(3 * self.timeout)
                smtp.send(b".\r\n")
                code, reply = smtp.getreply()
                if smtp.sock:
                    smtp.sock.settimeout(self.timeout)
            except _FAULTS as error:
                self._drop()
                raise OutcomeUnknown(_reason(error), stops_batch=patience.lost(error)) from error
        if code // 100 == _DONE:
            return _answer(code, reply)
        if code // 100 in {_LATER, _NEVER}:
            raise self._refusal(code, reply)
        self._drop()
        raise OutcomeUnknown(f"邮件服务器的答复看不懂：{_answer(code, reply)}")

    def _connection(self) -> smtplib.SMTP:
        """The open connection if it still answers, else a new one."""
        if self._smtp:
            with _Patience(self._smtp, self.timeout), suppress(*_FAULTS):
                if self._smtp.rset()[0] == _OK:
                    return self._smtp
            self._drop()
        self._smtp = self._client()
        with _Patience(self._smtp, 3 * self.timeout):
            try:
                self._greet(self._smtp)
            except _FAULTS as error:
                self._drop()
                raise TemporaryFailure(self._no_service(error), stops_batch=True) from error
        return self._smtp

    def _client(self) -> smtplib.SMTP:
        # The sender's domain as our name: asking DNS for it could hang outside of all time limits.
        if self.settings.encryption == "implicit":
            return smtplib.SMTP_SSL(local_hostname=self.domain, timeout=self.timeout, context=self._tls)
        return smtplib.SMTP(local_hostname=self.domain, timeout=self.timeout)

    def _greet(self, smtp: smtplib.SMTP) -> None:
        settings = self.settings
        # smtplib checks certificates against this, but only notes it when it dials within its constructor.
        smtp._host = settings.host  # type: ignore[attr-defined]  # noqa: SLF001
        code, reply = smtp.connect(settings.host, settings.port)
        if code != _READY:
            raise smtplib.SMTPConnectError(code, reply)
        if smtp.sock:
            # Without it the final dot waits for an acknowledgement, and the window of doubt is 46 ms, not 3.
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.ehlo_or_helo_if_needed()
        if settings.encryption == "starttls":
            smtp.starttls(context=self._tls)
            smtp.ehlo_or_helo_if_needed()
        if settings.user:
            smtp.login(settings.user, settings.password)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.settings.ca_file or None)

    def _no_service(self, error: Exception) -> str:
        return f"邮件服务器 {self.settings.host}:{self.settings.port} 不可用：{_reason(error)}"

    def _drop(self) -> None:
        if self._smtp:
            with suppress(*_FAULTS):
                self._smtp.close()
        self._smtp = None


@dataclass(frozen=True, slots=True)
class _Posted:
    """A letter that lacks its final dot."""

    channel: MailChannel
    smtp: smtplib.SMTP

    def commit(self) -> str:
        return self.channel._finish(self.smtp)  # noqa: SLF001 - the other half of the same class

    def abandon(self) -> None:
        # A server may not accept what has no final dot, so hanging up takes the letter back.
        self.channel._drop()  # noqa: SLF001


class _Patience:
    """Cuts a dialogue that drips on for ever: socket time limits only count the silence between two bytes."""

    def __init__(self, smtp: smtplib.SMTP, seconds: float) -> None:
        self._smtp = smtp
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._over = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()

    def lost(self, error: BaseException) -> bool:
        """Whether time ran out: then the next letter would only wait as long again."""
        return self._over or _timed_out(error)

    def _cut(self) -> None:
        self._over = True
        if sock := self._smtp.sock:
            with suppress(OSError):
                # Of the plain socket: the SSL one would pull its state away from under the waiting reader.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _timed_out(error: BaseException | None) -> bool:
    """smtplib hides a time-out in the context of its own error."""
    return error is not None and (isinstance(error, TimeoutError) or _timed_out(error.__context__))


def _answer(code: int, reply: bytes) -> str:
    return header_text(f"{code} {reply.decode('utf-8', 'replace')}", 300)


def _reason(error: BaseException) -> str:
    """Why, for people; the technical text in brackets for who runs the relay."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        what = "用户名或密码未被接受"
    elif isinstance(error, smtplib.SMTPNotSupportedError):
        what = "服务器不支持所要求的加密或登录方式"
    elif isinstance(error, ssl.SSLCertVerificationError):
        what = "服务器证书不可信"
    elif isinstance(error, ssl.SSLError):
        what = "加密连接未能建立"
    elif _timed_out(error):
        what = "没有及时应答"
    elif isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        return _answer(error.smtp_code, reply if isinstance(reply, bytes) else reply.encode())
    elif isinstance(error, smtplib.SMTPServerDisconnected):
        what = "连接中断"
    else:
        what = "连接不上"
    return f"{what}（{header_text(str(error), 200)}）"
