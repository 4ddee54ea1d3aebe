"""A database of its own for every test of the outbox."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from tests.notifications.desk import Clock, add_organ
from workflow.database import make_engine


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All tables and one organ that can be reached; copied, because creating it takes longer than most tests."""
    path = tmp_path_factory.mktemp("empty") / "case.db"
    engine = make_engine(f"sqlite:///{path}")
    SQLModel.metadata.create_all(engine)
    add_organ(engine, "clinic", "clinic@office.example")
    engine.dispose()
    return path


@pytest.fixture
def engine(tmp_path: Path, empty_database: Path) -> Iterator[Engine]:
    shutil.copy(empty_database, tmp_path / "case.db")
    engine = make_engine(f"sqlite:///{tmp_path / 'case.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()
