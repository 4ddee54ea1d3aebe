"""统一身份认证 (OpenID Connect): authorization code with state, nonce and PKCE; an extra (`minecase[oidc]`).

The provider says who somebody is; whether they have an account here, and which role, is said here. No account is
ever made by a sign-in. The three administrators come in with password and code: they must be able to when the
provider is down, and the provider's operators must not be able to become one of them.
"""

import os
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from workflow import clock
from workflow.errors import BadInput

_ALGORITHMS = ["RS256", "PS256", "ES256", "RS384", "RS512", "ES384", "EdDSA"]
_DESCRIPTION = "/.well-known/openid-configuration"
_SECONDS = 8
_FAILED = "统一身份认证没有完成"


class NotConfirmed(BadInput):
    """The provider did not confirm who is there, or cannot be reached."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where people are confirmed."""

    issuer: str
    client_id: str
    client_secret: str
    #: Name of the claim that holds the account.
    claim: str = "preferred_username"


@dataclass(frozen=True, slots=True)
class Started:
    """One sign-in under way: `url` is where the browser goes, the rest stays with it until it comes back."""

    url: str
    state: str
    nonce: str
    verifier: str


def provider() -> Provider | None:
    """From MINECASE_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET and _CLAIM; None while there is no issuer."""
    issuer = os.environ.get("MINECASE_OIDC_ISSUER", "").rstrip("/")
    client_id = os.environ.get("MINECASE_OIDC_CLIENT_ID", "")
    if not issuer or not client_id:
        return None
    return Provider(
        issuer, client_id, os.environ.get("MINECASE_OIDC_CLIENT_SECRET", ""),
        os.environ.get("MINECASE_OIDC_CLAIM") or "preferred_username",
    )  # fmt: skip


def start(at: Provider, back: str) -> Started:
    """Raises NotConfirmed where the provider cannot be reached."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    with _client(at, back) as client:
        url, _ = client.create_authorization_url(
            _about(client, at)["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
        )
    return Started(url, state, nonce, verifier)


def finish(at: Provider, back: str, *, code: str, nonce: str, verifier: str) -> str:
    """The account that the provider names. Raises NotConfirmed."""
    from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
    from httpx2 import HTTPError

    try:
        with _client(at, back) as client:
            about = _about(client, at)
            token = client.fetch_token(
                about["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=verifier
            )
            keys = client.request("GET", about["jwks_uri"], withhold_token=True).raise_for_status().json()
    except (AuthlibBaseError, HTTPError, ValueError, KeyError) as error:
        raise NotConfirmed(f"{_FAILED}（{type(error).__name__}）：请重新登录，或改用密码登录。") from None
    claims = _claims(at, str(token.get("id_token", "")), keys, nonce)
    return str(claims.get(at.claim, ""))


def _claims(at: Provider, token: str, keys: Any, nonce: str) -> dict[str, Any]:
    """What the provider has signed, after every check that the standard asks for."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    asked: Any = {
        "iss": {"essential": True, "values": [at.issuer, f"{at.issuer}/"]}, "aud": {"essential": True, "value": at.client_id},
        "exp": {"essential": True}, "nonce": {"essential": True, "value": nonce},
    }  # fmt: skip
    try:
        found = jwt.decode(token, KeySet.import_key_set(keys), algorithms=_ALGORITHMS).claims
        jwt.JWTClaimsRegistry(now=lambda: int(clock.now().timestamp()), leeway=60, **asked).validate(found)
    except (JoseError, ValueError, TypeError, KeyError):
        raise NotConfirmed(f"{_FAILED}（身份凭证无效）：请重新登录，或改用密码登录。") from None
    if found.get("azp", at.client_id) != at.client_id:
        raise NotConfirmed(f"{_FAILED}（身份凭证是发给别的系统的）：请联系系统管理员。")
    return dict(found)


def _client(at: Provider, back: str) -> Any:
    from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]

    # Only what was configured is asked: no proxy out of the environment, no redirect to elsewhere.
    return OAuth2Client(
        at.client_id, at.client_secret or None, scope="openid profile", redirect_uri=back, timeout=_SECONDS,
        code_challenge_method="S256", trust_env=False, follow_redirects=False,
        token_endpoint_auth_method="client_secret_basic" if at.client_secret else "none",
    )  # fmt: skip


def _about(client: Any, at: Provider) -> dict[str, str]:
    """The provider's own description; every address in it must be as safe as the issuer's."""
    from httpx2 import HTTPError

    _safe(at.issuer)
    try:
        found = client.request("GET", f"{at.issuer}{_DESCRIPTION}", withhold_token=True).raise_for_status().json()
        if found["issuer"].rstrip("/") != at.issuer:
            raise NotConfirmed(f"{_FAILED}（地址与配置不符）：请系统管理员核对 MINECASE_OIDC_ISSUER。")
        return {name: _safe(found[name]) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    except (HTTPError, ValueError, KeyError, TypeError, AttributeError):
        raise NotConfirmed("统一身份认证暂时连不上：请稍后再试，或改用密码登录。") from None


def _safe(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise NotConfirmed("统一身份认证的地址不是 https：请系统管理员核对 MINECASE_OIDC_ISSUER。")
    return url
