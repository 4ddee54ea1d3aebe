"""One step, judged: who may, what is missing, what follows. Pure; nothing is read or written here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from states import documents
from states import parties as p
from states.facts import Facts
from states.fields import Evidence, Field, FieldError
from states.kernel import Blocker, Opens, Step
from workflow.context import Context
from workflow.deadlines import EXTENDED, Rearmed, rearm
from workflow.errors import BadInput, Conflict, NotFound, StepRefused
from workflow.views import CLOCK, CaseView, Entry, StoredFile, party_name, resolve


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that a step drafts."""

    kind: str
    title: str
    issuer_id: str


@dataclass(frozen=True, slots=True)
class Change:
    """Everything that one entry changes; written in one transaction."""

    before: CaseView
    after: CaseView
    entry: Entry
    step: Step
    deadlines: Rearmed
    #: Values recorded by this entry, in stored form.
    given: Mapping[str, Any]
    drafts: tuple[Draft, ...] = ()
    opens: tuple[Opens, ...] = ()
    #: Why deadlines moved, in words.
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def decide(
    view: CaseView, entry: Entry, context: Context, on_file: frozenset[str] = frozenset(),
    issued: Mapping[str, date] = MappingProxyType({}),
) -> Change:  # fmt: skip
    """What an entry changes. Raises NotFound, BadInput, Conflict or StepRefused, each with a sentence.

    `on_file` names evidence that was attached to the case earlier and still waits for its step; `issued` the
    documents of the case that have been issued, by kind, with their latest day.
    """
    # First of all: what somebody faster has changed is usually the state.
    _check_version(view, entry)
    step = _find_step(view, entry)
    _check_day(view, entry)
    given = read_fields(step.fields, entry.fields, entry.occurred_on)
    facts = view.judged(context, entry.occurred_on, given)
    blockers = (
        *standing_blockers(view, step), *_power_blockers(view, step, entry, facts, context),
        *missing_evidence(step, entry.evidenced | on_file), *unissued(step, issued, given), *step.blockers(facts),
    )  # fmt: skip
    if blockers:
        raise StepRefused(step.title, blockers)
    return _carry_out(view, step, entry, given, facts, context)


def _find_step(view: CaseView, entry: Entry) -> Step:
    step = view.procedure.step(entry.trigger)
    here = f"{view.number}（{view.procedure.title}，现处于“{view.procedure.state(view.state).label}”）"
    if step is None or (step.by_clock and entry.actor != CLOCK):
        raise NotFound(f"{here}没有代号为“{entry.trigger[:40]}”的环节。{_possible(view)}")
    if view.state not in step.sources:
        raise BadInput(f"{here}不能办理“{step.title}”。{_possible(view)}")
    return step


def _possible(view: CaseView) -> str:
    ways = [s for s in view.procedure.steps_from(view.state) if not s.by_clock and not s.clock]
    named = "、".join(f"{s.title}（{s.trigger}）" for s in ways)
    return f"目前可以办理：{named}。" if named else "该案件已经办结。"


def _check_version(view: CaseView, entry: Entry) -> None:
    if entry.expected_version is not None and entry.expected_version != view.version:
        raise Conflict(
            f"{view.number} 在您打开之后已被他人更新（您看到第 {entry.expected_version} 次记录，现为第 {view.version} 次）："
            "本次没有改动，请刷新后重新办理。"
        )


def _check_day(view: CaseView, entry: Entry) -> None:
    last = max(view.entered_on, view.suspended_on or view.entered_on)
    if entry.occurred_on < last:
        raise BadInput(f"办理日期 {entry.occurred_on} 早于上一环节的办理日期 {last}（{view.number}），请核对日期。")


def read_fields(fields: tuple[Field, ...], typed: Mapping[str, Any], day: date) -> dict[str, Any]:
    """The stored form of a form's values. Raises BadInput naming every field that is wrong at once."""
    given, problems = examine_fields(fields, typed, day, how="（--field {name}=…）")
    if problems:
        raise BadInput("".join(problems.values()))
    return given


