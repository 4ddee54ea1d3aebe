"""The office's paper work: what the command line and the screens ask for when they draft, issue and serve."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from minecase.office import Office
from states.documents import DocumentKind
from workflow import clock
from workflow.errors import BadInput, CaseFileError
from workflow.issuing import Written, find, form_for, issue, paper_of
from workflow.models import Document
from workflow.paper import Paper, issuer_of, kind_named, paper_data
from workflow.register import actor_named

if TYPE_CHECKING:
    from notifications.documents.fonts import FontBook


@cache
def font_book(folder: Path) -> "FontBook":
    """The fonts of this machine, and those that the office keeps in its own folder `fonts`."""
    from notifications.documents.fonts import FontBook

    return FontBook.of((folder,) if folder.is_dir() else ())


def _write(office: Office) -> Callable[..., Written]:
    from notifications.documents.writing import writer

    def form_bytes(sha256: str) -> bytes:
        return office.store.path(sha256).read_bytes()

    return writer(font_book(office.settings.home / "fonts"), form_bytes)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one document in a batch."""

    document: int
    title: str
    case: str
    number: str = ""
    remarks: tuple[str, ...] = ()
    problem: str = ""


def issue_many(office: Office, ids: Iterable[int], *, on: date, user: str) -> Iterator[Result]:
    """Issues documents one by one, each in its own transaction: one that cannot be issued does not hold up the rest."""
    write = _write(office)
    for document_id in ids:
        title = case = ""
        try:
            with office.writing() as session:
                paper = paper_of(session, find(session, document_id))
                title, case = paper.kind.title, paper.case
                actor = actor_named(session, user)
                document, written = issue(session, office.store, document_id, on=on, actor=actor, write=write)
                number = document.number
        except Exception as error:
            if not _sayable(error):
                raise
            yield Result(document_id, title, case, problem=str(error))
        else:
            yield Result(document_id, title, case, number, written.remarks)


def _sayable(error: Exception) -> bool:
    from notifications.documents.errors import DocumentError

    return isinstance(error, CaseFileError | DocumentError)


def form(session: Session, document_id: int) -> tuple[Paper, list[tuple[str, str]]]:
    """What must still be filled in before a draft can be issued: (name, Chinese label), in the order of the paper."""
    from notifications.documents.compose import OpenValues, compose

    paper = paper_of(session, find(session, document_id), on=clock.today())
    try:
        compose(paper.kind, paper_data(session, paper))
    except OpenValues as missing:
        return paper, [(path.removeprefix("facts."), label) for path, label in missing.values]
    return paper, []


def draw(office: Office, session: Session, paper: Paper, suffix: str, document_id: int = 0) -> tuple[bytes, list[str]]:
    """A paper as .docx or .pdf that is not kept: a look before it is issued. Answers bytes and remarks."""
    from notifications.documents.county_form import render_form
    from notifications.documents.docx import write_docx
    from notifications.documents.pdf import write_pdf
    from notifications.documents.writing import composed

    values = paper_data(session, paper)
    own = form_for(session, paper.kind.id)
    if own:
        if suffix != ".docx":
            raise BadInput(f"《{paper.kind.title}》用的是本县自备的 Word 模板，只能生成 .docx。")
        return render_form(office.store.path(own.sha256).read_bytes(), {**values, "check_code": ""}), []
    document = composed(paper.kind, values)
    if suffix == ".docx":
        return write_docx(document), []
    book = font_book(office.settings.home / "fonts")
    return write_pdf(document, book), book.coverage(document).report()


def paper_for(
    session: Session, kind: str, case: str, *, on: date | None, issuer: str = "", cases: tuple[str, ...] = ()
) -> Paper:
    """A paper that is not on file: what `document render` shows. Facts come from the step that drafted it, if one did."""
    found: DocumentKind = kind_named(kind)
    drafted = _latest(session, found, case)
    if drafted and not issuer:
        return replace(paper_of(session, drafted, on=on), number=drafted.number)
    return Paper(
        kind=found, case=case, cases=cases, issuer_id=issuer_of(session, found, case, issuer, on or clock.today()),
        on=on, today=clock.today(),
    )  # fmt: skip


def _latest(session: Session, kind: DocumentKind, case: str) -> Document | None:
    from sqlmodel import col, select

    from workflow.models import Case

    query = (
        select(Document)
        .join(Case, col(Document.case_id) == Case.id)
        .where(Case.number == case, Document.kind == kind.id, Document.status != "void")
        .order_by(col(Document.id).desc())
    )
    return session.exec(query).first()


def rewritten(office: Office, document: Document) -> Mapping[str, bytes]:
    """An issued document written again from what was kept: equal to its files, byte for byte, with the same fonts."""
    from states.documents import BY_ID

    values: dict[str, Any] = dict(document.snapshot or {})
    assert document.id is not None
    written = _write(office)(BY_ID[document.kind], values, document.id, document.form_sha256 or "")
    return dict(written.files)
