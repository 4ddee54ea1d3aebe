"""The door: whether an account may come in with a password and a code, and what wrong answers lead to.

The rule against guessing, in three sentences. Five wrong answers in a row lock an account for half an hour. An
address from which the account has signed in within the last 30 days is not shut out by what strangers do: it has five
tries of its own. And from one address no more than twenty wrong answers an hour are looked at, whoever they name.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Pool
from sqlmodel import Session, col, func, select

from office.access.activity import Line, append, lock
from office.access.one_time_codes import needed, take
from office.access.passwords import expired, matches, renew_hash
from office.access.people import ROLES
from office.access.sign_in_policy import Policy, policy_of
from office.access.signing_in import end_all
from workflow.models import Activity, Credential, SignIn, User

ACTION = "登录"
SIGNED_IN, FAILED, LOCKED = "signed_in", "sign_in_failed", "sign_in_locked"
_KNOWN_DAYS = 30
_WRONG = "账号、密码或动态口令不正确"
#: Names that nobody has, counted as if somebody had them, so that nobody learns who exists. Forgotten at a restart.
_strangers: WeakKeyDictionary[Pool, dict[str, Credential]] = WeakKeyDictionary()
_STRANGERS = 2000


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody typed at the door, and where from."""

    account: str
    password: str
    code: str = ""
    address: str = ""
    request_id: str = ""


def check(session: Session, attempt: Attempt, now: datetime) -> str:
    """Why somebody may not come in; empty when they may. Writes the log and the count, and does not commit.

    The caller commits after a refusal too. What is answered, and how long that takes, never says whether an account
    exists or which part was wrong.
    """
    # Whoever comes at the same time waits: a count that is read while others add to it bounds nothing.
    lock(session)
    policy = policy_of(session)
    if _wrong_from(session, attempt.address, now - timedelta(hours=1)) >= policy.checks_an_hour:
        return "本机一小时内输错次数过多，暂不受理登录：请一小时后再试，或联系系统管理员。"
    user = session.get(User, attempt.account)
    row = session.get(Credential, attempt.account, with_for_update=True)
    entitled = row is not None and bool(row.password_hash) and user is not None and user.active and user.role in ROLES
    counted = row if row is not None and entitled else _stranger(session, attempt.account, now)
    here = entitled and _knows(session, attempt, now)
    outcome, problem = _judge(session, policy, counted, attempt, now, entitled=entitled, here=here)
    append(
        session,
        Line(now, attempt.account if user else "", user.organ_id if user else "", ACTION, "/sign-in", outcome,
             attempt.address, attempt.request_id),
    )  # fmt: skip
    return problem


def _judge(
    session: Session, policy: Policy, row: Credential, attempt: Attempt, now: datetime, *, entitled: bool, here: bool
) -> tuple[str, str]:
    """What happened, as the log says it, and the sentence for a person."""
    tried = _tries(session, attempt, _since(policy, row, now)) if here else row.failures
    shut = tried >= policy.attempts if here else row.locked_until is not None and row.locked_until > now
    # Always one comparison, whatever is known already.
    right = matches(policy, row.password_hash if entitled and not shut else None, attempt.password)
    if shut:
        return (
            LOCKED,
            f"该账号连续输错 {policy.attempts} 次，已锁定 {policy.lock_minutes} 分钟，请稍后再试或请管理员解锁。",
        )
    if right and (not row.totp_secret or take(row, attempt.code, now)):
        row.failures = 0
        renew_hash(policy, row, attempt.password)
        row.must_change = row.must_change or expired(policy, row, now)
        session.add(row)
        return SIGNED_IN, ""
    if not here:
        count_wrong(policy, row, now)
        if entitled:
            session.add(row)
    left = policy.attempts - tried - 1
    if left > 0:
        return FAILED, f"{_WRONG}，还可尝试 {left} 次，之后锁定 {policy.lock_minutes} 分钟。"
    return FAILED, f"{_WRONG}，账号已锁定 {policy.lock_minutes} 分钟。"


