"""The write path's statements: compiled once from SQLAlchemy Core, run on the pooled DBAPI connection.

Building and caching a Core statement costs more Python than SQLite needs to execute it (docs/decisions/0006-fast-path.md),
so the few statements of `advance` skip that; the tables stay the SQLModel ones, on both databases.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Insert, Select, Update
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

Row = tuple[Any, ...]
Convert = Callable[[Any], Any] | None


class Statement:
    """One prepared statement; the parameter names are those of its bind parameters."""

    def __init__(self, build: Callable[[Dialect], Insert | Update | Select[Any]], columns: Sequence[str] = ()) -> None:
        self._build = build
        self._columns = list(columns) or None
        self._prepared: dict[str, _Prepared] = {}

    def on(self, dialect: Dialect) -> "_Prepared":
        found = self._prepared.get(dialect.name)
        if found is None:
            found = self._prepared[dialect.name] = _Prepared(self._build(dialect), dialect, self._columns)
        return found


class _Prepared:
    """A statement for one dialect."""

    def __init__(self, clause: Any, dialect: Dialect, columns: list[str] | None) -> None:
        compiled = clause.compile(dialect=dialect, column_keys=columns)
        self.sql = str(compiled)
        by_name = {name: bind for bind, name in compiled.bind_names.items()}
        names = compiled.positiontup if compiled.positional else list(by_name)
        self._positional = bool(compiled.positional)
        self._binds: list[tuple[str, Convert]] = [(name, _binder(by_name[name].type, dialect)) for name in names]
        #: Values that the statement carries itself, such as a status it always compares with.
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._loads: list[Convert] = (
            [_loader(column.type, dialect) for column in clause.selected_columns] if isinstance(clause, Select) else []
        )

    def _values(self, params: Mapping[str, Any]) -> Any:
        given = {**self._fixed, **params} if self._fixed else params
        if self._positional:
            return [given[name] if convert is None else convert(given[name]) for name, convert in self._binds]
        return {name: given[name] if convert is None else convert(given[name]) for name, convert in self._binds}

    def rows(self, cursor: Any, params: Mapping[str, Any]) -> list[Row]:
        """All rows of a query, in Python types."""
        cursor.execute(self.sql, self._values(params))
        return [
            tuple(value if load is None else load(value) for load, value in zip(self._loads, row, strict=True))
            for row in cursor.fetchall()
        ]

    def run(self, cursor: Any, many: Sequence[Mapping[str, Any]]) -> int:
        """Executes for each set of values; the number of rows touched."""
        if not many:
            return 0
        if len(many) == 1:
            cursor.execute(self.sql, self._values(many[0]))
        else:
            cursor.executemany(self.sql, [self._values(params) for params in many])
        return int(cursor.rowcount)


def _binder(type_: TypeEngine[Any], dialect: Dialect) -> Convert:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _loader(type_: TypeEngine[Any], dialect: Dialect) -> Convert:
    return type_.dialect_impl(dialect).result_processor(dialect, None)


def cursor_of(session: Session) -> tuple[Dialect, Any]:
    """A DBAPI cursor inside the session's own transaction, and the dialect that it speaks."""
    connection = session.connection()
    return connection.dialect, connection.connection.cursor()
