"""One document: its life line, what is open, a look at its pages, its files."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Response

from notifications.documents.errors import DocumentError
from office.papers.archive import seen_document
from office.papers.paper_facts import paper_facts
from office.papers.paper_fields import Asked, asked_for, further
from office.papers.paper_pictures import draft_file as sketch
from office.papers.paper_pictures import pictures
from office.papers.paper_records import account_names, files_of, one
from office.papers.papers import form, kept
from states.documents import BY_ID
from states.forms import SERVICE
from web.desk import READS, Desk
from workflow.errors import BadInput, NotFound
from workflow.issuing import has_power
from workflow.models import Document

router = APIRouter()
_TYPES = {".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".pdf": "application/pdf"}
#: Most that the browser is asked to show; a longer paper is read as a file.
_PAGES = 12
#: Unlike on the form of a step, the proof of service here wants all of it.
_SERVICE = tuple(replace(field, required=True) for field in SERVICE)


@router.get("/documents/{id:int}")
def document(desk: Annotated[Desk, READS], id: int) -> Response:
    return paper_page(desk, seen_document(desk.session, desk.person, id))


def paper_page(
    desk: Desk, paper: Document, *, problem: str = "", errors: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    """The page, also with what was typed and why it was not taken."""
    assert paper.id is not None
    kind, session = BY_ID[paper.kind], desk.session
    may = desk.person.handles_cases and has_power(kind, paper.issuer_id, desk.person.organ_id)
    asked = form(desk.office, session, paper.id) if paper.status == "draft" else None
    looks, no_look = _pages(desk, paper)
    typed = desk.form.group("value-")
    fields = [_with(one, typed, status) for one in asked_for(asked)] if asked else []
    return desk.page(
        "document.html.j2", status, row=one(session, paper.id), kind=kind, may=may, problem=problem, errors=errors or {},
        fields=fields, further=further(asked) if asked and may else [], not_ready=asked.problem if asked else "",
        missing=[a for a in fields if a.missing], pages=min(looks, _PAGES), all_pages=looks, no_look=no_look,
        files=files_of(session, paper.id), service_fields=_SERVICE, posted=desk.form, own_form=bool(paper.form_sha256),
        names=account_names(session), facts=paper_facts(session, paper, desk.person, desk.today),
    )  # fmt: skip


def _with(asked: Asked, typed: Mapping[str, str], status: int) -> Asked:
    """What was typed stays typed when it was not taken."""
    return replace(asked, value=typed[asked.field.name]) if status != 200 and asked.field.name in typed else asked


def _pages(desk: Desk, paper: Document) -> tuple[int, str]:
    """How many pages there are to look at, or why there are none."""
    if paper.status == "void" and not paper.snapshot:
        return 0, "这是已作废的草稿，不再生成。"
    try:
        return len(pictures(desk.office, desk.session, paper)), ""
    except (DocumentError, BadInput) as error:
        return 0, str(error)


@router.get("/documents/{id:int}/page-{n:int}.svg")
def picture(desk: Annotated[Desk, READS], id: int, n: int) -> Response:
    """One page as it will be printed."""
    import gzip

    paper = seen_document(desk.session, desk.person, id)
    try:
        found = pictures(desk.office, desk.session, paper)
    except DocumentError as error:
        raise NotFound(str(error)) from None
    if not 1 <= n <= len(found):
        raise NotFound(f"文书 {id} 没有第 {n} 页。")
    headers = {"content-encoding": "gzip", "vary": "accept-encoding"}
    if "gzip" not in desk.request.headers.get("accept-encoding", ""):
        return Response(found[n - 1], media_type="image/svg+xml")
    return Response(gzip.compress(found[n - 1], 6), media_type="image/svg+xml", headers=headers)


@router.get("/documents/{id:int}/draft{suffix}")
def draft_file(desk: Annotated[Desk, READS], id: int, suffix: str) -> Response:
    """A draft as it stands, as a file that is not kept."""
    paper = seen_document(desk.session, desk.person, id)
    if suffix not in _TYPES:
        raise NotFound(f"草稿只能下载 .docx 或 .pdf，没有“{suffix[:10]}”。")
    if paper.status != "draft":
        raise BadInput(f"文书 {id}《{paper.title}》不是草稿：请在它的页面下载存档的文件。")
    try:
        data = sketch(desk.office, desk.session, paper, suffix)
    except DocumentError as error:
        raise BadInput(str(error)) from None
    return desk.file(data, f"{paper.title}_草稿{id}{suffix}", _TYPES[suffix])


@router.get("/documents/{id:int}/files/{n:int}")
def file(desk: Annotated[Desk, READS], id: int, n: int) -> Response:
    """One file on record, byte for byte; never opened in the browser's own window."""
    seen_document(desk.session, desk.person, id)
    row: dict[str, Any] | None = next((row for row in files_of(desk.session, id) if row["n"] == n), None)
    if row is None:
        raise NotFound(f"文书 {id} 没有第 {n} 份文件。")
    suffix = row["filename"][row["filename"].rfind(".") :].lower()
    data = kept(desk.office, row["sha256"], row["filename"])
    return desk.file(data, row["filename"], _TYPES.get(suffix, "application/octet-stream"))
