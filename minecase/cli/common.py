"""What the commands share: the office, reading of arguments, printing, exit codes.

0 done · 1 wrong input, nothing changed · 2 wrong usage · 3 the step is blocked · 4 somebody else was faster ·
5 a check found something · 6 the database does not fit · 7 the scheduler is holding
"""

import json
import os
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from office.running.installation import Office
from office.running.settings import from_environment
from states.fields import Field, FieldError, printable
from workflow import clock
from workflow.errors import BadInput, CaseFileError, Conflict, DatabaseUnfit, Held, StepRefused, os_reason
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


#: Offices of this command, closed when it ends.
_open: list[Office] = []


def office() -> Office:
    return kept_office(Office(from_environment()))


def kept_office(made: Office) -> Office:
    """The office, remembered so that its database is let go of at the end."""
    _open.append(made)
    return made


def close_offices() -> None:
    """Lets go of the databases; SQLite then leaves one whole file."""
    while _open:
        _open.pop().close()


def console() -> "Console":
    from rich.console import Console

    # Markup off: a mine named [/red] is a name, not a colour. A pipe or file gets the wide layout, unless COLUMNS is set.
    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit() else WIDE
    return Console(markup=False, highlight=False, emoji=False, width=width)


def say(line: object, style: str = "") -> None:
    """One line of output, whole: the terminal breaks it, a pipe gets it as it is."""
    console().print(text(line), style=style, soft_wrap=True)


def text(value: object) -> str:
    """A stored value, safe to print on a terminal."""
    return printable(str(value))


def say_error(message: str) -> None:
    """One line on the error stream, ended as a sentence ends."""
    sentence = printable(message.strip())
    print(f"错误：{sentence}{'' if sentence.endswith(('。', '？', '！')) else '。'}", file=sys.stderr)


def exit_code(error: Exception) -> int | None:
    """The code of an error that a person can put right; None for a defect of ours."""
    for kind, code in _CODES:
        if isinstance(error, kind):
            return code
    # Each layer below names its own kind of bad input, with a Chinese sentence.
    module = type(error).__module__.partition(".")[0]
    return 1 if module in ("states", "workflow", "notifications", "minecase") else None


_AWAY = DatabaseUnfit("数据库打不开或没有响应：请核对 MINECASE_HOME、MINECASE_DATABASE_URL 和数据库服务后重试。")
#: SQLAlchemy's errors that come from the machine, not from our statements.
_DATABASE_AWAY = ("OperationalError", "DatabaseError", "ArgumentError", "NoSuchModuleError", "UnicodeDecodeError")


def from_machine(error: Exception) -> CaseFileError | None:
    """The sentence for what the machine refused: a file, a disk, a database; None for anything else."""
    if isinstance(error, OSError):
        name = f"“{error.filename}”" if error.filename else "文件"
        return BadInput(f"{name}用不了（{os_reason(error)}）：请核对路径、权限和磁盘空间后重试。")
    if type(error).__module__.startswith("sqlalchemy") and type(error).__name__ in _DATABASE_AWAY:
        if type(error).__name__ in ("ArgumentError", "NoSuchModuleError"):
            return DatabaseUnfit("数据库地址（MINECASE_DATABASE_URL）写法不对：应以 sqlite:/// 或 postgresql:// 开头。")
        return _AWAY
    # The write path speaks to the driver itself; a lock or a lost server then comes as the driver's own error.
    by_driver = type(error).__module__.startswith(("sqlite3", "psycopg"))
    return _AWAY if by_driver and "OperationalError" in {kind.__name__ for kind in type(error).__mro__} else None


def read_day(typed: str, label: str = "日期") -> date:
    """A day as people write it. Raises BadInput; an empty text is today."""
    if not typed:
        return clock.today()
    try:
        return date.fromisoformat(str(Field("day", label, "date").read(typed)))
    except FieldError as error:
        raise BadInput(str(error)) from None


def read_id(typed: str) -> int:
    """A document's number in the register. Raises BadInput."""
    if not re.fullmatch(r"[0-9]{1,9}", typed):
        raise BadInput(f"文书编号“{printable(typed)[:40]}”不对：应为数字，请用 minecase document list 查看。")
    return int(typed)


def read_list(typed: str) -> tuple[str, ...]:
    """`a,b，c` as its parts, each once."""
    return tuple(dict.fromkeys(part.strip() for part in re.split("[,，、]", typed) if part.strip()))


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


#: Evidence read but not kept yet: name -> the files under it with their bytes.
Scans = dict[str, list[tuple[StoredFile, bytes]]]


def read_evidence(at: Office, given: Iterable[str] | None, wanted: list[str]) -> Scans:
    """`--evidence FILE` in the card's order, or `--evidence name=FILE`; what is left over goes under `other`."""
    found: Scans = {}
    for item in given or ():
        name, equals, path = item.partition("=")
        if not (equals and name in (*wanted, "other")):
            name, path = next((w for w in wanted if w not in found), "other"), item
        found.setdefault(name, []).append(at.store.read(Path(path)))
    return found


def keep_evidence(at: Office, scans: Scans) -> None:
    for stored, data in (scan for files in scans.values() for scan in files):
        at.store.keep(stored, data)


def write_file(target: Path, data: bytes) -> None:
    """Whole or not at all. Raises BadInput."""
    draft = target.absolute().with_name(f".{uuid4().hex}.tmp")
    try:
        draft.write_bytes(data)
        draft.replace(target)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise BadInput(f"写不到“{target}”（{os_reason(error)}）：请核对目录是否存在、是否有权限。") from None


def print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))
