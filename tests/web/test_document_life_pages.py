"""One document at the screens: the form first, a look at its pages, issued, served, filed, void, corrected."""

import io
from collections.abc import Iterator
from pathlib import Path

import docx
import pypdf
import pytest
from freezegun import freeze_time
from sqlmodel import select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from tests.web.browser import Browser, text_of
from tests.web.paper_desk import LETTER, PDF, SERVICE, TODAY, desk_of, document, drafted, tree
from workflow.models import DocumentNumber, DocumentVersion, Service

EVIL = "<script>alert(1)</script>{{ 7*7 }}#raw[x] $x$ \\ \" ' 表 | 格"


@pytest.fixture(autouse=True)
def today() -> Iterator[object]:
    with freeze_time(at_nine(TODAY)) as clock:
        yield clock


@pytest.fixture
def papers(office: Office, tmp_path: Path) -> tuple[Story, str]:
    return desk_of(office, tmp_path)


def typed(values: dict[str, str]) -> dict[str, str]:
    return {f"value-{name}": text for name, text in values.items()}


def bureau(story: Story) -> Browser:
    return Browser(story.office, "natural_resources")


def letter(papers: tuple[Story, str], **more: str) -> tuple[Story, int, Browser]:
    story, case = papers
    return story, drafted(story, "credit_repair_letter", case, typed={**LETTER, **more}), bureau(story)


def test_the_form_names_every_open_value_before_anything_else(papers: tuple[Story, str]) -> None:
    story, case = papers
    made = drafted(story, "credit_repair_letter", case)
    page = bureau(story).page(f"/documents/{made}")
    assert text_of(page.xpath("//main//section//h2")[0]) == "填写单"
    asked = page.xpath("//section[1]//*[starts-with(@name, 'value-')]/@name")
    assert asked == [f"value-{n}" for n in ("registrar_name", "mine.licence_number", "listed_on", "result")]
    assert all(page.xpath(f"//label[@for='{one}']") for one in page.xpath("//section[1]//*[@name]/@id"))
    assert page.xpath("//button[text()='出具' and @disabled]")
    assert "演自然资函〔2026〕1号" in text_of(page)


def test_what_is_open_shows_in_its_place_on_the_page_to_be_printed(papers: tuple[Story, str]) -> None:
    story, case = papers
    made = drafted(story, "credit_repair_letter", case)
    browser = bureau(story)
    pictures = browser.page(f"/documents/{made}").xpath("//figure//img/@src")
    assert pictures[0] == f"/documents/{made}/page-1.svg"
    answer = browser.get(pictures[0])
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.text.startswith("<svg")
    assert len(browser.get(pictures[0], **{"accept-encoding": "gzip"}).content) > 1000
    assert browser.get(f"/documents/{made}/page-99.svg").status_code == 404


def test_values_are_saved_taken_back_and_refused_by_name(papers: tuple[Story, str]) -> None:
    story, case = papers
    made = drafted(story, "credit_repair_letter", case)
    browser = bureau(story)
    assert browser.post(f"/documents/{made}/values", typed(LETTER)).status_code == 303
    assert document(story, made).data == LETTER
    wrong = browser.post(f"/documents/{made}/values", typed({**LETTER, "listed_on": "上月", "result": "改过"}))
    assert wrong.status_code == 422
    assert "“列入日期”填写的“上月”不对" in text_of(wrong)
    assert tree(wrong).xpath("//*[@name='value-result']")[0].text_content() == "改过"
    assert document(story, made).data == LETTER
    browser.post(f"/documents/{made}/values", typed({**LETTER, "result": ""}))
    assert "result" not in document(story, made).data
    more = {"more-name": "contact", "more-value": "演示联系人"}
    browser.post(f"/documents/{made}/values", {**typed(LETTER), **more})
    assert document(story, made).data["contact"] == "演示联系人"
    odd = browser.post(f"/documents/{made}/values", {"value-__class__": "x"})
    assert odd.status_code == 422


def test_evil_text_is_printed_as_it_was_typed(papers: tuple[Story, str]) -> None:
    _story, made, browser = letter(papers)
    assert browser.post(f"/documents/{made}/values", typed({**LETTER, "result": EVIL})).status_code == 303
    page = browser.get(f"/documents/{made}")
    assert "<script>alert" not in page.text
    assert tree(page).xpath("//*[@name='value-result']")[0].text_content() == EVIL
    draft = docx.Document(io.BytesIO(browser.get(f"/documents/{made}/draft.docx").content))
    assert any("<script>alert(1)</script>{{ 7*7 }}#raw[x] $x$" in p.text for p in draft.paragraphs)
    text = "".join(p.extract_text() for p in pypdf.PdfReader(
        io.BytesIO(browser.get(f"/documents/{made}/draft.pdf").content)).pages)  # fmt: skip
    assert "7*7" in text
    assert "不能出具" in text_of(browser.post(f"/documents/{made}/issue", {"on": TODAY}))
    hidden = browser.post(f"/documents/{made}/values", typed({"result": "看不见\u202e的字"}))
    assert hidden.status_code == 422
    assert "看不见的控制字符" in text_of(hidden)


