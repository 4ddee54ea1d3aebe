"""表格导入导出: what goes out as a workbook, the imports so far, and the upload of a new one."""

from typing import Annotated

from fastapi import APIRouter, Response

from office.sheets.exports import weekly_sheet
from office.sheets.importing import LAYOUTS, SIZE, STATUSES, earlier, read_and_look, receive, uploaders
from office.sheets.survey_sheet import NAME, survey_ledger, survey_template
from web.asked import page as page_of
from web.desk import OFFICE, READS, XLSX, Desk, allow
from web.forms import Upload
from workflow.errors import BadInput
from workflow.office_paper import office_group

router = APIRouter()
ABOVE = allow("office", "leader")
#: For the file dialog of a browser.
ACCEPT = ".xlsx,.xls,.xlsb,.ods"


@router.get("/sheets")
def sheets(desk: Annotated[Desk, READS]) -> Response:
    return _front(desk)


def _front(desk: Desk, *, problem: str = "", status: int = 200) -> Response:
    rows, total = earlier(desk.session, page_of(desk)) if desk.person.is_office else ([], 0)
    return desk.page(
        "sheets.html.j2", status, problem=problem, source=desk.form.text("source"), rows=rows, total=total, size=SIZE,
        page=page_of(desk), people=uploaders(desk.session, rows), layouts=LAYOUTS, statuses=STATUSES, accept=ACCEPT,
    )  # fmt: skip


@router.get("/sheets/template.xlsx")
def template(desk: Annotated[Desk, READS]) -> Response:
    return desk.file(survey_template(desk.context), f"{NAME}模板.xlsx", XLSX)


@router.get("/sheets/survey.xlsx")
def survey(desk: Annotated[Desk, READS]) -> Response:
    return desk.file(
        survey_ledger(desk.session, desk.person, desk.context, desk.today), f"{NAME}-{desk.today}.xlsx", XLSX
    )


@router.get("/sheets/weekly.xlsx")
def weekly(desk: Annotated[Desk, ABOVE]) -> Response:
    group = office_group(desk.session, "weekly_report", desk.today, ())
    data = weekly_sheet(group, desk.context.plan, by=f"{desk.person.organ} {desk.person.name}")
    return desk.file(data, f"整治提升工作调度表-{desk.today}.xlsx", XLSX)


@router.post("/sheets")
def upload(desk: Annotated[Desk, OFFICE]) -> Response:
    """Read and compared before anything is kept: a file that is none leaves nothing behind."""
    try:
        given = _given(desk)
        found = read_and_look(desk.session, given.data, given.stored.filename, desk.today)
        with desk.writing() as session:
            row = receive(
                session, given.stored, found, source=desk.form.text("source"), actor=desk.person.actor, now=desk.now
            )
            number = row.id
            desk.office.store.keep(given.stored, given.data)
    except BadInput as error:
        return _front(desk, problem=str(error), status=422)
    return desk.go(f"/sheets/{number}")


def _given(desk: Desk) -> Upload:
    files = desk.form.files("file")
    if not files:
        raise BadInput("请选择要导入的表格文件（.xlsx、.xls、.xlsb、.ods）。")
    return files[0]
