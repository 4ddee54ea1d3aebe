"""On a phone: the menu opens, the ledger stands in cards, a step can be taken, nothing is wider than the window."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.clerk import said
from tests.browser.conftest import Site
from workflow.ledger import find_case


@pytest.fixture
def phone(site: Site) -> Page:
    return site.page(width=390, height=844, has_touch=True, is_mobile=True)


def _fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def test_a_step_is_taken_on_a_phone(site: Site, phone: Page) -> None:
    phone.goto("/")
    _fits(phone)
    menu = phone.get_by_role("navigation", name="主菜单")
    expect(menu).to_be_hidden()
    phone.get_by_role("link", name="菜单", exact=True).tap()
    expect(menu).to_be_visible()
    menu.get_by_role("link", name="全部案件").tap()

    expect(phone.get_by_role("heading", name="在办案件")).to_be_visible()
    _fits(phone)
    expect(phone.locator("table.ledger thead")).to_be_hidden()
    card = phone.locator("table.ledger tbody tr").filter(has_text=re.compile(r"3-1\b"))
    assert card.evaluate("row => getComputedStyle(row).display") == "block"
    box = card.bounding_box()
    assert box
    assert box["width"] <= 390
    words = card.locator("td[data-label=办理期限]").evaluate("cell => getComputedStyle(cell, '::before').content")
    assert "办理期限" in words
    card.get_by_role("link", name="办理 3-1").tap()

    band = phone.get_by_role("link", name="办理本环节")
    expect(band).to_be_visible()
    _fits(phone)
    band.tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("启动规划与规模核查")
    _fits(phone)
    button = phone.get_by_role("button", name="办理“启动规划与规模核查”")
    for control in (phone.get_by_label("办理日期"), button):
        control.scroll_into_view_if_needed()
        found = control.bounding_box()
        assert found
        assert found["x"] >= 0
        assert found["x"] + found["width"] <= 390
        assert found["height"] >= 30
    button.tap()
    said(phone, "现为“规划与规模核查”")
    _fits(phone)
    with site.office.reading() as session:
        assert find_case(session, "3-1").state == "precheck"
