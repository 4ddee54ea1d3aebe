"""A program on the county's plan, quickly: each is a copy of one that was set up once."""

import shutil
from pathlib import Path

import pytest

from tests.cli.program import Program


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the thirteen mines, to copy from."""
    home = tmp_path_factory.mktemp("prepared") / "var"
    Program(home, today="2025-03-20")("init").done()
    return home


@pytest.fixture
def program(prepared: Path, tmp_path: Path) -> Program:
    """The thirteen real mines, nothing done yet, on 2026-11-23."""
    home = tmp_path / "home" / "var"
    shutil.copytree(prepared, home)
    return Program(home)
