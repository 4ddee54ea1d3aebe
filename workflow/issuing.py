"""A document's life until it is issued: draft, values typed for it, number, date, snapshot; or void.

What a document says is written by the caller's `write` (texts and layout are no business of the case file).
Nothing here commits: a failure anywhere gives the number back.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from states import documents
from states import parties as p
from states.documents import DocumentKind
from states.fields import FieldError, clean_text
from workflow import clock
from workflow.entries import lock, note
from workflow.errors import SEE_CASES, BadInput, Conflict, NotFound
from workflow.models import Case, CountyForm, Document, Organ
from workflow.numbering import UNNUMBERED, give, keep_void, series_for
from workflow.paper import Paper, issuer_of, kind_named, paper_data
from workflow.records import checked_text
from workflow.store import FileStore
from workflow.versions import add_version, versions
from workflow.views import Actor


@dataclass(frozen=True, slots=True)
class Written:
    """A document as files: name on disk and bytes, the code in its foot, and what stood in for what."""

    files: tuple[tuple[str, bytes], ...]
    check_code: str
    remarks: tuple[str, ...] = ()


#: What may be typed: a fact (`contact`), or a value of the mine or the recipient (`mine.licence_number`).
_TYPED = re.compile(r"(?:(?:mine|recipient)\.)?[a-z][a-z_]{1,60}")
#: (kind, values, id of the document, SHA-256 of the county's own form or "") -> its files.
Writer = Callable[[DocumentKind, Mapping[str, Any], int, str], Written]


def draft(
    session: Session, kind_name: str, case: str = "", *, actor: Actor, on: date, issuer: str = "",
    cases: tuple[str, ...] = (), replaces: int | None = None, figures: Mapping[str, Any] | None = None,
) -> Document:  # fmt: skip
    """A document drafted by hand; `figures` are what a paper of figures states. Raises BadInput or NotFound."""
    kind = kind_named(kind_name)
    if kind.id in documents.COUNTED and not (figures or replaces):
        raise BadInput(f"《{kind.title}》的数字要先统计：请在“统计分析”的“报表”页选定时段，核对后再起草。")
    old = session.get(Document, replaces) if replaces else None
    if old and not case and not cases:
        cases = tuple(old.cases or ())
    check_scope(kind, case, cases)
    for number in cases:
        _case_id(session, number)
    view = lock(session, case) if case and _case_id(session, case) else None
    if replaces and (old is None or old.status not in ("issued", "served") or old.kind != kind.id):
        raise BadInput(f"被更正的文书（{replaces}）应为已出具的《{kind.title}》。")
    if old and old.case_id != (view.id if view else None):
        raise BadInput(f"被更正的文书（{replaces}）不属于本案件：更正的文书应写给同一个案件。")
    document = Document(
        case_id=view.id if view else None, kind=kind.id, title=old.title if old else kind.title, drafted_on=on,
        issuer_id=issuer_of(session, kind, case, issuer, on), cases=list(cases) or None, replaces_id=replaces,
        # A correction begins with what was typed for the paper that it corrects.
        data={**(old.data if old else {}), **(figures or {})},
    )  # fmt: skip
    check_power(kind, document.issuer_id, actor, session)
    session.add(document)
    session.flush()
    return document


def check_scope(kind: DocumentKind, case: str, cases: tuple[str, ...]) -> None:
    """Whether a kind of paper can be about one case, several, or none. Raises BadInput."""
    if kind.scope == "case" and not case:
        raise BadInput(f"《{kind.title}》是某一案件的文书，请写明案件编号。")
    if kind.scope == "office" and case:
        raise BadInput(f"《{kind.title}》是全县的文书，不属于某一案件，请不要写案件编号。")
    if kind.scope == "either" and not (case or cases):
        raise BadInput(f"《{kind.title}》请写明一个案件，或用 --cases 写明几个案件。")
    if case and cases:
        raise BadInput("写了一个案件，就不要再写 --cases；要出一份涉及几个案件的文书，只用 --cases。")


def _case_id(session: Session, number: str) -> int:
    found = session.exec(select(Case.id).where(Case.number == number)).first()
    if found is None:
        raise NotFound(f"没有编号为“{number[:40]}”的案件，请核对编号。", hint=SEE_CASES)
    return found


def find(session: Session, document_id: int) -> Document:
    """A document by its number in the register. Raises NotFound."""
    document = session.get(Document, document_id)
    if document is None:
        raise NotFound(f"没有编号为 {document_id} 的文书，请核对文书编号。", hint="请用 minecase document list 查看。")
    return document


def type_values(session: Session, document_id: int, values: Mapping[str, str], *, actor: Actor) -> Document:
    """Values typed for a draft alone (签发人, 联系人 …). An empty one is taken back. Raises BadInput."""
    document = find(session, document_id)
    _only_draft(document)
    check_power(documents.BY_ID[document.kind], document.issuer_id, actor, session)
    typed = dict(document.data)
    for name, value in values.items():
        if not _TYPED.fullmatch(name):
            raise BadInput(
                f"“{name[:40]}”不是填写项的代号，请核对。",
                hint=f"请用 minecase document form {document_id} 查看要填什么。",
            )
        try:
            text = clean_text(value.strip(), name[:40])
        except FieldError as error:
            raise BadInput(str(error)) from None
        if text:
            typed[name] = text
        else:
            typed.pop(name, None)
    document.data = typed
    session.add(document)
    session.flush()
    return document


def _only_draft(document: Document) -> None:
    if document.status != "draft":
        state = {"issued": "已出具", "served": "已送达", "void": "已作废"}[document.status]
        raise BadInput(
            f"文书 {document.id}《{document.title}》{state}，不能再改：要更正请另行起草一份（--replaces {document.id}）。"
        )


def has_power(kind: DocumentKind, issuer_id: str, organ_id: str) -> bool:
    """Whether an organ handles a paper: its issuer; the office whatever is not an enforcement organ's own act."""
    office = organ_id in p.OFFICES
    reserved = kind.is_enforcement and issuer_id in {e.id for e in p.ENFORCERS}
    return organ_id == issuer_id or (office and not reserved)


