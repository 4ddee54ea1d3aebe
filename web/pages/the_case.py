"""案件: one case with its next step, its way so far, its records; the files that belong to it."""

import tempfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from office.access.people import seen_case
from office.bundle.bundle import bundle
from office.cases import case_files
from office.cases.case_family import whole_family
from office.cases.case_history import Trail, fact_history, names, trail
from office.cases.case_page import CasePage, case_page
from office.cases.case_words import label_of, value_words
from office.papers.papers import kept, sayable
from office.plan.plan_text_store import clause_text
from states.referral import ANSWERS
from states.registry import PROCEDURES
from web import links
from web.charts.states import Past, diagram, rows
from web.desk import HANDLES, READS, Desk
from workflow.entries import ENTRIES
from workflow.errors import BadInput, NotFound
from workflow.models import Case
from workflow.storage import views

router = APIRouter()


@router.get("/cases/{slug}")
def case(desk: Annotated[Desk, READS], slug: str) -> Response:
    return _shown(desk, _case(desk, slug), every=desk.request.query_params.get("all") == "1")


def _case(desk: Desk, slug: str) -> Case:
    return seen_case(desk.session, desk.person, links.number_of(slug))


def _shown(desk: Desk, found: Case, *, every: bool = False) -> Response:
    page = case_page(desk.session, desk.person, found, desk.context, desk.today, every=every)
    official = clause_text(desk.session, desk.office.store, page.next.step.clause) if page.next else None
    return desk.page(
        "case.html.j2", page=page, url=links.case_url(found.number), slug=links.slug(found.number), official=official,
        **_drawing(page), **_words(desk, page),
    )  # fmt: skip


def _drawing(page: CasePage) -> dict[str, Any]:
    """The diagram with the way of the case; none for a case whose opening was taken back."""
    if not page.procedure.knows(page.view.state):
        return {"drawn": None, "ways": []}
    past = past_of(page.past, page.view.state, page)
    return {"drawn": diagram(page.procedure, past), "ways": rows(page.procedure, past)}


def past_of(trail: Trail, here: str, page: CasePage) -> Past:
    """How far a case has come, as its diagram shows it."""
    visited = {e.to_state: e.on for e in trail.standing if e.from_state != e.to_state}
    taken = frozenset((e.from_state, e.trigger) for e in trail.standing if e.from_state)
    due_on = next((term.due_on for term in page.terms if term.due_on), None)
    return Past(here, visited, taken, due_on, open=page.case.closed_on is None, elsewhere=page.elsewhere)


def _words(desk: Desk, page: CasePage) -> dict[str, Any]:
    steps = page.procedure.steps
    return {
        "answers": ANSWERS, "file_size": case_files.file_size, "step_titles": {step.trigger: step.title for step in steps},
        "evidence_labels": {e.name: e.label for step in steps for e in step.evidence},
        "accept": case_files.ACCEPT, "endings": case_files.ENDINGS, "megabytes": case_files.upload_limit(desk.session),
    }  # fmt: skip


@router.post("/cases/{slug}/files")
def upload(desk: Annotated[Desk, HANDLES], slug: str) -> Response:
    found = _case(desk, slug)
    files = [(upload.stored, upload.data) for upload in desk.form.files("file")]
    with desk.writing() as session:
        (view,) = views(session, [seen_case(session, desk.person, found.number)])
        label = case_files.attach(
            session, desk.office.store, desk.person, view, desk.form.text("evidence"), files, context=desk.context,
            on=desk.today,
        )  # fmt: skip
    said = f"已上传“{label}”{len(files)} 个文件：{'、'.join(stored.filename for stored, _ in files)}。"
    return desk.go(f"{links.case_url(found.number)}#material", said)


@router.post("/cases/{slug}/files/{attachment}/remove")
def remove(desk: Annotated[Desk, HANDLES], slug: str, attachment: str) -> Response:
    found = _case(desk, slug)
    if not (attachment.isascii() and attachment.isdecimal() and len(attachment) < 10):
        raise NotFound("没有这份材料，或者它已经被移除。")
    with desk.writing() as session:
        name = case_files.remove_waiting(session, desk.person, found, int(attachment))
    return desk.go(f"{links.case_url(found.number)}#material", f"已移除“{name}”。")


@router.get("/files/{sha256}")
def file(desk: Annotated[Desk, READS], sha256: str, case: str = "", look: str = "") -> Response:
    found = case_files.file_of(desk.session, _case(desk, case), sha256)
    data = kept(desk.office, found.sha256, found.filename)
    inline = look == "1" and case_files.shown_inline(found.filename)
    return desk.file(data, found.filename, case_files.media_type(found.filename), inline=inline)


@router.get("/cases/{slug}/facts/{name}")
def fact(desk: Annotated[Desk, READS], slug: str, name: str) -> Response:
    found = _case(desk, slug)
    assert found.id is not None
    procedure, organs = PROCEDURES[found.procedure], desk.context.organs
    label = label_of(procedure.id, name)
    if label == name and name not in found.facts:
        raise NotFound(f"没有名为“{name[:40]}”的登记项：请从案件页面的“基本信息”进入。")
    events = fact_history(desk.session, found, name)
    people, past = names(desk.session, [event.actor for event in events]), trail(desk.session, found.id)
    listed = [
        {"at": event.recorded_at, "on": event.occurred_on, "corrected": event.seq in past.corrected,
         "words": value_words(procedure.id, name, event.data["fields"][name], organs),
         "title": step.title if (step := procedure.step(event.trigger)) else ENTRIES[event.kind],
         "organ": organs.get(event.organ_id, "系统"), "person": people.get(event.actor, event.actor),
         "source": event.data.get("source", "")}
        for event in events
    ]  # fmt: skip
    return desk.page(
        "case_fact.html.j2", case=found, url=links.case_url(found.number), label=label, rows=listed,
        now_words=value_words(procedure.id, name, found.facts.get(name), organs),
    )  # fmt: skip


@router.get("/cases/{slug}/bundle.zip")
def volume(desk: Annotated[Desk, READS], slug: str) -> Response:
    """一键成卷: the volume of the mine, for those who may see all of its cases."""
    found = _case(desk, slug)
    if not whole_family(desk.session, desk.person, found):
        raise NotFound("案卷包含同一矿山的全部案件，其中有的不在您的职责范围内：请由工作组办公室成卷。")
    folder = tempfile.TemporaryDirectory(prefix="volume-", dir=desk.office.settings.home)
    target = Path(folder.name) / "volume.zip"
    try:
        made = bundle(desk.office, found.number, target)
    except Exception as error:
        folder.cleanup()
        if sayable(error):
            raise BadInput(str(error)) from None
        raise
    name = f"{made.case} {made.mine} 案卷 {desk.today}.zip"
    return FileResponse(target, media_type="application/zip", filename=name, background=BackgroundTask(folder.cleanup))
