"""统计分析: how the cases stand, counted by what they are about. Every question is one statement over all cases."""

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, extract, func, select, true
from sqlmodel import Session, col

from office.access.people import Person, visible
from office.desk.desk_board import ROUTES
from office.desk.dues import soonest, standing_of
from workflow.models import Case, Mine
from workflow.views import VOID


@dataclass(slots=True)
class Standings:
    """Cases by how they stand; each is counted once."""

    late: int = 0
    soon: int = 0
    fine: int = 0
    #: Open without a day: not known yet, none in the plan, or halted.
    none: int = 0
    finished: int = 0

    @property
    def open(self) -> int:
        return self.late + self.soon + self.fine + self.none

    @property
    def total(self) -> int:
        return self.open + self.finished


def counted(person: Person) -> ColumnElement[bool]:
    """Cases that figures are made of, on `Case` joined with `Mine`: what was opened by mistake is none."""
    return and_(col(Case.state) != VOID, visible(person))


def by_procedure(session: Session, person: Person, today: date) -> dict[str, Standings]:
    """Procedure -> its cases, tracks too."""
    return _by(session, person, today, col(Case.procedure), true())


def by_township(session: Session, person: Person, today: date) -> dict[str, Standings]:
    """Organ id of the township (empty while unknown) -> cases of a route, those with most first."""
    return _most_first(_by(session, person, today, col(Mine.township_id), _main()))


def by_mineral(session: Session, person: Person, today: date) -> dict[str, Standings]:
    """Mineral (empty while unknown) -> cases of a route, those with most first."""
    return _most_first(_by(session, person, today, col(Mine.mineral), _main()))


def together(found: dict[str, Standings]) -> Standings:
    """The sum of all rows."""
    names = [one.name for one in fields(Standings)]
    return Standings(**{name: sum(getattr(row, name) for row in found.values()) for name in names})


def days_between(start: Any, end: Any) -> ColumnElement[Any]:
    """Days between two days, in words that both databases know."""
    return (extract("epoch", end) - extract("epoch", start)) / 86400


def _main() -> ColumnElement[bool]:
    return col(Case.procedure).in_(ROUTES)


def _most_first(found: dict[str, Standings]) -> dict[str, Standings]:
    return dict(sorted(found.items(), key=lambda item: (not item[0], -item[1].total, item[0])))


def _by(session: Session, person: Person, today: date, key: Any, which: ColumnElement[bool]) -> dict[str, Standings]:
    first = soonest()
    standing = case(
        (col(Case.closed_on).is_not(None), "finished"), else_=standing_of(first.c.due_on, today)
    ).label("standing")  # fmt: skip
    query = (
        select(key, standing, func.count()).select_from(Case).join(Mine, col(Case.mine_id) == Mine.id)
        .outerjoin(first, first.c.case_id == Case.id).where(which, counted(person)).group_by(key, standing)
    )  # fmt: skip
    found: dict[str, Standings] = defaultdict(Standings)
    for name, stands, number in session.execute(query):
        setattr(found[name], stands, number)
    return dict(found)
