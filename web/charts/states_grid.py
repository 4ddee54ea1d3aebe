"""Which cell of a grid each state of a procedure stands in: the usual way in rows, side states near where they branch."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from states.kernel import STAY, Procedure, Step

#: Boxes in a row at most.
COLUMNS = 7
Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """Row and column of every state."""

    cells: Mapping[str, Cell]
    main: tuple[str, ...]

    @property
    def rows(self) -> int:
        return 1 + max(row for row, _ in self.cells.values())

    @property
    def columns(self) -> int:
        return 1 + max(column for _, column in self.cells.values())


def drawn_steps(procedure: Procedure) -> tuple[Step, ...]:
    """All but the standing steps, which every open state has."""
    return tuple(step for step in procedure.steps if not step.clock)


def grid(procedure: Procedure) -> Grid:
    """The best of a few arrangements; the same procedure always gets the same."""
    main = main_path(procedure)
    side = _side_states(procedure, main)
    edges = _edges(procedure)
    best: tuple[float, dict[str, Cell]] | None = None
    for columns in range(min(COLUMNS, max(4, len(main))), 3, -1):
        for between in (False, True):
            cells, free = _start(main, side, columns, between=between)
            cost, settled = _settle(cells, side, free, edges)
            cost += 9 * len({row for row, _ in settled.values()}) + 2.5 * (COLUMNS - columns)
            if best is None or cost < best[0] - 1e-9:
                best = cost, settled
    assert best is not None
    return Grid(_closed_up(best[1]), main)


def main_path(procedure: Procedure) -> tuple[str, ...]:
    """The longest way from the first state by usual steps; of equal ones the first in the file."""

    def longest(path: tuple[str, ...]) -> tuple[str, ...]:
        best = path
        for step in procedure.steps_from(path[-1]):
            usual = not (step.exceptional or step.by_clock or step.clock) and step.dest != STAY
            if usual and step.dest not in path and len(found := longest((*path, step.dest))) > len(best):
                best = found
        return best

    return longest((procedure.initial,))


def _side_states(procedure: Procedure, main: tuple[str, ...]) -> list[str]:
    """The others, those that follow one another side by side."""
    order: list[str] = []
    for state in procedure.states:
        here = state.id
        while here not in main and here not in order:
            order.append(here)
            ahead = [s.dest for s in procedure.steps_from(here) if s.dest != STAY and len(s.sources) == 1]
            here = next((dest for dest in ahead if dest not in main and dest not in order), here)
    return order


def _edges(procedure: Procedure) -> list[tuple[str, str]]:
    return [(s, step.dest) for step in drawn_steps(procedure) for s in step.sources if step.dest != STAY]


def _start(
    main: tuple[str, ...], side: list[str], columns: int, *, between: bool
) -> tuple[dict[str, Cell], list[Cell]]:
    """The usual way row by row, side states in the cells left over; `between` keeps a row of its own for them."""
    cells: dict[str, Cell] = {}
    for place, state in enumerate(main):
        row, column = divmod(place, columns)
        cells[state] = (row + 1 if between and row else row, column)
    used = set(cells.values())
    last = max(row for row, _ in used)
    extra = -(-len(side) // columns) + 1
    first = 1 if between or last == 0 else last
    free = [(r, c) for r in range(first, last + extra + 1) for c in range(columns) if (r, c) not in used]
    return cells | dict(zip(side, free, strict=False)), free


def _settle(
    cells: dict[str, Cell], side: list[str], free: list[Cell], edges: list[tuple[str, str]]
) -> tuple[float, dict[str, Cell]]:
    """Moves side states to other places in the row of free cells as long as that makes the lines shorter."""
    fixed = {state: cell for state, cell in cells.items() if state not in side}
    order: list[str] = [*side, *[""] * (len(free) - len(side))]

    def placed(order: list[str]) -> dict[str, Cell]:
        return fixed | {state: cell for state, cell in zip(order, free, strict=True) if state}

    best, improved = _cost(placed(order), edges), True
    while improved:
        improved = False
        for tried in _other_orders(order):
            if (cost := _cost(placed(tried), edges)) < best - 1e-9:
                order, best, improved = tried, cost, True
                break
    return best, placed(order)


def _other_orders(order: list[str]) -> Iterator[list[str]]:
    """One to three neighbours taken out and put in elsewhere; or two places that change."""
    for length in (1, 2, 3):
        for start in range(len(order) - length + 1):
            block = order[start : start + length]
            if not any(block):
                continue
            rest = order[:start] + order[start + length :]
            yield from (rest[:to] + block + rest[to:] for to in range(len(rest) + 1) if to != start)
    for one in range(len(order)):
        for other in range(one):
            if order[one] or order[other]:
                tried = list(order)
                tried[one], tried[other] = order[other], order[one]
                yield tried


def _cost(cells: Mapping[str, Cell], edges: Iterable[tuple[str, str]]) -> float:
    total = sum(1.2 * row for row, _ in cells.values())
    for source, dest in edges:
        (row, column), (to_row, to_column) = cells[source], cells[dest]
        across, down = to_column - column, abs(to_row - row)
        if down == 0 and across == 1:
            continue
        total += 1.5 + abs(across) + 1.5 * down + (8 if down > 1 else 0) + (1.2 if across < 0 and down == 0 else 0)
    return total


def _closed_up(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """Without empty rows and columns."""
    rows = {row: n for n, row in enumerate(sorted({row for row, _ in cells.values()}))}
    columns = {column: n for n, column in enumerate(sorted({column for _, column in cells.values()}))}
    return {state: (rows[row], columns[column]) for state, (row, column) in cells.items()}
