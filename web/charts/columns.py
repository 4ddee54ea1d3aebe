"""Columns that stand beside each other, in groups: a group for each year, a column for each series."""

from collections.abc import Sequence

from markupsafe import Markup

from web.charts.axis import BELOW, GREY, INK, LEFT, ground, level, picture, top_of

#: Word, colour and the numbers of all groups.
Series = tuple[str, str, Sequence[int]]
_MOST_WIDE = 34


def columns(
    groups: Sequence[str], series: Sequence[Series], *, title: str, name: str, width: int = 520, height: int = 240
) -> Markup:
    """`groups` are the words below; every series has a number for each."""
    most = max((number for _, _, numbers in series for number in numbers), default=0)
    parts = [ground(width, height, most)]
    room = (width - LEFT - 8) / max(len(groups), 1)
    wide = min(room * 0.7 / max(len(series), 1), _MOST_WIDE)
    for place, word in enumerate(groups):
        middle = LEFT + room * (place + 0.5)
        start = middle - wide * len(series) / 2
        for n, (_, colour, numbers) in enumerate(series):
            parts.append(_column(start + wide * n, wide, numbers[place], colour, top_of(most)[0], height))
        parts.append(_word(middle, height - BELOW + 18, word, GREY))
    words = "；".join(
        f"{group}：" + "，".join(f"{word} {numbers[place]}" for word, _, numbers in series)
        for place, group in enumerate(groups)
    )
    return picture(width, height, title, words, name, Markup("").join(parts))


def _column(x: float, wide: float, number: int, colour: str, top: int, height: int) -> Markup:
    if not number:
        return Markup("")
    y = level(number, top, height)
    box = Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(
        f"{x + 1:.1f}", f"{y:.1f}", f"{wide - 2:.1f}", f"{height - BELOW - y:.1f}", colour
    )
    return box + _word(x + wide / 2, y - 4, str(number), INK)


def _word(x: float, y: float, word: str, colour: str) -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>').format(
        f"{x:.1f}", f"{y:.1f}", colour, word
    )
