"""通知记录: the notices that a person may see, by filter, and one of them with everything known about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_
from sqlmodel import Session, col, select

from notifications.render import Message, Unwritable, render
from office.access.people import Person, visible
from workflow.errors import NotFound
from workflow.models import Attempt, Case, Deadline, Document, Mine, Notice, NoticeItem, NoticeStatus

#: Conditions that a person has to look at.
TROUBLED = (NoticeStatus.DOUBTFUL, NoticeStatus.DEAD, NoticeStatus.NO_CONTACT, NoticeStatus.FAILED)


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for; empty means everything."""

    status: str = ""
    kind: str = ""
    recipient: str = ""
    on: date | None = None
    case: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One notice with its words, its attempts, and papers of its case that still have to be served."""

    notice: Notice
    message: Message
    attempts: tuple[Attempt, ...]
    cases: tuple[str, ...]
    unserved: tuple[Document, ...]


def own(person: Person) -> Any:
    """The notices that a person may see, as a condition: their organ's, or all."""
    return True if person.reads_all else col(Notice.recipient_id) == person.organ_id


def find_notices(
    session: Session, person: Person, wanted: Filter, page: int, size: int
) -> tuple[list[tuple[Notice, str]], int]:
    """One page, the newest first, each with its subject; and how many there are."""
    query: Any = _filtered(select(Notice).where(own(person)), wanted)
    total = session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    rows = session.scalars(query.order_by(col(Notice.id).desc()).limit(size).offset((page - 1) * size))
    return [(notice, words(notice).subject) for notice in rows], total


def every_notice(session: Session, person: Person, wanted: Filter) -> Iterator[tuple[Notice, str]]:
    """All that the filter lets through, the newest first, each with its subject; not held."""
    query = _filtered(select(Notice).where(own(person)), wanted).order_by(col(Notice.id).desc())
    for notice in session.scalars(query.execution_options(yield_per=500)):
        yield notice, words(notice).subject
        session.expunge(notice)


def counted(session: Session, person: Person) -> dict[str, int]:
    """Notices by status."""
    query = select(Notice.status, func.count()).where(own(person)).group_by(Notice.status)
    return {str(status): count for status, count in session.exec(query)}


def find_notice(session: Session, person: Person, id: int) -> Told:
    """Raises NotFound alike for one that is not there and one for somebody else."""
    notice = session.exec(select(Notice).where(Notice.id == id, own(person))).first()
    if notice is None:
        raise NotFound(f"没有第 {id} 号通知，或者它不是发给贵单位的。")
    attempts = session.exec(select(Attempt).where(Attempt.notice_id == id).order_by(col(Attempt.number)))
    numbers = _cases(notice)
    return Told(notice, words(notice), tuple(attempts), numbers, _unserved(session, person, numbers))


def words(notice: Notice) -> Message:
    """Its text: always written anew from what was kept with it, and so always the same."""
    try:
        return render(notice.kind, notice.payload)
    except Unwritable as problem:
        return Message(f"（{problem}）", f"{problem}\n")


def _filtered(query: Select[Any], wanted: Filter) -> Select[Any]:
    if wanted.status == "troubled":
        query = query.where(col(Notice.status).in_(TROUBLED))
    elif wanted.status:
        query = query.where(col(Notice.status) == wanted.status)
    if wanted.kind:
        query = query.where(col(Notice.kind) == wanted.kind)
    if wanted.recipient:
        query = query.where(col(Notice.recipient_id) == wanted.recipient)
    if wanted.on:
        query = query.where(col(Notice.planned_on) == wanted.on)
    return query.where(_about(wanted.case)) if wanted.case else query


def _about(case: str) -> Any:
    """Notices about a case: those that a step gave rise to, and the digests in which it is named."""
    digests = (
        select(NoticeItem.notice_id).join(Deadline, col(NoticeItem.deadline_id) == Deadline.id)
        .join(Case, col(Deadline.case_id) == Case.id)
        .where(Case.number == case, col(NoticeItem.notice_id).is_not(None))
    )  # fmt: skip
    key = col(Notice.dedupe)
    steps = [key.startswith(f"{kind}|{case}|", autoescape=True) for kind in ("moved", "lapsed")]
    return or_(*steps, col(Notice.id).in_(digests))


def _cases(notice: Notice) -> tuple[str, ...]:
    payload = notice.payload
    named = [payload.get("case"), *(item.get("case") for item in payload.get("items", ()) if isinstance(item, dict))]
    return tuple(dict.fromkeys(str(number) for number in named if number))


def _unserved(session: Session, person: Person, numbers: tuple[str, ...]) -> tuple[Document, ...]:
    """Issued papers of the notice's one case that nobody has recorded as served; a paper is told on paper."""
    if len(numbers) != 1:
        return ()
    return tuple(session.scalars(
        select(Document).join(Case, col(Document.case_id) == Case.id).join(Mine, col(Case.mine_id) == Mine.id)
        .where(col(Case.number) == numbers[0], visible(person), col(Document.status) == "issued")
        .order_by(col(Document.id)).limit(20)
    ))  # fmt: skip
