"""What can be done next in a case: who, by when, under which clause, and what stands in the way."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from office.access.people import Person, may_take
from states.due import BASIS_LABELS
from states.facts import Facts
from states.fields import Evidence
from states.kernel import Blocker, Step
from workflow.context import Context
from workflow.decide import missing_evidence, standing_blockers, unissued
from workflow.ledger import ways_ahead
from workflow.views import CaseView, Slot, party_name


@dataclass(frozen=True, slots=True)
class Term:
    """One running deadline in words."""

    trigger: str
    title: str
    due_on: date | None
    days_left: int | None
    provisional: bool
    #: The rule, what kind of ground it has, and where that stands.
    rule: str
    basis: str
    source: str
    opened_on: date
    extendable: bool


@dataclass(frozen=True, slots=True)
class Next:
    """One possible step."""

    step: Step
    lead: str
    cooperating: tuple[str, ...]
    #: Whether the person's organ may take it.
    mine: bool
    #: What must be put right before its form is of any use, and what can be done on the form itself.
    blockers: tuple[Blocker, ...]
    missing: tuple[Evidence, ...]
    term: Term | None

    @property
    def ready(self) -> bool:
        return self.mine and not self.blockers


def next_steps(
    view: CaseView, person: Person, context: Context, today: date, held: AbstractSet[str], issued: Mapping[str, date]
) -> list[Next]:
    """The steps that a person can take in the case's state, the usual way first."""
    if view.closed_on or not view.procedure.knows(view.state):
        return []
    facts = view.judged(context, today)
    steps = [step for step in ways_ahead(view, view.procedure.state(view.state)) if not _elsewhere(step, facts)]
    found = [_next(view, step, person, context, today, held, issued) for step in steps]
    # A way that this case hardly goes (cancelling what is to be changed) is not the next one.
    return sorted(found, key=lambda way: (_never(way.step, facts), way.step.exceptional))


def _never(step: Step, facts: Facts) -> bool:
    return step.due is not None and not step.due.concerns(facts)


def elsewhere(view: CaseView, context: Context, today: date) -> frozenset[str]:
    """Steps out of the case's state that belong to cases of another kind."""
    if not view.procedure.knows(view.state):
        return frozenset()
    facts = view.judged(context, today)
    return frozenset(step.trigger for step in view.procedure.steps_from(view.state) if _elsewhere(step, facts))


def _elsewhere(step: Step, facts: Facts) -> bool:
    """Such as cancelling a permit of another kind: it is always refused here."""
    return _never(step, facts) and any(guard.test(facts) for guard in step.guards)


def _next(
    view: CaseView, step: Step, person: Person, context: Context, today: date, held: AbstractSet[str],
    issued: Mapping[str, date],
) -> Next:  # fmt: skip
    facts = view.judged(context, today)
    slot = next((s for s in view.slots if s.trigger == step.trigger), None)
    wanting = {blocker.missing for blocker in missing_evidence(step, frozenset(held))}
    return Next(
        step, party_name(step.lead, facts, context, view),
        tuple(party_name(party, facts, context, view) for party in step.cooperating),
        may_take(person, view, step, context, today),
        (*standing_blockers(view, step), *unissued(step, issued, {}), *_guards(view, step, context, today)),
        tuple(e for e in step.evidence if f"缺少材料“{e.label}”" in wanting),
        term_of(view, slot, today) if slot else None,
    )  # fmt: skip


class _Watched(dict[str, Any]):
    """Values that remember which of them were asked for."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


def _guards(view: CaseView, step: Step, context: Context, today: date) -> list[Blocker]:
    """What guards object to, but for what is only answered on the step's own form."""
    facts, found = view.judged(context, today), []
    on_form = {field.name for field in step.fields if facts.get(field.name) is None}
    for guard in step.guards:
        watched = _Watched(facts.values)
        blocker = guard.test(replace(facts, values=watched))
        if blocker and not watched.asked & on_form:
            found.append(blocker)
    return found


def term_of(view: CaseView, slot: Slot, today: date) -> Term | None:
    """A running deadline with what it rests on."""
    step = view.procedure.step(slot.trigger)
    if step is None or step.due is None:
        return None
    return Term(
        slot.trigger, step.title, slot.due_on, (slot.due_on - today).days if slot.due_on else None, slot.provisional,
        step.due.text, BASIS_LABELS[step.due.basis], step.due.source, slot.opened_on, step.due.extendable,
    )  # fmt: skip


def terms(view: CaseView, today: date) -> list[Term]:
    """All running deadlines, the soonest first; those without a day last."""
    found = [term for slot in view.slots if (term := term_of(view, slot, today))]
    return sorted(found, key=lambda term: (term.due_on is None, term.due_on or today, term.trigger))
