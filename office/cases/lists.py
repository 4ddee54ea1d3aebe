"""名录: the lists of the plan as its annexes lay them out, and their approval by the county in one document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from office.access.people import Person, may_take, visible
from office.cases.case_rows import place_name
from states.forms import EXIT_YEAR
from states.kernel import Step
from workflow.context import Context
from workflow.engine import advance_many
from workflow.errors import BadInput, CaseFileError
from workflow.models import Case, Mine
from workflow.storage import views
from workflow.views import VOID, CaseView, Entry, StoredFile

SIZE = 100
#: Final states in which a case has left its list for another one, or for good.
_GONE = ("delisted", "rerouted", "converted_to_closure", "converted_to_upgrade", "withdrawn")
#: Procedures of a list; a survey case that is to be put on one of them stands on the list as proposed.
_ON = {"exit": ("closure", "guided_exit"), "upgrade": ("upgrade",), "new": ("new_right",)}
TITLES = {"exit": "关闭退出名录", "upgrade": "升级改造名录", "new": "拟新设名录"}
_MINE = ("矿山名称", "采矿权人", "采矿许可证号", "开采矿种", "生产规模（万吨/年）", "有效期限")
HEADS = {
    "exit": (*_MINE, "关闭取缔", "引导退出", "退出时间"),
    "upgrade": (*_MINE, "提升后规模（万吨/年）", "承诺完成改造"),
    "new": ("矿区名称", "开采矿种", "面积（平方公里）", "预测资源量（万吨）", "地理位置", "拟出让时间"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list."""

    view: CaseView
    #: Under the heads of the list.
    cells: tuple[str, ...]
    state: str
    #: The county's approval that the case waits for; None where it waits for none.
    approval: Step | None
    blockers: tuple[str, ...] = ()
    #: Whether the person's organ may record the approval.
    may: bool = False

    @property
    def asks_year(self) -> bool:
        return self.approval is not None and EXIT_YEAR in self.approval.fields


def listed(
    session: Session, person: Person, name: str, context: Context, today: date, *, page: int = 1,
    only: Sequence[str] | None = None, size: int | None = SIZE,
) -> tuple[list[Listed], int]:  # fmt: skip
    """A page of a list and how long the list is; `only` some of its cases."""
    where = _on_list(name, person)
    if only is not None:
        where = and_(where, col(Case.number).in_(only))
    query = select(Case).join(Mine, col(Case.mine_id) == Mine.id).where(where).order_by(col(Case.id))
    if size is not None:
        query = query.limit(size).offset((page - 1) * size)
    found = views(session, session.exec(query).all())
    counted = select(func.count()).select_from(Case).join(Mine, col(Case.mine_id) == Mine.id).where(where)
    return [_line(name, view, person, context, today) for view in found], session.exec(counted).one()


def _on_list(name: str, person: Person) -> ColumnElement[bool]:
    facts: Any = col(Case.facts)
    proposed = and_(
        col(Case.procedure) == "intake", col(Case.closed_on).is_(None),
        facts["proposed_route"].as_string().in_(_ON[name]), col(Case.state).in_(("route_proposed", "pending_approval")),
    )  # fmt: skip
    on = and_(col(Case.procedure).in_(_ON[name]), col(Case.state).not_in((*_GONE, VOID)))
    return and_(or_(on, proposed), visible(person))


def _line(name: str, view: CaseView, person: Person, context: Context, today: date) -> Listed:
    step = approval_of(view)
    facts = view.judged(context, today)
    blockers = tuple(str(blocker) for blocker in step.blockers(facts)) if step else ()
    if step and view.suspended_on:
        blockers = (f"案件自 {view.suspended_on} 起中止办理，须先恢复", *blockers)
    may = step is not None and may_take(person, view, step, context, today)
    state = view.procedure.state(view.state).label
    return Listed(view, _CELLS[name](view, context), state, step, blockers, may)


def approval_of(view: CaseView) -> Step | None:
    """The step by which the county puts a case on its list, where the case stands before it."""
    if view.procedure_id == "new_right":
        trigger = "approve_block"
    elif view.procedure_id == "intake":
        trigger = f"approve_{view.facts.get('proposed_route', '')}"
    else:
        return None
    step = view.procedure.step(trigger)
    return step if step and view.state in step.sources else None


