"""The parts of a document in the order of the paper, as WordprocessingML text."""

from collections.abc import Iterable, Iterator

from notifications.documents.docx.base import ACROSS, AREA, LINE
from notifications.documents.docx.closing import closing, imprint
from notifications.documents.docx.head import head
from notifications.documents.docx.pages import section
from notifications.documents.docx.table import table
from notifications.documents.docx.xml import gap, paragraph
from notifications.documents.model import (
    Annex,
    Block,
    Heading,
    NumberedItem,
    OfficialDocument,
    Paragraph,
    Span,
)

_KEEP = "<w:keepNext/>"
#: Space above and below a table.
_BESIDE_TABLE = 120


def body(doc: OfficialDocument) -> str:
    """Everything that stands in the body of the file. Each section tells in its last paragraph how its pages lie."""
    *before, last = _sections(doc)
    parts = []
    for n, (across, content) in enumerate(before):
        start, end = content[: content.rindex("</w:pPr>")], content[content.rindex("</w:pPr>") :]
        parts += [start, section(doc, across=across, first=n == 0), end]
    parts += [last[1], section(doc, across=last[0], first=not before)]
    return "".join(parts)


def _sections(doc: OfficialDocument) -> list[tuple[bool, str]]:
    """Pages that lie the same way: whether they lie across, and what stands on them."""
    sections = [(doc.landscape, "".join(_paper(doc)))]
    annexes = [(f"附件{n}" if len(doc.annexes) > 1 else "附件", a) for n, a in enumerate(doc.annexes, 1) if a.blocks]
    for mark, annex in annexes:
        across, content = sections[-1]
        if annex.landscape == across:
            sections[-1] = across, content + "".join(_annex(mark, annex, "<w:pageBreakBefore/>"))
        else:
            sections.append((annex.landscape, "".join(_annex(mark, annex))))
    if doc.imprint:
        across, content = sections[-1]
        at_end = "".join(imprint(doc.imprint, rules=doc.form != "信函"))
        if across:  # 版记 stands upright, on a page of its own
            sections.append((False, at_end))
        else:
            sections[-1] = across, content + at_end
    return sections


def _paper(doc: OfficialDocument) -> Iterator[str]:
    area = _area(across=doc.landscape)
    yield from head(doc)
    # The signature must not stand alone on a page: the text before it comes along.
    yield from _blocks(doc.blocks, area, keep_last=bool(doc.signature.organ or doc.signature.lines))
    ending = list(closing(doc, area))
    if doc.tail:
        # The receipt below a signature comes along, too.
        ending = [part if _KEEP in part else part.replace("/>", f"/>{_KEEP}", 1) for part in ending]
        ending += [gap(LINE, _KEEP), *_blocks(doc.tail, area)]
    yield from ending


def _area(*, across: bool) -> int:
    return ACROSS if across else AREA


def _blocks(blocks: Iterable[Block], area: int, *, keep_last: bool = False) -> Iterator[str]:
    last = tuple(blocks)[-1:]
    for block in blocks:
        keep = _KEEP if keep_last and block is last[0] else ""
        if isinstance(block, Heading):
            yield paragraph(block.text, f"Heading{block.level}")
        elif isinstance(block, Paragraph):
            yield paragraph(block.text, "Body", keep)
        elif isinstance(block, NumberedItem):
            yield paragraph((Span(block.label), *block.text), "Body", keep)
        else:
            yield gap(_BESIDE_TABLE, _KEEP)
            yield table(block, area, keep=keep)
            # Two tables would run together, and a file must not end with one.
            yield gap(_BESIDE_TABLE, keep)


def _annex(mark: str, annex: Annex, start: str = "") -> Iterator[str]:
    yield paragraph(mark, "AnnexMark", start)
    yield gap(LINE, _KEEP)
    yield paragraph(annex.title, "Title")
    yield gap(LINE // 2, _KEEP)
    yield from _blocks(annex.blocks, _area(across=annex.landscape))
