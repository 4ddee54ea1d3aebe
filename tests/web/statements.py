"""Counts what a page asks the database, and fills the database with many fictional cases."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine, event
from sqlmodel import Session

from workflow.models import Case, Chain, Deadline, Mine


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent while the block runs."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def crowd(engine: Engine, many: int, *, due_on: date, name: str = "演") -> None:
    """So many fictional mines, each with a closure that has just been listed and one deadline a day, from a day on."""
    with Session(engine) as session:
        for n in range(many):
            mine = Mine(
                code=f"{name}{n}",
                kind="mine",
                name=f"演示群矿{name}{n}号",
                township_id="township_hebei",
                source="演示数据",
                demo=True,
            )
            session.add(mine)
            session.flush()
            assert mine.id is not None
            case = Case(
                number=f"{name}{n}", mine_id=mine.id, procedure="closure", state="listed", version=0, facts={},
                opened_on=date(2026, 1, 1), entered_on=date(2026, 1, 1), source="演示数据",
            )  # fmt: skip
            session.add(case)
            session.flush()
            assert case.id is not None
            session.add(
                Deadline(case_id=case.id, trigger="accept_closure", opened_on=date(2026, 1, 1), basis="plan",
                         due_on=due_on + timedelta(n))
            )  # fmt: skip
        # As after an entry: what is kept for as long as the history stands must be asked anew.
        chain = session.get_one(Chain, 1)
        chain.hash = f"{name}{many}"
        session.add(chain)
        session.commit()
