"""The migrations build exactly the tables that the program reads, and a database that does not fit is refused."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from office.running.installation import Office
from tests.conftest import Databases
from tests.workflow.dump import everything, execute
from workflow import database
from workflow.database import SCHEMA_HEAD, make_engine, migrate, require_schema, schema_version
from workflow.errors import DatabaseUnfit


@pytest.fixture
def empty(databases: Databases) -> Iterator[Engine]:
    """A database without a single table."""
    name = f"e{uuid4().hex[:10]}"
    engine = make_engine(databases.create(name))
    yield engine
    engine.dispose()
    databases.drop(name)


def test_the_program_knows_its_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [SCHEMA_HEAD]


def test_migrated_tables_are_those_of_the_models(empty: Engine) -> None:
    migrate(empty)

    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrating_twice_changes_nothing(office: Office) -> None:
    before = everything(office.engine)
    migrate(office.engine)
    assert everything(office.engine) == before
    assert schema_version(office.engine) == SCHEMA_HEAD


def test_an_empty_database_is_refused_with_what_to_do(empty: Engine) -> None:
    assert schema_version(empty) is None
    with pytest.raises(DatabaseUnfit, match=r"数据库还没有建立：请先运行 minecase init"):
        require_schema(empty)


@pytest.mark.parametrize(
    ("version", "saying"),
    [
        ("9999", r"（9999）比本程序（\d+）新：请换用新版程序打开"),
        ("0000", r"（0000）较旧：请先备份，再运行 minecase init"),
    ],
)
def test_a_database_of_another_version_is_refused_with_what_to_do(office: Office, version: str, saying: str) -> None:
    execute(office.engine, "UPDATE alembic_version SET version_num = :v", v=version)
    before = everything(office.engine)

    with pytest.raises(DatabaseUnfit, match=saying), office.writing():
        pass
    with pytest.raises(DatabaseUnfit, match=saying), office.reading():
        pass
    assert everything(office.engine) == before


def test_init_too_leaves_a_newer_database_alone(office: Office) -> None:
    execute(office.engine, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseUnfit, match="新版程序"):
        office.init()
    with office.engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"


def test_init_over_a_running_office_loads_nothing_twice(office: Office) -> None:
    before = everything(office.engine)
    assert office.init() is False
    assert everything(office.engine) == before


#: A case with one entry, its draft and its scan, as the first version of the program kept them.
_FIRST_VERSION = (
    "INSERT INTO mine (id, code, kind, name, holder, mineral, township_id, village_id, facts, source, demo)"
    " VALUES (1, '9-1', 'mine', '演示矿', '演示公司', '砂岩', '', '', '{}', '演示数据', true)",
    "INSERT INTO proceeding (id, number, mine_id, procedure, procedure_version, state, version, facts, subject, opened_on,"
    " entered_on, source) VALUES (1, '9-1', 1, 'closure', 1, 'listed', 1, '{}', '', '2026-01-05', '2026-01-05', '')",
    "INSERT INTO event (seq, case_id, case_version, kind, trigger, from_state, to_state, actor, organ_id, occurred_on,"
    " recorded_at, data, prev_hash, hash) VALUES (1, 1, 1, 'open', 'open', '', 'listed', 'office', 'group_office',"
    " '2026-01-05', '2026-01-05 01:00:00', '{}', '', 'abc')",
    "INSERT INTO document (id, case_id, event_seq, kind, title, issuer_id, status, drafted_on, data, number)"
    " VALUES (1, 1, 1, 'stop_notice', '停产通知书', 'natural_resources', 'draft', '2026-01-05', '{}', '')",
    "INSERT INTO attachment (id, case_id, event_seq, evidence, filename, sha256, size, added_by, added_on)"
    " VALUES (1, 1, 1, 'other', '演示.pdf', 'abc', 3, 'office', '2026-01-05')",
)


def test_a_database_of_the_first_version_keeps_everything(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "SCHEMA_HEAD", "0001")
    migrate(empty)
    for statement in _FIRST_VERSION:
        execute(empty, statement)
    monkeypatch.undo()

    migrate(empty)

    found = everything(empty)
    assert schema_version(empty) == SCHEMA_HEAD
    assert {name: len(rows) for name, rows in found.items() if rows} == {
        "chain": 2, "mine": 1, "proceeding": 1, "event": 1, "document": 1, "attachment": 1,
    }  # fmt: skip
    ((*_, snapshot, cases, code, form, replaces, served, reason),) = found["document"]
    assert (snapshot, cases, code, form, replaces, served, reason) == (None,) * 7
    # What points at the rebuilt tables still holds, and is still watched.
    with pytest.raises(IntegrityError):
        execute(empty, "UPDATE attachment SET event_seq = 99")
