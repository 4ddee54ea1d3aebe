"""Columns of a procedure's drawing, and where at its box a line begins or ends."""

from collections import defaultdict

from states.kernel import STAY
from web.charts.states_grid import COLUMNS, Grid
from web.charts.states_nets import End, Net, Run
from web.charts.states_shapes import BOX_WIDTH, EDGE, GAP, SMALL
from web.charts.states_words import wrap


class Ports:
    """Everything that lies from left to right."""

    def __init__(self, grid: Grid, nets: list[Net]) -> None:
        self.grid, self.nets = grid, nets
        self.gap = GAP + (18 if grid.columns < COLUMNS else 0)
        #: State -> left side of its box.
        self.x = {s: EDGE + column * (BOX_WIDTH + self.gap) for s, (_, column) in grid.cells.items()}
        self._inner = EDGE + grid.columns * BOX_WIDTH + (grid.columns - 1) * self.gap
        #: Step -> its line in the right margin, where it has one.
        self.margins = {
            net.step.trigger: self._inner + 12 + 11 * place
            for place, net in enumerate(net for net in nets if any(run.margin for run in net.runs))
        }
        self._ports = self._straightened(self._spread())

    def at(self, trigger: str, end: End) -> float:
        return self._ports[trigger, end]

    @property
    def width(self) -> float:
        return (max(self.margins.values()) if self.margins else self._inner) + EDGE

    def span(self, net: Net, run: Run) -> tuple[float, float]:
        """From where to where a run reaches."""
        xs = [self.at(net.step.trigger, end) for end in run.ends]
        if run.margin:
            xs.append(self.margins[net.step.trigger])
        return min(xs), max(xs)

    def short_words(self, net: Net) -> tuple[str, ...]:
        """A step's title in the gap between two boxes."""
        return wrap(net.step.title, (self.gap - 11) / SMALL)

    def _spread(self) -> dict[tuple[str, End], float]:
        """Step and end -> x, spread over the side of the box, those that go left on the left."""
        sides: dict[tuple[str, int], list[tuple[float, int, str, End]]] = defaultdict(list)
        for place, net in enumerate(self.nets):
            for run in net.runs:
                for end in run.ends:
                    aim = self._aim(net, run, end)
                    sides[end.state, end.channel].append((aim, place, net.step.trigger, end))
        found = {}
        for (state, channel), ends in sides.items():
            # Half a step aside below, so that lines from above and from below do not meet in one.
            shift = 3 if channel > self.grid.cells[state][0] else -3
            step = (BOX_WIDTH - 12) / (len(ends) + 1)
            for n, (_, _, trigger, end) in enumerate(sorted(ends, key=lambda e: e[:3]), start=1):
                found[trigger, end] = self.x[state] + 6 + step * n + shift
        return found

    def _aim(self, net: Net, run: Run, end: End) -> float:
        others = [self.x[other.state] for other in run.ends if other is not end]
        if net.step.dest == STAY and len(net.step.sources) == 1:
            return self.x[end.state] + (2 if end.way == "in" else 1)
        return sum(others) / len(others) if others else self.x[end.state]

    def _straightened(self, ports: dict[tuple[str, End], float]) -> dict[tuple[str, End], float]:
        """A line between two boxes of one column becomes straight where there is room."""
        for net in self.nets:
            for run in net.runs:
                if len(run.sources) != 1 or run.dest is None or run.margin or run.sources[0].state == run.dest.state:
                    continue
                here, there = (net.step.trigger, run.sources[0]), (net.step.trigger, run.dest)
                if self.x[here[1].state] != self.x[there[1].state]:
                    continue
                side = (there[1].state, there[1].channel)
                others = [x for key, x in ports.items() if (key[1].state, key[1].channel) == side and key != there]
                if all(abs(ports[here] - x) >= 8 for x in others):
                    ports[there] = ports[here]
        return ports
