"""What stands below the text of a document: 附件说明, signature and date, 附注, 版记."""

from collections.abc import Iterator
from math import ceil

from notifications.documents.docx.base import AREA, CHARACTER, LINE
from notifications.documents.docx.box import Box
from notifications.documents.docx.xml import (
    align,
    indent,
    paragraph,
    paragraph_of,
    right_tab,
    rule,
    spacing,
)
from notifications.documents.model import Annex, Imprint, OfficialDocument
from notifications.documents.titles import width

#: A longer name of an organ cannot stand centred over its date.
_CENTRED = 24
#: One character of 14 pt, and how many of them surely fit on a line of 版记 behind 抄送：.
_SMALL, _ROW = 280, 25
#: Lower and left edge of 版心 on the paper, in mm.
_EDGE, _LEFT = 262, 28
#: A rule of 版记 stands on a line of its own, the least that a paragraph can have.
_RULE_LINE = 20
_THICK, _THIN = 8, 6


def closing(doc: OfficialDocument, area: int) -> Iterator[str]:
    yield from _annex_list(doc.annexes)
    if doc.signature.lines:
        yield from _signed_lines((*doc.signature.lines, *filter(None, [doc.date])), area)
    elif doc.signature.organ:
        yield from _sealed(doc.signature.organ, doc.date)
    if doc.note:
        yield paragraph(f"（{doc.note}）", "Body")


def _annex_list(annexes: tuple[Annex, ...]) -> Iterator[str]:
    """附件说明: below the text, numbered where there are several, second lines under the first title."""
    numbered = 0 if len(annexes) < 2 else 1 if len(annexes) < 10 else 1.5
    for n, annex in enumerate(annexes, 1):
        label = ("附件：" if n == 1 else "") + (f"{n}." if numbered else "")
        start = round((5 + numbered) * CHARACTER)
        first = round((3 + numbered if n == 1 else numbered) * CHARACTER)
        before = "<w:keepNext/>" + spacing(before=LINE if n == 1 else 0, line=LINE)
        yield paragraph(label + annex.title, "Normal", f'{before}<w:ind w:left="{start}" w:hanging="{first}"/>')


def _sealed(organ: str, date: str) -> Iterator[str]:
    """The seal covers both: the date four characters from the right, the organ centred over it."""
    above = "<w:keepNext/>" + spacing(before=2 * LINE, line=LINE)
    if width(organ) > _CENTRED:
        yield paragraph(organ, "Signature", above + indent(2 * CHARACTER) + align("left"))
        yield paragraph(date, "Signature", indent(2 * CHARACTER) + align("left"))
        return
    date_right = max(4.0, 2 + (width(organ) - width(date)) / 2)
    organ_right = date_right + (width(date) - width(organ)) / 2
    yield paragraph(organ, "Signature", above + indent(0, organ_right * CHARACTER))
    yield paragraph(date, "Signature", indent(0, date_right * CHARACTER))


def _signed_lines(lines: tuple[str, ...], area: int) -> Iterator[str]:
    """Lines that a person signs, in the right half of the page as far as they fit."""
    line = area // CHARACTER
    left = max(2.0, min(line - 16.0, line - 1 - max(width(text) for text in lines)))
    for n, text in enumerate(lines):
        keep = "<w:keepNext/>" if n < len(lines) - 1 else ""
        before = spacing(before=LINE if n == 0 else LINE // 2, line=LINE)
        yield paragraph(text, "Signature", f"{keep}{before}{indent(left * CHARACTER)}{align('left')}")


def imprint(given: Imprint, *, rules: bool) -> Iterator[str]:
    """版记: at the foot of the last page, its last rule on the lower edge of the text area.

    A letter's has neither rules nor the organ that prints it.
    """
    rows, lines = [], 0
    if given.copies_to:
        copies = given.copies_to.rstrip("。") + "。"
        hanging = f'<w:ind w:left="{4 * _SMALL}" w:right="{_SMALL}" w:hanging="{3 * _SMALL}"/>'
        rows.append(paragraph(f"抄送：{copies}", "Imprint", hanging))
        lines += ceil(width(copies) / _ROW)
    if given.issuer and rules:
        printed = f"{given.issuer}\t{given.printed_on}印发"
        rows.append(paragraph(printed, "Imprint", right_tab(AREA - _SMALL) + indent(_SMALL, _SMALL)))
        lines += 1
    if not rows:
        return
    height = lines * LINE
    content = "".join(rows)
    if rules:
        content = _rule(_THICK) + _rule(_THIN).join(rows) + _rule(_THICK)
        height += (len(rows) + 1) * 2 * _RULE_LINE
    # The box stands on an empty line of its height and one more, so that text never runs into it.
    tall = height / 1440 * 25.4
    box = Box("版记", _LEFT, _EDGE - tall, AREA / 1440 * 25.4, tall)
    yield paragraph_of(box.run(content), "Imprint", spacing(line=height + LINE))


def _rule(eighths: int) -> str:
    return paragraph("", "Imprint", rule(eighths, "000000") + spacing(line=_RULE_LINE))
