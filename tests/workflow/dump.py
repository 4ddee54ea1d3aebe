"""What a database holds, for tests that must show that nothing has changed."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import Session, SQLModel


def rows(session: Session, *names: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the named tables (all of them by default), in a fixed order."""
    connection = session.connection()
    return {
        table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
        for table in SQLModel.metadata.sorted_tables
        if not names or table.name in names
    }


def everything(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """The whole database as it stands now."""
    with Session(engine) as session:
        return rows(session)


def execute(engine: Engine, statement: str, **values: Any) -> int:
    """Goes past the program, as somebody with the database password could; the number of rows touched."""
    if engine.dialect.name == "sqlite":
        values = {name: _as_sqlite_keeps(value) for name, value in values.items()}
    with engine.begin() as connection:
        return int(connection.execute(text(statement), values).rowcount)


def _as_sqlite_keeps(value: Any) -> Any:
    """Days and instants are text there; Python's own adapters for them are on their way out."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return value.isoformat() if isinstance(value, date) else value
