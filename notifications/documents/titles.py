"""Where a long title breaks: at the places its template allows, into lines of like length (GB/T 9704 7.3.1)."""

from itertools import product

#: Characters of 22 pt in a line of 156 mm, less one for the eye.
_WIDTH = 19
#: With more pieces than this, every piece is a line: trying all breaks would take too long.
_SEARCHED = 12


def width(text: str) -> float:
    """In Chinese characters; letters and digits take half of one."""
    return sum(0.5 if char.isascii() else 1.0 for char in text)


def title_lines(parts: list[str]) -> tuple[str, ...]:
    """The lines of a title whose parts should stay whole."""
    pieces = [piece for part in parts if part for piece in _pieces(part)]
    if len(pieces) > _SEARCHED:
        return tuple(pieces)
    best: tuple[tuple[int, float], tuple[str, ...]] | None = None
    for breaks in product((False, True), repeat=max(len(pieces) - 1, 0)):
        lines = _joined(pieces, breaks)
        widths = [width(line) for line in lines]
        if max(widths, default=0) > _WIDTH:
            continue
        cost = (len(lines), max(widths, default=0) - min(widths, default=0))
        if best is None or cost < best[0]:
            best = (cost, lines)
    return best[1] if best else ()


def _pieces(part: str) -> list[str]:
    """A part that is longer than a line, cut into pieces of like length."""
    share = width(part) / -(-width(part) // _WIDTH)
    pieces = [""]
    for char in part:
        if width(pieces[-1]) >= share or width(pieces[-1] + char) > _WIDTH:
            pieces.append("")
        pieces[-1] += char
    return pieces


def _joined(pieces: list[str], breaks: tuple[bool, ...]) -> tuple[str, ...]:
    lines = pieces[:1]
    for piece, broken in zip(pieces[1:], breaks, strict=True):
        if broken:
            lines.append(piece)
        else:
            lines[-1] += piece
    return tuple(lines)
