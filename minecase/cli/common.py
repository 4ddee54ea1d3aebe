"""What the commands share: the office, reading of arguments, printing, exit codes.

0 done · 1 wrong input, nothing changed · 2 wrong usage · 3 the step is blocked · 4 somebody else was faster ·
5 a check found something · 6 the database does not fit · 7 the scheduler is holding
"""

import json
import os
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from minecase.office import Office
from minecase.settings import from_environment
from states.fields import Field, FieldError, printable
from workflow import clock
from workflow.errors import BadInput, CaseFileError, Conflict, DatabaseUnfit, Held, StepRefused
from workflow.views import StoredFile

if TYPE_CHECKING:
    from rich.console import Console

EXIT_USAGE, EXIT_FOUND = 2, 5
#: Columns of output that no terminal limits.
WIDE = 160
_CODES: tuple[tuple[type[Exception], int], ...] = (
    (StepRefused, 3), (Conflict, 4), (DatabaseUnfit, 6), (Held, 7), (CaseFileError, 1),
)  # fmt: skip

AsUser = Annotated[str, typer.Option("--as", help="办理账号（minecase users 查看）")]
OnDay = Annotated[str, typer.Option("--on", help="办理日期，例如 2026-11-23；默认今天")]
Fields = Annotated[list[str] | None, typer.Option("--field", help="填写项，形如 名称=值；可多次")]
Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]


def office() -> Office:
    return Office(from_environment())


def console() -> "Console":
    from rich.console import Console

    # Markup off: a mine named [/red] is a name, not a colour. A pipe or file gets the wide layout, unless COLUMNS is set.
    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit() else WIDE
    return Console(markup=False, highlight=False, emoji=False, width=width)


def text(value: object) -> str:
    """A stored value, safe to print on a terminal."""
    return printable(str(value))


def say_error(message: str) -> None:
    print(f"错误：{printable(message)}", file=sys.stderr)


def exit_code(error: Exception) -> int | None:
    """The code of an error that a person can put right; None for a defect of ours."""
    for kind, code in _CODES:
        if isinstance(error, kind):
            return code
    # Each layer below names its own kind of bad input; all are ValueErrors with a Chinese sentence.
    return 1 if isinstance(error, ValueError) and any("\u4e00" <= c <= "\u9fff" for c in str(error)) else _foreign(error)


def _foreign(error: Exception) -> int | None:
    module = type(error).__module__.partition(".")[0]
    return 1 if module in ("states", "workflow", "notifications", "minecase") else None


def wrong_usage(error: Exception) -> str:
    """A sentence for the parser's own errors; empty for anything else."""
    if not hasattr(error, "format_message"):
        return ""
    name = type(error).__name__
    given = getattr(error, "option_name", None) or getattr(getattr(error, "param", None), "name", None) or ""
    sentences = {
        "NoSuchOption": f"没有选项“{given}”", "MissingParameter": f"缺少参数或选项“{given}”",
        "BadOptionUsage": f"选项“{given}”用法不对", "BadParameter": f"“{given}”的值不对",
        "NoArgsIsHelpError": "请给出命令",
    }  # fmt: skip
    detail = sentences.get(name) or f"命令不对（{error.format_message()}）"
    return f"{detail}。请加 --help 查看用法。"


def read_day(typed: str, label: str = "日期") -> date:
    """A day as people write it. Raises BadInput; an empty text is today."""
    if not typed:
        return clock.today()
    try:
        return date.fromisoformat(str(Field("day", label, "date").read(typed)))
    except FieldError as error:
        raise BadInput(str(error)) from None


def read_pairs(pairs: Iterable[str] | None) -> dict[str, str]:
    """`name=value` options. Raises BadInput."""
    found: dict[str, str] = {}
    for pair in pairs or ():
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise BadInput(f"“--field {printable(pair)[:60]}”写法不对：应为 名称=值，例如 --field reason=到期。")
        if name.strip() in found:
            raise BadInput(f"填写项“{printable(name)[:40]}”出现了两次，请只保留一个。")
        found[name.strip()] = value
    return found


def store_evidence(
    at: Office, given: Iterable[str] | None, wanted: list[str]
) -> dict[str, tuple[StoredFile, ...]]:
    """`--evidence FILE` in the card's order, or `--evidence name=FILE`; what is left over goes under `other`."""
    found: dict[str, list[StoredFile]] = {}
    for item in given or ():
        name, equals, path = item.partition("=")
        if equals and name in (*wanted, "other"):
            found.setdefault(name, []).append(at.store.put(Path(path)))
            continue
        free = next((w for w in wanted if w not in found), "other")
        found.setdefault(free, []).append(at.store.put(Path(item)))
    return {name: tuple(files) for name, files in found.items()}


def print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def days_words(days: int | None) -> str:
    """逾期 4 天 / 剩余 25 天 / 今天到期."""
    if days is None:
        return "待明确"
    if days < 0:
        return f"逾期 {-days} 天"
    return "今天到期" if days == 0 else f"剩余 {days} 天"
