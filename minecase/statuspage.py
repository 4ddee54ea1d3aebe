"""A read-only page on this machine: today's table, for the desk that has no terminal. The office's screens come later."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from jinja2 import Environment, FileSystemLoader, select_autoescape

from minecase.cli.common import days_words
from office.installation import Office
from workflow import clock
from workflow.beat import held
from workflow.errors import BadInput, os_reason
from workflow.ledger import standing

_PAGES = Path(__file__).resolve().parent.parent / "templates" / "pages"
_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def listen(office: Office, port: int) -> ThreadingHTTPServer:
    """Takes the port on the loopback address; `serve` answers there. Raises BadInput when the port is taken."""
    pages = Environment(loader=FileSystemLoader(_PAGES), autoescape=select_autoescape(default=True))
    pages.filters["days"] = days_words

    class Handler(BaseHTTPRequestHandler):
        #: A visitor that never finishes a request must not keep a thread for ever.
        timeout = 10

        def do_GET(self) -> None:
            # Only a browser on this machine that means this machine: no rebinding of foreign names.
            if self.headers.get("Host", "").rsplit(":", 1)[0] not in ("127.0.0.1", "localhost"):
                self._answer(403, "text/plain", "forbidden")
                return
            if self.path == "/":
                self._answer(200, "text/html", _page(office, pages))
            elif self.path == "/status.css":
                self._answer(200, "text/css", (_PAGES / "status.css").read_text(encoding="utf8"))
            elif self.path == "/healthz":
                self._answer(200, "application/json", json.dumps(_health(office)))
            else:
                self._answer(404, "text/plain", "没有这个页面")

        def _answer(self, code: int, kind: str, text: str) -> None:
            data = text.encode()
            self.send_response(code)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Content-Security-Policy", _POLICY)
            self.send_header("Cache-Control", "no-store")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """A page that reloads itself need not fill the terminal."""

    try:
        return ThreadingHTTPServer(("127.0.0.1", port), Handler)
    except OSError as error:
        raise BadInput(
            f"端口 {port} 用不了（{os_reason(error)}）：请用 --port 换一个端口，或用 --port 0 不开状态页。"
        ) from None


def serve(server: ThreadingHTTPServer) -> None:
    """Answers from a thread of its own until `server.shutdown()`."""
    Thread(target=server.serve_forever, daemon=True).start()


def _page(office: Office, pages: Environment) -> str:
    today = clock.today()
    with office.reading() as session:
        rows = [s.row for s in standing(session, today)]
        hold = held(session)
    return pages.get_template("status.html.j2").render(rows=rows, today=today, hold=hold)


def _health(office: Office) -> dict[str, object]:
    with office.reading() as session:
        return {"ok": not held(session), "held": held(session)}
