"""待明确事项: what the plan leaves open, asked of an organ; filled several at once, each with its source."""

from typing import Annotated

from fastapi import APIRouter, Response
from sqlmodel import Session

from office.cases.open_values import SIZE, Answer, Wanted, choices, fill, townships, values
from web.asked import day, ids, page, pages_link, word
from web.desk import HANDLES, READS, Desk
from workflow.errors import BadInput

router = APIRouter()
_URL = "/open-values"


class _Refused(Exception):
    """Some answers cannot be taken: nothing is kept."""

    def __init__(self, problems: dict[int, str]) -> None:
        self.problems = problems
        super().__init__()


@router.get(_URL)
def open_values(desk: Annotated[Desk, READS]) -> Response:
    return _page(desk)


@router.post(_URL)
def save(desk: Annotated[Desk, HANDLES]) -> Response:
    typed, common = desk.form.group("value-"), desk.form.text("source")
    answers = [Answer(key, typed[str(key)], desk.form.text(f"source-{key}") or common) for key in ids(list(typed))]
    try:
        with desk.writing() as session:
            _keep(desk, session, answers)
    except _Refused as refused:
        return _page(desk, "有填写项不对，全部没有保存：请改正后重新保存。", refused.problems, 422)
    except BadInput as error:
        return _page(desk, str(error), status=422)
    return desk.go(_back(desk), f"已登记 {len(answers)} 项，相关期限已重新计算。")


def _keep(desk: Desk, session: Session, answers: list[Answer]) -> None:
    if not answers:
        raise BadInput("没有填写任何一项：请在要填写的事项里写明内容和来源。")
    on = day(desk.form.text("on"), "填写日期", desk.today)
    if on > desk.today:
        raise BadInput(f"填写日期 {on} 在今天（{desk.today}）之后，请核对。")
    problems = fill(session, desk.person, answers, on)
    if problems:
        raise _Refused(problems)


def _back(desk: Desk) -> str:
    """The list as it was, with its filters."""
    query = desk.request.url.query
    return f"{_URL}?{query}" if query else _URL


def _page(desk: Desk, problem: str = "", problems: dict[int, str] | None = None, status: int = 200) -> Response:
    wanted = Wanted(word(desk, "tab") == "filled", word(desk, "organ"), word(desk, "item"), word(desk, "mine"))
    rows, total = values(desk.session, desk.person, wanted, page(desk))
    asked = {name: word(desk, name) for name in ("tab", "organ", "item", "mine")}
    shown, problems = {row["id"] for row in rows}, problems or {}
    # What somebody else has filled in meanwhile is not in the list any more, but still to be told.
    problem += "".join(sentence for key, sentence in problems.items() if key not in shown)
    return desk.page(
        "open_values.html.j2", status, rows=rows, total=total, page=page(desk), size=SIZE, wanted=wanted, sought=asked,
        link=pages_link(_URL, asked), problem=problem, problems=problems, posted=desk.form, back=_back(desk),
        townships=townships(desk.session) if any(row["name"].endswith("_id") for row in rows) else [],
        may_fill=any(row["may_fill"] for row in rows), on=desk.form.text("on") or desk.today,
        **choices(desk.session, desk.person),
    )  # fmt: skip
