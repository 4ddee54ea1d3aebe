"""Rows of a new list, brought into the case file: what a list may change, and what only a person decides.

A changed cell is written where the record still says what the old list said. Whatever somebody has recorded since,
another name, holder, licence or way of exit, and a row that is gone become open values (待明确事项); no case is closed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlmodel import Session, col, select

from states import parties as p
from states.registry import PROCEDURES
from workflow.errors import BadInput
from workflow.models import Case, Mine, OpenValue, Organ, Permit
from workflow.plan.difference import IDENTITY, ROUTE, CellChange, RowChange, words
from workflow.storage import Storage
from workflow.views import VOID, Actor

_COLUMNS = ("name", "holder", "mineral", "township_id", "village_id")
_OF_CASE = ("exit_year", "transfer_year")
#: What a permit's case has taken over from the licence.
_OF_PERMIT = {"valid_to": "permit_valid_to"}


@dataclass(frozen=True, slots=True)
class Written:
    """One cell and what became of it."""

    mine: str
    name: str
    label: str
    old: str
    new: str
    #: Empty: written. Otherwise why not.
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person has to decide, as it will stand among the open values."""

    mine: str
    mine_name: str
    #: `2-4:holder`: may be accepted when the amendment is confirmed; empty where that cannot be.
    key: str
    question: str
    asked_of: str
    clause: str


@dataclass(slots=True)
class Relisting:
    """What the rows have changed so far."""

    session: Session
    number: str
    #: Counts the versions: part of the names of open values.
    version: int
    actor: Actor
    on: date
    now: Any
    entry: Mapping[str, str]
    accepted: frozenset[str] = frozenset()
    written: list[Written] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    #: `2-4:holder` -> what is on record now, for each that may be accepted.
    identities: dict[str, str] = field(default_factory=dict)
    #: Case -> name of a fact -> label, old and new: why its deadlines move.
    causes: dict[str, dict[str, tuple[str, Any, Any]]] = field(default_factory=dict)


@dataclass(slots=True)
class _Change:
    """What one row changes of its mine and of each of its cases."""

    row: RowChange
    mine: Mine
    source: str
    fields: dict[str, str] = field(default_factory=dict)
    of_cases: dict[str, dict[str, str]] = field(default_factory=dict)
    before: dict[str, tuple[str, Any, Any]] = field(default_factory=dict)


def relist(at: Relisting, row: RowChange) -> None:
    """A row that both versions have, or that is gone; new rows are opened by the caller."""
    mine = at.session.exec(select(Mine).where(Mine.code == row.mine)).first()
    if mine is None:
        return
    change = _Change(row, mine, f"{at.number} {row.place}" if row.new else at.number)
    cases = _cases(at.session, mine)
    if row.new is None:
        if any(case.closed_on is None for case in cases):
            _ask(
                at,
                change,
                "",
                "off_list",
                "新名录不再列此矿（区块）：本案继续办理还是报请撤出，由工作组决定",
                p.WORKING_GROUP.id,
            )
            _enter(at, change, cases, note="新名录不再列此矿（区块），案件未动，待工作组决定")
        return
    for cell in row.cells:
        _take(at, change, cell, cases)
    if change.fields or change.of_cases or any(d.mine == mine.code for d in at.decisions):
        at.session.add(mine)
        at.session.flush()
        _enter(at, change, cases, note="；".join(d.question for d in at.decisions if d.mine == mine.code))


def _cases(session: Session, mine: Mine) -> list[Case]:
    """The mine's cases, oldest first, its route's before its tracks."""
    query = select(Case).where(Case.mine_id == mine.id, Case.state != VOID).order_by(col(Case.id))
    found = session.exec(query.execution_options(populate_existing=True)).all()
    return sorted(found, key=lambda case: (case.closed_on is not None, PROCEDURES[case.procedure].kind == "track"))


