"""What a list of the plan says about a mine: way and year. A list is remembered or agrees; it moves no case."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from office.sheets.grid import Grid, Unread
from office.sheets.register import Stored
from office.sheets.standing import Standing, why_not
from states.intake import INTAKE, ROUTES

#: What a new mine's survey case remembers of the list, in its facts.
LISTED_WAY, LISTED_YEAR = "listed_way", "listed_year"
_TICKS = {"tick_closure": "closure", "tick_guided_exit": "guided_exit"}


@dataclass(frozen=True)
class Listing:
    """The columns of a list, and where the registered mines stand."""

    grid: Grid
    standing: Mapping[int, Standing]

    @cached_property
    def concerned(self) -> bool:
        """Whether the table is a list at all."""
        return any(name in self.grid.raw for name in (*_TICKS, "exit_year", "transfer_year"))

    def values(self, row: int) -> dict[str, Any]:
        """What is kept for a new mine."""
        found = {LISTED_WAY: self._way(row), LISTED_YEAR: self._said("exit_year", row)}
        found["transfer_year"] = self._said("transfer_year", row)
        return {name: value for name, value in found.items() if value}

    def notes(self, row: int, mine: Stored | None) -> tuple[str, ...]:
        """What the list says and does not do."""
        way, year = self._way(row), self._said("exit_year", row)
        standing = self.standing.get(mine.id) if mine else None
        if not (way or year) or (standing and standing.procedure != INTAKE.id):
            return ()
        step = INTAKE.step(f"approve_{way}") if way else None
        how = f"要在案件中办理“{step.title}”" if step else "要由县政府审定"
        said = f"表上列为{ROUTES[way] if way else ''}{f'（{year}年）' if year else ''}"
        return (f"{said}：导入不改变环节，{'登记为建档摸底，' if mine is None else ''}列入名录{how}。",)

    def refusals(self, row: int, mine: Stored | None) -> Iterator[tuple[str, str]]:
        """Column and reason of what the list says against itself or against the mine's case."""
        if not self.concerned:
            return
        for name in (*_TICKS, "exit_year", "transfer_year"):
            if type(value := self._cell(name, row)) is Unread:
                yield name, value.reason
        yield from self._ticks(row)
        standing = self.standing.get(mine.id) if mine else None
        yield from self._against_case(row, standing)
        if "transfer_year" in self.grid.raw:
            yield from self._block(row, mine, standing)

    def _ticks(self, row: int) -> Iterator[tuple[str, str]]:
        if not all(name in self.grid.raw for name in _TICKS):
            return
        cells = [self._cell(name, row) for name in _TICKS]
        count = sum(cell is True for cell in cells)
        if count != 1 and not any(type(cell) is Unread for cell in cells):
            now = "两栏都勾了" if count else "两栏都没有勾"
            yield "tick_closure", f"“关闭取缔”和“引导退出”须且只须勾一栏，现在{now}"

    def _against_case(self, row: int, standing: Standing | None) -> Iterator[tuple[str, str]]:
        if standing is None or standing.procedure == INTAKE.id:
            return
        way, year = self._way(row), self._said("exit_year", row)
        if way and way != standing.procedure:
            column = next(name for name, its in _TICKS.items() if its == way)
            yield column, f"{why_not('route', standing)}。系统现在是“{standing.shown['route']}”"
        stored = str(standing.facts.get("exit_year") or "")
        if year and year != stored:
            yield "exit_year", f"{why_not('exit_year', standing)}。系统现在是“{stored or '空'}”"

    def _block(self, row: int, mine: Stored | None, standing: Standing | None) -> Iterator[tuple[str, str]]:
        year = self._said("transfer_year", row)
        if mine is None:
            if not year and self.grid.table.layout == "annex3" and type(self._cell("transfer_year", row)) is not Unread:
                yield "transfer_year", "拟设区块要有拟出让年度：请写成 2027 或 2027年"
        elif year and not mine.block:
            yield "transfer_year", f"{mine.values['name']} 是已登记的矿山，不是拟设区块：请核对名称"
        elif year and standing and year != str(standing.facts.get("transfer_year") or ""):
            now = standing.facts.get("transfer_year") or "空"
            yield "transfer_year", f"{why_not('transfer_year', standing)}。系统现在是“{now}”"

    def _way(self, row: int) -> str:
        ways = [way for name, way in _TICKS.items() if self._cell(name, row) is True]
        return ways[0] if len(ways) == 1 else ""

    def _said(self, name: str, row: int) -> str:
        value = self._cell(name, row)
        return "" if value is None or type(value) is Unread else str(value)

    def _cell(self, name: str, row: int) -> Any:
        return self.grid.column(name)[row] if name in self.grid.raw else None
