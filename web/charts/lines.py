"""Lines over months: one for each series, told apart by colour and by the shape of their points."""

from collections.abc import Sequence

from markupsafe import Markup

from web.charts.axis import BELOW, GREY, LEFT, ground, level, picture, top_of
from web.charts.columns import Series

#: Point of a series by its place: circle, square, triangle.
_POINTS = (
    '<circle cx="{x}" cy="{y}" r="3.4" fill="{colour}"/>',
    '<rect x="{left}" y="{up}" width="6.4" height="6.4" fill="{colour}"/>',
    '<path d="M{x} {high}l4.2 7.2h-8.4z" fill="{colour}"/>',
)


def lines(
    groups: Sequence[str], series: Sequence[Series], *, title: str, name: str, width: int = 860, height: int = 430
) -> Markup:
    """`groups` are the words below the axis; every series has a number for each."""
    most = max((number for _, _, numbers in series for number in numbers), default=0)
    room = (width - LEFT - 24) / max(len(groups) - 1, 1)
    places = [LEFT + 8 + room * n for n in range(len(groups))]
    parts = [ground(width, height, most)]
    parts += [
        Markup('<text x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>').format(
            f"{x:.1f}", height - BELOW + 18, GREY, word
        )
        for x, word in zip(places, groups, strict=True)
    ]
    for n, (_, colour, numbers) in enumerate(series):
        points = [(x, level(number, top_of(most)[0], height)) for x, number in zip(places, numbers, strict=True)]
        parts.append(_line(points, colour, n))
    words = "；".join(f"{word}：" + "，".join(f"{group} {number}" for group, number in zip(groups, numbers, strict=True))
                     for word, _, numbers in series)  # fmt: skip
    return picture(width, height, title, words, name, Markup("").join(parts))


def key(place: int, colour: str) -> Markup:
    """The point of a series, for the legend."""
    return Markup('<svg class="point" viewBox="0 0 18 12" width="18" height="12" aria-hidden="true">{}</svg>').format(
        _line([(0, 6), (9, 6), (18, 6)], colour, place, ends=False)
    )


def _line(points: Sequence[tuple[float, float]], colour: str, place: int, *, ends: bool = True) -> Markup:
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    drawn = [Markup('<path d="M{}" fill="none" stroke="{}" stroke-width="2"/>').format(path, colour)]
    for x, y in points if ends else points[1:-1]:
        values = {
            "x": f"{x:.1f}",
            "y": f"{y:.1f}",
            "left": f"{x - 3.2:.1f}",
            "up": f"{y - 3.2:.1f}",
            "high": f"{y - 4.6:.1f}",
        }
        drawn.append(Markup(_POINTS[place % len(_POINTS)]).format(colour=colour, **values))
    return Markup("").join(drawn)
