"""工作日历: a year at a glance, and the import of a year's published holidays with its consequences shown first."""

from typing import Annotated

from fastapi import APIRouter, Response

from office.plan.workday_year import FIRST, LAST, Rehearsed, publish, spoken, year_of
from web.asked import word
from web.desk import ANYBODY, OFFICE, Desk
from workflow.calendar_import import NoticeError, notice_text
from workflow.errors import Conflict, NotFound

router = APIRouter()
#: Moved deadlines that are listed before an import; the rest is counted.
LISTED = 200


@router.get("/workdays")
def workdays(desk: Annotated[Desk, ANYBODY]) -> Response:
    given = word(desk, "year")
    if given and not (given.isascii() and given.isdigit() and len(given) == 4):
        raise NotFound(f"“{given[:20]}”不是年份：只提供 {FIRST} 至 {LAST} 年。")
    year = int(given) if given else desk.today.year
    return desk.page("workdays.html.j2", year=year_of(desk.session, year), spoken=spoken)


@router.get("/workdays/import")
def import_form(desk: Annotated[Desk, OFFICE]) -> Response:
    return _form(desk, "", [])


def _form(desk: Desk, text: str, problems: list[str], found: Rehearsed | None = None) -> Response:
    form = desk.form
    typed = {"text": text, "source": form.text("source"), "year": form.text("year"), "replace": form.ticked("replace")}
    return desk.page(
        "workdays_import.html.j2", status=422 if problems else 200, typed=typed, problems=problems, found=found,
        spoken=spoken, listed=LISTED,
    )  # fmt: skip


@router.post("/workdays/import")
def import_year(desk: Annotated[Desk, OFFICE]) -> Response:
    """First the consequences, rolled back; with `confirm` the same once more, for good."""
    form, confirmed = desk.form, desk.form.ticked("confirm")
    text = form.text("text")
    try:
        if uploads := form.files("file"):
            text = notice_text(uploads[0].data, uploads[0].stored.filename)
        year = _year(form.text("year"))
        with desk.writing() as session:
            found = publish(
                session, text, source=form.text("source"), year=year, replace=form.ticked("replace"),
                actor=desk.person.actor.user,
            )  # fmt: skip
            if not confirmed:
                session.rollback()
            elif form.text("seen") not in ("", found.fingerprint):
                raise Conflict("试算之后案件或日历有了变化，这次没有导入：请重新试算，核对后再确认。")
    except NoticeError as error:
        return _form(desk, text, list(error.problems))
    if not confirmed:
        return _form(desk, text, [], found)
    return desk.go(
        f"/workdays?year={found.change.year}",
        f"已导入 {found.change.year} 年放假安排：{len(found.change.days)} 天与原先不同，{len(found.moves)} 项期限随之变动。",
    )


def _year(typed: str) -> int | None:
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and FIRST <= int(typed[:9]) <= LAST):
        raise NoticeError(f"年份“{typed[:20]}”不对：请填 {FIRST} 至 {LAST} 之间的四位数，或留空。")
    return int(typed)
