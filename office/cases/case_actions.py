"""What a person may do with a case beside its next step. The pages behind these links check again."""

from dataclasses import dataclass
from datetime import date

from office.access.people import Person, may_take
from office.cases.case_history import Trail
from office.cases.handing import may_copy, may_supervise, may_urge
from states import parties as p
from workflow.context import Context
from workflow.views import CLOCK, CaseView


@dataclass(frozen=True, slots=True)
class Action:
    """One link of the menu; `url` is what follows the case's address."""

    url: str
    label: str
    icon: str


def actions(view: CaseView, person: Person, context: Context, today: date, past: Trail) -> list[Action]:
    """Only what is open to the person now."""
    if not view.procedure.knows(view.state):
        return []
    found: list[Action] = []
    last = past.standing[-1] if past.standing else None
    own_or_office = (
        bool(last) and person.handles_cases and person.organ_id in (*p.OFFICES, last.organ_id if last else "")
    )
    going_back = len(past.standing) > 1 and own_or_office and last is not None
    if going_back and last and last.actor != CLOCK.user:
        found.append(Action("/return", "退回", "arrow-uturn-left"))
    if going_back and last and last.organ_id == person.organ_id and past.since <= {person.organ_id}:
        found.append(Action("/withdraw", "撤回", "arrow-path"))
    if not view.closed_on and person.handles_cases:
        found.append(Action("/transfer", "转办", "arrows-right-left"))
    if may_copy(person, view, context, today):
        found.append(Action("/copy", "抄送", "document-duplicate"))
    if may_urge(person, view, context, today):
        found.append(Action("/urge", "催办", "bell-alert"))
    if may_supervise(person, view):
        found.append(Action("/supervise", "督办", "megaphone"))
    found += _standing(view, person, context, today)
    if going_back:
        found.append(Action("/correct", "更正", "pencil-square"))
    return found


def _standing(view: CaseView, person: Person, context: Context, today: date) -> list[Action]:
    """The steps that halt the clock, start it again or move a deadline."""
    wanted = {"start": ("恢复办理", "play")} if view.suspended_on else {
        "stop": ("中止", "pause"), "extend": ("延期", "calendar-days"),
    }  # fmt: skip
    found = []
    for step in view.procedure.steps_from(view.state):
        if step.clock in wanted and may_take(person, view, step, context, today):
            if step.clock == "extend" and not view.slots:
                continue
            label, icon = wanted[step.clock]
            found.append(Action(f"/steps/{step.trigger}", label, icon))
    return found
