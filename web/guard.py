"""What stands before every request: host, size, headers, request id. Pure ASGI, knows no page."""

import json
import secrets
from collections.abc import Iterable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Nothing from elsewhere, nothing inline, nobody frames us.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'; object-src 'self'"
)
_HEADERS = {
    "content-security-policy": POLICY, "x-content-type-options": "nosniff", "x-frame-options": "DENY",
    "referrer-policy": "same-origin", "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}  # fmt: skip
_CONTROL = frozenset(map(chr, (*range(32), 127)))
#: Files that never change under their name; everything else is not kept by any cache.
_KEPT = ("/static/",)


class _TooLarge(Exception):
    """The body is longer than allowed."""


class Guard:
    """Refuses foreign hosts and bodies that are too long; sets the headers of every answer."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str], limit: int) -> None:
        self.app, self.hosts, self.limit = app, frozenset(hosts), limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        scope["state"] = {**scope.get("state", {}), "request_id": secrets.token_hex(8)}
        sending = self._dressed(scope, send)
        if not self._known(headers.get(b"host", b"").decode("latin-1")):
            await _answer(scope, sending, 421, "请用本系统登记的网址访问（主机名不在允许之列）。")
            return
        # A line end in a path would also lead past `/api/v1`: its place ends where a line does.
        if not _CONTROL.isdisjoint(scope["path"]) or b"%00" in scope["query_string"]:
            await _answer(scope, sending, 400, "网址里有看不见的控制字符：请核对网址。")
            return
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self.limit:
            await _answer(scope, sending, 413, self._too_large())
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await sending(message)

        try:
            await self.app(scope, self._counted(receive), watched)
        except _TooLarge:
            if not started:
                await _answer(scope, sending, 413, self._too_large())

    def _known(self, host: str) -> bool:
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        return name.lower() in self.hosts

    def _too_large(self) -> str:
        return f"提交的内容超过 {self.limit // 1024 // 1024} MB：请压缩或分册后再传。"

    def _counted(self, receive: Receive) -> Receive:
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.limit:
                raise _TooLarge
            return message

        return counted

    @staticmethod
    def _dressed(scope: Scope, send: Send) -> Send:
        kept = scope["path"].startswith(_KEPT)

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                have = {name.lower() for name, _ in message["headers"]}
                add: dict[str, Any] = {**_HEADERS, "x-request-id": scope["state"]["request_id"]}
                add["cache-control"] = "public, max-age=31536000, immutable" if kept else "no-store"
                message["headers"] = [
                    *message["headers"],
                    *((n.encode(), v.encode()) for n, v in add.items() if n.encode() not in have),
                ]
            await send(message)

        return dressed


async def _answer(scope: Scope, send: Send, status: int, text: str) -> None:
    """In plain words; to programs in the shape of every refusal of the interface."""
    kind = b"text/plain; charset=utf-8"
    if scope["path"].startswith("/api/"):
        kind, problem = b"application/json", {"error": "bad_input", "message": text}
        text = json.dumps({**problem, "blockers": [], "version": None}, ensure_ascii=False)
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]})
    await send({"type": "http.response.body", "body": text.encode()})
