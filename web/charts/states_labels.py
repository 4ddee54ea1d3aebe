"""Where the name of each step stands in its procedure's drawing."""

from collections.abc import Mapping
from itertools import pairwise

from web.charts.states_lanes import Lanes
from web.charts.states_nets import Net, Run
from web.charts.states_shapes import BOX_HEIGHT, BOX_WIDTH, EDGE, LINE, SMALL, Line, Rect
from web.charts.states_words import ems

#: Step -> its lines.
Lines = Mapping[str, list[Line]]
_Label = tuple[Rect, tuple[str, ...]]


def labels(lanes: Lanes, lines: Lines) -> dict[str, _Label]:
    """Step -> the ground of its label and its words: short arrows first, then where there is room on the long lines."""
    nets = lanes.ports.nets
    found = {net.step.trigger: _short(net, lanes) for net in nets if net.direct}
    placed = [rect for rect, _ in found.values()]
    for net in nets:
        run = lanes.labelled(net)
        if run:
            rect = _long(net, run, lanes, lines, placed)
            placed.append(rect)
            found[net.step.trigger] = rect, (net.step.title,)
    return found


def _short(net: Net, lanes: Lanes) -> _Label:
    ports = lanes.ports
    words = ports.short_words(net)
    width, height = max(ems(w) for w in words) * SMALL, len(words) * LINE
    middle = ports.x[net.direct] + BOX_WIDTH + ports.gap / 2 - 2
    y = lanes.tops[ports.grid.cells[net.direct][0]] + BOX_HEIGHT / 2 - 5 - height
    return Rect(middle - width / 2, y, width, height), words


def _long(net: Net, run: Run, lanes: Lanes, lines: Lines, placed: list[Rect]) -> Rect:
    """On its lane, where no other line goes through it if there is such a place."""
    width, y = ems(net.step.title) * SMALL + 8, lanes.y(net.step.trigger, run.channel)
    low, high = lanes.ports.span(net, run)
    middle = max((low + high) / 2, EDGE + width / 2)
    crossing = _crossing(net, y, lines)
    ends = [lanes.ports.at(net.step.trigger, end) for end in run.ends]
    best, least = middle, 10**9
    for shift in range(max(int(high - low) // 4, 4)):
        # From the middle outwards, to the right and to the left by turns.
        x = middle + (4 * ((shift + 1) // 2)) * (1 if shift % 2 else -1)
        rect = Rect(x - width / 2, y - LINE / 2, width, LINE)
        if rect.x < EDGE / 2 or any(rect.overlaps(other) for other in placed):
            continue
        # Its own ends need room as well; a line through the words is worse than a label off the middle.
        hit = sum(3 for at in crossing if rect.x - 2 < at < rect.right + 2)
        hit += sum(1 for end in ends if rect.x - 3 < end < rect.right + 3)
        if hit < least:
            best, least = x, hit
        if hit == 0:
            break
    return Rect(best - width / 2, y - LINE / 2, width, LINE)


def _crossing(net: Net, y: float, lines: Lines) -> list[float]:
    """Where lines of other steps go up or down through a lane."""
    return [
        x
        for trigger, found in lines.items() if trigger != net.step.trigger
        for line in found
        for (x, top), (to_x, bottom) in pairwise(line.points)
        if x == to_x and min(top, bottom) < y + 8 and max(top, bottom) > y - 8
    ]  # fmt: skip
