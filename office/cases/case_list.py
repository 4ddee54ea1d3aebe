"""整治台账: a page of cases, the most pressing first, in a bounded number of statements, whatever the number of cases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, union_all
from sqlmodel import Session, col

from office.access.people import Person, visible
from office.cases.case_filter import YEARS, Wanted, about_case, grouped, soonest_first, without_day
from office.cases.case_rows import Row, rows_of
from office.cases.tally import Tally
from workflow.context import Context
from workflow.models import Case, Deadline, Mine
from workflow.views import VOID

#: Cases that an export holds in memory at a time.
_CHUNK = 500
#: From here on it costs less to put all cases in order than to walk there.
_DEEP = 2000


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases were found, and how many of them are late or soon due."""

    total: int
    late: int
    soon: int


@dataclass(frozen=True, slots=True)
class CasePage:
    rows: Sequence[Row]
    counts: Counts
    page: int
    size: int


@dataclass(frozen=True, slots=True)
class CaseList:
    """The cases that one person may see and asks for."""

    session: Session
    person: Person
    context: Context
    today: date
    wanted: Wanted

    def page(self, page: int, size: int) -> CasePage:
        """The last page in place of one behind it."""
        counts = self.counts()
        page = max(1, min(page, -(-counts.total // size)))
        return CasePage(self.rows(self._ids((page - 1) * size, size)), counts, page, size)

    def rows(self, ids: Sequence[int]) -> list[Row]:
        return rows_of(self.session, ids, self.context, self.today)

    def all(self) -> Iterator[Row]:
        """Every case found, in order, for an export."""
        ids = self._ids(0, None)
        for start in range(0, len(ids), _CHUNK):
            yield from self.rows(ids[start : start + _CHUNK])

    def ticked(self, numbers: Sequence[str]) -> list[Row]:
        """Of some cases those that the person may see, in the order given."""
        query = (
            select(col(Case.number), col(Case.id)).join(Mine, col(Case.mine_id) == Mine.id)
            .where(col(Case.number).in_(numbers), visible(self.person), col(Case.state) != VOID)
        )  # fmt: skip
        found = {number: case for number, case in self.session.connection().execute(query) if case}
        return self.rows([found[number] for number in dict.fromkeys(numbers) if number in found])

    def counts(self) -> Counts:
        """How many there are, and how many of them are pressing."""
        tally, wanted = Tally(self.session, self.today), replace(self.wanted, sort="due", descending=False)
        who = None if self.person.reads_all else (self.person.id, self.person.organ_id, self.person.role)

        def count(question: Wanted) -> int:
            return tally.count(("cases", who, question), replace(self, wanted=question).found)

        return Counts(count(wanted), *(self._count_due(count, wanted, due) for due in ("late", "soon")))

    def _count_due(self, count: Any, wanted: Wanted, due: str) -> int:
        if wanted.standing == "closed" or (wanted.due and wanted.due != due):
            return 0
        return int(count(replace(wanted, due=due)))

    def found(self, among: Sequence[int] | None = None) -> Select[Any]:
        """The ids of all cases found, or of those among some."""
        if self.wanted.days(self.today):
            return self._dated(deep=True, among=among)
        query = self._from_case(col(Case.id)).where(self._condition)
        return query if among is None else query.where(col(Case.id).in_(among))

    @property
    def _condition(self) -> ColumnElement[bool]:
        if self.person.reads_all:
            return about_case(self.wanted)
        return and_(about_case(self.wanted), visible(self.person))

    @property
    def _is_narrow(self) -> bool:
        """Few cases may fit: a walk would go on and on before it finds a page of them."""
        wanted = self.wanted
        return not self.person.reads_all or any((wanted.procedure, wanted.year, wanted.reads_mine))

    @property
    def _reads_mine(self) -> bool:
        return self.wanted.reads_mine or not self.person.reads_all

    def _from_case(self, *columns: Any) -> Select[Any]:
        return self._with_mine(select(*columns).select_from(Case))

    def _with_mine(self, query: Select[Any]) -> Select[Any]:
        return query.join(Mine, col(Case.mine_id) == Mine.id) if self._reads_mine else query

    def _dated(self, *, deep: bool = False, among: Sequence[int] | None = None) -> Select[Any]:
        """Cases with a day, by their soonest deadline: walked from the front, or all at once for what lies deep."""
        if deep:
            dated, parts = grouped(self.today, self.wanted, among), list[ColumnElement[bool]]()
            case_id, due_on = dated.c.case_id, dated.c.due_on
        else:
            dated, parts = soonest_first(self.today, self.wanted)
            case_id, due_on = col(dated.case_id), col(dated.due_on)
        query = self._with_mine(select(case_id).select_from(dated).join(Case, case_id == Case.id))
        query = query.where(*parts, self._condition)
        return query.order_by(*(key.desc() if self.wanted.descending else key for key in (due_on, case_id)))

    def _number_dated(self) -> int:
        counted = select(func.count()).select_from(self._dated(deep=True).order_by(None).subquery())
        return int(self.session.connection().execute(counted).scalar_one())

    def _ids(self, offset: int, size: int | None) -> list[int]:
        if self.wanted.sort != "due":
            return self._sorted(offset, size)
        if self.wanted.standing == "closed":
            return self._run(self._undated, offset, size)
        if self.wanted.due in ("open", "none"):
            return self._run(self._undated, offset, size)
        found = self._run(self._dated(deep=size is None or offset > _DEEP or self._is_narrow), offset, size)
        if self.wanted.days(self.today) or (size is not None and len(found) == size):
            return found
        dated = offset + len(found) if found else self._number_dated()
        left = None if size is None else size - len(found)
        return found + self._run(self._undated, max(0, offset - dated), left)

    @property
    def _undated(self) -> Select[Any]:
        """What has no day comes after what has one, and closed cases last."""
        query = self._from_case(col(Case.id)).where(self._condition)
        if self.wanted.standing == "closed":
            return query.order_by(col(Case.closed_on).desc(), col(Case.id))
        return query.where(without_day()).order_by(col(Case.closed_on).is_not(None), col(Case.id))

    def _sorted(self, offset: int, size: int | None) -> list[int]:
        """By a column of the case or its mine; where a day is asked for, its deadline is looked up for each."""
        query = select(col(Case.id)).select_from(Case).join(Mine, col(Case.mine_id) == Mine.id).where(self._condition)
        if days := self.wanted.days(self.today):
            soonest = (
                select(func.min(col(Deadline.due_on)))
                .where(col(Deadline.case_id) == Case.id, col(Deadline.status) == "open").scalar_subquery()
            )  # fmt: skip
            query = query.where(
                *(soonest >= day for day in days[:1] if day), *(soonest <= day for day in days[1:] if day)
            )
        keys: dict[str, Any] = {"number": Case.number, "mine": Mine.name, "entered_on": Case.entered_on}
        order = (col(keys[self.wanted.sort]), col(Case.id))
        return self._run(
            query.order_by(*(key.desc() if self.wanted.descending else key for key in order)), offset, size
        )

    def _run(self, query: Select[Any], offset: int, size: int | None) -> list[int]:
        if size is not None:
            query = query.limit(size).offset(offset)
        return list(self.session.connection().execute(query).scalars())


def years(session: Session, today: date) -> list[str]:
    """Years of the plan in which some case falls."""
    facts: Any = col(Case.facts)

    def found(among: Sequence[int] | None) -> Select[Any]:
        queries = [
            select(col(Case.id), facts[name].as_string().label("year")).where(col(Case.state) != VOID) for name in YEARS
        ]
        if among is not None:
            queries = [query.where(col(Case.id).in_(among)) for query in queries]
        return select(union_all(*queries).subquery())

    return sorted(year for year in Tally(session, today).groups("years", found) if year)
