"""工作台: the figures of the first page, each a question that the database answers over all cases at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case as when
from sqlalchemy import func, select
from sqlmodel import Session, col

from office.access.people import Person, visible
from office.cases.open_values import still_open
from office.cases.todo import waits_for
from office.desk.dues import SOON, running, soonest, standing_of
from states.registry import PROCEDURES
from workflow.beat import NAME as HEARTBEAT
from workflow.context import Context
from workflow.models import Beat, Case, Deadline, Mine, Notice, NoticeStatus, OpenValue, Sweep
from workflow.sweep import last_result

ROUTES = tuple(procedure.id for procedure in PROCEDURES.values() if procedure.kind == "route")
#: States of a new right from its sale on: the annex names the year of the transfer, not of the production.
TRANSFERRED = (
    "sold", "contracted", "right_registered", "licensed", "approved_to_build", "constructing", "built", "producing",
)  # fmt: skip
#: Route -> the fact that holds its year in the annex, and the states in which its duty is done.
_TARGETS: dict[str, tuple[str, tuple[str, ...]]] = {
    "closure": ("exit_year", ("archived",)), "guided_exit": ("exit_year", ("archived",)),
    "new_right": ("transfer_year", TRANSFERRED),
}  # fmt: skip
#: States in which a case has left its route: its duty has moved to another case, or has gone.
_LEFT = ("delisted", "rerouted", "converted_to_closure", "converted_to_upgrade", "withdrawn", "void")


@dataclass(slots=True)
class Figures:
    """How the open cases stand that a person may see."""

    open: int = 0
    routes: int = 0
    waiting: int = 0
    late: int = 0
    soon: int = 0
    fine: int = 0
    #: Without a day just now: not known yet, none in the plan, or halted.
    none: int = 0
    next_due: date | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What an annex wants of one route in one year."""

    year: int
    procedure: str
    title: str
    finished: int
    total: int


@dataclass(frozen=True, slots=True)
class Slip:
    """日报条: what became of the latest morning, and whether the scheduler is at work."""

    as_of: date | None
    counts: Mapping[str, Any]
    result: Mapping[str, Any]
    beat: Beat | None


def figures(session: Session, person: Person, today: date) -> Figures:
    first = soonest()
    standing = standing_of(first.c.due_on, today)
    ahead = when((standing.in_(("soon", "fine")), first.c.due_on))
    query = (
        select(
            col(Case.procedure), standing.label("standing"), func.count(), func.min(ahead),
            func.count(when((waits_for(person.organ_id), 1))),
        )
        .select_from(Case).join(Mine, col(Case.mine_id) == Mine.id)
        .outerjoin(first, first.c.case_id == Case.id)
        .where(col(Case.closed_on).is_(None), visible(person))
        .group_by(col(Case.procedure), standing)
    )  # fmt: skip
    found = Figures()
    for procedure, stands, count, due_on, waiting in session.execute(query):
        found.open += count
        found.routes += count if procedure in ROUTES else 0
        found.waiting += waiting
        setattr(found, stands, getattr(found, stands) + count)
        found.next_due = min(filter(None, (found.next_due, due_on)), default=None)
    return found


@dataclass(frozen=True, slots=True)
class DueDay:
    """One running deadline in words."""

    id: int
    number: str
    mine: str
    procedure: str
    trigger: str
    due_on: date
    days_left: int
    provisional: bool

    @property
    def title(self) -> str:
        step = PROCEDURES[self.procedure].step(self.trigger)
        return step.title if step else self.trigger


DUE_COLUMNS = (
    col(Deadline.id), col(Case.number), col(Mine.name), col(Case.procedure), col(Deadline.trigger), col(Deadline.due_on),
    col(Deadline.provisional),
)  # fmt: skip


def due_day(row: Sequence[Any], today: date) -> DueDay:
    """A row of DUE_COLUMNS."""
    key, number, mine, procedure, trigger, due_on, provisional = row
    return DueDay(key, number, mine, procedure, trigger, due_on, (due_on - today).days, provisional)


