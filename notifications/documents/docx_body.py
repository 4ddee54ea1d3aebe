"""The parts of a document in the order of the paper, as WordprocessingML text."""

from collections.abc import Iterator

from notifications.documents.docx_base import AREA, CHARACTER, LINE, RED
from notifications.documents.docx_xml import gap, paragraph, spacing, table
from notifications.documents.model import (
    Annex,
    Block,
    Heading,
    Imprint,
    NumberedItem,
    OfficialDocument,
    Paragraph,
    Span,
)
from notifications.documents.titles import width

#: From the top of the text area to 发文机关标志: 35 mm.
_ABOVE_MARK = 1984
_RIGHT_TAB = f'<w:tabs><w:tab w:val="right" w:pos="{AREA - CHARACTER}"/></w:tabs>'


def body(doc: OfficialDocument) -> str:
    """Everything that stands in the body of the file, without page furniture."""
    return "".join(_parts(doc))


def _parts(doc: OfficialDocument) -> Iterator[str]:
    yield from _head(doc)
    yield from _title(doc)
    if doc.addressee:
        yield paragraph(f"{doc.addressee}：", "Addressee")
    elif doc.form not in ("表单", "法律文书"):
        yield gap(LINE)
    # The signature must not stand alone on a page: the text before it comes along.
    yield from _blocks(doc.blocks, keep_last=bool(doc.signature.organ or doc.signature.lines))
    yield from _annex_list(doc.annexes)
    yield from _signature(doc)
    if doc.note:
        yield paragraph(f"（{doc.note}）", "Body")
    if doc.tail:
        yield gap(LINE)
        yield from _blocks(doc.tail)
    yield from _annexes(doc.annexes)
    if doc.imprint:
        yield from _imprint(doc.imprint)


def _head(doc: OfficialDocument) -> Iterator[str]:
    if doc.form in ("文件", "上行文"):
        yield gap(_ABOVE_MARK)
        yield _mark(doc.mark, 44)
        yield _number_over_rule(doc)
    elif doc.form == "信函":
        yield paragraph(doc.number, "Number", '<w:jc w:val="right"/>')
    elif doc.form == "法律文书" and doc.mark:
        yield paragraph(doc.mark, "Organ")


def _mark(text: str, largest: int) -> str:
    """发文机关标志, as large as one line allows (points)."""
    size = mark_size(text, largest)
    return paragraph(text, "Mark", spacing(line=size * 26), size=2 * size)


def mark_size(text: str, largest: int) -> int:
    """Points at which the text fills one line at most."""
    return max(16, min(largest, int(AREA / 20 / max(width(text), 1))))


def _number_over_rule(doc: OfficialDocument) -> str:
    rule = f'<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="11" w:color="{RED}"/></w:pBdr>'
    below = spacing(before=2 * LINE, line=LINE)
    if doc.form == "上行文":
        # Both keep one character from the edge; an indent would shorten the rule.
        text = f"　{doc.number}\t签发人：{doc.signer}"
        return paragraph(text, "Number", f'{rule}{_RIGHT_TAB}{below}<w:jc w:val="left"/>')
    return paragraph(doc.number, "Number", f"{rule}{below}")


