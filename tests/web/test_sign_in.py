"""Signing in: what the page says, what the database holds, and what does not work."""

from datetime import timedelta
from typing import Any

import pytest
from freezegun import freeze_time
from sqlmodel import select

from office.access.first_start import first_passwords
from office.running.installation import Office
from tests.conftest import at_nine
from tests.web.browser import text_of
from tests.web.visitor import (
    PASSWORD,
    SECRET,
    Visitor,
    add_administrators,
    cheap,
    code_now,
    credential,
    with_password,
)
from web.desk import COOKIE
from workflow.models import SignIn

NEW = "Kuang-2027-shan"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with freeze_time(at_nine("2026-11-23")) as frozen:
        yield frozen


@pytest.fixture
def office(office: Office) -> Office:
    cheap(office)
    return office


def test_right_password_opens_the_door_and_sign_out_shuts_it(office: Office) -> None:
    with_password(office, "office")
    visitor = Visitor(office)
    assert visitor.get("/account").headers["location"] == "/sign-in?next=/account"
    answer = visitor.knock("office", PASSWORD, next="/cases")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
    cookie = answer.headers["set-cookie"].split(";")
    assert " HttpOnly" in cookie
    assert " SameSite=lax" in cookie
    assert visitor.is_in()
    assert visitor.post("/sign-out").headers["location"] == "/sign-in"
    assert not visitor.is_in()


def test_the_cookie_is_secure_where_the_connection_is(office: Office) -> None:
    with_password(office, "office")
    visitor = Visitor(office)
    visitor.client.base_url = "https://127.0.0.1"
    assert "Secure" in visitor.knock("office", PASSWORD).headers["set-cookie"]


