"""督查督办: what is overdue and whose, and the organs' ledgers of duties."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Response

from office.cases.kept_for import KeptFor
from office.desk import supervision as office
from office.desk.duty_ledger import Duty, duties
from states.documents import BY_ID
from states.registry import PROCEDURES
from web.desk import READS, Desk
from workflow.context import Context
from workflow.entries import ACTS, ENTRIES
from workflow.models import Event

router = APIRouter()
_URL = "/supervision"
_UNKNOWN = "责任单位待明确"
#: In the address of a list of what nobody is known to answer for.
_NOBODY = "unknown"
_KINDS = {**ENTRIES, "paper": "文书"}


@router.get(_URL)
def supervision(desk: Annotated[Desk, READS], organ: str = "", page: int = 1) -> Response:
    page = min(max(page, 1), 100_000)
    kept, seen = KeptFor(desk.session, desk.person, desk.today), (desk.session, desk.person, desk.today)
    counted = kept.ask("overdue", lambda: office.overdue_by_organ(*seen))
    wanted = None if not organ else "" if organ == _NOBODY else organ[:80]
    rows = office.overdue(desk.session, desk.person, desk.today, organ_id=wanted, page=page)
    return desk.page(
        "supervision.html.j2", rows=rows, counted=counted, organ=organ[:80], page=page, size=office.PAGE, nobody=_NOBODY,
        total=sum(counted.values()) if wanted is None else counted.get(wanted, 0), name=partial(_name, desk.context),
        duties=_duties(desk), kinds={kind: BY_ID[kind].title for kind in office.PAPERS},
    )  # fmt: skip


@router.get(f"{_URL}/{{organ_id}}")
def organ_page(desk: Annotated[Desk, READS], organ_id: str, page: int = 1) -> Response:
    found, page = office.organ_seen(desk.session, desk.person, organ_id), min(max(page, 1), 100_000)
    rows, total = office.open_of(desk.session, desk.person, found.id, desk.today, page=page)
    entries = office.entries_of(desk.session, desk.person, found.id)
    return desk.page(
        "supervision_organ.html.j2", organ=found, rows=rows, total=total, page=page, size=office.PAGE,
        duty=_duties(desk).get(found.id, Duty()), procedures=PROCEDURES,
        entries=[(event, number, mine, _title(event, procedure)) for event, number, procedure, mine in entries],
    )  # fmt: skip


def _duties(desk: Desk) -> dict[str, Duty]:
    kept = KeptFor(desk.session, desk.person, desk.today)
    return kept.ask("duties", lambda: duties(desk.session, desk.person, desk.today))


def _name(context: Context, organ_id: str) -> str:
    return context.organs.get(organ_id, organ_id) or _UNKNOWN


def _title(event: Event, procedure: str) -> str:
    step = PROCEDURES[procedure].step(event.trigger)
    if event.kind == "step" and step:
        return step.title
    return _KINDS.get(event.kind) or ACTS.get(event.trigger, event.trigger)
