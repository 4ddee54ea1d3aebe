"""One morning, planned: which rungs are due, who is told, what the clock records. Pure.

The sweep writes what `plan_morning` answers; the preview plays the same function forward in memory. So what is
previewed is what is sent (N4).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from states import parties as p
from states.due import BASIS_LABELS
from states.facts import Facts
from states.kernel import Blocker, Step
from workflow.context import Context
from workflow.deadlines import first_look
from workflow.decide import Change, lapse, missing_evidence
from workflow.ladders import DueRungs, Rung, due_rungs
from workflow.notify import change_notice
from workflow.survey_gaps import HOW, survey_gaps, told_too
from workflow.views import CaseView, Slot, party_name, told

_HOW = {
    "remind": "办理后请在系统中登记，或将材料送工作组办公室代录。",
    "due": "今日到期，请当日办结并登记；确需调整的，请书面说明理由和依据。",
    "overdue": "已经逾期，请立即办理；不能办理的，请书面说明原因和计划完成日期。",
    "supervise": "已生成督办单草稿，请审核后签发。",
    "criticise": "已生成通报草稿，是否通报请工作组研究决定。",
}
#: Level of the escalation lane -> kind of document drafted and its issuer.
ESCALATION_DRAFTS = {
    "supervise": ("supervision_slip", p.GROUP_OFFICE.id), "criticise": ("criticism_circular", p.WORKING_GROUP.id),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One rung for one recipient."""

    recipient_id: str
    slot: Slot
    case: CaseView
    rung: Rung
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Looked:
    """A deadline after its morning look."""

    case: CaseView
    before: Slot
    after: Slot
    rungs: DueRungs


@dataclass(frozen=True, slots=True)
class Morning:
    """All that one morning brings."""

    as_of: date
    lapses: tuple[Change, ...] = ()
    looked: tuple[Looked, ...] = ()
    items: tuple[Item, ...] = ()
    #: Notices of the clock's own steps, as outbox rows.
    lapse_notices: tuple[Mapping[str, Any], ...] = field(default=())

    @property
    def superseded(self) -> int:
        return sum(len(look.rungs.superseded) for look in self.looked)


def plan_morning(cases: Iterable[CaseView], context: Context, as_of: date) -> Morning:
    """What happens on one morning to cases with a deadline to look at. Nothing on a rest day."""
    if not context.calendar.is_working(as_of):
        return Morning(as_of)
    lapses, looked, items, notices = [], [], [], []
    for stored in cases:
        case = stored
        for change in _lapsed(case, context, as_of):
            lapses.append(change)
            case = change.after
            notice = change_notice(change, context)
            if notice:
                notices.append(
                    {**notice, "planned_on": as_of, "payload": {**notice["payload"], "date": as_of.isoformat()}}
                )
        for slot in case.slots:
            if slot.next_on is None or slot.next_on > as_of or case.suspended_on:
                continue
            look = _look(case, slot, context, as_of)
            looked.append(look)
            for rung in look.rungs.fire:
                items += _items(case, look.before, rung, context, as_of)
    return Morning(as_of, tuple(lapses), tuple(looked), tuple(items), tuple(notices))


def _lapsed(case: CaseView, context: Context, as_of: date) -> Iterable[Change]:
    """The clock's steps whose day has passed, one after another."""
    while True:
        ripe = next(
            (s for s in case.slots if s.due_on and s.due_on < as_of and _by_clock(case, s) and not case.suspended_on),
            None,
        )
        if ripe is None:
            return
        change = lapse(case, ripe.trigger, context)
        yield change
        case = change.after


def _by_clock(case: CaseView, slot: Slot) -> bool:
    step = case.procedure.step(slot.trigger)
    return bool(step and step.by_clock and case.state in step.sources)


def _look(case: CaseView, slot: Slot, context: Context, as_of: date) -> Looked:
    assert slot.due_on is not None
    rungs = due_rungs(
        slot.due_on, context.ladders[slot.ladder], context.calendar, as_of,
        reminded=slot.reminded, escalated=slot.escalated, opened_on=slot.opened_on,
    )  # fmt: skip
    after = replace(
        slot, reminded=rungs.handled("remind", slot.reminded), escalated=rungs.handled("escalate", slot.escalated)
    )
    return Looked(case, slot, replace(after, next_on=first_look(after, context, suspended=False)), rungs)


