"""The documents of a bundle: a folder each, with every file there ever was of it and how it was served."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from office.bundle.bundle_text import lines
from office.bundle.bundle_volume import Volume
from office.papers.zip_file import Part
from office.papers.zip_names import file_name, folder_name, serial
from states.forms import SERVICE_WAYS
from workflow.models import Document, DocumentVersion, Service
from workflow.versions import versions

_ROLES = {"issued": "出具", "edited": "修改", "sealed": "盖章", "receipt": "送达证明"}
_STATUS = {"issued": "已出具", "served": "已送达", "void": "已作废"}


def paper_parts(session: Session, volume: Volume) -> Iterator[Part]:
    """Files of all documents that were issued, served or made void."""
    for place, document in enumerate(volume.documents, start=1):
        assert document.id is not None
        number = serial(place, len(volume.documents))
        name = folder_name("_".join(part for part in (document.title, document.number) if part))
        folder, files = f"文书/{number}_{name}", versions(session, document.id)
        named = [(f"{v.n:02}_{_ROLES[v.role]}_{file_name(v.filename)}", v) for v in files]
        said = [*_about(session, volume, document), *_services(session, document), *_listed(named)]
        yield lines(f"{folder}/说明.txt", said)
        for own, version in named:
            yield Part(f"{folder}/{own}", version.sha256, version.size)


def _about(session: Session, volume: Volume, document: Document) -> Iterator[tuple[str, object]]:
    yield "文书", document.title
    yield "文号", document.number or "（无）"
    yield "案件", volume.number(document.case_id) or "、".join(document.cases or ())
    yield "制作单位", volume.organ(document.issuer_id)
    yield "状态", _STATUS[document.status]
    yield "起草日期", document.drafted_on
    yield "成文日期", document.issued_on
    yield "送达日期", document.served_on
    yield "作废理由", document.void_reason
    yield "核验码", document.check_code
    old = session.get(Document, document.replaces_id) if document.replaces_id else None
    if old:
        yield "更正并代替", f"《{old.title}》{old.number}（{old.issued_on or old.drafted_on}）"


def _services(session: Session, document: Document) -> Iterator[tuple[str, object]]:
    query = select(Service).where(Service.document_id == document.id).order_by(col(Service.id))
    for service in session.exec(query):
        said = [f"{service.served_on} {SERVICE_WAYS.get(service.way, service.way)}".strip()]
        said += [f"送达人 {service.served_by}"] if service.served_by else []
        said += [f"收件人 {service.received_by}"] if service.received_by else []
        yield "送达（已撤回）" if service.withdrawn else "送达", "，".join((*said, f"登记 {service.recorded_by}"))


def _listed(named: list[tuple[str, DocumentVersion]]) -> Iterator[tuple[str, object]]:
    for own, version in named:
        how = f"{version.added_on} {version.added_by}，原名 {version.filename}"
        note = f"，{version.note}" if version.note else ""
        yield "文件", f"{own}（{how}{note}，SHA-256 {version.sha256}）"
