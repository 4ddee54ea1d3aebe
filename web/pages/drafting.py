"""起草文书: choose a kind, then its cases and in whose name; the draft's own page comes next."""

import re
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Response

from office.access.people import seen_case
from office.papers.drafting import begin, issuers_for, kinds_for, lawful, offered_cases
from states import documents
from states.documents import DocumentKind
from web.asked import day, word
from web.desk import HANDLES, Desk
from web.links import document_url, number_of
from workflow.errors import BadInput, CaseFileError, NotFound
from workflow.paper import kind_named

router = APIRouter()


@router.get("/documents/new")
def new(desk: Annotated[Desk, HANDLES]) -> Response:
    case = number_of(word(desk, "case"))
    if case:
        seen_case(desk.session, desk.person, case)
    if not word(desk, "kind"):
        return desk.page("document_kinds.html.j2", groups=kinds_for(desk.person), case=case, organs=desk.context.organs)
    kind = kind_named(word(desk, "kind"))
    if kind.id in documents.COUNTED:
        return desk.go("/statistics/report", "报表的数字先统计、后起草：请选定时段，核对数字后起草。")
    if not lawful(desk.person, kind):
        raise BadInput(documents.refusal(desk.person.organ, kind))
    return _form(desk, kind, case)


@router.post("/documents/new")
def make(desk: Annotated[Desk, HANDLES]) -> Response:
    kind = kind_named(desk.form.text("kind"))
    numbers = [*desk.form.all("case"), *re.split(r"[\s,，、;；]+", desk.form.text("numbers"))]
    try:
        on = _drafted_on(desk)
        with desk.writing() as session:
            made = begin(
                session, desk.person, kind, [number.strip() for number in numbers if number.strip()], on=on,
                joint=desk.form.text("way") == "joint", issuer=desk.form.text("issuer"),
            )  # fmt: skip
    except CaseFileError as error:
        return _form(desk, kind, "", str(error), 404 if isinstance(error, NotFound) else 422)
    if len(made) == 1:
        return desk.go(document_url(made[0]), f"已起草《{kind.title}》。")
    return desk.go(f"/documents?status=draft&kind={kind.id}", f"已起草《{kind.title}》{len(made)} 份。")


def _drafted_on(desk: Desk) -> date:
    on = day(desk.form.text("on"), "起草日期", desk.today)
    if on > desk.today:
        raise BadInput(f"起草日期 {on} 在今天（{desk.today}）之后，请核对。")
    return on


def _form(desk: Desk, kind: DocumentKind, case: str, problem: str = "", status: int = 200) -> Response:
    chosen = [case] if case else desk.form.all("case")
    return desk.page(
        "document_new.html.j2", status, kind=kind, case=case, problem=problem, chosen=chosen,
        cases=[] if kind.scope == "office" or case else offered_cases(desk.session, desk.person),
        issuers=issuers_for(desk.session, desk.person, kind), posted=desk.form, on=desk.form.text("on") or desk.today,
    )  # fmt: skip
