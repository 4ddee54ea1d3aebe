"""统计分析: what was done from a day to a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from office.access.people import Person, visible
from office.reports.statistics import counted
from workflow.clock import OFFICE
from workflow.errors import BadInput
from workflow.models import Case, Document, Event, Mine, Notice, NoticeStatus

#: Name in an address -> word.
PERIODS = {
    "week": "本周", "last_week": "上周", "month": "本月", "last_month": "上月", "quarter": "本季度", "year": "本年",
    "last_year": "上年", "own": "自定",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both inclusive."""

    name: str
    first: date
    last: date

    @property
    def word(self) -> str:
        return f"{self.first} 至 {self.last}"


@dataclass(frozen=True, slots=True)
class Done:
    """What was done in a period, each kind with its number."""

    #: Procedure -> cases.
    opened: Mapping[str, int]
    finished: Mapping[str, int]
    #: Procedure and trigger -> steps that stand.
    steps: Mapping[tuple[str, str], int]
    #: Trigger of `workflow.entries.ACTS` -> entries.
    acts: Mapping[str, int]
    #: Kind of document -> papers.
    issued: Mapping[str, int]
    served: Mapping[str, int]
    #: Kind of notice -> those that went out.
    notices: Mapping[str, int]


def period_of(name: str, today: date, first: date | None = None, last: date | None = None) -> Period:
    """The period that is meant. Raises BadInput for one of somebody's own that ends before it begins."""
    if name != "own":
        return Period(name if name in PERIODS else "month", *_days(name, today))
    first, last = first or today.replace(day=1), last or today
    if last < first:
        raise BadInput(f"截止日期 {last} 早于开始日期 {first}：请改正其中一个日期后再统计。")
    return Period("own", first, last)


def _days(name: str, today: date) -> tuple[date, date]:
    """First and last day; what has not ended yet goes as far as today."""
    monday, month, year = today - timedelta(today.weekday()), today.replace(day=1), date(today.year, 1, 1)
    before, quarter = month - timedelta(1), month.replace(month=(today.month - 1) // 3 * 3 + 1)
    return {
        "week": (monday, today), "last_week": (monday - timedelta(7), monday - timedelta(1)),
        "last_month": (before.replace(day=1), before), "quarter": (quarter, today),
        "year": (year, today), "last_year": (date(today.year - 1, 1, 1), year - timedelta(1)),
    }.get(name, (month, today))  # fmt: skip


def done(session: Session, person: Person, period: Period) -> Done:
    """Seven statements, whatever the number of cases."""
    return Done(
        opened=_cases(session, person, period, col(Case.opened_on)),
        finished=_cases(session, person, period, col(Case.closed_on)),
        steps=_steps(session, person, period), acts=_acts(session, person, period),
        issued=_papers(session, person, period, col(Document.issued_on)),
        served=_papers(session, person, period, col(Document.served_on)),
        notices=_notices(session, person, period),
    )  # fmt: skip


def stands() -> ColumnElement[bool]:
    """Entries that nobody has taken back since, as a condition on `Event`."""
    later: Any = aliased(Event)
    return ~exists(
        select(later.seq).where(
            later.case_id == Event.case_id, later.kind == "correct", later.data["corrects"].as_integer() == Event.seq
        )
    )


def _cases(session: Session, person: Person, period: Period, day: Any) -> dict[str, int]:
    query = (
        select(col(Case.procedure), func.count()).select_from(Case).join(Mine, col(Case.mine_id) == Mine.id)
        .where(day.between(period.first, period.last), counted(person)).group_by(col(Case.procedure))
    )  # fmt: skip
    return _numbers(session, query)


def _entries(person: Person, period: Period, *columns: Any) -> Any:
    return (
        select(*columns, func.count()).select_from(Event).join(Case, col(Event.case_id) == Case.id)
        .join(Mine, col(Case.mine_id) == Mine.id)
        .where(col(Event.occurred_on).between(period.first, period.last), visible(person)).group_by(*columns)
    )  # fmt: skip


def _steps(session: Session, person: Person, period: Period) -> dict[tuple[str, str], int]:
    query = _entries(person, period, col(Case.procedure), col(Event.trigger)).where(col(Event.kind) == "step", stands())
    return {(procedure, trigger): number for procedure, trigger, number in session.execute(query)}


def _acts(session: Session, person: Person, period: Period) -> dict[str, int]:
    query = _entries(person, period, col(Event.trigger)).where(col(Event.kind) == "act")
    return _numbers(session, query)


def _papers(session: Session, person: Person, period: Period, day: Any) -> dict[str, int]:
    # A paper of no single case is the office's own, or its issuer's.
    office = and_(
        col(Document.case_id).is_(None), true() if person.reads_all else col(Document.issuer_id) == person.organ_id
    )
    query = (
        select(col(Document.kind), func.count()).select_from(Document)
        .outerjoin(Case, col(Document.case_id) == Case.id).outerjoin(Mine, col(Case.mine_id) == Mine.id)
        .where(
            col(Document.status).in_(("issued", "served")), day.between(period.first, period.last),
            or_(office, and_(col(Document.case_id).is_not(None), visible(person))),
        )
        .group_by(col(Document.kind))
    )  # fmt: skip
    return _numbers(session, query)


def _notices(session: Session, person: Person, period: Period) -> dict[str, int]:
    start, end = _midnight(period.first), _midnight(period.last + timedelta(1))
    query = (
        select(col(Notice.kind), func.count())
        .where(col(Notice.status) == NoticeStatus.SENT.value, col(Notice.sent_at) >= start, col(Notice.sent_at) < end)
        .group_by(col(Notice.kind))
    )  # fmt: skip
    if not person.reads_all:
        query = query.where(col(Notice.recipient_id) == person.organ_id)
    return _numbers(session, query)


def _numbers(session: Session, query: Any) -> dict[str, int]:
    return {str(name): number for name, number in session.execute(query)}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), OFFICE)
