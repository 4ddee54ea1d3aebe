"""Pure date rules: when a step is due, and what that rests on. No clock, no database.

Fixed days (licence expiry, year end) never move. Periods follow the calendar that is handed in, and
say when they were counted over a year whose holidays are not published yet (暂定).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from states.calendar import Calendar
from states.facts import Facts

#: What a due date rests on. `proposal` is ours: shown as such, never printed in a document.
Basis = Literal["plan", "law", "commitment", "order", "proposal"]
BASIS_LABELS: dict[Basis, str] = {
    "plan": "方案规定", "law": "法律规定", "commitment": "采矿权人承诺", "order": "文书载明", "proposal": "内部建议时限",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DueDate:
    """A computed day, and whether it was counted over unpublished holidays."""

    on: date
    provisional: bool = False


Rule = Callable[[Facts, Calendar], DueDate | None]


@dataclass(frozen=True, slots=True)
class Due:
    """A rule with its words, its ground, and the facts it waits for (None while one is missing)."""

    rule: Rule
    text: str
    basis: Basis
    #: Clause of the plan or article of law; for a proposal, why we propose it.
    source: str
    #: False for what no official may extend (a licence's own expiry).
    extendable: bool = True
    #: True for a period counted in days: a suspension lengthens it; a fixed day stays.
    period: bool = False
    #: Facts, and the values they must have (empty: any), for the deadline to concern a case at all.
    only_for: tuple[tuple[str, str], ...] = ()

    def on(self, facts: Facts, calendar: Calendar) -> DueDate | None:
        return self.rule(facts, calendar)

    def concerns(self, facts: Facts) -> bool:
        """Whether the case can have this deadline; one that waits for a fact still does."""
        return all(facts.text(name) == value if value else facts.get(name) is not None for name, value in self.only_for)


def fixed(name: str) -> Rule:
    """The day that a fact of the plan, mine, case or step names."""

    def rule(facts: Facts, _calendar: Calendar) -> DueDate | None:
        day = facts.date(name)
        return DueDate(day) if day else None

    return rule


def once_signed(name: str) -> Rule:
    """The day that a commitment promises, as soon as its signed scan is on file."""
    promised = fixed(name)

    def rule(facts: Facts, calendar: Calendar) -> DueDate | None:
        return promised(facts, calendar) if facts.date("signed_on") else None

    return rule


def year_end(name: str) -> Rule:
    """31 December of the year that a fact names."""

    def rule(facts: Facts, _calendar: Calendar) -> DueDate | None:
        year = facts.number(name)
        return DueDate(date(int(year), 12, 31)) if year is not None else None

    return rule


def year_start(name: str, *, years_before: int = 0) -> Rule:
    """1 January of the year that a fact names, or of an earlier one."""

    def rule(facts: Facts, _calendar: Calendar) -> DueDate | None:
        year = facts.number(name)
        return DueDate(date(int(year) - years_before, 1, 1)) if year is not None else None

    return rule


def earliest(*rules: Rule) -> Rule:
    """The first of several days; those still unknown do not count."""

    def rule(facts: Facts, calendar: Calendar) -> DueDate | None:
        known = [due for r in rules if (due := r(facts, calendar))]
        return min(known, key=lambda due: due.on) if known else None

    return rule


def working_days(count: int | str, since: str = "") -> Rule:
    """N working days after the day a fact names, or after the state was entered; that day not counted.

    `count` may name a fact that holds the number.
    """

    def rule(facts: Facts, calendar: Calendar) -> DueDate | None:
        start, days = _start(facts, since), _count(facts, count)
        if start is None or days is None:
            return None
        day = calendar.add_working(start, days)
        return DueDate(day, provisional=not (calendar.is_published(start) and calendar.is_published(day)))

    return rule


def natural_days(count: int | str, since: str = "") -> Rule:
    """N days after a day, that day not counted; a last day that is a rest day moves to the next working day."""

    def rule(facts: Facts, calendar: Calendar) -> DueDate | None:
        start, days = _start(facts, since), _count(facts, count)
        if start is None or days is None:
            return None
        last = start + timedelta(days=days)
        day = calendar.next_working(last)
        return DueDate(day, provisional=not (calendar.is_published(last) and calendar.is_published(day)))

    return rule


def _start(facts: Facts, since: str) -> date | None:
    return facts.date(since) if since else facts.today


def _count(facts: Facts, count: int | str) -> int | None:
    if isinstance(count, int):
        return count
    number = facts.number(count)
    return int(number) if number is not None else None