def test_a_paper_is_issued_with_its_number_and_files_that_open_again(papers: tuple[Story, str]) -> None:
    story, made, browser = letter(papers)
    answer = browser.post(f"/documents/{made}/issue", {"on": TODAY})
    assert answer.status_code == 303
    page = browser.page(f"/documents/{made}")
    assert "已出具《关于提请移出异常名录的函》：演自然资函〔2026〕1号。" in text_of(page)
    issued = document(story, made)
    assert (issued.status, issued.number) == ("issued", "演自然资函〔2026〕1号")
    word, pdf = (browser.get(url) for url in page.xpath("//table//a[contains(@href, '/files/')]/@href"))
    assert word.headers["content-disposition"].startswith("attachment;")
    assert "整改到位" in "".join(p.text for p in docx.Document(io.BytesIO(word.content)).paragraphs)
    printed = pypdf.PdfReader(io.BytesIO(pdf.content))
    assert issued.check_code in "".join(p.extract_text() for p in printed.pages)
    assert issued.check_code in text_of(page)
    for row in story.rows(select(DocumentVersion).where(DocumentVersion.document_id == made)):
        assert row.sha256 in text_of(page)
    assert len(page.xpath("//figure//img")) == len(printed.pages)


def test_what_cannot_be_issued_stays_a_draft_and_the_page_says_where_it_stands(papers: tuple[Story, str]) -> None:
    story, made, browser = letter(papers, result="TBD 待定")
    for on, why in ((TODAY, "《关于提请移出异常名录的函》的文字有"), ("2026-11-25", "在今天"), ("2026-11-01", "早于起草日期"),
                    ("昨天", "成文日期")):  # fmt: skip
        answer = browser.post(f"/documents/{made}/issue", {"on": on})
        assert (answer.status_code, document(story, made).status) == (422, "draft")
        assert why in text_of(answer)
    assert story.rows(select(DocumentNumber)) == []


def test_service_is_a_step_of_the_case_where_the_procedure_has_one(papers: tuple[Story, str]) -> None:
    story, case = papers
    story.issue(case, "rectification_order", "2026-11-23")
    before, browser = story.state(case), bureau(story)
    lacking = browser.post("/documents/1/serve", SERVICE)
    assert "请选择送达证明" in text_of(lacking)
    proof = {"receipt": ("..\\..\\回证<b>.pdf", PDF + b"receipt")}
    two = browser.post("/documents/1/serve", {**SERVICE, "received_by": ""}, files=proof)
    assert (two.status_code, "“收件人（代收人）”" in text_of(two)) == (422, True)
    assert tree(two).xpath("//input[@name='served_by']/@value") == ["演示甲、演示乙"]
    answer = browser.post("/documents/1/serve", SERVICE, files=proof)
    assert answer.status_code == 303
    page = browser.page("/documents/1")
    assert "同时办理了" in text_of(page)
    assert document(story, 1).served_on == at_nine(TODAY).date()
    assert story.state(case) != before
    assert "回证<b>.pdf" in text_of(page)  # its last part alone, and as text
    assert [s.received_by for s in story.rows(select(Service))] == ["演示丙"]
    assert browser.get("/documents/1/files/3").content == PDF + b"receipt"
    story.sound()


def test_files_may_be_added_and_what_was_issued_stays(papers: tuple[Story, str]) -> None:
    story, made, browser = letter(papers)
    refused = browser.post(f"/documents/{made}/versions", {"role": "sealed"}, files={"file": ("盖章.pdf", PDF)})
    assert "还没有出具" in text_of(refused)
    browser.post(f"/documents/{made}/issue", {"on": TODAY})
    given = {"role": "sealed", "note": "演示说明"}
    for name, data in (("网页.html", b"<script>alert(1)</script>"), ("网页.pdf", b"<script>alert(1)</script>")):
        odd = browser.post(f"/documents/{made}/versions", given, files={"file": (name, data)})
        assert odd.status_code == 422
        assert name in text_of(odd)
    assert browser.post(f"/documents/{made}/versions", given, files={"file": ("盖章.pdf", PDF)}).status_code == 303
    served = browser.get(f"/documents/{made}/files/3")
    assert served.headers["content-disposition"].startswith("attachment;")
    assert served.headers["x-content-type-options"] == "nosniff"
    wrong = browser.post(f"/documents/{made}/versions", {"role": "issued"}, files={"file": ("伪.pdf", PDF)})
    assert wrong.status_code == 422
    assert "请选择要上传的文件" in text_of(browser.post(f"/documents/{made}/versions", {"role": "sealed"}))
    empty = browser.post(f"/documents/{made}/versions", {"role": "sealed"}, files={"file": ("空.pdf", b"")})
    assert "空文件" in text_of(empty)
    assert len(story.rows(select(DocumentVersion).where(DocumentVersion.document_id == made))) == 3


