"""Who calls the interface: a token stands for one account, with the same rights as at the screens."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlmodel import Session, select

from office.access.people import Person, person_of
from office.access.signing_in import fingerprint
from office.running.installation import Office
from workflow import clock
from workflow.context import Context, context_of
from workflow.database import reading, writing
from workflow.errors import CaseFileError, NotFound
from workflow.models import Token

#: How often at most the use of a token is written down.
_NOTED_EVERY = timedelta(hours=1)


class NotKnown(CaseFileError):
    """No token, or one that is not valid any more."""


class ReadOnly(CaseFileError):
    """The token, or the role behind it, does not allow this."""


@dataclass(frozen=True, slots=True)
class Caller:
    """One call: for whom, and a session that reads."""

    office: Office
    session: Session
    person: Person
    may_write: bool

    @property
    def today(self) -> date:
        return clock.today()

    @property
    def context(self) -> Context:
        return context_of(self.session)


_bearer = HTTPBearer(auto_error=False, description="“人员与权限”中为单位账号签发的接口令牌")


def _caller(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Iterator[Caller]:
    office: Office = request.app.state.office
    with reading(office.engine) as session:
        token = _valid(session, given.credentials if given else "")
        try:
            person = person_of(session, token.account_id)
        except NotFound:
            raise NotKnown("令牌所属的账号已停用。") from None
        if not person.reads_cases:
            raise ReadOnly(f"账号 {person.id} 不办理也不查看案件，不能使用接口。")
        request.state.account = person.id
        _note(office, token)
        yield Caller(office, session, person, token.may_write and person.handles_cases)


def _valid(session: Session, secret: str) -> Token:
    found = None
    if secret:
        found = session.exec(select(Token).where(Token.sha256 == fingerprint(secret), Token.kind == "api")).first()
    if found is None or found.revoked_at or (found.expires_on and found.expires_on < clock.today()):
        raise NotKnown("没有令牌，或令牌无效、过期、已吊销：请在“人员与权限”中重新签发。")
    return found


def _note(office: Office, token: Token) -> None:
    now = clock.now()
    if token.used_at is None or now - token.used_at > _NOTED_EVERY:
        with writing(office.engine) as session:
            row = session.get_one(Token, token.id)
            row.used_at = now
            session.add(row)


def _writer(caller: Annotated[Caller, Depends(_caller)]) -> Caller:
    if not caller.may_write:
        raise ReadOnly("这个令牌只能查询，不能办理：请换用允许办理的令牌。")
    return caller


Reads = Annotated[Caller, Depends(_caller)]
Writes = Annotated[Caller, Depends(_writer)]
