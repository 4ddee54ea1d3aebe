"""Going back in a case: 更正, 撤回 (one's own latest entry) and 退回 (to an earlier point). Nothing is edited.

Each later entry is taken back by an entry of its own, latest first, in one transaction. Nothing here commits.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from office.cases.rehearsal import Outcome, rehearse
from states import parties as p
from states.registry import PROCEDURES
from workflow.correction import correct, effective
from workflow.entries import lock
from workflow.errors import BadInput, Conflict, NotFound
from workflow.models import Case, Event, Organ, User
from workflow.records import checked_text
from workflow.views import CLOCK, Actor, CaseView

#: Entries that somebody else has made on what went before; a document's life and a call to hurry are none.
_WORK = ("step", "correct", "record")


@dataclass(frozen=True, slots=True)
class Point:
    """An entry that stands: a case can go back to what it was right after it."""

    seq: int
    version: int
    title: str
    #: State of the case right after the entry.
    state: str
    organ: str
    organ_id: str
    actor: str
    on: date


def points(session: Session, case: Case) -> list[Point]:
    """The entries of a case that stand, oldest first: its opening, then its steps."""
    assert case.id is not None
    procedure = PROCEDURES[case.procedure]
    trail = effective(session, case.id)
    organs = _names(session, Organ, {event.organ_id for event in trail})
    people = _names(session, User, {event.actor for event in trail})
    found = []
    for event in trail:
        step = procedure.step(event.trigger)
        assert event.seq is not None
        found.append(
            Point(
                event.seq, event.case_version, step.title if step else "立案", procedure.state(event.to_state).label,
                organs.get(event.organ_id, "系统"), event.organ_id, people.get(event.actor, "系统"), event.occurred_on,
            )
        )  # fmt: skip
    return found


def _names(session: Session, model: type[Organ | User], ids: set[str]) -> dict[str, str]:
    query = select(col(model.id), col(model.name)).where(col(model.id).in_(ids))
    return dict(session.exec(query).all())


def may_withdraw(session: Session, case: Case, organ_id: str) -> str:
    """Why an organ cannot take back the latest entry; empty when it can."""
    trail = points(session, case)
    if len(trail) < 2:
        return f"{case.number} 只有立案记录，没有可以撤回的办理。"
    last = trail[-1]
    if last.organ_id != organ_id:
        return f"{case.number} 的最近一次办理“{last.title}”由{last.organ}登记，只有原办理单位可以撤回。"
    later = session.exec(
        select(Event).where(
            Event.case_id == case.id, col(Event.case_version) > last.version, col(Event.kind).in_(_WORK),
            Event.organ_id != organ_id,
        ).order_by(col(Event.case_version))
    ).first()  # fmt: skip
    if later is None:
        return ""
    other = _names(session, Organ, {later.organ_id}).get(later.organ_id, "系统")
    return f"{other}已在“{last.title}”之后办理（{later.occurred_on}），不能再撤回：请由工作组办公室退回或更正。"


def withdraw(
    session: Session, number: str, actor: Actor, on: date, reason: str, *, expected_version: int | None = None
) -> CaseView:
    """撤回: takes back the latest entry of one's own organ while nobody else has acted since. Raises BadInput."""
    case = _locked(session, number, expected_version)
    problem = may_withdraw(session, case, actor.organ_id)
    if problem:
        raise BadInput(problem)
    return correct(session, number, actor=actor, on=on, reason=checked_text(reason, "撤回理由"))


def take_back(
    session: Session, number: str, actor: Actor, on: date, reason: str, *, expected_version: int | None = None
) -> CaseView:
    """更正: takes back the latest entry, by the organ that made it or by the office. Raises BadInput."""
    _locked(session, number, expected_version)
    return correct(session, number, actor=actor, on=on, reason=reason)


def return_points(session: Session, case: Case, organ_id: str) -> list[Point]:
    """Where an organ may send a case back to, the latest first: the office anywhere, others over their own entries."""
    trail, found = points(session, case), []
    for place in range(len(trail) - 1, 0, -1):
        if organ_id not in (*p.OFFICES, trail[place].organ_id) or trail[place].actor == CLOCK.user:
            break
        found.append(trail[place - 1])
    return found


def return_to(
    session: Session, number: str, seq: int, actor: Actor, on: date, reason: str, *, expected_version: int | None = None
) -> CaseView:
    """退回: the case stands again as right after entry `seq`; every later one is taken back, the latest first.

    Raises BadInput, as a correction does, where a case that was opened since has been worked on or a document is out.
    """
    reason = checked_text(reason, "退回理由")
    case = _locked(session, number, expected_version)
    later = [point for point in points(session, case) if point.seq > seq]
    if not later or seq not in [point.seq for point in return_points(session, case, actor.organ_id)]:
        raise BadInput(f"{number} 不能退回到第 {seq} 号记录：请从列出的环节中选择。")
    view = None
    for _ in later:
        view = correct(session, number, actor=actor, on=on, reason=reason)
    assert view is not None
    return view


@dataclass(frozen=True, slots=True)
class Return:
    """What sending a case back would undo: the sign-offs that lose their effect, and all that follows."""

    signed: tuple[Point, ...]
    outcome: Outcome


def return_preview(engine: Engine, number: str, seq: int, actor: Actor, on: date, reason: str) -> Return:
    """What `return_to` would change, without changing it. Raises what it raises."""
    signed: list[Point] = []

    def entry(session: Session) -> None:
        case = _locked(session, number, None)
        signed.extend(point for point in points(session, case) if point.seq > seq)
        return_to(session, number, seq, actor, on, reason)

    outcome = rehearse(engine, number, entry)
    return Return(tuple(reversed(signed)), outcome)


def _locked(session: Session, number: str, expected_version: int | None) -> Case:
    """The case, locked before anything about it is read. Raises Conflict, NotFound."""
    found = session.exec(select(Case).where(Case.number == number)).first()
    if found is None:
        raise NotFound(f"没有编号为“{number[:40]}”的案件。")
    view = lock(session, number)
    assert view is not None
    session.refresh(found)
    check_seen(view, expected_version)
    return found


def check_seen(view: CaseView, expected_version: int | None) -> None:
    """Raises Conflict when a case is no longer as somebody saw it."""
    if expected_version is not None and expected_version != view.version:
        raise Conflict(f"{view.number} 在您打开之后已被他人更新：本次没有改动，请核对后重新办理。")
