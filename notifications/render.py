"""Writes the text of a notice from its payload alone: the same payload, the same words.

A template's first line is the subject. A new kind needs a file in `templates/emails/` and nothing else,
unless it wants something computed (`_VIEWS`).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notifications.ics import CalendarEvent, event_uid
from notifications.plain import one_line
from workflow.errors import CaseFileError

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "emails"
#: An item that falls due within so many days is counted apart in the summary.
SOON = 7


@dataclass(frozen=True, slots=True)
class Message:
    """What a person reads, and the due days that go with it."""

    subject: str
    body: str
    events: tuple[CalendarEvent, ...] = ()


class Unwritable(CaseFileError):
    """The payload and the template do not fit together; says in Chinese what to look at."""


def render(kind: str, payload: Mapping[str, Any]) -> Message:
    """The message of a notice. Raises Unwritable for an unknown kind, or where the payload lacks something."""
    try:
        data = {**_clean(payload)}
        view, events = _VIEWS.get(kind, _nothing_more)(data)
        text = _template(kind).render(**data, **view)
    except TemplateNotFound as error:
        raise Unwritable(f"没有“{one_line(kind)}”这类通知的文字模板，请检查 templates/emails 目录") from error
    except (TemplateError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unwritable(f"“{kind}”类通知的内容不完整（{one_line(str(error))}），请检查该通知的数据或模板") from error
    subject, _, body = text.partition("\n")
    return Message(subject.strip(), body.strip("\n") + "\n", events)


def _clean(value: Any) -> Any:
    """A name with a line break in it must not be able to write lines of its own."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, Mapping):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


def _template(kind: str) -> Any:
    if not re.fullmatch("[a-z_]+", kind):
        raise TemplateNotFound(kind)
    return _environment().get_template(f"{kind}.txt.j2")


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        # Plain text: escaping would only spoil it.
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["day"] = _day
    environment.filters["left"] = _left
    return environment


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"


def _left(days: int) -> str:
    if days == 0:
        return "今天到期"
    return f"还剩{days}天" if days > 0 else f"已逾期{-days}天"


_View = tuple[dict[str, Any], tuple[CalendarEvent, ...]]
_Item = dict[str, Any]


def _nothing_more(_: _Item) -> _View:
    return {}, ()


def _digest(data: _Item) -> _View:
    """Escalations first, then the longest overdue, then what falls due next."""
    raised = [item for item in data["items"] if item["lane"] == "escalate"]
    raised.sort(key=lambda item: (item["level"] != "criticise", item["days_left"]))
    told = {(item["case"], item["step"]) for item in raised}
    rest = [item for item in data["items"] if item["lane"] != "escalate" and (item["case"], item["step"]) not in told]
    rest.sort(key=lambda item: item["days_left"])
    late = [item for item in rest if item["days_left"] < 0]
    ahead = [item for item in rest if item["days_left"] >= 0]
    days = [item["days_left"] for item in raised + rest]
    counts = {
        "late": sum(d < 0 for d in days),
        "soon": sum(0 <= d <= SOON for d in days),
        "other": sum(d > SOON for d in days),
        "total": len(days),
    }
    groups = [("督办与通报事项", raised), ("已逾期事项", late), ("即将到期事项", ahead)]
    events = _events(raised + rest, data)
    return {"counts": counts, "groups": [(title, items) for title, items in groups if items]}, events


def _moved(data: _Item) -> _View:
    steps = [{**data, "provisional": False, "basis": "", "how": "", **step} for step in data["next"]]
    return {}, _events(steps, data)


def _events(items: list[_Item], data: _Item) -> tuple[CalendarEvent, ...]:
    """Calendar entries for what is still to come."""
    return tuple(_event(item) for item in items if item["due_on"] and item["due_on"] > data["date"])


def _event(item: _Item) -> CalendarEvent:
    lines = [f"矿山：{item['mine']}（{item['case']}）", f"责任单位：{item['lead']}", f"依据：{item['clause']}"]
    if item["basis"]:
        lines.append(f"期限性质：{item['basis']}")
    if item["how"]:
        lines.append(f"如何办理：{item['how']}")
    return CalendarEvent(
        uid=event_uid(item["case"], item["step"]),
        on=date.fromisoformat(item["due_on"]),
        summary=f"{item['step']}（{item['mine']}）" + ("（暂定）" if item["provisional"] else ""),
        description="\n".join(lines),
    )


_VIEWS: dict[str, Callable[[_Item], _View]] = {"digest": _digest, "moved": _moved}
