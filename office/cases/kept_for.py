"""Answers that hold for one person on one day, as long as neither the history nor the settings move."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from sqlmodel import Session

from office.access.people import Person
from office.cases.kept import Kept
from workflow.context import read_revision

T = TypeVar("T")


class KeptFor:
    """For questions over all cases, which would take a second of every look at the first page."""

    def __init__(self, session: Session, person: Person, today: date) -> None:
        self._kept = Kept(session)
        self._key = (person.id, person.organ_id, person.role, today, read_revision(session))

    def ask(self, name: str, question: Callable[[], T]) -> T:
        return self._kept.ask((name, *self._key), question)