def check_power(kind: DocumentKind, issuer_id: str, actor: Actor, session: Session) -> None:
    """Raises BadInput, saying who handles the paper instead."""
    if has_power(kind, issuer_id, actor.organ_id):
        return
    issuer, own = session.get(Organ, issuer_id), session.get(Organ, actor.organ_id)
    if own and documents.may_issue(own.id, kind):
        raise BadInput(
            f"这一份《{kind.title}》由{issuer.name if issuer else issuer_id}办理，请用该单位的账号；"
            f"要由{own.name}签发的，请在起草时写明签发单位（--issuer）。"
        )
    reason = documents.refusal(own.name if own else actor.organ_id, kind).rstrip("。")
    raise BadInput(f"{reason}；这一份由{issuer.name if issuer else issuer_id}办理，请用该单位的账号。")


def paper_of(session: Session, document: Document, *, on: date | None = None, number: str = "") -> Paper:
    """What a document on file is to be written from."""
    case = session.get(Case, document.case_id) if document.case_id else None
    old = session.get(Document, document.replaces_id) if document.replaces_id else None
    replaces = (
        {"title": old.title, "number": old.number, "issued_on": old.issued_on.isoformat()}
        if old and old.issued_on else {}
    )  # fmt: skip
    return Paper(
        kind=documents.BY_ID[document.kind], case=case.number if case else "", cases=tuple(document.cases or ()),
        issuer_id=document.issuer_id, on=on, number=number, event_seq=document.event_seq, typed=document.data,
        replaces=replaces, today=clock.today(),
    )  # fmt: skip


def issue(
    session: Session, store: FileStore, document_id: int, *, on: date, actor: Actor, write: Writer
) -> tuple[Document, Written]:
    """Number, date, snapshot, files: all at once or not at all. Does not commit. Raises CaseFileError."""
    case, document = locked(session, document_id)
    _only_draft(document)
    kind = documents.BY_ID[document.kind]
    if not documents.may_issue(document.issuer_id, kind):
        raise BadInput(documents.refusal(document.issuer_id, kind))
    check_power(kind, document.issuer_id, actor, session)
    _check_day(document, on)
    form = form_for(session, kind.id)
    number = _number(session, kind, document, on, actor)
    values = paper_data(session, paper_of(session, document, on=on, number=number))
    written = write(kind, values, document_id, form.sha256 if form else "")
    for name, content in written.files:
        add_version(session, document, store.take(name, content), "issued", actor=actor, on=on)
    document.status, document.issued_on, document.number, document.snapshot = "issued", on, number, values
    document.check_code, document.form_sha256 = written.check_code, form.sha256 if form else None
    session.add(document)
    _retire(session, document)
    if kind.is_enforcement:
        session.add(_receipt(document, on))
    hashes = {version.filename: version.sha256 for version in versions(session, document_id)}
    note(
        session, case, "issue", actor=actor, on=on,
        data={"document": document_id, "kind": kind.id, "number": number, "files": hashes},
    )  # fmt: skip
    session.flush()
    return document, written


