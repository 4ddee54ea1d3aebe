"""What is done with one document: values typed, issued, served, a further file, made void, corrected."""

from typing import Annotated

from fastapi import APIRouter, Response

from office.cases.case_files import check_file, upload_limit
from office.papers.archive import seen_document
from office.papers.paper_fields import read_typed
from office.papers.papers import fill, issue_many
from states.forms import SERVICE_WAYS
from web.asked import day
from web.desk import HANDLES, Desk
from web.forms import Upload
from web.links import document_url
from web.pages.document import paper_page
from workflow.errors import BadInput, CaseFileError, Conflict
from workflow.issuing import draft, void
from workflow.models import Case, Document
from workflow.records import checked_text
from workflow.service import serve, upload

router = APIRouter()


@router.post("/documents/{id:int}/values")
def values(desk: Annotated[Desk, HANDLES], id: int) -> Response:
    paper = seen_document(desk.session, desk.person, id)
    typed = {name.removeprefix("value-"): desk.form.text(name) for name in desk.form.texts if name.startswith("value-")}
    if desk.form.text("more-name"):
        typed[desk.form.text("more-name")] = desk.form.text("more-value")
    kept, problems = read_typed(typed)
    if problems:
        return _again(desk, paper, "有填写项不对，都没有保存：请改正后重新保存。", errors=problems)
    try:
        # An empty field takes back what was typed; one that never was typed stays open.
        fill(desk.office, id, {name: text for name, text in kept.items() if text or name in paper.data},
             user=desk.person.actor)  # fmt: skip
    except CaseFileError as error:
        return _again(desk, paper, str(error), error)
    return desk.go(document_url(id), "填写的内容已保存。")


@router.post("/documents/{id:int}/issue")
def issue(desk: Annotated[Desk, HANDLES], id: int) -> Response:
    paper = seen_document(desk.session, desk.person, id)
    try:
        on = day(desk.form.text("on"), "成文日期", desk.today)
    except BadInput as error:
        return _again(desk, paper, str(error), error)
    (result,) = issue_many(desk.office, [id], on=on, user=desk.person.actor)
    if result.problem:
        return _again(desk, paper, result.problem)
    said = f"已出具《{result.title}》：{result.number or '不编文号'}。"
    return desk.go(document_url(id), said + "".join(f"说明：{remark}" for remark in result.remarks))


@router.post("/documents/{id:int}/serve")
def record_service(desk: Annotated[Desk, HANDLES], id: int) -> Response:
    paper = seen_document(desk.session, desk.person, id)
    names = ("served_on", "service_way", "served_by", "received_by")
    try:
        proof = _file(desk, "receipt", "送达证明（送达回证、签收单等的扫描件）")
        with desk.writing() as session:
            given = {name: desk.form.text(name) for name in names}
            done = serve(session, id, given, proof.stored, actor=desk.person.actor)
            # Kept before the commit and after the judgement: a refused service leaves nothing behind.
            desk.office.store.keep(proof.stored, proof.data)
            step = done.step
    except CaseFileError as error:
        return _again(desk, paper, str(error), error)
    way = SERVICE_WAYS.get(given["service_way"], "送达")
    return desk.go(document_url(id), f"已登记{way}{f'，同时办理了“{step}”环节' if step else ''}。")


@router.post("/documents/{id:int}/versions")
def add_file(desk: Annotated[Desk, HANDLES], id: int) -> Response:
    paper = seen_document(desk.session, desk.person, id)
    try:
        given = _file(desk, "file", "要上传的文件")
        words = checked_text(desk.form.text("note"), "说明") if desk.form.text("note") else ""
        with desk.writing() as session:
            version = upload(session, id, given.stored, desk.form.text("role"), actor=desk.person.actor, on=desk.today,
                             text=words)  # fmt: skip
            desk.office.store.keep(given.stored, given.data)
            number = version.n
    except CaseFileError as error:
        return _again(desk, paper, str(error), error)
    return desk.go(document_url(id), f"已存入第 {number} 份文件：{given.stored.filename}。")


@router.post("/documents/{id:int}/void")
def make_void(desk: Annotated[Desk, HANDLES], id: int) -> Response:
    paper = seen_document(desk.session, desk.person, id)
    try:
        with desk.writing() as session:
            void(session, id, on=desk.today, actor=desk.person.actor, reason=desk.form.text("reason"))
    except CaseFileError as error:
        return _again(desk, paper, str(error), error)
    kept = f"，{paper.number} 保留在发文登记中" if paper.number else ""
    return desk.go(document_url(id), f"《{paper.title}》已作废{kept}。")


@router.post("/documents/{id:int}/replacement")
def correct(desk: Annotated[Desk, HANDLES], id: int) -> Response:
    paper = seen_document(desk.session, desk.person, id)
    case = desk.session.get(Case, paper.case_id) if paper.case_id else None
    try:
        with desk.writing() as session:
            new = draft(
                session, paper.kind, case.number if case else "", actor=desk.person.actor, on=desk.today, replaces=id,
                issuer="" if paper.issuer_id == "holder" else paper.issuer_id,
            )  # fmt: skip
            new_id = new.id or 0
    except CaseFileError as error:
        return _again(desk, paper, str(error), error)
    return desk.go(document_url(new_id), f"已起草更正的文书，原填写内容已带入；出具后，文书 {id} 即作废。")


def _file(desk: Desk, name: str, label: str) -> Upload:
    found = desk.form.files(name)
    if not found:
        raise BadInput(f"请选择{label}。")
    check_file(found[0].stored.filename, found[0].data, upload_limit(desk.session))
    return found[0]


def _again(
    desk: Desk, paper: Document, problem: str, error: Exception | None = None, *, errors: dict[str, str] | None = None
) -> Response:
    """The same page with what was typed and the sentence."""
    status = 409 if isinstance(error, Conflict) else 422
    return paper_page(desk, paper, problem=problem, errors=errors, status=status)
