"""An official document as parts and text, without a word about paper, fonts or file formats.

Writers (.docx, later PDF) decide how each part is drawn; GB/T 9704-2012 names the parts.
"""

from dataclasses import dataclass
from typing import Literal

from states.documents import Form

#: One character's width of a line that is filled in by hand. A private character, so that no text means it by chance.
BLANK = "\ue001"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one line; strong text is drawn in the heading face."""

    text: str
    strong: bool = False


Text = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 is 一、, 2 is （一）, 3 is 1., 4 is （1）; the number stands in the text."""

    level: Literal[1, 2, 3, 4]
    text: Text


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Text


@dataclass(frozen=True, slots=True)
class NumberedItem:
    """A promise, demand or item with its number (`1.`, or `（1）` inside another)."""

    label: str
    text: Text


Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Column:
    #: Share of the table's width.
    weight: int
    align: Align


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; an empty line leaves room for handwriting."""

    lines: tuple[Text, ...]
    #: Columns that it covers.
    span: int = 1
    #: Names what stands beside it.
    label: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head, which is repeated on every page."""

    columns: tuple[Column, ...]
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class FormTable:
    """Labels and the room beside them."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


Block = Heading | Paragraph | NumberedItem | Table | FormTable


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex; without blocks it is a separate paper and only named (附件说明)."""

    title: str
    blocks: tuple[Block, ...] = ()
    #: Drawn across the paper: a wide table. The page number stays where it is on the other pages.
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """Who answers for the document: an organ under its seal, and lines that a person signs."""

    organ: str = ""
    #: `法定代表人（签字）：＿＿＿＿`, second party first signed line, in the order of the paper.
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imprint:
    """版记."""

    copies_to: str = ""
    issuer: str = ""
    printed_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialDocument:
    """Everything that stands on the paper, in the order of the paper."""

    #: Identifier of its kind, as in `states.documents`.
    kind: str
    form: Form
    #: 发文机关标志; empty for a holder's own paper.
    mark: str = ""
    #: 发文字号, or a blank while it is not yet given.
    number: str = ""
    #: 签发人, only on papers to a superior organ.
    signer: str = ""
    title: tuple[str, ...]
    addressee: str = ""
    blocks: tuple[Block, ...] = ()
    annexes: tuple[Annex, ...] = ()
    signature: Signature = Signature()
    #: 成文日期 in Chinese form, or a blank.
    date: str = ""
    #: 附注, without its brackets.
    note: str = ""
    #: What stands below the signature, such as the receipt that the addressee signs.
    tail: tuple[Block, ...] = ()
    imprint: Imprint | None = None
    #: Originals that are made out.
    copies: int = 1
    #: The whole document lies across the paper (台账).
    landscape: bool = False
    #: Short code in the foot of every page that names the record; empty on a paper that is not issued.
    check_code: str = ""
