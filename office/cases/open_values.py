"""待明确事项 as one person may see and fill them: asked of an organ, answered with a source, several at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, true
from sqlalchemy import select as choose
from sqlmodel import Session, col, func, select

from office.access.people import Person, visible
from states.fields import Field
from workflow.errors import BadInput, CaseFileError
from workflow.models import Case, Mine, OpenValue, Organ, User
from workflow.recording import entry_rank
from workflow.records import ORGANS, VALUES, record_value
from workflow.storage import Storage
from workflow.views import VOID

#: Rows on one page.
SIZE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; empty means everything."""

    filled: bool = False
    organ: str = ""
    name: str = ""
    #: Code or a part of the name of the mine.
    mine: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One value typed for the list."""

    id: int
    value: str
    source: str


def still_open(session: Session) -> ColumnElement[bool]:
    """Nobody has filled it in, and no step has recorded it either: a condition on `OpenValue`."""
    names = session.exec(select(OpenValue.name).where(col(OpenValue.value).is_(None)).distinct()).all()
    return _unrecorded(tuple(sorted(names)))


@lru_cache(50)
def _unrecorded(names: tuple[str, ...]) -> ColumnElement[bool]:
    facts: Any = col(Case.facts)
    recorded = [
        and_(
            col(OpenValue.name) == name,
            exists(choose(col(Case.id)).where(
                col(Case.mine_id) == col(OpenValue.mine_id), facts[name].as_string().is_not(None)
            )),
        )
        for name in names
    ]  # fmt: skip
    return and_(col(OpenValue.value).is_(None), not_(or_(false(), *recorded)))


def _seen(person: Person) -> ColumnElement[bool]:
    if not person.reads_cases:
        return false()
    if person.reads_all:
        return true()
    known = exists(choose(col(Case.id)).where(col(Case.mine_id) == Mine.id, visible(person)).correlate(Mine))
    return or_(col(OpenValue.asked_of) == person.organ_id, known)


def _conditions(session: Session, person: Person, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [_seen(person), col(OpenValue.value).is_not(None) if wanted.filled else still_open(session)]
    if wanted.organ:
        found.append(col(OpenValue.asked_of) == wanted.organ)
    if wanted.name:
        found.append(col(OpenValue.name) == wanted.name)
    if wanted.mine:
        part = col(Mine.name).contains(wanted.mine, autoescape=True)
        found.append(or_(col(Mine.code) == wanted.mine, part))
    return found


def _from(*what: Any) -> Any:
    return select(*what).select_from(OpenValue).join(Mine, col(OpenValue.mine_id) == Mine.id)


def values(session: Session, person: Person, wanted: Wanted, page: int = 1) -> tuple[list[dict[str, Any]], int]:
    """One page of the list by mine, and how many there are."""
    conditions = _conditions(session, person, wanted)
    total = session.exec(_from(func.count(col(OpenValue.id))).where(*conditions)).one()
    order = (col(OpenValue.filled_on).desc(),) if wanted.filled else ()
    query = (
        _from(OpenValue, Mine, Organ, User)
        .join(Organ, col(OpenValue.asked_of) == Organ.id, isouter=True)
        .join(User, col(OpenValue.filled_by) == User.id, isouter=True)
        .where(*conditions).order_by(*order, col(Mine.id), col(OpenValue.id)).offset((page - 1) * SIZE).limit(SIZE)
    )  # fmt: skip
    found = list(session.exec(query))
    places = _names(session, {value.value for value, *_ in found if value.name in ORGANS and value.value})
    return [_row(person, places, *one) for one in found], total


def _row(
    person: Person, places: Mapping[str, str], value: OpenValue, mine: Mine, organ: Organ | None, user: User | None
) -> dict[str, Any]:
    return {
        "id": value.id, "mine": mine.name, "mine_id": mine.id, "code": mine.code, "demo": mine.demo,
        "name": value.name, "label": value.label, "organ": organ.name if organ else value.asked_of,
        "clause": value.clause, "field": field_of(value), "may_fill": may_fill(person, value),
        "value": places.get(value.value or "", value.value or ""), "source": value.source or "",
        "filled_by": user.name if user else value.filled_by or "", "filled_on": value.filled_on,
    }  # fmt: skip


def _names(session: Session, ids: set[str]) -> dict[str, str]:
    if not ids:
        return {}
    return {organ.id: organ.name for organ in session.exec(select(Organ).where(col(Organ.id).in_(ids)))}


def field_of(value: OpenValue) -> Field:
    """How a value is typed."""
    known = VALUES.get(value.name)
    return Field(value.name, value.label, known.type if known else "text", required=False)


def may_fill(person: Person, value: OpenValue) -> bool:
    """The organ that is asked, or the office."""
    return person.handles_cases and (person.is_office or value.asked_of == person.organ_id)


def choices(session: Session, person: Person) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer: organs asked and items."""
    query = _from(OpenValue.asked_of, Organ.name, OpenValue.name, OpenValue.label).join(
        Organ, col(OpenValue.asked_of) == Organ.id, isouter=True
    )
    found = session.exec(query.where(_seen(person)).distinct()).all()
    organs = {(asked, name or asked) for asked, name, *_ in found}
    items: dict[str, str] = {}
    for *_, name, label in found:
        # The same value may be asked for in other words for another route.
        items[name] = min(label, items.get(name, label))
    return {"organs": sorted(organs, key=lambda pair: pair[1]), "items": sorted(items.items())}


