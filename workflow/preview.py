"""发件预演 (N4): every notice until a day if nobody acts, from the very planner that the sweep uses."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from workflow.context import Context, context_of
from workflow.errors import BadInput
from workflow.models import Case, Sweep
from workflow.planner import Morning, digests, heartbeat, plan_morning
from workflow.storage import views
from workflow.sweep import Reachable, chain_head, last_result
from workflow.views import CaseView


def preview(
    session: Session, start: date, until: date, *, reachable: Reachable, progress: Callable[[date], None] | None = None
) -> Iterator[Mapping[str, Any]]:
    """Outbox rows in the order in which the mornings would write them; `reachable` is noted on each.

    Assumes that every morning is swept and every notice to a known address is delivered.
    """
    if until < start:
        raise BadInput(f"结束日期 {until} 早于开始日期 {start}，请对调。")
    context = context_of(session)
    open_cases = session.exec(select(Case).where(col(Case.closed_on).is_(None)).order_by(col(Case.id))).all()
    desk = {view.id: view for view in views(session, open_cases)}
    last = session.exec(select(func.max(Sweep.as_of))).one()
    previous = last_result(session, last)
    lapsed_chain = chain_head(session)
    day = start
    while day <= until:
        if context.calendar.is_working(day) and (last is None or day > last):
            rows, previous = _morning(desk, context, day, reachable, previous, lapsed_chain)
            yield from rows
        if progress:
            progress(day)
        day += timedelta(days=1)


def _morning(
    desk: dict[int, CaseView], context: Context, day: date, reachable: Reachable,
    previous: Mapping[str, Any] | None, chain: str,
) -> tuple[list[Mapping[str, Any]], Mapping[str, Any]]:  # fmt: skip
    due = [v for v in desk.values() if any(s.next_on and s.next_on <= day for s in v.slots)]
    morning = plan_morning(due, context, day)
    _apply(desk, morning)
    rows = [*morning.lapse_notices, *digests(morning, context)]
    silent = {row["recipient_id"] for row in rows if not reachable(row["recipient_id"], day)}
    slip = heartbeat(morning, len(rows), silent, previous, chain, context)
    no_contact = sum(row["recipient_id"] in silent for row in rows)
    result = {"as_of": day.isoformat(), "planned": len(rows), "sent": len(rows) - no_contact, "failed": 0,
              "doubtful": 0, "no_contact": no_contact}  # fmt: skip
    return [{**row, "reachable": reachable(row["recipient_id"], day)} for row in (*rows, slip)], result


def _apply(desk: dict[int, CaseView], morning: Morning) -> None:
    """Plays the morning into the views, as the sweep writes it into the database."""
    for change in morning.lapses:
        desk[change.after.id] = change.after
    for look in morning.looked:
        view = desk[look.case.id]
        slots = tuple(look.after if s.trigger == look.before.trigger else s for s in view.slots)
        desk[view.id] = replace(view, slots=slots)
    for change in morning.lapses:
        if desk[change.after.id].closed_on:
            del desk[change.after.id]
