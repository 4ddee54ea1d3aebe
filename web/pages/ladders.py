"""提醒阶梯: each ladder in words and as a line; the office changes one after seeing what that moves."""

from typing import Annotated

from fastapi import APIRouter, Response

from office.plan.ladder_setting import (
    LadderChange,
    change,
    ladders_given,
    original,
    read_typed,
    set_by_hand,
    steps_on,
)
from web.charts.ladder import drawing, in_words
from web.desk import ANYBODY, OFFICE, Desk
from workflow.errors import BadInput, NotFound
from workflow.ladders import Ladder

router = APIRouter()
FIELDS = ("before", "overdue_first", "overdue_every", "supervise_after", "criticise_after")
LISTED = 100


@router.get("/ladders")
def ladders(desk: Annotated[Desk, ANYBODY]) -> Response:
    shown = [(ladder, in_words(ladder), drawing(ladder, in_words(ladder)), steps_on(ladder.name))
             for ladder in desk.context.ladders.values()]  # fmt: skip
    return desk.page("ladders.html.j2", ladders=shown, by_hand=set_by_hand(desk.session))


def _ladder(desk: Desk, name: str) -> Ladder:
    found = desk.context.ladders.get(name)
    if found is None:
        raise NotFound(f"没有名为“{name[:40]}”的提醒阶梯。")
    return found


@router.get("/ladders/{name}")
def ladder_form(desk: Annotated[Desk, OFFICE], name: str) -> Response:
    ladder = _ladder(desk, name)
    typed = {
        "before": ", ".join(map(str, ladder.before)),
        **{field: str(getattr(ladder, field) or "") for field in FIELDS[1:]},
    }
    return _form(desk, ladder, typed)


def _form(
    desk: Desk, ladder: Ladder, typed: dict[str, str], problem: str = "", found: LadderChange | None = None
) -> Response:
    return desk.page(
        "ladder.html.j2", status=422 if problem else 200, ladder=ladder, typed=typed, problem=problem, found=found,
        drawing=drawing, in_words=in_words, listed=LISTED, by_hand=ladder.name in set_by_hand(desk.session),
    )  # fmt: skip


@router.post("/ladders/{name}")
def set_ladder(desk: Annotated[Desk, OFFICE], name: str) -> Response:
    """First what would move, rolled back; with `confirm` for good. `original` goes back to the plan's file."""
    ladder, confirmed = _ladder(desk, name), desk.form.ticked("confirm")
    restored = desk.form.ticked("original")
    typed = {field: desk.form.text(field) for field in FIELDS}
    try:
        given = ladders_given(desk.session, desk.office.settings.plan) if restored else {}
        wanted = original(given, name) if restored else read_typed(ladder, typed)
    except BadInput as error:
        return _form(desk, ladder, typed, str(error))
    with desk.writing() as session:
        found = change(session, wanted, actor=desk.person.actor.user, by_hand=not restored)
        if not confirmed and not restored:
            session.rollback()
    if confirmed or restored:
        return desk.go("/ladders", f"“{wanted.title}”已调整，{len(found.shifts)} 项期限的下次提醒日随之变动。")
    return _form(desk, ladder, typed, found=found)
