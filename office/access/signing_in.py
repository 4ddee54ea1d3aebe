"""Staying signed in: sessions that end by themselves and can be revoked. The cookie's secret is stored nowhere."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from office.access.sign_in_policy import Policy, policy_of
from workflow.models import SignIn

#: How often at most a look at a page is written down, in seconds.
_SEEN_EVERY = 60
ENDED_WHY = {
    "": "使用中", "signed_out": "已退出", "idle": "超时退出", "revoked": "被收回", "password_changed": "密码已改",
    "renewed": "身份变更后换新", "role_changed": "角色已变更", "switched_off": "账号已停用", "locked": "账号已锁定",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opened:
    """A browser that has just signed in; `secret` goes into its cookie and is stored nowhere."""

    secret: str
    sign_in: SignIn


def fingerprint(secret: str) -> str:
    """What is stored of a secret that is long and random."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def open_session(session: Session, account: str, now: datetime, *, address: str = "", agent: str = "") -> Opened:
    """A new session of an account that has proved who it is. Does not commit."""
    secret = secrets.token_urlsafe(32)
    row = SignIn(
        id=fingerprint(secret), account_id=account, csrf=secrets.token_urlsafe(24), created_at=now, seen_at=now,
        address=address, agent=agent[:200],
    )  # fmt: skip
    session.add(row)
    return Opened(secret, row)


def renew(session: Session, row_id: str, now: datetime, *, delegation_id: int | None = None) -> Opened:
    """The same browser under a new secret: whenever a password or for whom somebody acts changes. Does not commit."""
    before = session.get_one(SignIn, row_id)
    opened = open_session(session, before.account_id, now, address=before.address, agent=before.agent)
    # A new secret is no new sign-in: the longest time of one goes on.
    opened.sign_in.created_at, opened.sign_in.delegation_id = before.created_at, delegation_id
    before.ended_at, before.ended_why = now, "renewed"
    session.add(before)
    return opened


def session_of(session: Session, secret: str, now: datetime) -> SignIn | None:
    """The running session behind a cookie; None when it has ended, lain idle or lasted for too long."""
    row = session.get(SignIn, fingerprint(secret)) if secret else None
    return row if row and not row.ended_at and not _over(policy_of(session), row, now) else None


def _over(policy: Policy, row: SignIn, now: datetime) -> bool:
    if now - row.seen_at > timedelta(minutes=policy.idle_minutes):
        return True
    return bool(policy.session_hours) and now - row.created_at > timedelta(hours=policy.session_hours)


def running(session: Session, account: str, now: datetime) -> Sequence[SignIn]:
    """The sessions of an account that would still be let in, the last used first."""
    policy = policy_of(session)
    rows = session.exec(select(SignIn).where(_running(account)).order_by(col(SignIn.seen_at).desc()).limit(200))
    return [row for row in rows if not _over(policy, row, now)]


def _running(account: str) -> ColumnElement[bool]:
    return (col(SignIn.account_id) == account) & col(SignIn.ended_at).is_(None)


def stale(row: SignIn, now: datetime) -> bool:
    """Whether the session's last look should be written down again."""
    return (now - row.seen_at).total_seconds() > _SEEN_EVERY


def end_all(session: Session, account: str, now: datetime, why: str, *, but: str = "") -> int:
    """Ends every running session of an account but one; answers how many. Does not commit."""
    rows = [row for row in session.exec(select(SignIn).where(_running(account))) if row.id != but]
    for row in rows:
        row.ended_at, row.ended_why = now, why
        session.add(row)
    return len(rows)


def end(session: Session, row_id: str, now: datetime, why: str) -> None:
    """Ends one session. Does not commit."""
    row = session.get(SignIn, row_id)
    if row and not row.ended_at:
        row.ended_at, row.ended_why = now, why
        session.add(row)
