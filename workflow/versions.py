"""The files of a document: what was issued, what was edited later, the scan under seal, the proof of service."""

from datetime import date

from sqlmodel import Session, col, select

from workflow.models import Document, DocumentVersion
from workflow.views import Actor, StoredFile


def versions(session: Session, document_id: int) -> list[DocumentVersion]:
    """The files of a document, oldest first."""
    query = select(DocumentVersion).where(DocumentVersion.document_id == document_id).order_by(col(DocumentVersion.n))
    return list(session.exec(query))


def add_version(
    session: Session, document: Document, stored: StoredFile, role: str, *, actor: Actor, on: date, text: str = ""
) -> DocumentVersion:
    """One more file of a document. Does not commit."""
    assert document.id is not None
    known = versions(session, document.id)
    version = DocumentVersion(
        document_id=document.id, n=len(known) + 1, role=role, filename=stored.filename, sha256=stored.sha256,
        size=stored.size, added_by=actor.user, added_on=on, note=text,
    )  # fmt: skip
    session.add(version)
    session.flush()
    return version
