"""名录核对: the lists on record against the plan's criteria and against themselves; a new list is looked at, not kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Response

from office.papers.drafting import lawful
from office.sheets.list_check import KIND, Checked, check_workbook, draw_check, findings_sheet, on_record
from states import parties as p
from states.documents import BY_ID, may_issue
from states.list_check import readings
from states.listed import VERDICTS, WAYS, Finding, ListedRow
from states.rules import Verdict
from states.thresholds import STATUS_WORDS
from web.asked import page, word
from web.desk import HANDLES, READS, XLSX, Desk
from workflow.errors import BadInput, NotFound
from workflow.list_paper import is_against, numbers, standards

router = APIRouter()
URL = "/lists/check"
#: Rows of a page, and rows of a workbook that are shown; all of them are in the files.
SIZE, MOST_SHOWN = 30, 100
_MEDIA = {
    "xlsx": XLSX, "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One row on the page: how its checks came out, and what must be looked into."""

    row: ListedRow
    criteria: Mapping[Verdict, int]
    checks: Mapping[Verdict, int]
    against: Sequence[Finding]
    year: str


@router.get(URL)
def overview(desk: Annotated[Desk, READS]) -> Response:
    """The rows a page at a time; with `mine` everything about one of them."""
    code = word(desk, "mine")
    return _one(desk, code) if code else _page(desk)


@router.get(f"{URL}/result.xlsx")
def workbook(desk: Annotated[Desk, READS]) -> Response:
    return _file(desk, on_record(desk.session, desk.person, desk.today).checked(), "xlsx")


@router.get(f"{URL}/result.docx")
def document(desk: Annotated[Desk, READS]) -> Response:
    return _file(desk, on_record(desk.session, desk.person, desk.today).checked(), "docx")


@router.get(f"{URL}/result.pdf")
def printed(desk: Annotated[Desk, READS]) -> Response:
    return _file(desk, on_record(desk.session, desk.person, desk.today).checked(), "pdf")


@router.post(URL)
def upload(desk: Annotated[Desk, HANDLES]) -> Response:
    """A new list: checked, shown or handed back as a file, and not kept."""
    files = desk.form.files("file")
    if not files:
        return _page(desk, "还没有选择文件：请选择附件2或附件3样式的名录（.xlsx、.xls、.xlsb、.ods）。", 422)
    try:
        checked = check_workbook(desk.session, files[0].data, files[0].stored.filename, desk.today)
    except BadInput as error:
        return _page(desk, str(error), 422)
    wanted = desk.form.text("as")
    if wanted in _MEDIA:
        return _file(desk, checked, wanted)
    return desk.page("list_check_upload.html.j2", **_common(desk, checked), lines=_lines(checked)[:MOST_SHOWN])


def _file(desk: Desk, checked: Checked, suffix: str) -> Response:
    if not checked.rows:
        raise NotFound("名录上还没有您能看到的矿山，没有可以核对的内容。")
    if suffix == "xlsx":
        data = findings_sheet(checked, by=f"{desk.person.organ} {desk.person.name}")
    else:
        # Whoever may not issue the paper gets it as the office would draft it.
        issuer = desk.person.organ_id if may_issue(desk.person.organ_id, BY_ID[KIND]) else p.GROUP_OFFICE.id
        data = draw_check(desk.office, desk.session, checked, f".{suffix}", issuer)
    return desk.file(data, f"名录核对情况表-{desk.today}.{suffix}", _MEDIA[suffix])


def _page(desk: Desk, problem: str = "", status: int = 200) -> Response:
    lists = on_record(desk.session, desk.person, desk.today)
    number = min(page(desk), max(1, -(-len(lists.rows) // SIZE)))
    checked = lists.checked(lists.rows[(number - 1) * SIZE : number * SIZE])
    return desk.page(
        "list_check.html.j2", status, **_common(desk, checked), lines=_lines(checked), total=len(lists.rows), page=number,
        size=SIZE, link=f"{URL}?page=", readings=readings(lists.ground), standards=standards(lists.ground),
        numbers=numbers, status_words=STATUS_WORDS, problem=problem, drafts=lawful(desk.person, BY_ID[KIND]),
    )  # fmt: skip


def _one(desk: Desk, code: str) -> Response:
    lists = on_record(desk.session, desk.person, desk.today)
    row = next((row for row in lists.rows if row.code == code), None)
    if row is None:
        raise NotFound(f"名录上没有编号为“{code[:40]}”的矿山，或者它不在您的职责范围内。")
    checked = lists.checked([row])
    found = checked.of(row)
    groups = [
        ("对照方案标准", [f for f in found if f.is_criterion]),
        ("核对名录所载", [f for f in found if not f.is_criterion]),
    ]
    return desk.page(
        "list_check_one.html.j2", **_common(desk, checked), row=row, groups=groups, readings=readings(lists.ground)
    )


def _common(desk: Desk, checked: Checked) -> dict[str, Any]:
    return {
        "checked": checked,
        "verdicts": VERDICTS,
        "tone_of": _tone,
        "ways": WAYS,
        "county": desk.context.plan.get("county", ""),
    }


def _lines(checked: Checked) -> list[Line]:
    lines = []
    for row in checked.rows:
        found = checked.of(row)
        criteria, checks = (_counts([f for f in found if f.is_criterion == which]) for which in (True, False))
        year = row.facts.get("exit_year") or row.facts.get("transfer_year") or ""
        lines.append(Line(row, criteria, checks, [f for f in found if is_against(f)], str(year)))
    return lines


def _counts(found: Sequence[Finding]) -> dict[Verdict, int]:
    return {verdict: sum(f.verdict == verdict for f in found) for verdict in VERDICTS}


def _tone(found: Finding) -> str:
    """Class of a badge: red is what must be looked into, and not a case of closure that a mine does not show."""
    if found.verdict == "unknown":
        return "soon"
    if found.rule[0] in "KE" and found.is_criterion:
        return "late" if found.verdict == "hit" else "plain"
    return "fine" if found.verdict == "hit" else "late" if is_against(found) else "plain"
