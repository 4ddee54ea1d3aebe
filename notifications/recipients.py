"""From an organ to its name and to where it is reached on a day."""

from datetime import date

from sqlalchemy import or_
from sqlmodel import Session, col, select

from workflow.models import Contact, Organ


def address_for(session: Session, organ_id: str, on: date) -> Contact | None:
    """The contact with an e-mail address that is valid on a day; of several, the one that began last."""
    if not organ_id:
        return None
    valid = (
        select(Contact)
        .where(col(Contact.organ_id) == organ_id, col(Contact.email) != "", col(Contact.valid_from) <= on)
        .where(or_(col(Contact.valid_to).is_(None), col(Contact.valid_to) >= on))
        .order_by(col(Contact.valid_from).desc(), col(Contact.id).desc())
    )
    return session.exec(valid.limit(1)).first()


def organ_name(session: Session, organ_id: str) -> str:
    """The official name; the identifier where no such organ is on file."""
    if not organ_id:
        return "责任单位待明确"
    organ = session.get(Organ, organ_id)
    return organ.name if organ else organ_id
