"""提醒阶梯 as the office sets it: tried out first, stored, and every running deadline's next look computed again."""

import re
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from states.registry import PROCEDURES
from workflow.context import bump_revision, context_of, ladder_of
from workflow.errors import BadInput, NotFound
from workflow.ladders import BY_HAND, Ladder, LadderError, checked_ladder, read_ladders
from workflow.models import Case, Deadline, Setting
from workflow.plan.versions import amended
from workflow.reprojection import reproject_all


@dataclass(frozen=True, slots=True)
class Shift:
    """One deadline that is next looked at on another day."""

    case: str
    step: str
    due_on: date | None
    old: date | None
    new: date | None


@dataclass(frozen=True, slots=True)
class LadderChange:
    """What a changed ladder does."""

    before: Ladder
    after: Ladder
    shifts: tuple[Shift, ...]


def steps_on(name: str) -> list[tuple[str, str]]:
    """(procedure, step) whose deadlines climb a ladder."""
    return [(p.title, s.title) for p in PROCEDURES.values() for s in p.steps if s.due and s.ladder == name]


def set_by_hand(session: Session) -> set[str]:
    """Names of the ladders that the office has changed itself."""
    row = session.get(Setting, BY_HAND)
    return set(row.value) if row else set()


def read_typed(ladder: Ladder, typed: dict[str, str]) -> Ladder:
    """The ladder with typed values; an empty escalation means never. Raises BadInput."""
    days = re.split("[,，、]", typed["before"])
    table: dict[str, object] = {
        "title": ladder.title, "before": [_whole(part) for part in days],
        "overdue_first": _whole(typed["overdue_first"]), "overdue_every": _whole(typed["overdue_every"]),
        "supervise_after": _whole(typed["supervise_after"]) if typed["supervise_after"] else False,
        "criticise_after": _whole(typed["criticise_after"]) if typed["criticise_after"] else False,
    }  # fmt: skip
    try:
        return checked_ladder(ladder.name, table)
    except LadderError as error:
        raise BadInput(_said(str(error))) from None


def _whole(text: str) -> object:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text


#: Keys of the plan's file and what their fields are called on the page.
_CALLED = {
    "的 before 应是提前天数的列表，例如 [5, 3, 1, 0]": "“到期前提醒”应是用逗号分开的天数，例如 5, 3, 1, 0",
    "的 before 应从大到小排列且不重复，例如 [5, 3, 1, 0]": "“到期前提醒”应从大到小排列且不重复，例如 5, 3, 1, 0",
    "，不需要时写 false": "，不需要时留空", "的 overdue_first ": "“第一次逾期提醒”", "的 overdue_every ": "“以后每隔”",
    "的 supervise_after ": "“起草督办单”", "的 criticise_after 应大于 supervise_after": "“起草通报”的天数应大于“起草督办单”",
    "的 criticise_after ": "“起草通报”",
}  # fmt: skip


def _said(problems: str) -> str:
    for key, words in _CALLED.items():
        problems = problems.replace(key, words)
    return problems.replace("\n", "")


def change(session: Session, wanted: Ladder, *, actor: str, by_hand: bool = True) -> LadderChange:
    """Stores a ladder and computes the next looks again; rolled back, it was a rehearsal. Does not commit.

    What was already sent stays handled: only rungs above the last one handled are still to come.
    """
    stored = session.get(Setting, "ladders", with_for_update=True)
    if stored is None or wanted.name not in stored.value:
        raise NotFound(f"没有名为“{wanted.name[:40]}”的提醒阶梯。")
    old = context_of(session).ladders[wanted.name]
    before = _looks(session, wanted.name)
    plain = _plain(wanted)
    stored.value = {**stored.value, wanted.name: plain}
    own = session.get(Setting, BY_HAND) or Setting(name=BY_HAND, value={})
    kept = {name: values for name, values in own.value.items() if name != wanted.name}
    own.value = {**kept, wanted.name: plain} if by_hand else kept
    session.add_all([stored, own])
    bump_revision(session)
    session.flush()
    reproject_all(session, reason=f"调整提醒阶梯“{wanted.title}”", basis="内部工作安排", actor=actor)
    session.expire_all()
    return LadderChange(old, wanted, _shifted(before, _looks(session, wanted.name)))


def ladders_given(session: Session, folder: Path) -> dict[str, Ladder]:
    """The ladders of the plan itself: as last amended, or of its folder. Raises LadderError."""
    version = amended(session)
    if version is None:
        return read_ladders(folder / "ladders.toml")
    return {name: ladder_of(values) for name, values in version.data["ladders"].items()}


def original(given: dict[str, Ladder], name: str) -> Ladder:
    """The ladder as the plan's file has it. Raises NotFound."""
    if name not in given:
        raise NotFound(f"方案的 ladders.toml 中没有名为“{name[:40]}”的提醒阶梯。")
    return given[name]


def _plain(ladder: Ladder) -> dict[str, Any]:
    return {**asdict(ladder), "before": list(ladder.before)}


def _looks(session: Session, name: str) -> dict[int, Shift]:
    rows = session.exec(
        select(Deadline, Case).join(Case, col(Deadline.case_id) == Case.id)
        .where(Deadline.status == "open", Deadline.ladder == name).order_by(col(Deadline.id))
    )  # fmt: skip
    found = {}
    for deadline, case in rows:
        step = PROCEDURES[case.procedure].step(deadline.trigger)
        title = step.title if step else deadline.trigger
        found[deadline.id or 0] = Shift(case.number, title, deadline.due_on, deadline.next_on, deadline.next_on)
    return found


def _shifted(before: dict[int, Shift], after: dict[int, Shift]) -> tuple[Shift, ...]:
    return tuple(
        replace(old, new=after[key].new) for key, old in before.items() if key in after and after[key].new != old.old
    )
