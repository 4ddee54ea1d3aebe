"""发件预演 for the screens: the mornings until a day if nobody acts, in the words that will be sent."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from notifications.render import Message, Unwritable, render
from office.access.people import Person
from office.notices.notice_words import KINDS
from office.running.installation import Office
from workflow import clock
from workflow.context import Context, context_of
from workflow.errors import BadInput
from workflow.models import Notice, NoticeStatus, Sweep
from workflow.preview import preview

#: Days ahead that a page looks.
FARTHEST = 400


@dataclass(frozen=True, slots=True)
class Planned:
    """One notice as it will go out."""

    recipient_id: str
    recipient: str
    kind: str
    reachable: bool
    payload: Mapping[str, Any] = field(repr=False)

    @property
    def label(self) -> str:
        return KINDS.get(self.kind, "其他通知")

    @property
    def message(self) -> Message:
        """Written when it is looked at: a long preview shows few of its letters at a time."""
        try:
            return render(self.kind, self.payload)
        except Unwritable as problem:
            return Message(str(problem), f"{problem}\n")


@dataclass(frozen=True, slots=True)
class Morning:
    """All notices of one working morning."""

    day: date
    notices: tuple[Planned, ...]

    @property
    def unreachable(self) -> int:
        return sum(not notice.reachable for notice in self.notices)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What will be sent from `start` to `until`."""

    start: date
    until: date
    mornings: tuple[Morning, ...]

    @property
    def total(self) -> int:
        return sum(len(morning.notices) for morning in self.mornings)

    @property
    def missing(self) -> list[tuple[str, str, int]]:
        """Recipients without an address: id, name, notices."""
        found = Counter(
            (n.recipient_id, n.recipient) for morning in self.mornings for n in morning.notices if not n.reachable
        )
        return [(organ, name, count) for (organ, name), count in found.most_common()]


def next_morning(session: Session, today: date) -> date:
    """The next working morning that has not been swept yet."""
    last = session.exec(select(func.max(Sweep.as_of))).one()
    first = max(today, last + timedelta(days=1)) if last else today
    return context_of(session).calendar.next_working(first)


def outlook(office: Office, session: Session, until: date, person: Person, to: str = "") -> Outlook:
    """What goes out if nobody acts; an organ sees what is meant for itself. Raises BadInput."""
    start, context = clock.today(), context_of(session)
    if until < start:
        raise BadInput(f"预演到 {until}，早于今天 {start}：请选今天或以后的日期。")
    if (until - start).days > FARTHEST:
        raise BadInput(f"预演最远 {FARTHEST} 天（到 {start + timedelta(days=FARTHEST)}）：请把日期改近一些。")
    wanted = to if person.reads_all else person.organ_id
    by_day: dict[date, list[Planned]] = {}
    for row in preview(session, start, until, reachable=office.reachable(session)):
        if not wanted or row["recipient_id"] == wanted:
            by_day.setdefault(row["planned_on"], []).append(_planned(row, context))
    return Outlook(start, until, tuple(Morning(day, tuple(found)) for day, found in by_day.items()))


def _planned(row: Mapping[str, Any], context: Context) -> Planned:
    name = context.organs.get(row["recipient_id"], "") or "责任单位待明确"
    return Planned(row["recipient_id"], name, row["kind"], row["reachable"], row["payload"])


def recipients(outlooks: Iterable[Outlook]) -> list[tuple[str, str]]:
    """Who is written to, by name."""
    found = {(n.recipient_id, n.recipient) for o in outlooks for m in o.mornings for n in m.notices if n.recipient_id}
    return sorted(found, key=lambda pair: pair[1])


def waiting(session: Session, person: Person) -> int:
    """Notices that were written already and go out with the next delivery, beside those foreseen."""
    query = select(func.count()).select_from(Notice).where(
        col(Notice.status).in_((NoticeStatus.PLANNED, NoticeStatus.FAILED))
    )  # fmt: skip
    if not person.reads_all:
        query = query.where(Notice.recipient_id == person.organ_id)
    return session.exec(query).one()
