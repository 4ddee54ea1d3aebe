"""The .docx in figures, read back from its XML: GB/T 9704-2012."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from notifications.documents.docx import write_docx
from states.documents import KINDS, DocumentKind
from tests.notifications.documents.case_data import case_data, composed, reopened


@pytest.fixture(scope="module")
def order() -> Document:
    return reopened(composed("rectification_order"))


def style_font(document: Document, name: str) -> dict[str, str]:
    fonts = document.styles[name].element.rPr.find(qn("w:rFonts"))
    return {side: fonts.get(qn(f"w:{side}")) for side in ("ascii", "hAnsi", "eastAsia", "hint")}


def paragraph_property(document: Document, style: str, name: str) -> str | None:
    found = document.styles[style].element.pPr.find(qn(f"w:{name}"))
    return None if found is None else found.get(qn("w:val"))


def properties_of(paragraph: Paragraph) -> Any:
    return paragraph._p.pPr


def millimetres(length: int | None) -> float:
    return round((length or 0) / Mm(1), 1)


def test_the_page_is_a4_with_the_margins_of_the_standard(order: Document) -> None:
    page = order.sections[0]
    assert (millimetres(page.page_width), millimetres(page.page_height)) == (210, 297)
    assert [
        millimetres(side) for side in (page.top_margin, page.left_margin, page.right_margin, page.bottom_margin)
    ] == [37, 28, 26, 35]


def test_the_body_is_16_point_fangsong_22_lines_to_a_page_28_characters_to_a_line(order: Document) -> None:
    body = order.styles["Normal"]
    assert style_font(order, "Normal") == dict.fromkeys(("ascii", "hAnsi", "eastAsia"), "仿宋_GB2312") | {
        "hint": "eastAsia"
    }
    assert body.font.size == Pt(16)
    assert body.paragraph_format.line_spacing == Pt(28.95)
    assert 22 * 28.95 <= 225 / 25.4 * 72 < 23 * 28.95
    spacing = int(body.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert spacing == -0.25
    assert 28 * (16 + spacing) <= 156 / 25.4 * 72 < 29 * (16 + spacing)
    assert paragraph_property(order, "Normal", "widowControl") == "0"


def test_text_is_indented_by_two_characters(order: Document) -> None:
    indent = order.styles["公文正文"].element.pPr.find(qn("w:ind"))
    assert indent.get(qn("w:firstLineChars")) == "200"


def test_title_and_headings_have_their_faces(order: Document) -> None:
    assert style_font(order, "Title")["eastAsia"] == "方正小标宋简体"
    assert order.styles["Title"].font.size == Pt(22)
    assert paragraph_property(order, "Title", "snapToGrid") == "0"
    assert [style_font(order, f"Heading {n}")["eastAsia"] for n in (1, 2, 3, 4)] == [
        "黑体", "楷体_GB2312", "仿宋_GB2312", "仿宋_GB2312",
    ]  # fmt: skip


def test_page_numbers_stand_outside_between_dashes(order: Document) -> None:
    page = order.sections[0]
    assert order.settings.odd_and_even_pages_header_footer
    for footer, side in ((page.footer, "right"), (page.even_page_footer, "left")):
        (line,) = footer.paragraphs
        assert line.text == "— 1 —"
        assert properties_of(line).find(qn("w:jc")).get(qn("w:val")) == side
        assert line.style is not None
        assert line.style.font.size == Pt(14)


def test_a_letter_has_red_double_rules_and_no_number_on_its_first_page() -> None:
    letter = reopened(composed("assistance_letter"))
    page = letter.sections[0]
    assert page.different_first_page_header_footer
    assert "".join(p.text for p in page.first_page_header.paragraphs) == "演示县自然资源局"
    assert "".join(p.text for p in page.first_page_footer.paragraphs) == ""
    head, foot = (
        [border for p in part.paragraphs for border in properties_of(p).iter(qn("w:bottom"))]
        for part in (page.first_page_header, page.first_page_footer)
    )
    assert [int(rule.get(qn("w:sz"))) / 8 for rule in head] == [2.25, 0.75]
    assert [int(rule.get(qn("w:sz"))) / 8 for rule in foot] == [0.75, 2.25]
    assert {rule.get(qn("w:color")) for rule in (*head, *foot)} == {"FF0000"}
    assert millimetres(page.footer_distance) == 20


def test_a_paper_with_a_red_head_has_a_red_rule_below_its_number() -> None:
    notice = reopened(composed("survey_notice", number="演自然资发〔2026〕1号"))
    (line,) = [p for p in notice.paragraphs if "〔2026〕" in p.text and p.style and p.style.name == "发文字号"]
    assert properties_of(line).find(qn("w:pBdr")).find(qn("w:bottom")).get(qn("w:color")) == "FF0000"


def test_a_paper_to_the_superior_has_number_and_signer_on_one_line() -> None:
    request = reopened(composed("list_request", number="演自然资〔2026〕1号", facts__signer="演示签发人"))
    (line,) = [p for p in request.paragraphs if "签发人：" in p.text]
    assert line.text == "　演自然资〔2026〕1号\t签发人：演示签发人"
    assert [run.text for run in line.runs if run._r.style == "Signer"] == ["演示签发人"]
    assert style_font(request, "签发人姓名")["eastAsia"] == "楷体_GB2312"


def test_the_organ_stands_centred_over_a_date_four_characters_from_the_right(order: Document) -> None:
    organ, date = [p for p in order.paragraphs if p.style and p.style.name == "落款"]
    assert (organ.text, date.text) == ("演示县自然资源局", "2026年11月23日")
    characters = [properties_of(p).find(qn("w:ind")) for p in (organ, date)]
    right = [int(indent.get(qn("w:right"))) / 315 for indent in characters]
    assert right[1] == 4
    assert right[0] + len("演示县自然资源局") / 2 == pytest.approx(right[1] + 7 / 2, abs=0.01)
    assert organ.paragraph_format.keep_with_next


def test_the_signature_never_stands_alone_on_a_page(order: Document) -> None:
    texts = [p.text for p in order.paragraphs]
    last = order.paragraphs[texts.index("2026年11月23日") - 2]
    assert last.text.startswith("本通知书一式两份")
    assert last.paragraph_format.keep_with_next


def test_blanks_are_underlined_space() -> None:
    letter = reopened(composed("upgrade_commitment"))
    (line,) = [p for p in letter.paragraphs if p.text.startswith("法定代表人")]
    assert [run.text for run in line.runs if run.font.underline] == ["　" * 6]


def test_a_form_has_borders_and_fills_the_width_of_the_text() -> None:
    (form,) = reopened(composed("service_receipt")).tables
    properties = form._tbl.tblPr
    borders = {border.tag.split("}")[1]: border.get(qn("w:val")) for border in properties.find(qn("w:tblBorders"))}
    assert borders == dict.fromkeys(("top", "left", "bottom", "right", "insideH", "insideV"), "single")
    widths = [int(column.get(qn("w:w"))) for column in form._tbl.tblGrid]
    assert sum(widths) == round(156 / 25.4 * 1440) + 1
    assert properties.find(qn("w:tblLayout")).get(qn("w:type")) == "fixed"


def test_a_list_repeats_its_head_on_every_page() -> None:
    (rows,) = reopened(composed("opinion_summary")).tables
    assert rows._tbl.tr_lst[0].find(f".//{qn('w:tblHeader')}") is not None
    assert len(rows.rows) == 4


def test_an_annex_begins_on_its_own_page() -> None:
    notice = reopened(composed("survey_notice"))
    (mark,) = [p for p in notice.paragraphs if p.text == "附件"]
    assert mark.paragraph_format.page_break_before
    assert "附件：非煤矿山调查摸底表" in [p.text for p in notice.paragraphs]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_the_same_input_gives_the_same_bytes(kind: DocumentKind) -> None:
    first, second = write_docx(composed(kind.id)), write_docx(composed(kind.id))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.namelist()[0] == "[Content_Types].xml"
        assert package.testzip() is None


def test_another_input_gives_other_bytes() -> None:
    assert write_docx(composed("service_receipt")) != write_docx(composed("service_receipt", case__number="9-2"))


def test_properties_of_every_paragraph_stand_in_the_order_of_the_schema() -> None:
    """Word refuses a file whose properties are out of order; LibreOffice does not say so."""
    order = ["pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "pBdr", "tabs", "overflowPunct",
             "autoSpaceDE", "autoSpaceDN", "snapToGrid", "spacing", "ind", "jc", "outlineLvl", "sectPr"]  # fmt: skip
    for names in _property_names():
        assert names == sorted(names, key=order.index)


def _property_names() -> Iterator[list[str]]:
    for kind in KINDS:
        with zipfile.ZipFile(io.BytesIO(write_docx(composed(kind.id)))) as package:
            for name in package.namelist():
                if name.startswith("word/") and name.endswith(".xml"):
                    yield from _names(package.read(name))


def _names(xml: bytes) -> Iterator[list[str]]:
    from docx.oxml.parser import parse_xml

    for properties in parse_xml(xml).iter(qn("w:pPr")):
        yield [child.tag.split("}")[1] for child in properties]


def test_case_data_is_not_shared_between_documents() -> None:
    case_data()["facts"]["breach"] = "改动"
    assert case_data()["facts"]["breach"] != "改动"
