"""撤回, 更正 and 退回: what loses its effect is shown first; then a reason, and one entry for each that is taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Response
from sqlmodel import Session

from office.access.people import seen_case
from office.cases.casework import Point, may_withdraw, points, return_points, return_to, take_back, withdraw
from office.cases.changes import changes_since
from office.cases.rehearsal import Outcome, rehearse
from states import parties as p
from web import links
from web.desk import HANDLES, Desk, Forbidden
from web.taking import version_of
from workflow.errors import BadInput, CaseFileError, Conflict
from workflow.ledger import find_case
from workflow.models import Case
from workflow.views import VOID, Actor

router = APIRouter()
#: Stands for the reason while nothing is written yet.
_REHEARSAL = "预览"


@dataclass(frozen=True, slots=True)
class Way:
    """One of the three ways back."""

    name: str
    title: str
    lead: str


WITHDRAW = Way("withdraw", "撤回", "撤回本单位最近一次办理；别的单位办理之后就不能再撤回。")
CORRECT = Way("correct", "更正", "最近一次办理有误的，撤销后重新办理。原记录保留，另记一条更正。")
RETURN = Way("return", "退回", "把案件退回到以前的环节，其后的办理逐条撤销，重新办理。")


@router.get("/cases/{slug}/withdraw")
def withdraw_form(desk: Annotated[Desk, HANDLES], slug: str) -> Response:
    return _page(desk, desk.session, WITHDRAW, links.number_of(slug))


@router.post("/cases/{slug}/withdraw")
def post_withdraw(desk: Annotated[Desk, HANDLES], slug: str) -> Response:
    return _go_back(desk, WITHDRAW, links.number_of(slug))


@router.get("/cases/{slug}/correct")
def correct_form(desk: Annotated[Desk, HANDLES], slug: str) -> Response:
    return _page(desk, desk.session, CORRECT, links.number_of(slug))


@router.post("/cases/{slug}/correct")
def post_correct(desk: Annotated[Desk, HANDLES], slug: str) -> Response:
    return _go_back(desk, CORRECT, links.number_of(slug))


@router.get("/cases/{slug}/return")
def return_form(desk: Annotated[Desk, HANDLES], slug: str, to: str = "") -> Response:
    return _page(desk, desk.session, RETURN, links.number_of(slug), to=version_of(to))


@router.post("/cases/{slug}/return")
def post_return(desk: Annotated[Desk, HANDLES], slug: str) -> Response:
    return _go_back(desk, RETURN, links.number_of(slug), to=version_of(desk.form.text("to")))


def _go_back(desk: Desk, way: Way, number: str, *, to: int | None = None) -> Response:
    seen_case(desk.session, desk.person, number)
    _targets(desk, desk.session, way, number)
    reason, seen = desk.form.text("reason"), version_of(desk.form.text("version"))
    try:
        with desk.writing() as session:
            _entry(way, number, desk.person.actor, desk.today, reason, to, seen)(session)
    except (BadInput, Conflict) as error:
        status = 409 if isinstance(error, Conflict) else 422
        with desk.office.reading() as fresh:
            return _page(desk, fresh, way, number, to=to, reason=reason, problem=str(error), status=status, seen=seen)
    return desk.go(links.case_url(number), f"已{way.title}：{number} 的办理记录中另记了理由。")


def _entry(
    way: Way, number: str, actor: Actor, on: date, reason: str, to: int | None, seen: int | None
) -> Callable[[Session], Any]:
    """What a way back writes."""
    if way is RETURN:
        if to is None:
            raise BadInput("请先选择退回到哪一步。")
        return lambda session: return_to(session, number, to, actor, on, reason, expected_version=seen)
    entry = withdraw if way is WITHDRAW else take_back
    return lambda session: entry(session, number, actor, on, reason, expected_version=seen)


def _targets(desk: Desk, session: Session, way: Way, number: str) -> tuple[Case, list[Point], list[Point]]:
    """The case, its entries that stand, and those that one can go back to. Raises Forbidden where there are none."""
    case = seen_case(session, desk.person, number)
    if case.state == VOID:
        raise BadInput(f"案件 {number} 已随上级案件的更正撤销，不能再办理。")
    trail, organ = points(session, case), desk.person.organ_id
    if way is RETURN:
        targets = return_points(session, case, organ)
        sentence = f"{desk.person.organ}不能退回 {number}：只有工作组办公室，或者其后各步都由本单位办理的，可以退回。"
    elif way is WITHDRAW:
        sentence = may_withdraw(session, case, organ)
        targets = [] if sentence else trail[-2:-1]
    else:
        allowed = len(trail) > 1 and organ in (*p.OFFICES, trail[-1].organ_id)
        targets = trail[-2:-1] if allowed else []
        sentence = f"{number} 的最近一次办理只有原办理单位或工作组办公室可以更正。"
        if len(trail) < 2:
            sentence = f"{number} 只有立案记录，没有可以更正的办理。"
    if not targets:
        raise Forbidden(sentence)
    return case, trail, targets


def _page(
    desk: Desk, session: Session, way: Way, number: str, *, to: int | None = None, reason: str = "", problem: str = "",
    status: int = 200, seen: int | None = None,
) -> Response:  # fmt: skip
    case, trail, targets = _targets(desk, session, way, number)
    # Where there is but one way to go, it need not be chosen.
    chosen = next((t for t in targets if t.seq == to), None) if way is RETURN else targets[0]
    outcome, refusal = _outcome(desk, way, number, chosen) if chosen else (None, "")
    changes = changes_since(session, number, seen) if status == 409 and seen is not None else []
    return desk.page(
        "going_back.html.j2", status, way=way, view=find_case(session, number), trail=trail, targets=targets,
        chosen=chosen, undone=[point for point in reversed(trail) if chosen and point.seq > chosen.seq],
        outcome=outcome, refusal=refusal, reason=reason, problem=problem, version=case.version, changes=changes,
    )  # fmt: skip


def _outcome(desk: Desk, way: Way, number: str, chosen: Point) -> tuple[Outcome | None, str]:
    """What follows, or why it cannot be done."""
    entry = _entry(way, number, desk.person.actor, desk.today, _REHEARSAL, chosen.seq, None)
    try:
        return rehearse(desk.office.engine, number, entry), ""
    except CaseFileError as error:
        return None, str(error)
