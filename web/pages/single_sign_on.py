"""使用统一身份认证登录: to the provider and back."""

import json
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Cookie, Request, Response
from fastapi.responses import RedirectResponse

from office.access import oidc
from office.access.door import enter_confirmed
from office.running.installation import Office
from web.pages.entrance import address, come_in, door_page, inside, ours
from workflow import clock
from workflow.database import writing
from workflow.errors import BadInput, NotFound

router = APIRouter()
#: What the browser keeps until it comes back: state, nonce and verifier of its own sign-in.
_UNDER_WAY = "minecase-oidc"
_SECONDS = 600
_BACK = "/sign-in/oidc/callback"


@router.get("/sign-in/oidc")
def start(request: Request, next: str = "/") -> Response:
    at = _provider()
    try:
        begun = oidc.start(at, _back(request))
    except BadInput as error:
        return door_page(request, next=next, problem=str(error), status=503)
    response = RedirectResponse(begun.url, 303)
    kept = json.dumps(
        {"state": begun.state, "nonce": begun.nonce, "verifier": begun.verifier, "next": ours(next)[:500]}
    )
    # Lax, not strict: the provider sends the browser back here.
    response.set_cookie(
        _UNDER_WAY, kept.encode().hex(), max_age=_SECONDS, path=_BACK, httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return response


@router.get(_BACK)
def finish(
    request: Request, state: str = "", code: str = "", under_way: Annotated[str, Cookie(alias=_UNDER_WAY)] = ""
) -> Response:
    office: Office = request.app.state.office
    kept = _kept(under_way)
    try:
        account = _named(request, kept, state, code)
        with writing(office.engine) as session:
            problem = enter_confirmed(session, account, clock.now(), address(request), request.state.request_id)
            opened = None if problem else come_in(session, request, account)
        response = inside(request, opened.secret, kept["next"]) if opened else _refused(request, problem)
    except oidc.NotConfirmed as error:
        response = _refused(request, str(error))
    response.delete_cookie(_UNDER_WAY, path=_BACK)
    return response


def _named(request: Request, kept: dict[str, Any], state: str, code: str) -> str:
    """The account that the provider names. Raises NotConfirmed."""
    if not kept or not secrets.compare_digest(
        kept["state"].encode("utf-8", "replace"), state.encode("utf-8", "replace")
    ):
        raise oidc.NotConfirmed("登录不是从本系统发起的，或已经过期：请重新登录。")
    if not code:
        raise oidc.NotConfirmed("统一身份认证没有确认您的身份：请重新登录，或改用密码登录。")
    return oidc.finish(_provider(), _back(request), code=code, nonce=kept["nonce"], verifier=kept["verifier"])


def _refused(request: Request, sentence: str) -> Response:
    return door_page(request, problem=sentence, status=401)


def _provider() -> oidc.Provider:
    found = oidc.provider()
    if found is None:
        raise NotFound("本系统没有启用统一身份认证：请用账号和密码登录。")
    return found


def _back(request: Request) -> str:
    # The guard has checked the host before.
    return f"{request.url.scheme}://{request.url.netloc}{_BACK}"


def _kept(text: str) -> dict[str, Any]:
    try:
        found = json.loads(bytes.fromhex(text)) if text else {}
    except ValueError:
        return {}
    names = ("state", "nonce", "verifier", "next")
    return found if isinstance(found, dict) and all(isinstance(found.get(name), str) for name in names) else {}
