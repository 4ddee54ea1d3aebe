"""The process that opens a county's form: no database, no secrets, little time and memory.

Reads one line of JSON and the form from standard input; writes one line of JSON and the filled form.
"""

import contextlib
import json
import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from notifications.documents.county import fill
from notifications.documents.county.fields import GROUPS, SINGLE
from notifications.documents.county.lint import TOO_DEEP, jinja_problems
from notifications.documents.county.package import MAX_UNPACKED, FormProblem, filled_parts, foreign, parse, unpack
from notifications.documents.county.text import source, word_problems
from notifications.documents.docx.package import pack
from notifications.documents.errors import BadForm, BadValue
from notifications.documents.values import Ledger, Missing, Node

#: A form's own author and times are not those of the document.
_NO_PROPERTIES = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)


def main() -> None:
    head, _, data = sys.stdin.buffer.read().partition(b"\n")
    request = json.loads(head, object_hook=_typed)
    _limit(request["cpu"], request["memory"])
    reply, document = answer(request, data)
    sys.stdout.buffer.write(json.dumps(reply).encode() + b"\n" + document)


def answer(request: Mapping[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """What the other side is told, and the filled form if there is one."""
    try:
        if "values" not in request:
            return {"problems": [(p.place, p.message) for p in _check(data, numbered=request["numbered"])]}, b""
        return _render(data, request["values"])
    except MemoryError:
        return {"error": "memory"}, b""
    except RecursionError:
        return {"error": "form", "message": TOO_DEEP}, b""
    except BadValue as error:
        return {"error": "value", "message": str(error)}, b""
    except BadForm as error:
        return {"error": "form", "message": str(error)}, b""


def _limit(cpu: int, memory: int) -> None:
    """Where the platform can: seconds of work, bytes of memory, no files written, no core dump."""
    try:
        import resource
    except ImportError:
        return
    for kind, amount in (
        (resource.RLIMIT_CPU, cpu), (resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (amount, amount))


def _typed(found: dict[str, Any]) -> object:
    """A date or an amount again, as the other side has written them."""
    match found:
        case {"__date__": str(text)}:
            return date.fromisoformat(text)
        case {"__decimal__": str(text)}:
            return Decimal(text)
        case _:
            return found


def _check(data: bytes, *, numbered: bool) -> list[FormProblem]:
    try:
        package = unpack(data)
        parts = filled_parts(package)
        problems, names = _read(package, parts)
        if not problems:
            _try(package, parts)
    except BadForm as error:
        return [FormProblem(error.place or "整个文件", error.message)]
    if not names & (GROUPS | SINGLE.keys()) and not problems:
        return [FormProblem("整个文件", "没有一个字段，填不进任何内容：请在要填的地方写上字段，如 {{ mine.name }}。")]
    if numbered and "number" not in names and not problems:
        return [FormProblem("整个文件", "这种公文有文号，格式里却没有：请在文号的位置写上 {{ number }}。")]
    return problems


def _read(package: Mapping[str, bytes], parts: Mapping[str, str]) -> tuple[list[FormProblem], frozenset[str]]:
    """What can be seen without filling anything in, and the names that the form reads."""
    problems = foreign(package)
    names: frozenset[str] = frozenset()
    environment = fill.environment()
    for name, place in parts.items():
        root = parse(package[name])
        problems += word_problems(root, place)
        found, read = jinja_problems(environment, source(root), place, frozenset(fill.FILTERS))
        problems += found
        names |= read
    return problems, names


def _try(package: Mapping[str, bytes], parts: Mapping[str, str]) -> None:
    """Fill the form with everything and with nothing: both must leave a sound document. Raises BadForm."""
    everything: dict[str, object] = dict.fromkeys([*GROUPS, *SINGLE], fill.Sample())
    nothing: dict[str, object] = {name: Missing(name, Ledger()) for name in everything}
    for values in (everything, nothing):
        fill.fill(fill.environment(trial=True), parts, package, values)


def _render(data: bytes, values: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    package = unpack(data)
    parts = filled_parts(package)
    problems, _ = _read(package, parts)
    if problems:
        raise BadForm("".join(f"{problem}" for problem in problems[:3]))
    ledger = Ledger()
    groups: dict[str, object] = {name: Node(name, values["groups"].get(name, {}), ledger) for name in GROUPS}
    filled = fill.fill(fill.environment(), parts, package, groups | fill.missing_are_blank(values))
    if ledger.paths:
        return {"error": "open", "paths": list(ledger.paths)}, b""
    if sum(map(len, filled.values())) > MAX_UNPACKED:
        raise BadForm("填写后的文件过大：请减少循环，或者改用附件。")
    properties = {name: _NO_PROPERTIES for name in package if name == "docProps/core.xml"}
    return {}, pack({**package, **filled, **properties})


if __name__ == "__main__":
    main()
