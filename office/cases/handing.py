"""What is done about a case beside its steps: 转办, 抄送, 催办, 督办. Each leaves an entry; none moves the case.

Nothing here commits.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from sqlmodel import Session, col, select

from office.access.people import HANDLERS, READERS, Person
from office.cases.todo import usual_step
from states import documents
from states import parties as p
from states.due import BASIS_LABELS
from workflow.context import Context, context_of
from workflow.entries import act, lock
from workflow.errors import BadInput
from workflow.models import CasePerson, Document, Notice, Organ, User
from workflow.records import checked_text
from workflow.storage import Storage
from workflow.views import Actor, CaseView, party_name, resolve, told


def leads(view: CaseView, context: Context, today: date) -> frozenset[str]:
    """The organs that lead some step of a case."""
    facts = view.judged(context, today)
    steps = (step for step in view.procedure.steps if not step.clock)
    return frozenset(resolve(step.lead, facts) for step in steps) - {""}


def parts(view: CaseView, context: Context, today: date) -> frozenset[str]:
    """The organs that lead or help with some step of a case."""
    facts = view.judged(context, today)
    parties = (party for step in view.procedure.steps if not step.clock for party in (step.lead, *step.cooperating))
    return frozenset(resolve(party, facts) for party in parties) - {""}


def may_transfer(person: Person, view: CaseView, context: Context, today: date) -> bool:
    """Who has a part in a case says which colleague sees to it."""
    if view.closed_on or not person.handles_cases:
        return False
    return person.is_office or person.organ_id in parts(view, context, today)


def may_urge(person: Person, view: CaseView, context: Context, today: date) -> bool:
    """The office and who stands above it; and an organ that leads in the case, towards another one."""
    if view.closed_on:
        return False
    if person.role in ("office", "leader") or person.organ_id in p.ABOVE:
        return True
    asked = asked_organ(view, context, today)
    return person.handles_cases and person.organ_id in leads(view, context, today) and person.organ_id != asked


def may_supervise(person: Person, view: CaseView) -> bool:
    return not view.closed_on and (person.role in ("office", "leader") or person.organ_id in p.ABOVE)


def may_copy(person: Person, view: CaseView, context: Context, today: date) -> bool:
    """Who gives a case to read: the office, and an organ that leads in it."""
    if person.role == "office" or person.organ_id in p.ABOVE:
        return person.handles_cases
    return person.handles_cases and person.organ_id in leads(view, context, today)


def asked_organ(view: CaseView, context: Context, today: date) -> str:
    """The organ that the case waits for; empty when there is none."""
    step = usual_step(view.procedure, view.state) if view.procedure.knows(view.state) else None
    return told(step, view.judged(context, today)) if step else ""


def transfer(session: Session, number: str, actor: Actor, account: str, on: date, reason: str) -> str:
    """转办: a colleague of the same organ handles the case from now on; answers their name. Raises BadInput."""
    reason = checked_text(reason, "转办理由")
    view = _locked(session, number)
    colleague = session.get(User, account)
    if colleague is None or not colleague.active or colleague.organ_id != actor.organ_id:
        raise BadInput("转办只能转给本单位在用的账号：请从列表中选择；要请别的单位办理，请用“抄送”或由办公室调整。")
    rows = _people(session, view.id, "handler", actor.organ_id)
    if any(row.account_id == account for row in rows):
        raise BadInput(f"{number} 现在就由 {colleague.name} 办理，不需要转办。")
    for row in rows:
        row.ended_on = on
        session.add(row)
    _give(session, view, "handler", actor, actor.organ_id, account, on, reason)
    data = {"organ": actor.organ_id, "to": account, "reason": reason}
    act(session, view, "transferred", actor=actor, on=on, data=data)
    return colleague.name


def copy(session: Session, number: str, actor: Actor, organ: str, account: str, on: date, reason: str) -> str:
    """抄送: an organ, or one account of it, may read the case from now on; answers whom. Raises BadInput."""
    reason = checked_text(reason, "抄送说明")
    view = _locked(session, number)
    found = session.get(Organ, organ)
    if found is None:
        raise BadInput("请选择抄送单位。")
    person = session.get(User, account) if account else None
    if account and (person is None or not person.active or person.organ_id != organ or person.role not in READERS):
        raise BadInput(f"抄送人应为{found.name}在用的账号：请从列表中选择，或只选单位。")
    if any(row.account_id in (None, account or None) for row in _people(session, view.id, "copied", organ)):
        raise BadInput(f"{number} 已经抄送给{person.name if person else found.name}，不需要再次抄送。")
    _give(session, view, "copied", actor, organ, account or None, on, reason)
    _tell(session, view, "copied", organ, actor, on, reason, key=f"copied|{number}|{view.version + 1}")
    act(session, view, "copied", actor=actor, on=on, data={"organ": organ, "to": account, "reason": reason})
    return f"{found.name}{person.name}" if person and person.name != found.name else found.name


def uncopy(session: Session, number: str, actor: Actor, row_id: int, on: date) -> None:
    """Takes a copy back: from now on the organ may not read the case for that reason. Raises BadInput."""
    view = _locked(session, number)
    row = session.get(CasePerson, row_id)
    if row is None or row.case_id != view.id or row.relation != "copied" or row.ended_on:
        raise BadInput(f"{number} 没有这条抄送，或者已经取消。")
    row.ended_on = on
    session.add(row)
    session.flush()
    act(session, view, "uncopied", actor=actor, on=on, data={"organ": row.organ_id, "to": row.account_id or ""})


def urge(session: Session, number: str, actor: Actor, on: date, reason: str) -> str:
    """催办: a notice to the organ that must act, once a day; answers its name. Raises BadInput."""
    reason = checked_text(reason, "催办内容")
    view = _locked(session, number)
    organ = _must_act(session, view, on)
    _once(
        session,
        f"urge|{number}|{on}",
        f"{number} 今天（{on}）已经催办过，每个案件每天只催办一次：请明天再催，或改用督办。",
    )
    _tell(session, view, "urge", organ, actor, on, reason, key=f"urge|{number}|{on}")
    act(session, view, "urged", actor=actor, on=on, data={"organ": organ, "reason": reason})
    return context_of(session).organs.get(organ, organ)


def supervise(
    session: Session, number: str, actor: Actor, on: date, reason: str, typed: Mapping[str, str] | None = None
) -> Document:
    """督办: drafts a supervision slip and tells the organ that must act. Whether it is issued, a person decides.

    `typed` may hold the slip's other values (`requirements`, `reply_by`). Raises BadInput.
    """
    reason = checked_text(reason, "督办事项")
    view = _locked(session, number)
    organ = _must_act(session, view, on)
    key = f"supervise|{number}|{on}"
    _once(session, key, f"{number} 今天（{on}）已经督办过：请先办理已起草的督办单，或明天再办。")
    kind = documents.BY_ID["supervision_slip"]
    values = {"request": reason, **{name: value for name, value in (typed or {}).items() if value}}
    slip = Document(
        case_id=view.id, kind=kind.id, title=kind.title, issuer_id=p.GROUP_OFFICE.id, drafted_on=on, data=values
    )
    session.add(slip)
    session.flush()
    _tell(session, view, "supervise", organ, actor, on, reason, key=key)
    data = {"organ": organ, "reason": reason, "document": slip.id}
    act(session, view, "supervised", actor=actor, on=on, data=data)
    return slip


def _locked(session: Session, number: str) -> CaseView:
    from workflow.ledger import find_case

    find_case(session, number)
    view = lock(session, number)
    assert view is not None
    if not view.procedure.knows(view.state):
        raise BadInput(f"案件 {number} 已随上级案件的更正撤销，不能再办理。")
    return view


def _must_act(session: Session, view: CaseView, on: date) -> str:
    organ = "" if view.closed_on else asked_organ(view, context_of(session), on)
    if not organ:
        raise BadInput(f"{view.number} 已经办结，或者责任单位还没有明确，没有可以催办的单位。")
    return organ


def _once(session: Session, key: str, sentence: str) -> None:
    if session.exec(select(Notice.id).where(Notice.dedupe == key)).first():
        raise BadInput(sentence)


def _people(session: Session, case_id: int, relation: str, organ_id: str) -> list[CasePerson]:
    query = select(CasePerson).where(
        CasePerson.case_id == case_id, CasePerson.relation == relation, CasePerson.organ_id == organ_id,
        col(CasePerson.ended_on).is_(None),
    )  # fmt: skip
    return list(session.exec(query))


def _give(
    session: Session,
    view: CaseView,
    relation: Literal["handler", "copied"],
    actor: Actor,
    organ: str,
    account: str | None,
    on: date,
    reason: str,
) -> None:
    session.add(
        CasePerson(case_id=view.id, relation=relation, organ_id=organ, account_id=account, given_by=actor.user,
                   given_on=on, reason=reason)
    )  # fmt: skip
    session.flush()


def _tell(
    session: Session, view: CaseView, kind: str, organ: str, actor: Actor, on: date, reason: str, *, key: str
) -> None:
    """A notice about where the case stands, in the outbox."""
    payload = about(view, context_of(session), organ, actor, on, reason)
    row = {"dedupe": key, "kind": kind, "recipient_id": organ, "planned_on": on, "payload": payload}
    Storage(session).notices([row])


def about(view: CaseView, context: Context, organ: str, actor: Actor, on: date, reason: str) -> dict[str, Any]:
    """What a notice about where a case stands is written from."""
    facts = view.judged(context, on)
    step = usual_step(view.procedure, view.state)
    slot = next((s for s in view.slots if step and s.trigger == step.trigger), None)
    due_on = slot.due_on if slot else None
    return {
        "recipient": context.organs.get(organ, ""), "date": on.isoformat(), "case": view.number, "mine": view.mine.name,
        "procedure": view.procedure.title, "state": view.procedure.state(view.state).label,
        "step": step.title if step else "", "clause": step.clause if step else view.procedure.clause,
        "lead": party_name(step.lead, facts, context, view) if step else "",
        "actor": context.organs.get(actor.organ_id, ""), "reason": reason,
        "due_on": due_on.isoformat() if due_on else None, "days_left": (due_on - on).days if due_on else None,
        "basis": BASIS_LABELS[slot.basis] if slot else "",  # type: ignore[index]
    }  # fmt: skip


def colleagues(session: Session, organ_id: str) -> list[User]:
    """The accounts of an organ that are in use and work on cases."""
    query = select(User).where(User.organ_id == organ_id, col(User.active), col(User.role).in_(HANDLERS))
    return list(session.exec(query.order_by(col(User.name))))


def handlers(session: Session, case_id: int) -> list[tuple[CasePerson, str, str]]:
    """Who handles a case or was given it to read, with the names of organ and person."""
    query = (
        select(CasePerson, Organ.name, User.name).join(Organ, col(CasePerson.organ_id) == Organ.id)
        .outerjoin(User, col(CasePerson.account_id) == User.id)
        .where(CasePerson.case_id == case_id, col(CasePerson.ended_on).is_(None)).order_by(col(CasePerson.id))
    )  # fmt: skip
    return [(row, organ, person or "") for row, organ, person in session.exec(query)]
