"""Everything on record about one mine, as far as a person may see its cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from notifications.documents.labels import FACTS as WORDS
from notifications.documents.labels import chosen
from office.access.people import Person, visible
from office.cases.todo import usual_step
from states.answers import FACTS
from states.licence import Licence, Remark, cancelled_by, parse, remarks
from states.permits import KINDS
from states.registry import PROCEDURES
from states.survey import ITEMS
from states.survey_words import value_words
from workflow.context import Context
from workflow.entries import entry_title
from workflow.errors import NotFound
from workflow.ledger import criteria, open_values
from workflow.models import Case, Document, Event, Mine, OpenValue, Permit, User
from workflow.register import MINE_FIELDS
from workflow.registrars import canceller, registrars
from workflow.storage import views
from workflow.views import VOID, CaseView, party_name

#: Entries and documents that the page shows; each case's own page has all of them.
SHOWN = 60
#: Named beside the facts, or of use to the program alone.
_ELSEWHERE = ("holder_id", "licence_number", "registrar_id")


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of the mine, and where it comes from."""

    label: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """One case of the mine: where it is, who is next, by when."""

    view: CaseView
    subject: str
    state: str
    lead: str
    next: str
    due_on: date | None
    days_left: int | None
    provisional: bool
    no_day: str
    #: How many states of the usual way lie behind it, and how many there are; 0 beside the usual way.
    done: int
    steps: int

    @property
    def is_track(self) -> bool:
        return self.view.procedure.kind == "track"


@dataclass(frozen=True, slots=True)
class LicenceFacts:
    """A mining licence told from its number."""

    number: str
    #: None where the number is none.
    parts: Licence | None
    #: The organ that alone may cancel it; empty where it is not registered.
    registrar: str
    remarks: Sequence[Remark]


@dataclass(frozen=True, slots=True)
class MineFile:
    mine: Mine
    facts: Sequence[Fact]
    permits: Sequence[Mapping[str, Any]]
    #: What the numbers of the mining licences say.
    licences: Sequence[LicenceFacts]
    routes: Sequence[Line]
    tracks: Sequence[Line]
    criteria: Sequence[Mapping[str, Any]]
    open_values: Sequence[Mapping[str, Any]]
    documents: Sequence[Mapping[str, Any]]
    history: Sequence[Mapping[str, Any]]


def mine_file(session: Session, person: Person, code: str, context: Context, today: date) -> MineFile:
    """Raises NotFound alike for a mine that is not there and one none of whose cases the person may see."""
    mine = session.exec(select(Mine).where(Mine.code == code)).first()
    cases = _cases(session, person, mine.id) if mine else []
    if mine is None or mine.id is None or not cases:
        raise NotFound(f"没有编号为“{code[:40]}”的矿山，或者它不在您的职责范围内。")
    found = views(session, cases)
    lines = [_line(view, context, today) for view in found]
    routes = [line for line in lines if not line.is_track]
    judged = next((line.view for line in (*reversed(routes), *lines) if not line.view.closed_on), found[0])
    missing = open_values(session, mine.id)
    by_id = {view.id: view for view in found}
    return MineFile(
        mine, _facts(session, mine, context, list(by_id)), _permits(session, mine.id, context),
        _licences(session, mine, context), routes,
        [line for line in lines if line.is_track], criteria(judged, context, today, block=mine.kind == "block"),
        [{**value, "asked_of": context.organs.get(value["asked_of"], value["asked_of"])} for value in missing],
        _documents(session, by_id), _history(session, by_id, context),
    )  # fmt: skip


def mine_seen(person: Person) -> ColumnElement[bool]:
    """Mines with a case that the person may see, as a condition on `Mine`."""
    seen = select(Case.mine_id).join(Mine, col(Case.mine_id) == Mine.id).where(visible(person))
    return col(Mine.id).in_(seen)


def _cases(session: Session, person: Person, mine_id: int | None) -> list[Case]:
    query = select(Case).join(Mine, col(Case.mine_id) == Mine.id)
    query = query.where(Case.mine_id == mine_id, col(Case.state) != VOID, visible(person))
    return list(session.exec(query.order_by(col(Case.id))))


def _line(view: CaseView, context: Context, today: date) -> Line:
    procedure, state = view.procedure, view.procedure.state(view.state)
    facts = view.judged(context, today)
    dated = sorted((s for s in view.slots if s.due_on), key=lambda s: s.due_on or date.max)
    soonest = dated[0] if dated else None
    due_on = soonest.due_on if soonest else None
    step = None if state.final else usual_step(procedure, view.state)
    way = usual_way(procedure.id)
    subject = next((t.subject for t in view.tracks if t.number == view.number), "")
    return Line(
        view, subject, state.label, party_name(state.lead, facts, context, view) if state.lead else "",
        step.title if step else "", due_on, (due_on - today).days if due_on else None,
        bool(soonest and soonest.provisional), "" if view.slots or state.final else state.no_deadline or "本环节没有期限",
        way.index(view.state) + 1 if view.state in way else 0, len(way),
    )  # fmt: skip


