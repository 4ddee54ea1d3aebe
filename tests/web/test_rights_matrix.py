"""Rights, tried on every route that there is: the cases of this file are made from the application's own routes."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from freezegun import freeze_time
from starlette.routing import Mount

from office.access.people import ROLES
from office.running.installation import Office
from office.running.settings import from_environment
from tests.conftest import at_nine
from tests.web.browser import Browser, text_of
from tests.web.visitor import add_account
from web.app import create_app
from workflow.models import Organ

#: Whoever comes may ask for these; each with the reason. Everything else names its roles.
PUBLIC = {
    "/sign-in": "whoever is not signed in yet", "/sign-in/oidc": "the same, on the way to the identity provider",
    "/sign-in/oidc/callback": "the same, on the way back; state, nonce and PKCE are checked",
    "/static/{name}": "style and script of the sign-in page, nothing of the office",
    "/favicon.ico": "browsers ask by themselves; there is none",
    "/healthz": "a supervisor asks, and learns only whether the process answers", "/readyz": "the same, with the database",
    "/metrics": "figures without names; which address may ask is the operator's to say",
    "/calendar/feed/{secret}.ics": "a calendar program cannot sign in; the secret in the address stands for the account",
}  # fmt: skip
#: Mounted applications with rules and tests of their own.
MOUNTED = {"/api/v1": "every call shows a token; tests/api"}
#: Pages that make no sense without a choice in the address: they say so instead of answering 200.
CHOSEN = (400, 404, 422)
_PARAMETER = re.compile(r"{(\w+)(:\w+)?}")
#: How a case is called in an address.
CASE = "slug"


class Route(NamedTuple):
    """One way into the application."""

    method: str
    path: str
    roles: frozenset[str]

    @property
    def parameters(self) -> list[str]:
        return [found[0] for found in _PARAMETER.findall(self.path)]

    def at(self, case: str = "2-1") -> str:
        """An address of this route; there is a case 2-1, and perhaps nothing else."""
        return _PARAMETER.sub(lambda found: case if found.group(1) == CASE else "1", self.path)


def application(app: Any) -> FastAPI:
    """The application behind what stands before it."""
    while not isinstance(app, FastAPI):
        app = app.app
    return app


def walk(routes: Any) -> Iterator[Any]:
    """Every route, also of routers that were put in whole."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        yield from walk(inner.routes) if inner is not None else (route,)


def roles_of(dependant: Any) -> frozenset[str]:
    """The roles that the dependency made by `allow` carries, wherever it stands."""
    for part in dependant.dependencies:
        found = getattr(part.call, "roles", None) or roles_of(part)
        if found:
            return frozenset(found)
    return frozenset()


@cache
def all_routes() -> tuple[Any, ...]:
    return tuple(walk(application(create_app(Office(from_environment()))).routes))


def guarded() -> list[Route]:
    return [
        Route(method, route.path, roles)
        for route in all_routes() if isinstance(route, APIRoute) and (roles := roles_of(route.dependant))
        for method in sorted(route.methods)
    ]  # fmt: skip


PAGES = [route for route in guarded() if route.method == "GET" and not route.parameters]
UNSAFE = [route for route in guarded() if route.method != "GET"]
OF_CASES = [route for route in guarded() if CASE in route.parameters]


@pytest.fixture(autouse=True)
def _today() -> Any:
    with freeze_time(at_nine("2026-11-23")):
        yield


@pytest.fixture
def people(office: Office) -> dict[str, Browser]:
    """One browser for each role."""
    with office.writing() as session:
        session.add(Organ(id="township_far", name="演示县远处镇人民政府", kind="township"))
        session.add(Organ(id="unit_far", name="演示县远处单位", kind="unit"))
    organs = {"township": "township_far", "clerk": "unit_far", "head": "unit_far"}
    found = {}
    for role in ROLES:
        add_account(office, f"one-{role}", role, organs.get(role, "group_office"))
        found[role] = Browser(office, f"one-{role}")
        app = found[role].client.app
        cookies = found[role].client.cookies
        found[role].client = TestClient(
            app, base_url="http://127.0.0.1", follow_redirects=False, raise_server_exceptions=False, cookies=cookies
        )
    return found


