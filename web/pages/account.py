"""我的账号: own data, own browsers signed in, own tokens; password and one-time code."""

from typing import Annotated

from fastapi import APIRouter, Response
from markupsafe import Markup
from sqlmodel import Session

from office.access.activity import Line, append
from office.access.door import prove
from office.access.one_time_codes import needed, new_secret, picture, set_up, take
from office.access.passwords import set_own
from office.access.sign_in_policy import policy_of
from office.access.signing_in import Opened, end, end_all, renew, running
from office.access.tokens import KINDS, own_tokens, revoke
from web.desk import ANYBODY, OWN_CODE, OWN_PASSWORD, Desk
from workflow.errors import BadInput, NotFound
from workflow.models import Credential, SignIn, User

router = APIRouter()


@router.get("/account")
def account(desk: Annotated[Desk, ANYBODY]) -> Response:
    credential = desk.session.get(Credential, desk.person.id)
    return desk.page(
        "account.html.j2", user=desk.session.get_one(User, desk.person.id), credential=credential, mine=desk.sign_in.id,
        sign_ins=running(desk.session, desk.person.id, desk.now), tokens=own_tokens(desk.session, desk.person.id),
        kinds=KINDS, policy=policy_of(desk.session),
    )  # fmt: skip


@router.post("/account/sessions/{id}/end")
def end_session(desk: Annotated[Desk, ANYBODY], id: str) -> Response:
    with desk.writing() as session:
        row = session.get(SignIn, id)
        if row is None or row.account_id != desk.person.id:
            raise NotFound("没有这次登录。")
        end(session, id, desk.now, "revoked")
    return desk.go("/account", "已让那台电脑退出登录。")


@router.post("/account/sessions/end-others")
def end_other_sessions(desk: Annotated[Desk, ANYBODY]) -> Response:
    with desk.writing() as session:
        count = end_all(session, desk.person.id, desk.now, "revoked", but=desk.sign_in.id)
    return desk.go("/account", f"已让其余 {count} 处登录退出。")


@router.post("/account/tokens/{id}/revoke")
def revoke_own(desk: Annotated[Desk, ANYBODY], id: int) -> Response:
    with desk.writing() as session:
        token = revoke(session, desk.person, id, desk.now, own=True)
        label = f"{KINDS[token.kind]}“{token.label}”"
    return desk.go("/account", f"已吊销{label}。")


@router.get(OWN_PASSWORD)
def password_form(desk: Annotated[Desk, ANYBODY]) -> Response:
    return _password_page(desk)


@router.post(OWN_PASSWORD)
def change_password(desk: Annotated[Desk, ANYBODY]) -> Response:
    """A wrong password in use is counted as at the door; a right one gives this browser a new secret."""
    given = {name: (desk.form.all(name) or [""])[-1] for name in ("password", "new", "again")}
    with desk.writing() as session:
        known = prove(session, desk.person.id, given["password"], desk.now)
    if not known:
        return _password_page(desk, "当前密码不正确，没有修改。", 422)
    try:
        with desk.writing() as session:
            row = session.get_one(Credential, desk.person.id)
            set_own(session, row, given["new"], given["again"], desk.now)
            end_all(session, desk.person.id, desk.now, "password_changed", but=desk.sign_in.id)
            opened = _renewed(session, desk, "修改密码")
    except BadInput as error:
        return _password_page(desk, str(error), 422)
    return desk.go_renewed(opened, "/account", "密码已修改，其他电脑上的登录已全部退出。")


def _password_page(desk: Desk, problem: str = "", status: int = 200) -> Response:
    credential = desk.session.get(Credential, desk.person.id)
    return desk.page(
        "account_password.html.j2", status=status, policy=policy_of(desk.session), problem=problem,
        forced=bool(credential and credential.must_change), has_password=bool(credential and credential.password_hash),
    )  # fmt: skip


@router.get(OWN_CODE)
def code_form(desk: Annotated[Desk, ANYBODY]) -> Response:
    return _code_page(desk, new_secret())


@router.post(OWN_CODE)
def set_up_code(desk: Annotated[Desk, ANYBODY]) -> Response:
    secret, code = desk.form.text("secret"), desk.form.text("code")
    try:
        with desk.writing() as session:
            set_up(session, desk.person.id, secret, code, desk.now)
            opened = _renewed(session, desk, "启用动态口令")
    except BadInput as error:
        return _code_page(desk, secret, str(error), 422)
    return desk.go_renewed(opened, "/account", "动态口令已启用，下次登录时填写。")


@router.post("/account/totp/off")
def switch_off_code(desk: Annotated[Desk, ANYBODY]) -> Response:
    """With a code of the phone in use: whoever has none of it needs the 安全管理员."""
    with desk.writing() as session:
        row = session.get(Credential, desk.person.id, with_for_update=True)
        right = row is not None and take(row, desk.form.text("code"), desk.now)
        # A code that may be guessed at is counted like a password.
        if row is not None and not right:
            prove(session, desk.person.id, "", desk.now)
        elif row is not None:
            row.totp_secret = ""
            session.add(row)
            opened = _renewed(session, desk, "停用动态口令")
    if not right:
        return _code_page(desk, "", "动态口令不对（或已用过）：请等手机换一个数字后再试。", 422)
    return desk.go_renewed(opened, OWN_CODE, "原手机的动态口令已停用。")


def _renewed(session: Session, desk: Desk, deed: str) -> Opened:
    append(session, Line(desk.now, desk.person.id, desk.person.organ_id, deed, desk.person.id, "done"))
    return renew(session, desk.sign_in.id, desk.now, delegation_id=desk.sign_in.delegation_id)


def _code_page(desk: Desk, secret: str, problem: str = "", status: int = 200) -> Response:
    credential = desk.session.get(Credential, desk.person.id)
    on = bool(credential and credential.totp_secret)
    return desk.page(
        "account_totp.html.j2", status=status, on=on, secret=secret, problem=problem, needed=needed(desk.session, desk.person.role),
        # Drawn by ourselves out of a secret of our own making.
        picture=Markup(picture(desk.person.id, secret)) if secret and not on else "",
    )  # fmt: skip
