"""A plan as plain values: what a version keeps, what versions are compared by, and the plan read back from it."""

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from workflow.audit import canonical
from workflow.plan.data import OpenQuestion, Plan, PlanOrgan, PlanRow

_ROW = ("annex", "row", "procedure", "name", "mineral", "holder", "township_id", "village_id")
_ROW_VALUES = ("facts", "case_facts", "printed")


def plan_data(plan: Plan, ladders: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that the folder says. `mine` of a row is the code of its mine: at first that of the row itself."""
    return {
        "county": plan.county, "number": plan.number, "title": plan.title, "issuer": plan.issuer,
        "issued_on": plan.issued_on.isoformat(), "amends": plan.amends,
        "dates": {name: {"on": day.isoformat(), "clause": plan.date_clauses.get(name, "")}
                  for name, day in plan.dates.items()},
        "ladders": plain(ladders), "fingerprints": dict(plan.fingerprints),
        "organs": [plain(organ) for organ in plan.organs],
        "rows": [row_data(row) for row in plan.rows],
        "questions": [plain(question) for question in plan.questions],
        "thresholds": plain(plan.thresholds),
    }  # fmt: skip


def row_data(row: PlanRow) -> dict[str, Any]:
    values = {name: dict(getattr(row, name)) for name in _ROW_VALUES}
    return {"mine": row.code, **{name: getattr(row, name) for name in _ROW}, **values}


def plan_of(data: Mapping[str, Any]) -> Plan:
    """The plan that a version keeps."""
    return Plan(
        county=data["county"], number=data["number"], title=data["title"], issuer=data["issuer"],
        issued_on=date.fromisoformat(data["issued_on"]), amends=data["amends"],
        dates={name: date.fromisoformat(given["on"]) for name, given in data["dates"].items()},
        date_clauses={name: given["clause"] for name, given in data["dates"].items()},
        organs=tuple(PlanOrgan(**{**organ, "aliases": tuple(organ["aliases"])}) for organ in data["organs"]),
        rows=tuple(row_of(row) for row in data["rows"]),
        questions=tuple(OpenQuestion(**question) for question in data["questions"]),
        fingerprints=data["fingerprints"], thresholds=data["thresholds"],
    )  # fmt: skip


def row_of(data: Mapping[str, Any]) -> PlanRow:
    return PlanRow(**{name: data[name] for name in (*_ROW, *_ROW_VALUES)})


def plain(value: Any) -> Any:
    """The value in JSON's own types, so that what was stored compares with what was read."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value


def digest(value: Any) -> str:
    """SHA-256 (hex) of plain values, however they are ordered."""
    return sha256(canonical(value).encode()).hexdigest()
