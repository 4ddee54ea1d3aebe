"""The demonstration's mines and their scripts, read from `plans/demo/`."""

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "plans" / "demo"


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a script: `173 @permit request_right_cancellation`."""

    day: int
    trigger: str
    #: Procedure of the tracks that take it; empty: the case itself.
    track: str = ""
    #: Which of the tracks, in the order in which they were opened.
    which: slice = field(default_factory=lambda: slice(None))
    values: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return f"@{self.track} {self.trigger}" if self.track else self.trigger


@dataclass(frozen=True, slots=True)
class Story:
    """A script and the procedure that it is a script of."""

    procedure: str
    lines: tuple[Line, ...]
    opens: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A story as one mine plays it: until a step, so many days ago."""

    story: Story
    start: date
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class DemoMine:
    """One fictional mine."""

    serial: int
    name: str
    holder: str
    mineral: str
    scale: str
    township: int
    #: Last day of its mining licence; None for a block.
    valid_to: date | None
    main: Part
    extras: tuple[Part, ...]

    @property
    def block(self) -> bool:
        return self.main.story.procedure == "new_right"


def mines(today: date) -> list[DemoMine]:
    """Every mine with its parts, dated back from a day."""
    stories = tomllib.loads((FOLDER / "stories.toml").read_text(encoding="utf-8"))
    with (FOLDER / "mines.csv").open(encoding="utf-8", newline="") as file:
        return [_mine(n, row, stories, today) for n, row in enumerate(csv.DictReader(file), 1)]


def _mine(serial: int, row: Mapping[str, str], stories: Mapping[str, dict[str, object]], today: date) -> DemoMine:
    words = {"route": row["route"], "year": str(today.year)}
    block = row["story"].startswith("new_right")
    kind = "矿区块" if block else "矿"
    extras = [extra.split(":") for extra in filter(None, row["extras"].split(";"))]
    place, mineral = row["place"], row["mineral"]
    return DemoMine(
        serial, f"演示{place}{mineral.removesuffix('矿')}{kind}", "" if block else f"演示{place}矿业有限公司", mineral,
        row["scale"], int(row["township"]), today + timedelta(days=int(row["valid"])) if row["valid"] else None,
        _part(stories, row["story"], row["until"], int(row["idle"]), words, today),
        tuple(_part(stories, name, until, int(idle), words, today) for name, until, idle in extras),
    )  # fmt: skip


def _part(
    stories: Mapping[str, dict[str, object]], name: str, until: str, idle: int, words: Mapping[str, str], today: date
) -> Part:
    given = stories[name]
    texts = given["lines"]
    assert isinstance(texts, list)
    lines = [_line(text.format(**words)) for text in texts]
    if until:
        last = max(n for n, line in enumerate(lines) if line.name == until)
        lines = lines[: last + 1]
    elif name in ("intake", "closure", "guided_exit", "new_right", "rectification", "fund"):
        lines = []  # just opened
    story = Story(_procedure(name), tuple(lines), _values(str(given.get("opens", "")).format(**words).split()))
    start = today - timedelta(days=(lines[-1].day if lines else 0) + idle)
    return Part(story, start, tuple(lines))


def _procedure(story: str) -> str:
    from states.registry import PROCEDURES

    return max((name for name in PROCEDURES if story.startswith(name)), key=len)


def _line(text: str) -> Line:
    day, *words = text.split()
    track, which = "", slice(None)
    if words[0].startswith("@"):
        track, _, span = words.pop(0)[1:].partition(":")
        if span:
            first, _, last = span.partition("-")
            which = slice(int(first), int(last))
    return Line(int(day), words[0], track, which, _values(words[1:]))


def _values(words: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple(_pairs(words))


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    for word in words:
        name, _, value = word.partition("=")
        yield name, value
