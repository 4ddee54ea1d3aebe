"""Where a text stands in a document, in the words of the person who has to find it."""

from collections.abc import Iterator
from dataclasses import dataclass

from notifications.documents.model import Block, FormTable, NumberedItem, OfficialDocument, Table, Text


@dataclass(frozen=True, slots=True)
class WordingProblem:
    """One thing that is wrong: where it stands, and a sentence that says what to do."""

    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}：{self.sentence}"


def places(doc: OfficialDocument) -> Iterator[tuple[str, str]]:
    """Every text of a document with its place, in the order of the paper."""
    head = (("发文字号", doc.number), ("签发人", doc.signer), ("标题", "".join(doc.title)), ("主送机关", doc.addressee))
    yield from ((place, text) for place, text in head if text)
    yield from _blocks(doc.blocks, "正文")
    yield from (("落款", line) for line in (doc.signature.organ, *doc.signature.lines, doc.date) if line)
    if doc.note:
        yield "附注", doc.note
    yield from _blocks(doc.tail, "签收栏")
    for n, annex in enumerate(doc.annexes, 1):
        place = f"附件{n}" if len(doc.annexes) > 1 else "附件"
        yield f"{place}标题", annex.title
        yield from _blocks(annex.blocks, place)
    if doc.imprint and doc.imprint.copies_to:
        yield "抄送", doc.imprint.copies_to


def _blocks(blocks: tuple[Block, ...], where: str) -> Iterator[tuple[str, str]]:
    tables = 0
    for n, block in enumerate(blocks, 1):
        if isinstance(block, Table | FormTable):
            tables += 1
            table = (
                f"{where}表格" if sum(isinstance(b, Table | FormTable) for b in blocks) == 1 else f"{where}表格{tables}"
            )
            yield from _cells(block, table)
        else:
            yield f"{where}第{n}段", _plain(block.text)


def _cells(table: Table | FormTable, where: str) -> Iterator[tuple[str, str]]:
    rows = (table.head, *table.rows) if isinstance(table, Table) else table.rows
    for n, row in enumerate(rows, 1):
        for cell in row:
            yield from ((f"{where}第{n}行", text) for line in cell.lines if (text := _plain(line)))


def _texts(block: Block) -> Iterator[str]:
    if isinstance(block, Table | FormTable):
        yield from (text for _, text in _cells(block, ""))
    else:
        yield _plain(block.text)


def _plain(text: Text) -> str:
    return text[0].text if len(text) == 1 else "".join(span.text for span in text)


def body_text(doc: OfficialDocument) -> str:
    """What the document says, without its head and signature."""
    blocks = (*doc.blocks, *doc.tail, *(block for annex in doc.annexes for block in annex.blocks))
    return "\n".join([text for block in blocks for text in _texts(block)])


def last_line(doc: OfficialDocument) -> str:
    """The last paragraph before the signature."""
    texts = [_plain(b.text) for b in doc.blocks if not isinstance(b, Table | FormTable | NumberedItem)]
    return texts[-1] if texts else ""
