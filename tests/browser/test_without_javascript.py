"""With JavaScript switched off everything still works: sign in, filter, sort, take a step, upload, print."""

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from office.access.first_start import first_passwords
from tests.browser.clerk import SCAN, said
from tests.browser.conftest import Site
from workflow.ledger import find_case
from workflow.models import Attachment

OWN = "Yangcheng#2026-zhengzhi"


@pytest.fixture
def page(site: Site) -> Page:
    """Somebody who has signed in by the door."""
    given = {account: password for account, _, password in first_passwords(site.office)}
    page = site.page(None, java_script_enabled=False)
    page.goto("/")
    page.get_by_label("账号").fill("office")
    page.get_by_label("密码", exact=True).fill(given["office"])
    page.get_by_role("button", name="登 录").click()
    page.get_by_label("一次性密码（当前密码）").fill(given["office"])
    page.get_by_role("textbox", name="新密码", exact=True).fill(OWN)
    page.get_by_label("再次填写新密码").fill(OWN)
    page.get_by_role("button", name="保存新密码").click()
    said(page, "密码已修改")
    return page


def test_a_day_of_work_without_javascript(site: Site, page: Page) -> None:
    page.get_by_role("link", name="全部案件").click()
    page.get_by_label("整治方式").select_option(label="关闭取缔")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("table.ledger tbody tr")).to_have_count(3)
    page.get_by_role("link", name="重置").click()
    page.locator("th a.sort.sub", has_text="编号").click()
    expect(page.locator("table.ledger tbody tr").first).to_contain_text("2-1")
    page.locator("th a.sort.sub", has_text="编号").click()
    expect(page.locator("table.ledger tbody tr").first).to_contain_text("3-8")

    page.get_by_label("办理 3-1", exact=True).click()
    upload = page.locator("details.upload").last
    upload.locator("summary").click()
    upload.locator("input[type=file]").set_input_files(SCAN)
    upload.get_by_role("button", name="上传").click()
    expect(page.locator("#material")).to_contain_text("扫描件.pdf")

    page.get_by_role("link", name="办理本环节").click()
    page.get_by_role("button", name="预览结果").click()
    expect(page.locator("#outcome")).to_contain_text("办理之后会怎样（没有保存）")
    page.get_by_role("button", name="办理“启动规划与规模核查”").click()
    said(page, "现为“规划与规模核查”")
    with site.office.reading() as session:
        assert find_case(session, "3-1").state == "precheck"
        assert _files(session) == ["扫描件.pdf"]

    page.goto("/cases")
    page.emulate_media(media="print")
    expect(page.locator(".print-head")).to_be_visible()
    expect(page.locator("nav.nav")).to_be_hidden()


def _files(session: Session) -> list[str]:
    return list(session.exec(select(Attachment.filename)).all())
