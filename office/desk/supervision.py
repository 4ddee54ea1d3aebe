"""督查督办: what is overdue and whose, what was done about it, and each organ's ledger of duties (履职台账)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy import case as when
from sqlmodel import Session, col

from office.access.people import Person, visible
from office.desk.desk_board import DUE_COLUMNS, DueDay, due_day
from office.desk.dues import answers_for, running
from states.kernel import Step
from states.registry import PROCEDURES
from workflow.errors import NotFound
from workflow.models import Case, Deadline, Document, Event, Mine, NoticeItem, Organ

PAPERS = ("supervision_slip", "criticism_circular")
#: Entries by which a person pressed a case.
PRESSED = ("urged", "supervised")
PAGE = 50


@dataclass(frozen=True, slots=True)
class Overdue:
    """A deadline that has passed: whose it is, how often somebody was told, and the papers about it."""

    due: DueDay
    organ_id: str
    state: str
    reminded: int = 0
    escalated: int = 0
    #: How often people pressed the case: 催办 and 督办 by hand.
    urged: int = 0
    papers: Sequence[Document] = field(default=())

    @property
    def step(self) -> Step | None:
        return PROCEDURES[self.due.procedure].step(self.due.trigger)

    @property
    def state_label(self) -> str:
        return PROCEDURES[self.due.procedure].state(self.state).label


def organ_seen(session: Session, person: Person, organ_id: str) -> Organ:
    """The organ's row. Raises NotFound for one whose ledger the person may not see."""
    found = session.get(Organ, organ_id) if person.reads_all or organ_id == person.organ_id else None
    if found is None:
        raise NotFound("没有这个单位，或者它的履职台账不在您的职责范围内。")
    return found


def overdue_by_organ(session: Session, person: Person, today: date) -> dict[str, int]:
    """Responsible organ (empty while unknown) -> deadlines that have passed; the most first."""
    organ = answers_for().label("organ")
    query = _late((organ, func.count()), person, today).group_by(organ)
    counted: dict[str, int] = {row[0]: row[1] for row in session.execute(query)}
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def overdue(
    session: Session, person: Person, today: date, *, organ_id: str | None = None, page: int = 1, size: int = PAGE
) -> list[Overdue]:
    """One page of what is overdue, organ by organ, the longest overdue first."""
    organ = answers_for().label("organ")
    query = _late((*DUE_COLUMNS, organ, col(Case.state), col(Deadline.moves), col(Case.id)), person, today)
    if organ_id is not None:
        query = query.where(answers_for() == organ_id)
    query = query.order_by(organ, col(Deadline.due_on), col(Deadline.id)).limit(size).offset((page - 1) * size)
    rows = session.execute(query).all()
    told = _told(session, [row[0] for row in rows])
    papers, urged = _papers(session, {row[10] for row in rows}), _urged(session, {row[10] for row in rows})
    return [
        Overdue(
            due_day(row[:7], today),
            row[7],
            row[8],
            *told.get((row[0], row[9]), (0, 0)),
            urged.get(row[10], 0),
            papers.get(row[10], ()),
        )
        for row in rows
    ]


def _late(columns: Sequence[Any], person: Person, today: date) -> Select[Any]:
    query = (
        select(*columns).select_from(Deadline).join(Case, col(Deadline.case_id) == Case.id).join(Mine, col(Case.mine_id) == Mine.id)
        .where(running(), col(Deadline.due_on) < today, visible(person))
    )  # fmt: skip
    return query if person.reads_all else query.where(answers_for() == person.organ_id)


def _told(session: Session, ids: Sequence[int]) -> dict[tuple[int, int], tuple[int, int]]:
    """Deadline and its move -> how often it was reminded and escalated; what a higher rung overtook was never sent.

    A rung that went to several organs counts once.
    """
    lanes = (
        func.count(when((col(NoticeItem.lane) == lane, col(NoticeItem.offset))).distinct())
        for lane in ("remind", "escalate")
    )
    query = (
        select(col(NoticeItem.deadline_id), col(NoticeItem.moves), *lanes)
        .where(col(NoticeItem.deadline_id).in_(ids), col(NoticeItem.notice_id).is_not(None))
        .group_by(col(NoticeItem.deadline_id), col(NoticeItem.moves))
    )  # fmt: skip
    return {(deadline, moves): (reminded, escalated) for deadline, moves, reminded, escalated in session.execute(query)}


def _urged(session: Session, case_ids: Iterable[int]) -> dict[int, int]:
    query = (
        select(col(Event.case_id), func.count())
        .where(col(Event.case_id).in_(list(case_ids)), col(Event.kind) == "act", col(Event.trigger).in_(PRESSED))
        .group_by(col(Event.case_id))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _papers(session: Session, case_ids: Iterable[int]) -> dict[int, list[Document]]:
    query = (
        select(Document).where(
            col(Document.case_id).in_(list(case_ids)), col(Document.kind).in_(PAPERS), col(Document.status) != "void"
        ).order_by(col(Document.id))
    )  # fmt: skip
    found: dict[int, list[Document]] = defaultdict(list)
    for document in session.scalars(query):
        found[document.case_id or 0].append(document)
    return found


def entries_of(session: Session, person: Person, organ_id: str, limit: int = 30) -> list[tuple[Event, str, str, str]]:
    """The latest entries of an organ in cases that the person may see: entry, case number, procedure, mine."""
    query = (
        select(Event, col(Case.number), col(Case.procedure), col(Mine.name))
        .join(Case, col(Event.case_id) == Case.id).join(Mine, col(Case.mine_id) == Mine.id)
        .where(col(Event.organ_id) == organ_id, visible(person)).order_by(col(Event.seq).desc()).limit(limit)
    )  # fmt: skip
    return [(event, number, procedure, mine) for event, number, procedure, mine in session.execute(query)]


def open_of(
    session: Session, person: Person, organ_id: str, today: date, *, page: int = 1, size: int = PAGE
) -> tuple[list[DueDay], int]:
    """One page of the running deadlines that an organ sees to, and how many there are."""
    where: ColumnElement[bool] = answers_for() == organ_id
    joined = (
        select(*DUE_COLUMNS, func.count().over()).select_from(Deadline).join(Case, col(Deadline.case_id) == Case.id)
        .join(Mine, col(Case.mine_id) == Mine.id).where(running(), where, visible(person))
        .order_by(col(Deadline.due_on), col(Deadline.id)).limit(size).offset((page - 1) * size)
    )  # fmt: skip
    rows = session.execute(joined).all()
    return [due_day(row[:7], today) for row in rows], rows[0][7] if rows else 0
