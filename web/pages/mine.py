"""矿山: one mine with its route, what runs beside it, and everything on record."""

from typing import Annotated

from fastapi import APIRouter, Response

from office.cases.mine_file import SHOWN, mine_file
from states.registry import PROCEDURES
from web.desk import READS, Desk

router = APIRouter()
_VERDICTS = {"hit": ("符合", "late"), "miss": ("不符合", "plain"), "unknown": ("待查明", "soon")}


@router.get("/mines/{code}")
def mine(code: str, desk: Annotated[Desk, READS]) -> Response:
    found = mine_file(desk.session, desk.person, code, desk.context, desk.today)
    routes = {procedure.id: procedure.title for procedure in PROCEDURES.values()}
    return desk.page(
        "mine.html.j2", found=found, mine=found.mine, verdicts=_VERDICTS, routes=routes, shown=SHOWN,
        settled=sum(row["verdict"] != "unknown" for row in found.criteria),
    )  # fmt: skip
