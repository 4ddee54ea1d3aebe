"""Engines and sessions. SQLite: WAL, synchronous=FULL, writers begin IMMEDIATE. PostgreSQL: bounded waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from workflow.errors import DatabaseUnfit

#: Newest migration; `tests/workflow/test_migrations.py` keeps it true.
SCHEMA_HEAD = "0004"

_READ = "minecase_read"
#: Seconds for which a pooled connection is taken to be alive without asking.
_SURELY_ALIVE = 1.0


def make_engine(url: str) -> Engine:
    """An engine for a `sqlite:///` or `postgresql://` URL."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, connect_args={"timeout": 15, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise DatabaseUnfit("数据库地址（MINECASE_DATABASE_URL）写法不对：应以 sqlite:/// 或 postgresql:// 开头。")
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        connect_args={
            # A half-open connection must not hang a node for ever.
            "connect_timeout": 10, "keepalives_idle": 30, "tcp_user_timeout": 30_000,
            "options": "-c statement_timeout=120s -c timezone=UTC",
        },
    )  # fmt: skip
    event.listen(engine, "checkin", _note_rest)
    event.listen(engine, "checkout", partial(_ask_rested, engine.dialect))
    return engine


def _note_rest(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = monotonic()


def _ask_rested(dialect: Dialect, connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    # Instead of `pool_pre_ping`, which asks before every transaction: a server is not gone within a second.
    if monotonic() - record.info.get("rests_since", monotonic()) < _SURELY_ALIVE:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise DisconnectionError from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours, see _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred writer could meet "database is locked" in its middle; IMMEDIATE waits at the door instead.
    reading = connection.get_execution_options().get(_READ)
    connection.connection.cursor().execute("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on any error."""
    with Session(engine) as session:
        yield session
        session.commit()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that never writes and never waits for a writer."""
    with Session(engine.execution_options(**{_READ: True})) as session:
        yield session


def schema_version(engine: Engine) -> str | None:
    """The migration that the database stands at; None for an empty one."""
    # A look: it must not wait for whoever is writing.
    with engine.execution_options(**{_READ: True}).connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(engine: Engine) -> None:
    """Brings the database to SCHEMA_HEAD."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            # SQLite changes a table by building it anew; what points at it must not mind, and is checked afterwards.
            _pragma(connection, "foreign_keys=OFF")
        with connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, SCHEMA_HEAD)
            if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise DatabaseUnfit("数据库中有互相对不上的记录，没有升级：请用备份恢复后重试。")
        if sqlite:
            _pragma(connection, "foreign_keys=ON")


def _pragma(connection: Connection, setting: str) -> None:
    """Set outside of any transaction: inside one it would be ignored."""
    connection.connection.cursor().execute(f"PRAGMA {setting}")


def require_schema(engine: Engine) -> None:
    """Refuses a database that is empty, older or newer than this program."""
    found = schema_version(engine)
    if found == SCHEMA_HEAD:
        return
    if found is None:
        raise DatabaseUnfit("数据库还没有建立：请先运行 minecase init（或 make run）。")
    if found > SCHEMA_HEAD:
        raise DatabaseUnfit(
            f"数据库版本（{found}）比本程序（{SCHEMA_HEAD}）新：请换用新版程序打开，旧版程序不会改动它。"
        )
    raise DatabaseUnfit(f"数据库版本（{found}）较旧：请先备份，再运行 minecase init 升级到 {SCHEMA_HEAD}。")
