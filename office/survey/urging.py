"""催报缺项: what each organ still owes the survey, as one letter an organ and day, looked at before it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from notifications.render import Message, render
from office.access.people import Person
from states.survey import ASKED, labels, owed
from workflow.context import Context
from workflow.entries import act
from workflow.errors import BadInput
from workflow.models import Mine, Notice
from workflow.records import checked_text
from workflow.storage import Storage
from workflow.survey_gaps import running

KIND = "survey_gaps"
#: Mines named one by one in a letter; the rest are counted.
NAMED = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """What one organ would be told."""

    organ_id: str
    payload: Mapping[str, Any]
    #: Told today already: once a day is enough.
    sent: bool

    @property
    def message(self) -> Message:
        return render(KIND, self.payload)


def letters(session: Session, person: Person, context: Context, today: date, reason: str = "") -> list[Letter]:
    """A letter for each organ that owes something about a mine with a running case."""
    lines: dict[str, list[dict[str, str]]] = {party.id: [] for party in ASKED}
    counted = dict.fromkeys(lines, 0)
    query = select(col(Mine.code), col(Mine.name), col(Mine.facts)).where(col(Mine.kind) == "mine", running())
    for code, name, facts in session.execute(query.order_by(col(Mine.id))):
        for party, items in owed(facts).items():
            counted[party.id] += len(items)
            lines[party.id].append({"mine": name, "code": code, "lacks": labels(items)})
    told = set(
        session.scalars(select(col(Notice.dedupe)).where(col(Notice.dedupe).in_([_key(o, today) for o in lines])))
    )
    due_on = context.plan.get("survey_by")
    return [
        Letter(organ, {
            "recipient": context.organs.get(organ, ""), "date": today.isoformat(), "actor": person.organ,
            "due_on": str(due_on) if due_on else None, "mines": rows[:NAMED], "left": max(len(rows) - NAMED, 0),
            "mines_total": len(rows), "values_total": counted[organ], "reason": reason,
        }, _key(organ, today) in told)
        for organ, rows in lines.items() if rows
    ]  # fmt: skip


def _key(organ: str, on: date) -> str:
    return f"{KIND}|{organ}|{on}"


def urge(
    session: Session, person: Person, context: Context, organs: Sequence[str], on: date, reason: str = ""
) -> list[str]:
    """Tells the organs chosen what they owe; answers their names. Does not commit. Raises BadInput."""
    reason = checked_text(reason, "说明") if reason else ""
    by_organ = {letter.organ_id: letter for letter in letters(session, person, context, on, reason)}
    chosen = [organ for organ in dict.fromkeys(organs) if organ in by_organ]
    if not chosen:
        raise BadInput("没有选择要催报的单位，或者所选单位已经没有缺项：请刷新页面后重新选择。")
    for organ in chosen:
        payload = by_organ[organ].payload
        data = {"organ": organ, "mines": payload["mines_total"], "values": payload["values_total"], "reason": reason}
        # First the entry, which waits for whoever writes just now: then the second of two people finds the notice.
        act(session, None, "survey_urged", actor=person.actor, on=on, data=data)
        if session.scalars(select(col(Notice.id)).where(col(Notice.dedupe) == _key(organ, on))).first():
            raise BadInput(f"{payload['recipient']}今天（{on}）已经催报过，每天只催报一次：没有发出，请改选其他单位。")
        row = {"dedupe": _key(organ, on), "kind": KIND, "recipient_id": organ, "planned_on": on, "payload": payload}
        Storage(session).notices([row])
    return [by_organ[organ].payload["recipient"] for organ in chosen]