def _items(case: CaseView, slot: Slot, rung: Rung, context: Context, as_of: date) -> list[Item]:
    """The rung for who must act; and, where a survey waits for other organs, for each of them with what it owes."""
    step = case.procedure.step(slot.trigger)
    assert step is not None
    facts = case.judged(context, as_of)
    recipient = p.GROUP_OFFICE.id if rung.lane == "escalate" else told(step, facts)
    payload = item_payload(case, slot, step, context, as_of) | {
        "lane": rung.lane, "level": rung.level, "offset": rung.offset, "how": _HOW[rung.level],
    }  # fmt: skip
    found = [Item(recipient, slot, case, rung, payload)]
    if rung.lane == "remind":
        owing = told_too(case, survey_gaps(case, step, context), recipient)
        found += [
            Item(organ, slot, case, rung, {**payload, "blockers": [gap], "how": HOW}) for organ, gap in owing.items()
        ]
    return found


def item_payload(case: CaseView, slot: Slot, step: Step, context: Context, as_of: date) -> dict[str, Any]:
    """One deadline in words, as screens, mails and the command line show it."""
    facts = case.judged(context, as_of)
    assert step.due is not None
    return {
        "case": case.number, "mine": case.mine.name, "procedure": case.procedure.title,
        "state": case.procedure.state(case.state).label, "step": step.title, "clause": step.clause,
        "lead": party_name(step.lead, facts, context, case),
        "cooperating": [party_name(party, facts, context, case) for party in step.cooperating],
        "due_on": slot.due_on.isoformat() if slot.due_on else None,
        "days_left": (slot.due_on - as_of).days if slot.due_on else None,
        "provisional": slot.provisional, "basis": BASIS_LABELS[step.due.basis], "basis_source": step.due.source,
        "blockers": [*_in_the_way(case, step, context, facts), *survey_gaps(case, step, context).values()],
    }  # fmt: skip


def _in_the_way(case: CaseView, step: Step, context: Context, facts: Facts) -> list[str]:
    """What a step waits for; where its turn has not come, the step before it and what that waits for."""
    first: list[str] = []
    if case.state not in step.sources:
        usual = next((s for s in case.procedure.steps_from(case.state) if not s.clock and not s.by_clock), None)
        if usual is None:
            return []
        first = [str(Blocker(f"须先办理“{usual.title}”", party_name(usual.lead, facts, context, case), usual.clause))]
        step = usual
    return [*first, *(str(b) for b in (*missing_evidence(step, frozenset()), *step.blockers(facts)))]


def digests(morning: Morning, context: Context, serial: int = 1) -> list[dict[str, Any]]:
    """One outbox row for each recipient of the morning, most pressing first."""
    by_recipient: dict[str, list[Item]] = {}
    for item in morning.items:
        by_recipient.setdefault(item.recipient_id, []).append(item)
    rows = []
    for recipient, items in sorted(by_recipient.items()):
        items.sort(key=lambda i: (i.rung.lane != "escalate", i.slot.due_on or date.max, i.case.number, i.slot.trigger))
        rows.append({
            "dedupe": f"digest|{recipient}|{morning.as_of}|{serial}", "kind": "digest", "recipient_id": recipient,
            "planned_on": morning.as_of,
            "payload": {
                "recipient": context.organs.get(recipient, ""), "date": morning.as_of.isoformat(),
                "items": [dict(item.payload) for item in items],
            },
        })  # fmt: skip
    return rows


def heartbeat(
    morning: Morning, planned: int, unreachable: Iterable[str], previous: Mapping[str, Any] | None, chain: str,
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """The daily slip to the office, also when every figure is zero (N12)."""
    missing = sorted(unreachable)
    year = morning.as_of.year
    provisional = [y for y in (year, year + 1) if not context.calendar.is_published(date(y, 1, 1))]
    return {
        "dedupe": f"heartbeat|{morning.as_of}", "kind": "heartbeat", "recipient_id": p.GROUP_OFFICE.id,
        "planned_on": morning.as_of,
        "payload": {
            "date": morning.as_of.isoformat(), "previous": dict(previous) if previous else None,
            "today": {"due": len(morning.items), "planned": planned, "superseded": morning.superseded,
                      "no_contact": len(missing)},
            "missing_contacts": [context.organs.get(organ, "未登记的责任单位") for organ in missing],
            "provisional_years": provisional, "chain": chain,
            # The State Council publishes next year's holidays in November; from then on somebody has to bring them in.
            "import_calendar": year + 1 if morning.as_of.month >= 11 and year + 1 in provisional else None,
        },
    }  # fmt: skip
