"""What the page 审计日志 shows: the case history as one list, and the 操作日志 with its filters."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlmodel import Session, col, func, or_, select

from office.access.door import FAILED, LOCKED, SIGNED_IN
from states.registry import PROCEDURES
from workflow.clock import OFFICE
from workflow.models import Activity, Case, Chain, Event, Mine, Organ, User

SIZE = 50
#: How a line of the log came out: word for the filter -> label.
OUTCOMES = {
    "done": "成功",
    "refused": "被拒绝",
    "signed_in": "登录成功",
    "sign_in_failed": "登录失败",
    "sign_in_locked": "锁定中",
}
_KINDS = {
    "open": "立案",
    "step": "办理",
    "correct": "更正",
    "void": "撤销",
    "record": "填写",
    "paper": "文书",
    "act": "办理",
    "plan": "方案新版生效",
}


class Entry(NamedTuple):
    """One entry of the case history, with its case, mine and organ; none of both for the office's work as a whole."""

    event: Event
    case: Case | None
    mine: Mine | None
    organ: str

    @property
    def title(self) -> str:
        procedure = PROCEDURES.get(self.case.procedure) if self.case else None
        step = procedure.step(self.event.trigger) if procedure else None
        return step.title if step else _KINDS.get(self.event.kind, self.event.trigger or self.event.kind)


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters of the 操作日志; empty ones ask nothing."""

    account: str = ""
    day: date | None = None
    outcome: str = ""
    text: str = ""


def history(session: Session, page: int) -> tuple[list[Entry], int]:
    """A page of the case history, the newest first; its chain has no gaps, so the head knows how long it is."""
    head = session.get(Chain, 1)
    total = head.seq if head else 0
    newest = total - (page - 1) * SIZE
    query = (
        select(Event, Case, Mine, Organ.name)
        .outerjoin(Case, col(Event.case_id) == Case.id).outerjoin(Mine, col(Case.mine_id) == Mine.id)
        .outerjoin(Organ, col(Event.organ_id) == Organ.id)
        .where(Event.seq <= newest, Event.seq > newest - SIZE).order_by(col(Event.seq).desc())
    )  # fmt: skip
    return [
        Entry(event, case, mine, organ or event.organ_id) for event, case, mine, organ in session.exec(query)
    ], total


def activities(session: Session, asked: Asked, page: int) -> tuple[list[tuple[Activity, str, str]], int]:
    """A page of the 操作日志, the newest first, each line with the account's and the organ's name."""
    query = select(Activity)
    if asked.account:
        query = query.where(Activity.account == asked.account)
    if asked.day:
        start = datetime.combine(asked.day, time(), OFFICE)
        query = query.where(Activity.at >= start, Activity.at < start + timedelta(days=1))
    if asked.text:
        columns = (col(Activity.object), col(Activity.action), col(Activity.address))
        query = query.where(or_(*(column.contains(asked.text, autoescape=True) for column in columns)))
    outcome = col(Activity.outcome)
    if asked.outcome == "refused":
        query = query.where(or_(outcome.startswith("4"), outcome.startswith("5")))
    elif asked.outcome == "done":
        query = query.where(or_(outcome == "done", outcome.startswith("2"), outcome.startswith("3")))
    elif asked.outcome:
        query = query.where(outcome == asked.outcome)
    total = session.exec(select(func.count()).select_from(query.subquery())).one()
    rows = session.exec(query.order_by(col(Activity.seq).desc()).offset((page - 1) * SIZE).limit(SIZE)).all()
    people = dict(session.exec(select(User.id, User.name).where(col(User.id).in_({row.account for row in rows}))).all())
    organs = dict(
        session.exec(select(Organ.id, Organ.name).where(col(Organ.id).in_({row.organ_id for row in rows}))).all()
    )
    return [(row, people.get(row.account, ""), organs.get(row.organ_id, "")) for row in rows], total


def outcome_words(outcome: str) -> tuple[str, str]:
    """Class of a badge, and a word: 303 → 成功."""
    words = {
        SIGNED_IN: ("fine", "登录成功"), FAILED: ("late", "登录失败"), LOCKED: ("late", "锁定中"), "done": ("fine", "成功"),
        "401": ("soon", "须登录"), "403": ("late", "无权限"), "404": ("soon", "没有找到"), "409": ("soon", "被他人更新"),
        "400": ("soon", "填写有误"), "413": ("soon", "太大"), "422": ("soon", "未通过"),
    }  # fmt: skip
    if outcome in words:
        return words[outcome]
    if outcome[:1] in ("2", "3"):
        return "fine", "成功"
    return ("late", "系统出错") if outcome[:1] == "5" else ("plain", outcome)
