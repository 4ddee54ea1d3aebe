"""Which cases a person wants to see, as conditions that the database answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import col

from states import parties as p
from states.registry import PROCEDURES
from workflow.models import Case, Deadline, Document, Mine, Permit
from workflow.views import VOID

Sort = Literal["due", "number", "mine", "entered_on"]
#: How a case stands to its deadline; each case is in exactly one of them.
DUES = {
    "late": "逾期", "soon": "30日内", "fine": "正常", "open": "待明确", "none": "未规定期限", "suspended": "已中止",
}  # fmt: skip
STANDINGS = {"open": "在办", "closed": "办结", "all": "全部"}
SOON = timedelta(days=30)
#: In place of an organ: whoever holds the mining right of the case's mine.
HOLDER = "holder"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for; empty means all. Equal questions are equal, so that counts can be kept."""

    text: str = ""
    procedure: str = ""
    state: str = ""
    township: str = ""
    due: str = ""
    year: str = ""
    standing: str = "open"
    lead: str = ""
    due_from: date | None = None
    due_to: date | None = None
    sort: Sort = "due"
    descending: bool = False

    @property
    def reads_mine(self) -> bool:
        """Whether the conditions need the mine's row."""
        return bool(self.text or self.township or self.lead)

    def days(self, today: date) -> tuple[date | None, date | None] | None:
        """First and last day on which the soonest deadline may lie; None where any case will do."""
        low, high = {
            "late": (None, today - timedelta(days=1)), "soon": (today, today + SOON),
            "fine": (today + SOON + timedelta(days=1), None),
        }.get(self.due, (None, None))  # fmt: skip
        lows = [day for day in (low, self.due_from) if day]
        highs = [day for day in (high, self.due_to) if day]
        return (max(lows, default=None), min(highs, default=None)) if lows or highs else None


def passed(before: date, now: date) -> list[list[ColumnElement[bool]]]:
    """Conditions on `Deadline`: those that are late, or within 30 days, on one of two days and not on the other."""
    first, last = sorted((before, now))
    day, running = col(Deadline.due_on), col(Deadline.status) == "open"
    return [[running, day >= first, day < last], [running, day > first + SOON, day <= last + SOON]]


def about_case(wanted: Wanted) -> ColumnElement[bool]:
    """Everything but the days of deadlines, on `Case` (joined with `Mine` where `reads_mine`)."""
    parts = [*_standing(wanted), *_due(wanted)]
    if wanted.procedure:
        parts.append(col(Case.procedure) == wanted.procedure)
    if wanted.state:
        parts.append(col(Case.state) == wanted.state)
    if wanted.township:
        parts.append(col(Mine.township_id) == wanted.township)
    if wanted.year:
        parts.append(in_year(wanted.year))
    if wanted.lead:
        parts.append(led_by(wanted.lead))
    if wanted.text:
        parts.append(mentions(wanted.text))
    return and_(*parts)


def _standing(wanted: Wanted) -> list[ColumnElement[bool]]:
    if wanted.standing == "open":
        # A case of an entry taken back is closed, so this leaves it out as well, and the index answers it.
        return [col(Case.closed_on).is_(None)]
    there = col(Case.state) != VOID
    return [there, col(Case.closed_on).is_not(None)] if wanted.standing == "closed" else [there]


