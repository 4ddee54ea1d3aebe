"""Chinese text on a terminal: it breaks anywhere, but not inside a date, a number or a clause, nor before a comma."""

import re
from collections.abc import Iterable, Iterator

from rich.cells import cell_len, chop_cells
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

from minecase.cli.common import text

_UNIT = re.compile(
    r"[“（《〔]*(?:[一二三四五]\([一二三四五]\)[\d()¶#]*|附件\d(?:#\d)?|\(.\)|[!-'*-~]+(?: [天项件份次字])?|.)[、，。；：）”》〕)]*"
)


class Words:
    """A few lines of text, each wrapped to the width it is given; every invisible character shown as □."""

    def __init__(self, *lines: object, style: str = "") -> None:
        self.lines = [text(line) for line in lines if line]
        self.style = style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        wrapped = (part for line in self.lines for part in _wrap(line, options.max_width))
        yield Text("\n".join(wrapped), style=self.style, no_wrap=True, overflow="ignore")

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        units = max((cell_len(u) for line in self.lines for u in _units(line, options.max_width)), default=0)
        return Measurement(units, max((cell_len(line) for line in self.lines), default=0))


def _units(line: str, width: int) -> Iterator[str]:
    """What should stay together, cut only where it is wider than everything."""
    for unit in _UNIT.findall(line):
        yield from [unit] if cell_len(unit) <= width else chop_cells(unit, width)


def _wrap(line: str, width: int) -> Iterable[str]:
    lines, room = [""], width
    for unit in _units(line, width):
        if cell_len(unit) > room:
            lines.append("")
            room = width
        lines[-1] += unit
        room -= cell_len(unit)
    return [part.strip() for part in lines]
