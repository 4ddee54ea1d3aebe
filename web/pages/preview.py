"""发件预演: what goes to whom until a day if nobody acts."""

from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from office.notices.dispatch import FARTHEST, Morning, Outlook, next_morning, outlook, recipients, waiting
from web.asked import day as read_day
from web.asked import page, word
from web.desk import READS, Desk
from workflow.errors import BadInput

router = APIRouter()
#: Mornings of one page, and characters of letters that are shown without being asked for.
MORNINGS, SHOWN = 12, 16_000


@router.get("/preview")
def preview_page(desk: Annotated[Desk, READS]) -> Response:
    first = next_morning(desk.session, desk.today)
    problem, until, to = "", first, word(desk, "to")
    try:
        until = read_day(word(desk, "until"), "预演日期", first)
        day = read_day(word(desk, "day"), "早晨", date.min)
        found = outlook(desk.office, desk.session, until, desk.person, to)
    except BadInput as error:
        problem, until, day = str(error), first, date.min
        found = outlook(desk.office, desk.session, first, desk.person, to)
    if day != date.min:
        return _one_morning(desk, found, day, to)
    number = min(page(desk), max(1, -(-len(found.mornings) // MORNINGS)))
    shown = found.mornings[(number - 1) * MORNINGS : number * MORNINGS]
    return desk.page(
        "preview.html.j2", status=400 if problem else 200, found=found, shown=shown, page=number, size=MORNINGS, to=to,
        until=until, problem=problem, quick=_quick(desk.today, first), address=_address, recipients=_recipients(desk, found, to),
        waiting=waiting(desk.session, desk.person), farthest=desk.today + timedelta(days=FARTHEST),
    )  # fmt: skip


def _one_morning(desk: Desk, found: Outlook, day: date, to: str) -> Response:
    """The letters of one morning, as many of them as fit on a page with their text."""
    morning = next((m for m in found.mornings if m.day == day), Morning(day, ()))
    left, letters = SHOWN, []
    for number, notice in enumerate(morning.notices):
        message = notice.message
        with_body = to == notice.recipient_id or len(message.body) <= left
        left -= len(message.body) if with_body else 0
        letters.append((number, notice, message, with_body))
    return desk.page(
        "preview_day.html.j2", found=found, morning=morning, letters=letters, to=to, until=found.until, address=_address
    )


def _address(until: date, to: str = "", **more: object) -> str:
    return "/preview?" + urlencode({"until": until, **({"to": to} if to else {}), **more})


def _quick(today: date, first: date) -> list[tuple[str, date]]:
    return [
        ("明早", first), ("7 天", today + timedelta(days=7)), ("30 天", today + timedelta(days=30)),
        ("年底", date(today.year, 12, 31)),
    ]  # fmt: skip


def _recipients(desk: Desk, found: Outlook, to: str) -> list[tuple[str, str]]:
    """Whom the preview can be narrowed to; the one it is narrowed to stays among them."""
    if not desk.person.reads_all:
        return []
    have = recipients([found])
    return have if not to or any(organ == to for organ, _ in have) else [*have, (to, desk.context.organs.get(to, to))]
