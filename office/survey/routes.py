"""What the plan's criteria propose for a surveyed mine, with their reasons: a person decides in the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from states.answers import FACTS
from states.registry import PROCEDURES
from states.rules import RuleResult, propose, suggested_routes
from workflow.context import Context
from workflow.models import Case, Mine
from workflow.storage import views
from workflow.views import VOID, CaseView

PROPOSE = "propose_route"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Criteria that fit first, then those still open, then those that do not fit."""

    results: tuple[RuleResult, ...]
    #: Routes that the criteria point to, the severest first; several, or none, are for a person to settle.
    routes: tuple[str, ...]
    #: Facts that would settle what is open: label, and how many criteria wait for it.
    lacking: tuple[tuple[str, int], ...]
    #: The case in which the route is proposed just now; empty elsewhere.
    case: str
    #: The case that the mine has now, where it is not being surveyed any more.
    route: CaseView | None


def proposal(session: Session, mine: Mine, context: Context, today: date) -> Proposal:
    """Judged are the mine's facts with those of its newest running case, as everywhere (`workflow.ledger.criteria`)."""
    view = _view(session, mine)
    values: Mapping[str, Any] = (
        view.values(context) if view else {**context.plan, **mine.facts, "mineral": mine.mineral}
    )
    known = {name: value for name, value in values.items() if value is not None}
    results = propose({**known, "as_of": today, "kind": "mine"}, context.yardsticks)
    order = ("hit", "unknown", "miss")
    waiting = [name for result in results if result.verdict == "unknown" for name in result.needs]
    lacking = {FACTS.get(name, name): waiting.count(name) for name in waiting}
    return Proposal(
        tuple(sorted(results, key=lambda result: order.index(result.verdict))), suggested_routes(results),
        tuple(sorted(lacking.items(), key=lambda pair: -pair[1])),
        view.number if view and view.procedure_id == "intake" and view.state == "surveyed" else "",
        view if view and view.procedure_id != "intake" else None,
    )  # fmt: skip


def _view(session: Session, mine: Mine) -> CaseView | None:
    """The running case of the mine's route or of its survey."""
    query = select(Case).where(
        col(Case.mine_id) == mine.id, col(Case.closed_on).is_(None), col(Case.state) != VOID,
        col(Case.procedure).in_([one.id for one in PROCEDURES.values() if one.kind != "track"]),
    )  # fmt: skip
    newest = session.scalars(query.order_by(col(Case.id).desc())).first()
    return views(session, [newest])[0] if newest else None
