"""What must not get in, and what must not get out: files, other organs' cases, names that are code, late forms."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from tests.browser.clerk import days_ago, fill, said
from tests.browser.conftest import Site
from tests.story import Story
from web.links import case_url, mine_url, step_url
from workflow.models import Attachment

EVIL = """"><img src=x onerror=alert(1)><script>alert(2)</script>{{ 7*7 }}"""


@pytest.fixture
def story(site: Site, tmp_path: Path) -> Story:
    return Story(site.office, tmp_path).register("演示二号砂岩矿", holder="演示二号矿业公司", mineral="砂岩")


def _upload(page: Page, name: str, data: bytes) -> None:
    upload = page.locator("details.upload").last
    upload.locator("summary").click()
    given: Any = {"name": name, "mimeType": "application/pdf", "buffer": data}
    upload.locator("input[type=file]").set_input_files(given)
    upload.get_by_role("button", name="上传").click()


def test_a_file_that_is_not_what_it_says_is_refused(site: Site, story: Story) -> None:
    case, page = story.open("closure", days_ago(30), exit_year="2026"), site.page()
    for name, data, sentence in (
        ("批复.pdf", b"MZ\x90\x00 program", "内容不是 PDF 文件"), ("批复.exe", b"MZ\x90\x00", "不收“批复.exe”"),
        ("批复.docx", b"PK\x03\x04 broken", "打不开"),
    ):  # fmt: skip
        page.goto(case_url(case))
        _upload(page, name, data)
        expect(page.get_by_role("alert").first).to_contain_text(sentence)
    assert story.rows(select(Attachment.filename)) == []


def test_a_path_in_a_files_name_leads_nowhere(site: Site, story: Story) -> None:
    case, page = story.open("closure", days_ago(30), exit_year="2026"), site.page()
    page.goto(case_url(case))
    _upload(page, "../../../etc/批复.pdf", b"%PDF-1.4 demo")
    expect(page.locator("#material")).to_contain_text("批复.pdf")
    ((name, sha),) = story.rows(select(Attachment.filename, Attachment.sha256))
    assert name == "批复.pdf"
    assert site.office.store.path(sha).exists()
    with page.context.expect_event("response", lambda one: "/files/" in one.url) as answer:
        page.get_by_role("link", name="批复.pdf").click()
    assert answer.value.status == 200


def test_another_organs_case_is_not_there(site: Site, story: Story) -> None:
    case = story.open("closure", days_ago(30), exit_year="2026")
    page = site.page("township_hebei")
    for address in (case_url(case), step_url(case, "confirm_stop"), mine_url(story.mine)):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404, address
        expect(page.locator("body")).not_to_contain_text("演示二号")
    page.goto("/cases?standing=all&q=演示二号")
    expect(page.locator("main")).to_contain_text("没有符合条件的案件")


def test_code_in_a_text_stays_text(site: Site, story: Story) -> None:
    case, page = story.open("closure", days_ago(30), exit_year="2026"), site.page("natural_resources")
    fired: list[str] = []
    page.on("dialog", lambda dialog: (fired.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: fired.append(str(error)))
    page.goto(step_url(case, "issue_closure_notice"))
    form = page.locator("form.acting")
    fill(form, {
        "作出机关": "县自然资源局", "关闭事由": "违法违规开采建设未整改到位（三(二)1(4)）", "查明的事实和证据": EVIL,
        "法律依据（法律名称和条款）": EVIL, "救济途径（复议、诉讼的机关和期限）": EVIL,
    })  # fmt: skip
    form.get_by_role("button", name="预览结果").click()
    expect(page.locator("#outcome")).to_contain_text("办理之后会怎样")
    form.get_by_role("button", name="办理“出具拟关闭告知书”").click()
    said(page, "已办理")
    expect(page.locator("main")).to_contain_text("<img src=x onerror=alert(1)>")
    page.locator("ul.papers").get_by_role("link").first.click()
    expect(page.locator("main figure img").first).to_be_visible()
    page.goto(f"/cases?q={EVIL}")
    expect(page.locator("main").get_by_role("searchbox")).to_have_value(EVIL)
    assert fired == []


def test_a_form_posted_after_signing_out_is_not_taken_in_silence(site: Site, story: Story) -> None:
    page = site.page()
    page.goto(step_url("3-1", "start_precheck"))
    other = page.context.new_page()
    other.goto("/")
    other.locator("details.user summary").click()
    other.get_by_role("button", name="退出登录").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("用户登录")

    page.get_by_role("button", name="办理“启动规划与规模核查”").click()
    expect(page.get_by_role("alert")).to_contain_text("刚才提交的内容没有保存")
    expect(page.locator("input[name=next]")).to_have_value(step_url("3-1", "start_precheck"))
    assert story.state("3-1") == "block_planned"
