"""整治台账. These addresses come before `/cases/{number}`: modules are taken in the order of their names."""

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Annotated, Any, cast, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Response
from sqlmodel import col, select
from starlette.datastructures import QueryParams

from office.cases.case_filter import DUES, HOLDER, STANDINGS, Sort, Wanted, leads
from office.cases.case_list import CaseList, years
from office.cases.case_rows import place_name
from office.papers.commitments import may_draft
from office.sheets.exports import ledger_sheet
from states import parties as p
from states.fields import Field, FieldError
from states.registry import PROCEDURES
from web.desk import READS, XLSX, Desk
from workflow.context import Context
from workflow.errors import BadInput
from workflow.models import Preference

router = APIRouter()
SIZES = (20, 50, 100)
#: Columns beside the mine's name and the route; those of a second line stand under their first.
COLUMNS = {
    "number": "案件编号", "permit": "许可证号", "holder": "采矿权人", "mineral": "矿种", "scale": "规模", "township": "乡镇",
    "state": "当前环节", "lead": "责任单位", "due": "办理期限",
    "entered_on": "进入环节日期", "year": "年度", "opened_on": "立案日期",
}  # fmt: skip
USUAL = ("number", "permit", "holder", "mineral", "scale", "township", "state", "lead", "due")
#: Name under which an account's columns are kept.
PREFERENCE = "ledger"
_FROM, _TO = Field("due_from", "期限自", "date"), Field("due_to", "期限至", "date")


@router.get("/cases")
def ledger(desk: Annotated[Desk, READS]) -> Response:
    asked = desk.request.query_params
    wanted, columns, size = wanted_of(asked), *_preferred(desk)
    if asked.get("size", "").isdecimal() and int(asked["size"][:4]) in SIZES:
        size = int(asked["size"])
    found = case_list(desk, wanted).page(_page(asked), size)
    address = address_of(wanted)
    return desk.page(
        "ledger.html.j2", found=found, rows=found.rows, wanted=wanted, columns=frozenset(columns), all_columns=COLUMNS, sizes=SIZES,
        choices=_choices(desk, wanted), address=address, link=f"/cases?{address}&size={size}&page=",
        narrowed=wanted != Wanted(sort=wanted.sort, descending=wanted.descending),
        sorts={key: _sort_link(wanted, key, size) for key in get_args(Sort)}, commits=may_draft(desk.person),
    )  # fmt: skip


@router.get("/cases/export.xlsx")
def export(desk: Annotated[Desk, READS]) -> Response:
    """The filtered list, or the ticked cases alone."""
    asked = desk.request.query_params
    found = case_list(desk, wanted_of(asked))
    rows = found.ticked(asked.getlist("case")[:200]) if "case" in asked else found.all()
    data = ledger_sheet(rows, desk.context.plan, today=desk.today, by=f"{desk.person.organ} {desk.person.name}")
    return desk.file(data, f"整治台账-{desk.today}.xlsx", XLSX)


@router.post("/cases/columns")
def columns(desk: Annotated[Desk, READS]) -> Response:
    chosen = [name for name in COLUMNS if name in desk.form.all("column")]
    size = int(text) if (text := desk.form.text("size")).isdecimal() and int(text[:4]) in SIZES else 50
    with desk.writing() as session:
        row = session.get(Preference, (desk.person.id, PREFERENCE))
        row = row or Preference(account_id=desk.person.id, name=PREFERENCE, value={})
        row.value = {"columns": chosen, "size": size}
        session.add(row)
    return desk.go(
        f"/cases?{address_of(wanted_of(desk.form.text('back')))}", "列设置已保存，今后您打开台账都按此显示。"
    )


def case_list(desk: Desk, wanted: Wanted | None = None) -> CaseList:
    return CaseList(desk.session, desk.person, desk.context, desk.today, wanted or Wanted())


