"""Somebody in front of the sign-in page, at an address of their own; and passwords that are cheap to check."""

import re
from typing import Any

import pyotp
from fastapi.testclient import TestClient
from httpx2 import Response
from lxml import html

from office.access.passwords import hand_out
from office.access.sign_in_policy import Policy, policy_of, set_policy
from office.running.installation import Office
from tests.web.browser import Browser, app_of
from web.desk import COOKIE
from workflow import clock
from workflow.models import Credential, User

PASSWORD = "Shan-2026-kuang"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class Visitor(Browser):
    """A browser that signs in through the page."""

    def __init__(self, office: Office, address: str = "10.1.1.1") -> None:
        self.office, self.csrf = office, ""
        self.client = TestClient(
            app_of(office), base_url="http://127.0.0.1", follow_redirects=False, client=(address, 50000)
        )

    def show(self, cookie: str) -> None:
        """Goes on with another session's secret."""
        self.client.cookies.clear()
        self.client.cookies.set(COOKIE, cookie, domain="127.0.0.1")

    def knock(self, account: str, password: str, code: str = "", **more: str) -> Response:
        """Fills in the sign-in page and sends it."""
        token = re.search('name="csrf" value="([^"]+)"', self.get("/sign-in").text)
        assert token
        given = {"csrf": token.group(1), "account": account, "password": password, "code": code, **more}
        answer = self.client.post("/sign-in", data=given)
        if answer.status_code == 303:
            self.take_token()
        return answer

    def take_token(self) -> None:
        """Reads the secret that forms must carry out of a page that is open to everybody."""
        page = html.fromstring(self.client.get("/account/password", follow_redirects=True).text)
        found = page.xpath("//input[@name='csrf']/@value")
        self.csrf = found[0] if found else ""

    def is_in(self) -> bool:
        return self.get("/account").status_code == 200


def cheap(office: Office, **values: Any) -> None:
    """Argon2id as it is, at the lowest cost that the setting allows: tests check hundreds of passwords."""
    with office.writing() as session:
        set_policy(session, Policy(**{"hash_passes": 1, "hash_memory": 64, **values}))


def with_password(office: Office, account: str, password: str = PASSWORD, *, code: bool = False) -> None:
    """An account whose password is set and not handed out."""
    from office.access.passwords import hashed

    with office.writing() as session:
        hand_out(session, account, clock.now())
        row = session.get_one(Credential, account)
        row.password_hash, row.must_change = hashed(policy_of(session), password), False
        row.totp_secret = SECRET if code else ""


def add_account(office: Office, id: str, role: str, organ: str = "group_office", name: str = "") -> None:
    with office.writing() as session:
        if session.get(User, id) is None:
            session.add(User(id=id, name=name or f"演示{id}", organ_id=organ, role=role))


def add_administrators(office: Office) -> None:
    for account, role in (("admin", "sysadmin"), ("security", "secadmin"), ("auditor", "auditor")):
        add_account(office, account, role)


def code_now() -> str:
    """What the phone shows just now."""
    return pyotp.TOTP(SECRET).at(clock.now())


def credential(office: Office, account: str) -> Credential:
    with office.reading() as session:
        return session.get_one(Credential, account)
