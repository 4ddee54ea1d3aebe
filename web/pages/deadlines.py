"""期限日历: a month of due days, and the personal feed of them."""

import re
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Request, Response

from office.desk import calendar_feed as feed
from office.desk.due_days import month_days
from office.running.installation import Office
from states.fields import Field, FieldError, clean_text
from web.desk import READS, Desk
from workflow import clock
from workflow.database import reading, writing
from workflow.errors import BadInput, CaseFileError
from workflow.models import Token

router = APIRouter()
_URL, _FEED = "/calendar", "/calendar/feed"
_UNTIL = Field("expires_on", "有效期至", "date", required=False)


@router.get(_URL)
def month_view(desk: Annotated[Desk, READS], month: str = "", scope: str = "all") -> Response:
    first, own = _month(month, desk.today), scope == "own"
    days = month_days(desk.session, desk.person, first, desk.today, desk.context.calendar, own=own)
    inside = [day for day in days if day.in_month]
    return desk.page(
        "calendar.html.j2", month=first, weeks=[days[n : n + 7] for n in range(0, len(days), 7)], own=own,
        due=sum(day.total for day in inside), provisional=any(day.provisional for day in inside),
        earlier=_name(first - timedelta(1)), later=_name(first + timedelta(31)), this=_name(desk.today),
    )  # fmt: skip


def _month(text: str, today: date) -> date:
    if not text:
        return today.replace(day=1)
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text)
    if not found:
        raise BadInput(f"月份“{text[:20]}”读不出：请写成 2026-12 这样的年和月（2000年至2099年）。")
    return date(int(found[1]), int(found[2]), 1)


def _name(day: date) -> str:
    return day.strftime("%Y-%m")


@router.get(_FEED)
def feed_form(desk: Annotated[Desk, READS]) -> Response:
    return _feed_page(desk)


@router.post(_FEED)
def new_feed(desk: Annotated[Desk, READS]) -> Response:
    """Answers the page itself, not a way to it: the address is shown this once."""
    try:
        label = clean_text(desk.form.text("label"), "用在哪里")[:60] or "我的日历"
        until = _UNTIL.read(desk.form.text("expires_on")) if desk.form.text("expires_on") else None
        with desk.writing() as session:
            expires_on = date.fromisoformat(str(until)) if until else None
            secret = feed.new_feed(session, desk.person, label, expires_on, desk.now, desk.today)
    except (FieldError, CaseFileError) as problem:
        return _feed_page(desk, problem=str(problem), status=422)
    return _feed_page(desk, address=f"{str(desk.request.base_url).rstrip('/')}{_FEED}/{secret}.ics", status=201)


@router.post(f"{_FEED}/{{token_id}}/revoke")
def revoke(desk: Annotated[Desk, READS], token_id: int) -> Response:
    with desk.writing() as session:
        label = feed.revoke(session, desk.person, token_id, desk.now)
    return desk.go(_FEED, f"“{label}”的日历地址已停用，用它订阅的日历不再更新。")


@router.get(f"{_FEED}/{{secret}}.ics")
def calendar_file(request: Request, secret: str) -> Response:
    """Without signing in: a calendar program shows the secret in the address instead."""
    office: Office = request.app.state.office
    now = clock.now()
    with reading(office.engine) as session:
        token, person = feed.feed_of(session, secret, clock.today())
        content = feed.entries(session, person, clock.today(), now)
        stale = feed.is_stale(token, now)
    if stale:
        with writing(office.engine) as session:
            used = session.get_one(Token, token.id)
            used.used_at = now
            session.add(used)
    return Response(content, media_type="text/calendar; charset=utf-8")


def _feed_page(desk: Desk, *, address: str = "", problem: str = "", status: int = 200) -> Response:
    # Not the desk's session: on SQLite that still sees what was before the write.
    with reading(desk.office.engine) as session:
        tokens = feed.feeds(session, desk.person)
    return desk.page(
        "calendar_feed.html.j2", status, tokens=tokens, address=address, problem=problem, label=desk.form.text("label"),
        expires_on=desk.form.text("expires_on"), limit=feed.LIMIT,
    )  # fmt: skip
