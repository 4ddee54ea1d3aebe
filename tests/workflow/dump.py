"""What a database holds, for tests that must show that nothing has changed."""

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
    with engine.begin() as connection:
        return int(connection.execute(text(statement), values).rowcount)
