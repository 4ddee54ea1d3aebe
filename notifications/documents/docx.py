"""Writes an OfficialDocument as .docx with python-docx; the same document always gives the same bytes."""

import io

from docx import Document
from docx.document import Document as DocxDocument
from docx.opc.part import XmlPart
from docx.oxml.parser import parse_xml
from docx.section import Section
from docx.shared import Mm

from notifications.documents.docx_base import NAMESPACES, RED, empty_docx
from notifications.documents.docx_body import body, mark_size
from notifications.documents.docx_package import repack
from notifications.documents.docx_xml import legal, paragraph, runs, spacing
from notifications.documents.model import OfficialDocument

#: Margins of GB/T 9704-2012 in mm: 天头, 订口, and what 版心 156×225 leaves.
_TOP, _LEFT, _RIGHT, _BOTTOM = 37, 28, 26, 35
#: Bottom of the page number above the edge of the paper, so that its dashes stand 7 mm below 版心.
_FOOT = 25.2
#: 信函: first red rule hangs from a mark 30 mm below the edge, the second stands 20 mm above the lower edge.
_LETTER_HEAD, _LETTER_FOOT = 30, 20
#: The red rules are 170 mm long, 8 and 6 mm wider than the text.
_WIDER = '<w:ind w:left="-454" w:right="-340"/>'

_PAGE_FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
)


def write_docx(doc: OfficialDocument) -> bytes:
    """The document as a .docx file."""
    document = Document(io.BytesIO(empty_docx()))
    section = document.sections[0]
    letter = doc.form == "信函"
    _page(section, letter=letter)
    _page_numbers(document, section, lift=_FOOT - _LETTER_FOOT if letter else 0)
    if letter:
        _letter_frame(section, doc.mark)
    content = parse_xml(f"<w:body {NAMESPACES}>{body(doc)}</w:body>")
    for element in reversed(list(content)):
        document.element.body.insert(0, element)
    document.core_properties.title = legal("".join(doc.title)[:255])
    buffer = io.BytesIO()
    document.save(buffer)
    return repack(buffer.getvalue())


def _page(section: Section, *, letter: bool) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(_TOP), Mm(_BOTTOM)
    section.left_margin, section.right_margin = Mm(_LEFT), Mm(_RIGHT)
    section.header_distance = Mm(_LETTER_HEAD if letter else 15)
    section.footer_distance = Mm(_LETTER_FOOT if letter else _FOOT)


def _page_numbers(document: DocxDocument, section: Section, *, lift: float) -> None:
    """— 1 —, odd pages on the right, even pages on the left, one character from the edge."""
    document.settings.odd_and_even_pages_header_footer = True
    after = f'<w:spacing w:after="{Mm(lift).twips}"/>'
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        properties = f'{after}<w:ind w:{side}="280"/><w:jc w:val="{side}"/>'
        _fill(
            footer.part,
            f'<w:p><w:pPr><w:pStyle w:val="PageNumber"/>{properties}</w:pPr>'
            f"{runs('— ')}{_PAGE_FIELD}{runs(' —')}</w:p>",
        )


def _letter_frame(section: Section, mark: str) -> None:
    """信函格式 (GB/T 9704 10.1): mark between red double rules, and no number on the first page."""
    section.different_first_page_header_footer = True
    size = mark_size(mark, 36)
    for part, rule, text, line in (
        (section.first_page_header, ("bottom", "thickThinSmallGap", 11), mark, size * 26),
        (section.first_page_footer, ("top", "thinThickSmallGap", 1), "", 40),
    ):
        part.is_linked_to_previous = False
        side, kind, space = rule
        border = f'<w:pBdr><w:{side} w:val="{kind}" w:sz="18" w:space="{space}" w:color="{RED}"/></w:pBdr>'
        _fill(part.part, paragraph(text, "Mark", f"{border}{spacing(line=line)}{_WIDER}", size=2 * size))


def _fill(part: XmlPart, paragraphs: str) -> None:
    """Put paragraphs in place of what a new header or footer comes with."""
    root = part.element
    for child in list(root):
        root.remove(child)
    for child in list(parse_xml(f"<w:body {NAMESPACES}>{paragraphs}</w:body>")):
        root.append(child)
