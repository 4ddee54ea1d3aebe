"""Loads a plan into an empty case file: organs, accounts, mines, permits, open values, and a case for each row.

Nothing that the plan leaves open is filled in: it becomes an open value (待明确事项) with who is asked.
"""

from collections.abc import Mapping
from datetime import date
from typing import Protocol, TypeVar, cast

from sqlmodel import Session, select

from states import parties
from workflow.context import bump_revision
from workflow.models import Mine, OpenValue, Organ, OrganAlias, Permit, Setting, User
from workflow.plan.data import Plan, PlanOrgan, PlanRow
from workflow.plan.files import PlanError

#: Account of the group office beside the desks of the organs.
OFFICE = "office"


ActorT_contra = TypeVar("ActorT_contra", contravariant=True)


class OpenCase(Protocol[ActorT_contra]):
    """The engine's way to open a case; handed in, because the engine need not know of plans."""

    def __call__(
        self, session: Session, *, procedure: str, mine: Mine, number: str, actor: ActorT_contra, occurred_on: date,
        fields: Mapping[str, object], source: str,
    ) -> object: ...  # fmt: skip


def load_plan(
    session: Session, plan: Plan, *, open_case: OpenCase[ActorT_contra], actor: ActorT_contra, today: date
) -> None:
    """Writes organs, accounts, mines, open values and the plan's dates, and opens a case for each row.

    Does not commit. Raises PlanError when the database holds mines already.
    """
    if session.exec(select(Mine.id).limit(1)).first() is not None:
        raise PlanError("数据库里已有矿山，方案不能重复载入；要重新开始，请换一个空的数据目录。")
    for organ in plan.organs:
        add_organ(session, organ)
    session.add(User(id=OFFICE, name="工作组办公室值班账号", organ_id=parties.GROUP_OFFICE.id, role="office"))
    session.add(Setting(name="plan", value={**plan.setting(), "loaded_on": today.isoformat()}))
    holders: dict[str, str] = {}
    mines = [add_mine(session, plan, row, holders) for row in plan.rows]
    bump_revision(session)
    session.flush()
    for row, mine in zip(plan.rows, mines, strict=True):
        open_case(
            session, procedure=row.procedure, mine=mine, number=row.code, actor=actor, occurred_on=plan.issued_on,
            fields=dict(row.case_facts), source=plan.source(row),
        )  # fmt: skip


def add_organ(session: Session, organ: PlanOrgan) -> None:
    """An organ of the plan with its other names and its desk."""
    session.add(Organ(id=organ.id, name=organ.name, kind=organ.kind, source=organ.source))
    session.flush()
    session.add_all(OrganAlias(alias=alias, organ_id=organ.id) for alias in organ.aliases)
    if organ.desk and session.get(User, organ.id) is None:
        role = "township" if organ.kind == "township" else "clerk"
        session.add(User(id=organ.id, name=f"{organ.name}经办岗", organ_id=organ.id, role=role))


def add_mine(session: Session, plan: Plan, row: PlanRow, holders: dict[str, str], code: str = "") -> Mine:
    """The mine of a row, under the row's own code or another; `holders` (name -> organ id) grows with it."""
    source, facts, code = plan.source(row), dict(row.facts), code or row.code
    if row.holder:
        if row.holder not in holders:
            holders[row.holder] = f"holder_{code}"
            session.add(Organ(id=holders[row.holder], name=row.holder, kind="holder", source=source))
        facts["holder_id"] = holders[row.holder]
    mine = Mine(
        code=code, kind="block" if row.procedure == "new_right" else "mine", name=row.name, holder=row.holder,
        facts=facts, mineral=row.mineral, township_id=row.township_id, village_id=row.village_id, source=source,
    )  # fmt: skip
    session.add(mine)
    session.flush()
    mine_id = cast("int", mine.id)  # given by the flush
    if "licence_number" in facts:
        session.add(_permit(mine_id, row, source))
    for question in filter(lambda q: q.concerns(row), plan.questions):
        session.add(
            OpenValue(mine_id=mine_id, name=question.name, label=question.label, asked_of=question.asked_of,
                      clause=question.clause)
        )  # fmt: skip
    session.flush()
    return mine


def _permit(mine_id: int, row: PlanRow, source: str) -> Permit:
    return Permit(
        mine_id=mine_id, kind="mining", number=row.facts["licence_number"], registrar=row.facts["registrar_id"],
        valid_from=date.fromisoformat(row.facts["valid_from"]), valid_to=date.fromisoformat(row.facts["valid_to"]),
        source=source,
    )  # fmt: skip
