"""审计日志: the history of all cases with its proof, and the log of what accounts did with its own."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Response
from sqlmodel import Session

from office.access import activity
from office.access.audit_log import OUTCOMES, SIZE, Asked, activities, history, outcome_words
from office.papers.paper_records import account_names
from web.asked import page, pages_link, word
from web.desk import Desk, allow
from workflow import audit
from workflow.models import Chain

router = APIRouter()
_READS = allow("office", "auditor")
#: So many breaches are named; a chain that was rebuilt would name every row.
_NAMED = 200


@router.get("/audit")
def cases(desk: Annotated[Desk, _READS]) -> Response:
    return _history_page(desk)


@router.post("/audit/verify")
def verify_cases(desk: Annotated[Desk, _READS]) -> Response:
    """A form and not a link, since it takes its time; what was found stands on the page."""
    return _history_page(desk, breaches=_named(audit.verify(desk.session)))


@router.get("/audit/activity")
def log(desk: Annotated[Desk, _READS]) -> Response:
    return _log_page(desk)


@router.post("/audit/activity/verify")
def verify_log(desk: Annotated[Desk, _READS]) -> Response:
    return _log_page(desk, breaches=_named(activity.verify(desk.session)))


def _day(text: str) -> date | None:
    """A day of this log; anything else filters nothing."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 3000 else None


def _named(found: Iterator[audit.Breach]) -> list[str]:
    return [str(breach) for breach in islice(found, _NAMED)]


def _history_page(desk: Desk, breaches: list[str] | None = None) -> Response:
    rows, total = history(desk.session, page(desk))
    return desk.page(
        "audit.html.j2", rows=rows, total=total, page=page(desk), size=SIZE, link=pages_link("/audit", {}),
        breaches=breaches, head=_head(desk.session, 1), most=_NAMED, names=account_names(desk.session),
    )  # fmt: skip


def _log_page(desk: Desk, breaches: list[str] | None = None) -> Response:
    outcome = word(desk, "outcome")
    asked = Asked(
        word(desk, "account"), _day(word(desk, "day")), outcome if outcome in OUTCOMES else "", word(desk, "q")
    )
    rows, total = activities(desk.session, asked, page(desk))
    link = {
        "account": asked.account,
        "day": asked.day.isoformat() if asked.day else "",
        "outcome": asked.outcome,
        "q": asked.text,
    }
    return desk.page(
        "audit_activity.html.j2", rows=rows, total=total, page=page(desk), size=SIZE, asked=asked, outcomes=OUTCOMES,
        link=pages_link("/audit/activity", link), breaches=breaches, head=_head(desk.session, activity.HEAD),
        words=outcome_words, most=_NAMED,
    )  # fmt: skip


def _head(session: Session, id: int) -> Chain:
    return session.get(Chain, id) or Chain(id=id)