def examine_fields(
    fields: tuple[Field, ...], typed: Mapping[str, Any], day: date, *, how: str = ""
) -> tuple[dict[str, Any], dict[str, str]]:
    """The stored form of what can be taken, and a sentence for each name that cannot; `how` says how to fill one in."""
    known = {f.name: f for f in fields}
    problems = {
        name: f"没有名为“{name[:40]}”的填写项（可填：{'、'.join(known) or '无'}）。"
        for name in typed
        if name not in known
    }
    given: dict[str, Any] = {}
    for f in fields:
        value = typed.get(f.name)
        if value is None or value == "":
            if f.required:
                problems[f.name] = f"请填写“{f.label}”{how.format(name=f.name)}。"
            continue
        try:
            given[f.name] = f.read(value)
        except FieldError as error:
            problems[f.name] = str(error)
            continue
        if f.past and str(given[f.name]) > day.isoformat():
            problems[f.name] = f"“{f.label}”{given[f.name]} 晚于办理日期 {day}，还没有发生的事不能登记。"
    return given, problems


def standing_blockers(view: CaseView, step: Step) -> tuple[Blocker, ...]:
    """What a halted clock stands in the way of."""
    if view.suspended_on and step.clock != "start":
        return (Blocker(f"案件自 {view.suspended_on} 起中止办理，须先恢复", p.GROUP_OFFICE.name, "五(一)"),)
    if step.clock == "start" and not view.suspended_on:
        return (Blocker("案件没有中止", p.GROUP_OFFICE.name, "五(一)"),)
    return ()


def may_act(step: Step, facts: Facts, organ_id: str) -> bool:
    """Whether an organ may record a step: its lead, a cooperating organ, or the office.

    What an enforcement organ leads, that organ alone records.
    """
    if step.lead is p.ENFORCER:
        return organ_id == resolve(step.lead, facts)
    if organ_id in p.OFFICES:
        return True
    return organ_id in {resolve(party, facts) for party in (step.lead, *step.cooperating)} - {""}


def _power_blockers(view: CaseView, step: Step, entry: Entry, facts: Facts, context: Context) -> tuple[Blocker, ...]:
    if entry.actor == CLOCK:
        return ()
    found = []
    if not may_act(step, facts, entry.actor.organ_id):
        lead = party_name(step.lead, facts, context, view)
        own = context.organs.get(entry.actor.organ_id, entry.actor.organ_id)
        powerless = [documents.BY_ID[e.kind] for e in step.emits if documents.BY_ID[e.kind].is_enforcement]
        sentence = (
            documents.refusal(own, powerless[0]).rstrip("。") if powerless else f"{own}不是本环节的牵头或配合单位"
        )
        found.append(Blocker(sentence, lead, step.clause))
    for emit in step.emits:
        issuer = resolve(emit.issuer, facts)
        kind = documents.BY_ID[emit.kind]
        if issuer and emit.issuer is not p.HOLDER and not documents.may_issue(issuer, kind):
            name = context.organs.get(issuer, issuer)
            found.append(Blocker(documents.refusal(name, kind).rstrip("。"), name, kind.basis))
    return tuple(found)


def missing_evidence(step: Step, held: frozenset[str]) -> tuple[Blocker, ...]:
    """Evidence that the card asks for and nobody has put on file."""
    return tuple(_needed(evidence, step) for evidence in step.evidence if evidence.name not in held)


def unissued(step: Step, issued: Mapping[str, date], given: Mapping[str, Any]) -> tuple[Blocker, ...]:
    """Documents that the step would prove served or signed, but that were not issued, or only later."""
    served = str(given.get("served_on") or given.get("decision_served_on") or given.get("signed_on") or "9999")
    found = []
    for kind in (documents.BY_ID[name] for name in step.settles):
        party = "、".join(issuer.name for issuer in kind.issuers)
        if kind.id not in issued:
            found.append(Blocker(f"《{kind.title}》还没有出具（只有草稿）", party, step.clause))
        elif served < issued[kind.id].isoformat():
            found.append(Blocker(f"日期 {served} 早于《{kind.title}》的成文日期 {issued[kind.id]}", party, step.clause))
    return tuple(found)


def _needed(evidence: Evidence, step: Step) -> Blocker:
    return Blocker(f"缺少材料“{evidence.label}”", evidence.by or step.lead.name, step.clause)


