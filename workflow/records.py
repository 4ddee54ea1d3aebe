"""Facts filled in by a named person, with a source: 待明确事项 and whatever else was not known before."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from states.answers import FACTS
from states.fields import Field, FieldError, clean_text
from workflow import clock
from workflow.context import context_of
from workflow.credit_code import NONE, checked_uscc
from workflow.deadlines import Rearmed, recompute
from workflow.errors import BadInput
from workflow.ledger import find_case
from workflow.models import Case, Mine, OpenValue, Organ, OrganAlias, Permit
from workflow.storage import Storage
from workflow.views import Actor, CaseView

#: Values of a mine that are not free text.
VALUES = {
    "valid_to": Field("valid_to", "采矿许可证有效期至", "date"), "valid_from": Field("valid_from", "有效期自", "date"),
    "remaining_life": Field("remaining_life", "剩余服务年限", "number", unit="年"),
    "scale": Field("scale", "生产规模", "number", unit="万吨/年"),
    "planned_scale": Field("planned_scale", "拟定生产规模", "number", unit="万吨/年"),
    "safety_permit_valid_to": Field("safety_permit_valid_to", "安全生产许可证有效期至", "date"),
}  # fmt: skip
#: Values that name an organ.
ORGANS = ("township_id", "village_id")
#: Values that are columns of the mine and no facts.
COLUMNS = (*ORGANS, "mineral")
#: Named values that are a permit of their own: value name -> kind of the permit.
PERMITS = {
    "licence_number": "mining", "safety_permit_number": "safety", "business_licence_number": "business",
    "discharge_permit_number": "discharge",
}  # fmt: skip


def record_value(
    session: Session, case: str, name: str, value: str, *, actor: Actor, on: date, source: str
) -> CaseView:
    """Fills one value of the case's mine. Deadlines that waited for it are computed. Does not commit."""
    view = find_case(session, case)
    return record_values(session, view.number, {name: _read(session, name, value)}, actor=actor, on=on, source=source)


def record_values(
    session: Session, case: str, values: Mapping[str, Any], *, actor: Actor, on: date, source: str
) -> CaseView:
    """Fills values of the case's mine, read already, in one entry of the history. Does not commit.

    None takes a value back: nobody knows it any more. Deadlines that waited for one of them are computed.
    """
    view = find_case(session, case)
    mine = session.get_one(Mine, view.mine.id)
    source = checked_text(source, "来源")
    for name, value in values.items():
        _set(session, mine, name, value)
        _close_open_value(session, mine, name, value, actor, on, source)
    session.flush()
    return _append(session, view.number, values, actor, on, source)


def checked_text(text: str, label: str) -> str:
    """Free text that must not be empty. Raises BadInput."""
    try:
        return clean_text(text.strip(), label) or _missing(label)
    except FieldError as error:
        raise BadInput(str(error)) from None


def _missing(label: str) -> str:
    raise BadInput(f"“{label}”不能为空：请写明该值出自哪份文件或由谁提供。")


def _read(session: Session, name: str, value: str) -> Any:
    if name in ORGANS:
        return organ_named(session, value)
    asked = session.exec(select(OpenValue.name).where(OpenValue.name == name)).first()
    if asked is None and name not in VALUES and name not in FACTS:
        raise BadInput(f"“{name[:40]}”不是登记项的代号，请核对。", hint="请用 minecase show 查看待明确事项的代号。")
    try:
        if name == "business_licence_number":
            return checked_uscc(checked_text(value, name))
        return VALUES[name].read(value) if name in VALUES else checked_text(value, name)
    except FieldError as error:
        raise BadInput(str(error)) from None


