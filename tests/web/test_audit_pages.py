"""审计日志: both chains are proved at the press of a button, and what does not fit is named."""

from typing import Any

import pytest
from freezegun import freeze_time
from sqlalchemy import text

from office.running.installation import Office
from tests.conftest import at_nine
from tests.web.browser import Browser, text_of
from tests.web.visitor import Visitor, add_administrators, cheap
from workflow.sweep import chain_head


@pytest.fixture(autouse=True)
def _today() -> Any:
    with freeze_time(at_nine("2026-11-23")):
        yield


@pytest.fixture
def auditor(office: Office) -> Browser:
    cheap(office)
    add_administrators(office)
    return Browser(office, "auditor")


def change(office: Office, statement: str) -> None:
    with office.engine.begin() as connection:
        connection.execute(text(statement))


def test_the_case_history_is_whole_and_says_its_head(office: Office, auditor: Browser) -> None:
    page = text_of(auditor.page("/audit"))
    assert "阳城县冠聿陶瓷粘土矿" in page
    assert "第 1–13 条，共 13 条" in page
    said = text_of(auditor.post("/audit/verify"))
    assert "完整：共 13 条" in said
    with office.reading() as session:
        assert chain_head(session) in said


def test_a_change_in_the_case_history_is_named(office: Office, auditor: Browser) -> None:
    change(office, "UPDATE event SET actor = 'somebody' WHERE seq = 5")
    said = text_of(auditor.post("/audit/verify"))
    assert "发现 1 处问题" in said
    assert "事件 5：内容与哈希不符" in said
    assert "完整：" not in said


def test_the_log_is_proved_and_a_deleted_line_is_named(office: Office, auditor: Browser) -> None:
    for _ in range(3):
        auditor.post("/account/sessions/end-others")
    assert "完整：共 3 条" in text_of(auditor.post("/audit/activity/verify"))
    change(office, "DELETE FROM activity WHERE seq = 2")
    assert "操作日志 2：缺失" in text_of(auditor.post("/audit/activity/verify"))


def test_the_log_is_filtered(office: Office, auditor: Browser) -> None:
    Visitor(office).knock("emergency", "Guess")
    auditor.post("/account/sessions/end-others")
    assert auditor.get("/people/new").status_code == 403

    def shown(query: str) -> list[str]:
        return [row.text_content().strip() for row in auditor.page(f"/audit/activity?{query}").xpath("//tbody/tr/td[1]")
                if row.get("class") == "number"]  # fmt: skip

    assert shown("") == ["3", "2", "1"]
    assert shown("account=emergency") == ["1"]
    assert shown("outcome=sign_in_failed") == ["1"]
    assert shown("outcome=refused") == ["3"]
    assert shown("outcome=done") == ["2"]
    assert shown("day=2026-11-23") == ["3", "2", "1"]
    assert shown("day=2026-11-22") == []
    assert shown("q=%2Fpeople%2Fnew") == ["3"]
    assert shown("q=%25") == []


@pytest.mark.parametrize("query", [
    "day=9999-12-31", "day=0001-01-01", "day=x", "page=0", "page=-1", "page=99999999999", "outcome=x", "account=%27--",
    "q=" + "x" * 5000,
])  # fmt: skip
def test_odd_questions_break_nothing(auditor: Browser, query: str) -> None:
    assert auditor.get(f"/audit/activity?{query}").status_code == 200
    assert auditor.get(f"/audit?{query}").status_code == 200


@pytest.mark.parametrize("account", ["admin", "security", "emergency"])
def test_only_the_auditor_and_the_office_read_the_logs(office: Office, auditor: Browser, account: str) -> None:
    assert auditor.get("/audit/activity").status_code == 200
    assert Browser(office).get("/audit").status_code == 200
    assert Browser(office, account).get("/audit").status_code == 403
    assert Browser(office, account).post("/audit/verify").status_code == 403
