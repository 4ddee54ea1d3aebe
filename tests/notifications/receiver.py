"""A real HTTP server on loopback that answers as it is told: takes, refuses, redirects, hangs, hangs up."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from notifications.channels.http import checked_url


@dataclass
class Receiver:
    """What came, and what is answered; `answer` is a status, `hang` or `close`."""

    answer: int | str = 200
    body: str = '{"errcode":0,"errmsg":"ok"}'
    location: str = ""
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""
    release: threading.Event = field(default_factory=threading.Event)


@contextmanager
def receiver(**given: Any) -> Iterator[Receiver]:
    state = Receiver(**given)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            state.came.append((self.path, dict(self.headers), self.rfile.read(length)))
            if state.answer == "hang":
                state.release.wait(20)
                return
            if state.answer == "close":
                return
            self.send_response(int(state.answer))
            if state.location:
                self.send_header("location", state.location)
            data = state.body.encode()
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    state.url = checked_url(f"http://127.0.0.1:{server.server_address[1]}/hook?key=1")
    try:
        yield state
    finally:
        state.release.set()
        server.shutdown()
        server.server_close()
        thread.join()
