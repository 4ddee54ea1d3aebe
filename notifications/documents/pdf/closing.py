"""What stands below the text, as Typst code: 附件说明, signature and date, 版记."""

from collections.abc import Iterator, Sequence

from notifications.documents.model import Annex, Imprint, OfficialDocument
from notifications.documents.pdf.text import IMPRINT, Scribe
from notifications.documents.titles import width

#: A longer name of an organ cannot stand centred over its date.
_CENTRED = 24


def closing(scribe: Scribe, doc: OfficialDocument, line: float) -> str:
    """Signature, date and 附注 in a line of so many characters; empty where there is none of them."""
    scribe.place = "落款"
    parts = []
    if doc.signature.lines:
        parts.append(_signed(scribe, (*doc.signature.lines, *filter(None, [doc.date])), line))
    elif doc.signature.organ:
        parts.append(_sealed(scribe, doc.signature.organ, doc.date))
    if doc.note:
        scribe.place = "附注"
        parts.append(f"par({scribe.text(f'（{doc.note}）')})")
    return "{" + ";".join(parts) + "}" if parts else ""


def _sealed(scribe: Scribe, organ: str, date: str) -> str:
    """The date four characters from the right; further left where the organ over it would stand out of the page."""
    if width(organ) > _CENTRED:
        return f"signed(2, {scribe.text(organ)}, {scribe.text(date)})"
    right = max(4.0, 2 + (width(organ) - width(date)) / 2)
    return f"sealed({scribe.text(organ)}, {scribe.text(date)}, {right})"


def _signed(scribe: Scribe, lines: Sequence[str], line: float) -> str:
    """Lines that a person signs, in the right half of the page as far as they fit."""
    left = max(2.0, min(line - 16, line - 1 - max(width(text) for text in lines)))
    return f"signed({left:.1f}, {', '.join(scribe.text(text, width=line - left) for text in lines)})"


def annex_names(scribe: Scribe, annexes: Sequence[Annex], end: str) -> Iterator[str]:
    """附件说明, numbered where there are several; `end` goes with the last name."""
    scribe.place = "附件说明"
    wide = 0 if len(annexes) == 1 else 1 if len(annexes) < 10 else 1.5
    for n, annex in enumerate(annexes, 1):
        label = scribe.plain("附件：" if n == 1 else "", "仿宋")
        number = scribe.plain(f"{n}." if wide else "", "仿宋")
        first, last = "true" if n == 1 else "false", (end or "none") if n == len(annexes) else "none"
        yield f"annex-name({label}, {number}, {scribe.text(annex.title, width=20)}, {first}, {wide} * char, {last})"


def imprint(scribe: Scribe, given: Imprint, *, rules: bool) -> str:
    """版记; a letter's has neither rules nor the organ that prints it."""
    rows = []
    if given.copies_to:
        scribe.plain("抄送：", "仿宋")
        rows.append(f"copies-to({scribe.text(given.copies_to.rstrip('。') + '。', kind=IMPRINT)})")
    if given.issuer and rules:
        rows.append(
            f"printed({scribe.text(given.issuer, width=20, kind=IMPRINT)}, {scribe.text(f'{given.printed_on}印发', kind=IMPRINT)})"
        )
    return f"imprint({', '.join(['true' if rules else 'false', *rows])})" if rows else "empty(0)"
