"""统计分析: figures with their charts, each to download; and 领导简报 on one page."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Response
from markupsafe import Markup

from office.access.people import ROLE_LABELS
from office.reports.statistics_brief import brief
from office.reports.statistics_done import done_table, sums
from office.reports.statistics_period import PERIODS, Period, done, period_of
from office.reports.statistics_tables import TABLES, Line, Table, standings_of
from office.sheets.writing import Column, sheet
from states.fields import Field, FieldError
from states.registry import PROCEDURES
from web.charts.bars import stacked
from web.charts.columns import columns
from web.charts.lines import key, lines
from web.desk import READS, XLSX, Desk
from workflow.errors import BadInput, NotFound
from workflow.sweep import chain_head

router = APIRouter()
TABS = (
    ("/statistics", "案件分布"), ("/statistics/pace", "趋势与时效"), ("/statistics/period", "时段办理"),
    ("/statistics/report", "报表"), ("/statistics/brief", "领导简报"),
)  # fmt: skip
#: Head of a table's column -> colour of its part of a bar.
COLOURS = {
    "逾期": "#c4281c", "30日内到期": "#e8a317", "正常": "#2f9e58", "未计期限": "#aab4c2", "已办结": "#4a6a94",
    "其中逾期": "#c4281c", "牵头在办": "#2a6fc9", "逾期未办": "#c4281c", "逾期办理": "#e8a317", "已办理": "#2f9e58",
    "任务": "#aab4c2", "已完成": "#1d7a3e", "新立案": "#1a5fb4", "办结": "#1d7a3e", "当月逾期": "#c4281c",
}  # fmt: skip
_FROM, _TO = Field("from", "开始日期", "date"), Field("to", "截止日期", "date")


@router.get("/statistics")
def standing(desk: Annotated[Desk, READS]) -> Response:
    found = {name: _table(desk, name) for name in ("routes", "years", "townships", "minerals")}
    years = _years_chart(found["years"])
    bars = {name: _standing_bars(found[name]) for name in ("routes", "townships", "minerals")}
    return page(desk, "statistics.html.j2", tables=found, bars=bars, years=years)


@router.get("/statistics/pace")
def pace(desk: Annotated[Desk, READS]) -> Response:
    found = {name: _table(desk, name) for name in ("months", "organs", "steps")}
    bars = {"organs": _organ_bars(found["organs"]), "steps": _step_bars(found["steps"])}
    return page(desk, "statistics_pace.html.j2", tables=found, bars=bars, **_trend(found["months"]))


@router.get("/statistics/period")
def period(desk: Annotated[Desk, READS]) -> Response:
    problem, status = "", 200
    try:
        chosen = period_asked(desk)
    except BadInput as error:
        problem, status, chosen = str(error), 400, period_of("month", desk.today)
    found = done(desk.session, desk.person, chosen)
    asked = desk.request.query_params
    return page(
        desk, "statistics_period.html.j2", status, table=done_table(found, chosen), sums=sums(found), chosen=chosen,
        periods=PERIODS, problem=problem, first=asked.get("from", str(chosen.first))[:20] if problem else chosen.first,
        last=asked.get("to", str(chosen.last))[:20] if problem else chosen.last,
    )  # fmt: skip


@router.get("/statistics/brief")
def one_page(desk: Annotated[Desk, READS]) -> Response:
    return page(
        desk,
        "statistics_brief.html.j2",
        found=brief(desk.session, desk.person, desk.today),
        organs=desk.context.organs,
        PROCEDURES=PROCEDURES,
    )


@router.get("/statistics/{name}.xlsx")
def download(desk: Annotated[Desk, READS], name: str) -> Response:
    if name == "done":
        chosen = period_asked(desk)
        table = done_table(done(desk.session, desk.person, chosen), chosen)
    elif name in TABLES:
        table = _table(desk, name)
    else:
        raise NotFound("没有这张统计表：请从统计分析页面上的“导出 Excel”进入。")
    heads = [Column(head, 34 if place == 0 else 40 if head == "事项" else 14) for place, head in enumerate(table.heads)]
    rows = [(line.label, *line.cells) for line in (*table.lines, *([table.total] if table.total else []))]
    title = f"{desk.context.plan.get('county', '')}非煤矿产资源综合整治{table.title}统计表"
    return desk.file(
        sheet(title, f"{source(desk)}　{table.note}", heads, rows), f"{table.title}-{desk.today}.xlsx", XLSX
    )


def _table(desk: Desk, name: str) -> Table:
    return TABLES[name](desk.session, desk.person, desk.context, desk.today)


def page(desk: Desk, template: str, status: int = 200, /, **values: object) -> Response:
    """A page below the tabs of 统计分析."""
    scope = "全县" if desk.person.reads_all else f"{desk.person.organ}职责范围内的案件"
    return desk.page(
        template, status, tabs=TABS, colours=COLOURS, scope=scope, source=source(desk), now=desk.now, **values
    )


def source(desk: Desk) -> str:
    """Where the figures come from: the day, the extent, and the head of the history that they were counted at."""
    scope = "全县案件" if desk.person.reads_all else f"{desk.person.organ}职责范围内的案件"
    who = f"{desk.person.name}（{ROLE_LABELS[desk.person.role]}）"
    return f"统计日期：{desk.today}　范围：{scope}　办理记录链头：{chain_head(desk.session) or '无'}　制表：{who}"


def period_asked(desk: Desk) -> Period:
    """The period that the address asks for. Raises BadInput."""
    asked = desk.request.query_params
    return period_of(
        asked.get("period", "month"), desk.today, day_asked("from", asked.get("from", "")),
        day_asked("to", asked.get("to", "")),
    )  # fmt: skip


def day_asked(name: str, text: str) -> date | None:
    """A day of somebody's own period, as typed. Raises BadInput."""
    field = _FROM if name == "from" else _TO
    try:
        return date.fromisoformat(str(field.read(text.strip()))) if text.strip() else None
    except FieldError as error:
        raise BadInput(str(error)) from None


