"""What is on record about documents: the list, and which record a file or a check code belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from office.papers.papers import kept
from office.running.installation import Office
from states.documents import BY_ID
from workflow.errors import SEE_CASES, NotFound
from workflow.issuing import find
from workflow.models import Case, Document, DocumentVersion, Mine, Organ, User
from workflow.paper import kind_named
from workflow.versions import versions
from workflow.views import StoredFile

if TYPE_CHECKING:
    from notifications.documents.identify import Difference

STATUS = {"draft": "草稿", "issued": "已出具", "served": "已送达", "void": "已作废"}
ROLES = {
    "issued": "出具的原件", "edited": "修改后的文件", "sealed": "盖章（签字）扫描件", "receipt": "送达证明",
}  # fmt: skip


def status_label(document: Document) -> str:
    """The status in Chinese; a commitment is signed, not served."""
    signed = document.status == "served" and BY_ID[document.kind].form == "承诺书"
    return "已签订" if signed else STATUS[document.status]


def listed(session: Session, *, case: str = "", kind: str = "", status: str = "") -> list[dict[str, Any]]:
    """Documents on file, oldest first. Raises NotFound for a case or kind that does not exist."""
    query = (
        select(Document, Case, Mine, Organ)
        .join(Case, col(Document.case_id) == Case.id, isouter=True)
        .join(Mine, col(Case.mine_id) == Mine.id, isouter=True)
        .join(Organ, col(Document.issuer_id) == Organ.id, isouter=True)
        .order_by(col(Document.id))
    )
    if case:
        if session.exec(select(Case.id).where(Case.number == case)).first() is None:
            raise NotFound(f"没有编号为“{case[:40]}”的案件，请核对编号。", hint=SEE_CASES)
        query = query.where(Case.number == case)
    if kind:
        query = query.where(Document.kind == kind_named(kind).id)
    if status:
        query = query.where(Document.status == status)
    return [row_of(*found) for found in session.exec(query)]


def row_of(document: Document, case: Case | None, mine: Mine | None, organ: Organ | None) -> dict[str, Any]:
    """A document as lists show it."""
    holder = mine.holder if mine else ""
    return {
        "id": document.id, "kind": document.kind, "title": document.title,
        "case": case.number if case else "、".join(document.cases or ()), "mine": mine.name if mine else "",
        "issuer": organ.name if organ else holder or document.issuer_id,
        "status": document.status, "status_label": status_label(document), "number": document.number,
        "drafted_on": _iso(document.drafted_on), "issued_on": _iso(document.issued_on),
        "served_on": _iso(document.served_on), "check_code": document.check_code or "",
        "replaces": document.replaces_id, "void_reason": document.void_reason or "",
    }  # fmt: skip


def one(session: Session, document_id: int) -> dict[str, Any]:
    """A document as the list shows it. Raises NotFound."""
    document = find(session, document_id)
    case = session.get(Case, document.case_id) if document.case_id else None
    mine = session.get(Mine, case.mine_id) if case else None
    return row_of(document, case, mine, session.get(Organ, document.issuer_id))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def files_of(session: Session, document_id: int) -> list[dict[str, Any]]:
    """The files of a document, oldest first. Raises NotFound."""
    find(session, document_id)
    return [
        {"n": v.n, "role": v.role, "role_label": ROLES[v.role], "filename": v.filename, "size": v.size,
         "sha256": v.sha256, "added_by": v.added_by, "added_on": v.added_on.isoformat(), "note": v.note}
        for v in versions(session, document_id)
    ]  # fmt: skip


def account_names(session: Session) -> dict[str, str]:
    """What accounts are called, for lists of who did what."""
    return {user.id: user.name for user in session.exec(select(User))}


@dataclass(frozen=True, slots=True)
class Identified:
    """Which records a file or a code belongs to, and what was changed."""

    records: Sequence[Mapping[str, Any]]
    #: Version of the (only) record in words, for a file that is one of ours to the last byte.
    exact: Sequence[str] = ()
    changes: "Sequence[Difference]" = field(default=())
    #: Why the file could not be compared.
    problem: str = ""


def no_record(code: str) -> str:
    """Said alike of a code that names nothing and of one that names what is not to be seen."""
    return f"没有核验码为 {code} 的文书：请逐字核对纸面页脚的核验码；仍然没有的，不是本系统出具的文书。"


def by_code(session: Session, code: str) -> Identified:
    """The record that a check code names. Raises NotFound."""
    found = session.exec(select(Document.id).where(Document.check_code == code)).first()
    if found is None:
        raise NotFound(no_record(code))
    return Identified([one(session, found)])


def by_file(office: Office, session: Session, stored: StoredFile, data: bytes) -> Identified:
    """The record that a file is a version of, to the last byte or by its check code. Raises NotFound, DocumentError."""
    same = session.exec(
        select(DocumentVersion).where(DocumentVersion.sha256 == stored.sha256).order_by(col(DocumentVersion.id))
    ).all()
    if same:
        return Identified(
            [one(session, version.document_id) for version in same],
            [f"第 {version.n} 份文件（{ROLES[version.role]}，{version.added_on} 存入）" for version in same],
        )
    from notifications.documents.errors import UnreadableFile
    from notifications.documents.identify import differences, examine

    found = examine(data)
    if not found.check_code:
        raise NotFound(
            f"“{stored.filename}”不是本系统存有的文件，里面也没有核验码：请核对是否选错了文件，纸面上有核验码的可直接输入核验码。"
        )
    record = by_code(session, found.check_code)
    original = next(
        (v for v in files_of(session, record.records[0]["id"])
         if v["role"] == "issued" and v["filename"].endswith(f".{found.kind}")), None,
    )  # fmt: skip
    if original is None:
        return Identified(record.records, problem="没有同一格式的原件可供比较，请人工核对。")
    try:
        ours = kept(office, original["sha256"], original["filename"])
        return Identified(record.records, changes=differences(ours, data))
    except UnreadableFile as error:
        return Identified(record.records, problem=str(error))
