"""Facts of many mines filled in at once: what `records.record_values` does for one mine, written in sets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session

from states.registry import PROCEDURES
from workflow import clock
from workflow.context import Context, context_of
from workflow.credit_code import NONE
from workflow.deadlines import recompute
from workflow.errors import BadInput, Conflict
from workflow.models import Case, Deadline, Mine, OpenValue, Permit
from workflow.records import COLUMNS, PERMITS, checked_text
from workflow.storage import Storage
from workflow.views import VOID, Actor, CaseView, MineView, Slot

_case, _mine, _deadline = Case.__table__, Mine.__table__, Deadline.__table__  # type: ignore[attr-defined]
_permit, _open_value = Permit.__table__, OpenValue.__table__  # type: ignore[attr-defined]
#: Values in one statement: SQLite takes so many.
_AT_ONCE = 500
_CASE = (
    "id", "number", "procedure", "state", "version", "facts", "parent_id", "subject", "opened_on", "entered_on",
    "closed_on", "suspended_on",
)  # fmt: skip
_MINE = ("id", "code", "name", "holder", "mineral", "township_id", "village_id", "facts", "demo")
_SLOT = (
    "trigger", "opened_on", "due_on", "basis", "provisional", "ladder", "next_on", "reminded", "escalated", "moves", "id",
)  # fmt: skip
#: Mine id -> values by name, as they are stored.
Values = Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Moved:
    """A running deadline whose day changes with the values."""

    case: CaseView
    before: Slot
    after: Slot


def record_many(
    session: Session, values: Values, *, actor: Actor, on: date, source: str, seen: Values | None = None,
    sources: Mapping[int, str] | None = None,
) -> list[Moved]:  # fmt: skip
    """Writes values of many mines, one entry for each mine in the history of its case, and computes the deadlines that depend
    on them. Does not commit. The values must have been read (`states.fields`) before.

    `sources`: mine -> its own source, more exact than `source` of all. `seen`: the same values as they stood when that was
    decided; raises Conflict where one of them is another now.
    """
    source = checked_text(source, "来源")
    if not values:
        return []
    session.flush()
    cases = _cases(session, values, locked=True)
    before = _mines(session, values)
    if seen is not None and any(_now(before[key], name) != was for key in values for name, was in seen[key].items()):
        raise Conflict("表中的矿山刚刚被他人更新，本次没有写入，请重新上传后再确认。")
    entries = _entries(cases, before, values)
    after = {key: _with(before[key], given) for key, given in values.items()}
    _write_mines(session, after)
    _write_permits(session, values)
    told = {key: (sources or {}).get(key, source) for key in values}
    _close_open_values(session, values, actor, on, told)
    storage, now = Storage(session), clock.now()
    changed = [(case, case.with_(version=case.version + 1)) for case in entries.values()]
    if not storage.update_cases(changed):
        raise Conflict("表中的矿山刚刚被他人更新，本次没有写入，请重新上传后再确认。")
    storage.append([
        {"case_id": case.id, "case_version": case.version, "kind": "record", "trigger": "record",
         "from_state": case.state, "to_state": case.state, "actor": actor.user, "organ_id": actor.organ_id,
         "occurred_on": on, "recorded_at": now,
         "data": actor.signed({"fields": dict(values[case.mine.id]), "facts": dict(case.facts), "source": told[case.mine.id]})}
        for _, case in changed
    ])  # fmt: skip
    moved = _moved(session, cases, after, context_of(session))
    for reason, some in _by_reason(moved, values).items():
        storage.move_slots(
            [(one.before, one.after) for one in some], reason=reason, basis=source, actor=actor.user, now=now
        )
    session.expire_all()
    return [one for one in moved if one.before.due_on != one.after.due_on]


def moved_by(session: Session, values: Values) -> list[Moved]:
    """The running deadlines that `record_many` would move. Writes and locks nothing."""
    after = {key: _with(mine, values[key]) for key, mine in _mines(session, values).items()}
    moved = _moved(session, _cases(session, values, locked=False), after, context_of(session))
    return [one for one in moved if one.before.due_on != one.after.due_on]


def _cases(session: Session, mines: Values, *, locked: bool) -> list[Any]:
    """All cases of the mines, locked in the order of their numbers as every step does: no deadlock."""
    rows = []
    for some in _portions(mines):
        found = session.execute(select(_case.c.number).where(_case.c.mine_id.in_(some), _case.c.state != VOID))
        rows += [number for (number,) in found]
    query = select(*(_case.c[name] for name in _CASE), _case.c.mine_id).order_by(_case.c.number)
    if locked:
        query = query.with_for_update()
    return [
        row for some in _portions(sorted(rows)) for row in session.execute(query.where(_case.c.number.in_(some))).all()
    ]


def _mines(session: Session, mines: Values) -> dict[int, MineView]:
    query = select(*(_mine.c[name] for name in _MINE))
    rows = [row for some in _portions(mines) for row in session.execute(query.where(_mine.c.id.in_(some))).all()]
    return {row.id: MineView(*row) for row in rows}


def _entries(cases: Sequence[Any], mines: Mapping[int, MineView], values: Values) -> dict[int, CaseView]:
    """The case of each mine that the entry belongs to. Raises BadInput for a mine without one."""
    found: dict[int, tuple[tuple[bool, bool, int], Any]] = {}
    for row in cases:
        rank = entry_rank(row.procedure, row.closed_on, row.id)
        if row.mine_id not in found or rank > found[row.mine_id][0]:
            found[row.mine_id] = (rank, row)
    for key in values:
        if key not in found:
            raise BadInput(f"{mines[key].name}（{mines[key].code}）名下没有案件，无处记载：请先立案，再登记。")
    return {key: _view(found[key][1], mines[key]) for key in values}


def entry_rank(procedure: str, closed_on: date | None, id: int) -> tuple[bool, bool, int]:
    """Of a mine's cases the highest takes what is recorded about the mine: a running one before a closed one, its route before
    what runs beside it, the newest before others."""
    return closed_on is None, PROCEDURES[procedure].kind != "track", id


def _view(row: Any, mine: MineView, slots: tuple[Slot, ...] = ()) -> CaseView:
    values = {"procedure_id" if name == "procedure" else name: row[at] for at, name in enumerate(_CASE)}
    return CaseView(**values, mine=mine, slots=slots)


def _now(mine: MineView, name: str) -> Any:
    return getattr(mine, name) if name in COLUMNS else mine.facts.get(name)


def _with(mine: MineView, given: Mapping[str, Any]) -> MineView:
    columns = {name: value for name, value in given.items() if name in COLUMNS}
    facts = {name: value for name, value in given.items() if name not in COLUMNS}
    return replace(mine, facts={**mine.facts, **facts}, **columns)


def _write_mines(session: Session, mines: Mapping[int, MineView]) -> None:
    names = ("facts", *COLUMNS)
    query = update(_mine).where(_mine.c.id == bindparam("key")).values({name: bindparam(f"v_{name}") for name in names})
    rows = [{"key": key, **{f"v_{name}": getattr(mine, name) for name in names}} for key, mine in mines.items()]
    if rows:
        session.connection().execute(query, rows)


def _write_permits(session: Session, values: Values) -> None:
    """The mine's permit of a kind has the number from now on; one that nobody knew of is new."""
    wanted = [
        (key, PERMITS[name], str(value)) for key, given in values.items() for name, value in given.items()
        if name in PERMITS and str(value) not in NONE
    ]  # fmt: skip
    query = select(_permit.c.mine_id, _permit.c.kind, _permit.c.id, _permit.c.number)
    known: dict[tuple[int, str], list[tuple[int, str]]] = {}
    for some in _portions(sorted({key for key, *_ in wanted})):
        for mine, kind, *permit in session.execute(query.where(_permit.c.mine_id.in_(some))):
            known.setdefault((mine, kind), []).append((permit[0], permit[1]))
    changed, fresh = [], []
    for mine, kind, number in wanted:
        its = known.get((mine, kind), [])
        if any(other == number for _, other in its):
            continue
        if len(its) == 1:
            changed.append({"key": its[0][0], "v_number": number})
        else:
            fresh.append({"mine_id": mine, "kind": kind, "number": number, "registrar": "", "source": "补充登记"})
    if changed:
        renumber = update(_permit).where(_permit.c.id == bindparam("key")).values(number=bindparam("v_number"))
        session.connection().execute(renumber, changed)
    if fresh:
        session.connection().execute(insert(_permit), fresh)


