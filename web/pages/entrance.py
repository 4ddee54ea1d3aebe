"""登录 and 退出."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from office.access import oidc
from office.access.door import Attempt, check
from office.access.sign_in_policy import policy_of
from office.access.signing_in import Opened, end, fingerprint, open_session
from office.running.installation import Office
from web.desk import ANYBODY, COOKIE, Desk, NoToken, give_cookie
from web.frame import outside, render
from workflow import clock
from workflow.database import reading, writing

router = APIRouter()
#: Ties the form of somebody who is not signed in to their browser.
_VISITOR = "minecase-visitor"
_UNSAVED = "您没有登录，或者太久没有操作已自动退出：刚才提交的内容没有保存，请登录后重新填写。"


@router.get("/sign-in")
def sign_in_form(request: Request, next: str = "/", unsaved: str = "") -> Response:
    return door_page(request, next=next, problem=_UNSAVED if unsaved else "")


@router.post("/sign-in")
def sign_in(request: Request) -> Response:
    office: Office = request.app.state.office
    form = request.state.form
    known = request.cookies.get(_VISITOR, "")
    if not known or not secrets.compare_digest(form.text("csrf").encode(), known.encode()):
        raise NoToken("登录页已经过期，没有登录：请返回上一页，刷新后重新填写。")
    now = clock.now()
    # A password may begin or end with a space; nothing else of the form is taken as it stands.
    password = (form.all("password") or [""])[-1]
    attempt = Attempt(
        form.text("account")[:60], password, form.text("code"), address(request), request.state.request_id
    )
    with writing(office.engine) as session:
        problem = check(session, attempt, now)
        opened = None if problem else come_in(session, request, attempt.account)
    if opened:
        return inside(request, opened.secret, form.text("next"))
    return door_page(request, next=form.text("next"), account=attempt.account, problem=problem, status=401)


def come_in(session: Session, request: Request, account: str) -> Opened:
    """A new session for somebody who has proved who they are; what this browser had before ends. Does not commit."""
    now = clock.now()
    end(session, fingerprint(request.cookies.get(COOKIE, "")), now, "signed_out")
    agent = request.headers.get("user-agent", "")
    return open_session(session, account, now, address=address(request), agent=agent)


def inside(request: Request, secret: str, url: str) -> Response:
    """The answer that signs a browser in, to a page of ours, whatever was asked for."""
    response = Response(status_code=303, headers={"location": ours(url)})
    give_cookie(response, request, secret)
    response.delete_cookie(_VISITOR)
    return response


@router.post("/sign-out")
def sign_out(desk: Annotated[Desk, ANYBODY]) -> Response:
    with desk.writing() as session:
        end(session, desk.sign_in.id, desk.now, "signed_out")
    response = Response(status_code=303, headers={"location": "/sign-in"})
    response.delete_cookie(COOKIE)
    return response


def door_page(
    request: Request, *, next: str = "/", account: str = "", problem: str = "", status: int = 200
) -> HTMLResponse:
    """The sign-in page, with what was wrong; never with the password."""
    office: Office = request.app.state.office
    with reading(office.engine) as session:
        policy = policy_of(session)
    token = request.cookies.get(_VISITOR) or secrets.token_urlsafe(24)
    html = render(
        "sign_in.html.j2", **outside(clock.today()), csrf=token, next=ours(next), account=account, problem=problem,
        idle=policy.idle_minutes, elsewhere=oidc.provider() is not None,
    )  # fmt: skip
    response = HTMLResponse(html, status)
    response.set_cookie(_VISITOR, token, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return response


def address(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def ours(url: str) -> str:
    """An address of ours: nobody is sent elsewhere after signing in."""
    return url if url.startswith("/") and not url.startswith(("//", "/\\")) and url.isprintable() else "/"
