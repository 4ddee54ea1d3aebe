"""The history's hash chain, and its replay through the procedures."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session, col, select

from states.kernel import Procedure
from states.registry import PROCEDURES
from workflow.models import Case, Chain, Event, PlanVersion
from workflow.views import VOID


def canonical(value: Any) -> str:
    """JSON with one possible spelling."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def event_hash(prev_hash: str, event: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over an entry and the hash before it."""
    at: datetime = event["recorded_at"]
    day: date = event["occurred_on"]
    parts = [
        prev_hash, event["seq"], event["case_id"], event["case_version"], event["kind"], event["trigger"],
        event["from_state"], event["to_state"], event["actor"], event["organ_id"], day.isoformat(),
        at.astimezone(UTC).isoformat(timespec="microseconds"), event["data"],
    ]  # fmt: skip
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Breach:
    """A row that does not fit."""

    where: str
    problem: str

    def __str__(self) -> str:
        return f"{self.where}：{self.problem}"


def verify(session: Session) -> Iterator[Breach]:
    """Recomputes the chain, then replays every case; yields what does not fit."""
    yield from _verify_chain(session)
    yield from _verify_cases(session)
    yield from _verify_versions(session)


def _verify_versions(session: Session) -> Iterator[Breach]:
    """Each version of the plan's data is as the entry of its coming says; the first came with the database."""
    from workflow.plan.plain import digest

    known = {
        event.data["version"]: event.data["sha256"]
        for event in session.exec(select(Event).where(Event.kind == "plan", Event.trigger == "amend"))
    }
    for version in session.exec(select(PlanVersion).order_by(col(PlanVersion.id)).offset(1)):
        if known.pop(version.id, "") != digest([version.data, version.changes]):
            yield Breach(f"方案版本 {version.id}", "内容与导入时的记录不符，被改动或未经导入")
    for missing in known:
        yield Breach(f"方案版本 {missing}", "已不存在，被删除")


def _verify_chain(session: Session) -> Iterator[Breach]:
    prev, expected = "", 1
    for event in session.exec(select(Event).order_by(col(Event.seq)).execution_options(yield_per=500)):
        if event.seq != expected:
            yield Breach(f"事件 {expected}", f"缺失（下一条是事件 {event.seq}），记录被删除或插入")
        if event.prev_hash != prev:
            yield Breach(f"事件 {event.seq}", "与上一条的哈希不衔接")
        if event_hash(event.prev_hash, event.model_dump()) != event.hash:
            yield Breach(f"事件 {event.seq}", f"内容与哈希不符，记录被改动（案件内部编号 {event.case_id}）")
        prev, expected = event.hash, event.seq + 1
    head = session.get(Chain, 1)
    if head is None or (head.seq, head.hash) != (expected - 1, prev):
        yield Breach(
            "链头", f"记载到事件 {head.seq if head else '（无）'}，实际最后一条是事件 {expected - 1}，末尾记录被截断"
        )


def _verify_cases(session: Session) -> Iterator[Breach]:
    cases = session.exec(select(Case).order_by(col(Case.id))).all()
    for case in cases:
        events = session.exec(select(Event).where(Event.case_id == case.id).order_by(col(Event.case_version))).all()
        yield from _replay(case, list(events))


def _replay(case: Case, events: list[Event]) -> Iterator[Breach]:
    procedure = PROCEDURES.get(case.procedure)
    where = f"案件 {case.number}"
    if procedure is None:
        yield Breach(where, f"程序“{case.procedure}”不存在")
        return
    if not events:
        yield Breach(where, "没有立案记录，未经办理被插入")
        return
    state = procedure.initial
    facts: dict[str, Any] = {}
    trail: list[Event] = []
    for number, event in enumerate(events, start=1):
        here = f"{where} 事件 {event.seq}"
        yield from _in_place(here, event, number, state)
        after = _state_after(procedure, state, event, trail)
        if after is None:
            yield Breach(here, f"程序中没有从“{state}”经“{event.trigger}”的路径，或更正的不是最近一次办理")
            return
        state = after
        if event.to_state != state:
            yield Breach(here, f"到达状态记为 {event.to_state}，按程序应为 {state}")
        facts = event.data.get("facts", facts)
    if state != case.state or len(events) != case.version:
        yield Breach(
            where, f"现状态为“{case.state}”第 {case.version} 次，按记录应为“{state}”第 {len(events)} 次，未经办理被改动"
        )
    elif facts != case.facts:
        changed = sorted(k for k in {*facts, *case.facts} if facts.get(k) != case.facts.get(k))
        yield Breach(where, f"登记内容与记录不符：{'、'.join(changed)}")


def _in_place(here: str, event: Event, number: int, state: str) -> Iterator[Breach]:
    """Whether an entry stands where it says."""
    if event.case_version != number:
        yield Breach(here, f"序号应为第 {number} 次，记为第 {event.case_version} 次")
    if number == 1 and event.kind != "open":
        yield Breach(here, "第一条记录不是立案")
    if number > 1 and event.from_state != state:
        yield Breach(here, f"起始状态记为 {event.from_state}，按前面的记录应为 {state}")


def _state_after(procedure: Procedure, state: str, event: Event, trail: list[Event]) -> str | None:
    """The state after an entry; None where the procedure has no such way. `trail` holds the steps that stand."""
    if event.kind == "step":
        trail.append(event)
        try:
            return procedure.move(state, event.trigger)
        except (KeyError, ValueError):
            return None
    if event.kind == "correct":
        taken_back = trail.pop() if trail else None
        fits = taken_back is not None and taken_back.seq == event.data.get("corrects")
        return taken_back.from_state if taken_back and fits else None
    return VOID if event.kind == "void" else state
