"""Rows and channels of a procedure's drawing, and which lane of a channel each line takes."""

from web.charts.states_nets import Net, Run
from web.charts.states_ports import Ports
from web.charts.states_shapes import BESIDE, BOX_HEIGHT, LANE, LINE, SMALL
from web.charts.states_words import ems

#: How long a line is, from where to where it reaches, and its step.
_Reach = tuple[float, float, float, str]


class Lanes:
    """Everything that lies from top to bottom."""

    def __init__(self, ports: Ports) -> None:
        self.ports, self._grid = ports, ports.grid
        #: Step and channel -> lane, counted from above; and how many lanes each channel has.
        self._lanes: dict[tuple[str, int], int] = {}
        self._counts = {channel: self._pack(channel) for channel in range(self._grid.rows + 1)}
        #: Row -> upper side of its boxes.
        self.tops = {row: self._top(row) + self._height(row) for row in range(self._grid.rows)}

    @property
    def height(self) -> float:
        return self._top(self._grid.rows) + self._height(self._grid.rows)

    def y(self, trigger: str, channel: int) -> float:
        """Where a step's line lies in a channel."""
        return self._top(channel) + BESIDE + LANE * (self._lanes[trigger, channel] + 0.5)

    def labelled(self, net: Net) -> Run | None:
        """The run that bears the step's label; None where its short arrow does."""

        def room(run: Run) -> tuple[int, float]:
            low, high = self.ports.span(net, run)
            return len(run.sources), high - low

        return None if net.direct else max(net.runs, key=room)

    def _pack(self, channel: int) -> int:
        """Gives the lines of a channel their lanes, short ones nearest to their boxes; answers how many there are."""
        groups, total = self._groups(channel), 0
        for touches in (0, 1, 2):
            used: list[list[tuple[float, float]]] = []
            mine: dict[str, int] = {}
            for _, low, high, trigger in sorted(groups[touches]):
                free = (n for n, spans in enumerate(used) if all(high + 10 < a or b + 10 < low for a, b in spans))
                lane = next(free, len(used))
                if lane == len(used):
                    used.append([])
                used[lane].append((low, high))
                mine[trigger] = lane
            for trigger, lane in mine.items():
                self._lanes[trigger, channel] = total + (len(used) - 1 - lane if touches == 2 else lane)
            total += len(used)
        return total

    def _groups(self, channel: int) -> dict[int, list[_Reach]]:
        """The lines of a channel, with room for their labels, by the rows that they touch."""
        groups: dict[int, list[_Reach]] = {0: [], 1: [], 2: []}
        for net in self.ports.nets:
            for run in net.runs:
                if run.channel == channel:
                    low, high = self.ports.span(net, run)
                    if self.labelled(net) is run:
                        half = ems(net.step.title) * SMALL / 2 + 8
                        middle = (low + high) / 2
                        low, high = min(low, middle - half), max(high, middle + half)
                    groups[self._touches(run)].append((high - low, low, high, net.step.trigger))
        return groups

    def _touches(self, run: Run) -> int:
        """0: only the row above the channel; 2: only the row under it; 1: both, or the margin."""
        rows = {self._grid.cells[end.state][0] for end in run.ends}
        if len(rows) > 1 or run.margin:
            return 1
        return 0 if rows == {run.channel - 1} else 2

    def _head(self, row: int) -> float:
        """Room above a row for the labels of its short arrows that stand higher than the boxes."""
        nets = (net for net in self.ports.nets if net.direct and self._grid.cells[net.direct][0] == row)
        return max([0.0, *(len(self.ports.short_words(net)) * LINE + 7 - BOX_HEIGHT / 2 for net in nets)])

    def _height(self, channel: int) -> float:
        lanes = self._counts[channel] * LANE
        head = self._head(channel) if channel < self._grid.rows else 0
        outer = channel in (0, self._grid.rows)
        return head + ((lanes + 2 * BESIDE) if lanes else 12 if outer else 34)

    def _top(self, channel: int) -> float:
        return sum(self._height(c) + BOX_HEIGHT for c in range(channel))
