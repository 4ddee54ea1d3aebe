"""Which registered mine a row means: found by licence number, then by name and holder; near ones are asked about. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import compress, count
from typing import NamedTuple

#: Differences in these make different mines: 一号 and 二号, 东矿 and 西矿 are siblings and no slips of the pen.
_SAME_FOR_SIBLINGS = re.compile(
    "[^0-9\u3007零一二三四五六七八九十百甲乙丙丁戊己庚辛壬癸东西南北中上下前后左右新老大小A-Z\x00]+"
)
_TRIVIAL = re.compile(r"\([^()\x00]*\)|有限责任公司|有限公司|股份公司|集团|公司")
_COUNTY = re.compile(r"(?<![^\x00])[^\x00]{1,3}[县市]")
_DROPPED = re.compile(r"[ \t\n\r\f\v\u00a0\u2000-\u200a\u202f\u3000·•・.,，。、“”\"'‘’-]+")
_HALF = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"〔": "(", "〕": ")", "—": "-"}
_WIDE = re.compile(f"[{''.join(_HALF)}]")
#: So many mines at most are shown to choose from.
_SHOWN = 5
#: Names with the same numerals that are compared one by one; more are looked up by their shapes.
_FEW = 8
#: Shorter names differ in one character without being alike.
_SHORTEST = 5


class Known(NamedTuple):
    """A registered mine, as far as rows are matched with it."""

    id: int
    code: str
    name: str
    holder: str
    licence: str


def name_keys(names: Sequence[str]) -> list[str]:
    """Names without blanks, marks and differences of width; other characters all count (窰 is not 窑)."""
    if not names:
        return []
    joined = unicodedata.normalize("NFC", "\0".join(names))
    for sign in set(_WIDE.findall(joined)):
        joined = joined.replace(sign, _HALF[sign])
    return _DROPPED.sub("", joined).upper().split("\0")


def name_key(name: str) -> str:
    return name_keys([name])[0]


def _cores(keys: Sequence[str]) -> list[str]:
    """Without county, brackets and what companies have in common; the whole key where little is left."""
    cores = _TRIVIAL.sub("", _COUNTY.sub("", "\0".join(keys))).split("\0")
    return [core if len(core) >= 3 else key for core, key in zip(cores, keys, strict=True)]


def _numerals(keys: Sequence[str]) -> list[str]:
    """What must agree in names that are alike."""
    return _SAME_FOR_SIBLINGS.sub("", "\0".join(keys)).split("\0")


class Register:
    """The registered mines, ready to be looked up."""

    def __init__(self, mines: Iterable[Known]) -> None:
        self.mines = tuple(mines)
        self.licences: dict[str, list[Known]] = {}
        for mine in self.mines:
            if mine.licence.startswith("C"):
                self.licences.setdefault(mine.licence, []).append(mine)

    @cached_property
    def codes(self) -> dict[str, Known]:
        return {mine.code: mine for mine in self.mines}

    @cached_property
    def _keys(self) -> list[str]:
        return name_keys([mine.name for mine in self.mines])

    @cached_property
    def names(self) -> dict[tuple[str, str], list[Known]]:
        """By name and holder."""
        holders = name_keys([mine.holder for mine in self.mines])
        found: dict[tuple[str, str], list[Known]] = {}
        for mine, name, holder in zip(self.mines, self._keys, holders, strict=True):
            found.setdefault((name, holder), []).append(mine)
        return found

    def near(self, rows: Sequence[tuple[str | None, str, str | None]]) -> dict[int, list[tuple[Known, str]]]:
        """For each licence, key of the name, and holder: place among the rows -> mines that may be meant, each with why."""
        if not rows:
            return {}
        keys, licences = [key for _, key, _ in rows], [licence or "" for licence, _, _ in rows]
        cores, numerals = _cores(keys), _numerals(keys)
        # Most rows of a first import are near no mine: those are left out without a look at each.
        at_all: set[int] = set()
        for table, words in (
            (self._by_name, keys), (self._by_core, cores), (self._by_numerals, numerals),
            (self._halves, map(_even, licences)), (self._halves, map(_odd, licences)),
        ):  # fmt: skip
            at_all.update(compress(count(), map(table.__contains__, words)))
        found = {at: self._near(*rows[at], cores[at], numerals[at]) for at in sorted(at_all)}
        return {at: list(near.values())[:_SHOWN] for at, near in found.items() if near}

    def _near(
        self, licence: str | None, key: str, holder: str | None, core: str, numerals: str
    ) -> dict[int, tuple[Known, str]]:
        near: dict[int, tuple[Known, str]] = {}
        for mine in self._by_name.get(key, ()):
            other = f"采矿权人不同（系统登记：{mine.holder or '空'}）" if holder else "表中没有采矿权人"
            near[mine.id] = (mine, f"名称相同，{other}")
        for mine in self._one_digit_off(licence) if licence else ():
            near.setdefault(mine.id, (mine, f"采矿许可证号只差一位（系统登记：{mine.licence}）"))
        for mine in self._alike(key, core, numerals):
            near.setdefault(mine.id, (mine, f"名称相近（系统登记：{mine.name}）"))
        return near

    @cached_property
    def _by_name(self) -> dict[str, list[Known]]:
        return _grouped(self._keys, self.mines)

    @cached_property
    def _by_core(self) -> dict[str, list[Known]]:
        return _grouped(_cores(self._keys), self.mines)

    @cached_property
    def _by_numerals(self) -> dict[str, "_Alike"]:
        names = list(self._by_name)
        found: dict[str, _Alike] = {}
        for name, numerals in zip(names, _numerals(names), strict=True):
            if len(name) >= _SHORTEST - 1:
                found.setdefault(numerals, _Alike()).names.append(name)
        return found

    @cached_property
    def _halves(self) -> dict[str, list[Known]]:
        """Every second character of the numbers: with one digit wrong, one of the two halves still agrees."""
        found: dict[str, list[Known]] = {}
        for licence, mines in self.licences.items():
            found.setdefault(_even(licence), []).extend(mines)
            found.setdefault(_odd(licence), []).extend(mines)
        return found

    def _one_digit_off(self, licence: str) -> Iterator[Known]:
        for half in (_even(licence), _odd(licence)):
            for mine in self._halves.get(half, ()):
                other = mine.licence
                if len(other) == len(licence) and sum(a != b for a, b in zip(other, licence, strict=True)) == 1:
                    yield mine

    def _alike(self, key: str, core: str, numerals: str) -> Iterator[Known]:
        """One character more, less or other, or the same name but for what companies have in common."""
        yield from self._by_core.get(core, ())
        group = self._by_numerals.get(numerals) if len(key) >= _SHORTEST else None
        for name in group.like(key) if group else ():
            yield from self._by_name[name]


class _Alike:
    """Names with the same numerals."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def like(self, key: str) -> Iterable[str]:
        if len(self.names) <= _FEW:
            return [name for name in self.names if _one_edit(name, key)]
        return {
            name: None for shape in (*_shapes(key), f"-{key}", *_shortened(key)) for name in self._shapes.get(shape, ())
        }

    @cached_property
    def _shapes(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self.names:
            for shape in (name, *_shapes(name), *(f"-{shorter}" for shorter in _shortened(name))):
                found.setdefault(shape, []).append(name)
        return found


def _even(licence: str) -> str:
    return "0" + licence[::2]


def _odd(licence: str) -> str:
    return "1" + licence[1::2]


def _one_edit(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    shorter = min(len(one), len(other))
    same = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    rest, its = one[same:], other[same:]
    return rest[1:] == its[1:] or rest == its[1:] or rest[1:] == its


def _shapes(key: str) -> list[str]:
    """With any one character left open."""
    return [f"{key[:at]}?{key[at + 1 :]}" for at in range(len(key))]


def _shortened(key: str) -> list[str]:
    return [key[:at] + key[at + 1 :] for at in range(len(key))]


def _grouped(keys: Iterable[str], mines: Iterable[Known]) -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = {}
    for key, mine in zip(keys, mines, strict=True):
        found.setdefault(key, []).append(mine)
    return found
