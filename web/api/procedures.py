"""The plan's procedures over the interface, as the cards say them."""

from typing import Annotated

from fastapi import APIRouter, Path

from states.fields import Field
from states.kernel import Procedure, Step
from states.registry import PROCEDURES
from web.api.shapes import ProcedureCard, StepCard
from web.api.tokens import Reads
from workflow.errors import NotFound

router = APIRouter()


@router.get("/procedures")
def procedures(caller: Reads) -> list[ProcedureCard]:  # noqa: ARG001 (asks for a token)
    """全部办理程序。"""
    return [_card(procedure) for procedure in PROCEDURES.values()]


@router.get("/procedures/{id}")
def one_procedure(
    caller: Reads,  # noqa: ARG001
    id: Annotated[str, Path(max_length=60, pattern=r"^[0-9a-z_]+$")],
) -> ProcedureCard:
    """一个办理程序：状态、环节、填写项、材料、文书。"""
    if id not in PROCEDURES:
        raise NotFound(f"没有代号为“{id}”的程序（可用：{'、'.join(PROCEDURES)}）。")
    return _card(PROCEDURES[id])


def _card(procedure: Procedure) -> ProcedureCard:
    return ProcedureCard(
        id=procedure.id, title=procedure.title, kind=procedure.kind, clause=procedure.clause, initial=procedure.initial,
        states=[
            {"id": s.id, "label": s.label, "lead": s.lead.name if s.lead else "", "final": s.final}
            for s in procedure.states
        ],
        steps=[_step(step) for step in procedure.steps if not step.by_clock],
    )  # fmt: skip


def _step(step: Step) -> StepCard:
    return StepCard(
        trigger=step.trigger, title=step.title, sources=list(step.sources), dest=step.dest, lead=step.lead.name,
        clause=step.clause, fields=[_field(field) for field in step.fields],
        evidence=[{"name": e.name, "label": e.label} for e in step.evidence], documents=[e.kind for e in step.emits],
    )  # fmt: skip


def _field(field: Field) -> dict[str, object]:
    return {
        "name": field.name, "label": field.label, "type": field.type, "required": field.required, "unit": field.unit,
        "choices": dict(field.choices or {}),
    }  # fmt: skip
