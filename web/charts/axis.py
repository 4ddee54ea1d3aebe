"""The ground of a chart: horizontal lines at round numbers, the numbers beside them."""

from markupsafe import Markup

#: Where the drawing begins and ends within its picture.
LEFT, TOP, BELOW = 38, 14, 34
INK, GREY, LINE = "#1f2937", "#5f6b7a", "#e3e7ed"


def top_of(most: int) -> tuple[int, int]:
    """The highest number of an axis that holds `most`, and the distance between its lines; both are whole."""
    step = 1
    while step * 5 < most:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return max(step * -(-most // step), step), step


def ground(width: int, height: int, most: int) -> Markup:
    """The lines and numbers of an axis up to `top_of(most)`."""
    top, step = top_of(most)
    row = Markup(
        '<line x1="{0}" x2="{1}" y1="{2}" y2="{2}" stroke="{3}"/><text x="{4}" y="{5}" text-anchor="end" fill="{6}">{7}</text>'
    )
    parts = [
        row.format(LEFT, width - 8, f"{y:.1f}", LINE, LEFT - 6, f"{y + 4:.1f}", GREY, number)
        for number in range(0, top + 1, step) if (y := level(number, top, height)) is not None
    ]  # fmt: skip
    return Markup("").join(parts)


def level(number: int, top: int, height: int) -> float:
    """How far down a number stands."""
    return TOP + (height - TOP - BELOW) * (1 - number / top)


def picture(width: int, height: int, title: str, words: str, name: str, drawn: Markup) -> Markup:
    """The whole picture with what it says in words, for those who do not see it."""
    return Markup(
        '<svg class="chart" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-labelledby="{2}-t {2}-d" '
        'font-family="inherit"><title id="{2}-t">{3}</title><desc id="{2}-d">{4}</desc>{5}</svg>'
    ).format(width, height, name, title, words, drawn)
