"""A browser without a screen: signs in, follows forms, and hands back pages that can be searched."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response
from lxml import html
from sqlmodel import Session
from starlette.types import ASGIApp

from office.access.signing_in import fingerprint, open_session
from office.running.installation import Office
from web.app import create_app
from web.desk import COOKIE
from workflow import clock
from workflow.models import Credential, SignIn

#: Secret of the one-time codes of everybody whom a test signs in; administrators cannot do without.
TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def app_of(office: Office) -> ASGIApp:
    """One application for all who come to an office, as in life; its first answer is dear. It goes when the office goes."""
    made: ASGIApp = office.__dict__.setdefault("app", None) or create_app(office)
    office.__dict__["app"] = made
    return made


class Browser:
    """One person's browser; signs in by itself, without the password page (its own tests cover that)."""

    def __init__(self, office: Office, account: str | None = "office") -> None:
        self.office = office
        self.client = TestClient(
            app_of(office), base_url="http://127.0.0.1", follow_redirects=False, raise_server_exceptions=True
        )
        self.csrf = ""
        if account:
            self.sign_in(account)

    def sign_in(self, account: str) -> None:
        now = clock.now()
        with Session(self.office.engine) as session:
            if session.get(Credential, account) is None:
                session.add(
                    Credential(
                        account_id=account,
                        password_hash="-",
                        changed_at=now - timedelta(1),
                        must_change=False,
                        totp_secret=TOTP,
                    )
                )
            opened = open_session(session, account, now)
            self.csrf, secret = opened.sign_in.csrf, opened.secret
            session.commit()
        self.client.cookies.set(COOKIE, secret)

    def get(self, url: str, **headers: str) -> Response:
        return self.client.get(url, headers=headers)

    def page(self, url: str) -> Any:
        """The page as a tree; fails unless it is there."""
        answer = self.get(url)
        assert answer.status_code == 200, (url, answer.status_code, text_of(answer))
        return html.fromstring(answer.text)

    def post(self, url: str, data: Mapping[str, Any] | None = None, **more: Any) -> Response:
        answer = self.client.post(url, data={"csrf": self.csrf, **(data or {})}, **more)
        if secret := answer.cookies.get(COOKIE):
            self._renew(secret)
        return answer

    def _renew(self, secret: str) -> None:
        """Another cookie was given: the old one is thrown away, and its forms are."""
        self.client.cookies.clear()
        self.client.cookies.set(COOKIE, secret)
        with Session(self.office.engine) as session:
            self.csrf = session.get_one(SignIn, fingerprint(secret)).csrf


def text_of(answer: Response | Any) -> str:
    """What a person reads on a page."""
    tree = html.fromstring(answer.text) if isinstance(answer, Response) else answer
    for hidden in tree.xpath("//script|//style"):
        hidden.drop_tree()
    return re.sub(r"\s+", " ", tree.text_content()).strip()
