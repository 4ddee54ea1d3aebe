"""方案版本: a new version tried out, then taken in for good; and what each version has changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from workflow.amendment import Amendment, Progress, amend
from workflow.errors import BadInput, Conflict, NotFound
from workflow.ladders import Ladder
from workflow.models import PlanVersion, User
from workflow.plan import Plan
from workflow.views import Actor

SAME = "新版与现行版本的数据完全相同：没有什么要改，什么都没有写入。"


@dataclass(frozen=True, slots=True)
class Version:
    """One version without its data."""

    id: int
    #: Counted from 1.
    n: int
    number: str
    basis: str
    reason: str
    by: str
    at: datetime
    in_force: bool
    #: Of each group of changes, how many there were; empty for the first version.
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Told:
    """A version and what came of it, in plain values; of the first one nothing did."""

    version: Version
    title: str
    issued_on: str
    rows: int
    changes: Mapping[str, Any]


def take_in(
    session: Session, given: tuple[Plan, Mapping[str, Ladder]], *, basis: str, reason: str, actor: Actor,
    accepted: frozenset[str] = frozenset(), seen: str = "", progress: Progress | None = None,
) -> Amendment:  # fmt: skip
    """Takes a version in; rolled back by the caller, it was a rehearsal. Does not commit.

    `seen` is the fingerprint of the rehearsal that is confirmed. Raises Conflict where something has changed since;
    BadInput as `amend` does, and for identical data that is confirmed all the same.
    """
    plan, ladders = given
    found = amend(session, plan, ladders, basis=basis, reason=reason, actor=actor, accepted=accepted, progress=progress)
    if seen and found.difference.empty:
        raise BadInput(SAME)
    if seen and found.fingerprint != seen:
        raise Conflict("试算之后案件或方案有了变化，这次没有写入：请重新试算，核对后再确认。")
    return found


def versions(session: Session) -> list[Version]:
    """All versions, the newest first."""
    columns = (
        col(PlanVersion.id), col(PlanVersion.number), col(PlanVersion.basis), col(PlanVersion.reason),
        col(PlanVersion.loaded_by), col(PlanVersion.loaded_at), col(PlanVersion.changes),
    )  # fmt: skip
    rows = session.execute(select_columns(*columns).order_by(col(PlanVersion.id))).all()
    people = {user.id: user.name for user in session.exec(select(User))}
    found = [
        Version(key, n, number, basis, reason, people.get(by, by), at, n == len(rows), _counts(changes))
        for n, (key, number, basis, reason, by, at, changes) in enumerate(rows, start=1)
    ]
    return found[::-1]


def _counts(changes: Mapping[str, Any]) -> dict[str, int]:
    return {name: len(found) for name, found in changes.items() if isinstance(found, list)}


def version_of(session: Session, n: int) -> Told:
    """One version with what it changed. Raises NotFound."""
    version = next((one for one in versions(session) if one.n == n), None)
    if version is None:
        raise NotFound(f"没有第 {n} 版方案：请从“方案版本”中选择。")
    row = session.get_one(PlanVersion, version.id)
    return Told(version, row.data["title"], row.data["issued_on"], len(row.data["rows"]), row.changes)
