"""Text as Typst code: always inside a string literal, so that nothing in a name can be a command."""

import re
import unicodedata
from functools import lru_cache

from notifications.documents.model import BLANK, Span, Text
from notifications.documents.pdf.fonts import Piece, Role
from states.fields import printable

#: Characters in a line of the text.
LINE = 28
#: Width of a character, size and height of a line, as the frame takes them for room that is left for handwriting.
TEXT, TITLE, FORM, LIST, IMPRINT = (
    "char, 16pt, pitch", "22pt, 22pt, 35pt", "12pt, 12pt, 19pt", "12pt, 12pt, 18pt", "14pt, 14pt, pitch",
)  # fmt: skip

#: What a string literal cannot hold as it is.
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"'})
_BLANKS = re.compile(f"({BLANK}+)")
#: Neither a Chinese character nor space: no line ends behind it. A stop or bracket may forbid it, too.
_UNBROKEN = r"[^\s\u2e80-\u2fff\u3003-\u3007\u3021-\ud7ff\uf900-\ufaff\uff66-\uffef\U00020000-\U0003ffff]"


def literal(text: str) -> str:
    """A string of Typst."""
    return f'"{text.translate(_ESCAPED)}"'


class Scribe:
    """Writes text as Typst code and remembers which text stands where, in which face."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        #: What the reader would call the part that is being written.
        self.place = ""

    def text(self, text: Text | str, role: Role = "仿宋", width: float = LINE, kind: str = TEXT) -> str:
        """A line of text as one expression, for a room `width` characters wide."""
        code, drawn = _line(text, role, max(int(width), 2), kind)
        self.pieces += [Piece(self.place, face, part) for face, part in drawn]
        return code

    def plain(self, text: str, role: Role) -> str:
        """A line of text as a string: what stands on one line, or is broken by its maker."""
        text = visible(text)
        self.pieces.append(Piece(self.place, role, text))
        return literal(text)


@lru_cache(maxsize=1024)
def _line(text: Text | str, role: Role, width: int, kind: str) -> tuple[str, tuple[tuple[Role, str], ...]]:
    """A line as code, and what it draws in which face; most lines of a kind stand in every paper of it."""
    spans = (Span(text),) if isinstance(text, str) else text
    parts: list[str] = []
    drawn: list[tuple[Role, str]] = []
    for span in spans:
        if span.text:
            face: Role = "黑体" if span.strong else role
            code, texts = _span(span, width, kind)
            parts += code
            drawn += [(face, part) for part in texts]
    return (parts[0] if len(parts) == 1 else "{" + ";".join(parts) + "}" if parts else '""'), tuple(drawn)


def _span(span: Span, width: int, kind: str) -> tuple[list[str], list[str]]:
    """A stretch of a line as code, and the texts in it."""
    parts: list[str] = []
    texts: list[str] = []
    for n, part in enumerate(_BLANKS.split(span.text)):
        if n % 2:
            parts.append(f"blank({min(len(part), max(width - 2, 1))}, {kind})")
        elif part:
            texts.append(visible(part))
            parts += _breakable(texts[-1], width)
    return (["hei({" + ";".join(parts) + "})"] if span.strong else parts), texts


def visible(text: str) -> str:
    """What cannot be seen is drawn as □."""
    return printable(text).replace("\t", " ")


def _breakable(text: str, width: int) -> list[str]:
    """Literals; a word that no line could hold is drawn in boxes, between which a line may end."""
    if len(text) < width:
        return [literal(text)]
    parts: list[str] = []
    for n, part in enumerate(re.split(f"({_UNBROKEN}{{{width},}})", text)):
        if n % 2 and sum(map(_wide, part)) > width:
            parts += [f"box({literal(cluster)})" for cluster in _clusters(part)]
        elif part:
            parts.append(literal(part))
    return parts


def _wide(char: str) -> float:
    """Width of a character at most, where a Chinese one is 1."""
    return 0.6 if char.isdigit() or char.islower() else 1


def _clusters(word: str) -> list[str]:
    """Characters, each with the marks that are set upon it."""
    clusters: list[str] = []
    for char in word:
        if clusters and unicodedata.category(char) in ("Mn", "Me", "Mc", "Sk"):
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters
