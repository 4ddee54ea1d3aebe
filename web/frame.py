"""The frame of every page: templates, navigation, icons, words for days."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from heroicons.jinja import heroicon_mini, heroicon_outline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from office.access.people import ADMINISTRATORS, HANDLERS, READERS, ROLE_LABELS, ROLES
from office.desk.day_words import days_words
from states import clauses
from web import links
from workflow import clock
from workflow.clock import OFFICE
from workflow.models.people import Role

if TYPE_CHECKING:
    from web.desk import Desk

_HERE = Path(__file__).resolve().parent
TEMPLATES = _HERE.parent / "templates" / "pages"
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation."""

    url: str
    label: str
    icon: str
    roles: tuple[Role, ...] = READERS
    #: Name of the count that stands beside it.
    count: str = ""


#: Groups of the navigation; the first has no heading.
NAVIGATION: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("", (
        Entry("/", "工作台", "home", ROLES),
        Entry("/todo", "我的待办", "inbox-arrow-down", count="todo"),
        Entry("/calendar", "期限日历", "calendar-days"),
    )),
    ("整治台账", (
        Entry("/cases", "全部案件", "table-cells"),
        Entry("/survey", "调查摸底", "clipboard-document-check"),
        Entry("/lists/exit", "关闭退出名录", "no-symbol"),
        Entry("/lists/upgrade", "升级改造名录", "arrow-trending-up"),
        Entry("/lists/new", "拟新设名录", "map"),
        Entry("/lists/check", "名录核对", "document-magnifying-glass"),
        Entry("/opinions", "会签征求意见", "chat-bubble-left-right", count="opinions"),
        Entry("/sheets", "表格导入导出", "arrows-right-left"),
    )),
    ("调度监督", (
        Entry("/supervision", "督查督办", "megaphone"),
        Entry("/statistics", "统计分析", "chart-bar"),
        Entry("/open-values", "待明确事项", "question-mark-circle", count="open_values"),
    )),
    ("文书通知", (
        Entry("/documents", "文书档案", "document-text"),
        Entry("/notices", "通知记录", "paper-airplane", count="doubtful"),
        Entry("/preview", "发件预演", "eye"),
    )),
    ("规则与模板", (
        Entry("/procedures", "流程与条款", "adjustments-horizontal", ROLES),
        Entry("/plan", "方案版本", "book-open", ROLES),
        Entry("/templates", "文书模板与编号", "document-duplicate", ("office", "sysadmin")),
        Entry("/workdays", "工作日历", "calendar", ROLES),
        Entry("/ladders", "提醒阶梯", "bell-alert", ROLES),
    )),
    ("系统管理", (
        Entry("/organs", "单位与联系方式", "building-office", (*HANDLERS, "sysadmin")),
        Entry("/people", "人员与权限", "users", ("office", *ADMINISTRATORS)),
        Entry("/mail", "发信设置", "envelope", ("office", "sysadmin")),
        Entry("/audit", "审计日志", "shield-check", ("office", "auditor")),
        Entry("/backup", "备份", "archive-box", ("office", "sysadmin")),
        Entry("/interface", "接口说明", "code-bracket", ("office", "head", *ADMINISTRATORS)),
    )),
)  # fmt: skip


@cache
def stylesheet() -> tuple[str, bytes]:
    """The one stylesheet: its name, which changes with its content, and its bytes."""
    data = b"\n".join(path.read_bytes() for path in sorted((_HERE / "static" / "css").glob("*.css")))
    return f"app-{hashlib.sha256(data).hexdigest()[:12]}.css", data


@cache
def script() -> tuple[str, bytes]:
    """Our own few lines of script: its name and its bytes."""
    data = (_HERE / "static" / "app.js").read_bytes()
    return f"app-{hashlib.sha256(data).hexdigest()[:12]}.js", data


@cache
def htmx() -> tuple[str, bytes]:
    """The library out of its package: its name and its bytes."""
    import js_lib_htmx

    data = (Path(js_lib_htmx.__file__).parent / "static" / "htmx" / "htmx.min.js").read_bytes()
    return f"htmx-{hashlib.sha256(data).hexdigest()[:12]}.js", data


def _tone(days: int | None) -> str:
    """Class of a badge for so many days."""
    if days is None:
        return "plain"
    return "late" if days < 0 else "soon" if days <= 30 else "fine"


def _moment(at: datetime | None) -> str:
    return at.astimezone(OFFICE).strftime("%Y-%m-%d %H:%M") if at else ""


def _gist(place: str) -> str:
    """What a clause says, in our words; empty for a basis outside of the plan."""
    return clauses.gist(place) if clauses.exists(place) else ""


@cache
def environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    found.globals |= {
        # Parsed and written out anew they would cost more than the rest of a page.
        "icon": lru_cache(500)(heroicon_outline),
        "mini": lru_cache(500)(heroicon_mini),
        "gist": _gist,
        "ROLE_LABELS": ROLE_LABELS,
        "links": links,
    }
    found.filters |= {"days": days_words, "tone": _tone, "moment": _moment}
    return found


def render(template: str, /, **values: Any) -> str:
    return environment().get_template(template).render(**values)


def frame(desk: "Desk", said: str, *, bare: bool = False) -> dict[str, Any]:
    """What the frame of a page reads; without navigation and counts for a fragment."""
    today = clock.today()
    common = {
        "person": desk.person, "today": today, "csrf": desk.sign_in.csrf, "path": desk.request.url.path,
        "plan": desk.context.plan,
    }  # fmt: skip
    if bare:
        return common
    return common | outside(today) | {
        "said": unquote(said), "navigation": _navigation(desk), "counts": _counts(desk),
        "weekday": f"星期{_WEEKDAYS[today.weekday()]}",
    }  # fmt: skip


def outside(today: date) -> dict[str, Any]:
    """What also a page for nobody in particular reads."""
    return {"stylesheet": stylesheet()[0], "script": script()[0], "htmx": htmx()[0], "today": today}


def _navigation(desk: "Desk") -> list[tuple[str, list[Entry]]]:
    role = desk.person.role
    groups = [(title, [entry for entry in entries if role in entry.roles]) for title, entries in NAVIGATION]
    return [(title, entries) for title, entries in groups if entries]


def _counts(desk: "Desk") -> Mapping[str, int]:
    from office.desk.counts import counts

    return counts(desk.session, desk.person, clock.today()) if desk.person.reads_cases else {}
