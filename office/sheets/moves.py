"""Which running deadlines move with the values of a sheet: computed as taking it in computes them, nothing is written."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from office.sheets.comparison import Move
from workflow.recording import Moved, moved_by


def moves_of(session: Session, values: Mapping[int, Mapping[str, Any]]) -> tuple[Move, ...]:
    """`values`: mine id -> what would be written, by name."""
    return in_words(moved_by(session, values)) if values else ()


def in_words(moved: Iterable[Moved]) -> tuple[Move, ...]:
    found = []
    for one in moved:
        step = one.case.procedure.step(one.before.trigger)
        assert step is not None
        found.append(
            Move(one.case.number, one.case.mine.name, step.title, _day(one.before.due_on), _day(one.after.due_on))
        )
    return tuple(found)


def _day(day: date | None) -> str:
    return day.isoformat() if day else "待明确"
