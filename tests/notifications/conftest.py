"""A database of its own for every test of the outbox, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from tests.conftest import Databases
from tests.notifications.desk import Clock, add_organ
from workflow.database import make_engine, migrate


@pytest.fixture(scope="session")
def empty_database(databases: Databases) -> str:
    """All tables and one organ that can be reached; copied, because creating it takes longer than most tests."""
    name = f"n{uuid4().hex[:8]}"
    engine = make_engine(databases.create(name))
    migrate(engine)
    add_organ(engine, "clinic", "clinic@office.example")
    engine.dispose()
    return name


@pytest.fixture
def engine(databases: Databases, empty_database: str) -> Iterator[Engine]:
    name = f"n{uuid4().hex[:10]}"
    engine = make_engine(databases.create(name, empty_database))
    yield engine
    engine.dispose()
    databases.drop(name)


@pytest.fixture
def clock() -> Clock:
    return Clock()
