"""对外推送: webhooks and group robots, kept by the office and the system administrator."""

from typing import Annotated

from fastapi import APIRouter, Response
from sqlmodel import select

from notifications.hooks import Result
from office.notices.hook_book import EVENTS, KINDS, NOTICES, add_hook, again, hook_of, lines, switch, try_out
from web.desk import Desk, allow
from workflow.errors import BadInput
from workflow.models import Organ

router = APIRouter()
KEEPS_HOOKS = allow("office", "sysadmin")
_URL = "/mail/hooks"


@router.get(_URL)
def hooks(desk: Annotated[Desk, KEEPS_HOOKS]) -> Response:
    return _hooks(desk)


def _hooks(desk: Desk, *, problem: str = "", tried: tuple[str, Result] | None = None, status: int = 200) -> Response:
    form = desk.form
    typed = {name: form.text(name) for name in ("kind", "label", "url", "organ")}
    organs = desk.session.exec(select(Organ.id, Organ.name).order_by(Organ.name)).all()
    return desk.page(
        "mail_hooks.html.j2", status=status, lines=lines(desk.session), kinds=KINDS, events=EVENTS, notices=NOTICES,
        organs=organs, typed=typed, topics=form.all("topics"), problem=problem, tried=tried,
    )  # fmt: skip


@router.post(_URL)
def add(desk: Annotated[Desk, KEEPS_HOOKS]) -> Response:
    form = desk.form
    try:
        with desk.writing() as session:
            label = add_hook(
                session, kind=form.text("kind"), label=form.text("label"), url=form.text("url"),
                secret=form.text("secret"), topics=form.all("topics"), organ_id=form.text("organ"),
                by=desk.person.actor.user, on=desk.today,
            ).label  # fmt: skip
    except BadInput as error:
        return _hooks(desk, problem=str(error), status=422)
    return desk.go(_URL, f"已添加“{label}”，从现在起推送。可以先发一条测试信息。")


@router.post(_URL + "/{id}/active")
def active(desk: Annotated[Desk, KEEPS_HOOKS], id: int) -> Response:
    on = desk.form.ticked("on")
    with desk.writing() as session:
        label = switch(session, id, on=on).label
    return desk.go(_URL, f"“{label}”已{'启用' if on else '停用，停用期间的事项以后也不补推'}。")


@router.post(_URL + "/{id}/again")
def once_more(desk: Annotated[Desk, KEEPS_HOOKS], id: int) -> Response:
    with desk.writing() as session:
        count = again(session, id, desk.now)
    return desk.go(_URL, f"{count} 条信息重新待发，随下一次心跳推送。")


@router.post(_URL + "/{id}/test")
def test(desk: Annotated[Desk, KEEPS_HOOKS], id: int) -> Response:
    hook = hook_of(desk.session, id)
    result = try_out(hook, desk.now)
    return _hooks(desk, tried=(hook.label, result), status=200 if result.status == "sent" else 422)
