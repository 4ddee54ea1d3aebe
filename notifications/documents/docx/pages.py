"""Pages of a .docx: paper and margins, page numbers and check code, and the red frame of a letter."""

from notifications.documents.docx.base import AREA, LINE, NAMESPACES, twips
from notifications.documents.docx.box import Box
from notifications.documents.docx.head import letter_foot, letter_head
from notifications.documents.docx.xml import align, indent, paragraph, paragraph_of, right_tab, runs, size, spacing
from notifications.documents.model import OfficialDocument

#: Margins of GB/T 9704-2012 in mm (天头, 订口, and what 版心 156×225 leaves): top, right, bottom, left.
_UPRIGHT = (37, 26, 35, 28)
#: The same sheet turned to the left.
_ACROSS = (28, 37, 26, 35)
#: Lower edge of the page number's line above the edge of the paper: its dashes stand 7 mm below 版心.
_FOOT, _FOOT_LINE = 25.0, 320
#: The number stands one character of 14 pt in.
_IN = 280
#: 信函: the mark begins 30 mm below the edge of the paper, the second red rule stands 20 mm above the lower edge.
_LETTER_HEAD, _LETTER_FOOT = 30, 20
#: The least line that a paragraph can have.
_NO_LINE = 20

_PAGE_FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
_NOTHING = paragraph("", "PageNumber", spacing(line=_NO_LINE))
_PAGES = ("default", "even")


def furniture(doc: OfficialDocument) -> dict[str, str]:
    """Headers and footers by name. A sheet that lies across has its number in a turned box of the header."""
    lift = twips(_FOOT - _LETTER_FOOT) if doc.form == "信函" else 0
    parts = {}
    for page in _PAGES:
        parts[f"footer_{page}"] = _number(doc.check_code, page, lift)
        if _turns(doc):
            box = Box("页码", _FOOT, _ACROSS[0], _ACROSS[3] - _FOOT, AREA / 1440 * 25.4, turned=True)
            number = box.run(_number(doc.check_code, page))
            parts[f"header_{page}"] = paragraph_of(number, "PageNumber", spacing(line=_NO_LINE))
            parts[f"header_{page}_empty"] = parts[f"footer_{page}_empty"] = _NOTHING
    if doc.form == "信函":
        parts["header_first"] = letter_head(doc.mark)[0]
        # The check code stands where it stands on other pages, the rule below it.
        foot, height = letter_foot()
        place = spacing(after=lift - height, line=_FOOT_LINE) + indent(_IN)
        parts["footer_first"] = paragraph_of(_code(doc.check_code), "PageNumber", place) + foot
    return {name: _part(name, content) for name, content in parts.items()}


def section(doc: OfficialDocument, *, across: bool, first: bool) -> str:
    """The properties of pages that lie this way."""
    letter = doc.form == "信函" and not across
    top, right, bottom, left = (twips(side) for side in (_ACROSS if across else _UPRIGHT))
    header, footer = twips(15), twips(_FOOT)
    if letter:
        header, footer = twips(_LETTER_HEAD) - letter_head(doc.mark)[1], twips(_LETTER_FOOT)
    paper = 'w:w="16838" w:h="11906" w:orient="landscape"' if across else 'w:w="11906" w:h="16838"'
    return (
        f'<w:sectPr>{_references(doc, across=across, first=first and letter)}<w:type w:val="nextPage"/><w:pgSz {paper}/>'
        f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" '
        f'w:header="{header}" w:footer="{footer}" w:gutter="0"/>{"<w:titlePg/>" if first and letter else ""}'
        f'<w:docGrid w:type="lines" w:linePitch="{LINE}"/></w:sectPr>'
    )


def _references(doc: OfficialDocument, *, across: bool, first: bool) -> str:
    """Every section names all its headers and footers, or it would have those of the section before."""
    named = [(page, f"footer_{page}") for page in _PAGES]
    if _turns(doc):
        header, footer = ("", "_empty") if across else ("_empty", "")
        named = [(page, f"header_{page}{header}") for page in _PAGES]
        named += [(page, f"footer_{page}{footer}") for page in _PAGES]
    if first:
        named += [("first", "header_first"), ("first", "footer_first")]
    return "".join(f'<w:{name[:6]}Reference w:type="{page}" r:id="{name}"/>' for page, name in named)


def _turns(doc: OfficialDocument) -> bool:
    return doc.landscape or any(annex.landscape and annex.blocks for annex in doc.annexes)


def _number(check_code: str, page: str, lift: int = 0) -> str:
    """— 1 —, odd pages on the right, even pages on the left; the check code on the other side."""
    odd = page == "default"
    number, code = f"{runs('— ')}{_PAGE_FIELD}{runs(' —')}", _code(check_code)
    line = spacing(after=lift, line=_FOOT_LINE) + indent(_IN, _IN)
    if not code:
        return paragraph_of(number, "PageNumber", line + align("right" if odd else "left"))
    sides = (code, number) if odd else (number, code)
    return paragraph_of("<w:r><w:tab/></w:r>".join(sides), "PageNumber", right_tab(AREA - _IN) + line)


def _code(check_code: str) -> str:
    return runs(f"核验码 {check_code}", size(18)) if check_code else ""


def _part(name: str, content: str) -> str:
    root = "w:hdr" if name.startswith("header") else "w:ftr"
    return f"<{root} {NAMESPACES}>{content}</{root}>"
