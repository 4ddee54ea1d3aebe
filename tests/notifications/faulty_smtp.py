"""A mail server that misbehaves on command, and counts what it has accepted."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum


class Mode(StrEnum):
    """Where the server goes wrong."""

    OK = "ok"
    REFUSE = "refuses the connection"
    BUSY = "421 as greeting"
    SILENT = "hangs at the greeting"
    DRIP = "drips a greeting that never ends"
    RCPT_LATER = "450 to RCPT"
    RCPT_NEVER = "550 to RCPT"
    DROP_AT_DATA = "hangs up at DATA"
    DATA_LATER = "451 to the final dot"
    DATA_NEVER = "554 to the final dot"
    ACCEPT_THEN_DROP = "accepts, then hangs up"
    ACCEPT_THEN_HANG = "accepts, then says nothing"
    BAD_STARTTLS = "babbles instead of a TLS handshake"


class FaultySmtp:
    """One thread for each connection; every socket is closed at the end."""

    def __init__(self) -> None:
        self.mode = Mode.OK
        self.accepted: list[bytes] = []
        self.connections = 0
        self.over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def listen(self) -> None:
        """Until then the port refuses connections."""
        self._listener.listen()
        self._listener.settimeout(0.05)
        self._start(self._accept)

    def stop(self) -> None:
        self.over.set()
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _start(self, target: object, *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.over.is_set():
            with suppress(TimeoutError):
                connection, _ = self._listener.accept()
                self.connections += 1
                self._start(self._serve, connection, self.mode)

    def _serve(self, connection: socket.socket, mode: Mode) -> None:
        connection.settimeout(5)
        with connection, connection.makefile("rb") as lines, suppress(OSError):
            if self._greet(connection, mode):
                _Dialogue(self, connection, mode).run(iter(lines))

    def _greet(self, connection: socket.socket, mode: Mode) -> bool:
        if mode is Mode.SILENT:
            self.over.wait(5)
        elif mode is Mode.DRIP:
            while not self.over.wait(0.05):
                connection.sendall(b"2")
        elif mode is Mode.BUSY:
            connection.sendall(b"421 too busy\r\n")
        else:
            connection.sendall(b"220 at your service\r\n")
            return True
        return False


class _Dialogue:
    def __init__(self, server: FaultySmtp, connection: socket.socket, mode: Mode) -> None:
        self.server, self.connection, self.mode = server, connection, mode

    def run(self, lines: Iterator[bytes]) -> None:
        for line in lines:
            verb = line[:4].upper().strip()
            if verb == b"QUIT" or not self._answer(verb, lines):
                return

    def _answer(self, verb: bytes, lines: Iterator[bytes]) -> bool:
        """Whether the conversation goes on."""
        if verb == b"EHLO":
            return self._say(b"250-here\r\n250 STARTTLS" if self.mode is Mode.BAD_STARTTLS else b"250 here")
        if verb == b"STAR":
            self._say(b"220 go ahead")
            return self._say(b"this is not TLS") and False
        if verb == b"RCPT" and self.mode is Mode.RCPT_LATER:
            return self._say(b"450 try again")
        if verb == b"RCPT" and self.mode is Mode.RCPT_NEVER:
            return self._say(b"550 no such mailbox")
        if verb == b"DATA":
            return self.mode is not Mode.DROP_AT_DATA and self._data(lines)
        return self._say(b"250 fine")

    def _data(self, lines: Iterator[bytes]) -> bool:
        self._say(b"354 go on")
        body = b""
        for line in lines:
            if line == b".\r\n":
                break
            body += line
        else:
            return False  # hung up before the final dot: nothing was accepted
        if self.mode is Mode.DATA_LATER:
            return self._say(b"451 not now")
        if self.mode is Mode.DATA_NEVER:
            return self._say(b"554 never")
        self.server.accepted.append(body)
        if self.mode is Mode.ACCEPT_THEN_HANG:
            self.server.over.wait(5)
        if self.mode in {Mode.ACCEPT_THEN_HANG, Mode.ACCEPT_THEN_DROP}:
            return False
        return self._say(b"250 accepted")

    def _say(self, line: bytes) -> bool:
        self.connection.sendall(line + b"\r\n")
        return True


@contextmanager
def faulty_smtp(mode: Mode) -> Iterator[FaultySmtp]:
    """A server in this mode; `server.mode = Mode.OK; server.listen()` brings it to its senses."""
    server = FaultySmtp()
    server.mode = mode
    if mode is not Mode.REFUSE:
        server.listen()
    try:
        yield server
    finally:
        server.stop()