def townships(session: Session) -> list[str]:
    """Names that may be typed where a township is asked for."""
    query = select(Organ.name).where(col(Organ.kind).in_(("township", "village"))).order_by(Organ.name)
    return list(session.exec(query))


def fill(session: Session, person: Person, answers: Sequence[Answer], on: date) -> dict[int, str]:
    """Records the answers, all or none: answers a sentence for each that cannot be taken. Does not commit."""
    problems: dict[int, str] = {}
    asked, storage = _asked(session, person, answers), Storage(session)
    # Cases are locked in one order by everyone.
    for case, answer, row in sorted(asked, key=lambda found: (found[0], found[1].id)):
        try:
            if not case:
                raise BadInput("这个矿山还没有案件，不能登记：请先立案。")
            # Locked before it is looked at again: whoever was faster has it by now.
            storage.case(case)
            session.refresh(row)
            if row.value is not None:
                raise BadInput(_taken(session, row, answer))
            record_value(session, case, row.name, answer.value, actor=person.actor, on=on, source=answer.source)
        except CaseFileError as error:
            problems[answer.id] = str(error).replace(f"“{row.name}”", f"“{row.label}”")
    return problems


def _taken(session: Session, row: OpenValue, answer: Answer) -> str:
    """Who has filled it in meanwhile, when and with what; and what was typed for it, which is not kept."""
    user, value = session.get(User, row.filled_by or ""), row.value or ""
    value = _names(session, {value}).get(value, value) if row.name in ORGANS else value
    who = user.name if user else row.filled_by or "他人"
    typed = f"您填写的“{answer.value}”（来源：{answer.source}）没有保存"
    return f"“{row.label}”已由{who}于 {row.filled_on} 填写为“{value}”（来源：{row.source}）。{typed}；如不一致，请先与对方核对。"


def _asked(session: Session, person: Person, answers: Sequence[Answer]) -> list[tuple[str, Answer, OpenValue]]:
    """Each answer with its row and the case that takes it. Raises BadInput for what the person may not fill."""
    given = {answer.id: answer for answer in answers}
    rows = session.exec(_from(OpenValue).where(col(OpenValue.id).in_(given), _seen(person))).all()
    if len(rows) < len(given) or not all(may_fill(person, row) for row in rows):
        raise BadInput("有的事项不由您的单位填写，或者已经不在：没有保存，请刷新页面后重新填写。")
    cases = recording_cases(session, {row.mine_id for row in rows})
    return [(cases.get(row.mine_id, ""), given[row.id or 0], row) for row in rows]


def recording_cases(session: Session, mines: set[int]) -> dict[int, str]:
    """The number of the case in which each mine's values are recorded."""
    query = select(Case).where(col(Case.mine_id).in_(mines), Case.state != VOID).order_by(col(Case.id))
    best: dict[int, tuple[tuple[bool, bool, int], str]] = {}
    for case in session.exec(query):
        rank = entry_rank(case.procedure, case.closed_on, case.id or 0)
        if case.mine_id not in best or rank > best[case.mine_id][0]:
            best[case.mine_id] = (rank, case.number)
    return {mine: number for mine, (_, number) in best.items()}
