"""接口令牌: secrets with which other systems call the interface for an account; issued by the 安全管理员."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Response
from sqlmodel import col, select

from office.access.people import READERS
from office.access.tokens import interface_tokens, issue, revoke
from web.desk import ADMINISTERS, Desk, allow
from workflow.errors import CaseFileError
from workflow.models import Organ, User

router = APIRouter()
_GRANTS = allow("secadmin")
_FIELDS = ("account", "label", "expires_on")


@router.get("/people/tokens")
def tokens(desk: Annotated[Desk, ADMINISTERS]) -> Response:
    return _page(desk)


@router.post("/people/tokens")
def new_token(desk: Annotated[Desk, _GRANTS]) -> Response:
    form = desk.form
    try:
        with desk.writing() as session:
            secret = issue(
                session, desk.person, form.text("account"), form.text("label"), desk.now,
                may_write=form.ticked("may_write"), expires_on=_day(form.text("expires_on")),
            )  # fmt: skip
    except CaseFileError as error:
        return _page(desk, problem=str(error), status=422)
    return _page(desk, secret=secret)


@router.post("/people/tokens/{id}/revoke")
def revoke_token(desk: Annotated[Desk, _GRANTS], id: int) -> Response:
    with desk.writing() as session:
        label = revoke(session, desk.person, id, desk.now).label
    return desk.go("/people/tokens", f"已吊销令牌“{label}”，使用它的系统立即不能再调用。")


def _page(desk: Desk, *, secret: str = "", problem: str = "", status: int = 200) -> Response:
    accounts = desk.session.exec(
        select(User.id, User.name, Organ.name).join(Organ, col(User.organ_id) == Organ.id)
        .where(col(User.active), col(User.role).in_(READERS)).order_by(Organ.name, User.id)
    ).all()  # fmt: skip
    typed = {name: "" if secret else desk.form.text(name) for name in _FIELDS}
    return desk.page(
        "people_tokens.html.j2", status=status, rows=interface_tokens(desk.session), accounts=accounts, secret=secret,
        problem=problem, typed=typed, may_write=desk.form.ticked("may_write") and not secret,
        may_change=desk.person.role == "secadmin",
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
