"""What the tests of the plan as code share: facts, a small calendar, a small procedure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from states import due
from states import parties as p
from states.due import Due
from states.facts import Facts, Track
from states.fields import Evidence, Field
from states.kernel import CaseState, Procedure, Step
from states.standing import standing
from workflow.plan.thresholds import read_thresholds
from workflow.thresholds import yardsticks_of

TODAY = date(2026, 11, 23)
#: The numbers of the county's own plan folder.
YARDSTICKS = yardsticks_of(
    read_thresholds(Path(__file__).parents[2] / "plans" / "yangcheng" / "thresholds.toml"),
    {"licence_cutoff": "2025-12-31", "master_plan_from": "2021-01-01", "master_plan_to": "2025-12-31"},
)  # fmt: skip
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class StubCalendar:
    """Monday to Friday, but for some holidays and made-up working days; published up to 2026."""

    holidays: frozenset[date] = frozenset()
    made_up: frozenset[date] = field(default_factory=frozenset)

    def is_working(self, day: date) -> bool:
        return day in self.made_up or (day.weekday() < 5 and day not in self.holidays)

    def is_published(self, day: date) -> bool:
        return day.year <= 2026

    def add_working(self, day: date, count: int) -> date:
        while count:
            day += ONE_DAY
            count -= self.is_working(day)
        return day

    def next_working(self, day: date) -> date:
        return day if self.is_working(day) else self.next_working(day + ONE_DAY)

    def previous_working(self, day: date) -> date:
        return day if self.is_working(day) else self.previous_working(day - ONE_DAY)


CALENDAR = StubCalendar()


def facts(
    values: Mapping[str, object] | None = None,
    *,
    before: Mapping[str, object] | None = None,
    tracks: tuple[Track, ...] = (),
    today: date = TODAY,
    calendar: StubCalendar = CALENDAR,
) -> Facts:
    return Facts(values or {}, today, calendar, before or {}, tracks)


def track(procedure: str, state: str, *, final: bool = False, subject: str = "", **facts: object) -> Track:
    return Track(procedure, f"{procedure}-1", state, f"状态{state}", final, subject, subject, facts)


_STATES = (
    CaseState("open", "已立案", p.NATURAL_RESOURCES),
    CaseState("doing", "办理中", p.TOWNSHIP, no_deadline="方案没有规定"),
    CaseState("done", "办结", final=True),
)

#: Three states and two steps without a defect.
TINY = Procedure(
    id="tiny", title="小程序", kind="track", clause="四(一)", initial="open", states=_STATES,
    steps=(
        Step(
            trigger="begin", title="开始办理", source="open", dest="doing", lead=p.NATURAL_RESOURCES, clause="四(一)",
            fields=(Field("begun_on", "开始日期", "date"),),
            due=Due(due.fixed("survey_by"), "摸底期限", "plan", "四(一)"),
        ),
        Step(
            trigger="finish", title="办理完毕", source="doing", dest="done", lead=p.TOWNSHIP, clause="四(二)1；五(一)",
            evidence=(Evidence("record", "办理记录"),),
        ),
        *standing(_STATES),
    ),
)  # fmt: skip


def with_step(procedure: Procedure, trigger: str, **changes: Any) -> Procedure:
    """The procedure with one card changed."""
    assert procedure.step(trigger), trigger
    steps = tuple(replace(s, **changes) if s.trigger == trigger else s for s in procedure.steps)
    return replace(procedure, steps=steps)


def with_state(procedure: Procedure, state: str, **changes: Any) -> Procedure:
    """The procedure with one state changed."""
    assert procedure.knows(state), state
    states = tuple(replace(s, **changes) if s.id == state else s for s in procedure.states)
    return replace(procedure, states=states)


def without_step(procedure: Procedure, trigger: str) -> Procedure:
    assert procedure.step(trigger), trigger
    return replace(procedure, steps=tuple(s for s in procedure.steps if s.trigger != trigger))


def with_more(procedure: Procedure, *cards: CaseState | Step) -> Procedure:
    """The procedure with further states and steps."""
    states = tuple(card for card in cards if isinstance(card, CaseState))
    steps = tuple(card for card in cards if isinstance(card, Step))
    return replace(procedure, states=(*procedure.states, *states), steps=(*procedure.steps, *steps))
