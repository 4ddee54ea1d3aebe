"""文书档案: the list, papers issued or taken away together, and which record a file is."""

from collections.abc import Iterator
from typing import IO, Annotated, Any

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from notifications.documents.errors import UnreadableFile
from notifications.documents.identify import looks_like_code
from office.papers.archive import SIZE, Sought, choices, only_seen, papers
from office.papers.paper_pictures import papers_zip
from office.papers.paper_records import STATUS, Identified, by_code, by_file, no_record, one
from office.papers.papers import form, issue_many
from web.asked import day, ids, number, page, pages_link, word
from web.desk import HANDLES, READS, Desk
from workflow.errors import BadInput, CaseFileError, NotFound
from workflow.issuing import find, has_power
from workflow.paper import kind_named

router = APIRouter()
_CHUNK = 1 << 18


@router.get("/documents")
def archive(desk: Annotated[Desk, READS]) -> Response:
    sought = Sought(
        word(desk, "status"), word(desk, "kind"), word(desk, "issuer"), number(desk, "year", 2999), word(desk, "case"),
        word(desk, "number"), word(desk, "q"),
    )  # fmt: skip
    rows, total = papers(desk.session, desk.person, sought, page(desk))
    asked = {name: word(desk, name) for name in ("status", "kind", "issuer", "year", "case", "number", "q")}
    return desk.page(
        "documents.html.j2", rows=rows, total=total, page=page(desk), size=SIZE, sought=asked, statuses=STATUS,
        link=pages_link("/documents", asked), offered=choices(desk.session, desk.person),
    )  # fmt: skip


@router.get("/documents/files.zip")
def together(desk: Annotated[Desk, READS]) -> Response:
    wanted = ids(desk.request.query_params.getlist("id"))
    file = papers_zip(desk.office, desk.session, desk.person, wanted)
    headers = {"content-disposition": "attachment; filename*=UTF-8''%E6%96%87%E4%B9%A6.zip"}
    return StreamingResponse(_chunks(file), media_type="application/zip", headers=headers)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


@router.get("/documents/issue")
def issue_form(desk: Annotated[Desk, HANDLES]) -> Response:
    return _issue_page(desk, ids(desk.request.query_params.getlist("id")))


@router.post("/documents/issue")
def issue_together(desk: Annotated[Desk, HANDLES]) -> Response:
    chosen = only_seen(desk.session, desk.person, ids(desk.form.all("id")))
    if not chosen:
        return _issue_page(desk, chosen, "没有勾选要出具的文书：请勾选后再出具。", 422)
    try:
        on = day(desk.form.text("on"), "成文日期", desk.today)
    except BadInput as error:
        return _issue_page(desk, chosen, str(error), 422)
    results = list(issue_many(desk.office, chosen, on=on, user=desk.person.actor))
    remarks = list(dict.fromkeys(remark for result in results for remark in result.remarks))
    failed = sum(bool(result.problem) for result in results)
    return desk.page(
        "documents_issued.html.j2", 422 if failed else 200, results=results, remarks=remarks, failed=failed
    )


def _issue_page(desk: Desk, chosen: list[int], problem: str = "", status: int = 200) -> Response:
    """What stands in the way of each, before anything is issued."""
    rows: list[dict[str, Any]] = []
    for document_id in only_seen(desk.session, desk.person, chosen)[:SIZE]:
        row, document = one(desk.session, document_id), find(desk.session, document_id)
        asked = form(desk.office, desk.session, document_id) if document.status == "draft" else None
        power = has_power(kind_named(document.kind), document.issuer_id, desk.person.organ_id)
        rows.append({**row, "open": [label for _, label in asked.missing] if asked else [],
                     "problem": asked.problem if asked else "", "power": power})  # fmt: skip
    return desk.page(
        "documents_issue.html.j2", status, rows=rows, problem=problem, on=desk.form.text("on") or desk.today
    )


@router.get("/documents/identify")
def identify_form(desk: Annotated[Desk, READS]) -> Response:
    return _identify_page(desk)


@router.post("/documents/identify")
def identify(desk: Annotated[Desk, READS]) -> Response:
    code, uploads = looks_like_code(desk.form.text("code")), desk.form.files("file")
    try:
        if uploads:
            found = by_file(desk.office, desk.session, uploads[0].stored, uploads[0].data)
        elif code:
            found = by_code(desk.session, code)
        else:
            raise BadInput("请选择一份文件，或者填写纸面页脚的核验码（例如 K7M2-9QXA）。")
        shown = _only_seen(desk, found)
    except (CaseFileError, UnreadableFile) as error:
        return _identify_page(desk, problem=str(error), status=404 if isinstance(error, NotFound) else 422)
    return _identify_page(desk, found=shown, by_file=bool(uploads), name=uploads[0].stored.filename if uploads else "")


def _only_seen(desk: Desk, found: Identified) -> Identified:
    """What is not the person's to see does not exist for them."""
    seen = set(only_seen(desk.session, desk.person, [record["id"] for record in found.records]))
    places = [place for place, record in enumerate(found.records) if record["id"] in seen]
    if not places and found.exact:
        raise NotFound("没有查到与这份文件一致的文书：请核对文件，纸面上有核验码的可直接输入核验码。")
    if not places:
        raise NotFound(no_record(found.records[0]["check_code"]))
    exact = [found.exact[place] for place in places] if found.exact else []
    return Identified([found.records[place] for place in places], exact, found.changes, found.problem)


def _identify_page(desk: Desk, *, found: Identified | None = None, problem: str = "", by_file: bool = False,
                   name: str = "", status: int = 200) -> Response:  # fmt: skip
    return desk.page(
        "documents_identify.html.j2", status, found=found, problem=problem, by_file=by_file, name=name,
        code=desk.form.text("code"), changes=[str(change) for change in found.changes] if found else [],
    )  # fmt: skip
