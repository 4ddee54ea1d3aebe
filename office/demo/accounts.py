"""Who can sign in to the demonstration: one account of each role, all with the password that is printed."""

from dataclasses import replace

from sqlmodel import Session

from office.access.passwords import hand_out
from office.access.sign_in_policy import policy_of, set_policy
from office.demo.county import township
from office.running.installation import Office
from states import parties as p
from workflow import clock
from workflow.models import Credential, User
from workflow.models.people import Role

#: Account, name, organ, role; the desks of the organs are there already.
PEOPLE: tuple[tuple[str, str, str, Role], ...] = (
    ("admin", "演示系统管理员", p.GROUP_OFFICE.id, "sysadmin"),
    ("secadmin", "演示安全管理员", p.GROUP_OFFICE.id, "secadmin"),
    ("auditor", "演示审计管理员", p.GROUP_OFFICE.id, "auditor"),
    ("leader", "演示分管领导", p.COUNTY_GOVERNMENT.id, "leader"),
    ("head", "演示自然资源局负责人", p.NATURAL_RESOURCES.id, "head"),
)
SHOWN = (
    "office",
    "natural_resources",
    "emergency",
    "county_government",
    township(1),
    "water",
    *(row[0] for row in PEOPLE),
)


def open_accounts(office: Office) -> tuple[str, list[tuple[str, str]]]:
    """A fresh password and the accounts (id, name) that it opens. Nobody is asked for codes or a new password."""
    with office.writing() as session:
        _relax(session)
        for account, name, organ, role in PEOPLE:
            if session.get(User, account) is None:
                session.add(User(id=account, name=name, organ_id=organ, role=role))
        session.flush()
        password = hand_out(session, SHOWN[0], clock.now())
        shared = session.get_one(Credential, SHOWN[0])
        shared.must_change = False
        for account in SHOWN[1:]:
            row = session.get(Credential, account) or Credential(
                account_id=account, password_hash="", changed_at=shared.changed_at
            )
            row.password_hash, row.changed_at, row.must_change = shared.password_hash, shared.changed_at, False
            row.failures, row.locked_until, row.totp_secret = 0, None, ""
            session.add(row)
        names = [(account, session.get_one(User, account).name) for account in SHOWN]
    return password, names


def _relax(session: Session) -> None:
    set_policy(session, replace(policy_of(session), idle_minutes=480, valid_days=0, codes_for_administrators=False))
