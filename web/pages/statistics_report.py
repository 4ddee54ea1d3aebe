"""报表: one period as the office reports it, to look at, to take away as a workbook, and to draft as a document."""

from typing import Annotated

from fastapi import APIRouter, Response

from office.papers.drafting import lawful
from office.reports.period_report import LINES, MOST, Report, grouped, period_report
from office.reports.report_book import report_book
from office.reports.report_paper import KIND, draft_of, draft_report, title_of
from office.reports.statistics_period import PERIODS, Period, period_of
from web.desk import HANDLES, READS, XLSX, Desk
from web.links import document_url
from web.pages.statistics import day_asked, page, period_asked, source
from workflow.errors import BadInput, CaseFileError

router = APIRouter()


@router.get("/statistics/report")
def report(desk: Annotated[Desk, READS]) -> Response:
    try:
        return _page(desk, period_asked(desk))
    except BadInput as error:
        return _page(desk, period_of("week", desk.today), str(error), 400)


@router.get("/statistics/report/export.xlsx")
def export(desk: Annotated[Desk, READS]) -> Response:
    found = _report(desk, period_asked(desk), MOST)
    data = report_book(found, desk.context.plan.get("county", ""), _source(desk, found))
    return desk.file(data, f"{title_of(found)}-{desk.today}.xlsx", XLSX)


@router.post("/statistics/report")
def draft(desk: Annotated[Desk, HANDLES]) -> Response:
    form, chosen = desk.form, period_of("month", desk.today)
    try:
        first, last = day_asked("from", form.text("from")), day_asked("to", form.text("to"))
        chosen = period_of(form.text("period"), desk.today, first, last)
        with desk.writing() as session:
            found = period_report(session, desk.person, desk.context, chosen, desk.now)
            made, new = draft_report(session, desk.person, found, desk.today)
    except CaseFileError as error:
        return _page(desk, chosen, str(error), 422)
    said = f"已起草《{title_of(found)}》。" if new else f"《{title_of(found)}》的草稿已改用现在的数字。"
    return desk.go(document_url(made), said)


def _report(desk: Desk, period: Period, lines: int = LINES) -> Report:
    return period_report(desk.session, desk.person, desk.context, period, desk.now, lines)


def _page(desk: Desk, period: Period, problem: str = "", status: int = 200) -> Response:
    found = _report(desk, period)
    drafts = lawful(desk.person, KIND)
    asked = desk.request.query_params
    return page(
        desk, "statistics_report.html.j2", status, found=found, chosen=period, periods=PERIODS, problem=problem,
        drafts=drafts, draft=draft_of(desk.session, desk.person, found) if drafts else None,
        work=grouped(found.work), query=f"?period={period.name}&from={period.first}&to={period.last}",
        first=asked.get("from", "")[:20] if status == 400 else period.first,
        last=asked.get("to", "")[:20] if status == 400 else period.last,
    )  # fmt: skip


def _source(desk: Desk, found: Report) -> str:
    return f"{source(desk)}　报告时段：{found.period.word}"
