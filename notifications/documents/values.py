"""Case data as a template sees it: every value knows its path, and a missing one is remembered, never guessed.

Values travel through Jinja and Markdown in disguise, as private-use characters that neither gives a meaning to.
So no escaping can be forgotten, and a name such as `# x | y` comes out as it went in.
"""

import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from markupsafe import Markup

from notifications.documents.errors import BadValue
from states.fields import printable

#: Plane 15 holds one stand-in for each UTF-16 unit.
_VEIL = 0xF0000
#: The characters by which templates say "end of line" and "blank"; a value may not say either.
_PRIVATE = re.compile("[\ue000\ue001]")
_VEILED = re.compile("[\U000f0000-\U000fffff]+")
_STAND_IN = re.compile("[\U000f0000-\U000fffff]")


@lru_cache(maxsize=256)
def veil(text: str) -> Markup:
    """The text in disguise, safe from Jinja and Markdown."""
    units = text.encode("utf-16-le", "surrogatepass")
    return Markup("".join([chr(_VEIL + unit) for unit in struct.unpack(f"<{len(units) // 2}H", units)]))


def unveil(text: str) -> str:
    """The text as it was before `veil`."""
    return _VEILED.sub(lambda found: _unveil(found.group()), text)


def _unveil(text: str) -> str:
    units = struct.pack(f"<{len(text)}H", *[ord(char) - _VEIL for char in text])
    return units.decode("utf-16-le", "surrogatepass")


def shaped(text: str) -> tuple[str, list[str]]:
    """The text with one stand-in for each value in disguise, and the values: texts of one template have one shape."""
    values: list[str] = []

    def stand_in(found: re.Match[str]) -> str:
        values.append(_unveil(found.group()))
        return chr(_VEIL + len(values) - 1)

    return _VEILED.sub(stand_in, text), values


def veiled(text: str) -> bool:
    """Whether a disguise or a stand-in is in the text."""
    return _VEILED.search(text) is not None


def fill(text: str, values: Sequence[str]) -> str:
    """A part of a shape with its values in place of their stand-ins."""
    return _STAND_IN.sub(lambda found: values[ord(found.group()) - _VEIL], text)


class Ledger:
    """The paths of open values, in order of first use."""

    def __init__(self) -> None:
        self.paths: dict[str, None] = {}

    def note(self, path: str) -> None:
        self.paths[path] = None


class Missing:
    """A value that is not there: false when asked about, noted as soon as it is used in any other way."""

    __slots__ = ("_ledger", "_path")

    def __init__(self, path: str, ledger: Ledger) -> None:
        self._path = path
        self._ledger = ledger

    def __getattr__(self, name: str) -> "Missing":
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: object) -> "Missing":
        return Missing(f"{self._path}.{name}", self._ledger)

    def _used(self) -> None:
        self._ledger.note(self._path)

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        self._used()
        return ""

    def __iter__(self) -> Iterator[object]:
        self._used()
        return iter(())

    def __len__(self) -> int:
        self._used()
        return 0

    def __eq__(self, other: object) -> bool:
        self._used()
        return False

    def __lt__(self, other: object) -> bool:
        self._used()
        return False

    __le__ = __gt__ = __ge__ = __lt__
    __hash__ = None  # type: ignore[assignment]


class Gap(Missing):
    """A missing value of a draft that is only looked at: its place says what belongs there."""

    __slots__ = ("_words",)

    def __init__(self, path: str, words: str) -> None:
        super().__init__(path, Ledger())
        self._words = words

    def __str__(self) -> str:
        return f"【待填：{self._words}】"


class Node:
    """A group of values, read by name (`facts.breach`)."""

    __slots__ = ("_ledger", "_path", "_values")

    def __init__(self, path: str, values: Mapping[str, object], ledger: Ledger) -> None:
        self._path = path
        self._values = values
        self._ledger = ledger

    def __getitem__(self, name: str) -> object:
        return wrap(self._values.get(name), f"{self._path}.{name}", self._ledger)


def wrap(value: object, path: str, ledger: Ledger) -> object:
    """The value for use in a template. Nothing, blank text and an empty list are missing."""
    if isinstance(value, str):
        return value if value.strip() else Missing(path, ledger)
    if isinstance(value, Mapping) and value:
        return Node(path, value, ledger)
    if isinstance(value, list | tuple) and value:
        return [wrap(item, f"{path}.{i}", ledger) for i, item in enumerate(value, start=1)]
    if isinstance(value, bool | int | float | Decimal | date | Gap):
        return value
    return Missing(path, ledger)


def as_text(value: object) -> str:
    """What a value looks like on paper, on one line."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, list):
        return "、".join(as_text(item) for item in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Node):
        raise BadValue("模板把一组数据当作一个值来用，请改为逐项引用。")
    return _PRIVATE.sub("□", printable(str(value)).strip())


def show(value: object) -> Markup:
    """Every `{{ … }}` ends here (Jinja's finalize); only what templates made themselves passes as it is."""
    return value if isinstance(value, Markup) else veil(as_text(value))
