"""A request at the desk: who asks, what was posted, and how an answer is made. Every page depends on `allow`."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from office.access.one_time_codes import needed
from office.access.people import ADMINISTRATORS, HANDLERS, READERS, ROLES, Person, person_of, standing_in
from office.access.signing_in import Opened, session_of, stale
from office.running.installation import Office
from web.forms import Form, read_form
from web.frame import frame, render
from web.pressing import page_response
from workflow import clock
from workflow.context import Context, context_of
from workflow.database import reading, writing
from workflow.errors import CaseFileError, NotFound
from workflow.models import Credential, SignIn
from workflow.models.people import Role

COOKIE, SAID = "minecase", "minecase-said"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SAFE = ("GET", "HEAD", "OPTIONS")
#: What somebody who has just come in must do first, if need be; until then there is only this, or out.
OWN_PASSWORD = "/account/password"  # noqa: S105 (an address)
OWN_CODE = "/account/totp"
_OUT = "/sign-out"


class SignInNeeded(Exception):
    """Nobody is signed in, or not any more."""


class Elsewhere(Exception):
    """The answer is on another page."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(url)


class Forbidden(CaseFileError):
    """The role does not reach so far."""


class NoToken(CaseFileError):
    """The form was not ours, or its page has grown too old."""


@dataclass(slots=True)
class Desk:
    """One request of somebody signed in."""

    request: Request
    office: Office
    #: Reads only; what is written goes through `writing`.
    session: Session
    person: Person
    sign_in: SignIn
    now: datetime
    form: Form = field(default_factory=Form)

    @property
    def today(self) -> date:
        return clock.today()

    @property
    def context(self) -> Context:
        return context_of(self.session)

    @property
    def is_fragment(self) -> bool:
        """Whether htmx asks for a part of the page only."""
        return self.request.headers.get("hx-request") == "true"

    def writing(self) -> AbstractContextManager[Session]:
        """One transaction, committed at the end, rolled back on any error."""
        return writing(self.office.engine)

    def page(self, template: str, /, status: int = 200, **values: Any) -> Response:
        """A whole page in the frame; `values` are what the template reads."""
        said = self.request.cookies.get(SAID, "")
        response = page_response(self.request, render(template, **frame(self, said), **values), status)
        if said:
            response.delete_cookie(SAID)
        return response

    def part(self, template: str, /, status: int = 200, **values: Any) -> Response:
        """A fragment without the frame, for htmx."""
        return page_response(self.request, render(template, **frame(self, "", bare=True), **values), status)

    def go(self, url: str, said: str = "") -> RedirectResponse:
        """To another page after something was done, with a sentence that it shows once."""
        response = RedirectResponse(url, 303)
        if said:
            response.set_cookie(SAID, quote(said[:900]), max_age=60, httponly=True, samesite="lax")
        return response

    def go_renewed(self, opened: Opened, url: str, said: str = "") -> RedirectResponse:
        """Like `go`, under the new secret of `office.access.signing_in.renew`."""
        response = self.go(url, said)
        give_cookie(response, self.request, opened.secret)
        return response

    def file(self, data: bytes, name: str, media_type: str, *, inline: bool = False) -> Response:
        """A file to keep, or to look at in the browser."""
        way = "inline" if inline else "attachment"
        return Response(
            data, media_type=media_type, headers={"content-disposition": f"{way}; filename*=UTF-8''{quote(name)}"}
        )


def allow(*roles: Role) -> Any:
    """The dependency of every page: answers the desk of somebody with one of these roles.

    The roles are also what the matrix of rights is tested from: a route without them fails there.
    """

    def desk(request: Request) -> Iterator[Desk]:
        office: Office = request.app.state.office
        now = clock.now()
        with reading(office.engine) as session:
            found = Desk(request, office, session, *_signed_in(session, request, now), now)
            found.form = getattr(request.state, "form", Form())
            request.state.account = found.person.id  # for the operator's log
            _check_token(request, found)
            if found.person.role not in roles:
                raise Forbidden(f"这一页由{_names(roles)}使用，{found.person.name} 没有权限。")
            yield found

    desk.roles = frozenset(roles)  # type: ignore[attr-defined]
    _seen: Callable[..., Any] = desk
    return Depends(_seen)


ANYBODY = allow(*ROLES)
READS = allow(*READERS)
HANDLES = allow(*HANDLERS)
OFFICE = allow("office")
ADMINISTERS = allow(*ADMINISTRATORS)


def _signed_in(session: Session, request: Request, now: datetime) -> tuple[Person, SignIn]:
    row = session_of(session, request.cookies.get(COOKIE, ""), now)
    if row is None:
        raise SignInNeeded
    try:
        person = person_of(session, row.account_id)
    except NotFound:
        raise SignInNeeded from None
    request.state.account, request.state.organ_id = person.id, person.organ_id
    first = _to_do_first(session, person)
    if first and request.url.path not in (first, _OUT):
        raise Elsewhere(first)
    if stale(row, now):
        office: Office = request.app.state.office
        with writing(office.engine) as other:
            seen = other.get_one(SignIn, row.id)
            seen.seen_at = now
            other.add(seen)
    return standing_in(session, person, row.delegation_id, clock.today()), row


def _to_do_first(session: Session, person: Person) -> str:
    """Where somebody must go before anything else: a password of their own, then a code where one is demanded."""
    credential = session.get(Credential, person.id)
    if credential and credential.must_change:
        return OWN_PASSWORD
    return OWN_CODE if needed(session, person.role) and not (credential and credential.totp_secret) else ""


def give_cookie(response: Response, request: Request, secret: str) -> None:
    """The session's secret, for this browser alone and until it is closed."""
    response.set_cookie(COOKIE, secret, httponly=True, samesite="lax", secure=request.url.scheme == "https")


def _check_token(request: Request, desk: Desk) -> None:
    if request.method in _SAFE:
        return
    given = desk.form.text("csrf") or request.headers.get("x-csrf", "")
    if not secrets.compare_digest(given.encode(), desk.sign_in.csrf.encode()):
        raise NoToken("这张表单已经过期或不是从本系统打开的，没有保存：请返回上一页，刷新后重新提交。")


def _names(roles: tuple[Role, ...]) -> str:
    from office.access.people import ROLE_LABELS

    return "、".join(ROLE_LABELS[role] for role in roles)


async def take_form(request: Request) -> None:
    """Reads what was posted, before anything else looks at it; for the whole application."""
    if request.method not in _SAFE:
        request.state.form = await read_form(request)
