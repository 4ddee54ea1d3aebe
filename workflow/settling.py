"""What a step proves about documents: served, or signed; and taking that back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from states import documents
from states.forms import SERVICE_RECEIPT, SIGNED_COMMITMENT
from states.kernel import Step
from workflow import clock
from workflow.models import Attachment, Document, Service
from workflow.versions import add_version
from workflow.views import Actor, CaseView, StoredFile


def settle(
    session: Session, view: CaseView, step: Step, given: Mapping[str, Any], *, seq: int, actor: Actor, on: date
) -> None:
    """Marks what a step has proved served or signed; its proof becomes part of the document."""
    proofs = session.exec(
        select(Attachment).where(
            Attachment.event_seq == seq, col(Attachment.evidence).in_((SERVICE_RECEIPT.name, SIGNED_COMMITMENT.name))
        )
    ).all()
    files = [StoredFile(proof.sha256, proof.filename, proof.size) for proof in proofs]
    day = given.get("served_on") or given.get("decision_served_on") or given.get("signed_on") or on.isoformat()
    for kind in step.settles:
        for document in issued_papers(session, [view.id], (kind,)):
            if document.status == "issued":
                mark_served(session, document, {**given, "served_on": day}, files, seq=seq, actor=actor)


def mark_served(
    session: Session,
    document: Document,
    values: Mapping[str, Any],
    files: Sequence[StoredFile],
    *,
    seq: int,
    actor: Actor,
) -> None:
    """Writes the service; the caller has checked it."""
    day = date.fromisoformat(str(values["served_on"]))
    signed = documents.BY_ID[document.kind].form == "承诺书"
    for stored in files:
        add_version(session, document, stored, "sealed" if signed else "receipt", actor=actor, on=clock.today())
    document.status, document.served_on, document.served_seq = "served", day, seq
    session.add(document)
    assert document.id is not None
    session.add(
        Service(
            document_id=document.id, served_on=day, way=str(values.get("service_way") or ""),
            served_by=str(values.get("served_by") or ""), received_by=str(values.get("received_by") or ""),
            recorded_by=actor.user, recorded_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()


def undo_service(session: Session, seq: int) -> None:
    """Takes back what an entry has proved served."""
    for document in session.exec(select(Document).where(Document.served_seq == seq)):
        document.status, document.served_on, document.served_seq = "issued", None, None
        session.add(document)
        for row in session.exec(select(Service).where(Service.document_id == document.id, ~col(Service.withdrawn))):
            row.withdrawn = True
            session.add(row)


def issued_papers(session: Session, case_ids: Sequence[int], kinds: Sequence[str]) -> list[Document]:
    """Issued documents of some kinds in some cases, oldest first."""
    query = select(Document).where(
        col(Document.case_id).in_(case_ids), col(Document.kind).in_(kinds),
        col(Document.status).in_(("issued", "served")),
    )  # fmt: skip
    return list(session.exec(query.order_by(col(Document.id))))


def issued_days(session: Session, case_ids: Sequence[int], kinds: Sequence[str]) -> dict[int, dict[str, date]]:
    """Case -> kind -> day of the latest issued document of it."""
    found: dict[int, dict[str, date]] = {}
    for document in issued_papers(session, case_ids, kinds):
        if document.case_id and document.issued_on:
            found.setdefault(document.case_id, {})[document.kind] = document.issued_on
    return found