def test_every_route_says_who_may_use_it_or_why_everybody_may() -> None:
    for route in all_routes():
        if isinstance(route, Mount):
            assert route.path in MOUNTED, f"{route.path}: a mounted application without tests of its rights"
        elif isinstance(route, APIRoute) and not roles_of(route.dependant):
            assert route.path in PUBLIC, f"{route.path}: neither `allow(...)` nor a reason why everybody may"
        else:
            assert isinstance(route, APIRoute), f"{route}: of a kind that nobody has thought about"
    assert set(PUBLIC) <= {route.path for route in all_routes()}, "a reason for a route that is gone"


def test_no_two_routes_stand_in_each_other_s_way() -> None:
    """The first that fits answers: an address of one route must not be the pattern of another before it."""
    every = [(route.path, method, route.path_regex) for route in all_routes() if isinstance(route, APIRoute)
             for method in route.methods]  # fmt: skip
    assert [key for key, count in Counter(row[:2] for row in every).items() if count > 1] == []
    hidden = [
        (before[0], path) for place, (path, method, _) in enumerate(every) for before in every[:place]
        if "{" not in path and before[1] == method and before[2].match(path)
    ]  # fmt: skip
    assert hidden == []


@pytest.mark.parametrize("role", ROLES)
def test_every_page_opens_for_its_roles_and_for_nobody_else(people: dict[str, Browser], role: str) -> None:
    wrong = []
    for page in PAGES:
        answer = people[role].get(page.path)
        fine = (200, 303, *CHOSEN) if role in page.roles else (403,)
        if answer.status_code not in fine:
            wrong.append((page.path, answer.status_code, text_of(answer)[:120] if answer.text else ""))
    assert wrong == []
    assert len(PAGES) > 20


def test_pages_open_without_a_choice_in_the_address(people: dict[str, Browser]) -> None:
    """Nearly all of them; what says that something must be chosen is no wall for a whole role."""
    shut = [
        page.path for page in PAGES if all(people[role].get(page.path).status_code in CHOSEN for role in page.roles)
    ]
    assert len(shut) <= 4, shut


def test_nobody_who_is_not_signed_in_comes_in_anywhere(office: Office) -> None:
    stranger = Browser(office, None)
    for route in guarded():
        answer = stranger.client.request(route.method, route.at())
        assert (answer.status_code, answer.headers.get("location", "")[:8]) == (303, "/sign-in"), route


@pytest.mark.parametrize("token", ["none", "stale", "foreign", "of an earlier sign-in"])
def test_nothing_is_done_without_the_form_s_own_token(people: dict[str, Browser], token: str) -> None:
    before = {role: browser.csrf for role, browser in people.items()}
    people["office"].sign_in("one-office")
    given = {
        "none": {}, "stale": {"csrf": "x" * 32}, "foreign": {"csrf": before["auditor"]},
        "of an earlier sign-in": {"csrf": before["office"]},
    }[token]  # fmt: skip
    wrong = []
    for route in UNSAFE:
        role = "office" if "office" in route.roles else "secadmin" if "secadmin" in route.roles else min(route.roles)
        answer = people[role].client.request(route.method, route.at(), data=given)
        if answer.status_code != 403:
            wrong.append((route.method, route.path, answer.status_code))
    if token == "of an earlier sign-in":
        wrong = [row for row in wrong if "office" in _roles(row)]
    assert wrong == []


def _roles(row: tuple[str, str, int]) -> frozenset[str]:
    return next(route.roles for route in UNSAFE if (route.method, route.path) == row[:2])


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_may_not_do_is_refused_even_with_its_token(people: dict[str, Browser], role: str) -> None:
    browser, wrong = people[role], []
    for route in UNSAFE:
        if role not in route.roles:
            answer = browser.client.request(route.method, route.at(), data={"csrf": browser.csrf})
            if answer.status_code != 403:
                wrong.append((route.method, route.path, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", ["clerk", "head", "township"])
@pytest.mark.parametrize("case", ["2-1", "3-1", "9-99"])
def test_another_organ_s_case_is_not_there(people: dict[str, Browser], role: str, case: str) -> None:
    """Alike for a case that somebody may not see and one that nobody has."""
    browser, wrong = people[role], []
    for route in OF_CASES:
        answer = browser.client.request(route.method, route.at(case), data={"csrf": browser.csrf})
        if answer.status_code != (404 if role in route.roles else 403):
            wrong.append((route.method, route.path, answer.status_code))
    assert wrong == []
    assert OF_CASES
