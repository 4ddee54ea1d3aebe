"""Rows that mean no registered mine, or perhaps one: what a new mine would be registered with, and which are near."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import repeat
from typing import Any

from sqlmodel import Session

from office.sheets.columns import COLUMNS
from office.sheets.comparison import NOTHING, CellChange, Near, RowChange
from office.sheets.grid import Grid, Unread, spelled
from office.sheets.identity import Stranger
from office.sheets.listed import Listing
from office.sheets.matching import Known
from office.sheets.refusals import LISTED, OPEN, Refusals, locked
from office.sheets.register import Registered, Stored
from office.sheets.stamps import touched
from office.sheets.standing import standings, why_not
from office.sheets.wording import SheetWords


class NewRows:
    """The rows of one table that mean no registered mine exactly."""

    def __init__(
        self, grid: Grid, stored: Registered, refusals: Refusals, words: SheetWords, taken: Mapping[int, int],
        listing: Listing,
    ) -> None:  # fmt: skip
        """`taken`: mine -> the row that means it exactly."""
        self._grid, self._stored, self._refusals, self._words = grid, stored, refusals, words
        self._taken, self._listing = taken, listing

    def judged(self, session: Session, strangers: Sequence[Stranger], today: date) -> Iterator[RowChange]:
        """Each with what would be registered; what cannot be taken becomes a problem."""
        if not strangers:
            return
        self._check_unread(strangers)
        new = self._without_doubles(self._named(strangers))
        near = self._nearby(new)
        day, names = today.isoformat(), [name for name in self._grid.names if name not in (*LISTED, "name")]
        closer = self._closer(new, near, day)
        for one, said in zip(new, self._said(new, names), strict=True):
            if one.row in closer:
                values = {name: value for name, value in zip(names, said, strict=True) if value is not None}
                yield self._looked_at(session, one, values, near.get(one.row, ()), day)
            else:
                number = self._grid.row_number(one.row)
                yield RowChange(number, "", str(one.name), "new", names, said, NOTHING, self._words)

    def _check_unread(self, strangers: Sequence[Stranger]) -> None:
        for name in self._grid.names:
            column = self._grid.column(name)
            if name not in LISTED and self._grid.column_of(name) in self._grid.unread:
                for row, *_ in strangers:
                    if type(column[row]) is Unread:
                        self._refusals.add(row, name, column[row].reason)

    def _named(self, strangers: Sequence[Stranger]) -> list[Stranger]:
        """Those with a name; the others are problems."""
        column = "name" if "name" in self._grid.raw else "licence_number"
        for one in strangers:
            if not one.name and one.row not in self._refusals.rows:
                self._refusals.add(one.row, column, _nameless(one.licence))
        return [one for one in strangers if one.name]

    def _without_doubles(self, named: Sequence[Stranger]) -> list[Stranger]:
        """The first with each licence number, and with each name and holder; the others are problems."""
        of_key = {one.key: one.row for one in reversed(named)}
        of_licence = {one.licence: one.row for one in reversed(named) if one.licence and one.licence not in OPEN}
        if len(of_key) == len(named) == len(of_licence):
            return list(named)
        found = []
        for one in named:
            first = min(of_key[one.key], of_licence.get(one.licence or "", one.row))
            if first == one.row:
                found.append(one)
            else:
                number = self._grid.row_number(first)
                self._refusals.add(one.row, "name", f"与第 {number} 行重复（{one.name}）：请只留一行")
        return found

    def _nearby(self, new: Sequence[Stranger]) -> dict[int, list[tuple[Known, str]]]:
        """Row -> mines that it may mean, each with why."""
        asked = [one for one in new if one.row not in self._refusals.rows]
        found = self._stored.register.near([(one.licence, one.key[0], one.holder) for one in asked])
        return {asked[place].row: near for place, near in found.items()}

    def _said(self, new: Sequence[Stranger], names: Sequence[str]) -> Iterable[Sequence[Any]]:
        """The values of each row by these names, None for empty cells."""
        columns = [self._grid.column(name) for name in names]
        if len(new) < self._grid.height:
            columns = [[column[one.row] for one in new] for column in columns]
        return zip(*columns, strict=True) if columns else repeat((), len(new))

    def _closer(self, new: Sequence[Stranger], near: Mapping[int, Any], today: str) -> Container[int]:
        """Rows about which there is more to say than what they say."""
        grid = self._grid
        if self._listing.concerned or grid.shown or "code" in grid.raw:
            return range(grid.height)
        found = self._refusals.rows | near.keys()
        if "valid_to" in grid.names:
            last = grid.column("valid_to")
            first = grid.column("valid_from") if "valid_from" in grid.names else last
            found.update(
                row for row, *_ in new
                if row not in found and last[row] and (last[row] < today or (first[row] or "") > last[row])
            )  # fmt: skip
        return found

    def _looked_at(
        self, session: Session, one: Stranger, values: dict[str, Any], nearby: Sequence[tuple[Known, str]], today: str
    ) -> RowChange:
        row, grid, listing = one.row, self._grid, self._listing
        if row in self._refusals.rows:
            values = {name: value for name, value in values.items() if type(value) is not Unread}
        if "code" in values:
            self._refusals.add(row, "code", f"没有编号为“{str(values.pop('code'))[:20]}”的矿山：新矿山请留空")
        for shown in touched(grid, row) if grid.shown else ():
            self._refusals.add(row, shown, f"{why_not(shown, None)}。这座矿山还没有登记")
        self._refusals.check_term(row, values, values)
        near = tuple(self._near(session, row, values, self._stored.mines[mine.id], why) for mine, why in nearby)
        notes = _expired(values.get("valid_to"), today)
        if listing.concerned:
            for column, reason in () if near else listing.refusals(row, None):
                self._refusals.add(row, column, reason)
            values |= listing.values(row)
            notes = (*listing.notes(row, None), *notes)
        return RowChange(
            grid.row_number(row), "", str(one.name), "new", tuple(values), tuple(values.values()), NOTHING, self._words,
            near=near, notes=notes,
        )  # fmt: skip

    def _near(self, session: Session, row: int, said: Mapping[str, Any], mine: Stored, why: str) -> Near:
        """What the row would change if it were this mine; what identifies the mine stays as it is registered."""
        values: dict[str, Any] = {}
        refused: list[str] = []
        for name, value in said.items():
            if name in ("code", "name", "holder"):
                continue
            current = spelled(name, mine.values.get(name))
            if value == current or (name == "licence_number" and current not in OPEN):
                continue
            if locked(name, current):
                refused.append(f"{COLUMNS[name].field.label}：{why_not(name, None)}")
            elif name != "location" or current is not None or value != self._words.place(mine):
                values[name] = value
        if mine.id in self._taken:
            refused.append(f"第 {self._grid.row_number(self._taken[mine.id])} 行已经是这座矿山")
        if self._listing.concerned:
            here = Listing(self._grid, standings(session, [mine.id]))
            refused += [reason for _, reason in here.refusals(row, mine)]
        words = self._words
        changes = tuple(
            CellChange(name, words.label(name), words.of(name, mine.values.get(name)), words.of(name, value))
            for name, value in values.items()
        )
        return Near(mine.code, mine.values["name"], why, changes, tuple(refused), values)


def _expired(last: str | None, today: str) -> tuple[str, ...]:
    return (f"采矿许可证有效期至 {last}，已经过期：请核对。",) if last and last < today else ()


def _nameless(licence: str | None) -> str:
    if licence:
        return "这个许可证号没有登记过，又没有矿山名称：请核对许可证号，新矿山请补上名称"
    return "没有矿山名称：请补上，不需要的行请整行删去"
