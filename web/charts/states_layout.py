"""Where everything of a procedure's drawing lies, in pixels: boxes, lines, labels. No colours, no case."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from states.kernel import STAY, Procedure
from states.registry import PROCEDURES
from web.charts.states_grid import COLUMNS, Grid, grid
from web.charts.states_nets import End, Net, Run, nets
from web.charts.states_words import ems, wrap

BOX_WIDTH, BOX_HEIGHT, GAP, EDGE = 92, 52, 78, 14
#: Letters on lines, and the height of their lines.
SMALL, LINE = 11, 13.5
LANE, BESIDE = 21, 11
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rect:
    """A box or the ground of a label."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def overlaps(self, other: "Rect") -> bool:
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True, slots=True)
class Line:
    """One way of a step; `source` is empty for what several ways share."""

    points: tuple[Point, ...]
    source: str = ""
    arrow: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """One step: its lines and its one label."""

    trigger: str
    lines: tuple[Line, ...]
    label: Rect
    words: tuple[str, ...]
    back: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole drawing."""

    width: float
    height: float
    boxes: Mapping[str, Rect]
    ways: tuple[Way, ...]


def layout(procedure: Procedure) -> Layout:
    """Kept for the plan's own procedures, which never change while the program runs."""
    return _known(procedure.id) if PROCEDURES.get(procedure.id) is procedure else _Plan(procedure).drawn()


@cache
def _known(id: str) -> Layout:
    return _Plan(PROCEDURES[id]).drawn()


