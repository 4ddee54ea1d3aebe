"""How the installation is: what a service manager, a monitor or the page about mail wants to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import func
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from office.running.installation import Office
from workflow import clock
from workflow.beat import NAME
from workflow.context import context_of
from workflow.database import reading, require_schema
from workflow.errors import CaseFileError
from workflow.models import Beat, Case, HookDelivery, Notice, NoticeStatus, Sweep

#: A heartbeat comes every minute, at most every hour by setting; after so long it is missing.
LATE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted for a monitor."""

    notices: Mapping[str, int] = field(default_factory=dict)
    hooks: Mapping[str, int] = field(default_factory=dict)
    #: (procedure, "true" while open) -> cases.
    cases: Mapping[tuple[str, str], int] = field(default_factory=dict)
    beat_age: float | None = None
    last_sweep: float | None = None
    held: str = ""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether work can be done; `reasons` say why not, `warnings` ask a person without stopping anybody."""

    reasons: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def figures(office: Office) -> Figures:
    """Empty figures where the database is away: a monitor sees that by `/readyz`."""
    try:
        with reading(office.engine) as session:
            beat = session.get(Beat, NAME)
            swept = last_sweep(session)
            return Figures(
                notices=notices_by_status(session),
                hooks=_counted(session, col(HookDelivery.status)),
                cases={
                    (procedure, str(is_open).lower()): count
                    for is_open in (True, False)
                    for procedure, count in _by_procedure(session, is_open=is_open).items()
                },
                beat_age=(clock.now() - beat.at).total_seconds() if beat else None,
                last_sweep=datetime.combine(swept, time(), UTC).timestamp() if swept else None,
                held=beat.held if beat else "",
            )
    except SQLAlchemyError:
        return Figures()


def notices_by_status(session: Session) -> dict[str, int]:
    """Every status, also those with none: a figure that is missing looks like one that is broken."""
    return {status.value: 0 for status in NoticeStatus} | _counted(session, col(Notice.status))


def last_sweep(session: Session) -> Any:
    return session.exec(select(func.max(Sweep.as_of))).one()


def _counted(session: Session, column: Any) -> dict[str, int]:
    return {str(key): count for key, count in session.exec(select(column, func.count()).group_by(column))}


def _by_procedure(session: Session, *, is_open: bool) -> dict[str, int]:
    closed = col(Case.closed_on)
    query = select(Case.procedure, func.count()).where(closed.is_(None) if is_open else closed.is_not(None))
    return dict(session.exec(query.group_by(Case.procedure)).all())


def readiness(office: Office) -> Readiness:
    """Never raises."""
    try:
        require_schema(office.engine)
        with reading(office.engine) as session:
            return _judged(session)
    except CaseFileError as unfit:
        return Readiness((str(unfit),))
    except SQLAlchemyError as error:
        return Readiness((f"数据库连接不上（{type(error).__name__}）",))


def _judged(session: Session) -> Readiness:
    now, reasons, warnings = clock.now(), [], []
    beat = session.get(Beat, NAME)
    age = now - beat.at if beat else None
    if age is None:
        reasons.append("还没有过心跳：调度没有启动")
    elif age > LATE and beat and not beat.held:
        reasons.append(f"最近一次心跳是 {int(age.total_seconds() // 60)} 分钟前：调度可能已经停止")
    if beat and beat.held:
        warnings.append(f"发件已暂停：{beat.held}")
    stuck = stuck_notices(session)
    if stuck:
        reasons.append(f"{stuck} 份通知自上一个工作日以前就待发，一次也没有发过")
    statuses = notices_by_status(session)
    waiting = sum(statuses[s] for s in ("planned", "failed", "sending"))
    facts = {
        "heartbeat_age_seconds": round(age.total_seconds()) if age is not None else None, "notices_waiting": waiting,
        "notices_doubtful": statuses["doubtful"], "notices_dead": statuses["dead"],
    }  # fmt: skip
    return Readiness(tuple(reasons), tuple(warnings), facts)


def stuck_notices(session: Session) -> int:
    """Notices that should have been tried a working day ago and never were."""
    calendar = context_of(session).calendar
    before = calendar.previous_working(clock.today() - timedelta(days=1))
    return session.exec(
        select(func.count()).select_from(Notice).where(
            Notice.status == NoticeStatus.PLANNED, col(Notice.attempt) == 0, col(Notice.planned_on) < before
        )
    ).one()  # fmt: skip
