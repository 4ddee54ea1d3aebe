"""The lines of a step in its procedure's drawing, from box to box."""

from states.kernel import STAY
from web.charts.states_lanes import Lanes
from web.charts.states_nets import End, Net, Run
from web.charts.states_shapes import BOX_HEIGHT, BOX_WIDTH, Line, Point


def lines(net: Net, lanes: Lanes) -> list[Line]:
    """A short arrow, one line for each box that the step begins at, and what ties them together."""
    ports, found = lanes.ports, []
    if net.direct:
        row, _ = ports.grid.cells[net.direct]
        y, x = lanes.tops[row] + BOX_HEIGHT / 2, ports.x[net.direct] + BOX_WIDTH
        found.append(Line(((x, y), (x + ports.gap, y)), net.direct, arrow=True))
    home = next((run for run in net.runs if run.dest), None)
    for run in net.runs:
        into = run if run.dest else home
        found += [_line(net.step.trigger, source, run, into, lanes) for source in run.sources]
    return found + _brackets(net, lanes)


def _line(trigger: str, source: End, run: Run, into: Run | None, lanes: Lanes) -> Line:
    """From a box into its channel, round by the margin where the box it leads to lies at another one."""
    ports = lanes.ports
    points = [_touch(trigger, source, lanes), (ports.at(trigger, source), lanes.y(trigger, run.channel))]
    if into and into is not run:
        points += [(ports.margins[trigger], lanes.y(trigger, channel)) for channel in (run.channel, into.channel)]
    if into and into.dest:
        points += [
            (ports.at(trigger, into.dest), lanes.y(trigger, into.channel)),
            _touch(trigger, into.dest, lanes),
        ]
    return Line(_simplified(points), source.state, arrow=bool(into and into.dest))


def _brackets(net: Net, lanes: Lanes) -> list[Line]:
    """What ties the boxes of a step that changes no state."""
    trigger = net.step.trigger
    if net.step.dest != STAY or len(net.step.sources) == 1:
        return []
    found = []
    for run in net.runs:
        low, high = lanes.ports.span(net, run)
        y = lanes.y(trigger, run.channel)
        found.append(Line(((low, y), (high, y))))
    if len(net.runs) > 1:
        x, ys = lanes.ports.margins[trigger], [lanes.y(trigger, run.channel) for run in net.runs]
        found.append(Line(((x, min(ys)), (x, max(ys)))))
    return found


def _touch(trigger: str, end: End, lanes: Lanes) -> Point:
    row, _ = lanes.ports.grid.cells[end.state]
    return lanes.ports.at(trigger, end), lanes.tops[row] + (BOX_HEIGHT if end.channel > row else 0)


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
