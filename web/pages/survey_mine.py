"""调查摸底 of one mine: its four blocks as one form, each value with who said it, and what the criteria propose."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Response

from office.desk.desk_board import short_name
from office.survey import routes
from office.survey.mine_sheet import Told, sheet
from office.survey.recording import Filled, Overtaken, Refused
from office.survey.recording import save as keep
from states.registry import PROCEDURES
from states.survey import ITEMS, owed
from web.asked import day
from web.desk import HANDLES, READS, Desk
from web.taking import version_of
from workflow.errors import BadInput
from workflow.survey_gaps import gap_words

router = APIRouter()
URL = "/survey/{code}"
_VERDICTS = {"hit": ("符合", "late"), "miss": ("不符合", "plain"), "unknown": ("待查明", "soon")}


@dataclass(slots=True)
class Said:
    """What is answered to a form that was not taken."""

    status: int = 200
    problem: str = ""
    problems: dict[str, str] = field(default_factory=dict)
    #: What others have recorded meanwhile.
    newer: tuple[Told, ...] = ()
    #: What the person has changed: it stays in the form.
    typed: dict[str, str] = field(default_factory=dict)

    @property
    def overtaken(self) -> set[str]:
        """Names of the values that others have recorded meanwhile."""
        return {name for entry in self.newer for name in entry.values}


@router.get(URL)
def mine(desk: Annotated[Desk, READS], code: str) -> Response:
    return _page(desk, code, Said())


@router.post(URL)
def save(desk: Annotated[Desk, HANDLES], code: str) -> Response:
    typed = {name: desk.form.text(f"v_{name}") for name in ITEMS if f"v_{name}" in desk.form.texts}
    was = {name: desk.form.text(f"was_{name}") for name in typed}
    filled = Filled(typed, was, version_of(desk.form.text("seen")) or 0, desk.today, desk.form.text("source"))
    said = Said(422, typed=filled.changed)
    try:
        filled = replace(filled, on=_found_on(desk))
        with desk.writing() as session:
            many = keep(session, desk.person, code, filled, desk.context)
    except Refused as refused:
        said.problem, said.problems = "有填写项不对，全部没有保存：请改正后重新保存。", refused.problems
    except Overtaken as overtaken:
        said.status, said.newer = 409, overtaken.entries
    except BadInput as error:
        said.problem = str(error)
    else:
        return desk.go(desk.request.url.path, f"已登记 {many} 项，记入办理记录；相关期限已重新计算。")
    return _page(desk, code, said)


def _found_on(desk: Desk) -> date:
    on = day(desk.form.text("on"), "查明日期", desk.today)
    if on > desk.today:
        raise BadInput(f"查明日期 {on} 在今天（{desk.today}）之后，请核对。")
    return on


def _page(desk: Desk, code: str, said: Said) -> Response:
    # Read again: what made the attempt fail may be newer than this request's own look.
    with desk.office.reading() as fresh:
        blocks = sheet(fresh, desk.person, code, desk.context)
        found = routes.proposal(fresh, blocks.mine, desk.context, desk.today)
        organs = desk.context.organs
        return desk.page(
            "survey_mine.html.j2", said.status, sheet=blocks, mine=blocks.mine, reply=said, posted=desk.form, found=found,
            verdicts=_VERDICTS, procedures=PROCEDURES, township=short_name(desk.context, blocks.mine.township_id),
            gaps=[gap_words(party, items, organs) for party, items in owed(blocks.facts).items()],
            names={party.id: organs.get(party.id, party.name) for party in {i.asked_of for i in ITEMS.values()}},
            back=routes.PROPOSE,
        )  # fmt: skip
