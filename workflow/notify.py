"""The notice that a step itself gives rise to: whoever must act next is told, unless it is their own entry."""

from typing import Any

from workflow.context import Context
from workflow.decide import Change
from workflow.views import CLOCK, party_name, told


def change_notice(change: Change, context: Context) -> dict[str, Any] | None:
    """An outbox row (`moved`, or `lapsed` for the clock's steps), or None when nobody needs telling."""
    after, entry = change.after, change.entry
    facts = after.judged(context, entry.occurred_on)
    by_clock = entry.actor == CLOCK
    following = next((s for s in after.procedure.steps_from(after.state) if not s.clock and not s.by_clock), None)
    if following is None or (after.state == change.before.state and not by_clock):
        return None
    recipient = told(following, facts)
    if recipient == entry.actor.organ_id:
        return None
    kind = "lapsed" if by_clock else "moved"
    state = after.procedure.state
    payload: dict[str, Any] = {
        "recipient": context.organs.get(recipient, ""), "date": entry.occurred_on.isoformat(), "case": after.number,
        "mine": after.mine.name, "procedure": after.procedure.title, "step": change.step.title,
        "occurred_on": entry.occurred_on.isoformat(), "clause": change.step.clause, "to_label": state(after.state).label,
    }  # fmt: skip
    if not by_clock:
        dues = {slot.trigger: slot.due_on for slot in after.slots}
        due_on = dues.get(following.trigger)
        payload |= {
            "from_label": state(change.before.state).label, "actor": context.organs.get(entry.actor.organ_id, ""),
            "documents": [draft.title for draft in change.drafts],
            "next": [{
                "step": following.title, "lead": party_name(following.lead, facts, context, after),
                "due_on": due_on.isoformat() if due_on else None,
                "days_left": (due_on - entry.occurred_on).days if due_on else None,
            }],
        }  # fmt: skip
    return {
        "dedupe": f"{kind}|{after.number}|{after.version}", "kind": kind, "recipient_id": recipient,
        "planned_on": entry.occurred_on, "payload": payload,
    }  # fmt: skip
