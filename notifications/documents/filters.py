"""What templates may call: filters and functions, and nothing else."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from notifications.documents import amounts
from notifications.documents.errors import BadValue
from notifications.documents.model import BLANK
from notifications.documents.values import Missing, as_text, show

#: Ends a line inside a table cell.
BREAK = "\ue000"

#: What may end a sentence, and what is dropped before a full stop is set.
_STOPS = ("。", "！", "？", "；", "：", "…")
_LOOSE_ENDS = " ,，、;.．"
_TYPED_NUMBER = re.compile(
    r"^(?:[（(][\d一二三四五六七八九十]{1,3}[)）]|[\d一二三四五六七八九十]{1,3}[、．]|\d{1,3}\.(?!\d))\s*"
)


def cn_date(value: object) -> object:
    """`2026-11-23` as 2026年11月23日."""
    if isinstance(value, Missing):
        return value
    return as_text(read_date(value))


def read_date(value: object) -> date:
    """A day, given as such or as `2026-11-23`. Raises BadValue."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise BadValue(f"“{as_text(value)[:40]}”不是日期：应为 2026-11-23 这样的年月日，请改正后再出具。") from None


def money(value: object) -> object:
    """`12345.6` as 12345.60元（大写：壹万贰仟叁佰肆拾伍元陆角）."""
    if isinstance(value, Missing):
        return value
    try:
        amount = Decimal(str(value).replace(",", ""))
        return f"{amounts.figures(amount)}元（大写：{amounts.capitals(amount)}）"
    except (InvalidOperation, ValueError):
        raise BadValue(f"“{as_text(value)[:40]}”不是金额：应为 12345.60 这样的数字，请改正后再出具。") from None


def _parts(value: object) -> list[object]:
    """The items of a list, or the lines of a text."""
    if isinstance(value, list):
        return value
    return [line.strip() for line in str(value).splitlines() if line.strip()]


def sentence(value: object) -> object:
    """The text with its full stop, whether or not one was typed."""
    if isinstance(value, Missing):
        return value
    text = as_text(value)
    return text if text.endswith(_STOPS) else text.rstrip(_LOOSE_ENDS) + "。"


def bare(value: object) -> object:
    """The text without punctuation at its end, to be used inside a sentence."""
    return value if isinstance(value, Missing) else as_text(value).rstrip(_LOOSE_ENDS + "。；")


def place(value: object) -> object:
    """The name of a township, also where its government's name is on record."""
    return value if isinstance(value, Missing) else as_text(value).removesuffix("人民政府")


def numbered(value: object) -> Markup:
    """A list, or a text line by line, as numbered items; numbers that were typed give way to ours."""
    parts = [show(sentence(_TYPED_NUMBER.sub("", as_text(part)))) for part in _parts(value)]
    return Markup("\n").join(Markup(f"{n}. ") + part for n, part in enumerate(parts, start=1))


def paragraphs(value: object) -> Markup:
    """A text line by line, each its own paragraph."""
    return Markup("\n\n").join(show(sentence(part)) for part in _parts(value))


def length(value: object) -> object:
    """How many there are."""
    return len(value) if isinstance(value, list) else value


def dash(value: object) -> object:
    """The value, or — in a table where there is none."""
    return "—" if isinstance(value, Missing) else value


def dotted(value: object) -> object:
    """`2026-11-23` as 2026.11.23, for the narrow columns of a table."""
    if isinstance(value, Missing):
        return value
    day = read_date(value)
    return f"{day.year}.{day.month}.{day.day}"


def halves(value: object) -> object:
    """A long number on two lines, so that its column stays narrow."""
    if isinstance(value, Missing):
        return value
    text = as_text(value)
    middle = -(-len(text) // 2)
    return Markup(BREAK).join(show(part) for part in (text[:middle], text[middle:]) if part)


def lines(value: object) -> Markup:
    """A text line by line inside one cell."""
    return Markup(BREAK).join(show(part) for part in _parts(value))


def blank(width: int = 8) -> Markup:
    """A line to be filled in by hand, so many characters wide."""
    return Markup(BLANK * width)


def blank_date() -> Markup:
    """A date to be filled in by hand."""
    return Markup(f"{BLANK * 2}年{BLANK * 2}月{BLANK * 2}日")


def blank_number() -> Markup:
    """A document number to be filled in by hand."""
    return Markup(f"{BLANK * 4}〔{BLANK * 2}〕{BLANK * 2}号")


def room(count: int = 2) -> Markup:
    """So many line ends inside a cell: room for handwriting."""
    return Markup(BREAK * count)


FILTERS: dict[str, Callable[..., object]] = {
    "cn_date": cn_date, "money": money, "sentence": sentence, "bare": bare, "place": place, "numbered": numbered,
    "paragraphs": paragraphs, "lines": lines, "dash": dash, "dotted": dotted, "halves": halves,
    "length": length,
}  # fmt: skip
FUNCTIONS: dict[str, Callable[..., object]] = {"blank": blank, "blank_date": blank_date, "room": room}


def install(environment: ImmutableSandboxedEnvironment) -> None:
    """Give an environment these filters and functions and take all others from it."""
    environment.filters.clear()
    environment.filters.update(FILTERS)
    environment.globals.clear()
    environment.globals.update(FUNCTIONS)
    environment.finalize = show