def _carry_out(
    view: CaseView, step: Step, entry: Entry, given: Mapping[str, Any], facts: Facts, context: Context
) -> Change:
    state = view.procedure.move(view.state, step.trigger)
    final = view.procedure.state(state).final
    moved_on = state != view.state
    recorded = {**view.facts, **_facts_after(view, step, given, entry, context)}
    suspended = {"stop": entry.occurred_on, "start": None}.get(step.clock, view.suspended_on)
    after = view.with_(
        state=state, version=view.version + 1, facts=recorded,
        entered_on=entry.occurred_on if moved_on else view.entered_on,
        closed_on=entry.occurred_on if final else None, suspended_on=suspended,
    )  # fmt: skip
    rearmed = rearm(
        after, after.judged(context, entry.occurred_on), context, taken=step.trigger, today=entry.occurred_on
    )
    closed = {slot.trigger for slot in (*rearmed.met, *rearmed.cancelled)}
    after = after.with_(
        facts={k: v for k, v in recorded.items() if not (k.startswith(EXTENDED) and k[len(EXTENDED) :] in closed)},
        slots=rearmed.running,
    )
    drafts = tuple(
        Draft(e.kind, documents.BY_ID[e.kind].title, resolve(e.issuer, facts) or e.issuer.id)
        for e in step.emits
        if e.wanted(recorded)
    )
    data: dict[str, Any] = {"fields": dict(given), "facts": dict(after.facts), "evidence": _hashes(entry.evidence)}
    if drafts:
        data["documents"] = [d.kind for d in drafts]
    reason = str(given.get("reason") or given.get("extension_reason") or step.title)
    return Change(view, after, entry, step, rearmed, given, drafts, step.opens, reason, data)


def _hashes(evidence: Mapping[str, tuple[StoredFile, ...]]) -> dict[str, list[str]]:
    return {name: [f.sha256 for f in files] for name, files in evidence.items()}


def _facts_after(
    view: CaseView, step: Step, given: Mapping[str, Any], entry: Entry, context: Context
) -> dict[str, Any]:
    """What the case remembers of a step; a standing step only moves deadlines."""
    if step.clock == "extend":
        return {EXTENDED + str(given["deadline"]): _extended_day(view, given)}
    if step.clock == "start":
        return _shifted(view, entry.occurred_on, context)
    return {} if step.clock else dict(given)


def _extended_day(view: CaseView, given: Mapping[str, Any]) -> str:
    slot = next((s for s in view.slots if s.trigger == given["deadline"]), None)
    step = view.procedure.step(str(given["deadline"]))
    if slot is None or step is None or step.due is None:
        running = "、".join(s.trigger for s in view.slots) or "无"
        raise BadInput(f"{view.number} 没有正在计时的“{given['deadline']}”期限（正在计时：{running}）。")
    if not step.due.extendable:
        raise BadInput(f"“{step.title}”的期限是法定到期日（{step.due.source}），任何单位都不能调整。")
    if slot.due_on and str(given["extend_to"]) <= slot.due_on.isoformat():
        raise BadInput(f"“调整到”{given['extend_to']} 应晚于现期限 {slot.due_on}。")
    return str(given["extend_to"])


def _shifted(view: CaseView, today: date, context: Context) -> dict[str, Any]:
    """Periods are lengthened by the days of the suspension; fixed days stay."""
    assert view.suspended_on is not None
    days = timedelta(days=(today - view.suspended_on).days)
    shifted = {}
    for slot in view.slots:
        step = view.procedure.step(slot.trigger)
        if step and step.due and step.due.period and slot.due_on:
            shifted[EXTENDED + slot.trigger] = context.calendar.next_working(slot.due_on + days).isoformat()
    return shifted


def lapse(view: CaseView, trigger: str, context: Context) -> Change:
    """The clock's own step: its deadline has passed. Pure, so the preview can take it too."""
    slot = next(s for s in view.slots if s.trigger == trigger)
    assert slot.due_on is not None
    day = max(slot.due_on + timedelta(days=1), view.entered_on)
    return decide(replace(view), Entry(view.number, trigger, CLOCK, day), context)
