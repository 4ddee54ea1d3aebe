"""What stands above the text of a document: the red head of its form, number, signer, title and addressee."""

from collections.abc import Iterator

from notifications.documents.docx.base import AREA, CHARACTER, LINE, RED, twips
from notifications.documents.docx.xml import (
    align,
    gap,
    indent,
    paragraph,
    paragraph_of,
    right_tab,
    rule,
    runs,
    size,
    spacing,
)
from notifications.documents.model import OfficialDocument
from notifications.documents.titles import width

#: Points of 发文机关标志 at most.
_MARK, _LETTER_MARK = 44, 36
#: Height of the line of 发文机关标志, and the empty part of it above and below the strokes, in parts of its size:
#: word processors put the base line at four fifths of a line of fixed height.
_MARK_LINE, _ABOVE_STROKES, _BELOW_STROKES = 1.3, 0.18, 0.18
#: The same for the number, in points from its line's upper edge to its em box and from there to the lower edge.
_ABOVE_NUMBER, _BELOW_NUMBER = 9.1, 3.9
#: Red rules stand 4 mm below; the rules of a letter are 170 mm long, 8 and 6 mm wider than the text.
_TO_RULE = 4 / 25.4 * 72
_WIDER = indent(-twips(8), -twips(6))
#: Eighths of a point; a rule by itself stands below the least line that a paragraph can have.
_THICK, _THIN, _RULE_LINE = 18, 6, 20


def head(doc: OfficialDocument) -> Iterator[str]:
    if doc.form in ("文件", "上行文"):
        points = _mark_size(doc.mark, _MARK)
        yield gap(twips(35) - round(_ABOVE_STROKES * points * 20))
        yield _mark(doc.mark, points)
        yield _number_over_rule(doc, 2 * LINE - round(_BELOW_STROKES * points * 20))
    elif doc.form == "信函":
        # 7/8 of a character below the first rule, which the header holds.
        yield gap(round((14 - _ABOVE_NUMBER) * 20))
        yield paragraph(doc.number, "Number", align("right"))
    elif doc.mark:
        yield paragraph(doc.mark, "Organ")
    yield from _title(doc)
    if doc.addressee:
        yield paragraph(f"{doc.addressee}：", "Addressee")
    elif doc.form not in ("表单", "台账", "法律文书"):
        yield gap(LINE)


def letter_head(mark: str) -> tuple[str, int]:
    """Mark and first red rule of a letter, and how far above the strokes (twips) they begin."""
    points = _mark_size(mark, _LETTER_MARK)
    below = rule(_THICK, RED, round(_TO_RULE - _BELOW_STROKES * points))
    return _mark(mark, points, below, _WIDER) + _letter_rule(_THIN), round(_ABOVE_STROKES * points * 20)


def letter_foot() -> tuple[str, int]:
    """Second red rule of a letter, thin above thick, and its height."""
    return _letter_rule(_THIN) + _letter_rule(_THICK), 2 * _RULE_LINE + (_THIN + _THICK) * 20 // 8


def _letter_rule(eighths: int) -> str:
    return paragraph("", "Mark", f"{rule(eighths, RED)}{spacing(line=_RULE_LINE)}{_WIDER}")


def _mark(text: str, points: int, border: str = "", indents: str = "") -> str:
    line = spacing(line=round(points * _MARK_LINE * 20))
    return paragraph_of(runs(text, size(2 * points)), "Mark", f"{border}{line}{indents}")


def _mark_size(text: str, largest: int) -> int:
    """Points at which the text fills one line at most."""
    return max(16, min(largest, int(AREA / 20 / max(width(text), 1))))


def _number_over_rule(doc: OfficialDocument, above: int) -> str:
    below = rule(12, RED, round(_TO_RULE - _BELOW_NUMBER))
    line = spacing(before=above, line=LINE)
    if doc.form == "上行文":
        # Both keep one character from the edge; an indent would shorten the rule.
        text = runs(f"　{doc.number}\t签发人：") + runs(doc.signer, '<w:rStyle w:val="Signer"/>')
        return paragraph_of(text, "Number", f"{below}{right_tab(AREA - CHARACTER)}{line}{align('left')}")
    return paragraph(doc.number, "Number", f"{below}{line}")


def _title(doc: OfficialDocument) -> Iterator[str]:
    # Two lines below the red rule or the number; a title that opens the page stands at its top.
    if doc.form in ("文件", "上行文", "信函"):
        yield gap(2 * LINE)
    for line in doc.title:
        yield paragraph(line, "Title")
    if doc.form == "法律文书":
        yield paragraph(doc.number, "Number")
        yield gap(LINE // 2)
    elif doc.form in ("表单", "台账"):
        yield paragraph(doc.number, "Number", align("right")) if doc.number else gap(LINE // 2)
