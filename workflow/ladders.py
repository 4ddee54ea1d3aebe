"""Reminder ladders: on which working day which rung of a deadline goes out. Pure; one planner for sweep and preview."""

import re
import tomllib
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Literal

from states.calendar import Calendar

Lane = Literal["remind", "escalate"]
Level = Literal["remind", "due", "overdue", "supervise", "criticise"]
#: Setting: the ladders that the office has changed itself, in their stored form; they outlive the plan's file.
BY_HAND = "ladders_by_hand"


class LadderError(ValueError):
    """A ladders file that cannot be used; one Chinese sentence per problem."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Days from the due day on which people are told."""

    name: str
    title: str
    #: Days before the due day, descending; 0 is the due day.
    before: tuple[int, ...]
    #: First overdue notice, and the step of those that follow for ever.
    overdue_first: int = 1
    overdue_every: int = 7
    #: Days overdue after which a 督办单 or a 通报 is drafted; None means never.
    supervise_after: int | None = 15
    criticise_after: int | None = 30

    def overdue_up_to(self, days: int) -> int | None:
        """The highest overdue offset that is at most `days`."""
        past = days - self.overdue_first
        return days - past % self.overdue_every if past >= 0 else None

    def escalations(self) -> tuple[tuple[int, Level], ...]:
        steps: tuple[tuple[int | None, Level], ...] = (
            (self.supervise_after, "supervise"),
            (self.criticise_after, "criticise"),
        )
        return tuple((offset, level) for offset, level in steps if offset is not None)


@dataclass(frozen=True, slots=True)
class Rung:
    """One point of a ladder for one due day. `offset` is nominal; `fires_on` is the working day it falls on."""

    lane: Lane
    offset: int
    level: Level
    fires_on: date


@dataclass(frozen=True, slots=True)
class DueRungs:
    """What goes out today, at most one rung per lane, and what it overtook: recorded, not sent."""

    fire: tuple[Rung, ...] = ()
    superseded: tuple[Rung, ...] = ()

    def handled(self, lane: Lane, before: int | None) -> int | None:
        """The highest offset of the lane handled after this; `before` when there is none."""
        offsets = [rung.offset for rung in (*self.fire, *self.superseded) if rung.lane == lane]
        return max(offsets, default=before)


def due_rungs(
    due_on: date, ladder: Ladder, calendar: Calendar, as_of: date, *,
    reminded: int | None, escalated: int | None, opened_on: date,
) -> DueRungs:  # fmt: skip
    """The rungs that have come (fires_on <= as_of) and are above the last handled offset of their lane.

    In each lane only the highest fires. The superseded are the other rungs up to the first overdue one and the
    lower escalation; weekly overdue rungs that were slept through leave no trace but the one that fires. What came
    before the deadline was opened is superseded too, except the highest reminder: a deadline imported long overdue
    gives one overdue notice and no 督办单 or 通报. Nothing comes on a rest day or before `opened_on`.
    """
    if as_of < opened_on or not calendar.is_working(as_of):
        return DueRungs()
    reminders = _reminders(due_on, ladder, calendar, as_of, reminded)
    escalations = _escalations(due_on, ladder, calendar, as_of, escalated)
    fire, superseded = reminders[-1:], reminders[:-1]
    if escalations and escalations[-1].fires_on < opened_on:
        return DueRungs(fire, superseded + escalations)
    return DueRungs(fire + escalations[-1:], superseded + escalations[:-1])


def next_on(
    due_on: date, ladder: Ladder, calendar: Calendar, *, reminded: int | None, escalated: int | None
) -> date:  # fmt: skip
    """The day of the earliest rung not handled yet, in the past if it was slept through. Overdue never ends."""
    offsets = [-days for days in ladder.before if _open(-days, reminded)][:1]
    if not offsets:
        last = ladder.overdue_up_to(reminded) if reminded is not None else None
        offsets = [ladder.overdue_first if last is None else last + ladder.overdue_every]
    offsets += [offset for offset, _ in ladder.escalations() if _open(offset, escalated)]
    return min(_fires_on(due_on, offset, calendar) for offset in offsets)


def _reminders(due_on: date, ladder: Ladder, calendar: Calendar, as_of: date, last: int | None) -> tuple[Rung, ...]:
    offsets = [-days for days in ladder.before] + [ladder.overdue_first]
    # as_of is a working day, so an overdue rung has come exactly when its own day has.
    weekly = ladder.overdue_up_to((as_of - due_on).days)
    if weekly is not None and weekly > ladder.overdue_first:
        offsets.append(weekly)
    rungs = (Rung("remind", offset, _level(offset), _fires_on(due_on, offset, calendar))
             for offset in offsets if _open(offset, last))  # fmt: skip
    return tuple(rung for rung in rungs if rung.fires_on <= as_of)


