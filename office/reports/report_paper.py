"""A report as a document: drafted with its figures, which stay as they were counted until they are counted anew."""

from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from office.access.people import Person
from office.papers.drafting import lawful
from office.reports.period_report import NOT_NAMED, Report, grouped
from office.reports.statistics_tables import Table
from states import documents
from states.documents import BY_ID
from workflow.clock import OFFICE
from workflow.errors import BadInput
from workflow.issuing import draft, locked
from workflow.models import Document

KIND = BY_ID["period_report"]
#: Path of the figures among the values of the paper.
FIGURES = "office.report"


def title_of(report: Report) -> str:
    """整治提升工作月报（2026年11月）."""
    return f"整治提升工作{report.word}（{report.label}）"


def draft_of(session: Session, person: Person, report: Report) -> Document | None:
    """The draft of the same period in the person's own name, if there is one."""
    query = select(Document).where(
        Document.kind == KIND.id, Document.status == "draft", Document.title == title_of(report),
        Document.issuer_id == person.organ_id,
    )  # fmt: skip
    return session.exec(query.order_by(col(Document.id).desc())).first()


def draft_report(session: Session, person: Person, report: Report, on: date) -> tuple[int, bool]:
    """Drafts the report, or puts the figures of now into the draft of the same period.

    Answers its number in the register and whether it is new. Does not commit. Raises BadInput.
    """
    if not lawful(person, KIND):
        raise BadInput(documents.refusal(person.organ, KIND))
    figures = {FIGURES: figures_of(report)}
    old = draft_of(session, person, report)
    if old is None:
        made = draft(session, KIND.id, actor=person.actor, on=on, issuer=person.organ_id, figures=figures)
        made.title = title_of(report)
        session.add(made)
        session.flush()
        return made.id or 0, True
    _view, old = locked(session, old.id or 0)
    if old.status != "draft":
        raise BadInput(f"《{old.title}》刚刚由他人出具，没有更新：请刷新页面后重试。")
    old.data = {**old.data, **figures}
    session.add(old)
    return old.id or 0, False


def figures_of(report: Report) -> dict[str, Any]:
    """The figures in plain JSON, as the template reads them."""
    sums = report.sums
    return {
        "word": report.word, "label": report.label, "first": report.period.first.isoformat(),
        "last": report.period.last.isoformat(), "at": report.at.astimezone(OFFICE).strftime("%Y-%m-%d %H:%M"),
        "as_of": report.at.astimezone(OFFICE).date().isoformat(), "chain_head": report.chain_head, "demo": report.demo,
        "total": sums.total, "open": sums.open, "late": sums.late, "soon": sums.soon, "finished": sums.finished,
        "opened_now": report.opened, "finished_now": report.finished, "late_total": report.late_total,
        "late_more": report.late_total - len(report.late.lines),
        "routes": _rows(report.routes, ("open", "late", "soon", "rest", "finished", "opened_now", "finished_now")),
        "organs": _rows(report.organs, ("open", "late", "met", "met_late", "on_time")),
        "targets": _rows(report.targets, ("total", "finished", "left", "note")),
        "work": grouped(report.work), "overdue": _rows(report.late, ("number", "step", "organ", "due_on", "days")),
    }  # fmt: skip


def _rows(table: Table, names: tuple[str, ...]) -> list[dict[str, Any]]:
    lines = (*table.lines, *([table.total] if table.total and table.lines else []))
    # On paper "to be named" would read as a place that somebody forgot to fill in.
    return [
        {"name": _known(line.label), **{name: _known(cell) for name, cell in zip(names, line.cells, strict=True)}}
        for line in lines
    ]


def _known(value: object) -> Any:
    return "" if value == NOT_NAMED else value.isoformat() if isinstance(value, date) else value
