"""The interface for other systems: the same cases, rights and refusals as at the screens."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from freezegun import freeze_time

from office.access.signing_in import fingerprint
from office.running.installation import Office
from tests.conftest import at_nine
from web.app import create_app
from workflow import clock
from workflow.ledger import find_case
from workflow.models import Token


def caller(office: Office, account: str = "office", *, may_write: bool = True, **more: Any) -> TestClient:
    """A program that holds a token of an account."""
    secret = f"secret-{account}-{may_write}"
    with office.writing() as session:
        session.add(
            Token(kind="api", account_id=account, label="演示", sha256=fingerprint(secret), may_write=may_write,
                  created_by="admin", created_at=clock.now(), **more)
        )  # fmt: skip
    client = TestClient(create_app(office), base_url="http://127.0.0.1/api/v1")
    client.headers["authorization"] = f"Bearer {secret}"
    return client


@pytest.fixture(autouse=True)
def _today() -> Any:
    with freeze_time(at_nine("2026-11-23")):
        yield


def test_a_list_and_a_case_say_what_the_screens_say(office: Office) -> None:
    client = caller(office)
    listed = client.get("/cases").json()
    assert [row["case"] for row in listed["cases"]] == [f"2-{n}" for n in range(1, 6)] + [f"3-{n}" for n in range(1, 9)]
    assert listed["next"] is None
    (row,) = client.get("/cases", params={"mine": "2-4"}).json()["cases"]
    assert (row["state"], row["due_on"], row["days_left"]) == ("listed", "2026-11-29", 6)
    case = client.get("/cases/2-4").json()
    assert case["next"][0]["trigger"] == "open_talks"
    assert {d["case"] for d in client.get("/deadlines", params={"until": "2026-11-29"}).json()} >= {"2-1", "2-4"}


def test_a_step_is_taken_once_and_by_the_version_that_was_seen(office: Office) -> None:
    client = caller(office, "natural_resources")
    step = {"occurred_on": "2026-11-23", "fields": {}, "expected_version": 1}
    assert client.post("/cases/3-1/steps/start_precheck", json={**step, "fields": {"x": "1"}}).status_code == 400
    taken = client.post("/cases/3-1/steps/start_precheck", json=step)
    assert taken.json() == {
        "case": "3-1",
        "state": "precheck",
        "state_label": taken.json()["state_label"],
        "version": 2,
    }
    again = client.post("/cases/3-1/steps/start_precheck", json=step)
    assert (again.status_code, again.json()["error"]) == (409, "conflict")
    with office.reading() as session:
        assert find_case(session, "3-1").version == 2


def test_a_refusal_names_what_is_missing_from_whom_and_why(office: Office) -> None:
    answer = caller(office).post("/cases/2-2/steps/record_expiry", json={"occurred_on": "2026-11-23"})
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_input")
    assert "请填写" in answer.json()["message"]
    answer = caller(office, "tax").post(
        "/cases/3-2/steps/start_precheck", json={"occurred_on": "2026-11-23", "fields": {}}
    )
    assert (answer.status_code, answer.json()["error"]) == (422, "refused")
    (blocker,) = answer.json()["blockers"]
    assert (blocker["missing"], blocker["party"]) == ("阳城县税务局不是本环节的牵头或配合单位", "阳城县自然资源局")


@pytest.mark.parametrize(
    "more",
    [{"revoked_at": at_nine("2026-11-22")}, {"expires_on": date(2026, 11, 22)}],
)
def test_a_token_that_ended_is_as_good_as_none(office: Office, more: dict[str, Any]) -> None:
    ended = caller(office, **more)
    assert ended.get("/cases").status_code == 401
    ended.headers.pop("authorization")
    assert ended.get("/cases").json()["message"] == "没有令牌，或令牌无效、过期、已吊销：请在“人员与权限”中重新签发。"


def test_a_reading_token_takes_no_step(office: Office) -> None:
    answer = caller(office, may_write=False).post("/cases/2-4/steps/open_talks", json={"occurred_on": "2026-11-23"})
    assert (answer.status_code, answer.json()["error"]) == (403, "forbidden")


def test_a_case_of_others_is_not_there(office: Office) -> None:
    stranger = caller(office, "tax")
    assert not [row for row in stranger.get("/cases").json()["cases"] if row["case"].startswith("2-")]
    assert stranger.get("/cases/2-4").status_code == 404
    assert stranger.post("/cases/2-4/steps/open_talks", json={"occurred_on": "2026-11-23"}).status_code == 404


def test_the_cookie_of_the_screens_opens_nothing_here(office: Office) -> None:
    from tests.web.browser import Browser

    assert Browser(office).get("/api/v1/cases").status_code == 401


def test_a_file_comes_in_and_waits_for_its_step(office: Office) -> None:
    client = caller(office)
    answer = client.post("/cases/2-4/files/talk_record", files={"file": ("约谈记录.pdf", b"%PDF-1.4 demo")})
    assert (answer.status_code, answer.json()["filename"], answer.json()["size"]) == (200, "约谈记录.pdf", 13)
    for name, content in (("记录.pdf", b"MZ not a scan"), ("病毒.exe", b"MZ"), ("../../空.pdf", b"")):
        refused = client.post("/cases/2-4/files/talk_record", files={"file": (name, content)})
        assert (refused.status_code, refused.json()["error"]) == (400, "bad_input")
    assert client.post("/cases/2-4/files/fly", files={"file": ("a.pdf", b"%PDF-1.4")}).status_code == 400
    assert caller(office, may_write=False).post(
        "/cases/2-4/files/talk_record", files={"file": ("a.pdf", b"%PDF-1.4")}
    ).status_code == 403  # fmt: skip
