"""What the page 人员与权限 shows: every account with its organ, its last sign-in and whether it can come in."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, or_, select

from office.access.accounts import NO_ROLE
from office.access.people import ROLE_LABELS
from workflow.models import Credential, Organ, SignIn, User

SIZE = 50
UNASSIGNED = "待授权"


@dataclass(frozen=True, slots=True)
class Account:
    """One line of the list."""

    id: str
    name: str
    organ: str
    role: str
    active: bool
    has_password: bool
    must_change: bool
    has_code: bool
    locked: bool
    last_at: datetime | None

    @property
    def role_label(self) -> str:
        return role_label(self.role)

    @property
    def standing(self) -> tuple[str, str]:
        """Class of a badge, and a word: why the account can come in or not."""
        tests = (
            (not self.active, "plain", "已停用"), (self.role == NO_ROLE, "soon", UNASSIGNED), (self.locked, "late", "已锁定"),
            (not self.has_password, "plain", "未发密码"), (self.must_change, "soon", "待设密码"),
        )  # fmt: skip
        return next(((tone, word) for test, tone, word in tests if test), ("fine", "在用"))


def role_label(role: str) -> str:
    return {str(known): label for known, label in ROLE_LABELS.items()}.get(role, UNASSIGNED)


def accounts(
    session: Session, now: datetime, *, text: str = "", role: str = "", page: int = 1, only: str = ""
) -> tuple[list[Account], int]:
    """A page of accounts and how many there are; two statements, however many accounts."""
    last = select(func.max(SignIn.created_at)).where(SignIn.account_id == User.id).correlate(User).scalar_subquery()
    query = (
        select(User, Organ.name, Credential, last)
        .join(Organ, col(User.organ_id) == Organ.id).outerjoin(Credential, col(Credential.account_id) == User.id)
    )  # fmt: skip
    if text:
        columns = (col(User.id), col(User.name), col(Organ.name))
        query = query.where(or_(*(column.contains(text, autoescape=True) for column in columns)))
    if role:
        query = query.where(User.role == (NO_ROLE if role == "none" else role))
    if only:
        query = query.where(User.id == only)
    total = session.exec(select(func.count()).select_from(query.subquery())).one()
    rows = session.exec(query.order_by(User.id).offset((page - 1) * SIZE).limit(SIZE))
    return [_account(user, organ, credential, at, now) for user, organ, credential, at in rows], total


def _account(user: User, organ: str, row: Credential | None, at: datetime | None, now: datetime) -> Account:
    return Account(
        user.id, user.name, organ, user.role, user.active, bool(row and row.password_hash), bool(row and row.must_change),
        bool(row and row.totp_secret), bool(row and row.locked_until and row.locked_until > now), at,
    )  # fmt: skip


def organs(session: Session) -> list[tuple[str, str]]:
    """Every organ that may have accounts: identifier and name."""
    found = session.exec(select(Organ.id, Organ.name).where(Organ.kind != "holder").order_by(Organ.kind, Organ.name))
    return [(row[0], row[1]) for row in found]
