"""文书模板: every kind with its built-in template, an example of it, and the county's own Word form."""

import gzip
from typing import Annotated

from fastapi import APIRouter, Response

from notifications.documents.compose import templates_folder
from notifications.documents.pdf import write_pictures
from office.papers.drafting import FORMS
from office.papers.example_papers import example
from office.papers.own_forms import form_of, forms_of, unfit
from office.papers.papers import font_book, kept
from states.documents import KINDS, DocumentKind
from web.asked import ids
from web.desk import Desk, allow
from workflow.county_forms import add_form, forms_in_use, remove_form, use_again
from workflow.errors import BadInput, NotFound
from workflow.paper import kind_named

router = APIRouter()
KEEPS = allow("office", "sysadmin")
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get("/templates")
def templates(desk: Annotated[Desk, KEEPS]) -> Response:
    own = {row["kind"]: row for row in forms_in_use(desk.session)}
    groups = [(form, [kind for kind in KINDS if kind.form == form]) for form in FORMS]
    return desk.page("templates.html.j2", groups=groups, own=own, total=len(KINDS), organs=desk.context.organs)


@router.get("/templates/kinds/{name}")
def template(desk: Annotated[Desk, KEEPS], name: str) -> Response:
    return _page(desk, _kind(name))


@router.get("/templates/kinds/{name}/example-{n:int}.svg")
def example_page(desk: Annotated[Desk, KEEPS], name: str, n: int) -> Response:
    pages = _example(desk, _kind(name))
    if not 1 <= n <= len(pages):
        raise NotFound(f"样张没有第 {n} 页。")
    if "gzip" not in desk.request.headers.get("accept-encoding", ""):
        return Response(pages[n - 1], media_type="image/svg+xml")
    headers = {"content-encoding": "gzip", "vary": "accept-encoding"}
    return Response(gzip.compress(pages[n - 1], 6), media_type="image/svg+xml", headers=headers)


@router.post("/templates/kinds/{name}")
def hand_in(desk: Annotated[Desk, KEEPS], name: str) -> Response:
    kind, uploads = _kind(name), desk.form.files("file")
    if not uploads:
        return _page(desk, kind, "请选择一份 Word 模板（.docx）。", status=422)
    given = uploads[0]
    problems = unfit(kind, given.data)
    if problems:
        sentence = f"“{given.stored.filename}”不能用作《{kind.title}》的模板，有 {len(problems)} 处问题，没有启用。"
        return _page(desk, kind, sentence, problems, 422)
    if desk.form.text("only") == "check":
        return _page(desk, kind, fit=f"“{given.stored.filename}”没有问题，可以启用；本次只检查，没有保存。")
    with desk.writing() as session:
        add_form(session, kind, given.stored, actor=desk.person.actor, on=desk.today)
        desk.office.store.keep(given.stored, given.data)
    return desk.go(_url(kind), f"《{kind.title}》今后用“{given.stored.filename}”生成；已出具的不变。")


@router.post("/templates/kinds/{name}/use")
def use(desk: Annotated[Desk, KEEPS], name: str) -> Response:
    """Puts an earlier form into use again; without one, the built-in template."""
    kind, wanted = _kind(name), ids([desk.form.text("form")])
    try:
        with desk.writing() as session:
            if wanted:
                form = use_again(
                    session, form_of(session, kind, wanted[0]).id or 0, actor=desk.person.actor, on=desk.today
                )
                said = f"《{kind.title}》已改用“{form.filename}”。"
            else:
                remove_form(session, kind, actor=desk.person.actor, on=desk.today)
                said = f"《{kind.title}》已恢复使用系统模板。"
    except BadInput as error:
        return _page(desk, kind, str(error), status=422)
    return desk.go(_url(kind), said)


@router.get("/templates/kinds/{name}/forms/{form_id:int}")
def own_form(desk: Annotated[Desk, KEEPS], name: str, form_id: int) -> Response:
    form = form_of(desk.session, _kind(name), form_id)
    return desk.file(kept(desk.office, form.sha256, form.filename), form.filename, _DOCX)


def _kind(name: str) -> DocumentKind:
    return kind_named(name)


def _url(kind: DocumentKind) -> str:
    return f"/templates/kinds/{kind.id}"


def _example(desk: Desk, kind: DocumentKind) -> list[bytes]:
    book = font_book(desk.office.settings.home / "fonts")
    return write_pictures(example(kind, desk.context.plan), book)


def _page(
    desk: Desk, kind: DocumentKind, problem: str = "", problems: list[tuple[str, str]] | None = None, status: int = 200,
    *, fit: str = "",
) -> Response:  # fmt: skip
    source = (templates_folder() / "documents" / f"{kind.id}.md.j2").read_text(encoding="utf-8")
    forms = forms_of(desk.session, kind)
    return desk.page(
        "template.html.j2", status, kind=kind, source=source, forms=forms, problem=problem, problems=problems or [],
        fit=fit, pages=len(_example(desk, kind)), in_use=next((form for form in forms if form["active"]), None),
        organs=desk.context.organs,
    )  # fmt: skip
