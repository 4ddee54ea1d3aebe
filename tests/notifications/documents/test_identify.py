"""A file that comes back is recognised, and what it says is read, whatever program saved it."""

import hashlib
import io
from dataclasses import replace

import pytest
from docx import Document

from notifications.documents.docx import write_docx
from notifications.documents.identify import ALPHABET, check_code, examine, looks_like_code
from tests.notifications.documents.case_data import composed
from tests.notifications.documents.identify_files import CODE, W, changed, docx, marked, paragraph, pdf, table


def test_a_check_code_is_short_and_always_the_same() -> None:
    assert check_code(b"") == check_code(b"")
    assert check_code(b"") != check_code(b"\0")
    assert check_code("演示县第二采石场".encode()) == "2KP2-8EYX"
    assert not set("01ILOU") & set(ALPHABET)
    codes = {check_code(str(n).encode()) for n in range(20_000)}
    assert len(codes) == 20_000
    assert set("".join(codes)) == {*ALPHABET, "-"}
    assert {len(code) for code in codes} == {9}


@pytest.mark.parametrize(
    "typed",
    [
        "K7M2-9QXA",
        "k7m29qxa",
        " k7m2 9qxa ",
        "Ｋ７Ｍ２－９ｑｘａ",
        "k7m2—9qxa",
        "核验码：K7M2-9QXA",
        "核验码 K7M2\u20119QXA",
    ],
)
def test_a_code_is_known_however_it_is_typed(typed: str) -> None:
    assert looks_like_code(typed) == CODE


@pytest.mark.parametrize(
    "typed", ["", "K7M2-9QX", "K7M2-9QXAB", "K7M2-9QX0", "O7M2-9QXA", "2026-03-20", "演示县采石场", "K7M-29QXA"]
)
def test_other_text_is_no_code(typed: str) -> None:
    assert looks_like_code(typed) is None


def test_our_own_docx_is_read_in_full() -> None:
    ours = write_docx(composed("rectification_order"))
    found = examine(ours)
    again = Document(io.BytesIO(ours))
    assert (found.kind, found.sha256) == ("docx", hashlib.sha256(ours).hexdigest())
    every = "".join(found.text)
    assert all(p.text in every for p in again.paragraphs)
    assert "演示县自然资源局" in every


@pytest.mark.parametrize(
    "data",
    [
        marked("正文", keywords=CODE),
        marked("正文", keywords="非煤矿山，K7M2-9QXA"),
        marked("正文", code=CODE),
        marked("核验码：k7m2 9qxa"),
        marked("见核验码 ABCD-EFGH", code=CODE),
        marked("见核验码 ABCD-EFGH", keywords=CODE),
        docx(table(("1", "核验码 K7M2-9QXA"))),
        pdf("正文", keywords=CODE),
        pdf("正文", code=CODE),
        pdf("见核验码 ABCD-EFGH", "第二页", code=CODE),
    ],
)
def test_the_code_is_found_wherever_it_is_kept(data: bytes) -> None:
    assert examine(data).check_code == CODE


@pytest.mark.parametrize(
    "data",
    [
        marked("编号 K7M2-9QXA"),
        marked("核验码待定"),
        marked("核验码 K7M2-9QXAB"),
        marked("正文", keywords="SAFETYXY"),
        pdf("正文"),
        pdf("", image=True),
    ],
)
def test_a_file_without_a_code_gives_none(data: bytes) -> None:
    assert examine(data).check_code == ""


def test_text_is_read_in_order_across_split_runs_and_wrappers() -> None:
    body = (
        "<w:p><w:r><w:t>第</w:t></w:r><w:bookmarkStart/><w:hyperlink><w:r><w:t>一</w:t></w:r></w:hyperlink>"
        "<w:r><w:t>条</w:t><w:tab/><w:noBreakHyphen/></w:r></w:p>"
        f"<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{paragraph('控件')}</w:sdtContent></w:sdt>"
        f"{table(('甲', ''), ('', '乙'))}<w:p/>{paragraph('末段')}"
        "<w:p><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath><w:r><w:sym w:char='F0FE'/></w:r></w:p>"
    )
    assert examine(docx(body)).text == ("第一条\t-", "控件", "甲", "乙", "末段", "x=1〔符号F0FE〕")


