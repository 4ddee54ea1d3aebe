"""The first accounts that can sign in: the three administrators, and one to work with the system."""

from sqlmodel import Session, col, select

from office.access.passwords import hand_out
from office.access.people import ADMINISTRATORS, ROLE_LABELS
from office.running.installation import Office
from states import parties as p
from workflow import clock
from workflow.models import Credential, User

ADMINISTRATOR = "admin"
_OFFICE = "office"
#: Names of the first administrators; one of each kind must always be there, or nobody could give roles any more.
_FIRST = {"sysadmin": ADMINISTRATOR, "secadmin": "security", "auditor": "auditor"}


def first_passwords(office: Office) -> list[tuple[str, str, str]]:
    """Account, title and one-time password of the first four; empty once each kind is there and has one."""
    with office.writing() as session:
        fresh = session.exec(select(Credential.account_id).limit(1)).first() is None
        wanted = [account for role in ADMINISTRATORS if (account := _missing(session, role))]
        if fresh:
            wanted.append(_OFFICE)
        session.flush()
        titles = {account: ROLE_LABELS[role] for role in ADMINISTRATORS for account in (_FIRST[role],)}
        now = clock.now()
        return [
            (account, titles.get(account, ROLE_LABELS["office"]), hand_out(session, account, now)) for account in wanted
        ]


def _missing(session: Session, role: str) -> str:
    """The first account of an administrator's kind where none of that kind can come in; it is made if need be."""
    there = session.exec(
        select(User.id)
        .join(Credential, col(Credential.account_id) == User.id)
        .where(User.role == role, col(User.active))
    ).first()
    if there:
        return ""
    account = _FIRST[role]
    user = session.get(User, account) or User(id=account, name=ROLE_LABELS[role], organ_id=p.GROUP_OFFICE.id)  # type: ignore[index]
    user.role, user.active = role, True
    session.add(user)
    return account
