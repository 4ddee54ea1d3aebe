"""Passwords: how they are kept, which ones are taken, and how one is handed out."""

import secrets
from datetime import datetime, timedelta
from functools import cache
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Session

from office.access.sign_in_policy import Policy, policy_of
from office.access.signing_in import end_all
from workflow.errors import BadInput
from workflow.models import Credential

LONGEST = 200
#: Characters of a password that is handed out; none that looks like another.
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789"
#: Each check takes 64 MB: one after another, so that many visitors at once cannot take the machine's memory.
_ONE = Lock()


@cache
def _hasher(passes: int, memory: int) -> PasswordHasher:
    return PasswordHasher(time_cost=passes, memory_cost=memory)


@cache
def _nobody(passes: int, memory: int) -> str:
    """Compared with where there is no such account, so that the answer takes as long."""
    return _hasher(passes, memory).hash(secrets.token_hex(16))


def hashed(policy: Policy, password: str) -> str:
    with _ONE:
        return _hasher(policy.hash_passes, policy.hash_memory).hash(password)


def matches(policy: Policy, stored: str | None, password: str) -> bool:
    """Whether a password is the stored one; takes as long where nothing is stored."""
    if len(password) > LONGEST:
        password, stored = "", None
    cost = (policy.hash_passes, policy.hash_memory)
    try:
        with _ONE:
            return _hasher(*cost).verify(stored or _nobody(*cost), password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def renew_hash(policy: Policy, row: Credential, password: str) -> None:
    """Hashes anew where the cost has been changed since; only known at the moment of a right password."""
    if _hasher(policy.hash_passes, policy.hash_memory).check_needs_rehash(row.password_hash):
        row.password_hash = hashed(policy, password)


def expired(policy: Policy, row: Credential, now: datetime) -> bool:
    return bool(policy.valid_days) and now - row.changed_at > timedelta(days=policy.valid_days)


def hand_out(session: Session, account: str, now: datetime) -> str:
    """Sets a password good for one sign-in and answers it; it is shown once. Does not commit."""
    password = "".join(secrets.choice(_ALPHABET) for _ in range(14))
    row = session.get(Credential, account) or Credential(account_id=account, password_hash="", changed_at=now)
    policy = policy_of(session)
    _remember(policy, row)
    row.password_hash, row.changed_at, row.must_change = hashed(policy, password), now, True
    row.failures, row.locked_until = 0, None
    session.add(row)
    end_all(session, account, now, "password_changed")
    return password


def problems(policy: Policy, account: str, password: str) -> list[str]:
    """What is wrong with a new password, each a phrase."""
    found = []
    if len(password) < policy.least_length:
        found.append(f"至少 {policy.least_length} 位（现为 {len(password)} 位）")
    if len(password) > LONGEST:
        found.append(f"最多 {LONGEST} 位")
    if kinds(password) < policy.least_kinds:
        found.append(f"至少包含小写字母、大写字母、数字、其他字符中的 {policy.least_kinds} 种")
    if len(account) > 2 and account.lower() in password.lower():
        found.append("不得包含账号名")
    if len(set(password)) < 5:
        found.append("不同的字符太少")
    return found


def kinds(password: str) -> int:
    """How many of the four kinds of characters occur."""
    tests = (
        lambda c: c.isascii() and c.islower(), lambda c: c.isascii() and c.isupper(), lambda c: c.isascii() and c.isdigit(),
        lambda c: not (c.isascii() and c.isalnum()),
    )  # fmt: skip
    return sum(any(test(c) for c in password) for test in tests)


def set_own(session: Session, row: Credential, password: str, again: str, now: datetime) -> None:
    """Sets what somebody has chosen. Raises BadInput. Does not commit."""
    policy = policy_of(session)
    if password != again:
        raise BadInput("两次填写的新密码不一致：请重新填写。")
    if found := problems(policy, row.account_id, password):
        raise BadInput(f"新密码不合要求：{'；'.join(found)}。")
    # At least the one in use: setting the same again changes nothing.
    used = [row.password_hash, *row.history][: max(policy.remembered, 1)]
    if any(matches(policy, earlier, password) for earlier in used):
        raise BadInput(f"新密码与最近 {len(used)} 个用过的密码相同：请换一个。")
    _remember(policy, row)
    row.password_hash, row.changed_at, row.must_change = hashed(policy, password), now, False
    row.failures, row.locked_until = 0, None
    session.add(row)


def _remember(policy: Policy, row: Credential) -> None:
    if row.password_hash:
        row.history = [row.password_hash, *row.history][: policy.remembered]
