"""What a document of a case is written from."""

from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from states import documents
from states import parties as p
from states.documents import DocumentKind
from states.facts import Facts
from states.guards import latest_opinions
from states.referral import ANSWERS
from workflow.context import Context, context_of
from workflow.errors import BadInput, NotFound
from workflow.ledger import find_case
from workflow.models import Document, Organ
from workflow.records import organ_named
from workflow.storage import tracks_of
from workflow.views import CaseView, resolve


def kind_named(name: str) -> DocumentKind:
    """A kind of document by identifier, code or title. Raises NotFound."""
    kind = documents.find(name)
    if kind is None:
        raise NotFound(f"没有“{name[:40]}”这种文书：请用 minecase document kinds 查看。")
    return kind


def document_data(
    session: Session, kind: DocumentKind, number: str, *, on: date | None, issuer: str | None = None
) -> dict[str, Any]:
    """The values for a kind's template. Raises BadInput for an issuer without the power."""
    view = find_case(session, number)
    context = context_of(session)
    issuer_id = _issuer(session, kind, view, on, issuer)
    mine = view.mine
    named = {
        key: context.organs.get(str(value), value) if key.endswith(("_id", "enforcer")) else value
        for key, value in view.facts.items()
    }
    return {
        "mine": {
            **mine.facts, "name": mine.name, "holder": mine.holder, "mineral": mine.mineral, "code": mine.code,
            "township": context.organs.get(mine.township_id, ""),
        },
        "case": {"number": view.number, "procedure": view.procedure.title,
                 "state": view.procedure.state(view.state).label},
        "facts": {**named, **_opinions(session, view)},
        "issuer": {"id": issuer_id, "name": _name(session, issuer_id, view)},
        "recipient": {"name": _recipient(kind, view, view.judged(context, on or view.entered_on), context)},
        "plan": dict(context.plan),
        "date": on,
    }  # fmt: skip


def _recipient(kind: DocumentKind, view: CaseView, facts: Facts, context: Context) -> str:
    """Whom the document is addressed to; a unit that the case does not name yet is an open value."""
    if kind.recipient is None:
        return view.mine.holder or view.mine.name
    organ = resolve(kind.recipient, facts)
    if not organ and kind.recipient is p.SUBJECT_ORGAN:
        # An overdue step of a mine's own case: the unit that has to act is the one that is urged.
        lead = view.procedure.state(view.state).lead
        organ = resolve(lead, facts) if lead else ""
    return context.organs.get(organ, "")


def _issuer(session: Session, kind: DocumentKind, view: CaseView, on: date | None, wanted: str | None) -> str:
    if wanted:
        organ_id = organ_named(session, wanted)
        if not documents.may_issue(organ_id, kind):
            raise BadInput(documents.refusal(_name(session, organ_id, view), kind))
        return organ_id
    draft = session.exec(
        select(Document).where(Document.case_id == view.id, Document.kind == kind.id, Document.status != "void")
        .order_by(col(Document.id).desc())
    ).first()  # fmt: skip
    if draft:
        return draft.issuer_id
    facts = view.judged(context_of(session), on or view.entered_on)
    return next((organ for party in kind.issuers if (organ := resolve(party, facts))), kind.issuers[0].id)


def _name(session: Session, organ_id: str, view: CaseView) -> str:
    if organ_id == "holder":
        return view.mine.holder
    organ = session.get(Organ, organ_id)
    return organ.name if organ else organ_id


def _opinions(session: Session, view: CaseView) -> dict[str, Any]:
    """Answers of the joint survey, for the summary table."""
    if view.procedure_id != "new_right":
        return {}
    with_tracks = view.with_(tracks=tracks_of(session, {view.mine.id}).get(view.mine.id, ()))
    facts = with_tracks.judged(context_of(session), view.entered_on)
    rows = [
        {"organ": t.subject, "answer": ANSWERS.get(str(t.facts.get("answer")), "未反馈"),
         "opinion": t.facts.get("opinion", ""), "answered_on": t.facts.get("answered_on", "")}
        for t in latest_opinions(facts).values()
    ]  # fmt: skip
    return {"opinions": rows} if rows else {}
