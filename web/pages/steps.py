"""The form of a step: drawn from its card, rehearsed before it is taken, and safe when two people are at one case."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Response
from sqlmodel import Session

from office.access.people import seen_case
from office.cases.changes import Changed, changes_since
from office.cases.rehearsal import Outcome, rehearse
from office.cases.step_card import Card, card, ways
from office.papers.papers import draw, form, sayable
from states import parties as p
from states.documents import BY_ID
from states.kernel import Blocker, Step
from states.registry import PROCEDURES
from states.survey_words import drafted
from web import links
from web.desk import HANDLES, Desk
from web.taking import Attempt, read_attempt, rehearsed, step_of, take
from workflow.errors import BadInput, Conflict, StepRefused
from workflow.issuing import find, paper_of
from workflow.ledger import find_case
from workflow.survey_gaps import FINISH, survey_gaps
from workflow.views import CaseView

router = APIRouter()
URL = "/cases/{slug}/steps/{trigger}"


@dataclass(slots=True)
class Said:
    """What is answered to a form that was not taken."""

    status: int = 200
    problem: str = ""
    blockers: tuple[Blocker, ...] = ()
    changes: tuple[Changed, ...] = ()
    conflict: bool = False
    #: Files were chosen that a browser does not keep.
    files_again: bool = False
    outcome: Outcome | None = None
    #: Id of a drafted paper -> labels of what must still be filled in, or why it cannot be written.
    lacking: dict[int, str] | None = None


@router.get(URL)
def step_form(desk: Annotated[Desk, HANDLES], slug: str, trigger: str) -> Response:
    view, step = step_of(desk, desk.session, links.number_of(slug), trigger)
    return _page(desk, desk.session, view, step, fresh_attempt(desk, view, step), Said())


def fresh_attempt(desk: Desk, view: CaseView, step: Step) -> Attempt:
    """An empty form. Where a step says who enforces, that can only be the organ that records it.

    What ends a survey begins with what was surveyed, in sentences; a person goes over them.
    """
    named = {p.ENFORCER.fact: desk.person.organ_id} if step.lead is p.ENFORCER else {}
    named |= drafted(view.mine.facts) if step.trigger == FINISH else {}
    typed = {name: value for name, value in named.items() if any(f.name == name for f in step.fields)}
    return Attempt(desk.today.isoformat(), typed, version=view.version)


@router.post(URL)
def post_step(desk: Annotated[Desk, HANDLES], slug: str, trigger: str) -> Response:
    view, step = step_of(desk, desk.session, links.number_of(slug), trigger)
    attempt = read_attempt(desk, step)
    if kind := desk.form.text("paper"):
        return _paper(desk, view, step, attempt, kind)
    previewing = desk.form.ticked("preview")
    if not previewing:
        attempt.problems |= missing(card(desk.session, view, step, desk.today), attempt)
    said = said_to(desk, view, step, attempt, previewing=previewing)
    if said is None:
        return desk.go(links.case_url(view.number), taken_sentence(desk, view, step))
    with desk.office.reading() as fresh:
        # Read again: what made the attempt fail may be newer than this request's own look.
        return _page(desk, fresh, find_case(fresh, view.number), step, attempt, said)


def said_to(desk: Desk, view: CaseView, step: Step, attempt: Attempt, *, previewing: bool = False) -> Said | None:
    """Takes (or rehearses) an attempt; None when it was taken, else what is to be answered."""
    again = bool(attempt.uploads)
    # Who was slower hears of that first: the rest may look different by now.
    conflict = _conflict(desk, view.number, attempt, again)
    if conflict:
        return conflict
    if attempt.problems:
        return Said(422, f"有 {len(attempt.problems)} 处需要改正，没有保存。", files_again=again)
    said = None
    try:
        if previewing:
            said = _rehearse(desk, view.number, step, attempt, again)
        else:
            take(desk, view.number, step, attempt)
    except StepRefused as refusal:
        said = Said(422, "条件还不具备，没有保存：", refusal.blockers, files_again=again)
    except Conflict as error:
        said = _conflict(desk, view.number, attempt, again) or Said(409, str(error), files_again=again)
    except BadInput as error:
        said = Said(400, str(error), files_again=again)
    return said


def _conflict(desk: Desk, number: str, attempt: Attempt, again: bool) -> Said | None:
    with desk.office.reading() as fresh:
        now = seen_case(fresh, desk.person, number)
        if attempt.version is None or attempt.version == now.version:
            return None
        changes = tuple(changes_since(fresh, number, attempt.version))
        attempt.version = now.version
        return Said(409, changes=changes, conflict=True, files_again=again)


def _rehearse(desk: Desk, number: str, step: Step, attempt: Attempt, again: bool) -> Said:
    lacking: dict[int, str] = {}

    def papers(session: Session, outcome: Outcome) -> None:
        for paper in outcome.drafted:
            if paper.case == number:
                asked = form(desk.office, session, paper.id)
                lacking[paper.id] = "、".join(label for _, label in asked.missing) or asked.problem

    outcome = rehearse(
        desk.office.engine, number, lambda session: rehearsed(desk, session, number, step, attempt), papers
    )
    return Said(outcome=outcome, lacking=lacking, files_again=again)


def _paper(desk: Desk, view: CaseView, step: Step, attempt: Attempt, kind: str) -> Response:
    """The draft that the step would make, as PDF: a look that leaves nothing behind."""
    if attempt.problems:
        raise BadInput("".join(attempt.problems.values()))
    drawn: list[bytes] = []

    def look(session: Session, outcome: Outcome) -> None:
        found = next((p for p in outcome.drafted if p.kind == kind and p.case == view.number), None)
        if found is None:
            raise BadInput(f"“{step.title}”不起草这种文书。")
        try:
            drawn.append(draw(desk.office, session, paper_of(session, find(session, found.id)), ".pdf")[0])
        except Exception as error:
            if not sayable(error):
                raise
            raise BadInput(str(error)) from None

    rehearse(desk.office.engine, view.number, lambda s: rehearsed(desk, s, view.number, step, attempt), look)
    return desk.file(drawn[0], f"{BY_ID[kind].title}（预览）.pdf", "application/pdf", inline=True)


def missing(found: Card, attempt: Attempt) -> dict[str, str]:
    """Evidence that neither comes with the form nor waits on file."""
    return {
        f"e_{wanted.evidence.name}": f"请附上“{wanted.evidence.label}”。"
        for wanted in found.wanted
        if not wanted.held and wanted.evidence.name not in attempt.uploads
    }


def taken_sentence(desk: Desk, view: CaseView, step: Step) -> str:
    """What was done, for the top of the next page."""
    with desk.office.reading() as fresh:
        after = find_case(fresh, view.number)
    label = after.procedure.state(after.state).label
    moved = f"现为“{label}”" if after.state != view.state else f"仍为“{label}”"
    return f"已办理“{step.title}”：{view.mine.name}（{view.number}）{moved}。"


def _page(desk: Desk, session: Session, view: CaseView, step: Step, attempt: Attempt, said: Said) -> Response:
    found = card(session, view, step, desk.today)
    values: dict[str, Any] = {
        "view": view, "card": found, "step": step, "attempt": attempt, "reply": said, "ways": [],
        "state_label": view.procedure.state(view.state).label, "emits": _emits(step), "opens": _opens(step),
        "request_fragment": desk.is_fragment, "gaps": list(survey_gaps(view, step, desk.context).values()),
    }  # fmt: skip
    if desk.is_fragment and desk.form.ticked("preview"):
        return desk.part("step_outcome.html.j2", **values)
    if not found.possible:
        values["ways"] = ways(desk.person, view, desk.context, desk.today)
        said.status = said.status if said.status != 200 else 409
    return desk.page("step.html.j2", said.status, **values)


def _emits(step: Step) -> list[tuple[str, str, bool]]:
    """Papers that the step drafts: title, issuer, and whether only in some cases."""
    return [(BY_ID[emit.kind].title, emit.issuer.name, emit.when is not None) for emit in step.emits]


def _opens(step: Step) -> list[str]:
    each = {
        "permit": "（每个证照一件）",
        "survey_unit": "（16 家单位各一件）",
        "objecting_unit": "（有意见的单位各一件）",
    }
    return [PROCEDURES[opens.procedure].title + each.get(opens.each, "") for opens in step.opens]