def test_tracked_changes_count_as_accepted() -> None:
    struck = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
    body = (
        "<w:p><w:r><w:t>期限</w:t></w:r><w:del><w:r><w:delText>30日</w:delText><w:t>30日</w:t></w:r></w:del>"
        "<w:ins><w:r><w:t>60日</w:t></w:r></w:ins></w:p>"
        f"<w:p>{struck}<w:r><w:t>前半句，</w:t></w:r></w:p>{paragraph('后半句。')}"
        "<w:moveFrom><w:p/></w:moveFrom><w:p><w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom></w:p>"
        "<w:p><w:moveTo><w:r><w:t>移来</w:t></w:r></w:moveTo></w:p>"
        f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph('删行')}</w:tc></w:tr></w:tbl>"
    )
    assert examine(docx(body)).text == ("期限60日", "前半句，后半句。", "移来")


def box(text: str, old: str) -> str:
    return (
        f"<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        f"<w:txbxContent>{paragraph(text)}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        f"<v:textbox><w:txbxContent>{paragraph(old)}</w:txbxContent></v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )


def test_a_text_box_is_read_once_but_a_second_wording_is_not_hidden() -> None:
    assert examine(docx(box("抄送：演示县", "抄送：演示县"))).text == ("正文", "抄送：演示县")
    assert examine(docx(box("三十日", "六十日"))).text == ("正文", "三十日", "六十日")
    old = (
        "<w:p><w:r><w:pict><v:textbox><w:txbxContent>"
        + paragraph("旧框")
        + "</w:txbxContent></v:textbox></w:pict></w:r></w:p>"
    )
    assert examine(docx(old)).text == ("旧框",)


def test_headers_and_footers_stand_apart_without_the_page_number() -> None:
    found = examine(write_docx(composed("assistance_letter")))
    assert "演示县自然资源局" in found.furniture
    assert "—  —" in found.furniture
    assert not any("1" in line for line in found.furniture)


def test_a_footnote_is_part_of_what_a_paper_says() -> None:
    data = docx(paragraph("正文"))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{kind}" Target="/word/footnotes.xml"/></Relationships>'
    )
    note = f'<w:footnotes xmlns:w="{W}"><w:footnote>{paragraph("不含运费")}</w:footnote></w:footnotes>'
    parts = {"word/_rels/document.xml.rels": relations.encode(), "word/footnotes.xml": note.encode()}
    assert examine(changed(data, parts)).text == ("正文", "不含运费")


def test_the_strict_form_of_word_files_is_read_too() -> None:
    document = (
        f'<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>{paragraph("严格格式")}'
        "</w:body></w:document>"
    )
    assert examine(docx("", document=document.encode())).text == ("严格格式",)


def test_a_pdf_gives_its_lines() -> None:
    found = examine(pdf("第一行\n\n第二行", code=CODE))
    assert found.kind == "pdf"
    assert found.text[:2] == ("第一行", "第二行")


def test_other_files_are_known_by_their_sum_alone() -> None:
    photo = b"\xff\xd8\xff\xe0 photo"
    assert examine(photo).kind == "other"
    assert examine(photo).sha256 == hashlib.sha256(photo).hexdigest()
    assert examine(photo).text == ()


@pytest.mark.parametrize("kind", ["rectification_order", "assistance_letter"])
def test_the_code_that_our_writer_draws_is_found_again(kind: str) -> None:
    ours = write_docx(replace(composed(kind), check_code=CODE))
    assert examine(ours).check_code == CODE
    assert f"核验码 {CODE}" in "".join(examine(ours).furniture)