def test_another_organ_that_sees_the_case_changes_nothing_of_the_paper(papers: tuple[Story, str]) -> None:
    story, case = papers
    story.issue(case, "rectification_order", "2026-11-23")
    office = Browser(story.office)
    assert not office.page("/documents/1").xpath("//main//form[@method='post']")
    proof = {"receipt": ("回证.pdf", PDF)}
    for act, given, files in (
        ("void", {"reason": "试试"}, None), ("versions", {"role": "sealed"}, {"file": ("x.pdf", PDF)}),
        ("serve", SERVICE, proof), ("replacement", {}, None),
    ):  # fmt: skip
        answer = office.post(f"/documents/1/{act}", given, files=files)
        assert answer.status_code == 422, act
        assert "自然资源局" in text_of(answer)
    assert document(story, 1).status == "issued"
    assert len(story.rows(select(DocumentVersion).where(DocumentVersion.document_id == 1))) == 2


def test_a_void_paper_keeps_its_number_with_the_reason(papers: tuple[Story, str]) -> None:
    story, made, browser = letter(papers)
    browser.post(f"/documents/{made}/issue", {"on": TODAY})
    assert "“作废理由”不能为空" in text_of(browser.post(f"/documents/{made}/void", {"reason": " "}))
    assert browser.post(f"/documents/{made}/void", {"reason": EVIL}).status_code == 303
    page = browser.get(f"/documents/{made}")
    assert "<script>alert" not in page.text
    assert EVIL.split("{", maxsplit=1)[0] in text_of(page)
    assert [n.void_reason for n in story.rows(select(DocumentNumber))] == [EVIL]
    assert "已经作废" in text_of(browser.post(f"/documents/{made}/void", {"reason": "再来"}))


def test_a_correction_begins_with_what_was_typed_and_retires_the_old_one(papers: tuple[Story, str]) -> None:
    story, made, browser = letter(papers)
    browser.post(f"/documents/{made}/issue", {"on": TODAY})
    answer = browser.post(f"/documents/{made}/replacement")
    new = int(answer.headers["location"].rsplit("/", 1)[1])
    assert document(story, new).data == LETTER
    page = browser.page(f"/documents/{new}")
    assert page.xpath("//*[@name='value-registrar_name']/@value") == ["演示登记机关"]
    assert "已填齐，可以出具" in text_of(page)
    assert "已另行起草更正的文书" in text_of(browser.page(f"/documents/{made}"))
    browser.post(f"/documents/{new}/issue", {"on": TODAY})
    old = document(story, made)
    assert old.status == "void"
    assert "演自然资函〔2026〕2号" in (old.void_reason or "")
    word = browser.page(f"/documents/{new}").xpath("//table//a[contains(@href, '/files/')]/@href")[0]
    text = "".join(p.text for p in docx.Document(io.BytesIO(browser.get(word).content)).paragraphs)
    assert "本件更正并代替" in text


def test_a_commitment_is_signed_in_its_case_not_served(papers: tuple[Story, str]) -> None:
    story, _case = papers
    from tests.web.paper_desk import OFFICE

    values = {
        "breach": "边坡未治理", "requirements": "治理边坡", "measures_by": "2026-12-01", "works_by": "2026-12-20",
        "rectify_by": "2026-12-31", "recipient.name": "演示监管部门",
    }  # fmt: skip
    made = drafted(story, "rectification_commitment", "2-1", actor=OFFICE, typed=values)
    office = Browser(story.office)
    office.post(f"/documents/{made}/issue", {"on": TODAY})
    page = office.page(f"/documents/{made}")
    assert "签订承诺书" in text_of(page)
    assert not page.xpath("//form[contains(@action, '/serve')]")
    answer = office.post(f"/documents/{made}/serve", SERVICE, files={"receipt": ("x.pdf", PDF)})
    assert answer.status_code == 422


def test_without_the_secret_of_the_form_nothing_is_done(papers: tuple[Story, str]) -> None:
    story, made, browser = letter(papers)
    answer = browser.post(f"/documents/{made}/issue", {"on": TODAY, "csrf": "wrong"})
    assert answer.status_code == 403
    assert document(story, made).status == "draft"


def test_the_page_weighs_little_with_its_first_picture(papers: tuple[Story, str]) -> None:
    import gzip

    from web.frame import htmx, script, stylesheet

    story, case = papers
    story.issue(case, "rectification_order", "2026-11-23")
    browser = bureau(story)
    page, picture = browser.get("/documents/1").content, browser.get("/documents/1/page-1.svg").content
    assert picture.startswith(b"<svg")
    parts = (page, picture, stylesheet()[1], script()[1], htmx()[1])
    assert sum(len(gzip.compress(part)) for part in parts) < 100_000
