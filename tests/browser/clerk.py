"""What a clerk does in the browser: opens cases, takes steps, issues and serves papers, each on its page."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

from office.running.installation import Office
from tests.browser.conftest import Site
from tests.story import TOWNSHIP
from web.links import case_url, number_of
from workflow import clock
from workflow.register import add_organ

SCAN: Any = {"name": "扫描件.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 demo"}


class Clerks:
    """Everybody at their own window, opened when it is first needed."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._windows: dict[str, Page] = {}

    def __call__(self, account: str) -> Page:
        if account not in self._windows:
            page = self.site.page(account)
            page.on("dialog", lambda dialog: dialog.accept())
            self._windows[account] = page
        return self._windows[account]

    def leave(self, account: str) -> None:
        """Closes somebody's window."""
        self._windows.pop(account).context.close()


def days_ago(days: int) -> str:
    """A day relative to the real today, as forms take it; negative is to come."""
    return (clock.today() - timedelta(days)).isoformat()


def founded(office: Office) -> None:
    """A fictional township and village, registered."""
    with office.writing() as session:
        add_organ(session, TOWNSHIP, "演示县演示镇人民政府", "township")
        add_organ(session, "village_demo", "演示镇演示村", "village")


def labelled(scope: Page | Locator, label: str) -> Locator:
    """The field under a label, whatever unit or mark stands behind its words."""
    words = rf"^\s*{re.escape(label)}\s*(（[^）]*）)?\s*(必填|必附|必选|待填|已有)?\s*$"
    return scope.get_by_label(re.compile(words))


def fill(scope: Page | Locator, typed: Mapping[str, str]) -> None:
    """Types or chooses what stands beside each label."""
    for label, value in typed.items():
        control = labelled(scope, label)
        if control.evaluate("control => control.tagName") == "SELECT":
            control.select_option(label=value)
        else:
            control.fill(value)


def said(page: Page, words: str | re.Pattern[str]) -> None:
    """The sentence at the top after something was done; a refusal is told as the page tells it."""
    expect(page.locator("main .message.good, main .message.bad").first).to_contain_text(words)


def step_form(page: Page, case: str, title: str) -> Locator:
    """From the case's page to the form of one of its steps, by clicking."""
    page.goto(case_url(case))
    band = page.get_by_role("region", name="下一步")
    if band.locator(".what b").inner_text() == title:
        band.get_by_role("link", name="办理本环节").click()
    else:
        others = page.locator("details.others")
        if others.get_attribute("open") is None:
            others.locator("summary").click()
        others.get_by_role("link", name=re.compile(rf"^办理\s*{re.escape(title)}$")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    return page.get_by_role("form", name=title, exact=True)


def take(page: Page, case: str, title: str, typed: Mapping[str, str] | None = None, *, on: str = "") -> None:
    """Takes a step with all the evidence that its form asks for."""
    form = step_form(page, case, title)
    fill(form, {**({"办理日期": on} if on else {}), **(typed or {})})
    for wanted in form.locator("fieldset.files input[type=file]").all():
        wanted.set_input_files(SCAN)
    form.get_by_role("button", name=f"办理“{title}”").click()
    said(page, f"已办理“{title}”")


def opened(page: Page, procedure: str, mine: str, typed: Mapping[str, str], *, on: str, new: Mapping[str, str]) -> str:
    """Opens a case on a fictional mine that is registered with it; answers the case's number."""
    page.goto("/cases")
    page.get_by_role("link", name="新建案件").click()
    labelled(page, "整治方式或事项").select_option(label=procedure)
    labelled(page, "立案日期").fill(on)
    page.get_by_role("button", name="下一步").click()
    labelled(page, "矿山（区块）名称或编号").fill(mine)
    page.get_by_text("矿山还没有登记：在此登记").click()
    page.get_by_label("新登记这座矿山").check()
    page.get_by_label("演示数据").check()
    fill(page.locator("main"), {**new, **typed, "来源": "演示数据"})
    page.get_by_role("button", name="立案", exact=True).click()
    said(page, "已立案")
    expect(page.get_by_role("heading", level=1)).to_have_text(mine)
    return number_of(page.url.rpartition("/")[2])


def track(page: Page, case: str, title: str) -> str:
    """Number of the track of a case, found under 并行事项 and opened."""
    page.goto(case_url(case))
    page.locator("section", has=page.get_by_role("heading", name="并行事项")).get_by_role(
        "link", name=re.compile(title)
    ).first.click()
    page.wait_for_url(re.compile("~"))
    return number_of(page.url.rpartition("/")[2])


def numbered(page: Page, word: str, organ: str) -> None:
    """Registers a fictional series of document numbers."""
    page.goto("/templates/series")
    fill(page.locator("main"), {"代字": word, "发文单位": organ, "依据": "演示数据"})
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("cell", name=word, exact=True)).to_be_visible()


def issue(page: Page, case: str, title: str, *, on: str, typed: Mapping[str, str] | None = None) -> None:
    """Fills in what a draft still wants and issues it, on its page."""
    paper(page, case, title)
    if typed:
        fill(page.locator("main"), typed)
        page.get_by_role("button", name="保存填写内容").click()
        said(page, "填写的内容已保存")
    page.get_by_label("成文日期").fill(on)
    page.get_by_role("button", name="出具", exact=True).click()
    said(page, f"已出具《{title}》")


def serve_paper(page: Page, case: str, title: str, *, on: str) -> None:
    """Records the service of an issued paper with its receipt, on its page."""
    paper(page, case, title)
    fill(
        page.locator("main"),
        {"送达日期": on, "送达方式": "直接送达", "送达人（两人）": "演示甲、演示乙", "收件人（代收人）": "演示丙"},
    )
    labelled(page, "送达证明（扫描件）").set_input_files(SCAN)
    page.get_by_role("button", name="登记送达").click()
    said(page, "已登记直接送达")


def paper(page: Page, case: str, title: str) -> None:
    """Opens a paper out of the list on its case's page."""
    page.goto(case_url(case))
    page.locator("ul.papers").get_by_role("link", name=title, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
