"""A row that a new list has and the old one had not: its mine and its case, unless people have registered them already."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from states.registry import PROCEDURES
from workflow.errors import BadInput
from workflow.models import Case, Mine, Organ
from workflow.plan.data import Plan, PlanRow
from workflow.plan.loading import add_mine
from workflow.views import VOID


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a new row has opened, or what it met."""

    annex: int
    row: int
    mine: str
    name: str
    #: The case opened for it, or the running one that was found.
    case: str
    procedure: str
    #: Whether the case was opened for it.
    is_new: bool
    #: Empty: the mine is new, too. Otherwise what was there.
    met: str = ""


def arrive(session: Session, plan: Plan, row: PlanRow, version: int, open_case: Callable[..., Case]) -> Arrival:
    """Opens a case as the first loading does. Raises BadInput where the holder is called as another body is."""
    title, met = PROCEDURES[row.procedure].title, ""
    mine = _registered(session, row)
    if mine:
        running = _running(session, mine)
        if running:
            return Arrival(row.annex, row.row, mine.code, row.name, running[0], title, False,
                           f"已有在办案件（{PROCEDURES[running[1]].title}），没有另立案：请由人核对名录与登记")  # fmt: skip
        met = "矿山已经登记，为它立案：名录各项请由人与登记核对"
    else:
        mine = add_mine(session, plan, row, _holders(session, row), _code(session, row, version))
    number = None if met else mine.code
    opened = open_case(
        session, procedure=row.procedure, mine=mine, number=number, occurred_on=plan.issued_on,
        fields=dict(row.case_facts), source=plan.source(row),
    )  # fmt: skip
    return Arrival(row.annex, row.row, mine.code, row.name, opened.number, title, True, met)


def _registered(session: Session, row: PlanRow) -> Mine | None:
    """By licence number, then by the full name."""
    kind = "block" if row.procedure == "new_right" else "mine"
    if licence := row.facts.get("licence_number"):
        for mine in session.exec(select(Mine).where(Mine.kind == kind)):
            if mine.facts.get("licence_number") == licence:
                return mine
    return session.exec(select(Mine).where(Mine.kind == kind, Mine.name == row.name)).first()


def _running(session: Session, mine: Mine) -> tuple[str, str] | None:
    routes = [p.id for p in PROCEDURES.values() if p.kind != "track"]
    query = select(Case.number, Case.procedure).where(
        Case.mine_id == mine.id, col(Case.procedure).in_(routes), col(Case.closed_on).is_(None), Case.state != VOID
    )
    return session.exec(query.order_by(col(Case.id))).first()


def _holders(session: Session, row: PlanRow) -> dict[str, str]:
    there = session.exec(select(Organ).where(Organ.name == row.holder)).first() if row.holder else None
    if there and there.kind != "holder":
        raise BadInput(f"附件{row.annex} 第{row.row}行的采矿权人“{row.holder}”与已登记的单位同名：请先核对名单。")
    return {there.name: there.id} if there else {}


def _code(session: Session, row: PlanRow, version: int) -> str:
    """The row's own code; where an earlier list gave that number to another mine, with the version behind it."""
    taken: Any = session.exec(select(Mine.id).where(Mine.code == row.code)).first()
    return row.code if taken is None else f"{row.code}.{version}"
