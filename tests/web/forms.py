"""Filling in the forms of cases as a browser does: open the page, read its hidden fields, post."""

from typing import Any

from httpx2 import Response

from tests.web.browser import Browser
from web import links

SCAN = ("扫描件.pdf", b"%PDF-1.4 demo", "application/pdf")


def hidden(page: Any, name: str) -> str:
    """The value of a hidden field of the page's own form."""
    found: list[str] = page.xpath(f"//main//input[@type='hidden'][@name='{name}']/@value")
    return found[0]


def post_step(
    browser: Browser, case: str, trigger: str, *, on: str = "", version: str = "", evidence: tuple[str, ...] = (),
    more: dict[str, Any] | None = None, **typed: str,
) -> Response:  # fmt: skip
    """Posts the form of a step; without a version, that of the page as it stands now."""
    url = links.step_url(case, trigger)
    page = browser.page(url)
    data = {
        "occurred_on": on or page.xpath("//input[@name='occurred_on']/@value")[0],
        "version": version or hidden(page, "version"), **{f"v_{name}": value for name, value in typed.items()}, **(more or {}),
    }  # fmt: skip
    files = [(f"e_{name}", SCAN) for name in evidence] or [("e_none", ("", b"", "application/octet-stream"))]
    return browser.post(url, data, files=files)
