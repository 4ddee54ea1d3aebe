"""By keyboard alone: the skip link, the menu, search, filter, a case, a step; where one is can always be seen."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.clerk import said
from tests.browser.conftest import Site
from workflow.ledger import find_case

#: Whether what has the focus is seen to have it: an outline, and inside of the window.
_SEEN = """() => {
  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  if (e.type === "date") return true;  // the browser marks the part of it
  return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 && r.bottom > 0 && r.top < innerHeight && r.right > 0;
}"""


def _tab_to(page: Page, target: Locator, most: int = 120) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(_SEEN), page.evaluate("document.activeElement.outerHTML")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"not reached by {most} times Tab: {target}")


def test_a_step_is_taken_without_a_mouse(site: Site) -> None:
    page = site.page()
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.address}/#content")

    page.goto("/")
    _tab_to(page, page.get_by_role("navigation", name="主菜单").get_by_role("link", name="期限日历"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.address}/calendar")

    _tab_to(page, page.get_by_role("searchbox", name="搜索"))
    page.keyboard.type("石灰岩")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="查询结果")).to_be_visible()

    way = page.get_by_label("整治方式")
    _tab_to(page, way)
    while way.input_value() != "new_right":
        # Passing over the other choices does not send the form off.
        page.keyboard.press("ArrowDown")
        expect(way).to_be_focused()
    _tab_to(page, page.get_by_role("button", name="查询"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("procedure=new_right"))
    expect(page.get_by_label("整治方式")).to_have_value("new_right")

    _tab_to(page, page.get_by_label("办理 3-1", exact=True))
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.address}/cases/3-1")
    _tab_to(page, page.get_by_role("link", name="办理本环节"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("启动规划与规模核查")
    _tab_to(page, page.get_by_role("button", name="办理“启动规划与规模核查”"))
    page.keyboard.press("Enter")
    said(page, "现为“规划与规模核查”")
    with site.office.reading() as session:
        assert find_case(session, "3-1").state == "precheck"


def test_the_menu_of_the_account_opens_by_keyboard(site: Site) -> None:
    page = site.page()
    page.goto("/cases")
    _tab_to(page, page.locator("details.user summary"))
    page.keyboard.press("Enter")
    _tab_to(page, page.get_by_role("button", name="退出登录"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("用户登录")