def _escalations(due_on: date, ladder: Ladder, calendar: Calendar, as_of: date, last: int | None) -> tuple[Rung, ...]:
    rungs = (Rung("escalate", offset, level, _fires_on(due_on, offset, calendar))
             for offset, level in ladder.escalations() if _open(offset, last))  # fmt: skip
    return tuple(rung for rung in rungs if rung.fires_on <= as_of)


def _fires_on(due_on: date, offset: int, calendar: Calendar) -> date:
    """Up to the due day the last working day on or before; after it the next, so that nobody is late too early."""
    day = due_on + timedelta(days=offset)
    return calendar.next_working(day) if offset > 0 else calendar.previous_working(day)


def _open(offset: int, last: int | None) -> bool:
    return last is None or offset > last


def _level(offset: int) -> Level:
    return "remind" if offset < 0 else "due" if offset == 0 else "overdue"


def read_ladders(path: Path) -> dict[str, Ladder]:
    """The ladders of a TOML file by name. Raises LadderError naming file, ladder and key."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        raise LadderError(f"打不开提醒阶梯文件 {path}，请核对文件名。") from None
    except UnicodeDecodeError:
        raise LadderError(f"提醒阶梯文件 {path} 不是 UTF-8 文本，请用 UTF-8 编码另存。") from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = f"第{line[1]}行" if line else "末尾"
        raise LadderError(f"提醒阶梯文件 {path} {where}写法有误，请对照其他阶梯改正引号、方括号和逗号。") from None
    problems = [] if "standard" in tables else ["缺少阶梯 [standard]，请补上：未指明阶梯的期限都用它"]
    problems += [f"[{name}] {why}" for name, table in tables.items() for why in _problems(table)]
    if problems:
        raise LadderError("\n".join(f"提醒阶梯文件 {path}：{problem}。" for problem in problems))
    return {name: _ladder(name, table) for name, table in tables.items()}


def checked_ladder(name: str, table: dict[str, object]) -> Ladder:
    """A ladder from typed values, by the rules of the file. Raises LadderError with a sentence for each problem."""
    problems = _problems(table)
    if problems:
        raise LadderError("\n".join(f"{problem}。" for problem in problems))
    return _ladder(name, table)


_TEN_YEARS = 3650
_KEYS = tuple(field.name for field in fields(Ladder) if field.name != "name")


def _ladder(name: str, table: dict[str, object]) -> Ladder:
    """A checked table; `false` switches an escalation off, as TOML has no null."""
    values = {key: None if value is False else value for key, value in table.items()}
    return Ladder(name, **{**values, "before": tuple(table["before"])})  # type: ignore[arg-type]


def _problems(table: object) -> list[str]:
    if not isinstance(table, dict):
        return ["应是一个阶梯（方括号小节），请参照 [standard] 书写"]
    found = [f"的 {key} 不认识，请删去或改为 {'、'.join(_KEYS)} 之一" for key in table if key not in _KEYS]
    if not isinstance(table.get("title"), str) or not table["title"].strip():
        found.append("的 title 缺少或不是文字，请写明阶梯名称")
    before = table.get("before")
    if not isinstance(before, list) or not before or not all(_whole(days, 0) for days in before):
        found.append("的 before 应是提前天数的列表，例如 [5, 3, 1, 0]")
    elif any(earlier <= later for earlier, later in pairwise(before)):
        found.append("的 before 应从大到小排列且不重复，例如 [5, 3, 1, 0]")
    found += [f"的 {key} 应是不小于1的整数天数" for key in ("overdue_first", "overdue_every")
              if key in table and not _whole(table[key], 1)]  # fmt: skip
    found += [f"的 {key} 应是不小于1的整数天数，不需要时写 false" for key in ("supervise_after", "criticise_after")
              if key in table and table[key] is not False and not _whole(table[key], 1)]  # fmt: skip
    supervise, criticise = table.get("supervise_after", 15), table.get("criticise_after", 30)
    if not found and supervise and criticise and criticise <= supervise:
        found.append("的 criticise_after 应大于 supervise_after：先督办，后通报")
    return found


def _whole(value: object, low: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= _TEN_YEARS
