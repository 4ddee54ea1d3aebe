"""Paragraphs of a document as WordprocessingML text. Every text is made legal and escaped here."""

import re
from functools import lru_cache
from xml.sax.saxutils import escape

from notifications.documents.model import BLANK, Span, Text

#: What XML 1.0 cannot hold at all.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANKS = re.compile(f"({BLANK}+)")
_STRONG = '<w:rStyle w:val="Strong"/>'
_UNDERLINED = '<w:u w:val="single"/>'


def legal(text: str) -> str:
    """The text with □ for what XML cannot hold."""
    return _ILLEGAL.sub("□", text)


def runs(text: Text | str, properties: str = "") -> str:
    """The runs of a line; `properties` are elements of their `w:rPr`."""
    spans = (Span(text),) if isinstance(text, str) else text
    if spans and spans[-1].text.endswith(BLANK):
        spans = (*spans, Span("\u00a0"))  # space at the end of a line would hang over the margin
    return "".join(_run(span, (_STRONG if span.strong else "") + properties) for span in spans if span.text)


def _run(span: Span, properties: str) -> str:
    return "".join(
        # Underlined space: strokes of a font rarely join.
        f"<w:r><w:rPr>{properties}{_UNDERLINED}</w:rPr>{_text('　' * len(part))}</w:r>" if part.startswith(BLANK)
        else f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{_text(part)}</w:r>"
        for part in _BLANKS.split(span.text) if part
    )  # fmt: skip


def _text(text: str) -> str:
    return "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(legal(part))}</w:t>' for part in text.split("\t"))


def size(half_points: int) -> str:
    """Property of runs."""
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


@lru_cache(maxsize=1024)
def paragraph(text: Text | str, style: str, properties: str = "") -> str:
    """A paragraph of text; most paragraphs of a kind stand in every paper of it, and are written once."""
    return paragraph_of(runs(text), style, properties)


def paragraph_of(content: str, style: str, properties: str = "") -> str:
    """A paragraph of runs; `properties` are further elements of its `w:pPr` in the schema's order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def spacing(*, before: int = 0, after: int = 0, line: int) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="exact"/>'


def indent(left: float = 0, right: float = 0) -> str:
    return f'<w:ind w:left="{round(left)}" w:right="{round(right)}"/>'


def right_tab(position: int) -> str:
    return f'<w:tabs><w:tab w:val="right" w:pos="{position}"/></w:tabs>'


def align(side: str) -> str:
    return f'<w:jc w:val="{side}"/>'


def rule(eighths: int, color: str, space: int = 0) -> str:
    """A rule `space` points below a paragraph, `eighths` of a point thick."""
    return f'<w:pBdr><w:bottom w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{color}"/></w:pBdr>'


def gap(height: int, properties: str = "") -> str:
    """Empty space of a fixed height; unlike space before a paragraph it also counts at the top of a page."""
    return paragraph("", "Normal", f'{properties}<w:snapToGrid w:val="0"/>{spacing(line=height)}')