class _Plan:
    """Works the layout out, from columns to lanes to labels."""

    def __init__(self, procedure: Procedure) -> None:
        self.grid: Grid = grid(procedure)
        self.nets: list[Net] = nets(procedure, self.grid)
        self.gap = GAP + (18 if self.grid.columns < COLUMNS else 0)
        self.x = {s: EDGE + column * (BOX_WIDTH + self.gap) for s, (_, column) in self.grid.cells.items()}
        self.inner = EDGE + self.grid.columns * BOX_WIDTH + (self.grid.columns - 1) * self.gap
        self.margins = {
            net.step.trigger: self.inner + 12 + 11 * place
            for place, net in enumerate(net for net in self.nets if any(run.margin for run in net.runs))
        }
        self.ports = self._ports()
        self.lanes, self.counts = self._lanes()
        self.tops = self._tops()

    @property
    def width(self) -> float:
        return (max(self.margins.values()) if self.margins else self.inner) + EDGE

    def drawn(self) -> Layout:
        boxes = {
            state: Rect(self.x[state], self.tops[row], BOX_WIDTH, BOX_HEIGHT)
            for state, (row, _) in self.grid.cells.items()
        }
        labels = self._labels()
        ways = tuple(
            Way(net.step.trigger, tuple(self._lines(net)), *labels[net.step.trigger], net.back) for net in self.nets
        )
        right = max([self.width, *(way.label.right + EDGE for way in ways)])
        return Layout(right, self._channel_top(self.grid.rows) + self._channel_height(self.grid.rows), boxes, ways)

    # --- ports: where at its box a line begins or ends

    def _ports(self) -> dict[tuple[str, End], float]:
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
        return self._straightened(found)

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

    # --- lanes: which line of a channel each run takes

    def _span(self, net: Net, run: Run) -> tuple[float, float]:
        xs = [self.ports[net.step.trigger, end] for end in run.ends]
        if run.margin:
            xs.append(self.margins[net.step.trigger])
        return min(xs), max(xs)

    def _labelled(self, net: Net) -> Run | None:
        """The run that bears the step's label; None where its short arrow does."""

        def room(run: Run) -> tuple[int, float]:
            low, high = self._span(net, run)
            return len(run.sources), high - low

        return None if net.direct else max(net.runs, key=room)

    def _lanes(self) -> tuple[dict[tuple[str, int], int], dict[int, int]]:
        """Step and channel -> lane, counted from above; and how many lanes each channel has."""
        lanes: dict[tuple[str, int], int] = {}
        counts: dict[int, int] = {}
        for channel in range(self.grid.rows + 1):
            groups: dict[int, list[tuple[float, float, float, str]]] = {0: [], 1: [], 2: []}
            for net in self.nets:
                for run in net.runs:
                    if run.channel == channel:
                        low, high = self._span(net, run)
                        if self._labelled(net) is run:
                            half = ems(net.step.title) * SMALL / 2 + 8
                            middle = (low + high) / 2
                            low, high = min(low, middle - half), max(high, middle + half)
                        groups[self._touches(run)].append((high - low, low, high, net.step.trigger))
            counts[channel] = self._pack(channel, groups, lanes)
        return lanes, counts

    def _touches(self, run: Run) -> int:
        """0: only the row above the channel; 2: only the row under it; 1: both, or the margin."""
        rows = {self.grid.cells[end.state][0] for end in run.ends}
        if len(rows) > 1 or run.margin:
            return 1
        return 0 if rows == {run.channel - 1} else 2

    @staticmethod
    def _pack(
        channel: int, groups: dict[int, list[tuple[float, float, float, str]]], lanes: dict[tuple[str, int], int]
    ) -> int:
        """Short lines lie nearest to their boxes."""
        total = 0
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
                lanes[trigger, channel] = total + (len(used) - 1 - lane if touches == 2 else lane)
            total += len(used)
        return total

    # --- heights

    def _head(self, row: int) -> float:
        """Room above a row for the labels of its short arrows that stand higher than the boxes."""
        lines = [
            len(self._short_words(net)) for net in self.nets if net.direct and self.grid.cells[net.direct][0] == row
        ]
        return max([0.0, *(count * LINE + 7 - BOX_HEIGHT / 2 for count in lines)])

    def _channel_height(self, channel: int) -> float:
        lanes = self.counts[channel] * LANE
        head = self._head(channel) if channel < self.grid.rows else 0
        outer = channel in (0, self.grid.rows)
        return head + ((lanes + 2 * BESIDE) if lanes else 12 if outer else 34)

    def _channel_top(self, channel: int) -> float:
        return sum(self._channel_height(c) + BOX_HEIGHT for c in range(channel))

    def _tops(self) -> dict[int, float]:
        return {row: self._channel_top(row) + self._channel_height(row) for row in range(self.grid.rows)}

    def _lane_y(self, trigger: str, channel: int) -> float:
        return self._channel_top(channel) + BESIDE + LANE * (self.lanes[trigger, channel] + 0.5)

    # --- lines

    def _lines(self, net: Net) -> list[Line]:
        trigger = net.step.trigger
        found = []
        if net.direct:
            row, _ = self.grid.cells[net.direct]
            y, x = self.tops[row] + BOX_HEIGHT / 2, self.x[net.direct] + BOX_WIDTH
            found.append(Line(((x, y), (x + self.gap, y)), net.direct, arrow=True))
        home = next((run for run in net.runs if run.dest), None)
        for run in net.runs:
            for source in run.sources:
                points = [
                    self._touch(trigger, source),
                    (self.ports[trigger, source], self._lane_y(trigger, run.channel)),
                ]
                into = run if run.dest else home
                if into and into is not run:
                    points += self._round(trigger, run, into)
                if into and into.dest:
                    points += [
                        (self.ports[trigger, into.dest], self._lane_y(trigger, into.channel)),
                        self._touch(trigger, into.dest),
                    ]
                found.append(Line(_simplified(points), source.state, arrow=bool(into and into.dest)))
        return found + self._brackets(net)

    def _round(self, trigger: str, run: Run, into: Run) -> list[Point]:
        x = self.margins[trigger]
        return [(x, self._lane_y(trigger, run.channel)), (x, self._lane_y(trigger, into.channel))]

    def _brackets(self, net: Net) -> list[Line]:
        """What ties the boxes of a step that changes no state."""
        trigger = net.step.trigger
        if net.step.dest != STAY or len(net.step.sources) == 1:
            return []
        found = []
        for run in net.runs:
            low, high = self._span(net, run)
            y = self._lane_y(trigger, run.channel)
            found.append(Line(((low, y), (high, y))))
        if len(net.runs) > 1:
            ys = [self._lane_y(trigger, run.channel) for run in net.runs]
            found.append(Line(((self.margins[trigger], min(ys)), (self.margins[trigger], max(ys)))))
        return found

    def _touch(self, trigger: str, end: End) -> Point:
        row, _ = self.grid.cells[end.state]
        return self.ports[trigger, end], self.tops[row] + (BOX_HEIGHT if end.channel > row else 0)

    # --- labels

    def _short_words(self, net: Net) -> tuple[str, ...]:
        return wrap(net.step.title, (self.gap - 11) / SMALL)

    def _labels(self) -> dict[str, tuple[Rect, tuple[str, ...]]]:
        found: dict[str, tuple[Rect, tuple[str, ...]]] = {}
        for net in self.nets:
            if net.direct:
                found[net.step.trigger] = self._short_label(net)
        placed = [rect for rect, _ in found.values()]
        for net in self.nets:
            run = self._labelled(net)
            if run:
                rect = self._long_label(net, run, placed)
                placed.append(rect)
                found[net.step.trigger] = rect, (net.step.title,)
        return found

    def _short_label(self, net: Net) -> tuple[Rect, tuple[str, ...]]:
        words = self._short_words(net)
        width, height = max(ems(w) for w in words) * SMALL, len(words) * LINE
        middle = self.x[net.direct] + BOX_WIDTH + self.gap / 2 - 2
        y = self.tops[self.grid.cells[net.direct][0]] + BOX_HEIGHT / 2 - 5 - height
        return Rect(middle - width / 2, y, width, height), words

    def _long_label(self, net: Net, run: Run, placed: list[Rect]) -> Rect:
        """On its lane, where no other line goes through it if there is such a place."""
        width, y = ems(net.step.title) * SMALL + 8, self._lane_y(net.step.trigger, run.channel)
        low, high = self._span(net, run)
        middle = max((low + high) / 2, EDGE + width / 2)
        crossing = self._crossing(net, y)
        best, least = middle, 10**9
        for shift in range(max(int(high - low) // 4, 4)):
            # From the middle outwards, to the right and to the left by turns.
            x = middle + (4 * ((shift + 1) // 2)) * (1 if shift % 2 else -1)
            rect = Rect(x - width / 2, y - LINE / 2, width, LINE)
            if rect.x < EDGE / 2 or any(rect.overlaps(other) for other in placed):
                continue
            # Its own ends need room as well; a line through the words is worse than a label off the middle.
            hit = sum(3 for at in crossing if rect.x - 2 < at < rect.right + 2)
            hit += sum(1 for end in run.ends if rect.x - 3 < self.ports[net.step.trigger, end] < rect.right + 3)
            if hit < least:
                best, least = x, hit
            if hit == 0:
                break
        return Rect(best - width / 2, y - LINE / 2, width, LINE)

    def _crossing(self, net: Net, y: float) -> list[float]:
        """Where lines of other steps go up or down through a lane."""
        found = []
        for other in self.nets:
            if other is net:
                continue
            for line in self._lines(other):
                for (x, top), (to_x, bottom) in pairwise(line.points):
                    if x == to_x and min(top, bottom) < y + 8 and max(top, bottom) > y - 8:
                        found.append(x)
        return found


def _simplified(points: list[Point]) -> tuple[Point, ...]:
    """Without points that lie on the way between their neighbours."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept.pop()
        kept.append(point)
    return tuple(kept)
