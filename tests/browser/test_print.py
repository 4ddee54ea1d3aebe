"""What comes out of the printer: A4, with the title block, without navigation and buttons."""

from io import BytesIO
from unicodedata import normalize

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Site

_A4 = (595, 842)


def _printed(page: Page) -> PdfReader:
    page.emulate_media(media="print")
    return PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))


def _size(reader: PdfReader) -> set[tuple[int, int]]:
    return {(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages}


def _text(reader: PdfReader) -> str:
    """The words; the font's glyphs of radicals read as the characters that they stand for."""
    return "".join("".join(normalize("NFKC", page.extract_text()).split()) for page in reader.pages)


def test_the_ledger_is_printed_across_with_its_title_on_top(site: Site) -> None:
    page = site.page()
    page.goto("/cases")
    expect(page.get_by_role("button", name="打印", exact=True)).to_be_visible()
    reader = _printed(page)

    assert _size(reader) == {(_A4[1], _A4[0])}
    text = _text(reader)
    assert "非煤矿产资源综合整治提升工作台账" in text
    assert "打印人:" in text
    assert "阳城县山仁行砂岩矿" in text
    for gone in ("期限日历", "退出登录", "导出Excel", "重置"):
        assert gone not in text
    for hidden in (page.get_by_role("navigation"), page.locator("header.topbar"), page.locator("form.filters")):
        expect(hidden.first).to_be_hidden()


def test_a_case_is_printed_upright(site: Site) -> None:
    page = site.page()
    page.goto("/cases/3-1")
    expect(page.get_by_role("button", name="打印案卷")).to_be_visible()
    reader = _printed(page)

    assert _size(reader) == {_A4}
    text = _text(reader)
    name = page.get_by_role("heading", level=1).inner_text()
    assert name in text
    assert "启动规划与规模核查" in text
    for gone in ("期限日历", "退出登录", "办理本环节", "生成文书", "上传"):
        assert gone not in text
