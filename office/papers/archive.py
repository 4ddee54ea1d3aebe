"""文书档案 as one person may see it: the list with its filters, and whether a document exists for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, false, or_, true
from sqlmodel import Session, col, func, select

from office.access.people import Person, visible
from office.papers.paper_records import row_of
from states.documents import BY_ID
from workflow.errors import NotFound
from workflow.models import Case, Document, Mine, Organ

#: Rows on one page of the list.
SIZE = 50


@dataclass(frozen=True, slots=True)
class Sought:
    """What the list is narrowed to; empty means everything."""

    status: str = ""
    kind: str = ""
    issuer: str = ""
    year: int = 0
    case: str = ""
    #: 文号 or 核验码, or a part of it.
    number: str = ""
    #: In the title, the mine's name or its holder's.
    text: str = ""


def seen_papers(person: Person) -> ColumnElement[bool]:
    """The documents that a person may see, as a condition on `Document` joined (outer) with `Case` and `Mine`."""
    if not person.reads_cases:
        return false()
    if person.reads_all:
        return true()
    of_no_case = col(Document.case_id).is_(None)
    return or_(and_(~of_no_case, visible(person)), and_(of_no_case, col(Document.issuer_id) == person.organ_id))


def _from(*what: Any) -> Any:
    return (
        select(*what).select_from(Document)
        .join(Case, col(Document.case_id) == Case.id, isouter=True)
        .join(Mine, col(Case.mine_id) == Mine.id, isouter=True)
    )  # fmt: skip


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    found: list[Any] = [
        col(column) == value
        for column, value in (
            (Document.status, sought.status), (Document.kind, sought.kind), (Document.issuer_id, sought.issuer),
        )
        if value
    ]  # fmt: skip
    if sought.year:
        day = func.coalesce(col(Document.issued_on), col(Document.drafted_on))
        found.append(day.between(date(sought.year, 1, 1), date(sought.year, 12, 31)))
    if sought.case:
        joint = cast(col(Document.cases), String).contains(f'"{sought.case}"', autoescape=True)
        found.append(or_(col(Case.number) == sought.case, joint))
    if sought.number:
        columns: tuple[Any, ...] = (col(Document.number), col(Document.check_code))
        found.append(or_(*(column.contains(sought.number, autoescape=True) for column in columns)))
    if sought.text:
        columns = (col(Document.title), col(Mine.name), col(Mine.holder))
        found.append(or_(*(column.contains(sought.text, autoescape=True) for column in columns)))
    return found


def papers(session: Session, person: Person, sought: Sought, page: int = 1) -> tuple[list[dict[str, Any]], int]:
    """One page of the list, the newest first, and how many there are."""
    conditions = (seen_papers(person), *_conditions(sought))
    total = session.exec(_from(func.count(col(Document.id))).where(*conditions)).one()
    query = (
        _from(Document, Case, Mine, Organ).join(Organ, col(Document.issuer_id) == Organ.id, isouter=True)
        .where(*conditions).order_by(col(Document.id).desc()).offset((page - 1) * SIZE).limit(SIZE)
    )  # fmt: skip
    return [row_of(*found) for found in session.exec(query)], total


def choices(session: Session, person: Person) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer: kinds, issuers and years of the documents that the person may see."""
    query = _from(Document.kind, Document.issuer_id, Organ.name).join(
        Organ, col(Document.issuer_id) == Organ.id, isouter=True
    )
    pairs = session.exec(query.where(seen_papers(person)).distinct()).all()
    day = func.coalesce(col(Document.issued_on), col(Document.drafted_on))
    first, last = session.exec(_from(func.min(day), func.max(day)).where(seen_papers(person))).one()
    years = range(_year(last), _year(first) - 1, -1) if first else ()
    kinds = {kind for kind, _, _ in pairs}
    return {
        "kinds": [(kind.id, kind.title) for kind in BY_ID.values() if kind.id in kinds],
        "issuers": sorted({(issuer, name or "采矿权人") for _, issuer, name in pairs}, key=lambda pair: pair[1]),
        "years": [(str(year), f"{year}年") for year in years],
    }


def _year(day: date | str) -> int:
    """SQLite answers the least and greatest of days as text."""
    return int(str(day)[:4])


def seen_document(session: Session, person: Person, document_id: int) -> Document:
    """Raises NotFound alike for a document that is not there and one that the person may not see."""
    found: Document | None = None
    if 0 < document_id < 2**31:
        found = session.exec(_from(Document).where(Document.id == document_id, seen_papers(person))).first()
    if found is None:
        raise NotFound(f"没有编号为 {document_id} 的文书，或者它不在您的职责范围内。")
    return found


def only_seen(session: Session, person: Person, ids: Sequence[int]) -> list[int]:
    """Those of some documents that the person may see, in the order given."""
    wanted = [key for key in dict.fromkeys(ids) if 0 < key < 2**31]
    seen = set(session.exec(_from(Document.id).where(col(Document.id).in_(wanted), seen_papers(person))))
    return [key for key in wanted if key in seen]
