"""Signing in and staying signed in: passwords, lock-out, one-time codes, sessions that can be revoked."""

import hashlib
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Session, col, select

from workflow.models import Credential, Setting, SignIn, User

POLICY = "sign_in_policy"
_hasher = PasswordHasher()
#: Compared with where there is no such account, so that the answer takes as long.
_NOBODY = _hasher.hash(secrets.token_hex(16))
#: Characters of a password that is handed out; none that looks like another.
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789"
_REFUSED = "账号或密码不正确"
#: How often at most a look at a page is written down, in seconds.
_SEEN_EVERY = 60


@dataclass(frozen=True, slots=True)
class Policy:
    """What the office demands; every value is a setting. Defaults follow the practice of 等保三级."""

    least_length: int = 10
    #: Of small letters, capitals, digits and other characters so many kinds.
    least_kinds: int = 3
    #: So many earlier passwords cannot come back.
    remembered: int = 5
    #: Days after which a password must be changed; 0: never.
    valid_days: int = 90
    attempts: int = 5
    lock_minutes: int = 30
    idle_minutes: int = 30
    #: Whether the three administrators need a one-time code.
    codes_for_administrators: bool = True


@dataclass(frozen=True, slots=True)
class Opened:
    """A browser that has just signed in; `secret` goes into its cookie and is stored nowhere."""

    secret: str
    sign_in: SignIn


def policy_of(session: Session) -> Policy:
    row = session.get(Setting, POLICY)
    return Policy(**{**asdict(Policy()), **row.value}) if row else Policy()


def fingerprint(secret: str) -> str:
    """What is stored of a secret that is long and random."""
    return hashlib.sha256(secret.encode()).hexdigest()


def hand_out(session: Session, account: str, now: datetime) -> str:
    """Sets a password good for one sign-in and answers it; it is shown once. Does not commit."""
    password = "".join(secrets.choice(_ALPHABET) for _ in range(14))
    row = session.get(Credential, account) or Credential(account_id=account, password_hash="", changed_at=now)
    row.password_hash, row.changed_at, row.must_change = _hasher.hash(password), now, True
    row.failures, row.locked_until = 0, None
    session.add(row)
    end_all(session, account, now, "password_changed")
    return password


def check(session: Session, account: str, password: str, now: datetime) -> str:
    """Why an account may not sign in with a password; empty when it may. Failures are counted.

    The sentence never says whether the account or the password was wrong. Does not commit: the caller commits
    after a refusal too, for the count.
    """
    policy = policy_of(session)
    row, user = session.get(Credential, account), session.get(User, account)
    if row is not None and row.locked_until and row.locked_until > now:
        _verify(_NOBODY, password)
        minutes = int((row.locked_until - now).total_seconds() // 60) + 1
        return f"该账号连续输错 {policy.attempts} 次，已锁定，请 {minutes} 分钟后再试，或请管理员解锁。"
    right = _verify(row.password_hash if row else _NOBODY, password)
    if row is None or user is None or not user.active:
        return f"{_REFUSED}。"
    session.add(row)
    if right:
        row.failures, row.locked_until = 0, None
        return ""
    row.failures += 1
    left = policy.attempts - row.failures
    if left > 0:
        return f"{_REFUSED}，还可尝试 {left} 次，之后锁定 {policy.lock_minutes} 分钟。"
    row.failures, row.locked_until = 0, now + timedelta(minutes=policy.lock_minutes)
    return f"{_REFUSED}，账号已锁定 {policy.lock_minutes} 分钟。"


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def open_session(session: Session, account: str, now: datetime, *, address: str = "", agent: str = "") -> Opened:
    """A new session of an account whose password was right. Does not commit."""
    secret = secrets.token_urlsafe(32)
    row = SignIn(
        id=fingerprint(secret), account_id=account, csrf=secrets.token_urlsafe(24), created_at=now, seen_at=now,
        address=address, agent=agent[:200],
    )  # fmt: skip
    session.add(row)
    return Opened(secret, row)


def session_of(session: Session, secret: str, now: datetime) -> SignIn | None:
    """The running session behind a cookie; None when it has ended or lain idle for too long."""
    row = session.get(SignIn, fingerprint(secret)) if secret else None
    if row is None or row.ended_at:
        return None
    if now - row.seen_at > timedelta(minutes=policy_of(session).idle_minutes):
        return None
    return row


def stale(row: SignIn, now: datetime) -> bool:
    """Whether the session's last look should be written down again."""
    return (now - row.seen_at).total_seconds() > _SEEN_EVERY


def end_all(session: Session, account: str, now: datetime, why: str) -> None:
    """Ends every running session of an account. Does not commit."""
    for row in session.exec(select(SignIn).where(SignIn.account_id == account, col(SignIn.ended_at).is_(None))):
        row.ended_at, row.ended_why = now, why
        session.add(row)


def end(session: Session, row_id: str, now: datetime, why: str) -> None:
    """Ends one session. Does not commit."""
    row = session.get(SignIn, row_id)
    if row and not row.ended_at:
        row.ended_at, row.ended_why = now, why
        session.add(row)
