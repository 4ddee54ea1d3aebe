"""Which lines a procedure's drawing has: short arrows between neighbours, and lines that run through a channel.

Channel c lies above row c of the boxes; the last one lies under the last row. A box reaches the channels above and
under its own row. What reaches further goes round by the right margin.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from states.kernel import STAY, Procedure, Step
from web.charts.states_grid import Grid, drawn_steps


@dataclass(frozen=True, slots=True)
class End:
    """One end of a line at a box; `way` tells several ends of a step at one box apart."""

    state: str
    channel: int
    way: str


@dataclass(slots=True)
class Run:
    """The part of a step's line that lies in one channel."""

    channel: int
    sources: list[End] = field(default_factory=list)
    dest: End | None = None
    #: Goes on to (or comes from) the right margin.
    margin: bool = False

    @property
    def ends(self) -> list[End]:
        return [*self.sources, *([self.dest] if self.dest else [])]


@dataclass(slots=True)
class Net:
    """One step as it is drawn."""

    step: Step
    #: The state from whose box a short arrow goes straight to the next one.
    direct: str = ""
    runs: list[Run] = field(default_factory=list)
    #: Leads back, or leaves the case where it is.
    back: bool = False


def nets(procedure: Procedure, grid: Grid) -> list[Net]:
    """All lines, in the order of the file."""
    load: dict[int, int] = defaultdict(int)
    taken: set[str] = set()
    found = []
    for step in sorted(drawn_steps(procedure), key=lambda s: s.exceptional or s.by_clock):
        net = Net(step, back=_is_back(step, grid))
        # One label on a short arrow says nothing of long lines beside it; only the usual way may have both.
        if len(step.sources) == 1 or not step.exceptional:
            net.direct = next((s for s in step.sources if s not in taken and _neighbours(s, step.dest, grid)), "")
        taken.add(net.direct)
        rest = [s for s in step.sources if s != net.direct]
        net.runs = _runs(step, rest, grid, load, back=net.back) if rest else []
        for run in net.runs:
            load[run.channel] += 1
        found.append(net)
    order = {step.trigger: place for place, step in enumerate(procedure.steps)}
    return sorted(found, key=lambda net: order[net.step.trigger])


def _neighbours(source: str, dest: str, grid: Grid) -> bool:
    if dest == STAY:
        return False
    (row, column), (to_row, to_column) = grid.cells[source], grid.cells[dest]
    return row == to_row and to_column == column + 1


def _is_back(step: Step, grid: Grid) -> bool:
    if step.dest == STAY:
        return True
    main = {state: place for place, state in enumerate(grid.main)}
    first = min(main.get(source, 99) for source in step.sources)
    return step.exceptional and step.dest in main and main[step.dest] <= first


def _runs(step: Step, sources: list[str], grid: Grid, load: dict[int, int], *, back: bool) -> list[Run]:
    row_of = {state: cell[0] for state, cell in grid.cells.items()}
    if step.dest == STAY:
        return _staying(sources, row_of, load, grid.rows)
    home, runs = row_of[step.dest], {}

    def run_in(channel: int) -> Run:
        if channel not in runs:
            runs[channel] = Run(channel)
        return runs[channel]

    near = {s: _channel(row_of[s], home) for s in sources}
    beside = [s for s in sources if near[s] is None]
    for source, channel in near.items():
        if channel is not None:
            run_in(channel).sources.append(End(source, channel, "out"))
    if beside:
        reached = [c for c in runs if c in (home, home + 1)]
        channel = reached[0] if reached else _quieter(home, grid.rows, load, back=back)
        run_in(channel).sources += [End(s, channel, "out") for s in beside]
    return _joined(step.dest, home, runs, run_in)


def _joined(dest: str, home: int, runs: dict[int, Run], run_in: object) -> list[Run]:
    """Runs that touch the row of the target end there; the others go round by the margin."""
    assert callable(run_in)
    far = [c for c in runs if c not in (home, home + 1)]
    if far:
        touching = [c for c in runs if c in (home, home + 1)]
        entry = touching[0] if touching else (home if far[0] < home else home + 1)
        run_in(entry).margin = True
        for channel in far:
            runs[channel].margin = True
    for channel, run in runs.items():
        if channel in (home, home + 1):
            run.dest = End(dest, channel, "in")
    return [runs[channel] for channel in sorted(runs)]


def _channel(row: int, home: int) -> int | None:
    """The channel through which a box of one row reaches another row; None within one row."""
    if row == home:
        return None
    return row + 1 if row < home else row


def _quieter(row: int, rows: int, load: dict[int, int], *, back: bool) -> int:
    """The channel above or under a row, for a line within it."""
    above, under = load[row], load[row + 1]
    if row == 0:
        above -= 2
    if row == rows - 1:
        under -= 2
    above -= 1 if back else -1
    return row if above <= under else row + 1


def _staying(sources: list[str], row_of: dict[str, int], load: dict[int, int], rows: int) -> list[Run]:
    """Lines of a step that changes no state: as few channels as reach all its boxes."""
    left, runs = list(sources), []
    while left:
        channel = max(range(rows + 1), key=lambda c: (_reached(left, c, row_of), -load[c], -c))
        here = [s for s in left if row_of[s] in (channel - 1, channel)]
        run = Run(channel, [End(s, channel, "out") for s in here])
        if len(sources) == 1:
            run.dest = End(sources[0], channel, "in")
        runs.append(run)
        left = [s for s in left if s not in here]
    for run in runs:
        run.margin = len(runs) > 1
    return runs


def _reached(states: Iterable[str], channel: int, row_of: dict[str, int]) -> int:
    return sum(row_of[state] in (channel - 1, channel) for state in states)
