"""One POST to another system, over the standard library: no redirects, no proxies, bounded in time and size."""

import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from socket import SHUT_RDWR
from urllib.parse import SplitResult, urlsplit

from notifications.plain import header_text
from workflow.errors import BadInput

#: Bytes of an answer that are read; more says nothing.
_LONGEST_ANSWER = 64 * 1024
_LONGEST_URL = 2000


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said."""

    status: int
    text: str


class Unreachable(Exception):
    """No answer came; nobody can know whether the message was taken."""


def checked_url(url: str) -> str:
    """The address if something can be sent to it. Raises BadInput."""
    url = url.strip()
    problem = ""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is the check
    except ValueError:
        parts, problem = SplitResult("", "", "", "", ""), "主机或端口写法不对"
    if parts.scheme not in ("http", "https"):
        problem = problem or "应以 http:// 或 https:// 开头"
    elif not parts.hostname:
        problem = "没有写主机名"
    elif parts.username or parts.password:
        problem = "不能带用户名和密码，请用“签名密钥”"
    elif parts.fragment:
        problem = "不能含有 #"
    elif len(url) > _LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        problem = "太长，或含有空格、汉字、控制字符"
    if problem:
        raise BadInput(f"推送地址有误：{problem}，例如 https://oa.example.gov.cn/hook。")
    return url


def post(url: str, body: bytes, headers: dict[str, str], *, timeout: float) -> Answer:
    """Sends and reads the answer; a redirect is an answer, not a way. Raises Unreachable.

    `timeout`: seconds for one silence; the whole exchange gets three times as much.
    """
    parts = urlsplit(url)
    connection = _connection(parts, timeout)
    timer = threading.Timer(3 * timeout, _cut, [connection])
    timer.daemon = True
    timer.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, {**headers, "User-Agent": "minecase", "Connection": "close"})
        response = connection.getresponse()
        text = response.read(_LONGEST_ANSWER).decode("utf-8", "replace")
        return Answer(response.status, header_text(text, 2000))
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(_reason(error)) from error
    finally:
        timer.cancel()
        with suppress(OSError):
            connection.close()


def _connection(parts: SplitResult, timeout: float) -> HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return HTTPSConnection(host, parts.port, timeout=timeout, context=ssl.create_default_context())
    return HTTPConnection(host, parts.port, timeout=timeout)


def _cut(connection: HTTPConnection) -> None:
    """Ends an answer that drips on for ever."""
    if sock := connection.sock:
        with suppress(OSError):
            sock.shutdown(SHUT_RDWR)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        what = "没有及时应答"
    elif isinstance(error, ssl.SSLCertVerificationError):
        what = "对方证书不可信"
    elif isinstance(error, ssl.SSLError):
        what = "加密连接未能建立"
    elif isinstance(error, HTTPException | ConnectionResetError | BrokenPipeError):
        what = "连接中断，或应答不是 HTTP"
    else:
        what = "连接不上"
    return f"{what}（{header_text(str(error) or type(error).__name__, 200)}）"
