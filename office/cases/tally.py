"""Counts of cases that follow the history: after an entry only the cases that it touches are looked at again.

What is kept of a question is which cases fit, one bit for each: 100,000 cases are 13 kB. Nothing about a case changes
without an entry about it or about another case of its mine, except where the settings change as a whole (a published
calendar); and from one day to the next only deadlines whose days pass a border. See docs/decisions/0014-counts.md.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Pool, Select, String, cast, func, literal, select, union
from sqlmodel import Session, col

from office.cases.case_filter import passed
from workflow.context import REVISION
from workflow.models import Case, Chain, Deadline, Event, Setting

#: The cases that fit, in the first column; in a second one the label under which each is counted. Among some, or all.
Find = Callable[[Sequence[int] | None], Select[Any]]
#: Questions kept; of more, those asked longest ago are forgotten.
_MANY = 500
#: Touched cases from which on all are asked anew.
_MUCH = 2000


@dataclass(frozen=True, slots=True)
class _Position:
    """Where the history and the settings stood, and the day."""

    seq: int
    hash: str
    revision: Any
    today: date


@dataclass(frozen=True, slots=True)
class _Held:
    position: _Position
    #: Label -> its cases, each the bit with the number of its id.
    cases: Mapping[str, int]


_held: WeakKeyDictionary[Pool, dict[Hashable, _Held]] = WeakKeyDictionary()
_storing = Lock()
_revision = select(col(Setting.value)).where(col(Setting.name) == REVISION).scalar_subquery()
_HEAD = select(col(Chain.seq), col(Chain.hash), _revision).where(col(Chain.id) == 1)


class Tally:
    """Counts on one day, as a session that only reads sees them."""

    def __init__(self, session: Session, today: date) -> None:
        self._run = session.connection().execute
        engine = session.get_bind()
        assert isinstance(engine, Engine)
        self._answers = _held.setdefault(engine.pool, {})
        seq, hash_, revision = self._run(_HEAD).first() or (0, "", None)
        self._now = _Position(seq, hash_, revision, today)
        self._touched: dict[_Position, list[int] | None] = {}

    def count(self, key: Hashable, find: Find) -> int:
        """How many cases fit. `key` names the question with everything that it depends on, but for the day."""
        return self.groups(key, find).get("", 0)

    def groups(self, key: Hashable, find: Find) -> dict[str, int]:
        """How many fit under each label."""
        held = self._answers.get(key)
        if held is None or held.position != self._now:
            held = _Held(self._now, self._cases(held, find))
        with _storing:
            self._answers.pop(key, None)
            self._answers[key] = held
            if len(self._answers) > _MANY:
                del self._answers[next(iter(self._answers))]
        return {label: count for label, cases in held.cases.items() if (count := cases.bit_count())}

    def _cases(self, held: _Held | None, find: Find) -> dict[str, int]:
        touched = self._since(held.position) if held else None
        if held is None or touched is None:
            return self._found(find(None))
        if not touched:
            return dict(held.cases)
        found, others = self._found(find(touched)), ~_bits(touched)
        return {label: held.cases.get(label, 0) & others | found.get(label, 0) for label in {*held.cases, *found}}

    def _found(self, query: Select[Any]) -> dict[str, int]:
        """As one text for each label: rows would cost ten times as much."""
        case, *labels = query.order_by(None).subquery().c
        ids = func.aggregate_strings(cast(case, String), ",")
        if labels:
            rows = self._run(select(labels[0], ids).where(labels[0].is_not(None)).group_by(labels[0]))
        else:
            rows = self._run(select(literal(""), ids))
        return {str(label): _bits([int(case_id) for case_id in found.split(",")]) for label, found in rows if found}

    def _since(self, then: _Position) -> list[int] | None:
        """The cases that may count otherwise than at an earlier position; None where nobody can tell, or too many."""
        if then not in self._touched:
            found = self._looked_up(then) if self._follows(then) else None
            self._touched[then] = found if found is None or len(found) <= _MUCH else None
        return self._touched[then]

    def _follows(self, then: _Position) -> bool:
        """Whether the history now is that of then and more: not where a backup was put back."""
        if then.revision != self._now.revision or then.seq > self._now.seq:
            return False
        if then.seq == self._now.seq:
            return then.hash == self._now.hash
        return self._run(select(col(Event.hash)).where(col(Event.seq) == then.seq)).scalar() == then.hash

    def _looked_up(self, then: _Position) -> list[int]:
        parts = []
        if then.seq != self._now.seq:
            mines = (
                select(col(Case.mine_id)).join(Event, col(Event.case_id) == Case.id).where(col(Event.seq) > then.seq)
            )
            parts.append(select(col(Case.id)).where(col(Case.mine_id).in_(mines)))
        if then.today != self._now.today:
            parts += [select(col(Deadline.case_id)).where(*days) for days in passed(then.today, self._now.today)]
        rows = self._run(union(*parts).limit(_MUCH + 1)).scalars() if parts else ()
        return [case_id for case_id in rows if case_id is not None]


def _bits(ids: Sequence[int]) -> int:
    found = bytearray(max(ids, default=0) // 8 + 1)
    for case_id in ids:
        found[case_id >> 3] |= 1 << (case_id & 7)
    return int.from_bytes(found, "little")


def forget() -> None:
    """Everything is counted anew; for measuring what that costs, and for tests that write past the history."""
    _held.clear()
