"""What the 操作日志 holds after somebody has worked: every change, every file, every refusal, and no secret."""

from typing import Any

import pytest
from freezegun import freeze_time
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from office.access.activity import Line, verify
from office.running.installation import Office
from tests.conftest import at_nine
from tests.web.browser import Browser
from tests.web.visitor import PASSWORD, Visitor, add_administrators, cheap, with_password
from web.activity import Journal
from workflow import clock
from workflow.models import Activity


@pytest.fixture(autouse=True)
def _today() -> Any:
    with freeze_time(at_nine("2026-11-23")):
        yield


def lines(office: Office) -> list[tuple[str, str, str, str]]:
    with office.reading() as session:
        rows = session.exec(select(Activity).order_by(col(Activity.seq))).all()
        assert list(verify(session)) == []
        return [(row.account, row.action, row.object, row.outcome) for row in rows]


def test_reading_is_not_written_down_and_acting_is(office: Office) -> None:
    browser = Browser(office)
    assert browser.get("/account").status_code == 200
    assert browser.get("/").status_code == 200
    assert lines(office) == []
    browser.post("/account/sessions/end-others")
    assert lines(office) == [("office", "POST /account/sessions/end-others", "/account/sessions/end-others", "303")]
    with office.reading() as session:
        row = session.exec(select(Activity)).one()
        assert row.organ_id == "group_office"
        assert row.address == "testclient"
        assert len(row.request_id) == 16


def test_every_refusal_of_somebody_signed_in_is_written_down(office: Office) -> None:
    browser = Browser(office, "emergency")
    assert browser.get("/people").status_code == 403
    assert browser.get("/no/such/page").status_code == 404
    assert browser.post("/people/accounts/office/role", {"role": "secadmin"}).status_code == 403
    assert browser.client.post("/sign-out", data={"csrf": "stale"}).status_code == 403
    assert lines(office) == [
        ("emergency", "GET /people", "/people", "403"),
        ("emergency", "POST /people/accounts/{account}/role", "/people/accounts/office/role", "403"),
        ("emergency", "POST /sign-out", "/sign-out", "403"),
    ]


def test_nobody_cannot_fill_the_log(office: Office) -> None:
    browser = Browser(office, None)
    for _ in range(3):
        assert browser.post("/account/sessions/end-others").status_code in (303, 403)
        assert browser.get("/no/such/page").status_code == 404
    assert lines(office) == []


def test_files_taken_away_are_written_down(office: Office) -> None:
    browser = Browser(office)
    answer = browser.get("/cases/export.xlsx")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert ("office", "GET /cases/export.xlsx", "/cases/export.xlsx", "200") in lines(office)


def test_no_password_code_or_secret_stands_in_the_log(office: Office) -> None:
    cheap(office)
    add_administrators(office)
    with_password(office, "office")
    visitor = Visitor(office)
    visitor.knock("office", PASSWORD)
    visitor.post("/account/password", {"password": PASSWORD, "new": "Kuang-2027-shan", "again": "Kuang-2027-shan"})
    given = Browser(office, "admin").post("/people/accounts/emergency/password")
    handed_out = given.text.split('<code class="secret">')[1].split("<")[0]
    with office.reading() as session:
        text = " ".join(str(row.model_dump()) for row in session.exec(select(Activity)))
    assert ("admin", "发放一次性密码", "emergency", "done") in lines(office)
    for secret in (PASSWORD, "Kuang-2027-shan", handed_out, visitor.csrf):
        assert secret not in text


def test_a_busy_database_keeps_nobody_from_working_and_loses_no_line(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(office)
    first, second = (Line(clock.now(), "office", "group_office", f"POST /{n}", f"/{n}", "303") for n in (1, 2))

    def busy(*_: Any) -> Any:
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    with monkeypatch.context() as patched:
        patched.setattr("web.activity.writing", busy)
        journal.write(first)
    assert lines(office) == []
    journal.write(second)
    assert [row[1] for row in lines(office)] == ["POST /1", "POST /2"]
