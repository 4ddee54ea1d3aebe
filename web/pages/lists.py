"""名录: the three lists of the plan, to print and export, and their approval by one document."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Response

from office.cases.case_files import ACCEPT, check_file, upload_limit
from office.cases.lists import HEADS, SIZE, TITLES, Approval, Listed, approve, checked, listed
from office.sheets.annexes import list_sheet
from web.desk import HANDLES, READS, XLSX, Desk
from web.forms import Upload
from workflow.errors import BadInput, NotFound

router = APIRouter()


@router.get("/lists/{name}")
def annex(name: str, desk: Annotated[Desk, READS]) -> Response:
    _known(name)
    text = desk.request.query_params.get("page", "1")
    page = max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1
    lines, total = listed(desk.session, desk.person, name, desk.context, desk.today, page=page)
    return desk.page(
        "list.html.j2", name=name, title=TITLES[name], heads=HEADS[name], lines=lines, total=total, size=SIZE, page=page,
        waiting=sum(line.approval is not None for line in lines), tickable=any(line.may for line in lines),
    )  # fmt: skip


@router.get("/lists/{name}/export.xlsx")
def export(name: str, desk: Annotated[Desk, READS]) -> Response:
    _known(name)
    lines, _ = listed(desk.session, desk.person, name, desk.context, desk.today, size=None)
    by = f"{desk.person.organ} {desk.person.name}"
    data = list_sheet(name, lines, str(desk.context.plan.get("county", "")), today=desk.today, by=by)
    return desk.file(data, f"{TITLES[name]}-{desk.today}.xlsx", XLSX)


@router.get("/lists/{name}/approve")
def approval_form(name: str, desk: Annotated[Desk, HANDLES]) -> Response:
    """Shows what was ticked, what stands in the way of each, and asks for the approval document."""
    _known(name)
    lines = _ticked(desk, name, desk.request.query_params.getlist("case"))
    return _form(desk, name, lines, {"on": desk.today.isoformat()})


@router.post("/lists/{name}/approve")
def approve_ticked(name: str, desk: Annotated[Desk, HANDLES]) -> Response:
    _known(name)
    form = desk.form
    lines = _ticked(desk, name, form.all("case"))
    typed = {key: form.text(key) for key in ("approval_number", "approval_date", "on")}
    years = form.group("year-")
    try:
        number, approved, on = checked(typed["approval_number"], typed["approval_date"], typed["on"], desk.today)
        scan = _scan(desk)
    except BadInput as error:
        return _form(desk, name, lines, typed, years, problem=str(error), status=422)
    versions = {key: int(text) for key, text in form.group("version-").items() if text.isdecimal() and len(text) < 10}
    with desk.writing() as session:
        results = approve(
            session, desk.person, lines, Approval(number, approved, on, scan.stored), years, versions
        )  # fmt: skip
        if not all(results.values()):
            desk.office.store.keep(scan.stored, scan.data)
    return _form(desk, name, lines, typed, years, results=results)


def _known(name: str) -> None:
    if name not in TITLES:
        raise NotFound("没有这个名录：请从左侧菜单进入。")


def _scan(desk: Desk) -> Upload:
    files = desk.form.files("approval")
    if not files:
        raise BadInput("请附上县政府批复或会议纪要的扫描件：一份即可，用于全部勾选的案件。")
    check_file(files[0].stored.filename, files[0].data, upload_limit(desk.session))
    return files[0]


def _ticked(desk: Desk, name: str, numbers: Sequence[str]) -> list[Listed]:
    if not numbers:
        raise BadInput("没有勾选案件：请返回名录，在要审定的案件前打勾。")
    if len(numbers) > SIZE:
        raise BadInput(f"一次最多审定 {SIZE} 件，勾选了 {len(numbers)} 件：请分批办理。")
    lines, _ = listed(desk.session, desk.person, name, desk.context, desk.today, only=numbers)
    if not lines:
        raise NotFound("勾选的案件不在这个名录上，或者不在您的职责范围内。")
    return lines


def _form(
    desk: Desk, name: str, lines: Sequence[Listed], typed: dict[str, str], years: dict[str, str] | None = None, *,
    problem: str = "", results: dict[str, str] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    shown: dict[str, Any] = {"approval_number": "", "approval_date": "", "on": "", **typed}
    done = sum(not said for said in results.values()) if results else 0
    return desk.page(
        "list_approval.html.j2", status, name=name, title=TITLES[name], lines=lines, typed=shown, years=years or {},
        problem=problem, results=results, done=done, accept=ACCEPT,
    )  # fmt: skip
