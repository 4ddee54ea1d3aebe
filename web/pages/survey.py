"""调查摸底: how complete the survey is by content, organ and township, the mines one by one, and 催报缺项."""

from typing import Annotated

from fastapi import APIRouter, Response

from office.desk.desk_board import short_name
from office.papers.drafting import lawful
from office.survey import completeness as office
from office.survey.completeness import State, Wanted
from office.survey.urging import letters, urge
from states.documents import BY_ID
from states.survey import ASKED, BLOCKS
from web.asked import page, pages_link, word
from web.desk import OFFICE, READS, Desk
from workflow.context import Context
from workflow.errors import BadInput

router = APIRouter()
URL = "/survey"
STATES: dict[State, str] = {"complete": "已查清", "incomplete": "有缺项"}
#: Characters of a letter that the page shows; all of it is sent.
_SHOWN = 3000


@router.get(URL)
def survey(desk: Annotated[Desk, READS]) -> Response:
    context, mines = desk.context, office.surveyed(desk.session, desk.person)
    state: State = next((key for key in STATES if key == word(desk, "state")), "")
    wanted = Wanted(word(desk, "township"), word(desk, "organ"), state, word(desk, "mine"))
    found = office.narrowed(mines, wanted)
    number = min(page(desk), max(1, -(-len(found) // office.SIZE)))
    asked = {"township": wanted.township, "organ": wanted.organ, "state": wanted.state, "mine": wanted.mine}
    townships = [(line.key or office.UNKNOWN, short_name(context, line.key)) for line in office.by_township(mines)]
    rows = found[(number - 1) * office.SIZE : number * office.SIZE]
    return desk.page(
        "survey.html.j2", rows=rows, total=len(found), page=number,
        size=office.SIZE, link=pages_link(URL, asked), sought=asked, everything=office.together(mines),
        tables=_tables(context, mines), blocks=BLOCKS, townships=sorted(townships, key=lambda pair: pair[1]),
        organs=_organs(context), states=STATES, names={row.township_id: short_name(context, row.township_id) for row in rows},
        drafts_report=lawful(desk.person, BY_ID["survey_report"]),
    )  # fmt: skip


def _organs(context: Context) -> list[tuple[str, str]]:
    return [(party.id, context.organs.get(party.id, party.name)) for party in ASKED]


def _tables(
    context: Context, mines: list[office.Standing]
) -> list[tuple[str, str, list[tuple[str, str, office.Line]]]]:
    """Title, head of the first column, and lines with their word and where it leads."""
    titles, organs = {block.id: block.title for block in BLOCKS}, dict(_organs(context))
    return [
        ("按责任单位", "单位", [(organs[line.key], f"organ={line.key}", line) for line in office.by_organ(mines)]),
        ("按乡镇", "乡镇", [
            (short_name(context, line.key), f"township={line.key or office.UNKNOWN}", line)
            for line in office.by_township(mines)
        ]),
        ("按摸底内容", "内容", [(titles[line.key], "", line) for line in office.by_block(mines)]),
    ]  # fmt: skip


@router.get(f"{URL}/urge")
def urging(desk: Annotated[Desk, OFFICE]) -> Response:
    return _urging(desk)


@router.post(f"{URL}/urge")
def send(desk: Annotated[Desk, OFFICE]) -> Response:
    try:
        with desk.writing() as session:
            told = urge(
                session, desk.person, desk.context, desk.form.all("organ"), desk.today, desk.form.text("reason")
            )
    except BadInput as error:
        return _urging(desk, str(error), 422)
    return desk.go(f"{URL}/urge", f"已向{'、'.join(told)}催报缺项，通知随下一次心跳发出。")


def _urging(desk: Desk, problem: str = "", status: int = 200) -> Response:
    # The words of the letter are those of the very letter that is sent.
    found = letters(desk.session, desk.person, desk.context, desk.today)
    reachable = desk.office.reachable(desk.session)
    rows = [(letter, letter.message, reachable(letter.organ_id, desk.today)) for letter in found]
    return desk.page(
        "survey_urge.html.j2", status, rows=rows, problem=problem, posted=desk.form, shown=_SHOWN,
        names=dict(_organs(desk.context)),
    )  # fmt: skip
