"""A new version of the plan's data, taken in (N15): what it changes, which deadlines move, each with its reason.

Everything happens in the caller's transaction: rolled back it was a rehearsal, and `Amendment.fingerprint` says whether
a second run came to the same. Issued documents keep what they cite: their values were kept when they were issued.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from states.kernel import Step
from states.registry import PROCEDURES
from workflow import clock
from workflow.context import Context, bump_revision, context_of
from workflow.deadlines import due_date
from workflow.engine import open_case
from workflow.errors import BadInput
from workflow.ladders import BY_HAND, Ladder
from workflow.models import Case, Deadline, Mine, OpenValue, PlanVersion, Setting
from workflow.plan.data import Plan, PlanRow
from workflow.plan.difference import IDENTITY, Difference, RowChange, difference
from workflow.plan.listed_anew import Arrival, arrive
from workflow.plan.organ_changes import change_organs
from workflow.plan.plain import digest, plain, plan_data
from workflow.plan.versions import count, in_force
from workflow.records import checked_text, reproject
from workflow.relisting import Decision, Relisting, Written, relist
from workflow.storage import Storage
from workflow.thresholds import THRESHOLDS
from workflow.views import Actor, CaseView, Slot

#: Name of the setting that holds the loaded official text.
OFFICIAL_TEXT = "official_text"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Moved:
    """One deadline whose day changed."""

    case: str
    step: str
    old: date | None
    new: date | None
    why: str


@dataclass(slots=True)
class Amendment:
    """What a new version changes."""

    difference: Difference
    #: Version that it was compared with, and what it would be.
    base: int
    number: str
    written: list[Written] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    opened: list[Arrival] = field(default_factory=list)
    moves: list[Moved] = field(default_factory=list)
    #: Deadlines whose day stays and whose next reminder moves.
    reminders: int = 0
    notes: list[str] = field(default_factory=list)
    #: `2-4:holder` -> what is on record now.
    identities: dict[str, str] = field(default_factory=dict)
    version: int | None = None

    @property
    def new_cases(self) -> int:
        return sum(one.is_new for one in self.opened)

    @property
    def fingerprint(self) -> str:
        """Of all that comes of it, whatever is accepted on top: what was shown is what is confirmed, or nothing is."""
        kept = self.kept()
        kept["written"] = [one for one in kept["written"] if one["name"] not in IDENTITY]
        kept["decisions"] = [one for one in kept["decisions"] if not one["key"]]
        return digest({**kept, "base": self.base, "identities": self.identities})[:32]

    def kept(self) -> dict[str, Any]:
        """What the version remembers of its coming, as plain values."""
        rows = [
            {"mine": row.mine, "place": row.place, "name": row.name, "kind": row.kind, "matched": row.matched,
             "numbers": _numbers(row), "cells": [asdict(cell) for cell in row.cells]}
            for row in self.difference.rows
        ]  # fmt: skip
        return {
            **{name: plain([asdict(c) for c in getattr(self.difference, name)]) for name in GROUPS}, "rows": rows,
            **{name: plain([asdict(one) for one in getattr(self, name)])
               for name in ("written", "decisions", "opened", "moves")},
            "reminders": self.reminders, "notes": self.notes,
        }  # fmt: skip


#: Groups of single values in a difference.
GROUPS = ("head", "dates", "ladders", "thresholds", "clauses", "organs", "questions")


def _numbers(row: RowChange) -> str:
    if row.old and row.new and row.old["row"] != row.new["row"]:
        return f"原第{row.old['row']}行"
    return ""


def amend(
    session: Session, plan: Plan, ladders: Mapping[str, Ladder], *, basis: str, reason: str, actor: Actor,
    accepted: frozenset[str] = frozenset(), progress: Progress | None = None,
) -> Amendment:  # fmt: skip
    """Takes a new version in. Does not commit. Raises BadInput; identical data is answered with an empty difference."""
    basis, reason = checked_text(basis, "依据文号"), checked_text(reason, "调整理由")
    setting = session.get(Setting, "plan", with_for_update=True)
    base = in_force(session)
    if setting is None or base is None or base.id is None:
        raise BadInput("这里还没有登记方案版本：请先运行 minecase init（或重新启动一次），再导入新版。")
    data = plan_data(plan, {name: plain(ladder) for name, ladder in ladders.items()})
    found = Amendment(difference(base.data, data), base.id, plan.number)
    _check(base.data, plan, ladders)
    if found.difference.empty:
        return found
    # All of them before the history is, as every step does: no deadlock with whoever is at work.
    session.exec(select(Case.id).where(col(Case.closed_on).is_(None)).order_by(Case.number).with_for_update()).all()
    found.notes += change_organs(session, found.difference.organs, plan)
    _settings(session, setting, plan, data, found)
    entry = {"basis": basis, "reason": reason, "plan": plan.number}
    at = Relisting(
        session, plan.number, count(session) + 1, actor, clock.today(), clock.now(), entry=entry, accepted=accepted
    )
    found.written, found.decisions, found.identities = at.written, at.decisions, at.identities
    for row in found.difference.rows:
        if row.old is not None:
            relist(at, row)
    _refuse_unknown(accepted, at)
    found.opened = _open(session, plan, found, at)
    mines = _mines_of(base.data, data, found)
    _ask_anew(session, plan, found, mines)
    session.flush()
    _dates_as_causes(found, at)
    _move(session, found, at, basis=basis, reason=reason, progress=progress)
    _remember(session, found, data, basis=basis, reason=reason, actor=actor)
    session.expire_all()
    return found


def _check(old: Mapping[str, Any], plan: Plan, ladders: Mapping[str, Ladder]) -> None:
    """Whether this can follow the version in force at all. Raises BadInput."""
    if plan.county != old["county"]:
        raise BadInput(f"这是{plan.county}的方案，现行的是{old['county']}的方案：请换用{old['county']}的文件。")
    if plan.amends and plan.amends not in (old["number"], old["amends"]):
        raise BadInput(f"plan.toml 的 amends 写的是修订“{plan.amends}”，现行方案是“{old['number']}”：请核对文号。")
    if plan.issued_on.isoformat() < old["issued_on"]:
        raise BadInput(
            f"新版的印发日期 {plan.issued_on} 早于现行方案的 {old['issued_on']}：旧方案不能代替新方案，请核对 plan.toml。"
        )
    used = {s.ladder: f"{p.title}“{s.title}”" for p in PROCEDURES.values() for s in p.steps if s.due}
    for name, where in used.items():
        if name not in ladders:
            raise BadInput(f"ladders.toml 缺少提醒阶梯 [{name}]，{where}等期限正在使用：请补上。")


def _settings(session: Session, setting: Setting, plan: Plan, data: Mapping[str, Any], found: Amendment) -> None:
    """What every case may know of the plan; ladders that the office has set itself stay as they are."""
    setting.value = {**plan.setting(), "loaded_on": clock.today().isoformat()}
    own = session.get(Setting, BY_HAND)
    stored = session.get(Setting, "ladders") or Setting(name="ladders", value={})
    stored.value = {**data["ladders"], **(own.value if own else {})}
    numbers = session.get(Setting, THRESHOLDS) or Setting(name=THRESHOLDS, value={})
    numbers.value = dict(plan.thresholds)
    session.add_all([setting, stored, numbers])
    changed = {change.key.split(":")[0] for change in found.difference.ladders}
    for name in sorted(changed & set(own.value if own else {})):
        title = own.value[name]["title"] if own else name
        found.notes.append(f"提醒阶梯“{title}”已由办公室自行调整，仍按调整后的执行；要改用新版，请在“提醒阶梯”中恢复。")
    text = session.get(Setting, OFFICIAL_TEXT)
    if text and text.value and (found.difference.clauses or found.difference.rows):
        text.value = {}
        session.add(text)
        found.notes.append("已载入的方案原文与新版不符，已撤下：请在“条款”页载入新版正式文本。")
    bump_revision(session)
    session.flush()


def _refuse_unknown(accepted: frozenset[str], at: Relisting) -> None:
    offered = {f"{one.mine}:{one.name}" for one in at.written if not one.why_not and one.name in IDENTITY}
    if odd := sorted(accepted - offered):
        raise BadInput(f"“{odd[0][:60]}”不是这次可以采用的名录改动：请按试算结果中列出的选择。")


def _open(session: Session, plan: Plan, found: Amendment, at: Relisting) -> list[Arrival]:
    def open_listed(session: Session, **given: Any) -> Case:
        return open_case(session, actor=at.actor, checked=True, **given)

    new = [_row(plan, row) for row in found.difference.rows if row.old is None]
    return [arrive(session, plan, row, at.version, open_listed) for row in new]


def _row(plan: Plan, change: RowChange) -> PlanRow:
    return next(
        row for row in plan.rows if change.new and (row.annex, row.row) == (change.new["annex"], change.new["row"])
    )


def _mines_of(old: Mapping[str, Any], new: dict[str, Any], found: Amendment) -> dict[str, str]:
    """Row of the new list -> code of its mine: kept from version to version, whatever number the row has."""
    by_row = {(row.new["annex"], row.new["row"]): row.mine for row in found.difference.rows if row.new and row.old}
    by_row |= {(one.annex, one.row): one.mine for one in found.opened}
    same = {(row["annex"], row["row"]): row["mine"] for row in old["rows"]}
    for row in new["rows"]:
        key = (row["annex"], row["row"])
        row["mine"] = by_row.get(key) or same.get(key, row["mine"])
    return {f"{row['annex']}-{row['row']}": row["mine"] for row in new["rows"]}


def _ask_anew(session: Session, plan: Plan, found: Amendment, mines: Mapping[str, str]) -> None:
    """Open values that the new version asks for, or asks otherwise."""
    changed = {change.key for change in found.difference.questions if change.new}
    questions = [q for q in plan.questions if f"{q.applies_to}:{q.name}" in changed]
    for row in plan.rows if questions else ():
        mine = session.exec(select(Mine).where(Mine.code == mines[row.code])).first()
        for question in questions:
            if mine is None or mine.id is None or not question.concerns(row):
                continue
            key = (OpenValue.mine_id == mine.id, OpenValue.name == question.name)
            asked = session.exec(select(OpenValue).where(*key)).first()
            if asked is None and mine.facts.get(question.name) in (None, ""):
                asked = OpenValue(mine_id=mine.id, name=question.name, label="", asked_of="", clause="")
            if asked and asked.value is None:
                asked.label, asked.asked_of, asked.clause = question.label, question.asked_of, question.clause
                session.add(asked)


def _dates_as_causes(found: Amendment, at: Relisting) -> None:
    at.causes[""] = {change.key: (change.what, change.old or None, change.new) for change in found.difference.dates}


def _move(
    session: Session, found: Amendment, at: Relisting, *, basis: str, reason: str, progress: Progress | None
) -> None:
    """Computes every running deadline again; each that moves says why."""
    context, storage = context_of(session), Storage(session)
    numbers = session.exec(
        select(Case.number).where(col(Case.id).in_(select(Deadline.case_id).where(Deadline.status == "open")))
        .order_by(col(Case.id))
    ).all()  # fmt: skip
    for done, number in enumerate(numbers, start=1):
        rearmed = reproject(storage, number, context, reason=reason, basis=basis, actor=at.actor.user, now=at.now)
        days = [(old, new) for old, new in rearmed.moved if old.due_on != new.due_on]
        found.reminders += len(rearmed.moved) - len(days)
        if days:
            stored = storage.case(number)
            assert stored is not None
            causes = {**at.causes[""], **at.causes.get(number, {})}
            found.moves += [_moved(stored[0], old, new, context, causes) for old, new in days]
        if progress:
            progress(done, len(numbers))


def _moved(view: CaseView, old: Slot, new: Slot, context: Context, causes: Mapping[str, tuple[str, Any, Any]]) -> Moved:
    step = view.procedure.step(old.trigger)
    assert step is not None
    moving = [name for name in causes if _due_with(view, step, new, context, {name: causes[name][1]}) != new.due_on]
    said = (f"{label} {was or '未定'} → {now}" for label, was, now in (causes[name] for name in moving or causes))
    return Moved(view.number, step.title, old.due_on, new.due_on, "；".join(dict.fromkeys(said)) or "方案调整")


def _due_with(view: CaseView, step: Step, slot: Slot, context: Context, given: Mapping[str, Any]) -> date | None:
    """The day if one value had stayed as it was."""
    facts = view.judged(context, view.entered_on)
    due = due_date(step, replace(facts, values={**facts.values, **given}), slot.opened_on)
    return due.on if due else None


def _remember(
    session: Session, found: Amendment, data: dict[str, Any], *, basis: str, reason: str, actor: Actor
) -> None:
    """The version's row, and an entry of the history that holds its fingerprint."""
    version = PlanVersion(number=found.number, basis=basis, reason=reason, loaded_by=actor.user, loaded_at=clock.now(),
                          data=data, changes=found.kept())  # fmt: skip
    session.add(version)
    session.flush()
    found.version = version.id
    Storage(session).append([
        {"case_id": None, "case_version": 0, "kind": "plan", "trigger": "amend", "from_state": "", "to_state": "",
         "actor": actor.user, "organ_id": actor.organ_id, "occurred_on": clock.today(), "recorded_at": clock.now(),
         "data": actor.signed({"version": version.id, "plan": found.number, "basis": basis, "reason": reason,
                               "sha256": digest([data, version.changes])})}
    ])  # fmt: skip
