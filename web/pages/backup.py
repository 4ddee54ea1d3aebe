"""备份: the list, one made now, one proved sound, one taken away, and the daily one. Restoring is for the command line."""

from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from office.running.backups import daily_of, folder, listed, make, path_of, possible, prove, set_daily
from web.desk import Desk, allow
from workflow.errors import BadInput

router = APIRouter()
KEEPS_BACKUPS = allow("office", "sysadmin")


@router.get("/backup")
def backup(desk: Annotated[Desk, KEEPS_BACKUPS]) -> Response:
    return _backup(desk)


def _backup(desk: Desk, *, proved: tuple[str, str] | None = None, problem: str = "", status: int = 200) -> Response:
    daily = daily_of(desk.session)
    return desk.page(
        "backup.html.j2", status=status, rows=listed(desk.office), possible=possible(desk.office), daily=daily,
        place=folder(desk.office), home=desk.office.settings.home, proved=proved, problem=problem,
        keep=desk.form.text("keep") or (daily.keep or 14), size=_size, age=lambda kept: (desk.now - kept.at).days,
    )  # fmt: skip


def _size(count: int) -> str:
    return f"{count / 1024 / 1024:.1f} MB" if count >= 1024 * 1024 else f"{max(1, round(count / 1024))} KB"


@router.post("/backup")
def write(desk: Annotated[Desk, KEEPS_BACKUPS]) -> Response:
    try:
        made = make(desk.office, desk.now)
    except BadInput as error:
        return _backup(desk, problem=str(error), status=422)
    return desk.go("/backup", f"已备份到 {made.name}（{_size(made.size)}）。请拷一份到别的电脑或移动硬盘。")


@router.post("/backup/daily")
def set_automatic(desk: Annotated[Desk, KEEPS_BACKUPS]) -> Response:
    try:
        with desk.writing() as session:
            keep = set_daily(session, desk.form.text("keep"))
    except BadInput as error:
        return _backup(desk, problem=str(error), status=422)
    return desk.go(
        "/backup", f"已设定：每个工作日早晨扫描之后自动备份，保留最近 {keep} 份。" if keep else "已设定：不自动备份。"
    )


@router.post("/backup/{name}/verify")
def verify(desk: Annotated[Desk, KEEPS_BACKUPS], name: str) -> Response:
    problem = prove(desk.office, name)
    return _backup(desk, proved=(name, problem), status=422 if problem else 200)


@router.get("/backup/{name}")
def download(desk: Annotated[Desk, KEEPS_BACKUPS], name: str) -> Response:
    return FileResponse(path_of(desk.office, name), media_type="application/zip", filename=name)
