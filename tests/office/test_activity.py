"""The 操作日志 as a chain: every line that is changed, deleted or put in between is found."""

from datetime import UTC, datetime
from threading import Thread

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from office.access.activity import Line, append, verify
from office.running.installation import Office
from workflow.models import Activity, Chain

AT = datetime(2026, 11, 23, 1, 30, 0, 123456, tzinfo=UTC)


def line(n: int) -> Line:
    return Line(AT, "office", "group_office", "POST /cases/{slug}", f"/cases/2-{n}", "303", "10.1.1.1", f"{n:016x}")


@pytest.fixture
def office(office: Office) -> Office:
    with office.writing() as session:
        append(session, *(line(n) for n in range(1, 6)))
    return office


def found(office: Office) -> list[str]:
    with office.reading() as session:
        return [str(breach) for breach in verify(session)]


def execute(office: Office, statement: str) -> None:
    with office.engine.begin() as connection:
        connection.execute(text(statement))


def test_an_untouched_log_is_complete(office: Office) -> None:
    assert found(office) == []
    with office.reading() as session:
        rows = session.exec(select(Activity).order_by(col(Activity.seq))).all()
        assert [row.seq for row in rows] == [1, 2, 3, 4, 5]
        assert session.get_one(Chain, 2).hash == rows[-1].hash
        assert session.get_one(Chain, 1).hash != rows[-1].hash, "the case history has a head of its own"


@pytest.mark.parametrize("change", [
    "account = 'somebody'", "organ_id = 'x'", "action = 'GET /'", "object = '/cases/9'", "outcome = '403'",
    "address = '10.9.9.9'", "request_id = ''", "at = '2026-11-22 01:30:00.123456+00:00'",
])  # fmt: skip
def test_a_changed_line_is_found(office: Office, change: str) -> None:
    execute(office, f"UPDATE activity SET {change} WHERE seq = 3")
    assert found(office) == ["操作日志 3：内容与哈希不符，记录被改动"]


def test_a_deleted_line_is_found(office: Office) -> None:
    execute(office, "DELETE FROM activity WHERE seq = 3")
    assert "缺失（下一条是 4）" in found(office)[0]


def test_lines_cut_off_at_the_end_are_found(office: Office) -> None:
    execute(office, "DELETE FROM activity WHERE seq > 3")
    (breach,) = found(office)
    assert "记载到第 5 条，实际最后一条是第 3 条" in breach


def test_an_inserted_line_is_found(office: Office) -> None:
    execute(office, "UPDATE activity SET seq = seq + 100 WHERE seq > 3")
    execute(office, "UPDATE activity SET seq = seq - 99 WHERE seq > 100")
    execute(office, "INSERT INTO activity SELECT 4, at, account, organ_id, action, object, outcome, address, request_id, "
                    "prev_hash, hash FROM activity WHERE seq = 3")  # fmt: skip
    assert any("操作日志 4" in breach for breach in found(office))


def test_a_rewritten_end_is_found_by_the_head(office: Office) -> None:
    execute(office, "UPDATE activity SET outcome = '403' WHERE seq = 5")
    assert found(office)


def test_odd_text_is_kept_so_that_it_verifies(office: Office) -> None:
    with office.writing() as session:
        append(session, Line(AT, "\udce9", "", "GET （无此网址）", "/\x00\u202e" + "长" * 900, "404"))
    assert found(office) == []


def test_lines_written_at_the_same_time_form_one_chain(office: Office) -> None:
    def write(n: int) -> None:
        for _ in range(5):
            with office.writing() as session:
                append(session, line(n))

    threads = [Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found(office) == []
    with office.reading() as session:
        assert session.get_one(Chain, 2).seq == 45
