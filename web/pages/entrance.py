"""登录 and 退出."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from office.installation import Office
from office.signing_in import check, end, open_session, policy_of
from web.desk import ANYBODY, COOKIE, Desk, NoToken
from web.frame import outside, render
from workflow import clock
from workflow.database import reading, writing

router = APIRouter()
#: Ties the form of somebody who is not signed in to their browser.
_VISITOR = "minecase-visitor"


@router.get("/sign-in")
def sign_in_form(request: Request, next: str = "/") -> Response:
    return _form(request, next=next)


@router.post("/sign-in")
def sign_in(request: Request) -> Response:
    office: Office = request.app.state.office
    form = request.state.form
    known = request.cookies.get(_VISITOR, "")
    if not known or not secrets.compare_digest(form.text("csrf").encode(), known.encode()):
        raise NoToken("登录页已经过期，没有登录：请返回上一页，刷新后重新填写。")
    account, now, secret = form.text("account")[:60], clock.now(), ""
    with writing(office.engine) as session:
        problem = check(session, account, form.text("password"), now)
        if not problem:
            address = request.client.host if request.client else ""
            agent = request.headers.get("user-agent", "")
            secret = open_session(session, account, now, address=address, agent=agent).secret
    if problem:
        return _form(request, next=form.text("next"), account=account, problem=problem, status=401)
    response = Response(status_code=303, headers={"location": _inside(form.text("next"))})
    response.set_cookie(COOKIE, secret, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    response.delete_cookie(_VISITOR)
    return response


@router.post("/sign-out")
def sign_out(desk: Annotated[Desk, ANYBODY]) -> Response:
    with desk.writing() as session:
        end(session, desk.sign_in.id, desk.now, "signed_out")
    response = Response(status_code=303, headers={"location": "/sign-in"})
    response.delete_cookie(COOKIE)
    return response


def _form(request: Request, *, next: str, account: str = "", problem: str = "", status: int = 200) -> Response:
    office: Office = request.app.state.office
    with reading(office.engine) as session:
        idle = policy_of(session).idle_minutes
    token = request.cookies.get(_VISITOR) or secrets.token_urlsafe(24)
    html = render(
        "sign_in.html.j2", **outside(clock.today()), csrf=token, next=_inside(next), account=account, problem=problem,
        idle=idle,
    )  # fmt: skip
    response = HTMLResponse(html, status)
    response.set_cookie(_VISITOR, token, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return response


def _inside(url: str) -> str:
    """An address of ours, whatever was asked for: nobody is sent elsewhere after signing in."""
    return url if url.startswith("/") and not url.startswith(("//", "/\\")) and url.isprintable() else "/"