def _standing_bars(table: Table) -> list[Markup]:
    heads, most = table.heads[3:], max((standings_of(line).total for line in table.lines), default=0)
    return [_bar(line, zip(heads, line.cells[2:], strict=True), most) for line in table.lines]


def _organ_bars(table: Table) -> list[Markup]:
    most = max((_int(line.cells[0]) for line in table.lines), default=0)
    return [
        _bar(line, (("其中逾期", line.cells[1]), ("牵头在办", _int(line.cells[0]) - _int(line.cells[1]))), most)
        for line in table.lines
    ]  # fmt: skip


def _step_bars(table: Table) -> list[Markup]:
    most = max((_int(line.cells[0]) for line in table.lines), default=0)
    return [
        _bar(
            line, (("逾期未办", line.cells[3]), ("逾期办理", line.cells[2]),
                   ("已办理", _int(line.cells[1]) - _int(line.cells[2]))), most,
        )
        for line in table.lines
    ]  # fmt: skip


def _bar(line: Line, parts: object, most: int) -> Markup:
    return stacked([(head, _int(number), COLOURS[head]) for head, number in parts], most, title=line.label)  # type: ignore[attr-defined]


def _years_chart(table: Table) -> Markup:
    """任务 and 已完成 of each year, all ways together."""
    years = sorted({line.key for line in table.lines})
    summed = [
        [sum(_int(line.cells[place]) for line in table.lines if line.key == year) for year in years] for place in (0, 1)
    ]  # fmt: skip
    series = [(head, COLOURS[head], numbers) for head, numbers in zip(("任务", "已完成"), summed, strict=True)]
    return columns([f"{year}年" for year in years], series, title="年度任务和完成数", name="years")


def _trend(table: Table) -> dict[str, object]:
    heads = table.heads[1:]
    series = [(head, COLOURS[head], [_int(line.cells[n]) for line in table.lines]) for n, head in enumerate(heads)]
    # The year stands below its January and at the beginning; the month alone elsewhere.
    words = [
        line.label if not n or line.label.endswith("-01") else f"{int(line.label[5:])}月"
        for n, line in enumerate(table.lines)
    ]
    drawn = lines(words, series, title=table.title, name="trend")
    return {"trend": drawn, "keys": [(head, key(n, COLOURS[head])) for n, head in enumerate(heads)]}


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value
