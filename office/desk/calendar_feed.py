"""A personal calendar feed: a secret address, revocable, that answers the open deadlines its owner may see."""

import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from notifications.ics import CalendarEvent, calendar, event_uid
from office.access.people import Person, person_of, visible
from office.access.signing_in import fingerprint
from office.desk.desk_board import DUE_COLUMNS, DueDay, due_day
from office.desk.dues import running
from states.due import BASIS_LABELS
from states.registry import PROCEDURES
from workflow.errors import BadInput, NotFound
from workflow.models import Case, Deadline, Mine, Token

#: Entries of one feed, and how often at most its use is written down.
LIMIT, USED_EVERY = 2000, timedelta(hours=1)
_KIND = "calendar"
_UNKNOWN = "没有这个日历地址，或者它已经停用。"


def new_feed(session: Session, person: Person, label: str, expires_on: date | None, now: datetime, today: date) -> str:
    """A new address's secret, shown once and stored nowhere. Does not commit. Raises BadInput."""
    if expires_on and expires_on < today:
        raise BadInput(f"有效期至 {expires_on} 已经过去：请改为今天（{today}）或以后，或留空表示长期有效。")
    secret = secrets.token_urlsafe(32)
    session.add(
        Token(kind="calendar", account_id=person.id, label=label, sha256=fingerprint(secret), created_by=person.id,
              created_at=now, expires_on=expires_on)
    )  # fmt: skip
    return secret


def feeds(session: Session, person: Person) -> list[Token]:
    """The person's addresses that are not revoked, the newest first."""
    query = select(Token).where(
        col(Token.account_id) == person.id, col(Token.kind) == _KIND, col(Token.revoked_at).is_(None)
    )
    return list(session.scalars(query.order_by(col(Token.id).desc())))


def revoke(session: Session, person: Person, token_id: int, now: datetime) -> str:
    """Stops an address and answers its label. Does not commit. Raises NotFound for one of somebody else."""
    row = session.get(Token, token_id)
    if row is None or row.account_id != person.id or row.kind != _KIND or row.revoked_at:
        raise NotFound("没有这个日历地址，或者它已经停用：请刷新页面核对。")
    row.revoked_at = now
    session.add(row)
    return row.label


def feed_of(session: Session, secret: str, today: date) -> tuple[Token, Person]:
    """Whose feed a secret opens. Raises NotFound alike for one that never was, has expired or was revoked."""
    row = session.scalars(
        select(Token).where(col(Token.sha256) == fingerprint(secret), col(Token.kind) == _KIND)
    ).first()
    if row is None or row.revoked_at or (row.expires_on and row.expires_on < today):
        raise NotFound(_UNKNOWN)
    try:
        return row, person_of(session, row.account_id)
    except NotFound:
        raise NotFound(_UNKNOWN) from None


def is_stale(token: Token, now: datetime) -> bool:
    """Whether its use should be written down again."""
    return token.used_at is None or now - token.used_at >= USED_EVERY


def entries(session: Session, person: Person, today: date, now: datetime) -> bytes:
    """The feed's content: the deadlines that fall due first."""
    query = (
        select(*DUE_COLUMNS).select_from(Deadline).join(Case, col(Deadline.case_id) == Case.id)
        .join(Mine, col(Case.mine_id) == Mine.id).where(running(), visible(person))
        .order_by(col(Deadline.due_on), col(Deadline.id)).limit(LIMIT)
    )  # fmt: skip
    return calendar((_event(due_day(row, today)) for row in session.execute(query)), now)


def _event(due: DueDay) -> CalendarEvent:
    step = PROCEDURES[due.procedure].step(due.trigger)
    lines = [f"矿山：{due.mine}（{due.number}）"]
    if step and step.due:
        lines += [f"依据：{step.clause}", f"期限性质：{BASIS_LABELS[step.due.basis]}（{step.due.text}）"]
    return CalendarEvent(
        # As in the mails, so that a duty which came by both ways stands in a calendar once.
        uid=event_uid(due.number, due.title), on=due.due_on,
        summary=f"{due.title}（{due.mine}）" + ("（暂定）" if due.provisional else ""), description="\n".join(lines),
    )  # fmt: skip
