"""What a published calendar moves: every running deadline computed again, each move recorded (N10)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlmodel import Session, col, select

from workflow import clock
from workflow.calendar_import import CalendarChange, import_year, read_notice
from workflow.context import bump_revision, context_of
from workflow.models import Case, Deadline
from workflow.records import reproject
from workflow.storage import Storage


@dataclass(frozen=True, slots=True)
class Move:
    """One deadline whose day changed."""

    case: str
    title: str
    old: date | None
    new: date | None


def import_calendar(
    session: Session, file: Path | str, *, source: str, year: int | None, replace: bool, actor: str,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[CalendarChange, list[Move]]:  # fmt: skip
    """Imports a year's notice (a file, or pasted text) and re-projects all running deadlines. Does not commit."""
    change = import_year(session, read_notice(file, year=year), source=source, today=clock.today(), replace=replace)
    bump_revision(session)
    session.flush()
    return change, reproject_all(
        session, reason=f"公布{change.year}年放假安排", basis=source, actor=actor, progress=progress
    )


def reproject_all(
    session: Session, *, reason: str, basis: str, actor: str, progress: Callable[[int, int], None] | None = None
) -> list[Move]:
    """Computes every running deadline again; the days on which their ladders fire follow."""
    context, storage, now = context_of(session), Storage(session), clock.now()
    numbers = session.exec(
        select(Case.number).where(col(Case.id).in_(select(Deadline.case_id).where(Deadline.status == "open")))
        .order_by(col(Case.id))
    ).all()  # fmt: skip
    moves = []
    for done, number in enumerate(numbers, start=1):
        rearmed = reproject(storage, number, context, reason=reason, basis=basis, actor=actor, now=now)
        found = storage.case(number)
        assert found is not None
        for old, new in rearmed.moved:
            step = found[0].procedure.step(old.trigger)
            if old.due_on != new.due_on:
                moves.append(Move(number, step.title if step else old.trigger, old.due_on, new.due_on))
        if progress:
            progress(done, len(numbers))
    return moves
