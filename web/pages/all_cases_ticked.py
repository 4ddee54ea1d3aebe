"""What is done with several ticked cases at once: urge them, draft their commitments, print their list.

Nothing happens to a case that was not ticked.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Response

from office.cases.case_rows import Row
from office.papers.commitments import Outcome, asked_by, may_draft
from web.desk import HANDLES, READS, Desk
from web.pages.all_cases import case_list
from workflow.errors import BadInput, CaseFileError
from workflow.records import checked_text

router = APIRouter()
#: Cases of one page of the ledger, at its longest.
MOST = 100


@router.get("/cases/selected")
def ticked(desk: Annotated[Desk, READS]) -> Response:
    """Shows what was ticked and asks once more."""
    asked = desk.request.query_params
    return ticked_page(desk, ticked_rows(desk, asked.getlist("case")), printing="print" in asked)


@router.post("/cases/selected")
def urge_ticked(desk: Annotated[Desk, HANDLES]) -> Response:
    """Urges each case; one that cannot be urged does not spoil the others."""
    from office.cases.handing import urge

    rows = ticked_rows(desk, desk.form.all("case"))
    try:
        reason = checked_text(desk.form.text("reason"), "催办内容")
    except BadInput:
        problem = "请写明催办内容：要求谁在什么时候之前做什么。"
        return ticked_page(desk, rows, problem=problem, reason=desk.form.text("reason"), status=422)
    results: dict[str, str] = {}
    with desk.writing() as session:
        for row in rows:
            try:
                with session.begin_nested():
                    urge(session, row.number, desk.person.actor, desk.today, reason)
                results[row.number] = ""
            except CaseFileError as error:
                results[row.number] = str(error)
    return ticked_page(desk, rows, results=results)


def ticked_rows(desk: Desk, numbers: Sequence[str]) -> list[Row]:
    """The cases that were ticked and may be seen. Raises BadInput for none, and for too many."""
    if len(numbers) > MOST:
        raise BadInput(f"一次最多办理 {MOST} 件，勾选了 {len(numbers)} 件：请分批办理。")
    rows = case_list(desk).ticked(numbers)
    if not rows:
        raise BadInput("没有勾选案件：请返回台账，在要办理的案件前打勾。")
    return rows


def ticked_page(
    desk: Desk, rows: Sequence[Row], *, printing: bool = False, problem: str = "", reason: str = "",
    results: Mapping[str, str] | None = None, letters: Mapping[str, Outcome] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    """The ticked cases, each with what came of it: `results` of urging, or the `letters` that were drafted."""
    done = sum(not said for said in results.values()) if results else 0
    return desk.page(
        "ledger_ticked.html.j2", status, rows=rows, printing=printing, problem=problem, reason=reason, results=results,
        done=done, letters=letters, drafts=[one.document for one in (letters or {}).values() if one.draft],
        made=sum(one.made for one in (letters or {}).values()),
        asking=[row for row in rows if row.procedure in asked_by()] if may_draft(desk.person) else [],
    )  # fmt: skip