def pressing(session: Session, person: Person, today: date, limit: int = 5) -> list[DueDay]:
    """The deadlines that fall due first."""
    query = (
        select(*DUE_COLUMNS).select_from(Deadline).join(Case, col(Deadline.case_id) == Case.id)
        .join(Mine, col(Case.mine_id) == Mine.id).where(running(), visible(person))
        .order_by(col(Deadline.due_on), col(Deadline.case_id), col(Deadline.id)).limit(limit)
    )  # fmt: skip
    return [due_day(row, today) for row in session.execute(query)]


def townships(session: Session, person: Person) -> dict[str, dict[str, int]]:
    """Township (empty while unknown) -> route -> open cases; those with most cases first."""
    query = (
        select(col(Mine.township_id), col(Case.procedure), func.count()).select_from(Case)
        .join(Mine, col(Case.mine_id) == Mine.id)
        .where(col(Case.closed_on).is_(None), col(Case.procedure).in_(ROUTES), visible(person))
        .group_by(col(Mine.township_id), col(Case.procedure))
    )  # fmt: skip
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for township, procedure, count in session.execute(query):
        found[township][procedure] = count
    return dict(sorted(found.items(), key=lambda item: (not item[0], -sum(item[1].values()), item[0])))


def targets(session: Session, person: Person) -> list[Target]:
    """年度任务 of the annexes, by year and route. A case that has left its route does not count."""
    facts: Any = col(Case.facts)
    year = when(*((col(Case.procedure) == name, facts[fact].as_string()) for name, (fact, _) in _TARGETS.items()))
    done = when(*((col(Case.procedure) == name, col(Case.state).in_(ends)) for name, (_, ends) in _TARGETS.items()))
    query = (
        select(year, col(Case.procedure), done, func.count()).select_from(Case)
        .join(Mine, col(Case.mine_id) == Mine.id)
        .where(col(Case.procedure).in_(tuple(_TARGETS)), col(Case.state).not_in(_LEFT), visible(person))
        .group_by(year, col(Case.procedure), done)
    )  # fmt: skip
    counted: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    for named, procedure, finished, count in session.execute(query):
        if named is not None:
            row = counted[(int(float(named)), procedure)]
            row[0] += count if finished else 0
            row[1] += count
    order = list(_TARGETS)
    return [
        Target(year, procedure, PROCEDURES[procedure].title, *counted[(year, procedure)])
        for year, procedure in sorted(counted, key=lambda key: (key[0], order.index(key[1])))
    ]


def slip(session: Session) -> Slip:
    """The latest sweep with what became of its notices."""
    row = session.scalars(select(Sweep).order_by(col(Sweep.as_of).desc()).limit(1)).first()
    result = last_result(session, row.as_of) if row else None
    return Slip(row.as_of if row else None, row.counts if row else {}, result or {}, session.get(Beat, HEARTBEAT))


def troubles(session: Session, person: Person) -> dict[str, int]:
    """Notices whose fate is doubtful or that nobody can be sent, and values that nobody has named yet.

    The office and the leaders see all of them, an organ those that concern it.
    """
    asked = (NoticeStatus.DOUBTFUL.value, NoticeStatus.NO_CONTACT.value, NoticeStatus.DEAD.value)
    notices = select(col(Notice.status), func.count()).where(col(Notice.status).in_(asked)).group_by(col(Notice.status))
    values = select(func.count()).select_from(OpenValue).where(still_open(session))
    if not person.reads_all:
        notices = notices.where(col(Notice.recipient_id) == person.organ_id)
        values = values.where(col(OpenValue.asked_of) == person.organ_id)
    counted = {str(status): count for status, count in session.execute(notices)}
    return {**{name: counted.get(name, 0) for name in asked}, "open_values": session.scalar(values) or 0}


def short_name(context: Context, organ_id: str) -> str:
    """河北镇 for 阳城县河北镇人民政府; what to say while the township is unknown."""
    if not organ_id:
        return "乡镇待明确"
    name = context.organs.get(organ_id, organ_id)
    county = str(context.plan.get("county", ""))
    return name.removeprefix(county).removesuffix("人民政府") or name


def coming(today: date) -> tuple[date, date]:
    """First and last day of what counts as pressing."""
    return today, today + timedelta(SOON)
