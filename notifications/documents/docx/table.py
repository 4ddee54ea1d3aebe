"""Tables of a document as WordprocessingML text."""

from collections.abc import Iterable, Iterator, Sequence

from notifications.documents.docx.xml import align, paragraph
from notifications.documents.model import Cell, Column, FormTable, Span, Table, Text

_SIDES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
#: A row with more lines may be cut by the end of a page, for no page might hold it.
_TALL = 20
#: A list with so many columns stands in smaller type, or it would be all line breaks.
_MANY = 10
#: A form with so few rows stays whole.
_FEW = 3


def table(block: Table | FormTable, area: int, *, keep: str = "") -> str:
    """The table in its full width; the head of a list comes again on every page. `keep` is for its last row."""
    widths = _widths(block.columns, area)
    if isinstance(block, FormTable):
        rows = [_form_row(row, widths) for row in block.rows]
    else:
        rows = [_row(block.head, block.columns, widths, head=True)]
        rows += [_row(row, block.columns, widths) for row in block.rows]
    if isinstance(block, FormTable) and len(rows) <= _FEW:
        rows[:-1] = [_kept(row) for row in rows[:-1]]
    if keep:
        rows[-1] = _kept(rows[-1])
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{area}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{_SIDES}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _kept(row: str) -> str:
    """The row, on the same page as what follows it."""
    return row.replace('Cell"/>', 'Cell"/><w:keepNext/>')


def _widths(columns: Sequence[Column], area: int) -> list[int]:
    whole = sum(column.weight for column in columns)
    widths = [area * column.weight // whole for column in columns]
    widths[-1] += area - sum(widths)
    return widths


def _placed(row: Iterable[Cell], widths: list[int]) -> Iterator[tuple[Cell, int, int]]:
    """Every cell with its first column and its width."""
    at = 0
    for cell in row:
        yield cell, at, sum(widths[at : at + cell.span])
        at += cell.span


def _form_row(row: Iterable[Cell], widths: list[int]) -> str:
    cells = (_cell(cell, width, "Cell", "center" if cell.label else "left") for cell, _, width in _placed(row, widths))
    return _tr(row, cells, '<w:trHeight w:val="567" w:hRule="atLeast"/>')


def _row(row: Iterable[Cell], columns: Sequence[Column], widths: list[int], *, head: bool = False) -> str:
    style = "WideListCell" if len(columns) >= _MANY else "ListCell"
    cells = (
        _cell(cell, width, style, "center" if head else columns[at].align, strong=head)
        for cell, at, width in _placed(row, widths)
    )
    return _tr(row, cells, '<w:trHeight w:val="510" w:hRule="atLeast"/>' + ("<w:tblHeader/>" if head else ""))


def _tr(row: Iterable[Cell], cells: Iterable[str], properties: str) -> str:
    whole = "<w:cantSplit/>" if max(len(cell.lines) for cell in row) <= _TALL else ""
    return f"<w:tr><w:trPr>{whole}{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(cell: Cell, width: int, style: str, side: str, *, strong: bool = False) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    lines = "".join(paragraph(_faced(line, cell, strong=strong), style, align(side)) for line in cell.lines)
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}<w:vAlign w:val="center"/></w:tcPr>{lines}</w:tc>'


def _faced(line: Text, cell: Cell, *, strong: bool) -> Text:
    """Titles of a list are strong, the labels of a form are plain."""
    return tuple(Span(span.text, strong=True) for span in line) if strong else (
        tuple(Span(span.text) for span in line) if cell.label else line
    )  # fmt: skip
