"""Paragraphs and tables as Typst code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from notifications.documents.model import (
    Block,
    Cell,
    Column,
    FormTable,
    Heading,
    NumberedItem,
    Paragraph,
    Span,
    Table,
    Text,
)
from notifications.documents.pdf.fonts import Role
from notifications.documents.pdf.text import FORM, LINE, LIST, Scribe

#: Width of the text area on a sheet that lies across, in characters of the text.
ACROSS = LINE * 225 / 156
#: Faces of 一、, （一）, 1. and （1）.
_FACES: tuple[Role, ...] = ("黑体", "楷体", "仿宋", "仿宋")
#: Points of table text, and of a list with so many columns that it would be all line breaks.
_SIZE, _SMALL, _MANY = 12, 10.5, 10
#: A row with more lines may be cut by the end of a page, for no page might hold it.
_TALL = 20
#: A row with more lines lets the signature go alone: both might not find room on one page.
_HELD = 8
Row = tuple[Cell, ...]


def blocks(scribe: Scribe, given: Sequence[Block], place: str, closing: str = "", line: float = LINE) -> Iterator[str]:
    """Blocks in their order; the last one keeps `closing` with it, so that no signature stands alone on a page."""
    for n, block in enumerate(given, 1):
        scribe.place = f"{place}第{n}段"
        last = closing if n == len(given) else ""
        if isinstance(block, Heading):
            yield f"heading(level: {block.level}, {scribe.text(block.text, _FACES[block.level - 1], line)})"
        elif isinstance(block, Paragraph | NumberedItem):
            text = scribe.text(_numbered(block), width=line)
            yield f"kept({text}, {last})" if last else f"par({text})"
            continue
        else:
            yield "v(6pt)"
            grid, rows = _Grid.of(scribe, block, line), block.rows
            held = bool(last and rows and grid.lines(rows[-1]) <= _HELD)
            yield grid.drawn(block, last if held else "")
            yield "v(6pt)"
            if held:
                continue
        if last:
            yield f"together({last})"


def _numbered(block: Paragraph | NumberedItem) -> Text:
    """The text with its number; in one piece where both stand in the same face."""
    if isinstance(block, Paragraph):
        return block.text
    if block.text and not block.text[0].strong:
        return (Span(block.label + block.text[0].text), *block.text[1:])
    return (Span(block.label), *block.text)


@dataclass(frozen=True, slots=True)
class _Grid:
    """The columns of a table."""

    scribe: Scribe
    columns: Sequence[Column]
    #: Characters of table text that each column holds.
    room: tuple[float, ...]
    #: A form has labels beside the room that they name, a list has a head.
    form: bool
    size: float

    @classmethod
    def of(cls, scribe: Scribe, block: Table | FormTable, line: float) -> "_Grid":
        points = line * 156 / LINE * 72 / 25.4
        whole = sum(column.weight for column in block.columns)
        form = isinstance(block, FormTable)
        size = _SMALL if not form and len(block.columns) >= _MANY else _SIZE
        # Less than a character stands free at both sides of a cell.
        room = tuple(points * column.weight / whole / size - 1 for column in block.columns)
        return cls(scribe, block.columns, room, form, size)

    def drawn(self, block: Table | FormTable, closing: str) -> str:
        """The table; where a signature follows, it goes with the last row."""
        weights = "(" + "".join(f"{column.weight}," for column in self.columns) + ")"
        cells = []
        for n, row in enumerate(block.rows, 1):
            cells += [*self._row(row, strong=False), *self._tie(closing, 2 if n == len(block.rows) else 1)]
        end = f"{len(self.columns)}, {closing}" if closing else "0, none"
        if isinstance(block, FormTable):
            return f"form({', '.join([weights, end, *cells])})"
        head = "".join(f"{cell}," for cell in [*self._row(block.head, strong=True), *self._tie(closing, 1)])
        return f"listing({', '.join([weights, end, f'{self.size}pt', f'({head})', *cells])})"

    @staticmethod
    def _tie(closing: str, rows: int) -> list[str]:
        return [f"tie({rows})"] if closing else []

    def _row(self, row: Row, *, strong: bool) -> Iterator[str]:
        whole = "true" if self.lines(row) <= _TALL else "false"
        for at, room, cell in self._places(row):
            centred = strong or (self.form and cell.label)
            side = "center" if centred else "left" if self.form else self.columns[at].align
            lines = [
                # The labels of a form are plain, the titles of a list are not.
                tuple(Span(span.text, strong or (span.strong and not cell.label)) for span in line)
                for line in cell.lines
            ]
            texts = [self.scribe.text(line, width=room, kind=FORM if self.form else LIST) for line in lines]
            yield f"cell({', '.join([str(cell.span), side, whole, *texts])})"

    def lines(self, row: Row) -> int:
        """Lines that the row takes at most."""
        return max(_lines(cell, room) for _, room, cell in self._places(row))

    def _places(self, row: Row) -> Iterator[tuple[int, float, Cell]]:
        """Every cell with its first column and the characters that a line of it holds."""
        at = 0
        for cell in row:
            yield at, sum(self.room[at : at + cell.span]), cell
            at += cell.span


def _lines(cell: Cell, room: float) -> int:
    """Lines that a cell takes at most."""
    return sum(ceil(sum(len(span.text) for span in line) / max(room, 1)) or 1 for line in cell.lines)
