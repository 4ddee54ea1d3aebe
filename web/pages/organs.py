"""单位与联系方式: who is reached where since when; the office and the system administrator keep it."""

from typing import Annotated

from fastapi import APIRouter, Response

from notifications.channels.mime import usable
from notifications.outbox import retry_no_contact
from office.access.people import HANDLERS
from office.desk.organ_book import KINDS, card, organs, unreached
from web.asked import day, page, pages_link, word
from web.desk import Desk, allow
from workflow.errors import BadInput, CaseFileError, NotFound
from workflow.register import add_alias, add_contact, add_organ, end_contact

router = APIRouter()
READS_ORGANS, KEEPS_ORGANS = allow(*HANDLERS, "sysadmin"), allow("office", "sysadmin")
SIZE = 50


@router.get("/organs")
def organ_list(desk: Annotated[Desk, READS_ORGANS]) -> Response:
    asked = {name: word(desk, name) for name in ("kind", "q", "missing")}
    rows, total = organs(
        desk.session, desk.today, kind=asked["kind"], text=asked["q"], missing=bool(asked["missing"]), page=page(desk),
        size=SIZE,
    )  # fmt: skip
    return desk.page(
        "organs.html.j2", rows=rows, total=total, page=page(desk), size=SIZE, asked=asked, link=pages_link("/organs", asked),
        kinds=KINDS, unreached=unreached(desk.session, desk.today), keeps=_keeps(desk), by_mail=_by_mail(desk),
    )  # fmt: skip


def _keeps(desk: Desk) -> bool:
    return desk.person.role in ("office", "sysadmin")


def _by_mail(desk: Desk) -> bool:
    return bool(desk.office.settings.smtp_url)


@router.get("/organs/new")
def organ_form(desk: Annotated[Desk, KEEPS_ORGANS]) -> Response:
    return _organ_form(desk)


def _organ_form(desk: Desk, problem: str = "", status: int = 200) -> Response:
    typed = {name: desk.form.text(name) for name in ("id", "name", "kind")}
    return desk.page("organ_new.html.j2", status=status, typed=typed, kinds=KINDS, problem=problem)


@router.post("/organs/new")
def add(desk: Annotated[Desk, KEEPS_ORGANS]) -> Response:
    form = desk.form
    try:
        with desk.writing() as session:
            organ = add_organ(session, form.text("id"), form.text("name"), form.text("kind"))
            id, name = organ.id, organ.name  # noqa: A001
    except BadInput as error:
        return _organ_form(desk, str(error), 422)
    return desk.go(f"/organs/{id}", f"已登记单位 {name}，并建立同名账号。请登记联系方式。")


@router.get("/organs/{id}")
def organ(desk: Annotated[Desk, READS_ORGANS], id: str) -> Response:
    return _organ(desk, id)


def _organ(desk: Desk, id: str, problem: str = "", status: int = 200) -> Response:
    found = card(desk.session, id)
    typed = {name: desk.form.text(name) for name in ("email", "person", "phone", "from", "alias", "last")}
    return desk.page(
        "organ.html.j2", status=status, card=found, organ=found.organ, typed=typed, kinds=KINDS, problem=problem,
        keeps=_keeps(desk), by_mail=_by_mail(desk),
    )  # fmt: skip


@router.post("/organs/{id}/contacts")
def contact(desk: Annotated[Desk, KEEPS_ORGANS], id: str) -> Response:
    """A new address; what waited for one goes out with the next delivery."""
    name, form = card(desk.session, id).organ.name, desk.form
    try:
        start = day(form.text("from"), "起用日期", desk.today)
        with desk.writing() as session:
            add_contact(
                session, id, email=form.text("email"), person=form.text("person"), phone=form.text("phone"),
                valid_from=start, usable=usable(form.text("email")),
            )  # fmt: skip
            freed = retry_no_contact(session, on=desk.today)
    except BadInput as error:
        return _organ(desk, id, str(error), 422)
    more = f"，{freed} 份缺联系方式的通知重新待发" if freed else ""
    return desk.go(f"/organs/{id}", f"已登记 {name} 的联系方式，自 {start} 起用{more}。")


@router.post("/organs/{id}/contacts/{contact_id}/end")
def end(desk: Annotated[Desk, KEEPS_ORGANS], id: str, contact_id: int) -> Response:
    found = card(desk.session, id)
    if contact_id not in {contact.id for contact in found.contacts}:
        raise NotFound("该单位没有这条联系方式：请刷新后再看。")
    try:
        last = day(desk.form.text("last"), "停用日期", desk.today)
        with desk.writing() as session:
            email = end_contact(session, contact_id, last).email
    except CaseFileError as error:
        return _organ(desk, id, str(error), 422)
    return desk.go(f"/organs/{id}", f"{email} 用到 {last} 为止，之后不再向它发信。")


@router.post("/organs/{id}/aliases")
def alias(desk: Annotated[Desk, KEEPS_ORGANS], id: str) -> Response:
    name = card(desk.session, id).organ.name
    try:
        with desk.writing() as session:
            added = add_alias(session, id, desk.form.text("alias")).alias
    except BadInput as error:
        return _organ(desk, id, str(error), 422)
    return desk.go(f"/organs/{id}", f"以后写“{added}”，系统也认得是 {name}。")
