"""What the .docx says and how its sections lie, read back with python-docx."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENTATION
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from notifications.documents.docx import write_docx
from notifications.documents.model import BLANK, OfficialDocument
from states.documents import KINDS, DocumentKind
from tests.notifications.documents.case_data import all_text, composed, reopened
from tests.notifications.documents.docx_samples import CODE, COPIES, IMPRINT, LONG_NAME, mixed, notice

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
#: What the form adds to the words of the model.
_LABELS = set("签发人：附件0123456789.（）抄送印。\n　")


def words(root: Any) -> str:
    """All text, a paragraph or a cell a line, text boxes once."""
    parts = []
    for element in _seen(root):
        if element.tag == qn("w:tc") or (element.tag == qn("w:p") and element.getparent().tag != qn("w:tc")):
            parts.append("\n")
        elif element.tag == qn("w:t"):
            parts.append(element.text or "")
    return "".join(parts).replace("\u00a0", "")


def _seen(root: Any) -> Iterator[Any]:
    for child in root:
        if child.tag != _FALLBACK:
            yield child
            yield from _seen(child)


def _pieces(doc: OfficialDocument) -> list[str]:
    imprint = (doc.imprint.copies_to, doc.imprint.issuer, doc.imprint.printed_on) if doc.imprint else ()
    annexes = [annex.title for annex in doc.annexes if annex.blocks]
    said = all_text(doc).replace("".join(doc.title), "\n".join(doc.title), 1)
    text = "\n".join((said, *imprint, *annexes)).replace(BLANK, "　")
    return sorted(filter(None, text.split("\n")), key=len, reverse=True)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_the_file_says_what_the_model_says_and_nothing_else(kind: DocumentKind) -> None:
    doc = composed(kind.id)
    again = reopened(doc)
    found = words(again.element.body)
    if doc.form == "信函":
        found += words(again.sections[0].first_page_header._element)
    for piece in _pieces(doc):
        assert piece in found
        found = found.replace(piece, "", 1)
    assert set(found) <= _LABELS


def test_the_imprint_is_drawn_alike_for_new_and_old_word_processors() -> None:
    body = reopened(notice()).element.body
    new, old = body.iter(qn("w:txbxContent"))
    assert old.getparent().tag.endswith("}textbox")
    assert words(new) == words(old)
    assert words(new).split() == [f"抄送：{COPIES}。", "演示县自然资源局办公室2026年11月23日印发"]
    rules = [int(rule.get(qn("w:sz"))) / 8 * 25.4 / 72 for rule in new.iter(qn("w:bottom"))]
    assert rules == pytest.approx([0.35, 0.25, 0.35], abs=0.02)


def test_copies_end_with_one_full_stop_and_a_letter_names_no_printer() -> None:
    letter = replace(composed("assistance_letter"), imprint=replace(IMPRINT, copies_to=COPIES + "。"))
    box = next(reopened(letter).element.body.iter(qn("w:txbxContent")))
    assert words(box).split() == [f"抄送：{COPIES}。"]
    assert not list(box.iter(qn("w:pBdr")))


@pytest.mark.parametrize("kind", ["rectification_order", "assistance_letter", "ledger"])
def test_every_page_names_the_record_when_there_is_one(kind: str) -> None:
    doc = composed(kind)
    plain, marked = reopened(replace(doc, check_code="")), reopened(replace(doc, check_code=CODE))
    assert (plain.core_properties.keywords, marked.core_properties.keywords) == ("", CODE)
    for document, count in ((plain, 0), (marked, 1)):
        assert {words(part).count(f"核验码 {CODE}") for part in _furniture(document)} == {count}


def _furniture(document: Document) -> Iterator[Any]:
    """Headers and footers that hold the foot of a page."""
    page = document.sections[0]
    if page.orientation == WD_ORIENTATION.LANDSCAPE:
        yield from (page.header._element, page.even_page_header._element)
    else:
        yield from (page.footer._element, page.even_page_footer._element)
    if page.different_first_page_header_footer:
        yield page.first_page_footer._element


def test_sections_lie_as_their_annexes_ask_and_number_on() -> None:
    sections = reopened(mixed()).sections
    assert [one.orientation == WD_ORIENTATION.LANDSCAPE for one in sections] == [False, True, False]
    for one in sections:
        lies = one.orientation == WD_ORIENTATION.LANDSCAPE
        feet, sides = (one.footer, one.even_page_footer), (one.header, one.even_page_header)
        assert {"—" in words(part._element) for part in (sides if lies else feet)} == {True}
        assert {words(part._element).strip() for part in (feet if lies else sides)} == {""}
        assert one._sectPr.find(qn("w:pgNumType")) is None


def test_a_sheet_across_has_the_margins_of_the_sheet_turned_to_the_left() -> None:
    across = reopened(mixed()).sections[1]
    sides = (across.page_width, across.page_height, across.top_margin, across.right_margin, across.bottom_margin)
    assert [round(side.mm) for side in (*sides, across.left_margin) if side] == [297, 210, 28, 37, 26, 35]


def test_an_imprint_after_a_sheet_across_stands_upright() -> None:
    doc = mixed()
    sections = reopened(replace(doc, annexes=doc.annexes[:1])).sections
    assert [one.orientation == WD_ORIENTATION.LANDSCAPE for one in sections] == [False, True, False]


def test_a_ledger_lies_across_from_its_first_page() -> None:
    (page,) = reopened(composed("ledger")).sections
    assert page.orientation == WD_ORIENTATION.LANDSCAPE


def test_rows_stay_whole_and_the_last_one_goes_with_the_signature() -> None:
    ledger = reopened(composed("ledger"))
    (table,) = ledger.tables
    rows = table._tbl.tr_lst
    assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)
    assert [row.find(f".//{qn('w:keepNext')}") is not None for row in rows] == [False] * (len(rows) - 1) + [True]
    assert LONG_NAME in [cell.text for cell in reopened(mixed()).tables[0].column_cells(1)]


@pytest.mark.parametrize("doc", [mixed(), composed("assistance_letter"), composed("ledger")], ids=["a", "b", "c"])
def test_every_part_is_named_and_every_name_has_its_part(doc: OfficialDocument) -> None:
    with zipfile.ZipFile(io.BytesIO(write_docx(doc))) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    for content in parts.values():
        parse_xml(content.encode())
    named = set(re.findall(r'PartName="/([^"]+)"', parts["[Content_Types].xml"]))
    assert named == {name for name in parts if name.endswith(".xml") and not name.startswith("[")}
    ids = dict(re.findall(r'Id="([^"]+)" Type="[^"]+" Target="([^"]+)"', parts["word/_rels/document.xml.rels"]))
    assert {f"word/{target}" for target in ids.values()} == {n for n in named if n.startswith("word/")} - {
        "word/document.xml"
    }
    assert set(re.findall(r'r:id="([^"]+)"', parts["word/document.xml"])) <= set(ids)


def test_what_xml_cannot_hold_is_no_danger() -> None:
    again = reopened(notice(check_code="<&>\x00", title=("关于<甲>&\x01乙的通知",)))
    assert again.core_properties.keywords == "<&>□"
    assert again.core_properties.title == "关于<甲>&□乙的通知"
