"""Where registered mines stand, and which step changes what a sheet may not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from states.intake import INTAKE
from states.new_right import NEW_RIGHT
from states.permits import PERMIT
from states.registry import PROCEDURES
from workflow.models import Case, Deadline
from workflow.views import VOID

#: Mines asked for in one statement: SQLite takes so many values.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """The case that a mine is on: the latest that is open, else the latest; what runs beside it is none."""

    case_id: int
    case: str
    procedure: str
    state: str
    facts: Mapping[str, Any]
    due_on: date | None = None

    @property
    def shown(self) -> dict[str, str]:
        """The cells for reading, as they are exported; days as ISO text."""
        procedure = PROCEDURES[self.procedure]
        return {
            "case": self.case, "route": procedure.title,
            "state": procedure.state(self.state).label if procedure.knows(self.state) else self.state,
            "due_on": self.due_on.isoformat() if self.due_on else "",
        }  # fmt: skip


def standings(session: Session, mines: Collection[int]) -> dict[int, Standing]:
    """By mine; those without a case are left out. Two statements for each five hundred mines."""
    routes = [procedure.id for procedure in PROCEDURES.values() if procedure.kind != "track"]
    found: dict[int, Standing] = {}
    wanted = sorted(mines)
    for at in range(0, len(wanted), _AT_ONCE):
        some = wanted[at : at + _AT_ONCE]
        rows = session.execute(
            select(  # type: ignore[call-overload]
                col(Case.mine_id), col(Case.id), col(Case.number), col(Case.procedure), col(Case.state), col(Case.facts)
            )
            .where(col(Case.mine_id).in_(some), col(Case.procedure).in_(routes), col(Case.state) != VOID)
            .order_by(col(Case.closed_on).is_(None), col(Case.id))
        ).all()
        latest = {row[0]: tuple(row[1:]) for row in rows}
        due = _due(session, [case_id for case_id, *_ in latest.values()])
        for mine, (case_id, number, procedure, state, facts) in latest.items():
            found[mine] = Standing(case_id, number, procedure, state, facts, due.get(case_id))
    return found


def without_case(session: Session, mines: Collection[int]) -> set[int]:
    """Those of the mines that have no case in which anything could be recorded."""
    wanted = sorted(mines)
    found = set(wanted)
    for at in range(0, len(wanted), _AT_ONCE):
        some = wanted[at : at + _AT_ONCE]
        found -= set(session.scalars(select(col(Case.mine_id)).where(col(Case.mine_id).in_(some), Case.state != VOID)))
    return found


def _due(session: Session, cases: Collection[int]) -> dict[int, date]:
    """The soonest open deadline of each case."""
    rows = session.execute(
        select(col(Deadline.case_id), func.min(col(Deadline.due_on)))
        .where(col(Deadline.case_id).in_(cases), col(Deadline.status) == "open", col(Deadline.due_on).is_not(None))
        .group_by(col(Deadline.case_id))
    ).all()
    return {case: date.fromisoformat(on) if isinstance(on, str) else on for case, on in rows}


def why_not(name: str, standing: Standing | None) -> str:
    """Why a sheet does not change a value, and which step does."""
    return _WHY[name](standing)


def _state(standing: Standing | None) -> str:
    if standing is None:
        return "当前环节由办理推进，新登记的矿山从“建档”开始：请留空"
    procedure = PROCEDURES[standing.procedure]
    usual = (s for s in procedure.steps_from(standing.state) if not s.exceptional and not s.by_clock)
    step = next(usual, None)
    now = f"案件 {standing.case} 现在是“{procedure.state(standing.state).label}”"
    if step is None:
        return f"当前环节由办理推进，不能用表格改：{now}，已经办结"
    return f"当前环节由办理推进，不能用表格改：{now}，下一步请办理“{step.title}”"


def _route(standing: Standing | None) -> str:
    approvals = "、".join(f"“{s.title}”" for s in INTAKE.steps if s.trigger.removeprefix("approve_") in _ROUTES)
    if standing is None or standing.procedure == INTAKE.id:
        return f"整治方式由县政府审定，不能用表格改：请在“{INTAKE.title}”中办理 {approvals}"
    others = [s.title for s in PROCEDURES[standing.procedure].steps if any(o.procedure in _ROUTES for o in s.opens)]
    how = f"请在案件 {standing.case} 中办理 {'、'.join(f'“{title}”' for title in others)}" if others else "须重新报批"
    return f"整治方式由县政府审定，不能用表格改：{how}"


_ROUTES = ("closure", "guided_exit", "upgrade")


def _exit_year(standing: Standing | None) -> str:
    way = standing.procedure if standing and standing.procedure in _ROUTES else "closure"
    step = INTAKE.step(f"approve_{way}")
    assert step is not None
    return f"关闭退出年度在“{step.title}”时确定，不能用表格改：要调整须重新报县政府审定"


def _transfer_year(_: Standing | None) -> str:
    defer, reinstate = NEW_RIGHT.step("defer_transfer"), NEW_RIGHT.step("reinstate")
    assert defer is not None
    assert reinstate is not None
    return f"出让年度不能用表格改：请在案件中办理“{defer.title}”，批准后办理“{reinstate.title}”"


def _due_on(standing: Standing | None) -> str:
    step = INTAKE.step("extend")
    assert step is not None
    case = f"案件 {standing.case} " if standing else "案件"
    return f"办理期限由程序推算，不能用表格改：要调整请在{case}中办理“{step.title}”"


def _licence(_: Standing | None) -> str:
    step = PERMIT.step("record_change")
    assert step is not None
    return f"已登记的许可证号不能用表格改：换了证请办理“{PERMIT.title}”的“{step.title}”，抄错了请改回登记的号"


def _registered(_: Standing | None) -> str:
    change = PERMIT.step("request_change")
    assert change is not None
    return (
        f"已登记的不能用表格改：证上变了请先办理变更登记（“{PERMIT.title}”的“{change.title}”），"
        "系统登记错了请由工作组办公室更正，否则请照系统登记的改回"
    )


_WHY = {
    "code": lambda _: "矿山编号由系统编定，不能用表格改：已登记的照原样保留，新矿山请留空",
    "case": lambda _: "案件编号由系统编定，不能用表格改",
    "state": _state, "route": _route, "due_on": _due_on, "exit_year": _exit_year, "transfer_year": _transfer_year,
    "tick_closure": _route, "tick_guided_exit": _route, "licence_number": _licence, "name": _registered,
    "holder": _registered, "mineral": _registered,
}  # fmt: skip
