"""The rows of the annexes as they were published, and the county against whose data they are checked."""

from datetime import date
from pathlib import Path

from states.list_check import Body
from states.listed import Ground, ListedRow
from workflow.plan import read_plan
from workflow.plan.data import PlanRow
from workflow.registrars import registrars
from workflow.thresholds import yardsticks_of

PLAN = read_plan(Path(__file__).parents[2] / "plans" / "yangcheng")
_NAMES = {organ.id: organ.name for organ in PLAN.organs}
GROUND = Ground(
    yardsticks=yardsticks_of(PLAN.thresholds, PLAN.dates), issued_on=PLAN.issued_on, today=date(2026, 11, 23),
    county=PLAN.county, registrars=registrars(_NAMES),
)  # fmt: skip
BODIES = [Body(organ.id, organ.name, organ.source) for organ in PLAN.organs]


def listed(row: PlanRow) -> ListedRow:
    ways = {"ways": (row.procedure,)} if row.annex == 2 else {}
    facts = {
        **row.facts, **row.case_facts, **ways, "mineral": row.mineral, "holder": row.holder, "name": row.name,
        "township": _NAMES.get(row.township_id, ""),
    }  # fmt: skip
    source = {"township": row.facts["township_source"]} if row.facts.get("township_source") else {}
    return ListedRow(
        annex=row.annex, list=f"附件{row.annex}", row=row.row, name=row.name, facts=facts, origin=PLAN.source(row),
        sources=source, code=row.code,
    )  # fmt: skip


ROWS = [listed(row) for row in PLAN.rows]
