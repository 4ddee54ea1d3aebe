"""Counts that are asked for on every page, kept for as long as the history stands where it stood.

Nothing about a case changes without an entry in the history, so what was counted at the same head is still right.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Pool, select
from sqlmodel import Session

from workflow.models import Chain

T = TypeVar("T")
_chain: Any = Chain.__table__  # type: ignore[attr-defined]
_HEAD = select(_chain.c.seq, _chain.c.hash).where(_chain.c.id == 1)
#: Different questions at one head; beyond that (somebody types many searches) all are asked anew.
_MANY = 500

_found: WeakKeyDictionary[Pool, tuple[object, dict[Hashable, Any]]] = WeakKeyDictionary()


class Kept:
    """Answers that hold at one head of the history. Only for sessions that read."""

    def __init__(self, session: Session) -> None:
        engine = session.get_bind()
        assert isinstance(engine, Engine)
        row = session.connection().execute(_HEAD).first()
        head = tuple(row) if row else None
        held = _found.get(engine.pool)
        if held is None or held[0] != head or len(held[1]) > _MANY:
            held = _found[engine.pool] = (head, {})
        self._answers = held[1]

    def ask(self, key: Hashable, question: Callable[[], T]) -> T:
        """The kept answer, or a new one. `key` names the question with everything that it depends on."""
        if key not in self._answers:
            self._answers[key] = question()
        return cast("T", self._answers[key])
