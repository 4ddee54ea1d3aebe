"""What stands beside a document on its page: who may do what with it, its number to come, its service, its kin."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from office.access.people import Person, visible
from states.documents import BY_ID
from states.forms import SERVICE_WAYS
from workflow.issuing import form_for
from workflow.models import Case, Document, Event, Mine, Service, User
from workflow.numbering import UNNUMBERED, following, series_for


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """Facts of one document for one person."""

    #: The number that it would get today, or why it cannot have one.
    next_number: str = ""
    word: str = ""
    no_number: str = ""
    own_form: bool = False
    services: tuple[dict[str, str], ...] = ()
    #: Entries of the history: day, what was done, by whom.
    entries: tuple[dict[str, str], ...] = ()
    #: The document that this one corrects, and those that correct it: id and title.
    corrects: tuple[int, str] | None = None
    corrected_by: tuple[tuple[int, str], ...] = ()
    #: Cases of a joint paper that the person may open.
    cases: tuple[str, ...] = ()
    #: The step that marks a commitment as signed is taken in its case.
    signed_in_case: bool = False


_DONE = {"issue": "出具", "serve": "送达", "void": "作废", "version": "上传文件"}


def paper_facts(session: Session, document: Document, person: Person, today: date) -> PaperFacts:
    """Everything that the page says beside the paper itself."""
    kind = BY_ID[document.kind]
    word, following_number, none = _number(session, document, today) if document.status == "draft" else ("", "", "")
    old = session.get(Document, document.replaces_id) if document.replaces_id else None
    newer = session.exec(select(Document).where(Document.replaces_id == document.id).order_by(col(Document.id))).all()
    return PaperFacts(
        next_number=following_number, word=word, no_number=none, own_form=form_for(session, kind.id) is not None,
        services=_services(session, document), entries=_entries(session, document),
        corrects=(old.id or 0, f"《{old.title}》{old.number}") if old else None,
        corrected_by=tuple((new.id or 0, f"《{new.title}》{new.number}") for new in newer),
        cases=_cases(session, document, person), signed_in_case=kind.form == "承诺书",
    )  # fmt: skip


def _number(session: Session, document: Document, today: date) -> tuple[str, str, str]:
    kind = BY_ID[document.kind]
    if kind.form in UNNUMBERED:
        return "", "", f"{kind.form}不编文号。"
    series = series_for(session, kind, document.issuer_id)
    if series:
        return series.word, following(session, series.word, today.year), ""
    if kind.form == "表单":
        return "", "", "这种表单没有登记代字，不编文号。"
    return "", "", "制发单位还没有为这种文书登记发文代字，登记后才能出具。"


def _services(session: Session, document: Document) -> tuple[dict[str, str], ...]:
    query = (
        select(Service, User).join(User, col(Service.recorded_by) == User.id, isouter=True)
        .where(Service.document_id == document.id).order_by(col(Service.id))
    )  # fmt: skip
    return tuple(
        {"on": service.served_on.isoformat(), "way": SERVICE_WAYS.get(service.way, service.way), "by": service.served_by,
         "to": service.received_by, "recorded_by": user.name if user else service.recorded_by,
         "withdrawn": "已撤回" if service.withdrawn else ""}
        for service, user in session.exec(query)
    )  # fmt: skip


def _entries(session: Session, document: Document) -> tuple[dict[str, str], ...]:
    query = (
        select(Event, User).join(User, col(Event.actor) == User.id, isouter=True)
        .where(Event.kind == "paper", Event.case_id == document.case_id).order_by(col(Event.seq))
    )  # fmt: skip
    return tuple(
        {"on": event.occurred_on.isoformat(), "done": _DONE[event.trigger], "by": user.name if user else event.actor}
        for event, user in session.exec(query)
        if event.data.get("document") == document.id and event.trigger in _DONE
    )


def _cases(session: Session, document: Document, person: Person) -> tuple[str, ...]:
    """Links only to cases that the person may open."""
    if not document.cases:
        return ()
    query = select(Case.number).join(Mine, col(Case.mine_id) == Mine.id)
    return tuple(
        session.exec(query.where(col(Case.number).in_(document.cases), visible(person)).order_by(col(Case.id)))
    )
