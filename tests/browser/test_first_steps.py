"""The first ten minutes: sign in, set a password, and do what an office does in a day, without help."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from office.access.first_start import first_passwords
from tests.browser.clerk import days_ago, said
from tests.browser.conftest import Site
from workflow.ledger import find_case

OWN = "Yangcheng#2026-zhengzhi"


def sign_in(page: Page, account: str, password: str) -> None:
    page.get_by_label("账号").fill(account)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登 录").click()


@pytest.fixture
def one_time(site: Site) -> str:
    """What the office's account was given at the first start."""
    return next(password for account, _, password in first_passwords(site.office) if account == "office")


def own_password(page: Page, one_time: str) -> None:
    page.goto("/")
    sign_in(page, "office", one_time)
    expect(page.get_by_role("heading", level=1)).to_have_text("请先设置自己的密码")
    page.get_by_label("一次性密码（当前密码）").fill(one_time)
    page.get_by_role("textbox", name="新密码", exact=True).fill(OWN)
    page.get_by_label("再次填写新密码").fill(OWN)
    page.get_by_role("button", name="保存新密码").click()


def test_a_wrong_password_is_told_and_the_account_kept(site: Site, one_time: str) -> None:
    page = site.page(None)
    page.goto("/cases?q=山")
    sign_in(page, "office", f"{one_time}x")
    expect(page.get_by_role("alert")).to_contain_text("账号、密码或动态口令不正确")
    expect(page.get_by_label("账号")).to_have_value("office")
    expect(page.get_by_label("密码", exact=True)).to_have_value("")
    sign_in(page, "office", one_time)
    # Until there is an own password, every other page leads back to setting it.
    page.goto("/cases")
    expect(page.get_by_role("heading", level=1)).to_have_text("请先设置自己的密码")


def test_the_first_ten_minutes(site: Site, one_time: str) -> None:
    page = site.page(None)
    own_password(page, one_time)
    said(page, "密码已修改")
    page.get_by_role("link", name="工作台").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("工作台")

    _advances_a_case(page, site)
    _reads_why_another_is_blocked(page)
    _generates_its_document(page)
    _sees_tomorrows_mails(page)
    _exports_the_ledger(page)

    page.locator("details.user summary").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("用户登录")
    page.goto("/cases")
    expect(page.get_by_role("heading", level=1)).to_have_text("用户登录")


def _advances_a_case(page: Page, site: Site) -> None:
    page.get_by_role("link", name="全部案件").click()
    page.get_by_label("办理 3-1", exact=True).click()
    page.get_by_role("link", name="办理本环节").click()
    page.get_by_role("button", name="办理“启动规划与规模核查”").click()
    said(page, "现为“规划与规模核查”")
    with site.office.reading() as session:
        assert find_case(session, "3-1").state == "precheck"


def _reads_why_another_is_blocked(page: Page) -> None:
    """What is missing, who owes it, and on which ground."""
    page.goto("/cases?q=2-4")
    page.get_by_label("办理 2-4", exact=True).click()
    band = page.get_by_role("region", name="下一步")
    expect(band).to_contain_text("约谈企业，启动协商")
    expect(band).to_contain_text("暂不能办理")
    expect(band.locator(".blockers")).to_contain_text("“矿山所在乡(镇)”尚未明确")
    expect(band.locator(".blockers")).to_contain_text("责任：县自然资源局")
    expect(band.get_by_role("link", name="办理本环节")).to_have_count(0)


def _generates_its_document(page: Page) -> None:
    """Drafted from the case's page, looked at, and taken away as a file."""
    page.get_by_role("link", name="生成文书").click()
    page.get_by_role("link", name="督办单", exact=True).click()
    page.get_by_role("button", name="起草", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("督办单")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="草稿 .docx").click()
    assert waiting.value.suggested_filename.startswith("督办单_草稿")
    assert Path(waiting.value.path()).read_bytes().startswith(b"PK")


def _sees_tomorrows_mails(page: Page) -> None:
    page.get_by_role("link", name="发件预演").click()
    page.get_by_label("到", exact=True).fill(days_ago(-14))
    page.get_by_role("button", name="预演").click()
    morning = page.locator("main table").first
    expect(morning).to_contain_text("【矿山整治提醒】")


def _exports_the_ledger(page: Page) -> None:
    page.get_by_role("link", name="全部案件").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出 Excel").click()
    assert waiting.value.suggested_filename.endswith(".xlsx")
    book = load_workbook(BytesIO(Path(waiting.value.path()).read_bytes()))
    cells = {str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell}
    assert {"3-1", "2-1", "阳城县山仁行砂岩矿"} <= cells
