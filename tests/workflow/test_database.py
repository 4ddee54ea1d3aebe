"""Transactions on both databases: whole or not at all, readers never wait, writers queue at the door."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from office.running.installation import Office
from office.running.settings import Settings
from workflow.context import bump_revision, context_of, read_revision
from workflow.database import make_engine, reading, writing
from workflow.errors import DatabaseUnfit
from workflow.models import Organ, Setting


def test_a_transaction_is_kept_at_its_end(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(Setting(name="x", value=1))
    with reading(engine) as session:
        assert session.get_one(Setting, "x").value == 1


def test_a_transaction_is_dropped_on_an_error(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(engine) as session:
        session.add(Setting(name="x", value=1))
        session.flush()
        _ = 1 / 0
    with reading(engine) as session:
        assert session.get(Setting, "x") is None


def test_a_reader_does_not_wait_for_a_writer_and_sees_nothing_half_done(engine: Engine) -> None:
    with ThreadPoolExecutor(1) as pool, writing(engine) as session:
        session.add(Setting(name="x", value=1))
        session.flush()

        def look() -> object:
            with reading(engine) as other:
                return other.get(Setting, "x")

        assert pool.submit(look).result(timeout=5) is None


def test_many_writers_wait_for_each_other_and_none_is_lost(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(Setting(name="count", value=0))
    together = Barrier(6)

    def add_one(_: int) -> None:
        together.wait()
        for _ in range(5):
            with writing(engine) as session:
                row = session.get_one(Setting, "count", with_for_update=True)
                row.value += 1
                session.add(row)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add_one, range(6)))
    with reading(engine) as session:
        assert session.get_one(Setting, "count").value == 30


def test_sqlite_keeps_what_it_has_confirmed(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.connect() as connection:
        ask = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in
               ("journal_mode", "synchronous", "foreign_keys")}  # fmt: skip
    engine.dispose()
    assert ask == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_missing_sqlite_file_is_not_made_by_looking(tmp_path: Path) -> None:
    settings = Settings(tmp_path, f"sqlite:///{tmp_path / 'none.db'}", "", tmp_path)
    with pytest.raises(DatabaseUnfit, match="这里还没有数据库：请先运行 minecase init"), Office(settings).reading():
        pass
    assert not (tmp_path / "none.db").exists()


def test_settings_are_read_again_when_they_have_changed(engine: Engine) -> None:
    with writing(engine) as session:
        assert context_of(session) is context_of(session)
        before = read_revision(session)
        session.get_one(Organ, "water").name = "演示水务局"
        bump_revision(session)
        session.flush()
        assert context_of(session).organs["water"] == "演示水务局"
        assert read_revision(session) != before


def test_settings_rolled_back_are_not_remembered(engine: Engine) -> None:
    with reading(engine) as session:
        name = context_of(session).organs["water"]
    with pytest.raises(ZeroDivisionError), writing(engine) as session:
        session.get_one(Organ, "water").name = "演示水务局"
        bump_revision(session)
        session.flush()
        context_of(session)
        _ = 1 / 0
    with reading(engine) as session:
        assert context_of(session).organs["water"] == name


def test_an_idle_reader_does_not_keep_writers_out(engine: Engine) -> None:
    begun, done = Event(), Event()

    def read_slowly() -> int:
        with reading(engine) as session:
            seen = len(session.exec(select(Setting)).all())
            begun.set()
            assert done.wait(10)
            return seen

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(read_slowly)
        assert begun.wait(10)
        with writing(engine) as session:
            session.add(Setting(name="x", value=1))
        done.set()
        assert slow.result(timeout=10) > 0
