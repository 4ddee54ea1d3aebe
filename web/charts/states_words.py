"""How wide words are and where they break, without a font at hand: a Chinese character is one em."""

import unicodedata
from math import ceil
from xml.sax.saxutils import escape

#: Characters that must not begin a line, and those that must not end one.
_NOT_FIRST = "，、；：。！？）)】》〉”…"
_NOT_LAST = "（(【《〈“"


def ems(text: str) -> float:
    """Width in ems; on the wide side for letters and digits."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.62 for char in text)


def wrap(text: str, limit: float) -> tuple[str, ...]:
    """As few lines of at most `limit` ems as possible, of about the same length."""
    for count in range(max(1, ceil(ems(text) / limit - 0.001)), len(text) + 1):
        width = ems(text) / count
        # A little more room at a time, until the words fit into so many lines.
        while width < limit:
            if len(lines := _fill(text, width)) <= count:
                return lines
            width += 0.2
        if len(lines := _fill(text, limit)) <= count:
            return lines
    return _fill(text, limit)


def _fill(text: str, width: float) -> tuple[str, ...]:
    lines, line = [], ""
    for piece in _pieces(text):
        if line and ems(line + piece) > width + 0.001:
            lines.append(line)
            line = ""
        line += piece
    return (*lines, line) if line else tuple(lines)


def _pieces(text: str) -> list[str]:
    """What stays together: a number, a word, a character with its punctuation."""
    pieces: list[str] = []
    for char in text:
        joined = pieces and (
            char in _NOT_FIRST
            or pieces[-1][-1] in _NOT_LAST
            or (char.isascii() and char.isalnum() and pieces[-1][-1].isascii() and pieces[-1][-1].isalnum())
        )
        if joined:
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def xml(text: object) -> str:
    """Safe inside an element or a quoted attribute."""
    return escape(str(text), {'"': "&quot;"})
