"""Secrets that programs show instead of a person: issued once, stored as a fingerprint, revocable."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlmodel import Session, col, select

from office.access.accounts import account_of, note
from office.access.activity import lock
from office.access.people import READERS, Person
from office.access.signing_in import fingerprint
from states.fields import FieldError, clean_name
from workflow import clock
from workflow.errors import BadInput, NotFound
from workflow.models import Organ, Token, User

KINDS = {"api": "接口令牌", "calendar": "日历订阅"}
#: How long a token of the interface may last at most, in days.
LONGEST = 731


class Issued(NamedTuple):
    """A token with the account and organ that answer for it."""

    token: Token
    user: User
    organ: Organ


def issue(
    session: Session, doer: Person, account: str, label: str, now: datetime, *, may_write: bool, expires_on: date | None
) -> str:
    """A new token of the interface; answers its secret, which is shown once. Does not commit."""
    lock(session)
    try:
        label = clean_name(label, "用途")
    except FieldError as error:
        raise BadInput(str(error)) from None
    user = account_of(session, account)
    if not user.active or user.role not in READERS:
        raise BadInput(f"{user.name} 不办理也不查看案件（或已停用），不能签发接口令牌：请选择其他账号。")
    today = clock.today()
    if expires_on is None or not today <= expires_on <= today + timedelta(days=LONGEST):
        raise BadInput(f"“有效期至”应为今天起两年以内的日期，例如 {today + timedelta(days=365)}。")
    note(session, doer, now, "签发接口令牌", f"{account}（{'可办理' if may_write else '只读'}，至 {expires_on}）")
    secret = f"mc_{secrets.token_urlsafe(32)}"
    session.add(
        Token(kind="api", account_id=account, label=label, sha256=fingerprint(secret), may_write=may_write,
              created_by=doer.id, created_at=now, expires_on=expires_on)
    )  # fmt: skip
    return secret


def revoke(session: Session, doer: Person, token_id: int, now: datetime, *, own: bool = False) -> Token:
    """Ends a token; `own`: only one of the doer's. Raises NotFound. Does not commit."""
    lock(session)
    token = session.get(Token, token_id) if 0 < token_id < 2**31 else None
    if token is None or (own and token.account_id != doer.id) or (not own and token.kind != "api"):
        raise NotFound("没有这个令牌。")
    if not token.revoked_at:
        note(session, doer, now, f"吊销{KINDS[token.kind]}", token.account_id)
        token.revoked_at = now
        session.add(token)
    return token


def interface_tokens(session: Session) -> list[Issued]:
    """All tokens of the interface, the newest first."""
    query = (
        select(Token, User, Organ).join(User, col(Token.account_id) == User.id).join(Organ, col(User.organ_id) == Organ.id)
        .where(Token.kind == "api").order_by(col(Token.id).desc()).limit(500)
    )  # fmt: skip
    return [Issued(*row) for row in session.exec(query)]


def own_tokens(session: Session, account: str) -> Sequence[Token]:
    return session.exec(
        select(Token).where(Token.account_id == account, col(Token.revoked_at).is_(None)).order_by(col(Token.id).desc())
    ).all()