def _take(at: Relisting, change: _Change, cell: CellChange, cases: list[Case]) -> None:
    mine, row = change.mine, change.row
    if not cell.new:
        _note(at, change, cell, "新名录没有写明，登记不变")
    elif cell.name in IDENTITY:
        _identity(at, change, cell)
    elif cell.name == ROUTE:
        _note(at, change, cell, "改变整治方式须经报批，由人在案件中办理")
        _ask(at, change, "", "listed_exit_mode", f"新名录将关闭退出方式由“{words(cell.old)}”改为“{words(cell.new)}”："
             "是否转办，由工作组决定后在案件中办理", p.WORKING_GROUP.id)  # fmt: skip
    elif cell.name in _OF_CASE:
        _take_for_cases(at, change, cell, cases)
    else:
        now = str(getattr(mine, cell.name) if cell.name in _COLUMNS else mine.facts.get(cell.name, ""))
        if _may_write(at, change, cell, now):
            _set(mine, cell.name, cell.new)
            change.fields[cell.name] = cell.new
            change.before[cell.name] = (cell.label, now or None, cell.new)
            at.written.append(Written(row.mine, cell.name, cell.label, now, cell.new))
            _follow(at, change, cell, cases)


def _may_write(at: Relisting, change: _Change, cell: CellChange, now: str) -> bool:
    """Whether the record still says what the old list said; asks a person where it does not."""
    if _same(now, cell.new):
        _note(at, change, cell, "登记已是此值")
        return False
    if now and not _same(now, cell.old):
        _note(at, change, cell, f"现登记为“{now}”，是以后登记的，未改")
        _ask(at, change, "", f"listed_{cell.name}", f"新名录所列{cell.label}为“{cell.new}”，现登记为“{now}”：以何为准",
             p.NATURAL_RESOURCES.id)  # fmt: skip
        return False
    return True


def _same(one: str, other: str) -> bool:
    try:
        return one == other or Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False


def _set(mine: Mine, name: str, value: str) -> None:
    if name in _COLUMNS:
        setattr(mine, name, value)
    else:
        mine.facts = {**mine.facts, name: value}


def _follow(at: Relisting, change: _Change, cell: CellChange, cases: list[Case]) -> None:
    """What repeats the value elsewhere: the licence's row, its case, and the open value that asked for it."""
    session, mine = at.session, change.mine
    if cell.name in ("valid_from", "valid_to"):
        number = str(mine.facts.get("licence_number", ""))
        for permit in session.exec(select(Permit).where(Permit.mine_id == mine.id, Permit.number == number)):
            setattr(permit, cell.name, date.fromisoformat(cell.new))
            session.add(permit)
        if name := _OF_PERMIT.get(cell.name):
            for case in cases:
                if case.closed_on is None and case.facts.get("permit_number") == number and name in case.facts:
                    change.of_cases.setdefault(case.number, {})[name] = cell.new
                    at.causes.setdefault(case.number, {})[name] = (cell.label, case.facts[name], cell.new)
    asked = session.exec(select(OpenValue).where(OpenValue.mine_id == mine.id, OpenValue.name == cell.name)).first()
    if asked and asked.value is None:
        asked.value, asked.filled_by, asked.filled_on, asked.source = cell.new, at.actor.user, at.on, change.source
        session.add(asked)


def _take_for_cases(at: Relisting, change: _Change, cell: CellChange, cases: list[Case]) -> None:
    running = [case for case in cases if case.closed_on is None and PROCEDURES[case.procedure].kind != "track"]
    if not running:
        _note(at, change, cell, "没有在办案件，未改")
    for case in running:
        now = str(case.facts.get(cell.name, ""))
        if _may_write(at, change, cell, now):
            change.of_cases.setdefault(case.number, {})[cell.name] = cell.new
            at.causes.setdefault(case.number, {})[cell.name] = (cell.label, now or None, cell.new)
            at.written.append(Written(change.row.mine, cell.name, cell.label, now, cell.new))


