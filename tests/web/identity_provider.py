"""A small identity provider on loopback: discovery, authorization, token and keys, strict about code, client and PKCE."""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from workflow import clock

CLIENT, SECRET = "minecase", "kept-between-the-two"


class IdentityProvider(ThreadingHTTPServer):
    """Confirms whoever stands in `claims`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.key = self.signing_key = RSAKey.generate_key(2048, parameters={"kid": "one"})
        self.algorithm = "RS256"
        self.claims: dict[str, Any] = {"preferred_username": "emergency"}
        #: What a broken or hostile provider says instead.
        self.false: dict[str, Any] = {}
        self.asked: dict[str, dict[str, str]] = {}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(8)
        self.asked[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, given: dict[str, str], client: str) -> dict[str, Any] | None:
        asked = self.asked.pop(given.get("code", ""), None)
        if asked is None or client != f"{CLIENT}:{SECRET}" or given["redirect_uri"] != asked["redirect_uri"]:
            return None
        digest = hashlib.sha256(given["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        now = int(clock.now().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300, "nonce": asked["nonce"],
                  **self.claims, **self.false}  # fmt: skip
        header = {"alg": self.algorithm, "kid": "one"}
        signed = jwt.encode(header, claims, self.signing_key, algorithms=[self.algorithm])
        return {"access_token": "x", "token_type": "Bearer", "expires_in": 300, "id_token": signed}

    @contextmanager
    def serving(self) -> Iterator["IdentityProvider"]:
        thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            thread.join()
            self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: IdentityProvider

    def do_GET(self) -> None:
        at, parts = self.server, urlsplit(self.path)
        if parts.path == "/.well-known/openid-configuration":
            self._say({"issuer": at.issuer, "authorization_endpoint": f"{at.issuer}/authorize",
                       "token_endpoint": f"{at.issuer}/token", "jwks_uri": f"{at.issuer}/keys"})  # fmt: skip
        elif parts.path == "/keys":
            self._say(KeySet([at.key]).as_dict(private=False))
        elif parts.path == "/authorize":
            self.send_response(302)
            self.send_header("location", at.authorize({name: v[0] for name, v in parse_qs(parts.query).items()}))
            self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        client = base64.b64decode(self.headers.get("authorization", "").removeprefix("Basic ")).decode()
        found = self.server.token({name: v[0] for name, v in parse_qs(body).items()}, client)
        self._say(found or {"error": "invalid_grant"}, 200 if found else 400)

    def _say(self, value: Any, status: int = 200) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Quiet."""