@cache
def usual_way(procedure_id: str) -> tuple[str, ...]:
    """The states of a case that nothing special happens to, from the first to the last."""
    procedure = PROCEDURES[procedure_id]
    way, state = [procedure.initial], procedure.initial
    while step := usual_step(procedure, state):
        state = step.target(state)
        if state in way:
            break
        way.append(state)
    return tuple(way)


def _facts(session: Session, mine: Mine, context: Context, cases: Sequence[int]) -> list[Fact]:
    """What is known of the mine: as published, unless somebody has filled it in or corrected it since."""
    typed = _typed(session, mine, cases)
    places = {"township_id": mine.township_id, "village_id": mine.village_id}
    values = {
        "holder": mine.holder, "mineral": mine.mineral,
        **{name: context.organs.get(organ, organ) for name, organ in places.items()}, **chosen(mine.facts),
    }  # fmt: skip
    return [
        Fact(_label(name, typed), _words(name, value), typed[name][1] if name in typed else mine.source)
        for name, value in values.items()
        if value not in (None, "") and name not in _ELSEWHERE
    ]


def _typed(session: Session, mine: Mine, cases: Sequence[int]) -> dict[str, tuple[str, str]]:
    """Values that people have filled in: name -> label and who said it when, on what."""
    people = {user.id: user.name for user in session.exec(select(User))}
    found = {
        value.name: (value.label, f"{people.get(value.filled_by or '', value.filled_by)} {value.filled_on} 填写：{value.source}")
        for value in session.exec(select(OpenValue).where(OpenValue.mine_id == mine.id, col(OpenValue.value).is_not(None)))
    }  # fmt: skip
    query = select(Event).where(col(Event.case_id).in_(cases), Event.kind == "record").order_by(col(Event.seq))
    for event in session.exec(query):
        who = people.get(event.actor, event.actor)
        for name in event.data.get("fields", {}):
            said = f"{who} {event.occurred_on} 填写：{event.data.get('source', '')}"
            found[name] = (found.get(name, ("", ""))[0], said)
    return found


def _label(name: str, typed: Mapping[str, tuple[str, str]]) -> str:
    asked = typed.get(name, ("", ""))[0]
    field = MINE_FIELDS.get(name.removesuffix("_id"))
    if field:
        return f"{field.label}（{field.unit}）" if field.unit else field.label
    surveyed = ITEMS[name].field.label if name in ITEMS else ""
    return asked or surveyed or FACTS.get(name) or WORDS.get(name, name)


def _words(name: str, value: object) -> str:
    if name in ITEMS and ITEMS[name].field.choices:
        return value_words(ITEMS[name], value)
    return {True: "是", False: "否"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _permits(session: Session, mine_id: int, context: Context) -> list[dict[str, Any]]:
    query = select(Permit).where(Permit.mine_id == mine_id).order_by(col(Permit.id))
    return [
        {"kind": KINDS[permit.kind], "number": permit.number, "valid_from": permit.valid_from,
         "valid_to": permit.valid_to, "registrar": context.organs.get(owner := canceller(permit, context.organs), owner),
         "source": permit.source}
        for permit in session.exec(query)
    ]  # fmt: skip


def _licences(session: Session, mine: Mine, context: Context) -> list[LicenceFacts]:
    """What the number of each mining licence says, held against its validity and mineral."""
    query = select(Permit).where(Permit.mine_id == mine.id, Permit.kind == "mining").order_by(col(Permit.id))
    organs = registrars(context.organs)
    found = []
    for permit in session.exec(query):
        licence = parse(permit.number)
        said = remarks(permit.number, valid_from=permit.valid_from, mineral=mine.mineral, registrars=organs)
        found.append(LicenceFacts(permit.number, licence, cancelled_by(licence, organs) if licence else "", said))
    return [one for one in found if one.number]


def _documents(session: Session, cases: Mapping[int, CaseView]) -> list[dict[str, Any]]:
    query = select(Document).where(col(Document.case_id).in_(cases)).order_by(col(Document.id).desc()).limit(SHOWN)
    labels = {"draft": "草稿", "issued": "已出具", "served": "已送达", "void": "已作废"}
    return [
        {"id": d.id, "title": d.title, "number": d.number, "status": labels[d.status], "draft": d.status == "draft",
         "on": d.served_on or d.issued_on or d.drafted_on, "case": cases[d.case_id or 0].number}
        for d in session.exec(query)
    ]  # fmt: skip


def _history(session: Session, cases: Mapping[int, CaseView], context: Context) -> list[dict[str, Any]]:
    query = select(Event).where(col(Event.case_id).in_(cases)).order_by(col(Event.seq).desc()).limit(SHOWN)
    return [_entry(event, cases[event.case_id or 0], context) for event in session.exec(query)]


def _entry(event: Event, view: CaseView, context: Context) -> dict[str, Any]:
    procedure = view.procedure
    step = procedure.step(event.trigger)
    title = step.title if event.kind == "step" and step else entry_title(event.kind, event.trigger)
    moved = event.from_state != event.to_state and procedure.knows(event.to_state)
    return {
        "seq": event.seq, "on": event.occurred_on, "case": view.number, "procedure": procedure.title,
        "title": title or event.kind, "organ": context.organs.get(event.organ_id, "系统"),
        "to": procedure.state(event.to_state).label if moved else "", "reason": event.data.get("reason", ""),
    }  # fmt: skip
