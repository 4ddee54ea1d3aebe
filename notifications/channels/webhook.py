"""A signed webhook: what happened, as JSON that another system can trust.

The receiver computes HMAC-SHA256 with the shared secret over `<t>.<body>` and compares it with `v1`.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

SIGNATURE = "X-Minecase-Signature"


def signature(secret: str, body: bytes, at: int) -> str:
    """Value of the header: `t=<unix seconds>,v1=<hex>`."""
    mac = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


def request(url: str, secret: str, payload: Mapping[str, Any], now: datetime) -> tuple[str, bytes, dict[str, str]]:
    """Address, body and headers of one message."""
    body = json.dumps(dict(payload), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "X-Minecase-Delivery": str(payload["id"])}
    if secret:
        headers[SIGNATURE] = signature(secret, body, int(now.timestamp()))
    return url, body, headers
