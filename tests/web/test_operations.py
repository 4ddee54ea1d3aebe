"""What the operator's machines ask: alive, ready, figures, and a log that never holds what somebody typed."""

import json
import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from freezegun import freeze_time
from sqlalchemy import text
from sqlmodel import Session

from office.running.installation import Office
from office.running.logs import configure
from tests.conftest import at_nine
from tests.web.browser import Browser, text_of
from web.app import create_app
from web.pages.operations import allowed
from workflow.errors import BadInput
from workflow.models import Notice

DAY = "2026-11-23"


def near(office: Office, address: str = "127.0.0.1") -> TestClient:
    return TestClient(create_app(office), base_url="http://127.0.0.1", client=(address, 40000))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "minecase.log"
    configure(str(path))
    yield path
    configure("")


def lines(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def test_alive_and_ready_after_a_heartbeat(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        office.tick()
        client = near(office)
        assert client.get("/healthz").text == "ok\n"
        answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True, "reasons": [], "warnings": [], "heartbeat_age_seconds": 0, "notices_waiting": 0,
        "notices_doubtful": 0, "notices_dead": 0,
    }  # fmt: skip


def test_not_ready_says_why(office: Office) -> None:
    client = near(office)
    with freeze_time(at_nine(DAY)):
        assert client.get("/readyz").json()["reasons"] == ["还没有过心跳：调度没有启动"]
        office.tick()
    with freeze_time("2026-11-23T02:00:00+00:00"):
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["reasons"] == ["最近一次心跳是 30 分钟前：调度可能已经停止"]
    with Session(office.engine) as session:
        session.add(Notice(dedupe="x", kind="digest", recipient_id="water", planned_on=date(2026, 11, 18), payload={}))
        session.commit()
    with freeze_time(at_nine(DAY)):
        assert "1 份通知自上一个工作日以前就待发" in client.get("/readyz").json()["reasons"][0]
    with Session(office.engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        session.commit()
    with freeze_time(at_nine(DAY)):
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert "数据库版本（0001）较旧" in answer.json()["reasons"][0]
        assert client.get("/healthz").status_code == 200


def test_figures_have_few_labels(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        office.tick()
        client = near(office)
        Browser(office)
        for n in range(20):
            client.get(f"/no-such-page-{n}")
        client.get("/cases/2-1", follow_redirects=False)
        figures = client.get("/metrics").text
    assert 'minecase_requests_total{method="GET",route="none",status="404"} 20.0' in figures
    assert "no-such-page" not in figures
    assert "2-1" not in figures
    assert 'minecase_notices{status="sent"}' in figures
    assert 'minecase_cases{open="true",procedure="closure"}' in figures
    assert "minecase_heartbeat_age_seconds 0.0" in figures
    assert "minecase_held 0.0" in figures


@pytest.mark.parametrize("url", ["/healthz", "/readyz", "/metrics"])
def test_they_are_not_there_for_other_addresses(office: Office, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert near(office, "10.20.0.7").get(url).status_code == 404
    assert near(office).get(url, headers={"x-forwarded-for": "10.20.0.7"}).status_code == 404, "a proxy's visitor"
    monkeypatch.setenv("MINECASE_METRICS_FROM", "10.20.0.0/24, 192.168.1.9")
    assert near(office, "10.20.0.7").get(url).status_code != 404
    assert near(office, "10.20.1.7").get(url).status_code == 404


def test_addresses_are_read_carefully(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINECASE_METRICS_FROM", "nonsense, 10.0.0.1")
    assert [allowed(a) for a in ("127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1")] == [True] * 4
    assert [allowed(a) for a in ("10.0.0.2", "", "testclient", "::ffff:10.0.0.2")] == [False] * 4


def test_each_request_and_heartbeat_is_one_line_without_what_was_typed(office: Office, log: Path) -> None:
    with freeze_time(at_nine(DAY)):
        office.tick()
        browser = Browser(office)
        answer = browser.post("/organs/water/contacts?geheim=1", {"email": "geheim@demo.example", "person": "geheim"})
        browser.get("/cases/2-4~geheim")
    beat, *requests = lines(log)
    assert (beat["log"], beat["event"], beat["held"]) == ("minecase.heartbeat", "heartbeat", "")
    posted = requests[0]
    assert posted["request_id"] == answer.headers["x-request-id"]
    assert (posted["account"], posted["method"], posted["status"]) == ("office", "POST", 303)
    assert posted["route"] == "/organs/{id}/contacts"
    assert isinstance(posted["ms"], float)
    assert "geheim@" not in log.read_text(encoding="utf-8")
    assert "geheim=1" not in log.read_text(encoding="utf-8")


def test_a_fault_is_logged_by_kind_and_place_only(office: Office, log: Path) -> None:
    from office.running.after_beat import after_beat

    with Session(office.engine) as session:
        session.execute(text("DROP TABLE hook_delivery"))
        session.execute(text("DROP TABLE hook"))
        session.commit()
    with freeze_time(at_nine(DAY)):
        from workflow.clock import now

        after_beat(office, now())
    (line,) = [line for line in lines(log) if line["level"] == "ERROR"]
    assert line["event"] == "hooks failed"
    assert line["error"] in ("OperationalError", "ProgrammingError")
    assert "SELECT" not in log.read_text(encoding="utf-8")


def test_a_log_that_cannot_be_written_is_said_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="MINECASE_LOG"):
        configure(str(tmp_path / "none" / "minecase.log"))
    configure("")
    assert logging.getLogger("minecase").handlers


def test_a_visitor_without_sign_in_finds_nothing_else(office: Office) -> None:
    client = near(office)
    assert client.get("/notices", follow_redirects=False).status_code == 303
    assert "没有这个页面" in text_of(near(office, "10.20.0.7").get("/metrics"))
