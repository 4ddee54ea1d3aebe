"""Accounts, kept by three administrators apart (三员分立).

The 系统管理员 creates accounts, switches them and hands out passwords; the 安全管理员 says what an account may do and
resets one-time codes; so neither alone can come in as somebody else. The 审计管理员 reads the logs. Nobody does any of
this to their own account, and the last administrator of a kind stays.
"""

import re
from datetime import datetime
from typing import get_args

from sqlmodel import Session, col, func, select

from office.access.activity import Line, append, lock
from office.access.passwords import hand_out
from office.access.people import ADMINISTRATORS, ROLE_LABELS, Person
from office.access.signing_in import end_all
from states.fields import FieldError, clean_name
from workflow.errors import BadInput, Conflict, NotFound
from workflow.models import Credential, Organ, User
from workflow.models.people import Role

#: A new account may do nothing until the 安全管理员 has given it a role.
NO_ROLE = ""
_ID = re.compile("[a-z][a-z0-9_.-]{1,39}")


def account_of(session: Session, account: str) -> User:
    found = session.get(User, account)
    if found is None:
        raise NotFound(f"没有名为“{account[:40]}”的账号。")
    return found


def create(session: Session, doer: Person, id: str, name: str, organ_id: str, now: datetime) -> User:
    """A new account without role and password. Raises BadInput, Conflict. Does not commit."""
    lock(session)
    if not _ID.fullmatch(id):
        raise BadInput("账号须为 2 至 40 个小写字母、数字、点、短横线或下划线，以字母开头，例如 zhang.san。")
    try:
        name = clean_name(name, "姓名（岗位）")
    except FieldError as error:
        raise BadInput(str(error)) from None
    if session.get(Organ, organ_id) is None:
        raise BadInput("没有选择单位：请在列表中选择账号所属单位。")
    if session.get(User, id) is not None:
        raise Conflict(f"账号 {id} 已经存在：请换一个账号名；停用的账号可以重新启用。")
    note(session, doer, now, "新建账号", id)
    user = User(id=id, name=name, organ_id=organ_id, role=NO_ROLE)
    session.add(user)
    session.flush()
    return user


def assign_role(session: Session, doer: Person, account: str, role: str, now: datetime) -> User:
    """What an account may do from now on; its sessions end. Does not commit."""
    user = _other(session, doer, account, "自己的角色")
    if role not in get_args(Role):
        raise BadInput("没有选择角色：请在列表中选择。")
    if role == user.role:
        raise BadInput(f"{user.name} 已经是{ROLE_LABELS[user.role]}，没有改动。")  # type: ignore[index]
    _keep_last(session, user, "改任其他角色")
    note(session, doer, now, "分配角色", f"{account}：{user.role or '（无）'} → {role}")
    user.role = role
    session.add(user)
    end_all(session, account, now, "role_changed")
    return user


def switch(session: Session, doer: Person, account: str, now: datetime, *, active: bool) -> User:
    """On or off; off ends its sessions. Does not commit."""
    user = _other(session, doer, account, "自己的账号")
    if user.active == active:
        raise Conflict(f"{user.name} 的账号已经{'启用' if active else '停用'}，没有改动。")
    if not active:
        _keep_last(session, user, "停用")
    note(session, doer, now, "启用账号" if active else "停用账号", account)
    user.active = active
    session.add(user)
    if not active:
        end_all(session, account, now, "switched_off")
    return user


def unlock(session: Session, doer: Person, account: str, now: datetime) -> None:
    """Wrong answers so far count no more. Does not commit."""
    _other(session, doer, account, "自己的账号")
    row = session.get(Credential, account)
    if row is None:
        raise BadInput("这个账号还没有密码：请先发放一次性密码。")
    note(session, doer, now, "解锁账号", account)
    # Not None: what was answered wrongly before this moment does not count (`office.access.door`).
    row.failures, row.locked_until = 0, now
    session.add(row)


def give_password(session: Session, doer: Person, account: str, now: datetime) -> str:
    """A one-time password for somebody else, shown once; their sessions end. Does not commit."""
    user = _other(session, doer, account, "自己的密码")
    if not user.active:
        raise BadInput(f"{user.name} 的账号已停用：请先启用再发放密码。")
    note(session, doer, now, "发放一次性密码", account)
    return hand_out(session, account, now)


def reset_code(session: Session, doer: Person, account: str, now: datetime) -> None:
    """For somebody whose phone is lost: a new one is set up at the next sign-in. Does not commit."""
    _other(session, doer, account, "自己的动态口令")
    row = session.get(Credential, account)
    if row is None or not row.totp_secret:
        raise BadInput("这个账号没有启用动态口令，没有改动。")
    note(session, doer, now, "重置动态口令", account)
    row.totp_secret = ""
    session.add(row)
    end_all(session, account, now, "revoked")


def end_sessions(session: Session, doer: Person, account: str, now: datetime) -> int:
    """Signs somebody out everywhere; answers of how many browsers. Does not commit."""
    lock(session)
    account_of(session, account)
    note(session, doer, now, "收回登录", account)
    return end_all(session, account, now, "revoked")


def note(session: Session, doer: Person, now: datetime, deed: str, object: str) -> None:
    """What an administrator has done, in the log within the same transaction. Does not commit."""
    append(session, Line(now, doer.id, doer.organ_id, deed, object, "done"))


def _other(session: Session, doer: Person, account: str, what: str) -> User:
    # First of all: who counts administrators must not be overtaken by who removes one, and every writer of the log
    # takes its head before anything else.
    lock(session)
    if account == doer.id:
        raise BadInput(f"{what}不能由自己改动：请由另一名管理员办理。")
    return account_of(session, account)


def _keep_last(session: Session, user: User, what: str) -> None:
    if user.role not in ADMINISTRATORS or not user.active:
        return
    left = session.exec(
        select(func.count()).select_from(User).where(User.role == user.role, col(User.active), User.id != user.id)
    ).one()
    if not left:
        raise BadInput(f"{user.name} 是唯一在用的{ROLE_LABELS[user.role]}，不能{what}：请先另设一名。")
