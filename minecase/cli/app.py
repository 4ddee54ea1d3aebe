"""The command tree, and how every error becomes one Chinese sentence with an exit code."""

import gc
import os
import sys
from typing import NoReturn

import typer

from minecase.cli import (
    accounts,
    admin,
    bundle,
    cases,
    demo,
    list_check,
    numbers,
    papers,
    plan_versions,
    sheets,
    timekeeping,
)
from minecase.cli.common import EXIT_USAGE, close_offices, exit_code, from_machine, say_error
from minecase.cli.usage import wrong_usage

app = typer.Typer(
    help="非煤矿山综合整治提升工作平台。数据放在 MINECASE_HOME（默认 ./var），可另设 MINECASE_DATABASE_URL、MINECASE_SMTP_URL。",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip
for group in (admin, plan_versions, accounts, cases, timekeeping, papers, numbers, bundle, sheets, demo, list_check):
    group.register(app)


def main() -> NoReturn:
    """Runs one command and exits: 0 done, see `minecase.cli.common` for the other codes."""
    # What the imports made lives until the end; walking it again at exit would take a fifth of a short command.
    gc.freeze()
    # A Windows console or a pipe may not be UTF-8; a question mark is better than a traceback.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    for number, word in enumerate(sys.argv[1:], start=1):
        if any("\ud800" <= c <= "\udfff" for c in word):
            say_error(f"第 {number} 个参数含有不是 UTF-8 的字符，无法识别：请重新输入；文件名请先改名。")
            sys.exit(1)
    try:
        result = app(standalone_mode=False)
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        say_error("已中断，没有完成。")
        sys.exit(130)
    except BrokenPipeError:
        # The reader has seen enough; what is still buffered has nowhere to go. Code 1, as typer and rich answer it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    # Every error gets its sentence, or is raised again as it came.
    except Exception as error:  # noqa: BLE001
        sys.exit(_say(error))
    finally:
        close_offices()
    sys.exit(result if isinstance(result, int) else 0)


def _say(error: Exception) -> int:
    """Says what a person can put right, and answers the exit code; a defect of ours is raised again."""
    if usage := wrong_usage(error):
        say_error(usage)
        return EXIT_USAGE
    known = from_machine(error) or error
    code = exit_code(known)
    if code is None:
        raise error
    say_error(f"{known}{getattr(known, 'hint', '')}")
    return code
