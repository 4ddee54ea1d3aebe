"""送达: the proof that a document reached whom it was meant for, and further files of a document.

Legal clocks start at `served_on`. Where a step of the procedure records the service, serving the document is
that step, taken with the same proof; elsewhere it only marks the document.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from states import documents
from states.forms import SERVICE, SERVICE_RECEIPT
from states.kernel import Step
from states.registry import PROCEDURES
from workflow import clock
from workflow.decide import read_fields
from workflow.engine import advance
from workflow.entries import note
from workflow.errors import BadInput
from workflow.issuing import check_power, find, locked
from workflow.models import Case, Document, DocumentVersion
from workflow.settling import mark_served
from workflow.versions import add_version
from workflow.views import Actor, StoredFile

#: What people may add to a document: an edited .docx, the scan under seal or with signatures.
ROLES = {"edited": "修改后的文件", "sealed": "盖章（签字）扫描件", "receipt": "送达证明"}


@dataclass(frozen=True, slots=True)
class Served:
    """A document after its service, and the case where the service was a step of it."""

    document: Document
    step: str = ""


def serve(session: Session, document_id: int, given: Mapping[str, str], receipt: StoredFile, *, actor: Actor) -> Served:
    """Records how an issued document was served. Raises BadInput, StepRefused. Does not commit.

    `given` holds served_on, service_way, served_by (two people) and received_by, as typed.
    """
    document = find(session, document_id)
    missing = [f"“{field.label}”" for field in SERVICE if not str(given.get(field.name, "")).strip()]
    if missing:
        raise BadInput(f"登记送达还缺少{'、'.join(missing)}，请填写。")
    values = read_fields(SERVICE, given, clock.today())
    _check_servable(document, date.fromisoformat(str(values["served_on"])))
    case = session.get(Case, document.case_id) if document.case_id else None
    step = _step_of(case, document)
    if case and step:
        names = {field.name for field in step.fields}
        typed = {name: value for name, value in values.items() if name in names}
        typed |= {"decision_served_on": values["served_on"]} if "decision_served_on" in names else {}
        advance(
            session, case.number, step.trigger, actor=actor, occurred_on=date.fromisoformat(str(values["served_on"])),
            fields=typed, evidence={SERVICE_RECEIPT.name: (receipt,)},
        )  # fmt: skip
        return Served(document, step.title)
    view, document = locked(session, document_id)
    check_power(documents.BY_ID[document.kind], document.issuer_id, actor, session)
    seq = note(
        session, view, "serve", actor=actor, on=date.fromisoformat(str(values["served_on"])),
        data={"document": document_id, "kind": document.kind, "number": document.number, **values,
              "receipt": receipt.sha256},
    )  # fmt: skip
    mark_served(session, document, values, (receipt,), seq=seq, actor=actor)
    return Served(document)


def _check_servable(document: Document, on: date) -> None:
    if documents.BY_ID[document.kind].form == "承诺书":
        raise BadInput(
            f"文书 {document.id}《{document.title}》由“签订承诺书”环节登记，请把签字盖章的扫描件交到该环节。"
        )
    if document.status != "issued" or document.issued_on is None:
        state = {"draft": "还没有出具", "served": f"已于 {document.served_on} 送达", "void": "已作废"}[document.status]
        raise BadInput(f"文书 {document.id}《{document.title}》{state}，不能登记送达。")
    if on < document.issued_on:
        raise BadInput(f"送达日期 {on} 早于成文日期 {document.issued_on}，请核对。")


def _step_of(case: Case | None, document: Document) -> Step | None:
    """The step of the case's procedure that this service is, if it can be taken now."""
    if case is None or not PROCEDURES[case.procedure].knows(case.state):
        return None
    wanted = [s for s in PROCEDURES[case.procedure].steps_from(case.state) if document.kind in s.settles]
    return wanted[0] if wanted else None


def upload(
    session: Session, document_id: int, stored: StoredFile, role: str, *, actor: Actor, on: date, text: str = ""
) -> DocumentVersion:
    """A further version of an issued document: edited in a word processor, or the scan under seal."""
    if role not in ("edited", "sealed"):
        raise BadInput("版本类别只能是 edited（修改后的文件）或 sealed（盖章、签字扫描件）。")
    view, document = locked(session, document_id)
    check_power(documents.BY_ID[document.kind], document.issuer_id, actor, session)
    if document.status not in ("issued", "served"):
        raise BadInput(f"文书 {document_id}《{document.title}》还没有出具或已作废，不能上传版本。")
    version = add_version(session, document, stored, role, actor=actor, on=on, text=text)
    note(
        session, view, "version", actor=actor, on=on,
        data={"document": document_id, "kind": document.kind, "role": role, "files": {stored.filename: stored.sha256}},
    )  # fmt: skip
    session.flush()
    return version
