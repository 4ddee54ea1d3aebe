"""The office's paper work: what the command line and the screens ask for when they draft, issue and serve."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from office.running.installation import Office
from states.documents import BY_ID, DocumentKind
from workflow import clock
from workflow.errors import BadInput, CaseFileError, os_reason
from workflow.issuing import Written, check_scope, find, form_for, issue, paper_of, type_values
from workflow.models import Case, Document
from workflow.paper import Paper, issuer_of, kind_named, paper_data
from workflow.register import actor_named
from workflow.versions import versions
from workflow.views import Actor

if TYPE_CHECKING:
    from notifications.documents.pdf.fonts import FontBook


def font_book(folder: Path) -> "FontBook":
    """The fonts of this machine, and those that the office keeps in its own folder `fonts`, where it has one."""
    from notifications.documents.pdf.fonts import font_book as book

    return book((str(folder),) if folder.is_dir() else ())


def kept(office: Office, sha256: str, name: str) -> bytes:
    """A file on record, as it was taken in. Raises BadInput where it is missing or was changed."""
    try:
        data = office.store.path(sha256).read_bytes()
    except OSError as error:
        raise BadInput(f"存档文件“{name}”读不出（{os_reason(error)}）：请用备份恢复后重试。") from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise BadInput(f"存档文件“{name}”的内容与登记的哈希不符，已损坏或被改动：请用备份恢复后重试。")
    return data


def _write(office: Office) -> Callable[..., Written]:
    from notifications.documents.writing import writer

    return writer(font_book(office.settings.home / "fonts"), lambda sha256: kept(office, sha256, "本县自备模板"))


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one document in a batch."""

    document: int
    title: str
    case: str
    number: str = ""
    remarks: tuple[str, ...] = ()
    problem: str = ""
    #: Which command helps; not for the screens.
    hint: str = ""


def acting(session: Session, user: str | Actor) -> Actor:
    """Who signs: an account by its name, or somebody who is known already. Raises NotFound."""
    return user if isinstance(user, Actor) else actor_named(session, user)


def issue_many(office: Office, ids: Iterable[int], *, on: date, user: str | Actor) -> Iterator[Result]:
    """Issues documents one by one, each in its own transaction: one that cannot be issued does not hold up the rest."""
    write = _write(office)
    for document_id in ids:
        title = case = ""
        try:
            with office.writing() as session:
                paper = paper_of(session, find(session, document_id))
                title, case = paper.kind.title, paper.case
                actor = acting(session, user)
                document, written = issue(session, office.store, document_id, on=on, actor=actor, write=write)
                number = document.number
        except Exception as error:
            if not sayable(error):
                raise
            yield Result(document_id, title, case, problem=str(error), hint=getattr(error, "hint", ""))
        else:
            yield Result(document_id, title, case, number, written.remarks)


def sayable(error: Exception) -> bool:
    """Whether an error is a sentence for a person, about this one document."""
    from notifications.documents.errors import DocumentError

    return isinstance(error, CaseFileError | DocumentError)


@dataclass(frozen=True, slots=True)
class Form:
    """What a draft still needs before it can be issued."""

    paper: Paper
    #: Name and Chinese label, in the order of the paper.
    missing: tuple[tuple[str, str], ...] = ()
    #: Why it could not be issued even though nothing is missing, such as its wording.
    problem: str = ""


def form(office: Office, session: Session, document_id: int) -> Form:
    """The form of a draft. Raises NotFound."""
    from notifications.documents.errors import DocumentError, OpenValues
    from notifications.documents.writing import composed

    paper = paper_of(session, find(session, document_id), on=clock.today())
    values = paper_data(session, paper)
    try:
        if own := form_for(session, paper.kind.id):
            _fill_own(office, own.sha256, paper, values)
        else:
            composed(paper.kind, values)
    except OpenValues as open_values:
        return Form(paper, tuple((path.removeprefix("facts."), label) for path, label in open_values.values))
    except (DocumentError, BadInput) as error:
        return Form(paper, problem=str(error))
    return Form(paper)


