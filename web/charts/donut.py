"""A ring of parts, drawn as SVG. The numbers stand in a table beside it."""

from collections.abc import Sequence
from math import cos, pi, sin

from markupsafe import Markup, escape

#: Tone of a part -> its colour; each also has its word beside the ring.
COLOURS = {"late": "#c4281c", "soon": "#e8a317", "fine": "#2f9e58", "plain": "#aab4c2"}
_OUTER, _INNER, _MIDDLE = 66, 44, 75


def donut(parts: Sequence[tuple[str, int, str]], *, title: str, unit: str = "件") -> Markup:
    """Parts are word, number and tone. One that is nought is not drawn."""
    total = sum(number for _, number, _ in parts)
    drawn, at = [], 0.0
    for _, number, tone in parts:
        if number:
            drawn.append(_part(at, at + number / total, COLOURS[tone]))
            at += number / total
    if not total:
        drawn.append(_part(0, 1, "#e3e7ed"))
    words = "，".join(f"{word} {number} {unit}" for word, number, _ in parts)
    return Markup(
        '<svg class="donut" viewBox="0 0 150 150" width="150" height="150" role="img" aria-labelledby="donut-t donut-d">'
        '<title id="donut-t">{}</title><desc id="donut-d">{}</desc>{}'
        '<text x="75" y="80" text-anchor="middle" font-size="28" font-weight="700" fill="#1f2937">{}</text>'
        '<text x="75" y="98" text-anchor="middle" font-size="12" fill="#5f6b7a">{}</text></svg>'
    ).format(title, words, Markup("").join(drawn), total, escape(title))


def _part(start: float, end: float, colour: str) -> Markup:
    if end - start >= 1 - 1e-9:
        middle = (_OUTER + _INNER) / 2
        ring = '<circle cx="75" cy="75" r="{}" fill="none" stroke="{}" stroke-width="{}"/>'
        return Markup(ring).format(middle, colour, _OUTER - _INNER)
    large = int(end - start > 0.5)
    path = (
        f"M{_point(start, _OUTER)}A{_OUTER} {_OUTER} 0 {large} 1 {_point(end, _OUTER)}"
        f"L{_point(end, _INNER)}A{_INNER} {_INNER} 0 {large} 0 {_point(start, _INNER)}Z"
    )
    return Markup('<path d="{}" fill="{}" stroke="#fff" stroke-width="1.5"/>').format(path, colour)


def _point(share: float, radius: int) -> str:
    angle = 2 * pi * share
    return f"{_MIDDLE + radius * sin(angle):.2f} {_MIDDLE - radius * cos(angle):.2f}"
