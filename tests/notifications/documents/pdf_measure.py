"""Measures a PDF: lengths in mm from the upper left corner of the page, sizes and strokes in points."""

import io
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pdfplumber
from pdfplumber.page import Page

_MM = 25.4 / 72
#: Height of the em box of Chinese type above and below the base line.
_ASCENT, _DESCENT = 0.88, 0.12


@dataclass(frozen=True, slots=True)
class Line:
    """Characters on one base line without a gap of more than two characters; `turned` text runs downwards."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    #: Base line: distance from the top of the page, of turned text from its left edge.
    base: float
    #: Points.
    size: float
    #: Like `#FF0000`.
    colour: str
    font: str
    turned: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight stroke or a thin rectangle."""

    x0: float
    x1: float
    top: float
    bottom: float
    #: Points.
    thickness: float
    colour: str
    across: bool

    @property
    def y(self) -> float:
        """Middle of a rule that runs across."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class _Char:
    text: str
    #: Along and across the direction of the text, in mm.
    start: float
    end: float
    base: float
    size: float
    colour: str
    font: str
    turned: bool


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of every page."""
    with pdfplumber.open(io.BytesIO(pdf)) as file:
        return [(round(float(page.width) * _MM, 1), round(float(page.height) * _MM, 1)) for page in file.pages]


def metadata(pdf: bytes) -> dict[str, Any]:
    with pdfplumber.open(io.BytesIO(pdf)) as file:
        return dict(file.metadata)


def lines(pdf: bytes, number: int = 1) -> list[Line]:
    """The lines of a page (the first is 1), from top to bottom and from left to right."""
    with pdfplumber.open(io.BytesIO(pdf)) as file:
        page = file.pages[number - 1]
        chars = [_char(found, page) for found in page.chars if found["text"]]
    rows: dict[tuple[bool, int], list[_Char]] = {}
    for char in sorted(chars, key=lambda c: (c.turned, c.base)):
        last = next(reversed(rows), None)
        if last and last[0] == char.turned and abs(rows[last][0].base - char.base) < 0.3:
            rows[last].append(char)
        else:
            rows[char.turned, len(rows)] = [char]
    found_lines = [_line(part) for row in rows.values() for part in _parts(row)]
    return sorted((line for line in found_lines if line.text.strip()), key=lambda line: (round(line.top), line.x0))


def text(pdf: bytes) -> str:
    """All text in the order in which the file holds it."""
    with pdfplumber.open(io.BytesIO(pdf)) as file:
        return "".join(char["text"] for page in file.pages for char in page.chars)


def _char(found: dict[str, Any], page: Page) -> _Char:
    a, b, _, _, e, f = found["matrix"]
    turned = abs(b) > abs(a)
    start, end = (found["top"], found["bottom"]) if turned else (found["x0"], found["x1"])
    size = found["width"] if turned else found["height"]
    base = e if turned else float(page.height) - f
    return _Char(
        found["text"], start * _MM, end * _MM, base * _MM, round(size, 2), _colour(found["non_stroking_color"]),
        found["fontname"].rpartition("+")[2], turned,
    )  # fmt: skip


def _parts(row: list[_Char]) -> Iterator[list[_Char]]:
    """A row cut at gaps wider than two characters; spaces fill no gap."""
    part: list[_Char] = []
    for char in sorted(row, key=lambda c: c.start):
        if part and char.start - part[-1].end > 2 * char.size * _MM:
            yield part
            part = []
        if part or not char.text.isspace():
            part.append(char)
    if part:
        yield part


def _line(part: list[_Char]) -> Line:
    while len(part) > 1 and part[-1].text.isspace():
        part = part[:-1]
    size, colour, font = (
        Counter(getattr(char, name) for char in part).most_common(1)[0][0] for name in ("size", "colour", "font")
    )
    start, end, base, turned = part[0].start, part[-1].end, part[0].base, part[0].turned
    above, below = size * _ASCENT * _MM, size * _DESCENT * _MM
    # Turned clockwise, the upper side of a character looks to the right.
    box = (base - below, base + above, start, end) if turned else (start, end, base - above, base + below)
    return Line("".join(char.text for char in part), *box, base, size, colour, font, turned)


def rules(pdf: bytes, number: int = 1) -> list[Rule]:
    """Strokes and thin rectangles of a page, from top to bottom and from left to right."""
    with pdfplumber.open(io.BytesIO(pdf)) as file:
        page = file.pages[number - 1]
        found = [rule for drawn in (*page.lines, *page.rects, *page.curves) for rule in _rules(drawn)]
    return sorted(found, key=lambda rule: (round(rule.top, 1), rule.x0))


def _rules(drawn: dict[str, Any]) -> Iterator[Rule]:
    x0, x1, top, bottom = drawn["x0"], drawn["x1"], drawn["top"], drawn["bottom"]
    stroked = drawn["stroke"]
    wide, high = x1 - x0, bottom - top
    if min(wide, high) > 6:
        corners = [(x0, x1, top, top), (x0, x1, bottom, bottom), (x0, x0, top, bottom), (x1, x1, top, bottom)]
        edges = corners if stroked else []
    else:
        edges = [(x0, x1, top, bottom)]
    # A file that names no width means one point.
    thickness = (drawn["linewidth"] or 1) if stroked else min(wide, high)
    colour = _colour(drawn["stroking_color"] if stroked else drawn["non_stroking_color"])
    for left, right, upper, lower in edges:
        sides = (side * _MM for side in (left, right, upper, lower))
        yield Rule(*sides, thickness=round(thickness, 3), colour=colour, across=right - left > lower - upper)


def _colour(value: Any) -> str:
    """Grey, RGB or CMYK as `#RRGGBB`."""
    parts = [float(part) for part in (value if isinstance(value, list | tuple) else [value or 0])]
    if len(parts) == 4:
        parts = [(1 - part) * (1 - parts[3]) for part in parts[:3]]
    if len(parts) == 1:
        parts *= 3
    return "#" + "".join(f"{math.floor(part * 255 + 0.5):02X}" for part in parts)


def ink(pdf: bytes, number: int, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """What is really printed inside x0, x1, top, bottom: the same four figures, read from the page as a picture."""
    resolution = 300
    with pdfplumber.open(io.BytesIO(pdf)) as file:
        picture = file.pages[number - 1].to_image(resolution=resolution).original.convert("L")
    dot = 25.4 / resolution
    x0, x1, top, bottom = (round(side / dot) for side in box)
    found = picture.crop((x0, top, x1, bottom)).point(lambda shade: 255 if shade < 200 else 0).getbbox()
    assert found, "这一块纸面上什么也没有印出来。"
    left, upper, right, lower = found
    return (x0 + left) * dot, (x0 + right) * dot, (top + upper) * dot, (top + lower) * dot
