"""Finds what differs between two readings of a document, line by line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

from notifications.documents.errors import UnreadableFile

#: More lines than this are not aligned, and more pairs than this are not weighed against each other.
_MOST_LINES, _MOST_PAIRS = 10_000, 250_000
#: How much of a line decides whether two lines are versions of one, and the likeness at which they are.
_WEIGHED, _ALIKE = 300, 0.3


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or a table row with its cells."""

    place: str
    cells: tuple[str, ...]
    row: bool = False

    @property
    def key(self) -> tuple[bool, tuple[str, ...]]:
        """What must be equal: spaces at the ends are not."""
        return self.row, tuple(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in which two files differ, with the full text of both."""

    place: str
    was: str
    now: str
    what: Literal["changed", "added", "removed", "same_text"] = "changed"

    def __str__(self) -> str:
        if self.what == "same_text":
            return self.now
        if self.what == "added":
            return f"{self.place}：新增“{self.now}”"
        if self.what == "removed":
            return f"{self.place}：删去“{self.was}”"
        return f"{self.place}：原为“{self.was}”，现为“{self.now}”"


def align(ours: Sequence[Line], theirs: Sequence[Line]) -> Iterator[Difference]:
    """The differences in the order of the paper."""
    if max(len(ours), len(theirs)) > _MOST_LINES:
        raise UnreadableFile(f"文件超过 {_MOST_LINES} 段，不能逐段比较。请人工核对。")
    matcher = SequenceMatcher(None, [line.key for line in ours], [line.key for line in theirs])
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            for old, new in _paired(ours[a:b], theirs[c:d]):
                yield from _between(old, new)


Pair = tuple[Line | None, Line | None]


def _paired(ours: Sequence[Line], theirs: Sequence[Line]) -> Iterator[Pair]:
    """Puts versions of the same line side by side; None where one side has nothing."""
    a = b = 0
    for i, j in [*_likeness(ours, theirs), (len(ours), len(theirs))]:
        yield from zip_longest(ours[a:i], theirs[b:j])
        if i < len(ours):
            yield ours[i], theirs[j]
        a, b = i + 1, j + 1


def _likeness(ours: Sequence[Line], theirs: Sequence[Line]) -> list[tuple[int, int]]:
    """The pairs, in order on both sides, that are most alike altogether."""
    if not ours or not theirs or len(ours) * len(theirs) > _MOST_PAIRS:
        return []
    left, right = [_traits(line) for line in ours], [_traits(line) for line in theirs]
    alike = [[len(a & b) / (len(a | b) or 1) for b in right] for a in left]
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in reversed(range(len(left))):
        for j in reversed(range(len(right))):
            together = best[i + 1][j + 1] + alike[i][j] if alike[i][j] >= _ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], together)
    pairs, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _traits(line: Line) -> set[str]:
    """Every two neighbouring characters, cheap to compare."""
    text = "".join(line.cells)[:_WEIGHED]
    return {text[n : n + 2] for n in range(len(text))}


def _between(old: Line | None, new: Line | None) -> Iterator[Difference]:
    if old and new and old.row and new.row:
        yield from _cells(old, new)
    elif old and new and old.row == new.row:
        if old.key != new.key:
            yield Difference(old.place, _shown(old), _shown(new))
    else:
        if old:
            yield Difference(old.place, _shown(old), "", "removed")
        if new:
            yield Difference(new.place, "", _shown(new), "added")


def _cells(old: Line, new: Line) -> Iterator[Difference]:
    for n, (was, now) in enumerate(zip_longest(old.cells, new.cells), 1):
        place = f"{old.place}第{n}格"
        if was is None:
            yield Difference(place, "", now, "added")
        elif now is None:
            yield Difference(place, was, "", "removed")
        elif was.strip() != now.strip():
            yield Difference(place, was, now)


def _shown(line: Line) -> str:
    return " | ".join(line.cells)
