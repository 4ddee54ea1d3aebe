"""Organs of a new version of the plan: added, renamed, called by more names. None is ever taken away."""

from collections.abc import Mapping

from sqlmodel import Session, select

from workflow.errors import BadInput
from workflow.models import Organ, OrganAlias, User
from workflow.plan.data import Plan, PlanOrgan
from workflow.plan.difference import Change
from workflow.plan.loading import add_organ

#: An id stands for one body; these are part of cases, and cannot become another sort.
_FIXED_KINDS = ("township", "village", "registrar")


def change_organs(session: Session, changes: tuple[Change, ...], plan: Plan) -> list[str]:
    """Writes what can be written; answers what a person should know. Raises BadInput where names are taken."""
    organs = {organ.id: organ for organ in plan.organs}
    notes = []
    for change in changes:
        key, _, what = change.key.partition(":")
        if key not in organs:
            notes.append(f"机构“{change.old}”新版不再列出：没有停用，仍可办理在办案件。")
        elif not what:
            _add(session, organs[key])
        else:
            notes += _change(session, organs[key], what)
        session.flush()
    return notes


def _add(session: Session, organ: PlanOrgan) -> None:
    there = session.get(Organ, organ.id)
    if there is None:
        _refuse_taken(session, organ)
        aliases = tuple(alias for alias in organ.aliases if session.get(OrganAlias, alias) is None)
        add_organ(session, PlanOrgan(organ.id, organ.name, organ.kind, organ.source, aliases, organ.desk))
    elif there.name != organ.name:
        raise BadInput(
            f"organs.toml 的新机构“{organ.name}”用了已登记机构“{there.name}”的代号 {organ.id}：请另取代号，再重新试算。"
        )


def _refuse_taken(session: Session, organ: PlanOrgan) -> None:
    taken = session.exec(select(Organ).where(Organ.name == organ.name, Organ.id != organ.id)).first()
    if taken:
        raise BadInput(
            f"organs.toml 的机构“{organ.name}”（{organ.id}）已以代号 {taken.id} 登记：请把代号改为 {taken.id}，再重新试算。"
        )


def _change(session: Session, organ: PlanOrgan, what: str) -> list[str]:
    there = session.get(Organ, organ.id)
    if there is None:
        return [f"机构“{organ.name}”（{organ.id}）没有登记，未作改动。"]
    if what == "name":
        _rename(session, there, organ)
    elif what == "aliases":
        return _more_names(session, organ)
    elif what == "kind":
        if {there.kind, organ.kind} & set(_FIXED_KINDS):
            raise BadInput(f"organs.toml 把机构“{organ.name}”（{organ.id}）的类别由 {there.kind} 改为 {organ.kind}："
                           "代号不能改作他用，请另取代号，再重新试算。")  # fmt: skip
        there.kind = organ.kind
    elif what == "source":
        there.source = organ.source
    elif organ.desk and session.get(User, organ.id) is None:
        session.add(User(id=organ.id, name=f"{organ.name}经办岗", organ_id=organ.id, role="clerk"))
    elif not organ.desk:
        return [f"机构“{organ.name}”新版不设经办岗：账号没有停用，请在“人员与权限”中决定。"]
    session.add(there)
    return []


def _rename(session: Session, there: Organ, organ: PlanOrgan) -> None:
    """The old name stays known, for papers call the organ by it."""
    if there.name == organ.name:
        return
    _refuse_taken(session, organ)
    old, there.name = there.name, organ.name
    if session.get(OrganAlias, old) is None:
        session.add(OrganAlias(alias=old, organ_id=there.id))
    desk = session.get(User, there.id)
    if desk and desk.name == f"{old}经办岗":
        desk.name = f"{organ.name}经办岗"
        session.add(desk)


def _more_names(session: Session, organ: PlanOrgan) -> list[str]:
    known: Mapping[str, str] = {alias.alias: alias.organ_id for alias in session.exec(select(OrganAlias))}
    named = {o.name: o.id for o in session.exec(select(Organ))}
    notes = []
    for alias in organ.aliases:
        holder = known.get(alias) or named.get(alias)
        if holder is None:
            session.add(OrganAlias(alias=alias, organ_id=organ.id))
        elif holder != organ.id:
            notes.append(f"别称“{alias}”已指另一机构（{holder}），没有登记为“{organ.name}”的别称。")
    return notes
