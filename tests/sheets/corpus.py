"""Bad workbooks, every one made here: what may come in through an upload, and what must become of it.

Refused ones get a sentence with `says` in it; those that are read hold something for later stages to name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from tests.sheets import corpus_content, corpus_packages, corpus_pretenders


@dataclass(frozen=True)
class BadFile:
    """`id` says what is wrong with it; `expected` whether it is read; `says` what its sentence must hold.

    `cells` are some of those that are read, by row and column, counted from 0.
    """

    id: str
    filename: str
    made: bytes | Callable[[], bytes]
    expected: Literal["read", "refused"]
    says: str = ""
    cells: tuple[tuple[int, int, object], ...] = ()

    @property
    def data(self) -> bytes:
        """The large ones are only made when they are asked for."""
        return self.made if isinstance(self.made, bytes) else self.made()


@cache
def corpus() -> tuple[BadFile, ...]:
    """All of them."""
    return tuple(
        BadFile(title, filename, made, "refused" if says else "read", says, *cells)
        for part in (corpus_packages, corpus_pretenders, corpus_content)
        for title, filename, made, says, *cells in part.made()
    )
