"""会签: what an organ is asked, and how far the answers to one question have come. Silence is never consent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select as pick
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from office.access.people import Person, visible
from states import parties as p
from states.referral import ANSWERS
from states.registry import PROCEDURES
from workflow.context import context_of
from workflow.models import Case, Deadline, Document, Mine, Opinion
from workflow.views import VOID

SIZE = 50
#: States of a referral in which the unit still owes its answer, and in which it has given it.
WAITING = ("sent", "acknowledged", "supervised", "criticised")
ANSWERED = ("replied", "closed")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to one organ."""

    number: str
    organ_id: str
    organ: str
    mine: str
    demo: bool
    request: str
    state: str
    state_label: str
    closed: bool
    asked_on: date
    due_on: date | None
    days_left: int | None
    provisional: bool
    answer: str
    text: str
    answered_on: str

    @property
    def answered(self) -> bool:
        """未反馈 is never an answer."""
        return bool(self.answer)

    @property
    def answer_label(self) -> str:
        return ANSWERS.get(self.answer, "未反馈")


def asked_of(session: Session, person: Person, today: date, page: int, *, waiting: bool) -> tuple[list[Asked], int]:
    """What the person's organ is asked, what is due first; and how many there are. Three statements."""
    facts: Any = col(Case.facts)
    mine = [
        Case.procedure == "referral", facts["subject_id"].as_string() == person.organ_id, visible(person),
        # Not whether there is an answer on record: one that was sent back is none.
        col(Case.state).in_(WAITING if waiting else ANSWERED),
    ]  # fmt: skip
    count = select(func.count()).select_from(Case).join(Mine, col(Case.mine_id) == Mine.id).where(*mine)
    due = _due().subquery()
    query = (
        select(Case, Mine, due.c.due_on, due.c.provisional).join(Mine, col(Case.mine_id) == Mine.id)
        .outerjoin(due, due.c.case_id == col(Case.id)).where(*mine)
        .order_by(due.c.due_on.is_(None), due.c.due_on, col(Case.id).desc()).limit(SIZE).offset((page - 1) * SIZE)
    )  # fmt: skip
    return _rows(session, session.execute(query).all(), today), session.exec(count).one()


def _due() -> Any:
    return pick(col(Deadline.case_id), col(Deadline.due_on), col(Deadline.provisional)).where(
        col(Deadline.trigger) == "reply", col(Deadline.status) == "open"
    )


@dataclass(frozen=True, slots=True)
class Round:
    """A case that asks for opinions, and how many have come."""

    number: str
    mine: str
    demo: bool
    title: str
    asked: int
    answered: int
    #: Earliest due day of a unit that is silent.
    due_on: date | None
    days_left: int | None


def rounds(session: Session, person: Person, today: date) -> list[Round]:
    """The cases that the person may see and that ask for opinions, the latest first. Two statements."""
    query = (
        pick(col(Opinion.about_case_id), col(Opinion.organ_id), col(Opinion.answer), col(Deadline.due_on))
        .join(Case, col(Opinion.case_id) == Case.id)
        .outerjoin(
            Deadline,
            (col(Deadline.case_id) == Case.id) & (Deadline.trigger == "reply") & (Deadline.status == "open"),
        )
        .where(col(Case.state) != VOID).order_by(col(Opinion.id))
    )  # fmt: skip
    latest: dict[int, dict[str, tuple[str | None, date | None]]] = {}
    for about, organ, answer, due_on in session.execute(query):
        latest.setdefault(about, {})[organ] = (answer, due_on)
    cases = session.execute(
        select(Case, Mine).join(Mine, col(Case.mine_id) == Mine.id)
        .where(col(Case.id).in_(latest), visible(person)).order_by(col(Case.id).desc()).limit(200)
    )  # fmt: skip
    found = []
    for case, mine in cases:
        units = latest[case.id].values()
        days = [due_on for answer, due_on in units if answer is None and due_on]
        due_on = min(days, default=None)
        found.append(
            Round(
                case.number, mine.name, mine.demo, PROCEDURES[case.procedure].title, len(units),
                sum(answer is not None for answer, _ in units), due_on, (due_on - today).days if due_on else None,
            )
        )  # fmt: skip
    return found


