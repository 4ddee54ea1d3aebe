"""Every page of the demonstration county: no violation of axe, nothing on the console, light, and few requests."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from office.running.installation import Office
from tests.browser.conftest import Site
from tests.browser.places import NOT_PAGES, Place, all_get_paths, page_routes, places, route_of

#: Bytes over the wire and requests of one page.
_BYTES, _REQUESTS = 100 * 1024, 5
_WIDE, _NARROW = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
#: Body bytes and number of requests of the page that is open, as the browser counted them.
_WEIGHT = """() => {
  const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .filter(entry => !entry.name.startsWith("data:"));
  return [all.reduce((sum, entry) => sum + entry.encodedBodySize, 0), all.length];
}"""
#: axe itself, without the package's way of loading it anew for each run.
_AXE = Axe().axe_script
#: What has a colour of letters or ground at one width only, and stands on nearly every page.
_COLOURED = {".nav-toggle", "table.stack td[data-label]::before"}
_COLOURED_BY_WIDTH = """() => [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
  .filter(rule => rule instanceof CSSMediaRule && rule.conditionText.includes("width"))
  .flatMap(rule => [...rule.cssRules]).filter(rule => rule.style.color || rule.style.backgroundColor)
  .map(rule => rule.selectorText)"""


@pytest.fixture
def fair(county: Office, serve: Callable[[Office], Site]) -> Site:
    """The demonstration county on the air."""
    from office.demo.accounts import open_accounts

    open_accounts(county)
    return serve(county)


def _look(page: Page, place: Place) -> list[str]:
    """What is wrong with a page, wide and narrow."""
    page.set_viewport_size(_WIDE)
    answer = page.goto(place.url)
    assert answer is not None
    if answer.status != 200 or page.url != f"{page.url.split('/')[0]}//{page.url.split('/')[2]}{place.url}":
        return [f"answers {answer.status} at {page.url}"]
    page.evaluate(_AXE)
    said = [f"coloured by width: {rule}" for rule in page.evaluate(_COLOURED_BY_WIDTH) if rule not in _COLOURED]
    said += _fits(page, "wide")
    page.set_viewport_size(_NARROW)
    said += _fits(page, "narrow", contrast=place.phone)
    size, requests = page.evaluate(_WEIGHT)
    if size > _BYTES or requests > _REQUESTS:
        said.append(f"{size} bytes in {requests} requests")
    return said


def _fits(page: Page, width: str, *, contrast: bool = True) -> list[str]:
    """Contrast takes three quarters of axe's time. As hardly a colour depends on the width (`_COLOURED`), narrow pages are looked
    at for it only where there is a picture of them."""
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast}}}
    violations = page.evaluate("options => axe.run(document, options).then(found => found.violations)", options)
    said = [f"{width} axe {v['id']}: {v['nodes'][0]['html'][:150]}" for v in violations]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        said.append(f"{width}: wider than the window")
    return [re.sub(r"\s+", " ", line) for line in said]


def test_every_page_is_sound_wide_and_narrow(fair: Site) -> None:
    faults: dict[str, list[str]] = {}
    windows: dict[str, Page] = {}
    heard: list[str] = []
    for place in places(fair.office):
        if place.account not in windows:
            page = windows[place.account] = fair.page(place.account or None)
            page.on("console", lambda message: heard.append(f"console: {message.text}"))
            page.on("pageerror", lambda error: heard.append(f"error: {error}"))
        if wrong := _look(windows[place.account], place) + heard:
            faults[f"{place.name} {place.url}"] = wrong
        heard.clear()
    assert not faults, "\n".join(f"{where}: {line}" for where, lines in faults.items() for line in lines)


def test_no_page_is_left_out(county: Office) -> None:
    looked_at = {route_of(place.url) for place in places(county)}
    assert page_routes() - looked_at == set(), "a page that nobody looks at"
    assert looked_at - page_routes() == set()
    assert set(NOT_PAGES) - all_get_paths() == set(), "a reason for a route that is not there any more"


def test_every_page_has_a_picture_in_the_docs(county: Office) -> None:
    drawn = Path(__file__).resolve().parents[2] / "docs" / "screens"
    wanted = {f"{place.name}{end}.png" for place in places(county) for end in ("", "-phone") if not end or place.phone}
    assert wanted == {path.name for path in drawn.glob("*.png")}, "请运行 python docs/screens.py 重画"
