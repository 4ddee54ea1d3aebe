"""The rows of the lists as the case file has them now, each value with its source, and what a list is checked against."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from states.list_check import Body
from states.listed import Ground, ListedRow
from workflow.context import Context
from workflow.models import Case, Event, Mine, OpenValue, Organ, User
from workflow.registrars import registrars
from workflow.views import VOID

#: Procedures of the two lists -> the annex whose shape they have.
ANNEX_OF = {"closure": 2, "guided_exit": 2, "new_right": 3}
#: States in which a mine has left its list for another one, or for good.
_GONE = ("delisted", "rerouted", "converted_to_closure", "converted_to_upgrade", "withdrawn")
_PUBLISHED = re.compile(r"([23])-([1-9]\d*)", re.ASCII)
#: Values that the list itself gives to the case.
_OF_THE_LIST = ("exit_mode", "exit_year", "transfer_year")


def ground_of(context: Context, today: date) -> Ground:
    """What lists are checked against on a day. Raises DatabaseUnfit where the thresholds are not loaded yet."""
    plan = context.plan
    return Ground(
        yardsticks=context.yardsticks, issued_on=date.fromisoformat(str(plan["issued_on"])), today=today,
        county=str(plan.get("county", "")), registrars=registrars(context.organs),
    )  # fmt: skip


def bodies(session: Session) -> list[Body]:
    """The organs, each with where the plan names it."""
    found = session.exec(select(Organ).where(Organ.kind != "holder").order_by(col(Organ.id)))
    return [Body(organ.id, organ.name, organ.source) for organ in found]


def listed_rows(session: Session, context: Context, *where: ColumnElement[bool]) -> list[ListedRow]:
    """The mines on the lists: the annexes' own rows in their order, then what was listed since; five statements."""
    query = (
        select(Mine, Case).join(Case, col(Case.mine_id) == Mine.id)
        .where(col(Case.procedure).in_(ANNEX_OF), Case.state != VOID, *where).order_by(col(Mine.id), col(Case.id))
    )  # fmt: skip
    latest: dict[int, tuple[Mine, Case]] = {}
    for mine, case in session.exec(query):
        own = latest.get(mine.id or 0)
        published = _PUBLISHED.fullmatch(mine.code)
        # A published row is checked as it was listed, whatever became of the mine; of the others only who is on a list.
        if (published and own) or (not published and case.state in _GONE):
            continue
        latest[mine.id or 0] = (mine, case)
    typed = _typed(session, latest)
    rows = [_row(mine, case, context, typed.get(mine.id or 0, {})) for mine, case in latest.values()]
    return sorted(rows, key=lambda row: (not row.row, row.annex, row.row))


def _row(mine: Mine, case: Case, context: Context, typed: Mapping[str, str]) -> ListedRow:
    published = _PUBLISHED.fullmatch(mine.code)
    facts: dict[str, Any] = {**mine.facts, **case.facts}
    facts |= {
        "name": mine.name, "holder": mine.holder, "mineral": mine.mineral,
        "township": context.organs.get(mine.township_id, ""),
    }  # fmt: skip
    annex = ANNEX_OF[case.procedure]
    if annex == 2:
        facts["ways"] = (case.procedure,)
    recorded = f"案件 {case.number} 的办理记录"
    sources = {name: recorded for name in case.facts if name not in _OF_THE_LIST} | dict(typed)
    if "township_id" in typed:
        sources["township"] = typed["township_id"]
    elif mine.facts.get("township_source"):
        sources["township"] = str(mine.facts["township_source"])
    return ListedRow(
        annex=2 if annex == 2 else 3, list=f"附件{published[1]}" if published else "整治台账",
        row=int(published[2]) if published else 0, name=mine.name, facts=facts, origin=mine.source, sources=sources,
        code=mine.code,
    )  # fmt: skip


def _typed(session: Session, mines: Iterable[int]) -> dict[int, dict[str, str]]:
    """Mine -> value that somebody has filled in -> who said it when, on what."""
    ids = list(mines)
    people = {user.id: user.name for user in session.exec(select(User))}
    found: dict[int, dict[str, str]] = {}
    for value in session.exec(
        select(OpenValue).where(col(OpenValue.mine_id).in_(ids), col(OpenValue.value).is_not(None))
    ):
        said = _said(people, value.filled_by or "", value.filled_on, value.source or "")
        found.setdefault(value.mine_id, {})[value.name] = said
    query = (
        select(Event, Case.mine_id).join(Case, col(Event.case_id) == Case.id)
        .where(col(Case.mine_id).in_(ids), Event.kind == "record").order_by(col(Event.seq))
    )  # fmt: skip
    for event, mine_id in session.exec(query):
        said = _said(people, event.actor, event.occurred_on, str(event.data.get("source", "")))
        for name in event.data.get("fields", {}):
            found.setdefault(mine_id, {})[name] = said
    return found


def _said(people: Mapping[str, str], who: str, on: date | None, source: str) -> str:
    return f"{people.get(who, who)} {on} 填写：{source}"