def answers_about(session: Session, case: Case, today: date) -> list[Asked]:
    """What each unit was asked last about a case and answered, in the plan's own order of units."""
    due = _due().subquery()
    query = (
        select(Case, Mine, due.c.due_on, due.c.provisional).join(Opinion, col(Opinion.case_id) == Case.id)
        .join(Mine, col(Case.mine_id) == Mine.id).outerjoin(due, due.c.case_id == col(Case.id))
        .where(Opinion.about_case_id == case.id, Case.state != VOID).order_by(col(Case.id))
    )  # fmt: skip
    latest = {row.organ_id: row for row in _rows(session, session.execute(query).all(), today)}
    return sorted(latest.values(), key=_place)


def _place(row: Asked) -> int:
    """In the plan's own order of units; the township and the village stand last, each under its own name."""
    order = [unit.id for unit in p.SURVEY_UNITS]
    kind = next((unit.id for unit in (p.TOWNSHIP, p.VILLAGE) if row.organ_id.startswith(unit.id)), row.organ_id)
    return order.index(kind) if kind in order else len(order)


def every_answer(session: Session, person: Person, today: date) -> list[tuple[str, Asked]]:
    """What each unit was asked last about every case that the person may see, the latest case first. Two statements."""
    about, due = aliased(Case), _due().subquery()
    seen = pick(col(Case.id)).join(Mine, col(Case.mine_id) == Mine.id).where(visible(person))
    query = (
        pick(Case, Mine, due.c.due_on, due.c.provisional, col(about.number)).join(Opinion, col(Opinion.case_id) == Case.id)
        .join(Mine, col(Case.mine_id) == Mine.id).join(about, col(Opinion.about_case_id) == about.id)
        .outerjoin(due, due.c.case_id == col(Case.id))
        .where(col(Opinion.about_case_id).in_(seen), col(Case.state) != VOID).order_by(col(about.id).desc(), col(Case.id))
    )  # fmt: skip
    found = session.execute(query).all()
    rows = _rows(session, [row[:4] for row in found], today)
    by_case: dict[str, dict[str, Asked]] = {}
    for (*_, number), row in zip(found, rows, strict=True):
        by_case.setdefault(number, {})[row.organ_id] = row
    return [(number, row) for number, units in by_case.items() for row in sorted(units.values(), key=_place)]


def summaries(session: Session, case: Case) -> Sequence[Document]:
    """The summaries of opinions on file for a case, the latest first."""
    query = select(Document).where(
        Document.case_id == case.id, Document.kind == "opinion_summary", Document.status != "void"
    )
    return session.exec(query.order_by(col(Document.id).desc())).all()


def _rows(session: Session, rows: Sequence[Any], today: date) -> list[Asked]:
    organs, states = context_of(session).organs, PROCEDURES["referral"]
    found = []
    for case, mine, due_on, provisional in rows:
        facts = case.facts
        organ = str(facts.get("subject_id", ""))
        # A returned answer is none: the unit is asked again.
        said = facts if case.state in ANSWERED else {}
        found.append(
            Asked(
                number=case.number, organ_id=organ, organ=organs.get(organ, organ), mine=mine.name, demo=mine.demo,
                request=str(facts.get("request", "")), state=case.state, state_label=states.state(case.state).label,
                closed=case.closed_on is not None, asked_on=case.opened_on, due_on=due_on,
                days_left=(due_on - today).days if due_on else None, provisional=bool(provisional),
                answer=str(said.get("answer", "")), text=str(said.get("opinion", "")),
                answered_on=str(said.get("answered_on", "")),
            )
        )  # fmt: skip
    return found