def _close_open_values(session: Session, values: Values, actor: Actor, on: date, sources: Mapping[int, str]) -> None:
    query = select(_open_value.c.id, _open_value.c.mine_id, _open_value.c.name)
    rows = [row for some in _portions(values) for row in session.execute(query.where(_open_value.c.mine_id.in_(some)))]
    filled = [
        {"key": key, "v_value": str(values[mine][name]), "v_by": actor.user, "v_on": on, "v_source": sources[mine]}
        for key, mine, name in rows if name in values[mine]
    ]  # fmt: skip
    if filled:
        close = update(_open_value).where(_open_value.c.id == bindparam("key")).values(
            value=bindparam("v_value"), filled_by=bindparam("v_by"), filled_on=bindparam("v_on"),
            source=bindparam("v_source"),
        )  # fmt: skip
        session.connection().execute(close, filled)


def _moved(session: Session, cases: Sequence[Any], mines: Mapping[int, MineView], context: Context) -> list[Moved]:
    """Deadlines of the mines' open cases, computed with the values as they are after."""
    running = {row.id: row for row in cases if row.closed_on is None}
    slots: dict[int, list[Slot]] = {}
    query = select(_deadline.c.case_id, *(_deadline.c[name] for name in _SLOT)).order_by(_deadline.c.id)
    for some in _portions(running):
        for row in session.execute(query.where(_deadline.c.case_id.in_(some), _deadline.c.status == "open")):
            slots.setdefault(row[0], []).append(Slot(*row[1:]))
    found = []
    for case_id, its in slots.items():
        row = running[case_id]
        view = _view(row, mines[row.mine_id], tuple(its))
        facts = view.judged(context, view.entered_on)
        for slot in its:
            step = view.procedure.step(slot.trigger)
            assert step is not None
            again = recompute(slot, step, facts, context, suspended=view.suspended_on is not None)
            if again != slot:
                found.append(Moved(view, slot, again))
    return found


def _by_reason(moved: Sequence[Moved], values: Values) -> dict[str, list[Moved]]:
    found: dict[str, list[Moved]] = {}
    for one in moved:
        names = "".join(f"“{name}”" for name in values[one.case.mine.id])
        found.setdefault(f"补充登记{names}", []).append(one)
    return found


def _portions(keys: Any) -> list[list[Any]]:
    every = list(keys)
    return [every[at : at + _AT_ONCE] for at in range(0, len(every), _AT_ONCE)]
