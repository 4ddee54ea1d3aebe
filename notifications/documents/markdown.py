"""Rendered template text (light Markdown) as blocks of a document.

`#` to `####` are headings, `1.` numbered items, `***` starts what stands below the signature, `#####` an annex,
which lies across the paper when its title ends with `{横}`.
A table whose first cell is strong is a form: strong cells are its labels, a cell `<` continues the one to its left.
The dashes of the line under a table's first row give the widths of its columns.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from notifications.documents.errors import BadTemplate
from notifications.documents.filters import BREAK
from notifications.documents.model import (
    Align,
    Annex,
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
from notifications.documents.reveal import Reveal, annex, revealed
from notifications.documents.values import fill, shaped, unveil

_ANNEX_LEVEL = 5
#: A text with more values is a list of its own length: no other has its shape.
_MANY = 200
_ACROSS = "{横}"


@dataclass(slots=True)
class Body:
    """What stands above the signature, below it, and in annexes."""

    blocks: list[Block] = field(default_factory=list)
    tail: list[Block] = field(default_factory=list)
    annexes: list[Annex] = field(default_factory=list)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("zero").enable(["heading", "list", "table", "hr", "emphasis", "escape", "newline"])


def parse(source: str) -> Body:
    """The parts of a body. Raises BadTemplate for Markdown that documents do not use."""
    shape, values = shaped(source)
    if len(values) > _MANY:
        return _revealed(_parts(source), unveil)
    return _revealed(_shape(shape), partial(fill, values=values))


@lru_cache(maxsize=128)
def _shape(source: str) -> Body:
    """Values in disguise mean nothing to Markdown, so papers that differ in them alone are read once."""
    return _parts(source)


def _revealed(body: Body, reveal: Reveal) -> Body:
    return Body(
        revealed(body.blocks, reveal), revealed(body.tail, reveal), [annex(given, reveal) for given in body.annexes]
    )


def _parts(source: str) -> Body:
    body = Body()
    target = body.blocks
    for node in SyntaxTreeNode(_parser().parse(source)).children:
        if node.type == "hr":
            target = body.tail
        elif node.type == "heading" and _level(node) == _ANNEX_LEVEL:
            target = []
            body.annexes.append(_annex(node))
        else:
            target.extend(_blocks(node, source))
        if body.annexes and target is not body.tail:
            body.annexes[-1] = replace(body.annexes[-1], blocks=tuple(target))
    return body


def _annex(node: SyntaxTreeNode) -> Annex:
    # Asked of the text in disguise: no value can turn the paper.
    across = node.children[0].content.rstrip().endswith(_ACROSS) if node.children else False
    title = _plain(node).strip()
    return Annex(title.removesuffix(_ACROSS).rstrip() if across else title, landscape=across)


def _level(node: SyntaxTreeNode) -> int:
    return int(node.tag[1:])


def _heading_level(node: SyntaxTreeNode) -> Literal[1, 2, 3, 4]:
    match _level(node):
        case 1 | 2 | 3 | 4 as level:
            return level
        case _:
            raise _unknown(node)


def _blocks(node: SyntaxTreeNode, source: str, depth: int = 0) -> Iterator[Block]:
    if node.type == "heading":
        yield Heading(_heading_level(node), _line(node))
    elif node.type == "paragraph":
        yield Paragraph(_line(node))
    elif node.type == "ordered_list" and depth < 2:
        yield from _items(node, source, depth)
    elif node.type == "table":
        yield _table(node, source)
    else:
        raise _unknown(node)


def _unknown(node: SyntaxTreeNode) -> BadTemplate:
    line = node.map[0] + 1 if node.map else 0
    return BadTemplate(f"模板正文第 {line} 行用了公文不用的格式（{node.type}），请改为段落、标题、编号或表格。")


def _items(node: SyntaxTreeNode, source: str, depth: int) -> Iterator[Block]:
    first = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, first):
        label = f"（{number}）" if depth else f"{number}."
        for child in item.children:
            if child.type == "paragraph" and child is item.children[0]:
                yield NumberedItem(label, _line(child))
            else:
                yield from _blocks(child, source, depth + 1)


def _table(node: SyntaxTreeNode, source: str) -> Table | FormTable:
    rows = [row for part in node.children for row in part.children]
    columns = _columns(node, rows[0], source)
    first, *rest = [tuple(_cells(row)) for row in rows]
    if first[0].label:
        return FormTable(columns, (first, *rest))
    return Table(columns, first, tuple(rest))


def _columns(node: SyntaxTreeNode, head: SyntaxTreeNode, source: str) -> tuple[Column, ...]:
    assert node.map is not None  # block tokens know their lines
    dashes = [part.count("-") for part in source.splitlines()[node.map[0] + 1].strip().strip("|").split("|")]
    return tuple(Column(weight, _align(cell)) for weight, cell in zip(dashes, head.children, strict=True))


def _align(cell: SyntaxTreeNode) -> Align:
    style = str(cell.attrs.get("style", ""))
    return "center" if "center" in style else "right" if "right" in style else "left"


def _cells(row: SyntaxTreeNode) -> Iterator[Cell]:
    pending: Cell | None = None
    for node in row.children:
        content = node.children[0].content if node.children else ""
        if content == "<" and pending:
            pending = Cell(pending.lines, pending.span + 1, pending.label)
            continue
        if pending:
            yield pending
        lines = _lines(node)
        pending = Cell(lines, 1, bool(lines[0]) and all(span.strong for line in lines for span in line))
    if pending:
        yield pending


def _plain(node: SyntaxTreeNode) -> str:
    return "".join(span.text for span in _line(node))


def _line(node: SyntaxTreeNode) -> Text:
    return tuple(span for line in _lines(node) for span in line)


def _lines(node: SyntaxTreeNode) -> tuple[Text, ...]:
    """The text of a block, cut where a template broke the line."""
    lines: list[list[Span]] = [[]]
    for text, strong in _stretches(node, strong=False):
        for n, part in enumerate(text.split(BREAK)):
            if n:
                lines.append([])
            if part:
                lines[-1].append(Span(part, strong))
    return tuple(_joined(line) for line in lines)


def _stretches(node: SyntaxTreeNode, *, strong: bool) -> Iterator[tuple[str, bool]]:
    for child in node.children:
        if child.type == "text":
            yield child.content, strong
        elif child.type in ("inline", "strong"):
            yield from _stretches(child, strong=strong or child.type == "strong")
        elif child.type not in ("softbreak", "hardbreak"):  # Chinese needs no space where a source line ends
            raise _unknown(child)


def _joined(spans: list[Span]) -> Text:
    """Neighbours of the same kind as one span."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].strong == span.strong:
            joined[-1] = Span(joined[-1].text + span.text, span.strong)
        else:
            joined.append(span)
    return tuple(joined)