def wanted_of(asked: QueryParams | str) -> Wanted:
    """What the address asks for. Raises BadInput for a day that is none; what is not known to us counts as all."""
    asked = QueryParams(asked) if isinstance(asked, str) else asked
    text = " ".join(asked.get("q", "").split())[:100]
    procedure = _known(asked.get("procedure", ""), PROCEDURES)
    state = asked.get("state", "") if procedure and PROCEDURES[procedure].knows(asked.get("state", "")) else ""
    sort = asked.get("sort", "due")
    key = sort.removeprefix("-")
    return Wanted(
        text=text, procedure=procedure, state=state, due=_known(asked.get("due", ""), DUES),
        township=asked.get("township", "")[:80], lead=asked.get("lead", "")[:80], year=asked.get("year", "")[:8],
        # Who searches looks for a case, finished or not.
        standing=_known(asked.get("standing", ""), STANDINGS) or ("all" if text else "open"),
        due_from=_day(_FROM, asked), due_to=_day(_TO, asked),
        sort=cast("Sort", key if key in get_args(Sort) else "due"), descending=sort.startswith("-"),
    )  # fmt: skip


def address_of(wanted: Wanted) -> str:
    """The query of an address that asks for this."""
    values = {
        "q": wanted.text, "procedure": wanted.procedure, "state": wanted.state, "township": wanted.township,
        "due": wanted.due, "year": wanted.year, "lead": wanted.lead, "due_from": wanted.due_from, "due_to": wanted.due_to,
        "standing": "" if wanted.standing == ("all" if wanted.text else "open") else wanted.standing,
        "sort": "" if (wanted.sort, wanted.descending) == ("due", False) else f"{'-' * wanted.descending}{wanted.sort}",
    }  # fmt: skip
    return urlencode({name: value for name, value in values.items() if value})


def _known(value: str, known: Any) -> str:
    return value if value in known else ""


def _day(field: Field, asked: QueryParams) -> date | None:
    text = asked.get(field.name, "").strip()
    try:
        return date.fromisoformat(str(field.read(text))) if text else None
    except FieldError as error:
        raise BadInput(str(error)) from None


def _page(asked: QueryParams) -> int:
    text = asked.get("page", "1")
    return int(text) if text.isdecimal() and len(text) < 8 else 1


def _sort_link(wanted: Wanted, key: Sort, size: int) -> tuple[str, str]:
    """Where a click on a head leads, and how the list is sorted by it now."""
    now = wanted.sort == key
    turned = replace(wanted, sort=key, descending=now and not wanted.descending)
    return f"/cases?{address_of(turned)}&size={size}", (
        "descending" if wanted.descending else "ascending"
    ) if now else ""


def _preferred(desk: Desk) -> tuple[list[str], int]:
    query = select(col(Preference.value)).where(
        col(Preference.account_id) == desk.person.id, col(Preference.name) == PREFERENCE
    )
    value = desk.session.connection().execute(query).scalar()
    return (value["columns"], value["size"]) if value else (list(USUAL), 50)


def _choices(desk: Desk, wanted: Wanted) -> dict[str, dict[str, str]]:
    states = {state.id: state.label for state in PROCEDURES[wanted.procedure].states} if wanted.procedure else {}
    return {
        "procedure": _procedures(), "state": states, "due": DUES, "standing": STANDINGS,
        "year": {year: f"{year}年" for year in years(desk.session, desk.today)}, **_organs(desk.context),
    }  # fmt: skip


@cache
def _procedures() -> dict[str, str]:
    return {procedure.id: procedure.title for procedure in PROCEDURES.values()}


def _organs(context: Context) -> dict[str, dict[str, str]]:
    townships = {organ: place_name(context, organ) for organ in context.organs if organ.startswith("township_")}
    lead = {organ: p.BY_ID[organ].name for organ in leads()}
    return {"township": townships, "lead": {**lead, HOLDER: "采矿权人", **townships}}
