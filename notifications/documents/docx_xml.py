"""Parts of a document as WordprocessingML text: paragraphs and tables. Every text is made legal and escaped here."""

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from notifications.documents.docx_base import AREA
from notifications.documents.model import BLANK, Cell, Column, FormTable, Span, Table, Text

#: What XML 1.0 cannot hold at all.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANKS = re.compile(f"({BLANK}+)")


def legal(text: str) -> str:
    """The text with □ for what XML cannot hold."""
    return _ILLEGAL.sub("□", text)


def runs(text: Text | str) -> str:
    """The runs of a line."""
    spans = (Span(text),) if isinstance(text, str) else text
    if spans and spans[-1].text.endswith(BLANK):
        spans = (*spans, Span("\u00a0"))  # space at the end of a line would hang over the margin
    return "".join(_run(span) for span in spans if span.text)


def _run(span: Span) -> str:
    style = '<w:rStyle w:val="Strong"/>' if span.strong else ""
    return "".join(
        # Underlined space: strokes of a font rarely join.
        f'<w:r><w:rPr>{style}<w:u w:val="single"/></w:rPr>{_text("　" * len(part))}</w:r>' if part.startswith(BLANK)
        else f"<w:r>{f'<w:rPr>{style}</w:rPr>' if style else ''}{_text(part)}</w:r>"
        for part in _BLANKS.split(span.text) if part
    )  # fmt: skip


def _text(text: str) -> str:
    return "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(legal(part))}</w:t>' for part in text.split("\t"))


def paragraph(text: Text | str, style: str, properties: str = "", *, size: int = 0) -> str:
    """A paragraph; `properties` are further elements of its `w:pPr` in the schema's order, `size` half points."""
    content = runs(text)
    if size:
        content = content.replace("<w:r>", f'<w:r><w:rPr><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>')
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def spacing(*, before: int = 0, line: int) -> str:
    return f'<w:spacing w:before="{before}" w:after="0" w:line="{line}" w:lineRule="exact"/>'


def gap(height: int) -> str:
    """Empty space of a fixed height; unlike space before a paragraph it also counts at the top of a page."""
    return paragraph("", "Normal", f'<w:snapToGrid w:val="0"/>{spacing(line=height)}')


def table(block: Table | FormTable) -> str:
    widths = _widths(block.columns)
    if isinstance(block, FormTable):
        rows = "".join(_form_row(row, widths) for row in block.rows)
    else:
        rows = _row(block.head, block.columns, widths, head=True)
        rows += "".join(_row(row, block.columns, widths) for row in block.rows)
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{AREA}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{sides}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _widths(columns: Sequence[Column]) -> list[int]:
    whole = sum(column.weight for column in columns)
    widths = [AREA * column.weight // whole for column in columns]
    widths[-1] += AREA - sum(widths)
    return widths


def _form_row(row: Iterable[Cell], widths: list[int]) -> str:
    cells, at = [], 0
    for cell in row:
        align = "center" if cell.label else "left"
        cells.append(_cell(cell, sum(widths[at : at + cell.span]), "Cell", align))
        at += cell.span
    return _tr(cells, '<w:trHeight w:val="567" w:hRule="atLeast"/>')


def _row(row: Iterable[Cell], columns: Sequence[Column], widths: list[int], *, head: bool = False) -> str:
    cells, at = [], 0
    for cell in row:
        align = "center" if head else columns[at].align
        strong = Cell(tuple(_strengthened(line) for line in cell.lines), cell.span) if head else cell
        cells.append(_cell(strong, sum(widths[at : at + cell.span]), "ListCell", align))
        at += cell.span
    return _tr(cells, '<w:trHeight w:val="510" w:hRule="atLeast"/>' + ("<w:tblHeader/>" if head else ""))


def _strengthened(line: Text) -> Text:
    return tuple(Span(span.text, strong=True) for span in line)


def _tr(cells: list[str], properties: str) -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(cell: Cell, width: int, style: str, align: str) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    lines = "".join(
        paragraph(tuple(Span(s.text) for s in line) if cell.label else line, style, f'<w:jc w:val="{align}"/>')
        for line in cell.lines
    )
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}<w:vAlign w:val="center"/></w:tcPr>{lines}</w:tc>'
