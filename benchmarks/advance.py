"""One durable step, and fifty at once, beside the same statements by hand.

The two steps of an upgrade's commitment letter send a case to and fro for ever: the letter is drafted (a document,
five fields, two guards), and sent back. Each closes a deadline, opens one and tells the organ that acts next.
"""

from typing import Any

from sqlalchemy import Engine, event, text

from benchmarks.by_hand import WAYS, Hand, hand_on
from benchmarks.pairs import ratio
from benchmarks.places import CASES, DAY, OFFICE, Place
from workflow.audit import verify
from workflow.database import make_engine, reading, writing
from workflow.engine import advance, advance_many
from workflow.views import Entry

GIVEN = {
    "prepare_commitment": {
        "target_scale": "30", "remaining_life": "12", "plan_by": "2027-03-01", "design_by": "2027-06-01",
        "works_by": "2028-06-01", "acceptance_by": "2028-09-01",
    },
    "revise_commitment": {"reason": "演示退回"},
}  # fmt: skip
NUMBERS = [f"bench-{n:02}" for n in range(1, CASES + 1)]
_TABLES = ("proceeding", "event", "chain", "deadline", "notice", "document", "attachment")
#: What cannot be the same in two databases that are written one after the other.
_OF_THE_MOMENT = {"recorded_at", "prev_hash", "hash"}


class Ours:
    """The product, as a caller uses it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def singles(self) -> None:
        for trigger, given in GIVEN.items():
            for number in NUMBERS:
                with writing(self.engine) as session:
                    advance(session, number, trigger, actor=OFFICE, occurred_on=DAY, fields=given)

    def fifties(self) -> None:
        for trigger, given in GIVEN.items():
            with writing(self.engine) as session:
                results = advance_many(session, [Entry(number, trigger, OFFICE, DAY, given) for number in NUMBERS])
            assert not any(isinstance(result, Exception) for result in results)


def hand_singles(hand: Hand) -> None:
    for trigger in WAYS:
        for number in NUMBERS:
            hand.step(number, trigger, GIVEN[trigger], DAY)


def run(place: Place, template: str, synchronous: str = "FULL", *, batches: bool = True) -> dict[str, float]:
    """Ratios to the work by hand: one step per transaction, and fifty."""
    name = f"{template}_{synchronous.lower()}"
    engine = make_engine(place.create(f"{name}_ours", template))
    if place.kind == "sqlite":
        event.listen(engine, "connect", lambda dbapi, _: dbapi.execute(f"PRAGMA synchronous={synchronous}"))
    ours, hand = Ours(engine), hand_on(place.create(f"{name}_hand", template), synchronous)
    found = {"single": ratio(lambda: hand_singles(hand), ours.singles)}
    if batches:
        found["batch"] = ratio(lambda: hand_singles(hand), ours.fifties)
    _same_rows(engine, make_engine(place.url(f"{name}_hand")))
    return found


def _same_rows(ours: Engine, hand: Engine) -> None:
    """Both did the same work: the same rows in every table, and two chains without a breach."""
    for table in _TABLES:
        for one, other in zip(_rows(ours, table), _rows(hand, table), strict=True):
            assert one == other, (table, one, other)
    for engine in (ours, hand):
        with reading(engine) as session:
            assert list(verify(session)) == []


def _rows(engine: Engine, table: str) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        rows = connection.execute(text(f"SELECT * FROM {table} ORDER BY 1")).mappings().all()
    return [{key: value for key, value in row.items() if key not in _OF_THE_MOMENT} for row in rows]
