"""Who a person at the screens is, which cases they may see and which steps they may take.

Rights come from the cards: who leads a step or cooperates in it may see and act. Nothing is granted by hand but
the role. A case that somebody may not see does not exist for them.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, get_args

from sqlalchemy import ColumnElement, exists, false, or_, select, true
from sqlmodel import Session, col

from states import parties as p
from states.kernel import Step
from states.parties import Party
from states.registry import PROCEDURES
from workflow.context import Context
from workflow.decide import may_act
from workflow.errors import NotFound
from workflow.models import Case, CasePerson, Delegation, Event, Mine, Organ, User
from workflow.models.people import Role
from workflow.views import Actor, CaseView

ROLES: tuple[Role, ...] = get_args(Role)
ROLE_LABELS: dict[Role, str] = {
    "office": "工作组办公室", "clerk": "单位经办人", "head": "单位负责人", "township": "乡镇", "leader": "领导",
    "sysadmin": "系统管理员", "secadmin": "安全管理员", "auditor": "审计管理员",
}  # fmt: skip
#: Who works on cases, who only reads them, and who keeps the system and sees no case (三员分立).
HANDLERS: tuple[Role, ...] = ("office", "clerk", "head", "township")
READERS: tuple[Role, ...] = (*HANDLERS, "leader")
ADMINISTRATORS: tuple[Role, ...] = ("sysadmin", "secadmin", "auditor")
#: Facts of a case that name an organ with a part in it.
_NAMED_IN_CASE = ("enforcer", "transferor", "registrar_id", "subject_id")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in, and for whom they act just now."""

    id: str
    name: str
    role: Role
    organ_id: str
    organ: str
    #: Name and account of whom the person stands in for; empty when they act for themselves.
    stands_in_for: str = ""
    stands_in_for_id: str = ""

    @property
    def actor(self) -> Actor:
        return Actor(self.id, self.organ_id, self.stands_in_for_id)

    @property
    def reads_cases(self) -> bool:
        return self.role in READERS

    @property
    def handles_cases(self) -> bool:
        return self.role in HANDLERS

    @property
    def reads_all(self) -> bool:
        return self.reads_cases and (self.role in ("office", "leader") or self.organ_id in p.ABOVE)

    @property
    def is_office(self) -> bool:
        return self.role == "office"


def person_of(session: Session, account: str) -> Person:
    """Raises NotFound for an account that does not exist or is switched off."""
    found = session.get(User, account)
    if found is None or not found.active:
        raise NotFound(f"没有名为“{account[:40]}”的账号（或已停用）。")
    organ = session.get_one(Organ, found.organ_id)
    return Person(found.id, found.name, found.role, organ.id, organ.name)  # type: ignore[arg-type]


def standing_in(session: Session, person: Person, delegation_id: int | None, today: date) -> Person:
    """The person with the organ and role of the one they stand in for; unchanged when the window is over."""
    row = session.get(Delegation, delegation_id) if delegation_id else None
    if row is None or row.to_account != person.id or row.ended_on or not row.from_on <= today <= row.to_on:
        return person
    other = person_of(session, row.from_account)
    return replace(
        person, role=other.role, organ_id=other.organ_id, organ=other.organ, stands_in_for=other.name,
        stands_in_for_id=other.id,
    )  # fmt: skip


def may_take(person: Person, view: CaseView, step: Step, context: Context, today: date) -> bool:
    """Whether the person's organ may record a step of a case that they can see."""
    if step.lead is p.ENFORCER and any(f.name == p.ENFORCER.fact for f in step.fields):
        # The step itself says who enforces: whoever could may open it, and can then name none but their own organ.
        return person.handles_cases and person.organ_id in {enforcer.id for enforcer in p.ENFORCERS}
    return person.handles_cases and may_act(step, view.judged(context, today), person.organ_id)


@cache
def _procedures_of(organ_id: str) -> tuple[str, ...]:
    """Procedures on whose cards an organ with a fixed name leads or cooperates."""
    return tuple(
        procedure.id
        for procedure in PROCEDURES.values()
        if any(_is(party, organ_id) for step in procedure.steps for party in (step.lead, *step.cooperating))
    )


def _is(party: Party, organ_id: str) -> bool:
    return party.id == organ_id and not party.is_role


def visible(person: Person) -> ColumnElement[bool]:
    """The cases that a person may see, as a condition on `Case` joined with `Mine`."""
    if not person.reads_cases:
        return false()
    if person.reads_all:
        return true()
    organ = person.organ_id
    facts: Any = col(Case.facts)
    return or_(
        col(Case.procedure).in_(_procedures_of(organ)) if _procedures_of(organ) else false(),
        col(Mine.township_id) == organ,
        col(Mine.village_id) == organ,
        col(Case.subject) == f"organ:{organ}",
        *(facts[name].as_string() == organ for name in _NAMED_IN_CASE),
        # Tied to the case alone: a question about entries must not make these its own.
        exists(select(col(Event.seq)).where(col(Event.case_id) == Case.id, col(Event.organ_id) == organ).correlate(Case)),
        exists(
            select(col(CasePerson.id)).where(
                col(CasePerson.case_id) == Case.id, col(CasePerson.organ_id) == organ, col(CasePerson.ended_on).is_(None),
                or_(col(CasePerson.account_id).is_(None), col(CasePerson.account_id) == person.id),
            ).correlate(Case)
        ),
    )  # fmt: skip


def seen_case(session: Session, person: Person, number: str) -> Case:
    """The case's row. Raises NotFound alike for a case that is not there and one that the person may not see."""
    query = select(Case).join(Mine, col(Case.mine_id) == Mine.id).where(col(Case.number) == number, visible(person))
    found = session.scalars(query).first()
    if found is None:
        raise NotFound(f"没有编号为“{number[:40]}”的案件，或者它不在您的职责范围内。")
    return found
