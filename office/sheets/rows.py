"""The cells of a worksheet, kept by column: nearly all that is done with ten thousand rows is done column by column."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import overload

Cell = str | float | int | bool | date | datetime | None


class Rows(Sequence[Sequence[Cell]]):
    """Rows of equal length; each is made when somebody looks at it."""

    __slots__ = ("columns",)

    def __init__(self, columns: Iterable[list[Cell]] = ()) -> None:
        self.columns = list(columns)

    def extend(self, columns: Sequence[Sequence[Cell]]) -> None:
        """More rows below, column by column. Raises ValueError where they are not as many or as long as each other."""
        if len(set(map(len, columns))) > 1:
            raise ValueError
        if not self.columns:
            self.columns = [[] for _ in columns]
        for column, more in zip(self.columns, columns, strict=True):
            column.extend(more)

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    @overload
    def __getitem__(self, at: int) -> Sequence[Cell]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Sequence[Cell]]: ...
    def __getitem__(self, at: int | slice) -> Sequence[Cell] | Sequence[Sequence[Cell]]:
        if isinstance(at, slice):
            return list(zip(*(column[at] for column in self.columns), strict=True))
        if not self.columns:
            raise IndexError
        return [column[at] for column in self.columns]

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        return zip(*self.columns, strict=True)
