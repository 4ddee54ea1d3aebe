"""Every page of the demonstration county: no violation of axe, nothing on the console, light, and few requests."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from sqlmodel import col, select

from office.installation import Office
from tests.browser.conftest import Site
from web.links import case_url, document_url, mine_url, step_url
from workflow.models import Case, Document, Mine, Notice, Organ

#: Bytes over the wire and requests of one page.
_BYTES, _REQUESTS = 100 * 1024, 5
_OFFICE = (
    "/", "/todo", "/calendar", "/cases", "/cases/new", "/lists/exit", "/lists/upgrade", "/lists/new", "/opinions",
    "/supervision", "/statistics", "/statistics/brief", "/open-values", "/documents", "/documents/new", "/notices", "/preview",
    "/procedures", "/procedures/closure", "/clauses", "/check", "/templates", "/workdays", "/ladders", "/organs", "/people",
    "/mail", "/audit", "/backup", "/interface", "/account", "/account/delegation", "/account/password",
)  # fmt: skip
_OTHERS = {
    "admin": ("/", "/people", "/backup", "/mail", "/account/totp"), "secadmin": ("/", "/people/policy", "/people/tokens"),
    "auditor": ("/", "/audit"), "natural_resources": ("/", "/todo", "/cases", "/opinions"), "leader": ("/", "/statistics/brief"),
}  # fmt: skip


def _addresses(office: Office) -> list[str]:
    """Pages of single things: one of each kind that there is."""
    with office.reading() as session:
        cases = session.exec(select(Case.number, Case.procedure, Case.state).order_by(col(Case.id))).all()
        routes = {procedure: number for number, procedure, _ in cases}
        found = [case_url(number) for number in routes.values()]
        constructing = next(number for number, _, state in cases if state == "capacity_verified")
        decided = next(
            number for number, procedure, state in cases if (procedure, state) == ("closure", "closure_decided")
        )
        found += [
            f"{case_url(decided)}/{act}" for act in ("urge", "supervise", "transfer", "copy", "correct", "return")
        ]
        found += [
            step_url(decided, "confirm_stop"),
            step_url(decided, "suspend"),
            step_url(constructing, "confirm_retention"),
        ]
        found += [mine_url(session.exec(select(Mine.code)).first() or "")]
        for status in ("draft", "issued", "served"):
            found.append(document_url(session.exec(select(Document.id).where(Document.status == status)).first() or 0))
        found.append(f"/notices/{session.exec(select(Notice.id)).first()}")
        found.append(f"/organs/{session.exec(select(Organ.id)).first()}")
    return found


@pytest.fixture
def fair(county: Office, serve: Callable[[Office], Site]) -> Site:
    """The demonstration county on the air."""
    from office.demo.accounts import open_accounts

    open_accounts(county)
    return serve(county)


def _look(page: Page, address: str) -> list[str]:
    """What is wrong with a page."""
    said: list[str] = []
    sizes: list[Any] = []
    page.on("console", lambda message: said.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    answer = page.goto(address)
    assert answer is not None
    if answer.status != 200:
        return [f"answers {answer.status}"]
    page.wait_for_load_state("networkidle")
    violations = Axe().run(page).response["violations"]
    said += [f"axe {v['id']}: {v['nodes'][0]['html'][:150]}" for v in violations]
    if sum(sizes) > _BYTES or len(sizes) > _REQUESTS:
        said.append(f"{sum(sizes)} bytes in {len(sizes)} requests")
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        said.append("wider than the window")
    return [re.sub(r"\s+", " ", line) for line in said]


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_every_page_is_sound_wide_and_narrow(fair: Site, width: int, height: int) -> None:
    faults: dict[str, list[str]] = {}
    for account, addresses in {"office": (*_OFFICE, *_addresses(fair.office)), **_OTHERS}.items():
        for address in addresses:
            page = fair.page(account, width=width, height=height)
            if wrong := _look(page, address):
                faults[f"{account} {address}"] = wrong
            page.context.close()
            fair.contexts.clear()
    visitor = fair.page(None, width=width, height=height)
    if wrong := _look(visitor, "/sign-in"):
        faults["/sign-in"] = wrong
    assert not faults, "\n".join(f"{where}: {line}" for where, lines in faults.items() for line in lines)
