"""A real browser on the real application: both run on this machine, over the loopback address."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import uvicorn
from freezegun import api as freezer
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, sync_playwright
from sqlmodel import Session

from office.access.signing_in import open_session
from office.running.installation import Office
from tests.parts import chromium as chromium_path
from web.app import create_app
from web.desk import COOKIE
from web.serving import bind
from workflow import clock
from workflow.models import Credential


@dataclass
class Site:
    """The application answering on a port of its own."""

    office: Office
    chromium: Chromium
    address: str = ""
    contexts: list[BrowserContext] = field(default_factory=list)

    def page(self, account: str | None = "office", *, width: int = 1366, height: int = 768, **options: Any) -> Page:
        """A browser window of somebody who is signed in already; None: of a visitor."""
        context = self.chromium.new_context(
            viewport={"width": width, "height": height}, base_url=self.address, locale="zh-CN", **options
        )
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        if account:
            context.add_cookies([{"name": COOKIE, "value": self._secret(account), "url": self.address}])
        return context.new_page()

    def _secret(self, account: str) -> str:
        now = clock.now()
        with Session(self.office.engine) as session:
            if session.get(Credential, account) is None:
                session.add(
                    Credential(account_id=account, password_hash="-", changed_at=now - timedelta(1), must_change=False)
                )
                session.flush()
            secret = open_session(session, account, now).secret
            session.commit()
        return secret


@pytest.fixture(scope="session", autouse=True)
def real_loops() -> Iterator[None]:
    """A story freezes the clock in the test's thread; the server's loop beside it must not sleep until then."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio.BaseEventLoop, "time", lambda _loop: freezer.real_monotonic())
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """Debian's own browser; nothing is fetched from elsewhere."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def serve(chromium: Chromium) -> Iterator[Callable[[Office], Site]]:
    """Puts an office on the air."""
    running: list[tuple[uvicorn.Server, threading.Thread, Site]] = []

    def start(office: Office) -> Site:
        taken = bind("127.0.0.1", 0)
        config = uvicorn.Config(create_app(office), log_config=None, access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the application did not start"
            time.sleep(0.01)
        site = Site(office, chromium, f"http://127.0.0.1:{taken.getsockname()[1]}")
        running.append((server, thread, site))
        return site

    yield start
    for server, thread, site in running:
        for context in site.contexts:
            context.close()
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def site(office: Office, serve: Callable[[Office], Site]) -> Site:
    """The thirteen real mines on the air."""
    return serve(office)
