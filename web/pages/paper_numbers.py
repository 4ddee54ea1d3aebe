"""发文代字 and 发文登记: the series that organs number in, and every number that was given out."""

from typing import Annotated

from fastapi import APIRouter, Response
from sqlmodel import col, select

from office.papers.number_register import gaps, number_rows, register_series, series_rows
from office.papers.paper_records import account_names
from states.documents import KINDS
from web.asked import number, page, pages_link, word
from web.desk import Desk, allow
from workflow.errors import CaseFileError
from workflow.models import Organ
from workflow.numbering import UNNUMBERED

router = APIRouter()
KEEPS = allow("office", "sysadmin")
#: Numbers on one page of the register.
SIZE = 50


@router.get("/templates/series")
def series(desk: Annotated[Desk, KEEPS]) -> Response:
    return _page(desk)


@router.post("/templates/series")
def add(desk: Annotated[Desk, KEEPS]) -> Response:
    form = desk.form
    try:
        with desk.writing() as session:
            said = register_series(
                session, form.text("word"), form.text("organ"), form.all("kind"), year=form.text("year"),
                last=form.text("last"), source=form.text("source"), actor=desk.person.actor,
            )  # fmt: skip
    except CaseFileError as error:
        return _page(desk, str(error), 422)
    return desk.go("/templates/series", said)


def _page(desk: Desk, problem: str = "", status: int = 200) -> Response:
    kinds = [kind for kind in KINDS if kind.form not in UNNUMBERED]
    issuing = {issuer.id for kind in kinds for issuer in kind.issuers}
    organs = desk.session.exec(
        select(Organ).where(col(Organ.id).in_(issuing) | (Organ.kind == "township")).order_by(Organ.name)
    ).all()
    return desk.page(
        "number_series.html.j2", status, rows=series_rows(desk.session), organs=organs, kinds=kinds, problem=problem,
        posted=desk.form, names=account_names(desk.session),
    )  # fmt: skip


@router.get("/templates/numbers")
def numbers(desk: Annotated[Desk, KEEPS]) -> Response:
    """发文登记簿, a page at a time; what is missing is said above it."""
    asked = {name: word(desk, name) for name in ("word", "year", "void")}
    year = number(desk, "year", 2999)
    rows = number_rows(desk.session, asked["word"], year)
    given = {row["word"]: row["word"] for row in series_rows(desk.session)}
    voided = [row for row in rows if row["void_reason"]]
    shown = voided if asked["void"] else rows
    start = (page(desk) - 1) * SIZE
    return desk.page(
        "number_register.html.j2", rows=shown[start : start + SIZE], total=len(shown), page=page(desk), size=SIZE,
        sought=asked, words=list(given), years=sorted({row["year"] for row in rows} | ({year} if year else set())),
        lost=gaps(desk.session, asked["word"], year), given=len(rows), voided=len(voided),
        link=pages_link("/templates/numbers", asked), names=account_names(desk.session),
    )  # fmt: skip
