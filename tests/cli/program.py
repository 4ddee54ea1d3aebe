"""The program as a person runs it: a command, what it prints, its exit code; and what the database holds."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from freezegun import freeze_time

import web.app  # noqa: F401 (loaded while the clock still runs: pydantic cannot read a frozen one's types)
from minecase.cli import main
from tests.conftest import at_nine

ROOT = Path(__file__).resolve().parents[2]
#: The day on which all of these tests run: a Monday.
TODAY = "2026-11-23"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def done(self) -> "Answer":
        assert (self.code, self.err) == (0, ""), self
        return self

    def refused(self, code: int | None = None) -> str:
        """The one Chinese sentence that it must have said, and nothing else."""
        assert self.code == code if code else self.code != 0, self
        lines = self.err.splitlines()
        assert len(lines) == 1, self
        assert lines[0].startswith("错误："), self
        assert lines[0].endswith(("。", "？")), self
        assert self.out == "", self
        return lines[0].removeprefix("错误：")


class _Stream(StringIO):
    """A pipe as `main` finds it."""

    def reconfigure(self, **_: Any) -> None:
        """Text stays text here."""


@dataclass
class Program:
    """One installation in a folder of its own."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)
    today: str = TODAY

    def __call__(self, *arguments: str, typed: str = "", **environment: str) -> Answer:
        """Runs one command in this process, on the office's day."""
        out, err = _Stream(), _Stream()
        settings = {"MINECASE_HOME": str(self.home), "MINECASE_DATABASE_URL": "", "MINECASE_SMTP_URL": "",
                    "MINECASE_PLAN": "", "COLUMNS": "", **self.environment, **environment}  # fmt: skip
        with (
            patch.dict(os.environ, settings), patch.object(sys, "argv", ["minecase", *arguments]),
            patch.object(sys, "stdout", out), patch.object(sys, "stderr", err),
            patch.object(sys, "stdin", StringIO(typed)), freeze_time(at_nine(self.today)),
        ):  # fmt: skip
            try:
                main()
            except SystemExit as end:
                return Answer(int(end.code or 0), out.getvalue(), err.getvalue())
        raise AssertionError("main always exits")

    def real(self, *arguments: str, **environment: str) -> Answer:
        """Runs one command as a process of its own, on this machine's date."""
        ended = subprocess.run(
            [sys.executable, "-m", "minecase", *arguments], cwd=ROOT, env=self._environment(environment),
            capture_output=True, text=True, encoding="utf8", timeout=60, check=False,
        )  # fmt: skip
        return Answer(ended.returncode, ended.stdout, ended.stderr)

    @contextmanager
    def kept_running(self, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
        with subprocess.Popen(
            [sys.executable, "-m", "minecase", *arguments], cwd=ROOT, env=self._environment({}),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf8",
        ) as process:  # fmt: skip
            try:
                yield process
            finally:
                process.kill()

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("MINECASE_") and k != "COLUMNS"}
        return {**inherited, "MINECASE_HOME": str(self.home), "PYTHONUTF8": "1", **self.environment, **more}

    @property
    def database(self) -> Path:
        return self.home / "minecase.db"

    def dump(self) -> list[str]:
        """Everything that the database and the folder of files hold."""
        if not self.database.exists():
            return []
        files = sorted(str(path.relative_to(self.home)) for path in (self.home / "files").rglob("*"))
        with closing(sqlite3.connect(self.database)) as connection:
            return [*connection.iterdump(), *files]

    def execute(self, statement: str, *values: Any) -> None:
        """Somebody at the database file, past the program."""
        with closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute(statement, values)

    def unharmed(self, *arguments: str, code: int | None = None, **more: str) -> str:
        """The sentence of a refused command that changed nothing."""
        before = self.dump()
        sentence = self(*arguments, **more).refused(code)
        assert self.dump() == before
        return sentence

    def mails(self) -> list[Path]:
        return sorted((self.home / "mailbox").rglob("*.eml"))

    def scan(self, name: str, content: bytes = b"%PDF-1.4 scan") -> str:
        path = self.home.parent / name
        path.write_bytes(content)
        return str(path)


def fields(**values: str) -> list[str]:
    return [part for name, value in values.items() for part in ("--field", f"{name}={value}")]
