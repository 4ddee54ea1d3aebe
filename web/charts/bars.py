"""Horizontal bars as SVG that stretch with their place in a table; the numbers stand beside them as text."""

from collections.abc import Sequence

from markupsafe import Markup

#: Route -> colour of its part of a bar; the same hue as its badge.
ROUTE_COLOURS = {"closure": "#c4281c", "guided_exit": "#e8a317", "upgrade": "#2a6fc9", "new_right": "#2f9fb0"}
_LENGTH = 1000


def stacked(parts: Sequence[tuple[str, int, str]], most: int, *, title: str) -> Markup:
    """One bar out of parts (word, number, colour); `most` is the length of the longest of its table."""
    drawn, at = [], 0.0
    for _, number, colour in parts:
        if number:
            width = _LENGTH * number / max(most, 1)
            drawn.append(_box(at, width, colour))
            at += width
    return _frame(title, "，".join(f"{word} {number} 件" for word, number, _ in parts if number), drawn)


def progress(done: int, total: int, *, title: str, colour: str = "#1d7a3e") -> Markup:
    """How much of a whole is done."""
    ground = _box(0, _LENGTH, "#e3e7ed")
    drawn = [ground, _box(0, _LENGTH * done / total, colour)] if done and total else [ground]
    return _frame(title, f"已完成 {done} 件，共 {total} 件", drawn)


def _box(at: float, width: float, colour: str) -> Markup:
    return Markup('<rect x="{}" y="0" width="{}" height="14" fill="{}"/>').format(f"{at:.1f}", f"{width:.1f}", colour)


def _frame(title: str, words: str, drawn: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg class="bar" viewBox="0 0 1000 14" preserveAspectRatio="none" height="14" role="img" aria-label="{}">'
        "<title>{}</title>{}</svg>"
    ).format(f"{title}：{words}", f"{title}：{words}", Markup("").join(drawn))