def _due(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What the case itself says of its deadline; the days are asked of the deadlines."""
    if not wanted.due:
        return []
    suspended = col(Case.suspended_on)
    if wanted.due == "suspended":
        return [suspended.is_not(None)]
    undated = [col(Case.closed_on).is_(None), _undated(wanted.due)] if wanted.due in ("open", "none") else []
    return [suspended.is_(None), *undated]


def _undated(due: str) -> ColumnElement[bool]:
    running = exists().where(col(Deadline.case_id) == Case.id, runs(Deadline))
    return and_(running, without_day()) if due == "open" else ~running


def without_day() -> ColumnElement[bool]:
    """No running deadline of the case has a day."""
    return ~exists().where(col(Deadline.case_id) == Case.id, runs(Deadline), col(Deadline.due_on).is_not(None))


def runs(deadline: Any) -> ColumnElement[bool]:
    """The deadline runs; for looking at the deadlines of one case.

    Not `status = 'open'`: SQLite would take that for a look into the index of all running deadlines.
    """
    return func.coalesce(col(deadline.status), "") == "open"


def mentions(text: str) -> ColumnElement[bool]:
    """Name, holder or code of the mine, number of the case, of a permit or of a document holds the text."""

    def holds(column: Any) -> ColumnElement[bool]:
        return col(column).icontains(text, autoescape=True)

    return or_(
        holds(Mine.name), holds(Mine.holder), holds(Mine.code), holds(Case.number),
        exists(select(col(Permit.id)).where(col(Permit.mine_id) == Mine.id, holds(Permit.number))),
        exists(select(col(Document.id)).where(col(Document.case_id) == Case.id, holds(Document.number))),
    )  # fmt: skip


def in_year(year: str) -> ColumnElement[bool]:
    facts: Any = col(Case.facts)
    return or_(*(facts[name].as_string() == year for name in YEARS))


#: Facts that put a case into a year of the plan.
YEARS = ("exit_year", "transfer_year")


def leads() -> tuple[str, ...]:
    """Organs with a fixed name that lead some state, in the order of the plan."""
    found = {state.lead.id for procedure in PROCEDURES.values() for state in procedure.states if state.lead}
    return tuple(party.id for party in p.FIXED if party.id in found)


def led_by(organ: str) -> ColumnElement[bool]:
    """Cases in whose state an organ must act, as the column 责任单位 shows it."""
    ways = [
        and_(col(Case.procedure) == procedure.id, col(Case.state) == state.id, is_it)
        for procedure in PROCEDURES.values()
        for state in procedure.states
        if state.lead and (is_it := _is(state.lead, organ)) is not None
    ]
    return or_(*ways) if ways else false()


def _is(party: p.Party, organ: str) -> ColumnElement[bool] | None:
    if party is p.HOLDER or not party.is_role:
        return true() if party.id == organ else None
    if party in (p.TOWNSHIP, p.VILLAGE):
        column = Mine.township_id if party is p.TOWNSHIP else Mine.village_id
        return col(column) == organ
    facts: Any = col(Case.facts)
    return facts[party.fact].as_string() == organ  # type: ignore[no-any-return]


def soonest_first(today: date, wanted: Wanted) -> tuple[Any, list[ColumnElement[bool]]]:
    """A deadline and the conditions under which it is the soonest running one of its case, on the wanted days.

    The list walks the index of deadlines with them: no sorting, and it stops when the page is full.
    """
    soonest, other = aliased(Deadline), aliased(Deadline)
    earlier = col(other.due_on) < soonest.due_on
    same_day = and_(col(other.due_on) == soonest.due_on, col(other.id) < soonest.id)
    sooner = exists().where(col(other.case_id) == soonest.case_id, runs(other), or_(earlier, same_day))
    parts = [col(soonest.status) == "open", col(soonest.due_on).is_not(None), ~sooner]
    low, high = wanted.days(today) or (None, None)
    if low:
        parts.append(col(soonest.due_on) >= low)
    if high:
        parts.append(col(soonest.due_on) <= high)
    return soonest, parts


def grouped(today: date, wanted: Wanted, among: Sequence[int] | None = None) -> Any:
    """Each case with its soonest day, if that is one of the wanted days: the whole list at once, for what lies deep in it."""
    soonest = func.min(col(Deadline.due_on))
    which = (
        [col(Deadline.status) == "open"] if among is None else [runs(Deadline), col(Deadline.case_id).in_(among)]
    )  # fmt: skip
    query = select(col(Deadline.case_id), soonest.label("due_on")).where(*which, col(Deadline.due_on).is_not(None))
    low, high = wanted.days(today) or (None, None)
    if high:
        query = query.where(col(Deadline.due_on) <= high)
    query = query.group_by(col(Deadline.case_id))
    return (query.having(soonest >= low) if low else query).subquery()