def organ_named(session: Session, name: str) -> str:
    """An organ's id by id, name or alias; a township may be given without its county. Raises BadInput."""
    name = name.strip()
    organ = session.get(Organ, name) or session.exec(select(Organ).where(Organ.name == name)).first()
    if organ is None:
        alias = session.get(OrganAlias, name)
        organ = session.get(Organ, alias.organ_id) if alias else None
    if organ is None:
        raise BadInput(
            f"没有名为“{name[:40]}”的单位：请先登记该单位，或核对名称。", hint="登记单位用 minecase organ add。"
        )
    return organ.id


def _set(session: Session, mine: Mine, name: str, value: Any) -> None:
    if name in COLUMNS:
        setattr(mine, name, value)
    elif value is None:
        mine.facts = {known: kept for known, kept in mine.facts.items() if known != name}
    else:
        mine.facts = {**mine.facts, name: value}
    if name in PERMITS and mine.id is not None and value is not None and str(value) not in NONE:
        _set_permit(session, mine.id, PERMITS[name], str(value))
    session.add(mine)


def _set_permit(session: Session, mine_id: int, kind: str, number: str) -> None:
    """The mine's permit of a kind has this number from now on; a permit that nobody knew of is a new one."""
    known = session.exec(select(Permit).where(Permit.mine_id == mine_id, Permit.kind == kind)).all()
    if any(permit.number == number for permit in known):
        return
    if len(known) == 1:
        known[0].number = number
        session.add(known[0])
    else:
        session.add(Permit(mine_id=mine_id, kind=kind, number=number, source="补充登记"))  # type: ignore[arg-type]


def _close_open_value(session: Session, mine: Mine, name: str, value: Any, actor: Actor, on: date, source: str) -> None:
    row = session.exec(select(OpenValue).where(OpenValue.mine_id == mine.id, OpenValue.name == name)).first()
    if row and value is None:
        row.value = row.filled_by = row.filled_on = row.source = None
        session.add(row)
    elif row:
        row.value, row.filled_by, row.filled_on, row.source = str(value), actor.user, on, source
        session.add(row)


def _append(session: Session, number: str, values: Mapping[str, Any], actor: Actor, on: date, source: str) -> CaseView:
    """An entry in the case's history, and the deadlines of all the mine's open cases computed anew."""
    storage, now, context = Storage(session), clock.now(), context_of(session)
    found = storage.case(number)
    assert found is not None
    before = found[0]
    numbers = session.exec(
        select(Case.number).where(Case.mine_id == before.mine.id, col(Case.closed_on).is_(None))
    ).all()
    for other in sorted(numbers):
        storage.case(other)  # locked before the history is, as every step does: no deadlock
    after = before.with_(version=before.version + 1)
    storage.update_cases([(before, after)])
    storage.append([
        {"case_id": after.id, "case_version": after.version, "kind": "record", "trigger": "record",
         "from_state": after.state, "to_state": after.state, "actor": actor.user, "organ_id": actor.organ_id,
         "occurred_on": on, "recorded_at": now,
         "data": actor.signed({"fields": dict(values), "facts": dict(after.facts), "source": source})}
    ])  # fmt: skip
    named = "".join(f"“{name}”" for name in values)
    for other in numbers:
        reproject(storage, other, context, reason=f"补充登记{named}", basis=source, actor=actor.user, now=now)
    return find_case(session, number)


def reproject(storage: Storage, number: str, context: Any, *, reason: str, basis: str, actor: str, now: Any) -> Rearmed:
    """Computes a case's running deadlines again and writes those that changed."""
    found = storage.case(number)
    assert found is not None
    view = found[0]
    facts = view.judged(context, view.entered_on)
    moved = []
    for slot in view.slots:
        step = view.procedure.step(slot.trigger)
        assert step is not None
        again = recompute(slot, step, facts, context, suspended=view.suspended_on is not None)
        if again != slot:
            moved.append((slot, again))
    if moved:
        storage.move_slots(moved, reason=reason, basis=basis, actor=actor, now=now)
    return Rearmed(kept=tuple(s for s in view.slots if s not in {old for old, _ in moved}), moved=tuple(moved))
