"""我的待办: what waits for my organ, what I had a hand in, what was copied to me, and what my organ helps with."""

from typing import Annotated, cast

from fastapi import APIRouter, Response

from office.desk import waiting
from web.desk import READS, Desk
from workflow.errors import BadInput

router = APIRouter()
_URL = "/todo"


@router.get(_URL)
def todo(desk: Annotated[Desk, READS], tab: str = "mine", page: int = 1) -> Response:
    if tab not in waiting.TABS:
        raise BadInput(f"没有“{tab[:20]}”这一栏：请从页面上的四栏中选择。")
    chosen, page = cast("waiting.Tab", tab), min(max(page, 1), 100_000)
    counts = waiting.tab_counts(desk.session, desk.person)
    rows = waiting.rows(desk.session, desk.person, chosen, desk.today, page=page)
    ids = [row.standing.view.id for row in rows]
    copies = waiting.copies(desk.session, desk.person, ids) if chosen == "copied" else {}
    return desk.page(
        "todo.html.j2", tabs=waiting.TABS, tab=chosen, tab_counts=counts, rows=rows, page=page, size=waiting.PAGE,
        copies=copies, unread=waiting.unread(desk.session, desk.person),
        newest=max((copy.id or 0 for copy, _ in copies.values()), default=0),
    )  # fmt: skip


@router.post(f"{_URL}/copied/read")
def read(desk: Annotated[Desk, READS]) -> Response:
    """Everything that was copied to me up to the newest that I was shown."""
    newest = desk.form.text("up_to")
    if not (newest.isascii() and newest.isdigit()) or len(newest) > 12:
        raise BadInput("没有标为已阅：页面不完整，请刷新后重试。")
    with desk.writing() as session:
        waiting.mark_read(session, desk.person, int(newest))
    return desk.go(f"{_URL}?tab=copied", "已标为已阅。")
