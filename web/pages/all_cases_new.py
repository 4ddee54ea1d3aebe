"""新建案件: opening a case by hand, on a registered mine or on one that is registered with it."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Response
from sqlalchemy import select
from sqlmodel import col

from office.cases.mine_file import mine_seen
from states.fields import Field, FieldError
from states.kernel import Procedure
from states.registry import PROCEDURES
from web.desk import HANDLES, Desk
from web.links import case_url
from workflow.desk import open_by_hand
from workflow.errors import BadInput, CaseFileError, NotFound
from workflow.models import Mine
from workflow.records import checked_text
from workflow.register import MINE_FIELDS, find_mine

router = APIRouter()
_DAY = Field("on", "立案日期", "date")


@router.get("/cases/new")
def new_case(desk: Annotated[Desk, HANDLES]) -> Response:
    asked = desk.request.query_params
    values = {
        "on": desk.today.isoformat(),
        "mine": asked.get("mine", "")[:100],
        "procedure": asked.get("procedure", ""),
    }
    return _form(desk, values)


@router.post("/cases/new")
def open_new(desk: Annotated[Desk, HANDLES]) -> Response:
    values = {name: desk.form.text(name) for name in desk.form.texts if name != "csrf"}
    # The procedure decides what else is asked: choosing another one shows its form with what was typed.
    if values.get("step") == "choose":
        return _form(desk, values)
    try:
        number = _open(desk, values)
    except CaseFileError as error:
        return _form(desk, values, problem=_readable(str(error)), status=422)
    return desk.go(case_url(number), f"案件 {number} 已立案。")


def _open(desk: Desk, values: dict[str, str]) -> str:
    """Opens the case in one transaction; answers its number."""
    procedure, mine, is_new = _procedure(values), values.get("mine", ""), values.get("is_new") == "1"
    if not mine:
        raise BadInput("请填写矿山：已登记的填名称或编号，未登记的填全称并勾选“新登记这座矿山”。")
    typed = {f.name: text for f in procedure.asks if (text := values.get(f"ask-{f.name}"))}
    if is_new:
        typed |= {name: text for name in MINE_FIELDS if (text := values.get(f"mine-{name}")) and name not in typed}
    on = _day(values.get("on", ""), desk.today)
    source = checked_text(values.get("source", ""), "来源")
    with desk.writing() as session:
        known = session.scalars(_mines(desk).where((col(Mine.code) == mine) | (col(Mine.name) == mine))).first()
        if known is None and not is_new:
            raise NotFound(f"没有编号或名称为“{mine[:40]}”的矿山：请核对，或勾选“新登记这座矿山”。")
        # Asked of all mines: a name that somebody else has registered must not be opened under it unseen.
        if is_new and find_mine(session, mine) is not None:
            raise BadInput(f"“{mine[:40]}”已经登记：请取消勾选“新登记这座矿山”，或请工作组办公室立案。")
        case = open_by_hand(
            session, procedure.id, mine, typed, actor=desk.person.actor, on=on, source=source,
            demo=values.get("demo") == "1",
        )  # fmt: skip
        return case.number


def _mines(desk: Desk) -> Any:
    """The mines on which the person may open a case: the office on all, anybody else where they see one."""
    query = select(Mine)
    return query if desk.person.reads_all else query.where(mine_seen(desk.person))


def _procedure(values: dict[str, str]) -> Procedure:
    found = PROCEDURES.get(values.get("procedure", ""))
    if found is None:
        raise BadInput("请选择整治方式或事项。")
    return found


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(str(_DAY.read(text)))
    except FieldError as error:
        raise BadInput(str(error)) from None
    if day > today:
        raise BadInput(f"立案日期 {day} 晚于今天 {today}：还没有立的案不能登记。")
    return day


def _readable(sentence: str) -> str:
    """Without what only the command line knows: `（--field exit_year=…）`."""
    head, found, rest = sentence.partition("（--field ")
    return head + _readable(rest.partition("）")[2]) if found else sentence


def _form(desk: Desk, values: dict[str, str], problem: str = "", status: int = 200) -> Response:
    mines = desk.session.scalars(_mines(desk).order_by(col(Mine.id)).limit(500)).all()
    groups = {
        "整治方式": [p for p in PROCEDURES.values() if p.kind != "track"],
        "并行事项": [p for p in PROCEDURES.values() if p.kind == "track"],
    }
    procedure = PROCEDURES.get(values.get("procedure", ""))
    return desk.page(
        "new_case.html.j2", status, values=values, problem=problem, procedure=procedure, groups=groups,
        mine_fields=MINE_FIELDS, mines=mines,
    )  # fmt: skip
