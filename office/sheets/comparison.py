"""What a sheet would change: the plain values that the preview shows and that taking it in writes."""

import marshal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from operator import attrgetter
from typing import Any, Literal, NamedTuple

#: What the fingerprint says of a row.
_TOLD = attrgetter("row", "mine_code", "mine_name", "kind", "stale", "said", "before")
#: Decisions about a row: a mine's code or NEW for one that is near a registered mine, SHEET or KEEP for a stale one.
NEW, SHEET, KEEP = "new", "sheet", "keep"
#: What is stored of a mine that is not registered.
NOTHING: Mapping[str, str] = {}


class Problem(NamedTuple):
    """One cell that cannot be taken; with any of them nothing is taken in."""

    sheet: str
    #: As Excel shows it, counted from 1.
    row: int
    #: Letter of the column; empty where the whole row is meant.
    column: str
    head: str
    value: str
    reason: str


class CellChange(NamedTuple):
    """One value, in words as people read them; `old` is empty for what was not known."""

    name: str
    label: str
    old: str
    new: str


class Near(NamedTuple):
    """A registered mine that a row may mean, and what the row would change about it."""

    code: str
    name: str
    why: str
    cells: tuple[CellChange, ...] = ()
    #: Why the row cannot be taken as this mine; empty where it can.
    refused: tuple[str, ...] = ()
    #: What would be written, by name, as it is stored.
    values: Mapping[str, Any] = {}


class Move(NamedTuple):
    """A running deadline that moves when the sheet is taken in."""

    case: str
    mine: str
    step: str
    old: str
    new: str


@dataclass(eq=False)
class RowChange:
    """One row of the sheet against the mine that it means."""

    #: As Excel shows it, counted from 1.
    row: int
    #: Empty for a mine that is not registered yet.
    mine_code: str
    mine_name: str
    kind: Literal["new", "changed", "same"]
    #: What would be written: names, often those of all columns, and for each the value as it is stored or None.
    names: Sequence[str]
    said: Sequence[Any]
    #: Name -> what is stored now, in words; names of a new mine are left out.
    before: Mapping[str, str] = field(default_factory=dict)
    #: Name -> (label, new value in words); shared by all rows for the label, made when it is looked at.
    words: "Words | None" = None
    #: Changed in the system since the sheet was exported: needs a decision.
    stale: bool = False
    near: tuple[Near, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def values(self) -> dict[str, Any]:
        """What would be written, by name, as it is stored."""
        return {name: value for name, value in zip(self.names, self.said, strict=True) if value is not None}

    @property
    def size(self) -> int:
        """How many values would be written."""
        return len(self.said) - self.said.count(None)

    @cached_property
    def cells(self) -> tuple[CellChange, ...]:
        """The changes, value by value."""
        assert self.words is not None
        return tuple(
            CellChange(name, self.words.label(name), self.before.get(name, ""), self.words.of(name, value))
            for name, value in self.values.items()
        )

    @property
    def undecided(self) -> bool:
        """Whether a person has to say what the row means."""
        return self.stale or bool(self.near)


class Words:
    """How stored values read; one for a whole comparison."""

    def label(self, name: str) -> str:
        raise NotImplementedError

    def of(self, name: str, value: Any) -> str:
        raise NotImplementedError


@dataclass(frozen=True)
class Comparison:
    """A sheet against what is stored. Rows that say what is stored already are counted and not listed."""

    #: `survey`, `annex2`, `annex3` or `free`.
    layout: str
    sheet: str
    rows: tuple[RowChange, ...]
    problems: tuple[Problem, ...]
    #: rows, new, changed, same, stale, near, values, problems, left_out
    counts: Mapping[str, int]
    #: What was left out or should be known about the whole sheet.
    notes: tuple[str, ...] = ()
    #: Running deadlines that would move; None where there are too many rows to rehearse.
    moves: tuple[Move, ...] | None = ()
    #: Code of each mine that may be changed -> its id, and what is stored of the values that would be written.
    stored: Mapping[str, tuple[int, Mapping[str, Any]]] = field(default_factory=dict)

    @cached_property
    def fingerprint(self) -> str:
        """Of all that would be written, whatever is decided; taking in wants the same one as was shown."""
        near = [
            (row.row, one.code, one.values, one.refused) for row in self.rows if row.near for one in row.near
        ]  # fmt: skip
        # Most rows name the same values: which they are is told once.
        names: dict[tuple[str, ...], int] = {}
        shapes = [names.setdefault(tuple(row.names), len(names)) for row in self.rows]
        rows, problems = list(map(_TOLD, self.rows)), list(map(tuple, self.problems))
        told = [rows, list(names), shapes, near, problems, self.layout, self.sheet]
        # Version 0 writes the values and nothing about how they lie in memory.
        whole = marshal.dumps(told, 0)
        return sha256(whole).hexdigest()

    @property
    def undecided(self) -> tuple[RowChange, ...]:
        return tuple(row for row in self.rows if row.undecided)

    @property
    def changes_nothing(self) -> bool:
        return all(row.kind == "same" for row in self.rows)


@dataclass(frozen=True, slots=True)
class Result:
    """What taking a sheet in came to."""

    #: Codes of the mines that were registered.
    new: tuple[str, ...]
    #: Codes of the mines of which values changed.
    changed: tuple[str, ...]
    #: How many values were written of registered mines.
    values: int
    #: Rows whose stored values were kept by decision.
    kept: int
    moves: tuple[Move, ...]
