"""The morning's sweep over many open deadlines: none due, and a thousand due.

Each fictional case has one open deadline. The limit for a thousand due is a set-based script that writes the same
rows: rungs claimed, deadlines moved, the notices and the slip as they are, and nothing judged.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import Session

from benchmarks.pairs import best, ratio
from benchmarks.places import DAY, Place
from workflow.database import make_engine
from workflow.sweep import sweep

DUE = 1000
_TODAY = DAY + timedelta(days=1)
_FAR = date(2099, 1, 1)


def fill(place: Place, template: str, count: int) -> Engine:
    """A database with that many open deadlines more, none due."""
    engine = make_engine(place.create(f"{template}_{count}", template))
    series = (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
        if place.kind == "sqlite" else f"WITH n(i) AS (SELECT generate_series(1, {count}))"
    )  # fmt: skip
    no = "0" if place.kind == "sqlite" else "false"
    with engine.begin() as connection:
        connection.execute(text("UPDATE deadline SET next_on = :far"), {"far": _far(place)})
        connection.execute(
            text(
                "INSERT INTO mine (id, code, kind, name, holder, mineral, township_id, village_id, facts, source, demo) "
                f"{series} SELECT 100000 + i, 'B-' || i, 'mine', '演示砂岩矿' || i, '', '', '', '', '{{}}', '演示数据', {no} FROM n"
            )
        )
        connection.execute(
            text(
                f"INSERT INTO proceeding (id, number, mine_id, procedure, procedure_version, state, version, facts, subject, "
                f"opened_on, entered_on, source) {series} SELECT 100000 + i, 'bulk-' || i, 100000 + i, 'upgrade', 1, 'listed', "
                f"1, '{{}}', '', '2026-11-02', '2026-11-02', '' FROM n"
            )
        )
        connection.execute(text(
            f"INSERT INTO deadline (id, case_id, trigger, opened_on, due_on, basis, provisional, ladder, status, next_on) "
            f"{series} SELECT 100000 + i, 100000 + i, 'prepare_commitment', '2026-11-02', '2098-12-01', 'proposal', "
            f"{no}, 'standard', 'open', '2098-10-01' FROM n"
        ))  # fmt: skip
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return engine


def _far(place: Place) -> Any:
    return _FAR.isoformat() if place.kind == "sqlite" else _FAR


def make_due(engine: Engine) -> None:
    """A thousand deadlines of the filled ones fall due."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE deadline SET due_on = '2026-12-01', next_on = '2026-11-24', reminded = -15, opened_on = '2026-11-02' "
            f"WHERE id > 100000 AND id <= {100000 + DUE}"
        )


@contextmanager
def _undone(engine: Engine) -> Iterator[Session]:
    """A session whose work is rolled back, so that it can be measured again."""
    with Session(engine) as session:
        session.connection()
        yield session
        session.rollback()


def _swept(engine: Engine, due: int) -> None:
    with _undone(engine) as session:
        counts = sweep(session, _TODAY, reachable=lambda _organ, _day: True)
    assert counts["due"] == due, counts


def _script(engine: Engine) -> None:
    with _undone(engine) as session:
        run = session.connection().exec_driver_sql
        run("SELECT max(as_of) FROM sweep").all()
        due = f"next_on <= '{_TODAY}'"
        found = run(
            "SELECT d.id, d.due_on, d.reminded, c.number, c.state, c.facts, m.name, m.holder, m.facts FROM deadline d "
            f"JOIN proceeding c ON d.case_id = c.id JOIN mine m ON c.mine_id = m.id WHERE d.{due}"
        ).all()
        notice = (
            "INSERT INTO notice (dedupe, kind, recipient_id, planned_on, payload, status, attempt, committed, message_id, "
            "address, reply) VALUES ('{0}', '{0}', 'natural_resources', '{1}', '{2}', 'planned', 0, {3}, '', '', '')"
        )
        no = "0" if engine.dialect.name == "sqlite" else "false"
        payload = '{"items": [' + ", ".join(f'"{row[3]} {row[6]} {row[1]}"' for row in found) + "]}"
        run(notice.format("digest", _TODAY, payload, no))
        run(
            f'INSERT INTO notice_item (notice_id, deadline_id, lane, "offset", recipient_id, planned_on) '
            f"SELECT (SELECT max(id) FROM notice), id, 'remind', -7, 'natural_resources', '{_TODAY}' FROM deadline WHERE {due}"
        )
        run(f"UPDATE deadline SET next_on = '2026-11-27', reminded = -7 WHERE {due}")
        run(notice.format("heartbeat", _TODAY, "{}", no))
        run(f"INSERT INTO sweep (as_of, recorded_at, counts) VALUES ('{_TODAY}', '{_TODAY} 01:00:00', '{{}}')")
    assert len(found) == DUE


def run(place: Place, template: str, small: int, large: int) -> dict[str, float]:
    """How the sweep's time grows from few open deadlines to many: ratios, and microseconds for each due one."""
    few, many = fill(place, template, small), fill(place, template, large)
    found = {"none": ratio(lambda: _swept(many, 0), lambda: _swept(few, 0))}
    for engine in (few, many):
        make_due(engine)
    found["due"] = ratio(lambda: _swept(many, DUE), lambda: _swept(few, DUE), 9)
    found["sets"] = ratio(lambda: _swept(many, DUE), lambda: _script(many), 9)
    found["each"] = best(lambda: _swept(many, DUE)) / DUE * 1e6
    return found