def count_wrong(policy: Policy, row: Credential, now: datetime) -> None:
    """One more wrong answer; the last one allowed locks. Does not commit."""
    row.failures += 1
    if row.failures >= policy.attempts:
        row.failures, row.locked_until = 0, now + timedelta(minutes=policy.lock_minutes)


def prove(session: Session, account: str, password: str, now: datetime) -> bool:
    """Whether somebody signed in knows the password in use; too many wrong answers end all their sessions.

    Does not commit: the caller commits after a wrong answer too.
    """
    policy = policy_of(session)
    row = session.get(Credential, account, with_for_update=True)
    right = matches(policy, row.password_hash if row else None, password)
    if row and not right:
        count_wrong(policy, row, now)
        if row.failures == 0:
            end_all(session, account, now, "locked")
        session.add(row)
    elif row:
        row.failures = 0
    return right


def _stranger(session: Session, name: str, now: datetime) -> Credential:
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    known = _strangers.setdefault(engine.pool, {})
    if len(known) >= _STRANGERS:
        known.pop(next(iter(known)))
    return known.setdefault(name, Credential(account_id=name, password_hash="", changed_at=now))


def _wrong_from(session: Session, address: str, since: datetime) -> int:
    """Wrong answers from an address, whoever they named."""
    return session.exec(
        select(func.count()).select_from(Activity)
        .where(Activity.at > since, Activity.address == address, col(Activity.outcome).in_((FAILED, LOCKED)))
    ).one()  # fmt: skip


def _knows(session: Session, attempt: Attempt, now: datetime) -> bool:
    """Whether the account has come in from there before."""
    return session.exec(
        select(SignIn.id)
        .where(
            SignIn.account_id == attempt.account, SignIn.address == attempt.address, SignIn.address != "",
            SignIn.created_at > now - timedelta(days=_KNOWN_DAYS),
        ).limit(1)
    ).first() is not None  # fmt: skip


def _since(policy: Policy, row: Credential, now: datetime) -> datetime:
    """From when wrong answers count at an address of the account's own; a new password or an unlocking ends them."""
    over = row.locked_until if row.locked_until and row.locked_until <= now else row.changed_at
    return max(now - timedelta(minutes=policy.lock_minutes), row.changed_at, over)


def _tries(session: Session, attempt: Attempt, since: datetime) -> int:
    """Wrong answers for this account from this address, since it last came in from there."""
    rows = session.exec(
        select(Activity.outcome)
        .where(
            Activity.at >= since, Activity.account == attempt.account, Activity.address == attempt.address,
            col(Activity.outcome).in_((SIGNED_IN, FAILED)),
        ).order_by(col(Activity.seq).desc()).limit(200)
    ).all()  # fmt: skip
    return rows.index(SIGNED_IN) if SIGNED_IN in rows else len(rows)


def enter_confirmed(session: Session, account: str, now: datetime, address: str, request_id: str) -> str:
    """Why somebody whom the identity provider names may not come in; empty when they may. Does not commit."""
    lock(session)
    user = session.get(User, account) if account else None
    row = session.get(Credential, account, with_for_update=True) if user else None
    problem = ""
    if user is None or not user.active or user.role not in ROLES:
        problem = "身份已确认，但本系统没有与之对应的可用账号：请联系系统管理员开通。"
    elif needed(session, user.role):
        problem = "管理员账号不使用统一身份认证：请用密码和动态口令登录。"
    elif row is not None and (row.must_change or expired(policy_of(session), row, now)):
        # Who comes this way needs no password; one that was handed out or has grown too old does not stay valid.
        row.password_hash, row.must_change = "", False
        session.add(row)
    append(
        session,
        Line(now, account if user else "", user.organ_id if user else "", "登录（统一身份认证）", "/sign-in/oidc",
             FAILED if problem else SIGNED_IN, address, request_id),
    )  # fmt: skip
    return problem
