"""Stored values as people read them in a preview."""

from typing import Any

from office.sheets.cells import written
from office.sheets.columns import COLUMNS
from office.sheets.comparison import Words
from office.sheets.listed import LISTED_WAY, LISTED_YEAR
from office.sheets.register import Registered, Stored
from states.intake import ROUTES

_LABELS = {LISTED_WAY: "名录所列方式", LISTED_YEAR: "名录所列年度"}


class SheetWords(Words):
    """Of one comparison: it knows how places are called."""

    def __init__(self, stored: Registered) -> None:
        self._stored = stored

    def label(self, name: str) -> str:
        return _LABELS.get(name) or COLUMNS[name].field.label

    def of(self, name: str, value: Any) -> str:
        if name == LISTED_WAY:
            return ROUTES.get(str(value), str(value))
        if name == LISTED_YEAR or name not in COLUMNS:
            return "" if value is None else str(value)
        return written(COLUMNS[name], value, self._stored.place_names)

    def place(self, mine: Stored) -> str:
        """Where a block lies as far as its organs say, as lists print it."""
        names = (self._stored.place_names.get(str(mine.values[key]), "") for key in ("township_id", "village_id"))
        return " ".join(name for name in names if name)