@pytest.mark.parametrize("place", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\nb"])
def test_nobody_is_sent_elsewhere_after_signing_in(office: Office, place: str) -> None:
    with_password(office, "office")
    assert Visitor(office).knock("office", PASSWORD, next=place).headers["location"] == "/"


def test_the_first_passwords_lead_to_passwords_of_their_own_and_codes(office: Office) -> None:
    given = {account: password for account, _, password in first_passwords(office)}
    assert list(given) == ["admin", "security", "auditor", "office"]
    assert first_passwords(office) == []
    visitor = Visitor(office)
    visitor.knock("admin", given["admin"])
    assert visitor.get("/people").headers["location"] == "/account/password"
    changed = visitor.post("/account/password", {"password": given["admin"], "new": NEW, "again": NEW})
    assert changed.status_code == 303
    visitor.take_token()
    assert visitor.get("/people").headers["location"] == "/account/totp"
    page = visitor.page("/account/totp")
    assert page.xpath("//div[@class='qr']/*[local-name()='svg']/@viewbox"), "as large as its box, nothing cut off"
    assert "管理员账号须启用动态口令" in text_of(page)
    assert "动态口令不对" in text_of(visitor.post("/account/totp", {"secret": SECRET, "code": "000000"}))
    assert visitor.post("/account/totp", {"secret": SECRET, "code": code_now()}).status_code == 303
    assert visitor.get("/people").status_code == 200


def test_a_code_is_asked_for_and_none_counts_twice(office: Office, clock: Any) -> None:
    add_administrators(office)
    with_password(office, "admin", code=True)
    visitor = Visitor(office)
    assert visitor.knock("admin", PASSWORD).status_code == 401
    assert visitor.knock("admin", PASSWORD, "12345६").status_code == 401
    code = code_now()
    assert visitor.knock("admin", "wrong", code).status_code == 401
    assert visitor.knock("admin", PASSWORD, code).status_code == 303
    assert Visitor(office).knock("admin", PASSWORD, code).status_code == 401
    clock.tick(timedelta(seconds=30))
    assert Visitor(office).knock("admin", PASSWORD, code_now()).status_code == 303
    clock.tick(timedelta(minutes=2))
    assert Visitor(office).knock("admin", PASSWORD, code).status_code == 401


def test_without_the_switch_administrators_come_in_with_a_password(office: Office) -> None:
    cheap(office, codes_for_administrators=False)
    add_administrators(office)
    with_password(office, "admin")
    visitor = Visitor(office)
    visitor.knock("admin", PASSWORD)
    assert visitor.get("/people").status_code == 200


def test_a_phone_is_changed_with_its_own_code(office: Office, clock: Any) -> None:
    with_password(office, "office", code=True)
    visitor = Visitor(office)
    visitor.knock("office", PASSWORD, code_now())
    assert visitor.post("/account/totp/off", {"code": "000000"}).status_code == 422
    assert credential(office, "office").totp_secret == SECRET
    clock.tick(timedelta(seconds=30))
    assert visitor.post("/account/totp/off", {"code": code_now()}).headers["location"] == "/account/totp"
    assert credential(office, "office").totp_secret == ""


def test_every_sign_in_has_a_new_secret_and_ends_what_the_browser_had(office: Office) -> None:
    with_password(office, "office")
    visitor = Visitor(office)
    visitor.show("planted-by-somebody-else")
    visitor.knock("office", PASSWORD)
    first = visitor.client.cookies[COOKIE]
    assert first != "planted-by-somebody-else"
    visitor.knock("office", PASSWORD)
    second = visitor.client.cookies[COOKIE]
    assert second != first
    visitor.show(first)
    assert not visitor.is_in()
    with office.reading() as session:
        assert first not in " ".join(str(row.model_dump()) for row in session.exec(select(SignIn)))


def test_a_new_password_renews_this_browser_and_ends_the_others(office: Office) -> None:
    with_password(office, "office")
    here, there = Visitor(office), Visitor(office)
    here.knock("office", PASSWORD)
    there.knock("office", PASSWORD)
    before = here.client.cookies[COOKIE]
    assert here.post("/account/password", {"password": PASSWORD, "new": NEW, "again": NEW}).status_code == 303
    assert here.client.cookies[COOKIE] != before
    assert here.is_in()
    assert not there.is_in()
    here.show(before)
    assert not here.is_in()
    assert Visitor(office).knock("office", PASSWORD).status_code == 401
    assert Visitor(office).knock("office", NEW).status_code == 303


@pytest.mark.parametrize(
    ("new", "again", "says"),
    [
        ("Kurz-1", "Kurz-1", "至少 10 位"), ("alllowercase", "alllowercase", "中的 3 种"),
        ("My-Office-2026", "My-Office-2026", "不得包含账号名"), (NEW, NEW + "x", "不一致"), (PASSWORD, PASSWORD, "用过的密码相同"),
        ("Aa1" * 100, "Aa1" * 100, "最多 200 位"), ("Aa1Aa1Aa1Aa1", "Aa1Aa1Aa1Aa1", "不同的字符太少"),
    ],
)  # fmt: skip
def test_a_bad_new_password_is_refused_with_the_reason(office: Office, new: str, again: str, says: str) -> None:
    with_password(office, "office")
    visitor = Visitor(office)
    visitor.knock("office", PASSWORD)
    before = credential(office, "office").password_hash
    answer = visitor.post("/account/password", {"password": PASSWORD, "new": new, "again": again})
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert new not in answer.text
    assert credential(office, "office").password_hash == before


def test_earlier_passwords_do_not_come_back(office: Office) -> None:
    cheap(office, remembered=3)
    with_password(office, "office")
    visitor = Visitor(office)
    visitor.knock("office", PASSWORD)
    now = PASSWORD

    def change(new: str) -> int:
        nonlocal now
        status = int(visitor.post("/account/password", {"password": now, "new": new, "again": new}).status_code)
        if status == 303:
            now = new
            visitor.take_token()
        return status

    assert [change(f"Kuang-2027-{n}") for n in range(3)] == [303, 303, 303]
    assert change("Kuang-2027-0") == 422
    assert change("Kuang-2027-3") == 303
    assert change("Kuang-2027-0") == 303


def test_an_old_password_must_be_changed(office: Office, clock: Any) -> None:
    with_password(office, "office")
    clock.tick(timedelta(days=91))
    visitor = Visitor(office)
    visitor.knock("office", PASSWORD)
    assert visitor.get("/account").headers["location"] == "/account/password"
    assert "已到期" in text_of(visitor.page("/account/password"))


def test_wrong_guesses_at_the_own_password_sign_out_and_lock(office: Office) -> None:
    with_password(office, "office")
    visitor = Visitor(office)
    visitor.knock("office", PASSWORD)
    answers = [visitor.post("/account/password", {"password": "x", "new": NEW, "again": NEW}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [303]
    assert answers[-1].headers["location"].startswith("/sign-in?unsaved=1")
    assert Visitor(office, "10.2.2.2").knock("office", PASSWORD).status_code == 401


def test_idle_and_long_sessions_end(office: Office, clock: Any) -> None:
    with_password(office, "office")
    visitor = Visitor(office)
    visitor.knock("office", PASSWORD)
    for _ in range(20):
        clock.tick(timedelta(minutes=29))
        assert visitor.is_in()
    clock.tick(timedelta(minutes=31))
    assert not visitor.is_in()
    visitor.knock("office", PASSWORD)
    for _ in range(25):
        clock.tick(timedelta(minutes=28))
        assert visitor.is_in()
    clock.tick(timedelta(minutes=25))
    assert not visitor.is_in(), "twelve hours are over, however busy the session was"


def test_own_sessions_are_listed_and_revoked(office: Office) -> None:
    for account in ("office", "emergency"):
        with_password(office, account)
    here, there, other = Visitor(office), Visitor(office, "10.9.9.9"), Visitor(office)
    here.knock("office", PASSWORD)
    there.knock("office", PASSWORD)
    other.knock("emergency", PASSWORD)
    page = here.page("/account")
    assert "10.9.9.9" in text_of(page)
    (action,) = [a for a in page.xpath("//form/@action") if "/sessions/" in a and a.endswith("/end")]
    assert other.post(action).status_code == 404
    assert there.is_in()
    assert here.post(action).status_code == 303
    assert not there.is_in()
    assert here.is_in()


@pytest.mark.parametrize("token", ["", "foreign", "ü" * 10])
def test_the_door_wants_its_own_form(office: Office, token: str) -> None:
    with_password(office, "office")
    visitor = Visitor(office)
    visitor.get("/sign-in")
    answer = visitor.client.post("/sign-in", data={"csrf": token, "account": "office", "password": PASSWORD})
    assert answer.status_code == 403
    assert not visitor.is_in()


@pytest.mark.parametrize("account", ["", "../etc", "office' --", "<script>", "办公室", "x" * 5000, "office\u202e"])
def test_odd_names_are_nobody(office: Office, account: str) -> None:
    answer = Visitor(office).knock(account, PASSWORD)
    assert answer.status_code == 401
    assert "<script>" not in answer.text.replace("<script src", "")


def test_a_password_of_a_million_characters_is_refused_without_being_looked_at(office: Office) -> None:
    with_password(office, "office")
    assert Visitor(office).knock("office", "x" * 10**6).status_code == 400


def test_a_switched_off_account_is_out_at_once_and_stays_out(office: Office) -> None:
    from workflow.models import User

    with_password(office, "emergency")
    visitor = Visitor(office)
    visitor.knock("emergency", PASSWORD)
    with office.writing() as session:
        session.get_one(User, "emergency").active = False
    assert not visitor.is_in()
    assert Visitor(office).knock("emergency", PASSWORD).status_code == 401
