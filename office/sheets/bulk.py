"""Whole stretches of a column read at once: where no cell of a stretch needs a second look, each is its own value.

Ten thousand plain names are recognised by one expression over all of them; one odd cell costs its stretch, not the sheet.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from office.sheets.cells import LICENCE
from office.sheets.columns import SheetColumn
from office.sheets.dates import FIRST, LAST

#: Rows that share their fate.
STRETCH = 500
#: Signs with which a cell that says nothing, or an error, may begin; such a cell is looked at alone.
_BEGINNINGS = frozenset(" #-\u2013\u2014/\\\uff0d\uff0f")
#: Invisible signs that count as printable.
_INVISIBLE = ("\u115f", "\u1160", "\u3164", "\uffa0", "\ufffc", "\ufffd")
#: What may stand in a name beside letters and digits.
_IN_NAMES = " （）()—－-"
_LICENCE = LICENCE.pattern.replace("(", "(?:")
_LICENCES = re.compile(rf"{_LICENCE}(?:\x1f{_LICENCE})*", re.ASCII)
_CODE = "[0-9A-HJ-NPQRTUWXY]"
_CODES = re.compile(rf"(?:{_CODE}{{2}}[0-9]{{6}}{_CODE}{{10}}\x1f)+")
_CODE_SIGNS = b"0123456789ABCDEFGHJKLMNPQRTUWXY"
#: For each of the 18 places a sign times 3^place mod 31; with the check character itself the sum is a multiple of 31
#: (GB 32100-2015).
_WEIGHED = [
    bytes.maketrans(_CODE_SIGNS, bytes(digit * weight % 31 for digit in range(31)))
    for weight in (*(pow(3, place, 31) for place in range(17)), 1)
]
_iso = lru_cache(4096)(date.isoformat)
_LONGEST, _LONGEST_NAME, _DIGITS = 4000, 100, 15


def read_plain(column: SheetColumn, cells: Sequence[Any]) -> list[Any] | None:
    """The values of a stretch of cells, none of which has to be looked at alone; None where one has to."""
    given = [cell for cell in cells if cell is not None]
    if not given:
        return list(cells)
    types = set(map(type, given))
    if types == {str}:
        sure = _SURE.get(_way(column))
        return list(cells) if sure and sure(list(set(given))) else None
    if column.kind != "field":
        return None
    if types == {date} and column.field.type == "date" and min(given) >= FIRST and max(given) <= LAST:
        return [None if cell is None else _iso(cell) for cell in cells]
    return _numbers(column, cells) if types <= {int, float} and column.field.type == "number" else None


def _way(column: SheetColumn) -> str:
    if column.name == "business_licence_number":
        return "code"
    return column.field.type if column.kind == "field" else column.kind


def _numbers(column: SheetColumn, cells: Sequence[Any]) -> list[Any] | None:
    """Numbers in the spelling of `cells`; not where they are negative, very large, or have bounds of their own."""
    if column.field.high is not None or column.field.low:
        return None
    words = [None if cell is None else str(cell) if type(cell) is int else f"{cell:.15g}" for cell in cells]
    said = list(filter(None, words))
    joined = "".join(said)
    return None if "e" in joined or "-" in joined or "n" in joined or max(map(len, said)) > _DIGITS else words


def _texts(words: Sequence[str]) -> bool:
    joined = "".join(words)
    return _whole(words, _LONGEST) and joined.isprintable() and "_x000D_" not in joined and _visible(joined)


def _names(words: Sequence[str]) -> bool:
    joined = "".join(words)
    letters = joined
    for sign in _IN_NAMES:
        letters = letters.replace(sign, "")
    return _whole(words, _LONGEST_NAME) and letters.isalnum() and _visible(joined)


def _visible(joined: str) -> bool:
    return unicodedata.is_normalized("NFC", joined) and not any(sign in joined for sign in _INVISIBLE)


def _whole(words: Sequence[str], longest: int) -> bool:
    """Neither empty nor too long, no blank at either end, and no beginning that wants a look."""
    if "" in words or max(map(len, words)) > longest:
        return False
    return _BEGINNINGS.isdisjoint([word[0] for word in words]) and " " not in [word[-1] for word in words]


def _licences(words: Sequence[str]) -> bool:
    return _LICENCES.fullmatch("\x1f".join(words)) is not None


def _codes(words: Sequence[str]) -> bool:
    joined = "\x1f".join((*words, ""))
    if not _CODES.fullmatch(joined):
        return False
    signs = joined.encode()
    places = [signs[place::19].translate(weighed) for place, weighed in enumerate(_WEIGHED)]
    return all(total % 31 == 0 for total in map(sum, zip(*places, strict=True)))


_SURE: Mapping[str, Callable[[Sequence[str]], bool]] = {
    "text": _texts, "name": _names, "licence": _licences, "code": _codes,
}  # fmt: skip