def _identity(at: Relisting, change: _Change, cell: CellChange) -> None:
    """Another name, holder or licence number: a correction of the same mine, or another one; nobody but a person knows."""
    mine, key = change.mine, f"{change.mine.code}:{cell.name}"
    now = str(getattr(mine, cell.name) if cell.name in _COLUMNS else mine.facts.get(cell.name, ""))
    if _same(now, cell.new):
        _note(at, change, cell, "登记已是此值")
        return
    at.identities[key] = now
    question = f"新名录所列{cell.label}为“{cell.new}”，登记为“{now}”：是否同一矿山更名或变更，以何为准"
    if key not in at.accepted:
        _note(at, change, cell, "待核实，登记不变")
        _ask(at, change, key, f"listed_{cell.name}", question, p.NATURAL_RESOURCES.id)
        return
    if cell.name == "holder":
        mine.facts = {**mine.facts, "holder_id": _holder(at, mine, cell.new, change.source)}
    if cell.name == "licence_number":
        mine.facts = {
            **mine.facts,
            "registrar_id": str(change.row.new["facts"]["registrar_id"]) if change.row.new else "",
        }
        for permit in at.session.exec(select(Permit).where(Permit.mine_id == mine.id, Permit.number == now)):
            permit.number, permit.registrar = cell.new, mine.facts["registrar_id"]
            at.session.add(permit)
    _set(mine, cell.name, cell.new)
    change.fields[cell.name] = cell.new
    at.written.append(Written(mine.code, cell.name, cell.label, now, cell.new))


def _holder(at: Relisting, mine: Mine, name: str, source: str) -> str:
    """The new holder's organ; the old one stays, for papers were served on it."""
    there = at.session.exec(select(Organ).where(Organ.name == name)).first()
    if there and there.kind != "holder":
        raise BadInput(f"新名录的采矿权人“{name}”与已登记的单位同名：请先核对名单，再重新试算。")
    if there:
        return there.id
    organ = Organ(id=f"holder_{mine.code}.{at.version}", name=name, kind="holder", source=source)
    at.session.add(organ)
    at.session.flush()
    return organ.id


def _note(at: Relisting, change: _Change, cell: CellChange, why_not: str) -> None:
    at.written.append(Written(change.row.mine, cell.name, cell.label, words(cell.old), words(cell.new), why_not))


def _ask(at: Relisting, change: _Change, key: str, name: str, question: str, asked_of: str) -> None:
    known = change.row.new or change.row.old
    clause = f"附件{known['annex']}" if known else "附件2"
    mine = change.mine
    if any(d.mine == mine.code and d.question == question for d in at.decisions):
        return
    at.decisions.append(Decision(mine.code, mine.name, key, question, asked_of, clause))
    assert mine.id is not None
    at.session.add(
        OpenValue(mine_id=mine.id, name=f"{name}_v{at.version}", label=f"{question}（{at.number}）", asked_of=asked_of,
                  clause=clause)
    )  # fmt: skip
    at.session.flush()


def _enter(at: Relisting, change: _Change, cases: list[Case], *, note: str) -> None:
    """One entry in each case that the row touches: the mine's own values stand in its first case."""
    first = cases[0].number if cases else ""
    for number in sorted({first, *change.of_cases} - {""}):
        fields = {**(change.fields if number == first else {}), **change.of_cases.get(number, {})}
        said = note if number == first else ""
        if fields or said:
            _append(at, number, fields, change.of_cases.get(number, {}), change.source, said)
    for case in cases:
        if case.closed_on is None and change.before:
            at.causes.setdefault(case.number, {}).update(change.before)


def _append(
    at: Relisting, number: str, fields: Mapping[str, str], of_case: Mapping[str, str], source: str, note: str
) -> None:
    storage = Storage(at.session)
    found = storage.case(number)
    assert found is not None
    before = found[0]
    after = replace(before, version=before.version + 1, facts={**before.facts, **of_case})
    storage.update_cases([(before, after)])
    data = {
        "fields": dict(fields), "facts": dict(after.facts), "amended": dict(of_case), "source": source, **at.entry,
        **({"note": note} if note else {}),
    }  # fmt: skip
    storage.append([
        {"case_id": after.id, "case_version": after.version, "kind": "record", "trigger": "amend",
         "from_state": after.state, "to_state": after.state, "actor": at.actor.user, "organ_id": at.actor.organ_id,
         "occurred_on": at.on, "recorded_at": at.now, "data": at.actor.signed(data)}
    ])  # fmt: skip
