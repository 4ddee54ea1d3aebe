"""Restore with its checks: nothing is replaced before the backup has proved sound, and nothing is sent by it."""

from pathlib import Path

from office.running.installation import Office
from workflow import clock
from workflow.audit import verify
from workflow.backup import restore
from workflow.beat import NAME
from workflow.database import make_engine, reading, require_schema, writing
from workflow.errors import BadInput
from workflow.models import Beat


def restore_backup(office: Office, file: Path) -> str:
    """Restores and holds the scheduler; answers what a person has to do next."""
    home = office.settings.home
    fresh = not home.exists()
    home.mkdir(parents=True, exist_ok=True)
    try:
        restore(office.engine, office.settings.files, file, sound)
    except Exception:
        if fresh:
            home.rmdir()
        raise
    reason = "刚从备份恢复：备份之后发出的通知系统已不知道，须由人核对后再发"
    with writing(office.engine) as session:
        row = session.get(Beat, NAME) or Beat(name=NAME, at=clock.now())
        row.held = reason
        session.add(row)
    return f"发件已暂停（{reason}）。核对无误后执行 minecase sweep --as-of {clock.today()}。"


def sound(database: Path) -> None:
    """Refuses a database that does not fit this program or whose history does not recompute. Raises CaseFileError."""
    engine = make_engine(f"sqlite:///{database}")
    try:
        require_schema(engine)
        with reading(engine) as session:
            breach = next(verify(session), None)
    finally:
        engine.dispose()
    if breach:
        raise BadInput(f"备份中的办理记录不完整（{breach}），没有恢复任何内容：请换一份备份。")
