"""单位与联系方式: every organ with where it is reached today, those without an address first."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from workflow.errors import NotFound
from workflow.models import Contact, Notice, NoticeStatus, Organ, OrganAlias, User

KINDS = {
    "county": "县级部门", "branch": "驻县机构", "group": "议事协调机构", "township": "乡(镇)", "village": "村(社区)",
    "registrar": "发证机关", "holder": "采矿权人", "unit": "其他单位",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One organ in the list."""

    organ: Organ
    contact: Contact | None
    aliases: tuple[str, ...]
    #: Notices that wait for an address.
    waiting: int


@dataclass(frozen=True, slots=True)
class Card:
    """One organ with everything that is kept of it."""

    organ: Organ
    contacts: tuple[Contact, ...]
    aliases: tuple[str, ...]
    accounts: tuple[User, ...]
    waiting: int


def organs(
    session: Session, today: date, *, kind: str, text: str, missing: bool, page: int, size: int
) -> tuple[list[Row], int]:
    """One page and how many there are; three statements, however many organs."""
    reached: Any = aliased(Contact)
    wanted = _wanted(reached, kind, text, missing=missing)

    def asked(*columns: Any) -> Any:
        return select(*columns).select_from(Organ).outerjoin(reached, _newest(reached, today)).where(*wanted)

    total = session.scalar(asked(func.count())) or 0
    order = (reached.id.is_not(None), col(Organ.kind), col(Organ.name))
    found = session.execute(asked(Organ, reached).order_by(*order).limit(size).offset((page - 1) * size)).all()
    return _rows(session, found), total


def _wanted(reached: Any, kind: str, text: str, *, missing: bool) -> list[Any]:
    wanted: list[Any] = [col(Organ.kind) == kind] if kind else []
    if text:
        named = select(OrganAlias.organ_id).where(col(OrganAlias.alias).contains(text, autoescape=True))
        wanted.append(or_(col(Organ.name).contains(text, autoescape=True), col(Organ.id).in_(named)))
    return [*wanted, reached.id.is_(None)] if missing else wanted


def _rows(session: Session, found: Any) -> list[Row]:
    ids = [organ.id for organ, _ in found]
    aliases: dict[str, list[str]] = {}
    for row in session.exec(select(OrganAlias).where(col(OrganAlias.organ_id).in_(ids)).order_by(OrganAlias.alias)):
        aliases.setdefault(row.organ_id, []).append(row.alias)
    waiting = _waiting(session, ids)
    return [Row(o, contact, tuple(aliases.get(o.id, ())), waiting.get(o.id, 0)) for o, contact in found]


def _newest(contact: Any, today: date) -> ColumnElement[bool]:
    """The contact that mail goes to today, as `notifications.recipients.address_for` chooses it."""
    later = aliased(Contact)
    newer = or_(
        later.valid_from > contact.valid_from, and_(later.valid_from == contact.valid_from, later.id > contact.id)
    )
    overtaken = select(later.id).where(later.organ_id == Organ.id, _valid(later, today), newer).exists()
    return and_(contact.organ_id == Organ.id, _valid(contact, today), ~overtaken)


def _valid(contact: Any, today: date) -> ColumnElement[bool]:
    return and_(
        contact.email != "", contact.valid_from <= today, or_(contact.valid_to.is_(None), contact.valid_to >= today)
    )


def _waiting(session: Session, ids: list[str]) -> dict[str, int]:
    query = (
        select(Notice.recipient_id, func.count())
        .where(col(Notice.recipient_id).in_(ids), Notice.status == NoticeStatus.NO_CONTACT)
        .group_by(Notice.recipient_id)
    )
    return dict(session.exec(query).all())


def unreached(session: Session, today: date) -> int:
    """How many organs have no address today."""
    reached: Any = aliased(Contact)
    without = (
        select(func.count()).select_from(Organ).outerjoin(reached, _newest(reached, today)).where(reached.id.is_(None))
    )
    return session.scalar(without) or 0


def card(session: Session, id: str) -> Card:
    """Raises NotFound."""
    organ = session.get(Organ, id)
    if organ is None:
        raise NotFound(f"没有代号为“{id[:60]}”的单位：请从单位列表进入。")
    contacts = session.exec(
        select(Contact).where(Contact.organ_id == id).order_by(col(Contact.valid_from).desc(), col(Contact.id).desc())
    )
    aliases = session.exec(select(OrganAlias.alias).where(OrganAlias.organ_id == id).order_by(OrganAlias.alias))
    accounts = session.exec(select(User).where(User.organ_id == id).order_by(User.id))
    return Card(organ, tuple(contacts), tuple(aliases), tuple(accounts), _waiting(session, [id]).get(id, 0))
