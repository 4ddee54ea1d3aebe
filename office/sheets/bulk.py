"""Whole stretches of a column read at once: where no cell of a stretch needs a second look, each is its own value.

Ten thousand plain names are recognised by one expression over all of them; one odd cell costs its stretch, not the sheet.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from operator import mul
from typing import Any

from office.sheets.cells import LICENCE
from office.sheets.columns import SheetColumn
from office.sheets.dates import FIRST, LAST

#: Rows that share their fate.
STRETCH = 500
_SEPARATOR = "\x1f"
#: Blank or nothing-saying cells, and what else `cells` takes a closer look at.
_EDGES = re.compile(
    r"(?:^|\x1f)(?=[\s\u00a0\u3000#]|[-\u2013\u2014/\\\uff0d\uff0f]+(?:\x1f|$))|[\s\u00a0\u3000](?:\x1f|$)"
)
_ODD = re.compile(
    "[\x00-\x1e\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\u3164\ufeff\uffa0\ufff9-\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]|_x000D_"
)
_NAMES = re.compile(r"[\w\x1f （）()—－\-]+")
_LICENCE = LICENCE.pattern.replace("(", "(?:")
_LICENCES = re.compile(rf"{_LICENCE}(?:\x1f{_LICENCE})*", re.ASCII)
_CODE = "[0-9A-HJ-NPQRTUWXY]"
_CODES = re.compile(rf"{_CODE}{{2}}[0-9]{{6}}{_CODE}{{10}}(?:\x1f{_CODE}{{2}}[0-9]{{6}}{_CODE}{{10}})*")
_DIGITS = {letter: value for value, letter in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
#: 3^i mod 31; with the check character itself the sum is a multiple of 31 (GB 32100-2015).
_WEIGHTS = (*(pow(3, place, 31) for place in range(17)), 1)
_LONGEST, _LONGEST_NAME = 4000, 100


def read_plain(column: SheetColumn, cells: Sequence[Any]) -> list[Any] | None:
    """The values of a stretch of cells, none of which has to be looked at alone; None where one has to."""
    given = [cell for cell in cells if cell is not None]
    if not given:
        return list(cells)
    types = set(map(type, given))
    if types == {str}:
        sure = _SURE.get(_way(column))
        return list(cells) if sure and sure(given) else None
    if column.kind != "field":
        return None
    if types == {date} and column.field.type == "date" and min(given) >= FIRST and max(given) <= LAST:
        return [None if cell is None else cell.isoformat() for cell in cells]
    return _numbers(column, cells) if types <= {int, float} and column.field.type == "number" else None


def _way(column: SheetColumn) -> str:
    if column.name == "business_licence_number":
        return "code"
    return column.field.type if column.kind == "field" else column.kind


def _numbers(column: SheetColumn, cells: Sequence[Any]) -> list[Any] | None:
    """Numbers in the spelling of `cells`; not where they are negative, very large, or have bounds of their own."""
    if column.field.high is not None or column.field.low:
        return None
    words = [None if cell is None else f"{cell:.15g}" for cell in cells]
    joined = "\x1f".join(filter(None, words))
    return None if "e" in joined or "-" in joined or "n" in joined else words


def _texts(words: Sequence[str]) -> bool:
    joined = _SEPARATOR.join(words)
    return (
        max(map(len, words)) <= _LONGEST
        and not _ODD.search(joined)
        and not _EDGES.search(joined)
        and unicodedata.is_normalized("NFC", joined)
        and "" not in words
    )


def _names(words: Sequence[str]) -> bool:
    joined = _SEPARATOR.join(words)
    return (
        max(map(len, words)) <= _LONGEST_NAME
        and _NAMES.fullmatch(joined) is not None
        and not _EDGES.search(joined)
        and unicodedata.is_normalized("NFC", joined)
        and "" not in words
    )


def _licences(words: Sequence[str]) -> bool:
    return _LICENCES.fullmatch(_SEPARATOR.join(words)) is not None


def _codes(words: Sequence[str]) -> bool:
    if not _CODES.fullmatch(_SEPARATOR.join(words)):
        return False
    digit = _DIGITS.__getitem__
    return all(sum(map(mul, map(digit, word), _WEIGHTS)) % 31 == 0 for word in words)


_SURE: Mapping[str, Callable[[Sequence[str]], bool]] = {
    "text": _texts, "name": _names, "licence": _licences, "code": _codes,
}  # fmt: skip
