"""The backups in the home's own folder: listed, proved sound, written by hand or after the morning's sweep."""

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, select

from office.running.installation import Office
from office.running.logs import BEATS, say
from office.running.restoring import sound
from workflow.backup import backup, unpack_sound
from workflow.clock import OFFICE
from workflow.database import writing
from workflow.errors import BadInput, CaseFileError, NotFound, os_reason
from workflow.models import Setting, Sweep

#: Settings: what the office wants, and what became of the last automatic backup.
DAILY, LAST = "backup_daily", "backup_last"
_AUTOMATIC = re.compile(r"auto-\d{8}-\d{6}\.zip")
_MOST_KEPT = 365


@dataclass(frozen=True, slots=True)
class Kept:
    """One backup file."""

    name: str
    size: int
    at: datetime
    automatic: bool


@dataclass(frozen=True, slots=True)
class Daily:
    """The automatic backup as it is set: how many are kept; 0 means none is made."""

    keep: int = 0
    day: str = ""
    file: str = ""
    problem: str = ""


def folder(office: Office) -> Path:
    return office.settings.home / "backups"


def possible(office: Office) -> bool:
    """Whether the program itself can back up this database."""
    return office.engine.dialect.name == "sqlite"


def listed(office: Office) -> list[Kept]:
    """The newest first."""
    found = []
    for path in folder(office).glob("*.zip"):
        if path.is_file():
            stat = path.stat()
            at = datetime.fromtimestamp(stat.st_mtime, OFFICE)
            found.append(Kept(path.name, stat.st_size, at, bool(_AUTOMATIC.fullmatch(path.name))))
    return sorted(found, key=lambda kept: (kept.at, kept.name), reverse=True)


def path_of(office: Office, name: str) -> Path:
    """A backup by its name: only one that is listed, whatever the name looks like. Raises NotFound."""
    if name not in {kept.name for kept in listed(office)}:
        raise NotFound(f"没有名为“{name[:80]}”的备份：可能已经删除，请刷新备份列表。")
    return folder(office) / name


def make(office: Office, now: datetime, *, automatic: bool = False) -> Kept:
    """Writes one. Raises BadInput where it cannot be written."""
    name = f"{'auto' if automatic else 'manual'}-{now.astimezone(OFFICE):%Y%m%d-%H%M%S}.zip"
    place = folder(office)
    try:
        place.mkdir(parents=True, exist_ok=True)
        backup(office.engine, office.settings.files, place / name)
    except OSError as error:
        raise BadInput(f"备份写不进 {place}（{os_reason(error)}）：请检查磁盘空间和目录权限。") from None
    return next(kept for kept in listed(office) if kept.name == name)


def prove(office: Office, name: str) -> str:
    """What is wrong with a backup, or empty: unpacked aside, every hash compared, its history recomputed."""
    path = path_of(office, name)
    with tempfile.TemporaryDirectory(dir=folder(office)) as aside:
        try:
            sound(unpack_sound(path, Path(aside)))
        except CaseFileError as problem:
            return str(problem)
    return ""


def daily_of(session: Session) -> Daily:
    wanted, last = session.get(Setting, DAILY), session.get(Setting, LAST)
    keep = int(wanted.value["keep"]) if wanted else 0
    return Daily(keep, **(last.value if last else {}))


def set_daily(session: Session, keep: str) -> int:
    """Stores how many are kept. Does not commit. Raises BadInput."""
    if not keep.isascii() or not keep.isdigit() or len(keep) > 4 or int(keep) > _MOST_KEPT:
        raise BadInput(f"保留份数应为 0 到 {_MOST_KEPT} 的整数（0 表示不自动备份），现在填的是“{keep[:20]}”。")
    row = session.get(Setting, DAILY) or Setting(name=DAILY, value={})
    row.value = {"keep": int(keep)}
    session.add(row)
    return int(keep)


def daily(office: Office, now: datetime) -> None:
    """The day's automatic backup, once, after the morning's sweep; one that fails is noted and not tried all day."""
    today = now.astimezone(OFFICE).date()
    with office.reading() as session:
        wanted = daily_of(session)
        swept = session.exec(select(func.max(Sweep.as_of))).one()
    if not wanted.keep or wanted.day == today.isoformat() or swept != today or not possible(office):
        return
    try:
        made, problem = make(office, now, automatic=True).name, ""
        _forget(office, wanted.keep)
    except CaseFileError as error:
        made, problem = "", str(error)
    _note(office, today, {"file": made, "problem": problem})
    say(BEATS, "backup", file=made, problem=problem)


def _note(office: Office, today: date, what: Mapping[str, Any]) -> None:
    with writing(office.engine) as session:
        row = session.get(Setting, LAST) or Setting(name=LAST, value={})
        row.value = {"day": today.isoformat(), **what}
        session.add(row)


def _forget(office: Office, keep: int) -> None:
    """Only automatic ones are ever removed, and only after a newer one is there."""
    for old in [kept for kept in listed(office) if kept.automatic][keep:]:
        (folder(office) / old.name).unlink(missing_ok=True)
