"""Values of papers about more than one case: the ledger, the weekly report, lists of mines, a volume's contents."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, select

from states.registry import PROCEDURES
from workflow.context import context_of
from workflow.errors import SEE_CASES, NotFound
from workflow.ledger import Standing, standing
from workflow.list_paper import list_check_group
from workflow.models import Attachment, Case, Chain, Document, Event, Mine
from workflow.survey_paper import survey_group
from workflow.views import VOID, CaseView

#: Days ahead that the weekly report looks.
_SOON = 14


def office_group(session: Session, kind: str, as_of: date, cases: Sequence[str]) -> dict[str, Any]:
    """The group `office` of templates. Raises NotFound for a case that does not exist."""
    # Who has finished stays in the ledger and in what is counted; the daily lists are about those who have not.
    everyone = [s for s in standing(session, as_of, finished=True) if s.view.state != VOID]
    routes = [s for s in everyone if s.view.procedure.kind != "track"]
    chosen = _chosen(everyone, cases) if cases else _weekly(everyone) if kind == "weekly_report" else routes
    names = context_of(session).organs
    monday = as_of - timedelta(days=as_of.weekday())
    head = session.get(Chain, 1)
    return {
        "as_of": as_of.isoformat(), "week_from": monday.isoformat(), "week_to": as_of.isoformat(),
        "rows": [_row(s, names) for s in chosen],
        "counts": _counts(routes),
        "by_route": _grouped(s.row["procedure_label"] for s in routes),
        "by_state": _grouped(s.row["state_label"] for s in routes),
        "moved": _moved(session, monday, as_of),
        "chain_head": f"{head.seq}-{head.hash[:12]}" if head and head.hash else "",
        **({"check": list_check_group(session, as_of)} if kind == "list_check" else {}),
        **({"survey": survey_group(session, as_of, cases, names)} if kind == "survey_report" else {}),
    }  # fmt: skip


def _chosen(everyone: Sequence[Standing], cases: Sequence[str]) -> list[Standing]:
    by_number = {s.view.number: s for s in everyone}
    unknown = [number for number in cases if number not in by_number]
    if unknown:
        raise NotFound(f"没有编号为“{'”“'.join(n[:40] for n in unknown)}”的案件，请核对编号。", hint=SEE_CASES)
    return [by_number[number] for number in cases]


def _weekly(everyone: Sequence[Standing]) -> list[Standing]:
    return [s for s in everyone if s.row["days_left"] is not None and s.row["days_left"] <= _SOON]


def _row(one: Standing, names: dict[str, str]) -> dict[str, Any]:
    view, row = one.view, one.row
    facts = view.mine.facts
    following = next((step["title"] for step in row["next"] if not step["exceptional"]), "")
    return {
        "number": view.number, "mine": view.mine.name, "holder": view.mine.holder, "mineral": view.mine.mineral,
        "township": names.get(view.mine.township_id, ""), "route": row["procedure_label"], "state": row["state_label"],
        "lead": row["lead"], "due_on": row["due_on"] or "", "days_left": row["days_left"], "next": following,
        "overdue": row["days_left"] is not None and row["days_left"] < 0,
        "licence_number": facts.get("licence_number", ""), "valid_to": facts.get("valid_to", ""),
        "scale": facts.get("scale", ""), "exit_year": view.facts.get("exit_year", ""),
        "proposed_route": view.facts.get("proposed_route", ""), "reason": view.facts.get("reason", ""), "note": row["no_deadline"],
    }  # fmt: skip


def _counts(routes: Sequence[Standing]) -> dict[str, int]:
    days = [s.row["days_left"] for s in routes if s.view.closed_on is None]
    return {
        "total": len(routes), "open": len(days), "closed": len(routes) - len(days),
        "overdue": sum(d is not None and d < 0 for d in days),
        "due_soon": sum(d is not None and 0 <= d <= _SOON for d in days),
    }  # fmt: skip


def _grouped(labels: Any) -> list[dict[str, Any]]:
    return [{"name": name, "count": count} for name, count in Counter(labels).items()]


def _moved(session: Session, start: date, end: date) -> list[dict[str, Any]]:
    """Steps taken in the week and not taken back."""
    taken_back = {event.data.get("corrects") for event in session.exec(select(Event).where(Event.kind == "correct"))}
    names = context_of(session).organs
    query = (
        select(Event, Case, Mine)
        .join(Case, col(Event.case_id) == Case.id)
        .join(Mine, col(Case.mine_id) == Mine.id)
        .where(Event.kind == "step", col(Event.occurred_on).between(start, end))
        .order_by(col(Event.occurred_on), col(Event.seq))
    )
    rows = []
    for event, case, mine in session.exec(query):
        step = PROCEDURES[case.procedure].step(event.trigger)
        if step and event.seq not in taken_back:
            rows.append({
                "number": case.number, "mine": mine.name, "step": step.title,
                "occurred_on": event.occurred_on.isoformat(), "organ": names.get(event.organ_id, ""),
            })  # fmt: skip
    return rows


def volume_rows(session: Session, view: CaseView) -> list[dict[str, Any]]:
    """What lies in a mine's volume: issued documents and files on record, of the case and of what it opened."""
    names = context_of(session).organs
    family = select(Case.id).where((col(Case.id) == view.id) | col(Case.number).startswith(f"{view.root}/"))
    standing_papers = select(Document).where(col(Document.status).in_(("issued", "served")))
    papers = [
        *session.exec(standing_papers.where(col(Document.case_id).in_(family))),
        *_joint(session, standing_papers, set(session.exec(select(Case.number).where(col(Case.id).in_(family))))),
    ]
    files = session.exec(select(Attachment).where(col(Attachment.case_id).in_(family))).all()
    labels = {e.name: e.label for procedure in PROCEDURES.values() for step in procedure.steps for e in step.evidence}
    found = [
        (paper.issued_on or paper.drafted_on, 0, paper.id or 0, {
            "title": paper.title, "number": paper.number, "maker": names.get(paper.issuer_id, view.mine.holder),
            "note": f"送达 {paper.served_on}" if paper.served_on else "",
        })
        for paper in papers
    ] + [
        (file.added_on, 1, file.id or 0, {
            "title": labels.get(file.evidence, "材料"), "number": "", "maker": "", "note": file.filename,
        })
        for file in files
    ]  # fmt: skip
    ordered = sorted(found, key=lambda row: row[:3])
    return [{**row, "date": day.isoformat(), "pages": ""} for day, _, _, row in ordered]


def _joint(session: Session, query: Any, numbers: set[str]) -> list[Document]:
    """Papers about several cases, one of a volume's among them."""
    found = session.exec(query.where(col(Document.case_id).is_(None)))
    return [paper for paper in found if numbers & set(paper.cases or ())]
