"""生成承诺书: a letter for each ticked case that asks for one; nothing happens to a case that was not ticked."""

from typing import Annotated

from fastapi import APIRouter, Response

from office.papers.commitments import draft_commitments
from web.desk import HANDLES, Desk
from web.pages.all_cases_ticked import ticked_page, ticked_rows

router = APIRouter()


@router.post("/cases/selected/commitments")
def draft_ticked(desk: Annotated[Desk, HANDLES]) -> Response:
    """All of them in one transaction; each refusal stays with its case."""
    rows = ticked_rows(desk, desk.form.all("case"))
    with desk.writing() as session:
        letters = draft_commitments(session, desk.person, [row.number for row in rows], desk.today)
    return ticked_page(desk, rows, letters=letters)
