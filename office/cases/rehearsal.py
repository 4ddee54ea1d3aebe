"""What an entry would change, found by making it and rolling it back: nothing is written, nothing is guessed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from notifications.render import render
from states.due import BASIS_LABELS
from states.registry import PROCEDURES
from workflow.context import Context, context_of
from workflow.models import Case, Deadline, Document, Mine, Notice
from workflow.views import VOID


@dataclass(frozen=True, slots=True)
class Term:
    """A deadline that changes."""

    case: str
    title: str
    due_on: date | None
    provisional: bool = False
    #: What the day rests on, in words.
    basis: str = ""
    rule: str = ""
    #: For one that moves: the day it had.
    before: date | None = None


@dataclass(frozen=True, slots=True)
class PaperMade:
    """A document that is drafted, voided or proved served."""

    id: int
    kind: str
    title: str
    issuer: str
    case: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that changes around a case, in words."""

    state_before: str
    state_after: str
    final: bool
    met: tuple[Term, ...] = ()
    cancelled: tuple[Term, ...] = ()
    opened: tuple[Term, ...] = ()
    moved: tuple[Term, ...] = ()
    drafted: tuple[PaperMade, ...] = ()
    voided: tuple[PaperMade, ...] = ()
    served: tuple[PaperMade, ...] = ()
    #: Number and title of cases that are opened, or voided.
    children: tuple[tuple[str, str], ...] = ()
    children_voided: tuple[tuple[str, str], ...] = ()
    #: Recipient and subject of notices.
    notices: tuple[tuple[str, str], ...] = ()


@contextmanager
def rehearsing(engine: Engine) -> Iterator[Session]:
    """A session that may write and whose writes are never kept."""
    with Session(engine) as session:
        try:
            yield session
        finally:
            session.rollback()


def rehearse(
    engine: Engine, number: str, entry: Callable[[Session], Any], after: Callable[[Session, Outcome], Any] | None = None
) -> Outcome:
    """What `entry` changes around a case. Raises what `entry` raises; `after` may look before all is rolled back."""
    with rehearsing(engine) as session:
        before = _look(session, number)
        entry(session)
        session.flush()
        session.expire_all()
        outcome = _compare(number, before, _look(session, number), context_of(session))
        if after:
            after(session, outcome)
    return outcome


@dataclass(frozen=True, slots=True)
class _Look:
    """The rows around a case at one moment, by id."""

    cases: dict[int, Any]
    terms: dict[int, Any]
    papers: dict[int, Any]
    notices: dict[int, Any]


def _look(session: Session, number: str) -> _Look:
    """All cases of the case's mine, with deadlines, papers and their own notices. Four statements."""
    mine = select(col(Case.mine_id)).where(col(Case.number) == number).scalar_subquery()
    family = select(col(Case.id)).where(col(Case.mine_id) == mine).scalar_subquery()
    return _Look(
        _rows(session, select(col(Case.id), col(Case.number), col(Case.procedure), col(Case.state)).where(
            col(Case.mine_id) == mine)),
        _rows(session, select(
            col(Deadline.id), col(Deadline.case_id), col(Deadline.trigger), col(Deadline.due_on), col(Deadline.status),
            col(Deadline.provisional), col(Deadline.basis)).where(col(Deadline.case_id).in_(family))),
        _rows(session, select(
            col(Document.id), col(Document.case_id), col(Document.kind), col(Document.title), col(Document.issuer_id),
            col(Document.status), col(Mine.holder)).join(Case, col(Document.case_id) == Case.id)
            .join(Mine, col(Case.mine_id) == Mine.id).where(col(Document.case_id).in_(family))),
        _rows(session, select(col(Notice.id), col(Notice.kind), col(Notice.recipient_id), col(Notice.payload)).where(
            col(Notice.dedupe).startswith(f"moved|{number}|", autoescape=True))),
    )  # fmt: skip


def _rows(session: Session, query: Any) -> dict[int, Any]:
    return {row[0]: row for row in session.execute(query)}


def _compare(number: str, before: _Look, after: _Look, context: Context) -> Outcome:
    case = next(row for row in after.cases.values() if row.number == number)
    states = PROCEDURES[case.procedure]
    state = states.state(case.state)
    met, cancelled, opened, moved = _terms(number, before, after)
    drafted, voided, served = _papers(before, after, context)
    return Outcome(
        state_before=states.state(before.cases[case.id].state).label, state_after=state.label, final=state.final,
        met=met, cancelled=cancelled, opened=opened, moved=moved, drafted=drafted, voided=voided, served=served,
        children=tuple(_named(row) for key, row in after.cases.items() if key not in before.cases),
        children_voided=tuple(_named(row) for row in _turned(before.cases, after.cases, "state", VOID)),
        notices=tuple(
            (context.organs.get(row.recipient_id, "责任单位待明确"), render(row.kind, row.payload).subject)
            for key, row in after.notices.items() if key not in before.notices
        ),
    )  # fmt: skip


def _named(row: Any) -> tuple[str, str]:
    return row.number, PROCEDURES[row.procedure].title


def _turned(before: dict[int, Any], after: dict[int, Any], column: str, value: str) -> list[Any]:
    """Rows that now have a value in a column and had another."""
    return [
        row for key, row in after.items()
        if getattr(row, column) == value and key in before and getattr(before[key], column) != value
    ]  # fmt: skip


def _terms(number: str, before: _Look, after: _Look) -> tuple[tuple[Term, ...], ...]:
    """Deadlines that are met, cancelled, opened or moved."""

    def term(row: Any, was: date | None = None) -> Term:
        about = after.cases[row.case_id]
        step = PROCEDURES[about.procedure].step(row.trigger)
        assert step is not None
        assert step.due is not None
        return Term(
            about.number if about.number != number else "", step.title, row.due_on, row.provisional,
            BASIS_LABELS[step.due.basis], step.due.text, was,
        )  # fmt: skip

    ran = [(before.terms[key], row) for key, row in after.terms.items()
           if key in before.terms and before.terms[key].status == "open"]  # fmt: skip
    fresh = [row for key, row in after.terms.items() if key not in before.terms and row.status == "open"]
    return (
        tuple(term(row) for _, row in ran if row.status == "met"),
        tuple(term(row) for _, row in ran if row.status == "cancelled"),
        tuple(term(row) for row in fresh),
        tuple(term(row, old.due_on) for old, row in ran if row.status == "open" and row.due_on != old.due_on),
    )


def _papers(before: _Look, after: _Look, context: Context) -> tuple[tuple[PaperMade, ...], ...]:
    """Documents that are drafted, voided or proved served."""

    def paper(row: Any) -> PaperMade:
        # The holder signs some papers themselves.
        issuer = row.holder if row.issuer_id == "holder" else context.organs.get(row.issuer_id, row.issuer_id)
        return PaperMade(row.id, row.kind, row.title, issuer, after.cases[row.case_id].number)

    return (
        tuple(paper(row) for key, row in after.papers.items() if key not in before.papers),
        tuple(paper(row) for row in _turned(before.papers, after.papers, "status", "void")),
        tuple(paper(row) for row in _turned(before.papers, after.papers, "status", "served")),
    )
