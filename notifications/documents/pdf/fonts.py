"""Which faces of the standard a machine has, what stands in for the others, and which characters none of them holds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

import noto_cjk_sans_otc
import typst
from fontTools.ttLib import TTFont

from notifications.documents.errors import MissingCharacter

Role = Literal["仿宋", "楷体", "黑体", "宋体", "小标宋"]

_SERIF = (("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "思源宋体"),)
#: Installed with the program, so that every character of a place name is printed on every machine.
_LAST = (("Noto Sans CJK SC",),)
#: Names of the same face stand together, the wanted face first.
CHAINS: dict[Role, tuple[tuple[str, ...], ...]] = {
    "仿宋": (
        ("仿宋_GB2312", "FangSong_GB2312"), ("仿宋", "FangSong"), ("华文仿宋", "STFangsong"),
        ("朱雀仿宋", "Zhuque Fangsong", "朱雀仿宋（预览测试版）", "Zhuque Fangsong (technical preview)"),
        ("FandolFang", "FandolFang R"), *_SERIF, *_LAST,
    ),
    "楷体": (
        ("楷体_GB2312", "KaiTi_GB2312"), ("楷体", "KaiTi"), ("华文楷体", "STKaiti"),
        ("LXGW WenKai", "霞鹜文楷"), ("FandolKai",), *_SERIF, *_LAST,
    ),
    "黑体": (("黑体", "SimHei"), ("华文黑体", "STHeiti"), ("FandolHei",), *_LAST),
    "宋体": (("宋体", "SimSun"), ("华文宋体", "STSong"), ("FandolSong",), *_SERIF, *_LAST),
    "小标宋": (
        ("方正小标宋简体", "FZXiaoBiaoSong-B05S"), ("方正小标宋_GBK", "FZXiaoBiaoSong-B05"), *_SERIF,
        ("FandolSong",), *_LAST,
    ),
}  # fmt: skip
#: A title stands in the heaviest weight that a family has.
_WEIGHT: dict[Role, int] = {"小标宋": 700}


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one place of a document that is drawn in one face."""

    place: str
    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Font:
    """A face as one file holds it."""

    family: str
    path: str
    index: int

    def holds(self, char: str) -> bool:
        return ord(char) in _characters(self.path, self.index)


@lru_cache(maxsize=64)
def _characters(path: str, index: int) -> frozenset[int]:
    with TTFont(path, fontNumber=index, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a document is printed with."""

    #: Role and the family that stands in for the wanted one.
    stand_ins: tuple[tuple[Role, str], ...]
    #: Character, role and the later family of the chain that lends it.
    borrowed: tuple[tuple[str, Role, str], ...]
    #: Character and the place where it stands, in no family at all.
    missing: tuple[tuple[str, str], ...]

    def report(self) -> list[str]:
        """Sentences for the person who prints."""
        lent: dict[tuple[Role, str], str] = {}
        for char, role, family in self.borrowed:
            lent[role, family] = lent.get((role, family), "") + char
        return [
            *(f"“{role}”用 {family} 代替。" for role, family in self.stand_ins),
            *(f"“{role}”中的“{chars}”用 {family} 补字。" for (role, family), chars in lent.items()),
            *(f"{place}的“{char}”（U+{ord(char):04X}）没有字体可用。" for char, place in self.missing),
        ]


class FontBook:
    """The fonts of this machine, of the office's own folders and of the program, as the typesetter sees them."""

    def __init__(self, folders: Iterable[str | Path] = (), *, system: bool = True) -> None:
        own = [str(folder) for folder in folders if Path(folder).is_dir()]
        shipped = str(Path(noto_cjk_sans_otc.__file__).parent)
        self.fonts = typst.Fonts(include_system_fonts=system, include_embedded_fonts=False, font_paths=[*own, shipped])
        #: Characters that some font of the role's chain is known to hold.
        self._held: dict[Role, set[str]] = {role: set() for role in CHAINS}
        self._lenders: dict[tuple[Role, str], Font | None] = {}

    @cached_property
    def _chains(self) -> dict[Role, tuple[tuple[int, Font], ...]]:
        """Fonts of every role, each with its place in the declared chain."""
        return {role: tuple(self._found(role)) for role in CHAINS}

    def _found(self, role: Role) -> Iterator[tuple[int, Font]]:
        upright = [font for font in self.fonts.fonts() if font.style == "normal"]
        weight = _WEIGHT.get(role, 400)
        for rank, names in enumerate(CHAINS[role]):
            for name in names:
                same = [font for font in upright if font.family.lower() == name.lower()]
                if same:
                    # As the typesetter chooses: the nearest width, then the nearest weight, then the first one found.
                    best = min(same, key=lambda font: (abs(font.stretch - 1), abs(font.weight - weight)))
                    yield rank, Font(best.family, str(best.path), best.index)

    def families(self, role: Role) -> tuple[str, ...]:
        """Families that draw a role, in the order in which they are tried."""
        return tuple(font.family for _, font in self._chains[role])

    def coverage(self, pieces: Iterable[Piece]) -> Coverage:
        """What these texts are printed with."""
        stand_ins: dict[Role, str] = {}
        borrowed: dict[tuple[str, Role], str] = {}
        missing: dict[str, str] = {}
        for piece in pieces:
            rank, first = self._chains[piece.role][0]
            if rank:
                stand_ins[piece.role] = first.family
            for char in dict.fromkeys(piece.text):
                lender = self._lender(piece.role, char)
                if lender is None:
                    missing.setdefault(char, piece.place)
                elif lender is not first:
                    borrowed[char, piece.role] = lender.family
        return Coverage(
            tuple(stand_ins.items()),
            tuple((char, role, family) for (char, role), family in borrowed.items()),
            tuple(missing.items()),
        )

    def check(self, pieces: Iterable[Piece]) -> None:
        """Raises MissingCharacter where no font holds a character: a box in a name is not a name."""
        unknown = [piece for piece in pieces if not self._held[piece.role].issuperset(piece.text)]
        missing = self.coverage(unknown).missing
        if missing:
            raise MissingCharacter(missing)
        for piece in unknown:
            self._held[piece.role].update(piece.text)

    def _lender(self, role: Role, char: str) -> Font | None:
        key = (role, char)
        if key not in self._lenders:
            self._lenders[key] = next((font for _, font in self._chains[role] if font.holds(char)), None)
        return self._lenders[key]


@lru_cache(maxsize=8)
def font_book(folders: tuple[str, ...] = (), *, system: bool = True) -> FontBook:
    """The fonts of this machine, looked for once."""
    return FontBook(folders, system=system)
