"""Two ways of the same work, timed in turn, so that what else the machine does touches both alike."""

import gc
import time
from collections.abc import Callable
from statistics import median

Work = Callable[[], object]


def ratio(numerator: Work, denominator: Work, pairs: int = 21, *, before: Work | None = None) -> float:
    """The median over pairs of slices; which comes first alternates. One pair runs before, unmeasured.

    `before` runs before each pair; its time does not count.
    """
    numerator()
    denominator()
    found = []
    for turn in range(pairs):
        if before:
            before()
        first, second = (numerator, denominator) if turn % 2 else (denominator, numerator)
        one, two = _seconds(first), _seconds(second)
        found.append(one / two if turn % 2 else two / one)
    return median(found)


def _seconds(work: Work) -> float:
    gc.collect()  # what was left over by the work before is not this work's
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def best(work: Work, times: int = 5) -> float:
    """Median seconds of one run."""
    return median(_seconds(work) for _ in range(times))


def figure(name: str, value: float) -> None:
    print(f"figure {name} {value:.3f}", flush=True)
