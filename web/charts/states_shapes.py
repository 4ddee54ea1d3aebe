"""What a procedure's drawing is made of, in pixels, and the measures that all of it keeps to."""

from collections.abc import Mapping
from dataclasses import dataclass

BOX_WIDTH, BOX_HEIGHT, GAP, EDGE = 92, 52, 78, 14
#: Letters on lines, and the height of their lines.
SMALL, LINE = 11, 13.5
LANE, BESIDE = 21, 11
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rect:
    """A box or the ground of a label."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def overlaps(self, other: "Rect") -> bool:
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True, slots=True)
class Line:
    """One way of a step; `source` is empty for what several ways share."""

    points: tuple[Point, ...]
    source: str = ""
    arrow: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """One step: its lines and its one label."""

    trigger: str
    lines: tuple[Line, ...]
    label: Rect
    words: tuple[str, ...]
    back: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole drawing."""

    width: float
    height: float
    boxes: Mapping[str, Rect]
    ways: tuple[Way, ...]
