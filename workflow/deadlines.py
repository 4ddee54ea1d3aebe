"""Which deadlines run after a step, and when each is next looked at. Pure.

A deadline is never edited in place: a recomputed day is a move with a reason, kept in `deadline_change`.
"""

from dataclasses import dataclass, replace
from datetime import date

from states.due import DueDate
from states.facts import Facts
from states.kernel import Procedure, Step
from workflow.context import Context
from workflow.ladders import next_on
from workflow.views import CaseView, Slot

#: Fact that holds a day set by hand for a running deadline: `extended:apply_acceptance`.
EXTENDED = "extended:"


@dataclass(frozen=True, slots=True)
class Rearmed:
    """What changes among a case's deadlines."""

    kept: tuple[Slot, ...]
    met: tuple[Slot, ...] = ()
    cancelled: tuple[Slot, ...] = ()
    opened: tuple[Slot, ...] = ()
    #: (before, after)
    moved: tuple[tuple[Slot, Slot], ...] = ()

    @property
    def running(self) -> tuple[Slot, ...]:
        return (*self.kept, *(after for _, after in self.moved), *self.opened)


def due_date(step: Step, facts: Facts, opened_on: date) -> DueDate | None:
    """When a step is due, counted from the day its deadline opened; a day set by hand prevails."""
    assert step.due is not None
    by_hand = facts.date(EXTENDED + step.trigger)
    if by_hand:
        return DueDate(by_hand)
    return step.due.on(replace(facts, today=opened_on), facts.calendar)


def first_look(slot: Slot, context: Context, *, suspended: bool) -> date | None:
    """Day of the next rung; None where none can come."""
    if slot.due_on is None or suspended:
        return None
    return next_on(
        slot.due_on, context.ladders[slot.ladder], context.calendar, reminded=slot.reminded, escalated=slot.escalated
    )


def open_slot(step: Step, facts: Facts, opened_on: date, context: Context, *, suspended: bool = False) -> Slot:
    """The deadline of a step that begins to run."""
    assert step.due is not None
    due = due_date(step, facts, opened_on)
    slot = Slot(
        trigger=step.trigger, opened_on=opened_on, due_on=due.on if due else None, basis=step.due.basis,
        provisional=bool(due and due.provisional), ladder=step.ladder, next_on=None,
    )  # fmt: skip
    return replace(slot, next_on=first_look(slot, context, suspended=suspended))


def recompute(slot: Slot, step: Step, facts: Facts, context: Context, *, suspended: bool) -> Slot:
    """The same deadline after facts or calendar changed. A later day makes its ladder start again."""
    due = due_date(step, facts, slot.opened_on)
    day, provisional = (due.on, due.provisional) if due else (None, False)
    moved = replace(slot, due_on=day, provisional=provisional)
    if day != slot.due_on:
        moved = replace(moved, reminded=None, escalated=None, moves=slot.moves + 1)
    return replace(moved, next_on=first_look(moved, context, suspended=suspended))


def timed(procedure: Procedure, state: str, facts: Facts) -> list[Step]:
    """The steps whose deadlines run in a state of this case."""
    return [step for step in procedure.timed_in(state) if step.due and step.due.concerns(facts)]


def rearm(view: CaseView, facts: Facts, context: Context, *, taken: str, today: date) -> Rearmed:
    """Deadlines after a step: `view` and `facts` are those after it, with the slots from before it."""
    procedure: Procedure = view.procedure
    suspended = view.suspended_on is not None
    wanted = {step.trigger: step for step in timed(procedure, view.state, facts)}
    kept, met, cancelled, moved = [], [], [], []
    for slot in view.slots:
        if slot.trigger == taken:
            met.append(slot)
        elif slot.trigger not in wanted:
            cancelled.append(slot)
        else:
            step = wanted.pop(slot.trigger)
            now = recompute(slot, step, facts, context, suspended=suspended)
            (kept.append(slot) if now == slot else moved.append((slot, now)))
    opened = [open_slot(step, facts, today, context, suspended=suspended) for step in wanted.values()]
    return Rearmed(tuple(kept), tuple(met), tuple(cancelled), tuple(opened), tuple(moved))
