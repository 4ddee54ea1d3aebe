"""我的待办: the cases that wait for an organ, as one condition that the database answers."""

from collections import defaultdict
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_
from sqlmodel import col

from states import parties as p
from states.kernel import Procedure, Step
from states.parties import Party
from states.registry import PROCEDURES
from workflow.models import Case, Mine

#: Roles outside the office's reach; who is told in their place is as in `workflow.views.told`.
_OUTSIDE = (p.HOLDER, p.REGISTRAR, p.THIRD_PARTY, p.TRANSFEROR)


def usual_step(procedure: Procedure, state: str) -> Step | None:
    """The step that a case in this state waits for; None where it waits for nobody."""
    steps = [s for s in procedure.steps_from(state) if not s.clock and not s.by_clock]
    return min(steps, key=lambda s: s.exceptional) if steps else None


def asked(step: Step) -> Party:
    """Who is asked to see to a step."""
    if step.lead not in _OUTSIDE:
        return step.lead
    return next((party for party in step.cooperating if party not in _OUTSIDE), p.GROUP_OFFICE)


def helpers(step: Step) -> tuple[Party, ...]:
    """Who helps with a step beside the one who is asked."""
    return tuple(party for party in step.cooperating if party != asked(step) and party not in _OUTSIDE)


@cache
def _places(*, helping: bool) -> dict[Party, dict[str, tuple[str, ...]]]:
    """Party -> procedure -> states in which a case waits for it, or for a step that it helps with."""
    found: dict[Party, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for procedure in PROCEDURES.values():
        for state in procedure.states:
            step = None if state.final else usual_step(procedure, state.id)
            for party in () if step is None else helpers(step) if helping else (asked(step),):
                found[party][procedure.id].append(state.id)
    return {party: {name: tuple(states) for name, states in places.items()} for party, places in found.items()}


def waits_for(organ_id: str, *, helping: bool = False) -> ColumnElement[bool]:
    """The open cases that wait for an organ, as a condition on `Case` joined with `Mine`.

    With `helping` those in whose next step it cooperates.
    """
    ways = [
        and_(
            condition,
            or_(*(and_(col(Case.procedure) == name, col(Case.state).in_(states)) for name, states in at.items())),
        )
        for party, at in _places(helping=helping).items()
        if (condition := _is(party, organ_id, helping=helping)) is not None
    ]
    return and_(col(Case.closed_on).is_(None), or_(*ways)) if ways else false()


def _is(party: Party, organ_id: str, *, helping: bool) -> Any:
    if not party.is_role:
        return Case.id == Case.id if party.id == organ_id else None
    if party is p.TOWNSHIP:
        # As long as nobody has said which township leads, the office is asked to find out.
        return col(Mine.township_id) == ("" if organ_id == p.GROUP_OFFICE.id and not helping else organ_id)
    if party is p.VILLAGE:
        return col(Mine.village_id) == organ_id
    facts: Any = col(Case.facts)
    named = facts[party.fact].as_string()
    if party is p.ENFORCER and organ_id == p.NATURAL_RESOURCES.id:
        # As long as nobody has said who enforces, the bureau is asked to.
        return or_(named == organ_id, func.coalesce(named, "") == "")
    return named == organ_id
