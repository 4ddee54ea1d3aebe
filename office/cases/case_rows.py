"""One line of the ledger for each case: only what the list shows, no condition is judged here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from states import parties as p
from states.kernel import CaseState
from states.permits import KINDS
from states.registry import PROCEDURES
from workflow.context import Context
from workflow.models import Case, Deadline, Mine, Permit

_CASE = (
    "id",
    "number",
    "procedure",
    "state",
    "facts",
    "subject",
    "opened_on",
    "entered_on",
    "closed_on",
    "suspended_on",
    "version",
)
_MINE = ("name", "code", "holder", "mineral", "township_id", "village_id", "demo")
_case, _mine = Case.__table__, Mine.__table__  # type: ignore[attr-defined]
_ROWS = select(
    *(_case.c[name] for name in _CASE), *(_mine.c[name].label(f"mine_{name}") for name in _MINE),
    _case.c.mine_id, _mine.c.facts.label("mine_facts"),
).join_from(_case, _mine, _case.c.mine_id == _mine.c.id)  # fmt: skip

#: Names too long for a column of a list.
SHORT = {p.WORKING_GROUP.id: "工作组"}
#: Id, kind and number of a permit.
_Paper = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A case as the ledger shows it."""

    id: int
    number: str
    version: int
    procedure: str
    label: str
    is_track: bool
    #: Organ or permit that a track is about.
    subject: str
    mine: str
    mine_code: str
    holder: str
    permit: str
    mineral: str
    scale: str
    township: str
    state: str
    state_label: str
    lead: str
    due_on: date | None
    days_left: int | None
    provisional: bool
    #: In place of a day: why there is none.
    no_day: str
    suspended_on: date | None
    year: str
    opened_on: date
    entered_on: date
    closed_on: date | None
    demo: bool


def rows_of(session: Session, ids: Sequence[int], context: Context, today: date) -> list[Row]:
    """The lines of some cases, in the order given: four statements at most."""
    if not ids:
        return []
    run = session.connection().execute
    found = {row.id: row for row in run(_ROWS.where(_case.c.id.in_(ids)))}
    slots = _slots(session, ids)
    mines = {row.mine_id for row in found.values()}
    permits: dict[int, list[_Paper]] = {}
    query = select(col(Permit.mine_id), col(Permit.id), col(Permit.kind), col(Permit.number))
    for mine_id, *permit in run(query.where(col(Permit.mine_id).in_(mines)).order_by(col(Permit.id))):
        permits.setdefault(mine_id, []).append(permit)
    return [
        _row(row, slots.get(row.id), permits.get(row.mine_id, []), context, today)
        for row in (found[case] for case in ids if case in found)
    ]


def _slots(session: Session, ids: Sequence[int]) -> dict[int, tuple[date | None, bool]]:
    """The soonest running deadline of each case; without a day only where none has one."""
    query = select(col(Deadline.case_id), col(Deadline.due_on), col(Deadline.provisional)).where(
        col(Deadline.case_id).in_(ids), col(Deadline.status) == "open"
    )
    soonest: dict[int, tuple[date | None, bool]] = {}
    for case_id, due_on, provisional in session.connection().execute(query.order_by(col(Deadline.id))):
        known = soonest.get(case_id)
        if known is None or (due_on and (known[0] is None or due_on < known[0])):
            soonest[case_id] = (due_on, provisional)
    return soonest


def _row(
    row: Any, slot: tuple[date | None, bool] | None, permits: Sequence[_Paper], context: Context,
    today: date,
) -> Row:  # fmt: skip
    procedure = PROCEDURES[row.procedure]
    state = procedure.state(row.state)
    due_on, provisional = slot or (None, False)
    facts = row.facts
    return Row(
        id=row.id, number=row.number, version=row.version, procedure=procedure.id, label=procedure.title,
        is_track=procedure.kind == "track", subject=_subject(row.subject, permits, context),
        mine=row.mine_name, mine_code=row.mine_code, holder=row.mine_holder,
        permit=next((number for _, kind, number in permits if kind == "mining"), ""),
        mineral=row.mine_mineral, scale=scale(row.mine_facts), township=place_name(context, row.mine_township_id),
        state=row.state, state_label=state.label, lead=lead_name(state, row, context),
        due_on=due_on, days_left=(due_on - today).days if due_on else None, provisional=provisional,
        no_day="" if due_on or state.final else "" if slot else state.no_deadline or "本环节没有期限",
        suspended_on=row.suspended_on, year=str(facts.get("exit_year") or facts.get("transfer_year") or ""),
        opened_on=row.opened_on, entered_on=row.entered_on, closed_on=row.closed_on, demo=row.mine_demo,
    )  # fmt: skip


def _subject(subject: str, permits: Sequence[_Paper], context: Context) -> str:
    kind, _, what = subject.partition(":")
    if kind == "organ":
        return context.organs.get(what, what)
    return next((f"{KINDS[form]}{number}" for key, form, number in permits if str(key) == what), "")


def scale(facts: Mapping[str, Any]) -> str:
    """Yearly output of a mine; area and predicted resource of a block."""
    if facts.get("scale"):
        return f"{facts['scale']} 万吨/年"
    area, resource = facts.get("area"), facts.get("predicted_resource")
    return " / ".join([*([f"{area} km²"] if area else []), *([f"{resource} 万吨"] if resource else [])])


def lead_name(state: CaseState, row: Any, context: Context) -> str:
    """Who must act now: a fixed organ as the plan calls it, anybody else by name."""
    party = state.lead
    if party is None:
        return ""
    if not party.is_role:
        return SHORT.get(party.id, party.name)
    if party is p.HOLDER:
        return f"{party.name}{row.mine_holder}"
    own = {"township_id": row.mine_township_id, "village_id": row.mine_village_id}
    organ = str(row.facts.get(party.fact) or own.get(party.fact) or row.mine_facts.get(party.fact) or "")
    known = p.BY_ID.get(organ)
    if known and not known.is_role:
        return known.name
    named = context.organs.get(organ, organ if party in (p.THIRD_PARTY, p.TRANSFEROR) and organ else party.name)
    return named.removeprefix(str(context.plan.get("county", "")))


def place_name(context: Context, organ: str) -> str:
    """河北镇 for the government of that township."""
    name = context.organs.get(organ, "").removeprefix(str(context.plan.get("county", "")))
    return name.removesuffix("人民政府")
