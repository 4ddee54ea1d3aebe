"""Cases over the interface: a list, one case whole, one step."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, UploadFile
from sqlmodel import col, select

from office.access.people import seen_case, visible
from office.cases.case_files import attach
from web.api.shapes import Advanced, CaseFile, CasePage, CaseRow, DeadlineRow, Filed, NewStep
from web.api.tokens import Caller, Reads, Writes
from web.forms import taken
from web.links import number_of
from workflow.database import writing
from workflow.engine import advance
from workflow.ledger import case_file
from workflow.models import Case, Deadline, Mine
from workflow.storage import views
from workflow.views import CaseView, party_name

router = APIRouter()
#: Rows of one answer.
_PAGE = 100
#: A case's number as it stands in an address: `2-4~restoration-1`.
Slug = Annotated[str, Path(max_length=120, pattern=r"^[0-9A-Za-z_~\-]+$", description="案件编号，其中的 / 写作 ~")]
_WORD = r"^[0-9a-z_]*$"


@router.get("/cases")
def cases(
    caller: Reads,
    procedure: Annotated[str, Query(max_length=60, pattern=_WORD, description="程序的代号，见 /procedures")] = "",
    state: Annotated[str, Query(max_length=60, pattern=_WORD, description="当前状态的代号，见 /procedures")] = "",
    mine: Annotated[str, Query(max_length=60, description="矿山编号")] = "",
    finished: Annotated[bool, Query(description="包括已办结的案件")] = False,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="上一页答复中的 next")] = 0,
) -> CasePage:
    """案件清单，每次最多 100 件。"""
    query = (
        select(Case).join(Mine, col(Case.mine_id) == Mine.id)
        .where(visible(caller.person), col(Case.id) > after).order_by(col(Case.id)).limit(_PAGE + 1)
    )  # fmt: skip
    for column, wanted in ((Case.procedure, procedure), (Case.state, state), (Mine.code, mine)):
        if wanted:
            query = query.where(col(column) == wanted)
    if not finished:
        query = query.where(col(Case.closed_on).is_(None))
    found = caller.session.exec(query).all()
    rows = [_row(view, caller) for view in views(caller.session, found[:_PAGE])]
    return CasePage(cases=rows, next=found[_PAGE - 1].id if len(found) > _PAGE else None)


@router.get("/cases/{slug}")
def one_case(caller: Reads, slug: Slug) -> CaseFile:
    """一个案件的全部记录：现状、可以办理的环节和障碍、期限、历史、文书、材料。"""
    case = seen_case(caller.session, caller.person, number_of(slug))
    return CaseFile(**case_file(caller.session, case.number, caller.today))


@router.post("/cases/{slug}/steps/{trigger}")
def take_step(
    caller: Writes, slug: Slug, trigger: Annotated[str, Path(max_length=60, pattern=r"^[0-9a-z_]+$")], step: NewStep
) -> Advanced:
    """办理一个环节。材料须先存入案件（/files/材料代号）；条件不足、版本不符时拒绝，什么都不改。"""
    case = seen_case(caller.session, caller.person, number_of(slug))
    with writing(caller.office.engine) as session:
        view = advance(
            session, case.number, trigger, actor=caller.person.actor, occurred_on=step.occurred_on,
            fields=_typed(step.fields), expected_version=step.expected_version,
        )  # fmt: skip
    label = view.procedure.state(view.state).label
    return Advanced(case=view.number, state=view.state, state_label=label, version=view.version)


@router.post("/cases/{slug}/files/{evidence}")
def file(
    caller: Writes,
    slug: Slug,
    evidence: Annotated[
        str, Path(max_length=60, pattern=r"^[0-9a-z_]+$", description="材料代号，见环节的 evidence；其他材料用 other")
    ],
    file: UploadFile,
) -> Filed:
    """存入一份材料，等待它的环节；与网页上传相同的种类和大小限制。"""
    case = seen_case(caller.session, caller.person, number_of(slug))
    stored, data = taken(file.filename or "", file.file.read())
    with writing(caller.office.engine) as session:
        (view,) = views(session, [seen_case(session, caller.person, case.number)])
        attach(session, caller.office.store, caller.person, view, evidence, [(stored, data)], context=caller.context,
               on=caller.today)  # fmt: skip
    return Filed(case=case.number, evidence=evidence, filename=stored.filename, sha256=stored.sha256, size=stored.size)


@router.get("/deadlines")
def deadlines(
    caller: Reads,
    until: Annotated[date, Query(description="到期日不晚于")],
    after: Annotated[date | None, Query(description="到期日不早于")] = None,
) -> list[DeadlineRow]:
    """正在计时的期限，先到期的在前，最多 1000 条。"""
    query = (
        select(Deadline, Case, Mine).join(Case, col(Deadline.case_id) == Case.id)
        .join(Mine, col(Case.mine_id) == Mine.id)
        .where(Deadline.status == "open", col(Deadline.due_on) <= until, visible(caller.person))
        .order_by(col(Deadline.due_on), col(Deadline.id)).limit(1000)
    )  # fmt: skip
    if after:
        query = query.where(col(Deadline.due_on) >= after)
    return [_deadline(deadline, case, mine, caller.today) for deadline, case, mine in caller.session.exec(query)]


def _typed(fields: dict[str, Any]) -> dict[str, Any]:
    # A tick comes as true; what is not ticked is not given.
    return {name: "是" if value is True else value for name, value in fields.items() if value is not False}


def _row(view: CaseView, caller: Caller) -> CaseRow:
    state, today = view.procedure.state(view.state), caller.today
    facts = view.judged(caller.context, today)
    due = min((slot.due_on for slot in view.slots if slot.due_on), default=None)
    return CaseRow(
        case=view.number, mine=view.mine.name, holder=view.mine.holder, procedure=view.procedure_id,
        procedure_label=view.procedure.title, state=view.state, state_label=state.label, version=view.version,
        lead=party_name(state.lead, facts, caller.context, view) if state.lead else "", due_on=due,
        days_left=(due - today).days if due else None, suspended_on=view.suspended_on, demo=view.mine.demo,
    )  # fmt: skip


def _deadline(deadline: Deadline, case: Case, mine: Mine, today: date) -> DeadlineRow:
    from states.registry import PROCEDURES

    assert deadline.due_on is not None
    step = PROCEDURES[case.procedure].step(deadline.trigger)
    return DeadlineRow(
        case=case.number, mine=mine.name, trigger=deadline.trigger, step=step.title if step else deadline.trigger,
        due_on=deadline.due_on, days_left=(deadline.due_on - today).days, provisional=deadline.provisional,
    )  # fmt: skip
