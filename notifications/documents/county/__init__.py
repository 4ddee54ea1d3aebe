"""A county's own Word form in place of a built-in template: checked when it is uploaded, filled when it is used.

A form is somebody else's file. It is opened in a process of its own, which has neither database nor secrets and is
stopped when it takes too long or too much memory.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from notifications.documents import labels as names
from notifications.documents.county.package import FormProblem, too_large
from notifications.documents.errors import BadForm, BadValue, OpenValues
from notifications.documents.filters import BREAK
from notifications.documents.model import BLANK
from states.documents import DocumentKind

__all__ = ["FormProblem", "check_form", "render_form"]

_ROOT = Path(__file__).resolve().parents[3]
_CHILD = "notifications.documents.county.child"
#: What Windows needs to start a process at all.
_PASSED_ON = ("SYSTEMROOT",)
#: Kinds of paper that carry a number.
_NUMBERED = ("文件", "信函", "上行文", "法律文书")
_FEWER = "请减少格式里的循环和嵌套后再试"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one form may use: seconds of work, seconds altogether, bytes of memory."""

    cpu: int = 10
    wall: int = 30
    memory: int = 768 * 1024 * 1024


LIMITS = Limits()


def check_form(data: bytes, kind: DocumentKind) -> tuple[FormProblem, ...]:
    """Everything that keeps a file from being the form of a kind of document; nothing if it may be used."""
    if sentence := too_large(data):
        return (FormProblem("整个文件", sentence),)
    try:
        reply, _ = _asked({"numbered": kind.form in _NUMBERED}, data)
    except BadForm as error:
        return (FormProblem("整个文件", str(error)),)
    return tuple(FormProblem(place, message) for place, message in reply["problems"])


def render_form(
    data: bytes, values: Mapping[str, object], *, title: str = "自有格式", labels: Mapping[str, str] | None = None
) -> bytes:
    """The form filled with the data of a case, as a .docx; the same input always gives the same bytes.

    `values` are those that `compose` gets. Raises OpenValues (all of them at once), BadValue and BadForm.
    """
    if sentence := too_large(data):
        raise BadForm(f"《{title}》：{sentence}")
    groups = {name: _plain(group) for name, group in values.items() if isinstance(group, Mapping)}
    # As in states.facts: what a case has recorded comes before what is known about its mine.
    facts = {name: value for name, value in groups.get("facts", {}).items() if value not in (None, "")}
    groups["facts"] = names.chosen({**groups.get("mine", {}), **facts})
    groups["office"] = names.chosen(groups.get("office", {}))
    given = {"groups": groups, "number": _plain(values.get("number")), "date": _plain(values.get("date"))}
    try:
        reply, document = _asked({"values": given}, data)
    except BadForm as error:
        raise BadForm(f"《{title}》的自有格式不能使用：{error}") from error
    if "paths" in reply:
        raise OpenValues(title, tuple((path, _label(path, labels or {})) for path in reply["paths"]))
    return document


def _label(path: str, given: Mapping[str, str]) -> str:
    name = path.removeprefix("facts.")
    return given.get(path) or given.get(name) or names.label(path)


def _plain(value: object) -> Any:
    """The value without anything that JSON has no word for; a text cannot pass for a blank or a line end."""
    match value:
        case Mapping():
            return {str(name): _plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case str():
            return value.replace(BREAK, "□").replace(BLANK, "□")
        case bool() | int() | float() | date() | Decimal():
            return value
        case _:
            return None


def _tagged(value: object) -> dict[str, str]:
    if isinstance(value, date):
        return {"__date__": value.isoformat()[:10]}
    return {"__decimal__": str(value)}


def _asked(request: Mapping[str, object], data: bytes) -> tuple[dict[str, Any], bytes]:
    """The answer of the child. Raises BadForm and BadValue."""
    limits = {"cpu": LIMITS.cpu, "memory": LIMITS.memory}
    head = json.dumps({**request, **limits}, default=_tagged).encode()
    try:
        done = subprocess.run(  # noqa: S603 (our own module, no shell)
            [sys.executable, "-m", _CHILD],
            input=head + b"\n" + data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            timeout=LIMITS.wall,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BadForm(f"处理格式超过 {LIMITS.wall} 秒，已停止：{_FEWER}。") from error
    if done.returncode == 1:
        raise BadForm("处理格式时出错，已停止：请在 Word 中另存为 .docx 后再试，仍不行请联系管理员。")
    if done.returncode:
        raise BadForm(f"处理格式用时过长或占用内存过多，已停止：{_FEWER}。")
    line, _, document = done.stdout.partition(b"\n")
    reply: dict[str, Any] = json.loads(line)
    match reply.get("error"):
        case "memory":
            raise BadForm(f"处理格式占用内存过多，已停止：{_FEWER}。")
        case "form":
            raise BadForm(reply["message"])
        case "value":
            raise BadValue(reply["message"])
    return reply, document
