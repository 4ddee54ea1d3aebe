from io import BytesIO
from pypdf import PdfReader
def test_x(site):
    page = site.page(bypass_csp=True)
    page.emulate_media(media="print")
    for css in ("", ".shell{display:block}", "h1.visually-hidden{display:none}"):
      for n in range(2):
        page.goto("/cases")
        page.add_style_tag(content="@media print {"+css+"}")
        r = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
        print(repr(css), page.evaluate("getComputedStyle(document.querySelector('.shell')).display"), [(round(t.mediabox.width), len(t.extract_text())) for t in r.pages])
    assert 0
