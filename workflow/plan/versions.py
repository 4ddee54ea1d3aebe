"""Versions of the plan's data (方案版本): the one in force, and the first one of a database that is older than versions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, col, func, select

from workflow import clock
from workflow.context import context_of
from workflow.models import Case, Event, Mine, Organ, OrganAlias, PlanVersion, Setting
from workflow.plan.data import Plan
from workflow.plan.difference import HEAD
from workflow.plan.plain import plain, plan_data, plan_of

#: Facts of a mine that stand in a list; whatever else is known of it, people have found out.
_LISTED = {
    2: ("licence_number", "valid_from", "valid_to", "scale", "registrar_id", "township_source"),
    3: ("area", "predicted_resource", "location"),
}  # fmt: skip
FIRST = "首次载入"
#: Source of organs that people have registered.
BY_HAND = "人工登记"
_NO_DATES = ("county", *HEAD, "fingerprint", "loaded_on")


def in_force(session: Session) -> PlanVersion | None:
    """The newest version; None before the first start with this program."""
    return session.exec(select(PlanVersion).order_by(col(PlanVersion.id).desc()).limit(1)).first()


def count(session: Session) -> int:
    return session.exec(select(func.count()).select_from(PlanVersion)).one()


def amended(session: Session) -> PlanVersion | None:
    """The version in force where it came by an amendment: from then on it counts, and not the folder."""
    newest = session.exec(select(PlanVersion.id).order_by(col(PlanVersion.id).desc()).limit(2)).all()
    return session.get(PlanVersion, newest[0]) if len(newest) > 1 else None


def plan_in_force(session: Session) -> Plan | None:
    """The plan as last amended; None while the folder's own still counts."""
    version = amended(session)
    return plan_of(version.data) if version else None


def plan_on(session: Session, day: date) -> dict[str, Any]:
    """The plan's own values for a paper of a day: a backdated one still cites the version that was issued by then."""
    now = dict(context_of(session).plan)
    if day.isoformat() >= str(now.get("issued_on", "")) or amended(session) is None:
        return now
    versions = session.exec(select(PlanVersion).order_by(col(PlanVersion.id).desc())).all()
    found = next((v for v in versions if v.data["issued_on"] <= day.isoformat()), versions[-1])
    return {**plan_of(found.data).setting(), "loaded_on": found.loaded_at.astimezone(clock.OFFICE).date().isoformat()}


def record_first(session: Session, plan: Plan, ladders: Mapping[str, Any], *, loaded_by: str) -> None:
    """The version that a database begins with, once; while it was never amended its ladders follow the folder's."""
    newest = session.exec(select(PlanVersion).order_by(col(PlanVersion.id)).limit(2)).all()
    if len(newest) == 1 and newest[0].reason == FIRST and newest[0].data["ladders"] != plain(ladders):
        newest[0].data = {**newest[0].data, "ladders": plain(ladders)}
        session.add(newest[0])
    if newest:
        return
    stored = session.get_one(Setting, "plan").value
    same = all(stored.get(key) == value for key, value in plan.setting().items()) and _loaded(session, plan)
    data = plan_data(plan, ladders) if same else _as_stored(session, stored, ladders)
    session.add(
        PlanVersion(number=stored["number"], basis=stored["number"], reason=FIRST, loaded_by=loaded_by,
                    loaded_at=clock.now(), data=data)
    )  # fmt: skip
    session.flush()


def _loaded(session: Session, plan: Plan) -> bool:
    """Whether the database was filled from this folder's lists."""
    known = set(session.exec(select(Mine.code, Mine.source)))
    return all((row.code, plan.source(row)) in known for row in plan.rows)


def _as_stored(session: Session, stored: Mapping[str, Any], ladders: Any) -> dict[str, Any]:
    """What a database still knows of its plan when the folder says something else by now; `unknown` names the rest."""
    aliases: dict[str, list[str]] = {}
    for alias in session.exec(select(OrganAlias).order_by(OrganAlias.alias)):
        aliases.setdefault(alias.organ_id, []).append(alias.alias)
    organs = session.exec(select(Organ).where(Organ.kind != "holder", Organ.source != BY_HAND).order_by(Organ.id))
    opened = (
        select(Mine, Case.procedure, Event).join(Case, col(Case.mine_id) == Mine.id)
        .join(Event, col(Event.case_id) == Case.id)
        .where(Case.number == Mine.code, Event.kind == "open", col(Mine.source).startswith(f"{stored['number']} 附件"))
        .order_by(col(Mine.id))
    )  # fmt: skip
    return {
        **{key: stored[key] for key in HEAD}, "county": stored["county"], "amends": "",
        "dates": {key: {"on": day, "clause": ""} for key, day in stored.items() if key not in _NO_DATES},
        "ladders": plain(ladders), "fingerprints": {}, "thresholds": {}, "questions": [],
        "organs": [
            {"id": o.id, "name": o.name, "kind": o.kind, "source": o.source, "aliases": aliases.get(o.id, []), "desk": True}
            for o in organs
        ],
        "rows": [_row(mine, procedure, event) for mine, procedure, event in session.exec(opened)],
        "unknown": ["fingerprints", "thresholds", "questions"],
    }  # fmt: skip


def _row(mine: Mine, procedure: str, opening: Event) -> dict[str, Any]:
    """The row that a mine came from: what the mine is today, and what its case was opened with."""
    annex, row = (int(part) for part in mine.code.split("-"))
    return {
        "mine": mine.code, "annex": annex, "row": row, "procedure": procedure, "name": mine.name, "mineral": mine.mineral,
        "holder": mine.holder, "township_id": mine.township_id, "village_id": mine.village_id,
        "facts": {name: mine.facts[name] for name in _LISTED[annex] if name in mine.facts},
        "case_facts": opening.data.get("fields", {}), "printed": {},
    }  # fmt: skip
