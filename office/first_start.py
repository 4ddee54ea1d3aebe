"""The first accounts that can sign in: one to keep the system, one to work with it."""

from sqlmodel import select

from office.installation import Office
from office.signing_in import hand_out
from states import parties as p
from workflow import clock
from workflow.models import Credential, User

ADMINISTRATOR = "admin"
_OFFICE = "office"


def first_passwords(office: Office) -> list[tuple[str, str, str]]:
    """Account, title and one-time password of the first two; empty once anybody has a password."""
    with office.writing() as session:
        if session.exec(select(Credential.account_id).limit(1)).first() is not None:
            return []
        if session.get(User, ADMINISTRATOR) is None:
            session.add(User(id=ADMINISTRATOR, name="系统管理员", organ_id=p.GROUP_OFFICE.id, role="sysadmin"))
            session.flush()
        now = clock.now()
        first = ((ADMINISTRATOR, "系统管理员"), (_OFFICE, "工作组办公室"))
        return [(account, title, hand_out(session, account, now)) for account, title in first]