def _title(doc: OfficialDocument) -> Iterator[str]:
    # Two lines below the red rule or the number; a title that opens the page stands at its top.
    above = 2 * LINE if doc.form in ("文件", "上行文", "信函") else 0
    if above:
        yield gap(above)
    for line in doc.title:
        yield paragraph(line, "Title")
    if doc.form == "法律文书":
        yield paragraph(doc.number, "Number")
        yield gap(LINE // 2)
    elif doc.form == "表单":
        if doc.number:
            yield paragraph(doc.number, "Number", '<w:jc w:val="right"/>')
        else:
            yield gap(LINE // 2)


def _blocks(blocks: tuple[Block, ...], *, keep_last: bool = False) -> Iterator[str]:
    for block in blocks:
        keep = "<w:keepNext/>" if keep_last and block is blocks[-1] else ""
        if isinstance(block, Heading):
            yield paragraph(block.text, f"Heading{block.level}")
        elif isinstance(block, Paragraph):
            yield paragraph(block.text, "Body", keep)
        elif isinstance(block, NumberedItem):
            yield paragraph((Span(block.label), *block.text), "Body", keep)
        else:
            yield gap(120)
            yield table(block)
            # Two tables would run together, and a file must not end with one.
            yield gap(120)


def _annex_list(annexes: tuple[Annex, ...]) -> Iterator[str]:
    """附件说明: below the text, numbered where there are several, second lines under the first title."""
    numbered = len(annexes) > 1
    for n, annex in enumerate(annexes, 1):
        label = ("附件：" if n == 1 else "") + (f"{n}." if numbered else "")
        hang = 3 * CHARACTER + (CHARACTER if numbered else 0)
        start = 2 * CHARACTER + hang
        first = hang if n == 1 else CHARACTER
        before = "<w:keepNext/>" + spacing(before=LINE if n == 1 else 0, line=LINE)
        indent = f'<w:ind w:left="{start}" w:hanging="{first}"/>'
        yield paragraph(label + annex.title, "Normal", f"{before}{indent}")


def _signature(doc: OfficialDocument) -> Iterator[str]:
    organ, lines = doc.signature.organ, doc.signature.lines
    if lines:
        yield from _signed_lines(lines, doc.date)
    elif organ:
        yield from _sealed(organ, doc.date)


def _sealed(organ: str, date: str) -> Iterator[str]:
    """The seal covers both: the date four characters from the right, the organ centred over it."""
    date_right = max(4.0, 2 + (width(organ) - width(date)) / 2)
    organ_right = date_right + (width(date) - width(organ)) / 2
    yield paragraph(organ, "Signature", f"<w:keepNext/>{spacing(before=2 * LINE, line=LINE)}{_from_right(organ_right)}")
    yield paragraph(date, "Signature", _from_right(date_right))


def _from_right(characters: float) -> str:
    return f'<w:ind w:right="{round(characters * CHARACTER)}"/>'


def _signed_lines(lines: tuple[str, ...], date: str) -> Iterator[str]:
    """Lines that a person signs, in the right half of the page as far as they fit."""
    every = (*lines, date) if date else lines
    left = max(2.0, min(12.0, 27 - max(width(line) for line in every)))
    for n, line in enumerate(every):
        keep = "<w:keepNext/>" if n < len(every) - 1 else ""
        before = spacing(before=LINE if n == 0 else LINE // 2, line=LINE)
        indent = f'<w:ind w:left="{round(left * CHARACTER)}"/>'
        yield paragraph(line, "Signature", f'{keep}{before}{indent}<w:jc w:val="left"/>')


def _annexes(annexes: tuple[Annex, ...]) -> Iterator[str]:
    for n, annex in enumerate(annexes, 1):
        if annex.blocks:
            mark = f"附件{n}" if len(annexes) > 1 else "附件"
            yield paragraph(mark, "AnnexMark", "<w:pageBreakBefore/>")
            yield gap(LINE)
            yield paragraph(annex.title, "Title")
            yield gap(LINE // 2)
            yield from _blocks(annex.blocks)


def _imprint(imprint: Imprint) -> Iterator[str]:
    """版记: first and last rule 0.35 mm, the one between 0.25 mm."""
    rows = []
    if imprint.copies_to:
        rows.append(f"抄送：{imprint.copies_to}。")
    if imprint.issuer:
        rows.append(f"{imprint.issuer}\t{imprint.printed_on}印发")
    for n, text in enumerate(rows):
        top = '<w:top w:val="single" w:sz="8" w:space="1" w:color="000000"/>' if n == 0 else ""
        last = n == len(rows) - 1
        bottom = f'<w:bottom w:val="single" w:sz="{8 if last else 6}" w:space="1" w:color="000000"/>'
        keep = "" if last else "<w:keepNext/>"
        before = spacing(before=LINE if n == 0 else 0, line=LINE)
        yield paragraph(
            f"　{text}", "Imprint", f"{keep}<w:keepLines/><w:pBdr>{top}{bottom}</w:pBdr>{_RIGHT_TAB}{before}"
        )
