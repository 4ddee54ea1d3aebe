"""The prepared statements of the write path say the same as SQLAlchemy would, on both databases."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, bindparam, insert, select
from sqlmodel import Session

from workflow.models import Beat, Case, Event, Setting
from workflow.statements import Statement, cursor_of

_setting, _beat = Setting.__table__, Beat.__table__  # type: ignore[attr-defined]
ADD = Statement(lambda _: insert(_setting), ["name", "value"])
ONE = Statement(lambda _: select(_setting.c.value).where(_setting.c.name == bindparam("n")))


def test_values_come_back_as_they_were_given(engine: Engine) -> None:
    value = {"日": [1, "二", None, True, 1.5], "引号": "'\"\\%s :x ?"}
    with Session(engine) as session:
        dialect, cursor = cursor_of(session)
        assert ADD.on(dialect).run(cursor, [{"name": "a", "value": value}]) == 1
        assert ONE.on(dialect).rows(cursor, {"n": "a"}) == [(value,)]
        assert session.get_one(Setting, "a").value == value


def test_a_set_is_written_in_one_call_and_counted(engine: Engine) -> None:
    with Session(engine) as session:
        dialect, cursor = cursor_of(session)
        assert ADD.on(dialect).run(cursor, [{"name": f"n{i}", "value": i} for i in range(20)]) == 20
        assert ADD.on(dialect).run(cursor, []) == 0
        assert ONE.on(dialect).rows(cursor, {"n": "n19"}) == [(19,)]


def test_an_instant_keeps_its_moment_whatever_its_zone(engine: Engine) -> None:
    here = datetime(2025, 3, 20, 9, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    add = Statement(lambda _: insert(_beat), ["name", "at", "held"])
    get = Statement(lambda _: select(_beat.c.at))
    with Session(engine) as session:
        dialect, cursor = cursor_of(session)
        add.on(dialect).run(cursor, [{"name": "x", "at": here, "held": ""}])
        assert get.on(dialect).rows(cursor, {}) == [(here.astimezone(UTC),)]
        assert session.get_one(Beat, "x").at == here


def test_an_instant_without_a_zone_is_refused(engine: Engine) -> None:
    add = Statement(lambda _: insert(_beat), ["name", "at", "held"])
    with Session(engine) as session:
        dialect, cursor = cursor_of(session)
        with pytest.raises(ValueError, match="time zone"):
            add.on(dialect).run(
                cursor, [{"name": "x", "at": datetime.fromisoformat("2025-03-20T09:30:00"), "held": ""}]
            )


def test_the_prepared_reading_of_a_case_is_that_of_the_orm(engine: Engine) -> None:
    columns = list(Case.__table__.columns)  # type: ignore[attr-defined]
    all_ = Statement(lambda _: select(*columns).order_by(Case.__table__.c.id))  # type: ignore[attr-defined]
    with Session(engine) as session:
        dialect, cursor = cursor_of(session)
        prepared = all_.on(dialect).rows(cursor, {})
        usual = [tuple(row) for row in session.connection().execute(select(*columns).order_by(columns[0]))]
    assert prepared == usual
    assert isinstance(prepared[0][columns.index(Case.__table__.c.opened_on)], date)  # type: ignore[attr-defined]


def test_it_works_inside_the_sessions_own_transaction(engine: Engine) -> None:
    with Session(engine) as session:
        dialect, cursor = cursor_of(session)
        ADD.on(dialect).run(cursor, [{"name": "a", "value": 1}])
        session.rollback()
        assert session.get(Setting, "a") is None


def test_the_history_is_one_row_per_entry(engine: Engine) -> None:
    table = Event.__table__  # type: ignore[attr-defined]
    query = Statement(lambda _: select(table.c.seq, table.c.data).order_by(table.c.seq))
    with Session(engine) as session:
        dialect, cursor = cursor_of(session)
        found = query.on(dialect).rows(cursor, {})
    assert [seq for seq, _ in found] == list(range(1, len(found) + 1))
    assert all(isinstance(data, dict) for _, data in found)
