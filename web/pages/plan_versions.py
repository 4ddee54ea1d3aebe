"""方案版本: every version of the plan's data and what it changed; a new one is tried out before it counts."""

import re
from typing import Annotated

from fastapi import APIRouter, Response

from office.plan.amending import SAME, take_in, version_of, versions
from office.plan.plan_file import FILES, LIMIT, read_zip
from office.plan.version_words import ChangesTold, told
from web.desk import ANYBODY, OFFICE, Desk
from workflow.amendment import Amendment
from workflow.context import context_of
from workflow.errors import BadInput, CaseFileError, Conflict

router = APIRouter()
#: Deadlines and rows that are listed; the rest is counted.
LISTED = 150


@router.get("/plan")
def plan_versions(desk: Annotated[Desk, ANYBODY]) -> Response:
    return desk.page("plan_versions.html.j2", versions=versions(desk.session))


@router.get("/plan/amend")
def amend_form(desk: Annotated[Desk, OFFICE]) -> Response:
    return _form(desk)


@router.get("/plan/{n:int}")
def plan_version(desk: Annotated[Desk, ANYBODY], n: int) -> Response:
    found = version_of(desk.session, n)
    changes = told(desk.session, desk.person, found.changes, desk.context.organs)
    return desk.page("plan_version.html.j2", found=found, told=changes, listed=LISTED)


@router.post("/plan/amend")
def amend(desk: Annotated[Desk, OFFICE]) -> Response:
    """First what it would change, rolled back; confirmed with the fingerprint of that, the same once more for good."""
    form, seen = desk.form, desk.form.text("seen")
    try:
        sha256, data = _data(desk)
        given = read_zip(data)
        for upload in desk.form.files("file")[:1]:
            desk.office.store.keep(upload.stored, upload.data)
        with desk.writing() as session:
            found = take_in(
                session, given, basis=form.text("basis"), reason=form.text("reason"), actor=desk.person.actor,
                accepted=frozenset(form.all("accept")) if seen else frozenset(), seen=seen,
            )  # fmt: skip
            changes = told(session, desk.person, found.kept(), context_of(session).organs)
            newest = len(versions(session))
            if not seen:
                session.rollback()
    except Conflict as error:
        return _form(desk, str(error), status=409)
    except CaseFileError as error:
        return _form(desk, str(error), status=422)
    if not seen:
        return _form(desk, found=found, changes=changes, sha256=sha256)
    return desk.go(
        f"/plan/{newest}",
        f"新版方案已生效：{len(found.moves)} 项期限变动，立案 {found.new_cases} 件，{len(found.decisions)} 项待人决定。",
    )


def _data(desk: Desk) -> tuple[str, bytes]:
    """The .zip as uploaded, or as kept since the rehearsal. Raises BadInput."""
    if uploads := desk.form.files("file"):
        data = uploads[0].data
        if len(data) > LIMIT:
            raise BadInput(f"压缩包超过 {LIMIT // 1024 // 1024} MB，不像是方案数据：请只放方案数据文件。")
        return uploads[0].stored.sha256, data
    sha256 = desk.form.text("sha256")
    path = desk.office.store.path(sha256) if re.fullmatch(r"[0-9a-f]{64}", sha256) else None
    if path is None or not path.is_file():
        raise BadInput("还没有选择文件：请选择方案数据的压缩包（.zip）。")
    return sha256, path.read_bytes()


def _form(
    desk: Desk, problem: str = "", *, status: int = 200, found: Amendment | None = None,
    changes: ChangesTold | None = None, sha256: str = "",
) -> Response:  # fmt: skip
    typed = {"basis": desk.form.text("basis"), "reason": desk.form.text("reason")}
    same = found is not None and found.difference.empty
    return desk.page(
        "plan_amend.html.j2", status=status, typed=typed, problem=problem, found=None if same else found, told=changes,
        same=SAME if same else "", sha256=sha256, files=FILES, listed=LISTED,
    )  # fmt: skip
