"""What every decision needs beside the case: calendar, ladders, the plan's own dates. Cached per database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Pool
from sqlmodel import Session, select

from states.thresholds import Yardsticks
from workflow.errors import DatabaseUnfit
from workflow.ladders import Ladder
from workflow.models import Organ, Setting
from workflow.thresholds import THRESHOLDS, yardsticks_of
from workflow.working_days import Calendar, load_calendar

REVISION = "revision"


@dataclass(frozen=True)
class Context:
    """A consistent reading of the office's settings."""

    revision: str
    calendar: Calendar
    ladders: Mapping[str, Ladder]
    #: Facts that hold for every case: the plan's dates and planning period.
    plan: Mapping[str, Any]
    #: The numbers of the criteria; None in a case file that has not been brought up to date yet.
    thresholds: Mapping[str, Any] | None = None
    #: Organ id -> name; grows with new holders, so it is only used for words.
    organs: dict[str, str] = field(default_factory=dict)

    @property
    def yardsticks(self) -> Yardsticks:
        """What a mine's facts are held against. Raises DatabaseUnfit where there is nothing yet."""
        if self.thresholds is None or "licence_cutoff" not in self.plan:
            raise DatabaseUnfit("数据库里还没有对照标准用的数字：请先运行 minecase init（或 make run）。")
        return yardsticks_of(self.thresholds, self.plan)


_cache: WeakKeyDictionary[Pool, Context] = WeakKeyDictionary()


def read_revision(session: Session) -> str:
    row = session.get(Setting, REVISION)
    return str(row.value) if row else ""


def bump_revision(session: Session) -> None:
    """Must be called whenever calendar, ladders, organs or plan settings change."""
    # Random, not counted: a value that was rolled back can then never come again with other content.
    row = session.get(Setting, REVISION) or Setting(name=REVISION, value="")
    row.value = uuid4().hex
    session.add(row)


def context_of(session: Session, revision: str | None = None) -> Context:
    """The cached context, read again when the revision has moved on."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    wanted = read_revision(session) if revision is None else revision
    found = _cache.get(engine.pool)
    if found is None or found.revision != wanted:
        found = _cache[engine.pool] = _read(session, wanted)
    return found


def ladder_of(values: Mapping[str, Any]) -> Ladder:
    """A ladder out of its stored form (`dataclasses.asdict`)."""
    return Ladder(**{**values, "before": tuple(values["before"])})


def _read(session: Session, revision: str) -> Context:
    ladders = session.get(Setting, "ladders")
    plan, thresholds = session.get(Setting, "plan"), session.get(Setting, THRESHOLDS)
    return Context(
        revision=revision,
        calendar=load_calendar(session),
        ladders={name: ladder_of(values) for name, values in ladders.value.items()} if ladders else {},
        plan=dict(plan.value) if plan else {},
        thresholds=thresholds.value if thresholds else None,
        organs={organ.id: organ.name for organ in session.exec(select(Organ))},
    )
