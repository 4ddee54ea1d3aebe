"""会签: what an organ is asked, one page to give its opinion, and the summary that names who is silent."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from sqlmodel import Session, col, select

from office.access.people import may_take, seen_case
from office.cases.handing import may_urge
from office.cases.opinions import (
    ANSWERED,
    SIZE,
    WAITING,
    Asked,
    answers_about,
    asked_of,
    every_answer,
    rounds,
    summaries,
)
from office.cases.step_card import card
from office.sheets.exports import opinions_sheet
from states import parties as p
from states.kernel import Step
from states.referral import ANSWERS
from states.registry import PROCEDURES
from web import links
from web.desk import HANDLES, READS, XLSX, Desk, Forbidden
from web.pages.steps import Said, missing, said_to
from web.taking import Attempt, read_attempt, version_of
from workflow.engine import advance
from workflow.errors import NotFound
from workflow.ledger import find_case
from workflow.models import Case, Mine
from workflow.storage import views
from workflow.views import CaseView

router = APIRouter()
_REPLY = PROCEDURES["referral"].step("reply")
_ACKNOWLEDGE = PROCEDURES["referral"].step("acknowledge")
#: What each answer means, beside its name.
MEANINGS = {
    "no_objection": "对拟设范围没有不同意见", "restriction": "范围内有本单位管理的限制性因素，写明是什么、在哪里",
    "objection": "有不同意见，写明理由和要求",
}  # fmt: skip


@router.get("/opinions")
def opinions(desk: Annotated[Desk, READS], about: str = "", tab: str = "", page: str = "") -> Response:
    if about:
        return _summary(desk, links.number_of(about))
    # Who asks sees how far the answers have come; who is asked sees what is owed.
    asks = desk.person.reads_all or desk.person.organ_id == p.NATURAL_RESOURCES.id
    tab = tab if tab in ("waiting", "answered", "rounds") else "rounds" if desk.person.reads_all else "waiting"
    number = max(version_of(page) or 1, 1)
    rows: list[Asked] = []
    total = 0
    if tab != "rounds":
        rows, total = asked_of(desk.session, desk.person, desk.today, number, waiting=tab == "waiting")
    return desk.page(
        "opinions.html.j2", tab=tab, asks=asks, rows=rows, total=total, page=number, size=SIZE,
        rounds=rounds(desk.session, desk.person, desk.today) if tab == "rounds" else [],
    )  # fmt: skip


def _summary(desk: Desk, number: str) -> Response:
    case = seen_case(desk.session, desk.person, number)
    found = answers_about(desk.session, case, desk.today)
    if not found:
        raise NotFound(f"{number} 没有征求过意见：发起联合踏勘后，这里汇总各单位的反馈。")
    silent = [row for row in found if not row.answered]
    cases = {view.number: view for view in _silent_views(desk.session, [row.number for row in silent])}
    context, today = desk.context, desk.today
    urgeable = {row.number for row in silent if may_urge(desk.person, cases[row.number], context, today)}
    view = find_case(desk.session, number)
    return desk.page(
        "opinion_summary.html.j2", view=view, rows=found, silent=silent, urgeable=urgeable,
        by_answer={label: sum(row.answer == key for row in found) for key, label in ANSWERS.items()},
        papers=summaries(desk.session, case), state_label=view.procedure.state(view.state).label,
    )  # fmt: skip


def _silent_views(session: Session, numbers: list[str]) -> list[CaseView]:
    return views(session, session.exec(select(Case).where(col(Case.number).in_(numbers))).all())


@router.get("/opinions/export.xlsx")
def export(desk: Annotated[Desk, READS], about: str = "") -> Response:
    """What was asked about one case, or about every case that the person may see."""
    if about:
        case = seen_case(desk.session, desk.person, links.number_of(about))
        rows = [(case.number, row) for row in answers_about(desk.session, case, desk.today)]
    else:
        rows = every_answer(desk.session, desk.person, desk.today)
    silent = sum(not row.answered for _, row in rows)
    line = (
        f"导出时间：{desk.today}　导出人：{desk.person.organ} {desk.person.name}　未反馈 {silent} 家，未反馈不视为同意"
    )
    title = f"{desk.context.plan.get('county', '')}非煤矿山会签意见汇总"
    return desk.file(opinions_sheet(rows, title, line), f"会签意见-{desk.today}.xlsx", XLSX)


@router.get("/opinions/{slug}")
def opinion_form(desk: Annotated[Desk, READS], slug: str) -> Response:
    view = _referral(desk, desk.session, slug)
    attempt = Attempt(desk.today.isoformat(), {"answered_on": desk.today.isoformat()}, version=view.version)
    return _page(desk, desk.session, view, attempt, Said())


@router.post("/opinions/{slug}")
def give_opinion(desk: Annotated[Desk, HANDLES], slug: str) -> Response:
    view, step = _answering(desk, slug, _REPLY)
    attempt = read_attempt(desk, step)
    # The day of the answer is the day of the entry, unless it was given on paper before.
    attempt.problems |= missing(card(desk.session, view, step, desk.today), attempt)
    said = said_to(desk, view, step, attempt)
    if said is None:
        return desk.go("/opinions?tab=answered", f"已反馈意见：{view.mine.name}（{view.number}）。")
    with desk.office.reading() as fresh:
        return _page(desk, fresh, find_case(fresh, view.number), attempt, said)


@router.post("/opinions/{slug}/acknowledge")
def acknowledge(desk: Annotated[Desk, HANDLES], slug: str) -> Response:
    view, step = _answering(desk, slug, _ACKNOWLEDGE)
    with desk.writing() as session:
        advance(
            session, view.number, step.trigger, actor=desk.person.actor, occurred_on=desk.today,
            expected_version=version_of(desk.form.text("version")),
        )  # fmt: skip
    return desk.go(f"/opinions/{links.slug(view.number)}", "已签收，请在期限内反馈意见。")


def _referral(desk: Desk, session: Session, slug: str) -> CaseView:
    number = links.number_of(slug)
    case = seen_case(session, desk.person, number)
    view = find_case(session, number)
    if case.procedure != "referral" or not view.procedure.knows(view.state):
        raise NotFound(f"{number} 不是征求意见的事项，或者已经撤销：请从“会签征求意见”进入。")
    return view


def _answering(desk: Desk, slug: str, step: Step | None) -> tuple[CaseView, Step]:
    view = _referral(desk, desk.session, slug)
    assert step is not None
    if not may_take(desk.person, view, step, desk.context, desk.today):
        raise Forbidden(f"{view.number} 征求的不是{desk.person.organ}的意见，不能代为反馈。")
    return view, step


def _page(desk: Desk, session: Session, view: CaseView, attempt: Attempt, said: Said) -> Response:
    assert _REPLY is not None
    found = card(session, view, _REPLY, desk.today)
    facts = view.facts
    slot = next((s for s in view.slots if s.trigger == "reply"), None)
    about = session.get(Case, view.parent_id) if view.parent_id else None
    values: dict[str, Any] = {
        "view": view, "card": found, "attempt": attempt, "reply": said, "answers": ANSWERS, "meanings": MEANINGS,
        "organ": desk.context.organs.get(str(facts.get("subject_id", "")), ""),
        "may": may_take(desk.person, view, _REPLY, desk.context, desk.today), "waiting": view.state in WAITING,
        "answered": view.state in ANSWERED, "slot": slot, "about": about, "mine": session.get_one(Mine, view.mine.id),
        "days_left": (slot.due_on - desk.today).days if slot and slot.due_on else None,
        "state_label": view.procedure.state(view.state).label, "is_survey": facts.get("purpose") == "survey",
        "township": desk.context.organs.get(view.mine.township_id, ""),
    }  # fmt: skip
    return desk.page("opinion.html.j2", said.status, **values)
