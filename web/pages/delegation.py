"""委托代理: give one's work to a colleague for some days, stand in for another, end it early."""

from typing import Annotated

from fastapi import APIRouter, Response

from office.access.delegation import candidates, delegations, end_early, give, switch
from office.access.signing_in import renew
from web.desk import HANDLES, Desk
from web.taking import version_of
from workflow.errors import BadInput

router = APIRouter()
URL = "/account/delegation"


@router.get(URL)
def delegation(desk: Annotated[Desk, HANDLES]) -> Response:
    return _page(desk)


@router.post(URL)
def post_delegation(desk: Annotated[Desk, HANDLES]) -> Response:
    form, person = desk.form, desk.person
    giver = form.text("from_account") if person.is_office else person.id
    try:
        with desk.writing() as session:
            give(
                session, person, giver, form.text("to_account"), form.text("from_on"), form.text("to_on"),
                form.text("reason"), desk.today,
            )  # fmt: skip
    except BadInput as problem:
        return _page(desk, str(problem))
    return desk.go(URL, "已委托。代理人在这一页打开“代办”后，就能以委托人的单位和权限办理。")


@router.post(URL + "/end")
def end(desk: Annotated[Desk, HANDLES]) -> Response:
    try:
        with desk.writing() as session:
            end_early(session, desk.person, version_of(desk.form.text("id")) or 0, desk.today)
    except BadInput as problem:
        return _page(desk, str(problem))
    return desk.go(URL, "委托已结束。")


@router.post(URL + "/switch")
def switch_over(desk: Annotated[Desk, HANDLES]) -> Response:
    chosen = desk.form.text("id")
    try:
        with desk.writing() as session:
            wanted = (version_of(chosen) or 0) if chosen else None
            name = switch(session, desk.sign_in.id, desk.person.id, wanted, desk.today)
            # Other rights, another secret: a cookie that somebody held before does not come along.
            opened = renew(session, desk.sign_in.id, desk.now, delegation_id=wanted)
    except BadInput as problem:
        return _page(desk, str(problem))
    said = f"现在代 {name} 办理，办理记录会写明是您代办的。" if name else "已结束代办，现在以自己的身份办理。"
    return desk.go_renewed(opened, URL, said)


def _page(desk: Desk, problem: str = "") -> Response:
    typed = {name: desk.form.text(name) for name in ("from_account", "to_account", "from_on", "to_on", "reason")}
    found = delegations(desk.session, desk.person, desk.today)
    return desk.page(
        "delegation.html.j2", 422 if problem else 200, problem=problem, typed=typed, given=found,
        mine=[one for one in found if one.running and one.row.to_account == desk.person.id],
        current=desk.sign_in.delegation_id if desk.person.stands_in_for else None,
        accounts=[] if desk.person.stands_in_for else candidates(desk.session, desk.person),
    )  # fmt: skip
