"""Blocks whose values are still in disguise, with the values in plain sight."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from notifications.documents.model import Annex, Block, Cell, FormTable, Span, Table, Text
from notifications.documents.values import veiled

Reveal = Callable[[str], str]


def revealed(blocks: Iterable[Block], reveal: Reveal) -> list[Block]:
    """The blocks with what `reveal` makes of their texts; a block without values stays the same object."""
    return [_block(block, reveal) for block in blocks]


def annex(given: Annex, reveal: Reveal) -> Annex:
    return replace(given, title=reveal(given.title).strip(), blocks=tuple(revealed(given.blocks, reveal)))


def _block(block: Block, reveal: Reveal) -> Block:
    if isinstance(block, Table):
        return Table(block.columns, _row(block.head, reveal), tuple(_row(row, reveal) for row in block.rows))
    if isinstance(block, FormTable):
        return FormTable(block.columns, tuple(_row(row, reveal) for row in block.rows))
    text = _text(block.text, reveal)
    return block if text is block.text else replace(block, text=text)


def _row(row: tuple[Cell, ...], reveal: Reveal) -> tuple[Cell, ...]:
    return tuple(Cell(tuple(_text(line, reveal) for line in cell.lines), cell.span, cell.label) for cell in row)


def _text(text: Text, reveal: Reveal) -> Text:
    for span in text:
        if veiled(span.text):
            return tuple([Span(reveal(span.text), span.strong) for span in text])
    return text
