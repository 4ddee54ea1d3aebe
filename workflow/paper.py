"""What a document is written from: the case as it stood when the step drafted it, and what was typed for the paper."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session

from states import documents
from states import parties as p
from states.documents import DocumentKind
from states.facts import Facts
from states.guards import latest_opinions
from states.referral import ANSWERS
from workflow.context import Context, context_of
from workflow.entries import amended_since
from workflow.errors import SEE_KINDS, BadInput, NotFound
from workflow.ledger import find_case
from workflow.models import Event, Organ
from workflow.office_paper import office_group, volume_rows
from workflow.plan.versions import plan_on
from workflow.records import organ_named
from workflow.storage import tracks_of
from workflow.views import CaseView, resolve


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One document to be written: which kind, about what, by whom, on which day."""

    kind: DocumentKind
    #: Number of its case; empty for a paper about several cases or the office's work.
    case: str = ""
    #: Cases of a joint paper; empty: all.
    cases: tuple[str, ...] = ()
    issuer_id: str = ""
    #: 成文日期; None leaves it blank.
    on: date | None = None
    number: str = ""
    #: The step that drafted it.
    event_seq: int | None = None
    #: Values typed for this paper alone; they come before the case's.
    typed: Mapping[str, Any] = field(default_factory=dict)
    #: What it corrects: title, number and day of the document that it replaces.
    replaces: Mapping[str, str] = field(default_factory=dict)
    today: date


def kind_named(name: str) -> DocumentKind:
    """A kind of document by identifier, code or title. Raises NotFound."""
    kind = documents.find(name)
    if kind is None:
        raise NotFound(f"没有“{name[:40]}”这种文书，请核对名称或代号。", hint=SEE_KINDS)
    return kind


def paper_data(session: Session, paper: Paper) -> dict[str, Any]:
    """The groups of values that templates read, in plain JSON types: what is kept when the paper is issued."""
    context = context_of(session)
    data: dict[str, Any] = {
        "mine": {}, "case": {}, "facts": {}, "office": {}, "plan": plan_on(session, paper.on or paper.today),
        "date": paper.on.isoformat() if paper.on else None, "number": paper.number,
        "today": (paper.on or paper.today).isoformat(), "replaces": dict(paper.replaces),
        "issuer": {"id": paper.issuer_id, "name": organ_name(session, paper.issuer_id)},
        "recipient": {"name": context.organs.get(_fixed_recipient(paper.kind), "")},
    }  # fmt: skip
    if paper.case:
        data |= _about_case(session, paper, context)
    if not paper.case or paper.kind.scope == "office":
        data["office"] = office_group(session, paper.kind.id, paper.on or paper.today, paper.cases)
    for path, value in paper.typed.items():
        group, dot, name = path.rpartition(".")
        data[group if dot else "facts"][name] = value
    found: dict[str, Any] = plain(data)
    return found


def _about_case(session: Session, paper: Paper, context: Context) -> dict[str, Any]:
    view = find_case(session, paper.case)
    state, recorded = view.state, dict(view.facts)
    event = session.get(Event, paper.event_seq) if paper.event_seq else None
    if event:
        # As it stood at the step; but what a new version of the plan says since holds for a paper not issued yet.
        state = event.to_state
        recorded = {**event.data.get("facts", {}), **amended_since(session, view.id, event.seq)}
    facts = {**recorded, **_opinions(session, view)}
    judged = view.with_(facts=facts).judged(context, paper.on or paper.today)
    mine = view.mine
    unsure = sorted({slot.due_on for slot in view.slots if slot.provisional and slot.due_on})
    about: dict[str, Any] = {
        "mine": {
            # Who has bought a planned block holds its right.
            **mine.facts, "name": mine.name, "holder": mine.holder or facts.get("buyer", ""),
            "mineral": mine.mineral, "code": mine.code,
            "township": context.organs.get(mine.township_id, ""),
        },
        "case": {"number": view.number, "procedure": view.procedure.title,
                 "state": view.procedure.state(state).label if view.procedure.knows(state) else state},
        "facts": {
            key: context.organs.get(str(value), value) if key.endswith(("_id", "enforcer")) else value
            for key, value in facts.items()
        },
        "issuer": {"id": paper.issuer_id, "name": organ_name(session, paper.issuer_id, view)},
        "recipient": {"name": _recipient(paper.kind, view, judged, context)},
        # Days counted over a year whose holidays are not published: none may stand in a document.
        "provisional": unsure,
    }  # fmt: skip
    if paper.kind.id == "volume_contents":
        about["office"] = {"rows": volume_rows(session, view)}
    return about


def issuer_of(session: Session, kind: DocumentKind, case: str, wanted: str, today: date) -> str:
    """The organ that issues: the one asked for, where it has the power, else the kind's own. Raises BadInput."""
    view = find_case(session, case) if case else None
    if wanted:
        organ_id = organ_named(session, wanted)
        if not documents.may_issue(organ_id, kind):
            raise BadInput(documents.refusal(organ_name(session, organ_id, view), kind))
        return organ_id
    if view is None:
        return kind.issuers[0].id
    facts = view.judged(context_of(session), today)
    return next((organ for party in kind.issuers if (organ := resolve(party, facts))), kind.issuers[0].id)


def organ_name(session: Session, organ_id: str, view: CaseView | None = None) -> str:
    """An organ's registered name; the holder's is the mine's."""
    if organ_id == "holder":
        return view.mine.holder if view else p.HOLDER.name
    organ = session.get(Organ, organ_id)
    return organ.name if organ else organ_id


def _fixed_recipient(kind: DocumentKind) -> str:
    return kind.recipient.id if kind.recipient and not kind.recipient.is_role else ""


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


def plain(value: Any) -> Any:
    """The value in JSON's own types: what is kept reads back as it was."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
