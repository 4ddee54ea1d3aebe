"""Cases that a step opens: one, or one for each permit or unit; and what a unit's answer leaves behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, select

from states import parties as p
from states.guards import objecting
from states.kernel import Blocker, Opens
from workflow.context import Context
from workflow.decide import Change
from workflow.errors import StepRefused
from workflow.models import Case, Opinion, Permit
from workflow.registrars import canceller
from workflow.views import VOID, Actor, CaseView, resolve


@dataclass(frozen=True, slots=True)
class Child:
    """A case to be opened by a step."""

    procedure: str
    parent: CaseView
    actor: Actor
    day: date
    facts: Mapping[str, Any]
    subject: str
    step_title: str
    asks_opinion: bool = False


def children_of(session: Session, change: Change, context: Context) -> list[Child]:
    """What a step opens. Raises StepRefused when a unit that must be asked is not known."""
    return [child for opens in change.opens for child in _children(session, change, opens, context)]


def _children(session: Session, change: Change, opens: Opens, context: Context) -> list[Child]:
    values = change.after.values(context)
    carried = {name: values[name] for name in opens.carry if values.get(name) not in (None, "")}

    def child(facts: Mapping[str, Any], subject: str = "", *, asks: bool = False) -> Child:
        return Child(
            opens.procedure, change.after, change.entry.actor, change.entry.occurred_on,
            {**carried, **dict(opens.given), **facts}, subject,
            change.step.title, asks,
        )  # fmt: skip

    if opens.each == "permit":
        return [
            child(_permit_facts(permit, context), f"permit:{permit.id}") for permit in _open_permits(session, change)
        ]
    if opens.each == "survey_unit":
        units = _survey_units(change, context)
    elif opens.each == "objecting_unit":
        facts = change.after.judged(context, change.entry.occurred_on)
        units = [track.subject_id for track in objecting(facts)]
    else:
        return [child({})]
    request = f"{change.after.mine.name}：拟设采矿权联合踏勘意见"
    return [
        child({"subject_id": unit, "purpose": "survey", "request": request}, f"organ:{unit}", asks=True)
        for unit in units
    ]


def _permit_facts(permit: Permit, context: Context) -> dict[str, Any]:
    registrar = canceller(permit, context.organs)
    facts = {"permit_kind": permit.kind, "permit_number": permit.number, "registrar_id": registrar}
    if permit.valid_to:
        facts["permit_valid_to"] = permit.valid_to.isoformat()
    return facts


def _open_permits(session: Session, change: Change) -> list[Permit]:
    """The mine's permits that no case deals with yet."""
    permits = session.exec(select(Permit).where(Permit.mine_id == change.after.mine.id)).all()
    busy = set(
        session.exec(
            select(Case.subject).where(
                Case.mine_id == change.after.mine.id, Case.procedure == "permit", Case.state != VOID
            )
        )
    )
    return [permit for permit in permits if f"permit:{permit.id}" not in busy]


def _survey_units(change: Change, context: Context) -> list[str]:
    facts = change.after.judged(context, change.entry.occurred_on)
    units = [(party, resolve(party, facts)) for party in p.SURVEY_UNITS]
    unknown = [party.name for party, organ in units if not organ]
    if unknown:
        raise StepRefused(
            change.step.title,
            (Blocker(f"{'、'.join(unknown)}尚未登记，无法征求意见", p.NATURAL_RESOURCES.name, "四(二)6¶2"),),
        )
    return [organ for _, organ in units]


def take_answer(session: Session, change: Change) -> None:
    """Keeps the opinion beside its referral in step with what the unit answered."""
    opinion = session.exec(select(Opinion).where(Opinion.case_id == change.after.id)).first()
    if opinion is None:
        return
    if change.step.trigger == "reply":
        opinion.answer = str(change.given["answer"])
        opinion.text = str(change.given["opinion"])
        opinion.answered_on = date.fromisoformat(str(change.given["answered_on"]))
    elif change.step.trigger == "return_reply":
        opinion.answer, opinion.text, opinion.answered_on = None, "", None
    session.add(opinion)
    session.flush()
