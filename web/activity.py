"""Writes the 操作日志: one line for every change, every file taken away and every refusal of somebody signed in.

A page that is only read costs nothing here. Requests of nobody are not written: they change nothing, and anybody
could fill the log with them; who tries to sign in is written at the door (`office.access.door`).
"""

import logging
from collections import deque
from threading import Lock

from anyio import CancelScope, to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from office.access.activity import Line, append
from office.running.installation import Office
from workflow import clock
from workflow.database import writing

_SAFE = ("GET", "HEAD", "OPTIONS")
_REFUSED = (403, 404)
#: Parameters of a route whose value is a secret: it is not written down.
_SECRET = frozenset({"token", "secret", "key"})
#: Lines that wait for a database that is busy.
_WAITING = 10_000
_log = logging.getLogger("minecase.activity")


class Journal:
    """Puts lines into the database; what does not get in now goes in with the next one."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._waiting: deque[Line] = deque(maxlen=_WAITING)
        self._one = Lock()

    def write(self, *lines: Line) -> None:
        """Never raises because of the database: what was done is done, and its answer has gone out."""
        self._waiting.extend(lines)
        with self._one:
            taken = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if not taken:
                return
            try:
                with writing(self.office.engine) as session:
                    append(session, *taken)
            except SQLAlchemyError as error:
                self._waiting.extendleft(reversed(taken))
                _log.warning("操作日志暂时写不进，%d 条待写：%s", len(taken), type(error).__name__)


class ActivityLog:
    """Pure ASGI: looks at what was answered, and writes after it has been sent."""

    def __init__(self, app: ASGIApp, office: Office) -> None:
        self.app, self.journal = app, Journal(office)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            # The end of the application: the last chance for what still waits.
            await to_thread.run_sync(self.journal.write)
            return
        status, attachment = 500, False

        async def watched(message: Message) -> None:
            nonlocal status, attachment
            if message["type"] == "http.response.start":
                status = message["status"]
                attachment = any(
                    name.lower() == b"content-disposition" and value.lower().startswith(b"attachment")
                    for name, value in message["headers"]
                )
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            state = scope.get("state", {})
            noted = scope["method"] not in _SAFE or attachment or status in _REFUSED
            if noted and state.get("account"):
                # Also when the browser has gone away meanwhile.
                with CancelScope(shield=True):
                    await to_thread.run_sync(self.journal.write, _line(scope, status))


def _line(scope: Scope, status: int) -> Line:
    state, path = scope["state"], scope["path"]
    route = getattr(scope.get("route"), "path", "")
    for name, value in scope.get("path_params", {}).items():
        if name in _SECRET:
            path = path.replace(str(value), "…")
    root = scope.get("root_path", "")
    return Line(
        clock.now(), state["account"], state.get("organ_id", ""), f"{scope['method']} {root}{route}" if route else
        f"{scope['method']} （无此网址）", path, str(status), address=scope["client"][0] if scope.get("client") else "",
        request_id=state.get("request_id", ""),
    )  # fmt: skip