def fill(office: Office, document_id: int, values: Mapping[str, str], *, user: str | Actor) -> None:
    """Values typed for a draft. Raises BadInput for a name that no paper reads."""
    from notifications.documents.labels import FACTS

    with office.writing() as session:
        asked = form(office, session, document_id)
        known = {*FACTS, *asked.paper.typed, *(name for name, _ in asked.missing if typable(name))}
        unknown = [f"“{name[:40]}”" for name in values if name not in known]
        if unknown:
            raise BadInput(
                f"《{asked.paper.kind.title}》没有填写项{'、'.join(unknown)}，请核对。",
                hint=f"请用 minecase document form {document_id} 查看。",
            )
        type_values(session, document_id, values, actor=acting(session, user))


def typable(name: str) -> bool:
    """Whether an open value can be typed for one paper; lists and who issues cannot."""
    group, dot, _ = name.rpartition(".")
    return not dot or group in ("mine", "recipient")


def _fill_own(office: Office, sha256: str, paper: Paper, values: Mapping[str, Any]) -> bytes:
    from notifications.documents.county import render_form

    data = kept(office, sha256, "本县自备模板")
    return render_form(data, {**values, "check_code": ""}, title=paper.kind.title)


def draw(office: Office, session: Session, paper: Paper, suffix: str) -> tuple[bytes, list[str]]:
    """A paper as .docx or .pdf that is not kept: a look before it is issued. Answers bytes and remarks."""
    from notifications.documents.docx import write_docx
    from notifications.documents.pdf import coverage, write_pdf
    from notifications.documents.writing import composed

    values = paper_data(session, paper)
    if own := form_for(session, paper.kind.id):
        if suffix != ".docx":
            raise BadInput(f"《{paper.kind.title}》用的是本县自备的 Word 模板，只能生成 .docx。")
        return _fill_own(office, own.sha256, paper, values), []
    document = composed(paper.kind, values)
    if suffix == ".docx":
        return write_docx(document), []
    book = font_book(office.settings.home / "fonts")
    return write_pdf(document, book), coverage(document, book).report()


def paper_for(
    session: Session, kind: str, case: str, *, on: date | None, issuer: str = "", cases: tuple[str, ...] = ()
) -> Paper:
    """A paper that is not on file: what `document render` shows. Facts come from the step that drafted it, if one did."""
    found: DocumentKind = kind_named(kind)
    check_scope(found, case, cases)
    drafted = _latest(session, found, case)
    if drafted and not issuer:
        return replace(paper_of(session, drafted, on=on or drafted.issued_on), number=drafted.number)
    return Paper(
        kind=found, case=case, cases=cases, issuer_id=issuer_of(session, found, case, issuer, on or clock.today()),
        on=on, today=clock.today(),
    )  # fmt: skip


def _latest(session: Session, kind: DocumentKind, case: str) -> Document | None:
    query = (
        select(Document)
        .join(Case, col(Document.case_id) == Case.id)
        .where(Case.number == case, Document.kind == kind.id, Document.status != "void")
        .order_by(col(Document.id).desc())
    )
    return session.exec(query).first()


def original(office: Office, session: Session, document_id: int, suffix: str) -> bytes:
    """A document as it was issued. Raises BadInput where it was not issued in this format."""
    for version in versions(session, document_id):
        if version.role == "issued" and version.filename.endswith(suffix):
            return kept(office, version.sha256, version.filename)
    raise BadInput(
        f"文书 {document_id} 没有出具 {suffix} 格式的原件，请选择其他格式。",
        hint=f"请用 minecase document files {document_id} 查看。",
    )


def rewritten(office: Office, document: Document) -> Mapping[str, bytes]:
    """An issued document written again from what was kept: equal to its files, byte for byte, with the same fonts."""
    values: dict[str, Any] = dict(document.snapshot or {})
    assert document.id is not None
    written = _write(office)(BY_ID[document.kind], values, document.id, document.form_sha256 or "")
    return dict(written.files)
