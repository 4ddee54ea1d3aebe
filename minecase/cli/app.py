"""The command tree, and how every error becomes one Chinese sentence with an exit code."""

import sys
from typing import NoReturn

import typer

from minecase.cli import admin, cases, papers, timekeeping
from minecase.cli.common import EXIT_USAGE, exit_code, say_error, wrong_usage

app = typer.Typer(
    help="非煤矿山综合整治提升工作平台。数据放在 MINECASE_HOME（默认 ./var），可另设 MINECASE_DATABASE_URL、MINECASE_SMTP_URL。",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip
for group in (admin, cases, timekeeping, papers):
    group.register(app)


def main() -> NoReturn:
    """Runs one command and exits: 0 done, see `minecase.cli.common` for the other codes."""
    # A Windows console or a pipe may not be UTF-8; a question mark is better than a traceback.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        result = app(standalone_mode=False)
    except KeyboardInterrupt:
        say_error("已中断。")
        sys.exit(130)
    except typer.Abort:
        sys.exit(130)
    except Exception as error:
        usage = wrong_usage(error)
        if usage:
            say_error(usage)
            sys.exit(EXIT_USAGE)
        code = exit_code(error)
        if code is None:
            raise
        say_error(str(error))
        sys.exit(code)
    sys.exit(result if isinstance(result, int) else 0)