def _mine_cells(view: CaseView) -> tuple[str, ...]:
    facts, mine = view.mine.facts, view.mine
    term = f"{facts.get('valid_from', '')}至{facts['valid_to']}" if facts.get("valid_to") else ""
    return (
        mine.name,
        mine.holder,
        str(facts.get("licence_number", "")),
        mine.mineral,
        str(facts.get("scale", "")),
        term,
    )


def _exit_cells(view: CaseView, _context: Context) -> tuple[str, ...]:
    route = view.facts.get("proposed_route") if view.procedure_id == "intake" else view.procedure_id
    year = view.facts.get("exit_year")
    ticks = ("√" if route == "closure" else "", "√" if route == "guided_exit" else "")
    return (*_mine_cells(view), *ticks, f"{year}年" if year else "待明确")


def _upgrade_cells(view: CaseView, _context: Context) -> tuple[str, ...]:
    facts = view.facts
    return (*_mine_cells(view), str(facts.get("target_scale", "待明确")), str(facts.get("works_by", "待明确")))


def _new_cells(view: CaseView, context: Context) -> tuple[str, ...]:
    facts, mine = view.mine.facts, view.mine
    place = facts.get("location") or " ".join(
        name for organ in (mine.township_id, mine.village_id) if (name := place_name(context, organ))
    )
    year = view.facts.get("transfer_year")
    return (
        mine.name, mine.mineral, str(facts.get("area", "")), str(facts.get("predicted_resource", "")), str(place),
        f"{year}年" if year else "待明确",
    )  # fmt: skip


_CELLS = {"exit": _exit_cells, "upgrade": _upgrade_cells, "new": _new_cells}


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval document, for the cases that were ticked."""

    number: str
    #: Day of the document, as ISO text.
    dated: str
    on: date
    scan: StoredFile


def approve(
    session: Session, person: Person, lines: Sequence[Listed], given: Approval, years: Mapping[str, str],
    versions: Mapping[str, int],
) -> dict[str, str]:  # fmt: skip
    """Advances each ticked case that waits for the county's approval; number -> why not, empty where it was done.

    All in the caller's transaction; one that is refused does not spoil the others.
    """
    results, entries = {}, []
    for line in lines:
        number = line.view.number
        if line.approval is None:
            results[number] = f"案件在“{line.state}”，不在待审定的环节，没有改动。"
            continue
        fields = {"approval_number": given.number, "approval_date": given.dated}
        if line.asks_year:
            fields["exit_year"] = years.get(number, "")
        entries.append(Entry(
            number, line.approval.trigger, person.actor, given.on, fields, {"approval": (given.scan,)},
            versions.get(number),
        ))  # fmt: skip
    for entry, result in zip(entries, advance_many(session, entries), strict=True):
        results[entry.case] = readable(str(result)) if isinstance(result, CaseFileError) else ""
    return results


def checked(number: str, approved: str, on: str, today: date) -> tuple[str, str, date]:
    """What the approval document says, read as every step reads it. Raises BadInput naming what is wrong."""
    from states.fields import Field
    from states.forms import APPROVAL_DATE, APPROVAL_NUMBER
    from workflow.decide import read_fields

    day = Field("on", "办理日期", "date")
    try:
        given = read_fields(
            (APPROVAL_NUMBER, APPROVAL_DATE, day),
            {"approval_number": number, "approval_date": approved, "on": on}, today,
        )  # fmt: skip
    except BadInput as error:
        raise BadInput(readable(str(error))) from None
    taken = date.fromisoformat(given["on"])
    if taken > today:
        raise BadInput(f"办理日期 {taken} 晚于今天 {today}：还没有发生的事不能登记。")
    return given["approval_number"], given["approval_date"], taken


def readable(sentence: str) -> str:
    """Without what only the command line knows: `（--field exit_year=…）`."""
    head, found, rest = sentence.partition("（--field ")
    return head + readable(rest.partition("）")[2]) if found else sentence
