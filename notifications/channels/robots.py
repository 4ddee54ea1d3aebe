"""Group robots of 企业微信, 钉钉 and 飞书: their documented bodies, signing and ways of saying no.

The address is whatever the group's robot page shows, or that of a relay inside the office that speaks the same.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

KINDS = ("wecom", "dingtalk", "feishu")
#: Bytes of one text that each service takes.
_LONGEST = {"wecom": 2048, "dingtalk": 18_000, "feishu": 18_000}
_CUT = "\n……（全文见系统“通知记录”）"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a robot's answer means."""

    taken: bool
    words: str


def request(
    kind: str, url: str, secret: str, payload: Mapping[str, Any], now: datetime
) -> tuple[str, bytes, dict[str, str]]:
    """Address, body and headers of one text message; `payload` holds `text`."""
    text = shortened(str(payload["text"]), _LONGEST[kind])
    body: dict[str, Any]
    if kind == "feishu":
        body = {"msg_type": "text", "content": {"text": text}}
        if secret:
            seconds = int(now.timestamp())
            body |= {"timestamp": str(seconds), "sign": _feishu_sign(secret, seconds)}
    else:
        body = {"msgtype": "text", "text": {"content": text}}
        if kind == "dingtalk" and secret:
            millis = int(now.timestamp() * 1000)
            query = urlencode({"timestamp": millis, "sign": _dingtalk_sign(secret, millis)})
            url += ("&" if "?" in url else "?") + query
    return url, json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json; charset=utf-8"}


def verdict(answer: str) -> Verdict:
    """Robots answer 200 also where they refuse: the code stands in the body."""
    try:
        said = json.loads(answer)
        code = said.get("errcode", said.get("code", said.get("StatusCode")))
        words = str(said.get("errmsg") or said.get("msg") or said.get("StatusMessage") or "")
    except (ValueError, AttributeError):
        return Verdict(taken=False, words=f"答复看不懂：{answer[:200]}")
    return Verdict(taken=code == 0, words=f"{code} {words}".strip())


def shortened(text: str, longest: int) -> str:
    """The text within so many bytes, cut between characters and saying so."""
    data = text.encode("utf-8", "replace")
    if len(data) <= longest:
        return data.decode()
    return data[: longest - len(_CUT.encode())].decode("utf-8", "ignore") + _CUT


def _dingtalk_sign(secret: str, millis: int) -> str:
    mac = hmac.new(secret.encode(), f"{millis}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()


def _feishu_sign(secret: str, seconds: int) -> str:
    # As documented: the text to be signed is the key, and what is signed is empty.
    mac = hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()
