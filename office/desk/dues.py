"""Due days as the database counts them: the soonest of a case, how a case stands, and who is asked to see to it."""

from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, func, literal, select
from sqlalchemy import case as when
from sqlmodel import col

from office.cases.todo import asked
from states import parties as p
from states.parties import Party
from states.registry import PROCEDURES
from workflow.models import Case, Deadline, Mine

#: A case that falls due within so many days is pressing (临期).
SOON = 30
_ROLES = (p.TOWNSHIP, p.VILLAGE)


def soonest() -> FromClause:
    """For each case with a dated open deadline the first due day, as `case_id` and `due_on`."""
    return (
        select(col(Deadline.case_id).label("case_id"), func.min(Deadline.due_on).label("due_on"))
        .where(col(Deadline.status) == "open", col(Deadline.due_on).is_not(None))
        .group_by(col(Deadline.case_id))
        .subquery("soonest")
    )


def standing_of(due_on: ColumnElement[Any], today: date) -> ColumnElement[str]:
    """late, soon, fine, or none where no day is known or the clock is halted."""
    return when(
        (col(Case.suspended_on).is_not(None), "none"), (due_on.is_(None), "none"), (due_on < today, "late"),
        (due_on <= today + timedelta(SOON), "soon"), else_="fine",
    )  # fmt: skip


def running() -> ColumnElement[bool]:
    """Deadlines that count just now, as a condition on `Deadline` joined with `Case`."""
    return and_(
        col(Deadline.status) == "open", col(Deadline.due_on).is_not(None), col(Case.closed_on).is_(None),
        col(Case.suspended_on).is_(None),
    )  # fmt: skip


def answers_for() -> ColumnElement[str]:
    """The organ that is asked to see to a deadline, from `Deadline`, `Case` and `Mine`; empty while it is not known."""
    branches = [
        (and_(col(Case.procedure) == procedure, col(Deadline.trigger).in_(triggers)), organ_of(party))
        for (party, procedure), triggers in _asked_for().items()
    ]
    return when(*branches, else_="")


def organ_of(party: Party) -> ColumnElement[str]:
    """The organ behind a party of a case, as `workflow.views.told` finds it."""
    if not party.is_role:
        return literal(party.id)
    if party in _ROLES:
        column: Any = col(Mine.township_id) if party is p.TOWNSHIP else col(Mine.village_id)
        return func.coalesce(column, "")
    facts: Any = col(Case.facts)
    unknown = p.NATURAL_RESOURCES.id if party is p.ENFORCER else ""
    return func.coalesce(func.nullif(facts[party.fact].as_string(), ""), unknown)


@cache
def _asked_for() -> dict[tuple[Party, str], tuple[str, ...]]:
    """Party and procedure -> triggers of the timed steps that it is asked to see to."""
    found: dict[tuple[Party, str], list[str]] = {}
    for procedure in PROCEDURES.values():
        for step in procedure.steps:
            if step.due:
                found.setdefault((asked(step), procedure.id), []).append(step.trigger)
    return {key: tuple(triggers) for key, triggers in found.items()}
