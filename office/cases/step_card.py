"""What somebody sees before they take a step: what it asks for, what stands in its way, who else may take it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from office.access.people import Person, may_take
from states.fields import Evidence, Field
from states.kernel import Blocker, Step
from workflow.context import Context, context_of
from workflow.decide import standing_blockers, unissued
from workflow.models import Attachment
from workflow.settling import issued_days
from workflow.views import CaseView, party_name


class _Read(dict[str, Any]):
    """Values that remember which of them were asked for."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One piece of evidence, and the files that already wait for the step."""

    evidence: Evidence
    held: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A step of a case as the form shows it."""

    step: Step
    lead: str
    cooperating: tuple[str, ...]
    fields: tuple[Field, ...]
    wanted: tuple[Wanted, ...]
    #: What nothing on the form can remove.
    blockers: tuple[Blocker, ...]
    #: What stands in the way until the form is filled in accordingly.
    open: tuple[Blocker, ...]
    to_label: str
    #: Whether the case is where the step begins.
    possible: bool


def card(session: Session, view: CaseView, step: Step, today: date) -> Card:
    """The card of a step of a case that is not void."""
    context = context_of(session)
    facts = view.judged(context, today)
    possible = view.state in step.sources
    blockers, open_ = _blockers(session, view, step, context, today) if possible else ((), ())
    return Card(
        step=step, lead=party_name(step.lead, facts, context, view),
        cooperating=tuple(party_name(party, facts, context, view) for party in step.cooperating),
        fields=tuple(_asked(view, f) for f in step.fields) if step.clock == "extend" else step.fields,
        wanted=_wanted(session, view, step), blockers=blockers, open=open_, possible=possible,
        to_label=view.procedure.state(step.target(view.state)).label,
    )  # fmt: skip


def _blockers(
    session: Session, view: CaseView, step: Step, context: Context, today: date
) -> tuple[tuple[Blocker, ...], tuple[Blocker, ...]]:
    issued = issued_days(session, [view.id], step.settles).get(view.id, {}) if step.settles else {}
    fixed = [*standing_blockers(view, step), *unissued(step, issued, {})]
    open_: list[Blocker] = []
    typed = {f.name for f in step.fields}
    facts = view.judged(context, today)
    for guard in step.guards:
        values = _Read(facts.values)
        blocker = guard.test(replace(facts, values=values))
        if blocker:
            (open_ if values.names & typed else fixed).append(blocker)
    return tuple(fixed), tuple(open_)


def _asked(view: CaseView, field: Field) -> Field:
    """The field of an extension that names a deadline becomes a list of those that run and may be moved."""
    if field.name != "deadline":
        return field
    running = {}
    for slot in view.slots:
        step = view.procedure.step(slot.trigger)
        if step and step.due and step.due.extendable:
            running[slot.trigger] = f"{step.title}（现期限 {slot.due_on or '待明确'}）"
    return replace(field, label="调整哪一环节的期限", type="choice", choices=running)


def _wanted(session: Session, view: CaseView, step: Step) -> tuple[Wanted, ...]:
    query = select(Attachment.evidence, Attachment.filename).where(
        Attachment.case_id == view.id, col(Attachment.event_seq).is_(None)
    )
    held: dict[str, list[str]] = {}
    for name, filename in session.exec(query):
        held.setdefault(name, []).append(filename)
    return tuple(Wanted(evidence, tuple(held.get(evidence.name, ()))) for evidence in step.evidence)


def ways(person: Person, view: CaseView, context: Context, today: date) -> list[Step]:
    """The steps that a person may take where the case stands, the usual way first."""
    found = [
        step for step in view.procedure.steps_from(view.state)
        if not step.by_clock and not step.clock and may_take(person, view, step, context, today)
    ]  # fmt: skip
    return sorted(found, key=lambda step: step.exceptional)
