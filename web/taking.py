"""A step as it was posted: read with every wrong field named at once, then taken or rehearsed."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session

from office.access.people import may_take, seen_case
from office.cases.case_files import check_file, upload_limit
from states.fields import Field, FieldError
from states.kernel import Step
from web.desk import Desk, Forbidden
from web.forms import Upload
from workflow.decide import examine_fields
from workflow.engine import advance
from workflow.errors import BadInput, NotFound
from workflow.ledger import find_case
from workflow.views import CaseView, StoredFile, party_name

DAY = Field("occurred_on", "办理日期", "date")
#: Stands for a file that is still to come while a step is rehearsed.
_TO_COME = StoredFile("0" * 64, "待附", 1)


@dataclass(slots=True)
class Attempt:
    """What somebody has filled in for a step; empty on a fresh form."""

    on: str
    typed: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, list[Upload]] = field(default_factory=dict)
    #: Version of the case that the person has seen.
    version: int | None = None
    day: date = date.min
    #: Name of a field -> what is wrong with it.
    problems: dict[str, str] = field(default_factory=dict)


def step_of(desk: Desk, session: Session, number: str, trigger: str) -> tuple[CaseView, Step]:
    """A case that the person may see and a step that they may take. Raises NotFound, Forbidden, BadInput."""
    seen_case(session, desk.person, number)
    view = find_case(session, number)
    step = view.procedure.step(trigger)
    if step is None or step.by_clock:
        raise NotFound(f"{view.number} 没有这个环节：请从案件页面的按钮进入。")
    if not view.procedure.knows(view.state):
        raise BadInput(f"案件 {view.number} 已随上级案件的更正撤销，不能再办理。")
    context = desk.context
    if not may_take(desk.person, view, step, context, desk.today):
        lead = party_name(step.lead, view.judged(context, desk.today), context, view)
        raise Forbidden(f"“{step.title}”由{lead}办理，{desk.person.organ}不是牵头或配合单位，不能登记。")
    return view, step


def read_attempt(desk: Desk, step: Step) -> Attempt:
    """The posted form. Nothing is raised: what is wrong stands in `problems`."""
    form = desk.form
    found = Attempt(form.text("occurred_on"), form.group("v_"), version=version_of(form.text("version")))
    found.uploads = {e.name: files for e in step.evidence if (files := form.files(f"e_{e.name}"))}
    if others := form.files("e_other"):
        found.uploads["other"] = others
    found.problems |= _wrong_files(desk, found)
    try:
        found.day = date.fromisoformat(str(DAY.read(found.on)))
        if found.day > desk.today:
            found.problems["occurred_on"] = (
                f"“办理日期”{found.day} 在今天（{desk.today}）之后，还没有办的事不能登记：请改为实际办理的日期。"
            )
    except FieldError as error:
        found.problems["occurred_on"] = str(error)
        found.day = desk.today
    found.problems |= examine_fields(step.fields, found.typed, found.day)[1]
    return found


def _wrong_files(desk: Desk, attempt: Attempt) -> dict[str, str]:
    """Files that cannot be taken, by the name of their place on the form."""
    wrong: dict[str, str] = {}
    limit = upload_limit(desk.session)
    for name, uploads in attempt.uploads.items():
        try:
            for upload in uploads:
                check_file(upload.stored.filename, upload.data, limit)
        except BadInput as problem:
            wrong[f"e_{name}"] = str(problem)
    return wrong


def version_of(text: str) -> int | None:
    """A whole number as an address or a hidden field holds it; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def take(desk: Desk, number: str, step: Step, attempt: Attempt) -> CaseView:
    """Takes the step. Raises CaseFileError; then nothing is kept, no file either."""
    with desk.writing() as session:
        after = advance(session, number, step.trigger, **_given(desk, attempt))
        # Kept before the commit and after the judgement: a refused step leaves nothing behind.
        for files in attempt.uploads.values():
            for upload in files:
                desk.office.store.keep(upload.stored, upload.data)
    return after


def rehearsed(desk: Desk, session: Session, number: str, step: Step, attempt: Attempt) -> CaseView:
    """Takes the step in a session that will be rolled back; files that are still to come do not stand in its way."""
    given = _given(desk, attempt)
    given["evidence"] = {e.name: (_TO_COME,) for e in step.evidence} | given["evidence"]
    return advance(session, number, step.trigger, **given)


def _given(desk: Desk, attempt: Attempt) -> dict[str, Any]:
    return {
        "actor": desk.person.actor, "occurred_on": attempt.day, "fields": attempt.typed, "expected_version": attempt.version,
        "evidence": {name: tuple(u.stored for u in files) for name, files in attempt.uploads.items()},
    }  # fmt: skip
