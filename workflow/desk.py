"""Opening a case by hand: what a clerk types becomes a mine (where it is new) and a case."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session

from states.kernel import Procedure
from states.registry import PROCEDURES
from workflow.engine import open_case
from workflow.errors import BadInput, NotFound
from workflow.models import Case, Mine
from workflow.records import organ_named
from workflow.register import MINE_FIELDS, find_mine, refuse_second_route, register_mine
from workflow.views import Actor


def procedure_named(id: str) -> Procedure:
    """Raises NotFound, naming those there are."""
    if id not in PROCEDURES:
        raise NotFound(f"没有代号为“{id[:40]}”的程序（可用：{'、'.join(PROCEDURES)}）。")
    return PROCEDURES[id]


def open_by_hand(
    session: Session, procedure: str, mine: str, typed: Mapping[str, str], *, actor: Actor, on: date, source: str,
    demo: bool = False,
) -> Case:  # fmt: skip
    """Opens a case on a registered mine, or registers the mine first. Does not commit.

    `typed` holds what the procedure asks and what is said of a new mine. Raises NotFound or BadInput.
    """
    definition = procedure_named(procedure)
    asked = {field.name for field in definition.asks}
    about_mine = {name: value for name, value in typed.items() if name in MINE_FIELDS and name not in asked}
    found = _mine(session, definition, mine, about_mine, source=source, demo=demo)
    refuse_second_route(session, found, procedure)
    fields = {name: value for name, value in typed.items() if name not in about_mine}
    subject = ""
    if "subject_id" in fields and "subject_id" in asked:
        fields["subject_id"] = organ_named(session, fields["subject_id"])
        subject = f"organ:{fields['subject_id']}"
    return open_case(
        session, procedure=procedure, mine=found, actor=actor, occurred_on=on, fields=fields, source=source,
        subject=subject,
    )  # fmt: skip


def _mine(
    session: Session, definition: Procedure, mine: str, about_mine: Mapping[str, str], *, source: str, demo: bool
) -> Mine:
    found = find_mine(session, mine)
    if found is None:
        if definition.kind == "track":
            raise NotFound(f"没有编号或名称为“{mine[:40]}”的矿山：并行事项须立在已登记的矿山名下。")
        return register_mine(session, mine, about_mine, block=definition.id == "new_right", source=source, demo=demo)
    if about_mine:
        raise BadInput(
            f"{found.name} 已经登记，{'、'.join(about_mine)} 请在立案后补充登记。", hint="补充登记用 minecase fill。"
        )
    return found
