"""代理: one account acts for another while its holder is away.

The stand-in keeps their own name: entries carry their account, the other's organ, and for whom they stood in.
Nothing here commits.
"""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from office.access.people import HANDLERS, Person
from states.fields import Field, FieldError
from workflow.errors import BadInput
from workflow.models import Delegation, Organ, SignIn, User
from workflow.records import checked_text

FROM_ON, TO_ON = Field("from_on", "代理起始日期", "date"), Field("to_on", "代理结束日期", "date")


@dataclass(frozen=True, slots=True)
class Given:
    """A delegation with names, and whether it holds today."""

    row: Delegation
    giver: str
    stand_in: str
    running: bool
    over: bool


def give(
    session: Session, person: Person, from_account: str, to_account: str, from_on: str, to_on: str, reason: str,
    today: date,
) -> Delegation:  # fmt: skip
    """Lets somebody act for an account in a window of days. Raises BadInput, naming what is wrong.

    People give their own work to a colleague of their organ; the office may arrange it for anybody.
    """
    if person.stands_in_for:
        raise BadInput(f"您正在代 {person.stands_in_for} 办理，不能再转委托：请先结束代办。")
    first, last = _window(from_on, to_on, today)
    reason = checked_text(reason, "委托理由")
    giver, stand_in = session.get(User, from_account), session.get(User, to_account)
    if giver is None or stand_in is None or not (giver.active and stand_in.active):
        raise BadInput("请从列表中选择委托人和代理人：账号要在用。")
    _check(person, giver, stand_in)
    query = select(Delegation).where(
        Delegation.from_account == giver.id, Delegation.to_account == stand_in.id, col(Delegation.ended_on).is_(None),
        col(Delegation.from_on) <= last, col(Delegation.to_on) >= first,
    )  # fmt: skip
    if session.exec(query).first():
        raise BadInput(f"{giver.name} 已经委托 {stand_in.name} 在这段时间代理，不需要再次委托。")
    row = Delegation(
        from_account=giver.id, to_account=stand_in.id, from_on=first, to_on=last, reason=reason, given_by=person.id
    )
    session.add(row)
    session.flush()
    return row


def _window(from_on: str, to_on: str, today: date) -> tuple[date, date]:
    try:
        first, last = (date.fromisoformat(str(f.read(t))) for f, t in ((FROM_ON, from_on), (TO_ON, to_on)))
    except FieldError as error:
        raise BadInput(str(error)) from None
    if first > last:
        raise BadInput(f"代理起始日期 {first} 晚于结束日期 {last}，请核对。")
    if last < today:
        raise BadInput(f"代理结束日期 {last} 已经过去（今天 {today}），请核对。")
    return first, last


def _check(person: Person, giver: User, stand_in: User) -> None:
    if giver.id == stand_in.id:
        raise BadInput("委托人和代理人是同一个账号，请另选代理人。")
    if giver.role not in HANDLERS or stand_in.role not in HANDLERS:
        raise BadInput("只有办理案件的账号可以委托和代理；领导和三类管理员的权限不能委托（三员分立）。")
    if person.is_office:
        return
    if giver.id != person.id:
        raise BadInput("只能委托自己的工作；替别人安排代理由工作组办公室办理。")
    if stand_in.organ_id != giver.organ_id:
        raise BadInput(f"代理人 {stand_in.name} 不是本单位的账号：跨单位的代理由工作组办公室安排。")


def end_early(session: Session, person: Person, id: int, today: date) -> None:
    """Ends a delegation; by who gave it, whom it is for, who stands in, or the office. Raises BadInput."""
    row = session.get(Delegation, id)
    if row is None or not (person.is_office or person.id in (row.from_account, row.to_account, row.given_by)):
        raise BadInput("没有这条委托，或者不归您管理。")
    if row.ended_on:
        raise BadInput(f"这条委托已于 {row.ended_on} 结束。")
    row.ended_on = today
    session.add(row)
    for sign_in in session.exec(select(SignIn).where(SignIn.delegation_id == id)):
        sign_in.delegation_id = None
        session.add(sign_in)
    session.flush()


def switch(session: Session, sign_in_id: str, account: str, id: int | None, today: date) -> str:
    """Begins or ends acting for another in one signed-in browser; answers for whom. Raises BadInput."""
    sign_in = session.get_one(SignIn, sign_in_id)
    name = ""
    if id is not None:
        row = session.get(Delegation, id)
        if row is None or row.to_account != account or row.ended_on or not row.from_on <= today <= row.to_on:
            raise BadInput("这条委托现在不生效，不能代办：请核对代理的起止日期。")
        giver = session.get_one(User, row.from_account)
        if not giver.active:
            raise BadInput(f"{giver.name} 的账号已停用，不能代办。")
        name = giver.name
    sign_in.delegation_id = id
    session.add(sign_in)
    session.flush()
    return name


def delegations(session: Session, person: Person, today: date) -> list[Given]:
    """What a person has given and been given; the office sees all. The latest first."""
    query = select(Delegation).order_by(col(Delegation.id).desc()).limit(100)
    if not person.is_office or person.stands_in_for:
        query = query.where(
            or_(
                Delegation.from_account == person.id,
                Delegation.to_account == person.id,
                Delegation.given_by == person.id,
            )
        )
    rows = list(session.exec(query))
    ids = {account for row in rows for account in (row.from_account, row.to_account)}
    names = {user.id: user.name for user in session.exec(select(User).where(col(User.id).in_(ids)))}
    return [
        Given(
            row, names[row.from_account], names[row.to_account],
            running=row.ended_on is None and row.from_on <= today <= row.to_on,
            over=row.ended_on is not None or row.to_on < today,
        )
        for row in rows
    ]  # fmt: skip


def candidates(session: Session, person: Person) -> list[tuple[User, str]]:
    """The accounts that a person may choose among, with the names of their organs."""
    query = (
        select(User, Organ.name).join(Organ, col(User.organ_id) == Organ.id)
        .where(col(User.active), col(User.role).in_(HANDLERS)).order_by(col(Organ.name), col(User.name))
    )  # fmt: skip
    if not person.is_office:
        query = query.where(User.organ_id == person.organ_id)
    return list(session.exec(query))
