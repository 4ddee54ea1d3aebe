"""Where everything of a procedure's drawing lies, in pixels: boxes, lines, labels. No colours, no case."""

from functools import cache

from states.kernel import Procedure
from states.registry import PROCEDURES
from web.charts.states_grid import grid
from web.charts.states_labels import labels
from web.charts.states_lanes import Lanes
from web.charts.states_lines import lines
from web.charts.states_nets import nets
from web.charts.states_ports import Ports
from web.charts.states_shapes import BOX_HEIGHT, BOX_WIDTH, EDGE, Layout, Rect, Way


def layout(procedure: Procedure) -> Layout:
    """Kept for the plan's own procedures, which never change while the program runs."""
    return _known(procedure.id) if PROCEDURES.get(procedure.id) is procedure else worked_out(procedure)


@cache
def _known(id: str) -> Layout:
    return worked_out(PROCEDURES[id])


def worked_out(procedure: Procedure) -> Layout:
    """From columns to lanes to lines to labels."""
    cells = grid(procedure)
    ports = Ports(cells, nets(procedure, cells))
    lanes = Lanes(ports)
    drawn = {net.step.trigger: lines(net, lanes) for net in ports.nets}
    named = labels(lanes, drawn)
    ways = tuple(
        Way(net.step.trigger, tuple(drawn[net.step.trigger]), *named[net.step.trigger], net.back) for net in ports.nets
    )
    boxes = {
        state: Rect(ports.x[state], lanes.tops[row], BOX_WIDTH, BOX_HEIGHT) for state, (row, _) in cells.cells.items()
    }
    right = max([ports.width, *(way.label.right + EDGE for way in ways)])
    return Layout(right, lanes.height, boxes, ways)
