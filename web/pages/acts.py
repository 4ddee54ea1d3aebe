"""转办, 抄送, 催办, 督办: what is done about a case beside its steps."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from sqlmodel import Session, col, select

from notifications.render import render
from office.access.people import READERS, seen_case
from office.cases import handing
from states.fields import Field, FieldError
from web import links
from web.desk import HANDLES, READS, Desk, Forbidden
from web.taking import version_of
from workflow.errors import BadInput
from workflow.ledger import find_case
from workflow.models import Organ, User
from workflow.views import CaseView

router = APIRouter()
_REPLY_BY = Field("reply_by", "反馈时限", "date", required=False)


@router.get("/cases/{slug}/transfer")
def transfer_form(desk: Annotated[Desk, HANDLES], slug: str) -> Response:
    return _transfer(desk, _case(desk, slug))


@router.post("/cases/{slug}/transfer")
def transfer(desk: Annotated[Desk, HANDLES], slug: str) -> Response:
    view, form = _case(desk, slug), desk.form
    _may_transfer(desk, view)
    try:
        with desk.writing() as session:
            to, reason = form.text("to"), form.text("reason")
            name = handing.transfer(session, view.number, desk.person.actor, to, desk.today, reason)
    except BadInput as problem:
        return _transfer(desk, view, str(problem))
    return desk.go(links.case_url(view.number), f"已转办：{view.number} 由 {name} 办理。")


def _may_transfer(desk: Desk, view: CaseView) -> None:
    if not handing.may_transfer(desk.person, view, desk.context, desk.today):
        raise Forbidden(f"{desk.person.organ}不是 {view.number} 的牵头或配合单位，或者案件已经办结，不能转办。")


def _transfer(desk: Desk, view: CaseView, problem: str = "") -> Response:
    _may_transfer(desk, view)
    people = handing.colleagues(desk.session, desk.person.organ_id)
    return _page(desk, "transfer.html.j2", view, problem, colleagues=people)


@router.get("/cases/{slug}/copy")
def copy_form(desk: Annotated[Desk, HANDLES], slug: str) -> Response:
    return _copy(desk, _case(desk, slug))


@router.post("/cases/{slug}/copy")
def copy(desk: Annotated[Desk, HANDLES], slug: str) -> Response:
    view, form = _case(desk, slug), desk.form
    _may_copy(desk, view)
    actor, number = desk.person.actor, view.number
    ending = version_of(form.text("end"))
    organ, _, account = form.text("to").partition("|")
    try:
        with desk.writing() as session:
            if ending is not None:
                handing.uncopy(session, number, actor, ending, desk.today)
                said = f"已取消抄送：{number}。"
            else:
                whom = handing.copy(session, number, actor, organ, account, desk.today, form.text("reason"))
                said = f"已抄送：{whom}可以查阅 {number}。"
    except BadInput as problem:
        return _copy(desk, view, str(problem))
    return desk.go(f"{links.case_url(number)}/copy", said)


def _may_copy(desk: Desk, view: CaseView) -> None:
    if not handing.may_copy(desk.person, view, desk.context, desk.today):
        raise Forbidden(f"{view.number} 由工作组办公室或牵头单位抄送，{desk.person.organ}不能抄送。")


def _copy(desk: Desk, view: CaseView, problem: str = "") -> Response:
    _may_copy(desk, view)
    return _page(
        desk, "copy.html.j2", view, problem, organs=_organs(desk.session),
        people=[found for found in handing.handlers(desk.session, view.id) if found[0].relation == "copied"],
    )  # fmt: skip


def _organs(session: Session) -> list[tuple[Organ, list[User]]]:
    """Every organ with a desk, and its accounts that read cases."""
    found: dict[str, tuple[Organ, list[User]]] = {}
    query = (
        select(Organ, User).join(User, col(User.organ_id) == Organ.id)
        .where(col(User.active), col(User.role).in_(READERS)).order_by(col(Organ.name), col(User.name))
    )  # fmt: skip
    for organ, user in session.exec(query):
        found.setdefault(organ.id, (organ, []))[1].append(user)
    return list(found.values())


@router.get("/cases/{slug}/urge")
def urge_form(desk: Annotated[Desk, READS], slug: str, back: str = "") -> Response:
    return _urge(desk, _case(desk, slug), back=back)


@router.post("/cases/{slug}/urge")
def urge(desk: Annotated[Desk, READS], slug: str) -> Response:
    view, form = _case(desk, slug), desk.form
    _may_urge(desk, view)
    back = form.text("back")
    try:
        with desk.writing() as session:
            organ = handing.urge(session, view.number, desk.person.actor, desk.today, form.text("reason"))
    except BadInput as problem:
        return _urge(desk, view, str(problem), back=back)
    return desk.go(links.inside(back, links.case_url(view.number)), f"已催办：{organ}将收到通知（{view.number}）。")


def _may_urge(desk: Desk, view: CaseView) -> None:
    if not handing.may_urge(desk.person, view, desk.context, desk.today):
        raise Forbidden(f"{view.number} 由工作组办公室、领导或牵头单位催办；已办结的案件不用催办。")


def _urge(desk: Desk, view: CaseView, problem: str = "", *, back: str) -> Response:
    _may_urge(desk, view)
    context, today = desk.context, desk.today
    asked = handing.asked_organ(view, context, today)
    letter = render(
        "urge",
        handing.about(view, context, asked, desk.person.actor, today, desk.form.text("reason") or "（催办内容）"),
    )
    return _page(
        desk, "urge.html.j2", view, problem, asked=context.organs.get(asked, "责任单位（待明确）"), letter=letter,
        back=links.inside(back, ""),
    )  # fmt: skip


@router.get("/cases/{slug}/supervise")
def supervise_form(desk: Annotated[Desk, READS], slug: str) -> Response:
    return _supervise(desk, _case(desk, slug))


@router.post("/cases/{slug}/supervise")
def supervise(desk: Annotated[Desk, READS], slug: str) -> Response:
    view, form = _case(desk, slug), desk.form
    _may_supervise(desk, view)
    typed = {"requirements": form.text("requirements")}
    try:
        if form.text("reply_by"):
            typed["reply_by"] = str(_REPLY_BY.read(form.text("reply_by")))
        with desk.writing() as session:
            slip = handing.supervise(session, view.number, desk.person.actor, desk.today, form.text("reason"), typed)
            where = links.document_url(slip.id or 0) if desk.person.is_office else links.case_url(view.number)
    except (BadInput, FieldError) as problem:
        return _supervise(desk, view, str(problem))
    return desk.go(where, f"已督办：{view.number} 的督办单已起草，由工作组办公室审核后签发。")


def _may_supervise(desk: Desk, view: CaseView) -> None:
    if not handing.may_supervise(desk.person, view):
        raise Forbidden(f"{view.number} 由工作组办公室或领导督办；已办结的案件不用督办。")


def _supervise(desk: Desk, view: CaseView, problem: str = "") -> Response:
    _may_supervise(desk, view)
    asked = handing.asked_organ(view, desk.context, desk.today)
    return _page(desk, "supervise.html.j2", view, problem, asked=desk.context.organs.get(asked, "责任单位（待明确）"))


def _case(desk: Desk, slug: str) -> CaseView:
    """The case that the address names. Raises NotFound for what the person may not see, BadInput for a void one."""
    number = links.number_of(slug)
    seen_case(desk.session, desk.person, number)
    view = find_case(desk.session, number)
    if not view.procedure.knows(view.state):
        raise BadInput(f"案件 {number} 已随上级案件的更正撤销，不能再办理。")
    return view


def _page(desk: Desk, template: str, view: CaseView, problem: str, **values: Any) -> Response:
    typed = {name: desk.form.text(name) for name in ("to", "reason", "requirements", "reply_by")}
    return desk.page(
        template, 422 if problem else 200, view=view, problem=problem, typed=typed,
        state_label=view.procedure.state(view.state).label, **values,
    )  # fmt: skip
