"""What the page of one case reads beside the case and its mine, in one statement for each kind of row."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import defer
from sqlmodel import Session, col

from office.cases.case_history import Trail, page_of, trail
from workflow.context import Context
from workflow.models import (
    Attachment,
    Case,
    CasePerson,
    Deadline,
    DeadlineChange,
    Document,
    Event,
    OpenValue,
    Permit,
)  # fmt: skip

#: Rows of one kind on the page; more stand on pages of their own.
MANY = 60
#: Papers beside the entries; the others are in the archive.
PAPERS = 20


@dataclass(frozen=True, slots=True)
class PageRows:
    """What is read for a page, beside the case and its mine."""

    past: Trail
    events: Sequence[Event]
    waiting: dict[str, list[Attachment]]
    proving: dict[int, list[Attachment]]
    papers: list[Document]
    permits: list[Permit]
    values: list[tuple[OpenValue, str]]
    people: list[CasePerson]
    changes: list[tuple[Deadline, DeadlineChange]]

    def accounts(self) -> Iterator[str]:
        """Whoever is named on the page."""
        for event in self.events:
            yield from (event.actor, str(event.data.get("on_behalf_of", "")))
            if event.kind == "act":
                yield str(event.data.get("to", ""))
        for row in self.people:
            yield from (row.account_id or "", row.given_by)
        yield from (change.actor for _, change in self.changes)
        yield from (file.added_by for files in self.waiting.values() for file in files)


def rows_of_page(session: Session, case: Case, context: Context, *, every: bool) -> PageRows:
    assert case.id is not None
    events = page_of(session, case, every=every)
    waiting, proving = _files(session, case.id, [event.seq for event in events], every=every)
    permits = select(Permit).where(col(Permit.mine_id) == case.mine_id).order_by(col(Permit.id))
    people = (
        select(CasePerson).where(col(CasePerson.case_id) == case.id, col(CasePerson.ended_on).is_(None))
        .order_by(col(CasePerson.id)).limit(MANY)
    )  # fmt: skip
    return PageRows(
        trail(session, case.id), events, waiting, proving, _papers(session, case, events, every=every),
        list(session.scalars(permits)), _open_values(session, case, context), list(session.scalars(people)),
        _changes(session, case.id),
    )  # fmt: skip


def _papers(session: Session, case: Case, events: Sequence[Event], *, every: bool) -> list[Document]:
    """The newest papers, the newest first, and what the entries shown have drafted or are about; or all."""
    query = select(Document).where(col(Document.case_id) == case.id).order_by(col(Document.id).desc())
    if not every and events:
        newest = select(col(Document.id)).where(col(Document.case_id) == case.id).order_by(col(Document.id).desc())
        about = [event.data["document"] for event in events if event.kind == "paper"]
        query = query.where(or_(
            col(Document.id).in_(newest.limit(PAPERS)), col(Document.event_seq) >= events[-1].seq,
            col(Document.id).in_(about),
        ))  # fmt: skip
    # What a paper was made of is much, and not shown here.
    return list(session.scalars(query.options(defer(col(Document.data)), defer(col(Document.snapshot)))))  # type: ignore[arg-type]


def number_of_papers(session: Session, case: Case) -> int:
    return session.scalar(select(func.count()).select_from(Document).where(col(Document.case_id) == case.id)) or 0


def _files(
    session: Session, case_id: int, seqs: list[int], *, every: bool
) -> tuple[dict[str, list[Attachment]], dict[int, list[Attachment]]]:
    """What waits for its step, by evidence; and what the entries shown rest on."""
    query = select(Attachment).where(col(Attachment.case_id) == case_id)
    if not every and seqs:
        query = query.where(or_(col(Attachment.event_seq).is_(None), col(Attachment.event_seq) >= seqs[-1]))
    waiting: dict[str, list[Attachment]] = defaultdict(list)
    proving: dict[int, list[Attachment]] = defaultdict(list)
    for row in session.scalars(query.order_by(col(Attachment.id))):
        if row.event_seq is None:
            waiting[row.evidence].append(row)
        else:
            proving[row.event_seq].append(row)
    return dict(waiting), proving


def _open_values(session: Session, case: Case, context: Context) -> list[tuple[OpenValue, str]]:
    rows = session.scalars(select(OpenValue).where(col(OpenValue.mine_id) == case.mine_id).order_by(col(OpenValue.id)))
    return [(row, context.organs.get(row.asked_of, row.asked_of)) for row in rows]


def _changes(session: Session, case_id: int) -> list[tuple[Deadline, DeadlineChange]]:
    query = (
        select(Deadline, DeadlineChange).join(DeadlineChange, col(DeadlineChange.deadline_id) == Deadline.id)
        .where(col(Deadline.case_id) == case_id).order_by(col(DeadlineChange.id).desc()).limit(MANY)
    )  # fmt: skip
    return [(deadline, change) for deadline, change in session.execute(query)]