def _receipt(document: Document, on: date) -> Document:
    """The 送达回证 that goes out with every legal document, its title and number filled in."""
    kind = documents.BY_ID["service_receipt"]
    return Document(
        case_id=document.case_id, kind=kind.id, title=kind.title, issuer_id=document.issuer_id, drafted_on=on,
        data={"document_title": document.title, "document_number": document.number},
    )  # fmt: skip


def locked(session: Session, document_id: int) -> tuple[Any, Document]:
    """The document's case and the document, locked in the order that every writer locks."""
    document = find(session, document_id)
    case = session.get(Case, document.case_id) if document.case_id else None
    view = lock(session, case.number if case else "")
    query = select(Document).where(Document.id == document_id).with_for_update()
    return view, session.exec(query.execution_options(populate_existing=True)).one()


def _check_day(document: Document, on: date) -> None:
    today = clock.today()
    if on > today:
        raise BadInput(f"成文日期 {on} 在今天（{today}）之后：请改为签发当天的日期。")
    if on < document.drafted_on:
        raise BadInput(f"成文日期 {on} 早于起草日期 {document.drafted_on}（文书 {document.id}），不能倒填日期。")


def _number(session: Session, kind: DocumentKind, document: Document, on: date, actor: Actor) -> str:
    if kind.form in UNNUMBERED:
        return ""
    series = series_for(session, kind, document.issuer_id)
    if series is None and kind.form == "表单":
        return ""
    if series is None:
        organ = session.get(Organ, document.issuer_id)
        raise BadInput(
            f"{organ.name if organ else document.issuer_id}还没有登记《{kind.title}》的发文代字，不能编号："
            "请先在“文书模板与编号”页面登记代字。",
            hint="登记代字用 minecase numbers add。",
        )
    assert document.id is not None
    return give(session, series.word, document.id, on=on, actor=actor)


def _retire(session: Session, document: Document) -> None:
    """What this document corrects is void from now on, with this as the reason."""
    if document.replaces_id is None:
        return
    old = find(session, document.replaces_id)
    if old.status == "void":
        raise Conflict(f"文书 {old.id} 已经作废，不能再被更正。")
    old.status, old.void_reason = "void", f"由文书 {document.id}（{document.number or document.title}）更正并代替"
    session.add(old)
    assert old.id is not None
    keep_void(session, old.id, old.void_reason)


def void(session: Session, document_id: int, *, on: date, actor: Actor, reason: str) -> Document:
    """A draft that is not wanted, or an issued document that was not served; its number stays, with the reason."""
    reason = checked_text(reason, "作废理由")
    case, document = locked(session, document_id)
    check_power(documents.BY_ID[document.kind], document.issuer_id, actor, session)
    if document.status == "void":
        raise BadInput(f"文书 {document_id} 已经作废（{document.void_reason or '无理由'}）。")
    if document.status == "served":
        raise BadInput(
            f"文书 {document_id}《{document.title}》已于 {document.served_on} 送达，不能作废："
            f"要更正请另行起草一份（--replaces {document_id}）。"
        )
    keep_void(session, document_id, reason)
    document.status, document.void_reason = "void", reason
    session.add(document)
    note(
        session, case, "void", actor=actor, on=on,
        data={"document": document_id, "kind": document.kind, "number": document.number, "reason": reason},
    )  # fmt: skip
    session.flush()
    return document


def form_for(session: Session, kind: str) -> CountyForm | None:
    """The county's own form of a kind, where one is in use."""
    query = (
        select(CountyForm).where(CountyForm.kind == kind, col(CountyForm.active)).order_by(col(CountyForm.id).desc())
    )
    return session.exec(query).first()
