"""人员与权限: accounts, kept by the 系统管理员 and the 安全管理员, each for their part (`office.access.accounts`)."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Response
from sqlmodel import Session

from office.access import accounts
from office.access.people import ADMINISTRATORS, ROLE_LABELS
from office.access.people_list import SIZE, UNASSIGNED, organs
from office.access.people_list import accounts as listed
from office.access.signing_in import running
from web.asked import page, pages_link, word
from web.desk import Desk, allow
from workflow.errors import CaseFileError, NotFound

router = APIRouter()
_SEES = allow("office", *ADMINISTRATORS)
_KEEPS = allow("sysadmin")
_GRANTS = allow("secadmin")
_ENDS = allow("sysadmin", "secadmin")


@router.get("/people")
def people(desk: Annotated[Desk, _SEES]) -> Response:
    asked = {"q": word(desk, "q"), "role": word(desk, "role")}
    rows, total = listed(desk.session, desk.now, text=asked["q"], role=asked["role"], page=page(desk))
    return desk.page(
        "people.html.j2", rows=rows, total=total, page=page(desk), size=SIZE, asked=asked,
        roles={**ROLE_LABELS, "none": UNASSIGNED}, link=pages_link("/people", asked),
    )  # fmt: skip


@router.get("/people/new")
def new_form(desk: Annotated[Desk, _KEEPS]) -> Response:
    return _new_page(desk)


@router.post("/people/new")
def create(desk: Annotated[Desk, _KEEPS]) -> Response:
    form = desk.form
    try:
        with desk.writing() as session:
            made = accounts.create(
                session, desk.person, form.text("id"), form.text("name"), form.text("organ"), desk.now
            ).id
    except CaseFileError as error:
        return _new_page(desk, str(error), 422)
    return desk.go(f"/people/accounts/{made}", f"已新建账号 {made}：请发放一次性密码，并请安全管理员分配角色。")


def _new_page(desk: Desk, problem: str = "", status: int = 200) -> Response:
    return desk.page(
        "people_new.html.j2", status=status, problem=problem, organs=organs(desk.session),
        typed={name: desk.form.text(name) for name in ("id", "name", "organ")},
    )  # fmt: skip


@router.get("/people/accounts/{account}")
def one(desk: Annotated[Desk, _SEES], account: str) -> Response:
    return _account_page(desk, account)


@router.post("/people/accounts/{account}/password")
def give_password(desk: Annotated[Desk, _KEEPS], account: str) -> Response:
    with desk.writing() as session:
        password = accounts.give_password(session, desk.person, account, desk.now)
    # The one answer that shows it: nothing is kept, and going back to it asks to post again.
    return _account_page(desk, account, password=password)


@router.post("/people/accounts/{account}/role")
def assign_role(desk: Annotated[Desk, _GRANTS], account: str) -> Response:
    def act(session: Session) -> str:
        user = accounts.assign_role(session, desk.person, account, desk.form.text("role"), desk.now)
        return f"{user.name} 的角色已改为{ROLE_LABELS[user.role]}，原有登录已退出。"  # type: ignore[index]

    return _done(desk, account, act)


@router.post("/people/accounts/{account}/switch")
def switch(desk: Annotated[Desk, _KEEPS], account: str) -> Response:
    active = desk.form.text("to") == "on"

    def act(session: Session) -> str:
        user = accounts.switch(session, desk.person, account, desk.now, active=active)
        return f"{user.name} 的账号已{'启用' if active else '停用，原有登录已退出'}。"

    return _done(desk, account, act)


@router.post("/people/accounts/{account}/unlock")
def unlock(desk: Annotated[Desk, _KEEPS], account: str) -> Response:
    def act(session: Session) -> str:
        accounts.unlock(session, desk.person, account, desk.now)
        return f"账号 {account} 已解锁。"

    return _done(desk, account, act)


@router.post("/people/accounts/{account}/reset-code")
def reset_code(desk: Annotated[Desk, _GRANTS], account: str) -> Response:
    def act(session: Session) -> str:
        accounts.reset_code(session, desk.person, account, desk.now)
        return f"账号 {account} 的动态口令已重置，本人下次登录时重新设置。"

    return _done(desk, account, act)


@router.post("/people/accounts/{account}/sign-out")
def end_sessions(desk: Annotated[Desk, _ENDS], account: str) -> Response:
    def act(session: Session) -> str:
        return f"已让账号 {account} 的 {accounts.end_sessions(session, desk.person, account, desk.now)} 处登录退出。"

    return _done(desk, account, act)


def _done(desk: Desk, account: str, act: Callable[[Session], str]) -> Response:
    """One deed in one transaction; a refusal stands on the account's own page."""
    try:
        with desk.writing() as session:
            said = act(session)
    except NotFound:
        raise
    except CaseFileError as error:
        return _account_page(desk, account, problem=str(error), status=422)
    return desk.go(f"/people/accounts/{account}", said)


def _account_page(desk: Desk, account: str, *, password: str = "", problem: str = "", status: int = 200) -> Response:
    rows, _ = listed(desk.session, desk.now, only=account)
    if not rows:
        raise NotFound(f"没有名为“{account[:40]}”的账号。")
    return desk.page(
        "person.html.j2", status=status, row=rows[0], password=password, problem=problem,
        sign_ins=running(desk.session, account, desk.now),
    )  # fmt: skip
