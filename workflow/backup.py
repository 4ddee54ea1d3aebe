"""One file with everything: database and files on record, checked when written and before it replaces anything."""

import hashlib
import json
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

from sqlalchemy import Engine

from workflow.errors import BadInput

_DATABASE = "database.sqlite"
_MANIFEST = "manifest.json"


def _sqlite_path(engine: Engine) -> Path:
    if engine.dialect.name != "sqlite" or not engine.url.database:
        raise BadInput("备份命令用于内置数据库；PostgreSQL 请用 pg_dump 备份数据库，并另存 files 目录。")
    return Path(engine.url.database)


def backup(engine: Engine, files: Path, target: Path, progress: Callable[[int, int], None] | None = None) -> int:
    """Writes a consistent copy, also while others work; answers the number of files on record. Never overwrites."""
    source = _sqlite_path(engine)
    if target.exists():
        raise BadInput(f"{target.name} 已经存在：请换一个文件名，旧备份不会被覆盖。")
    if not target.parent.is_dir():
        raise BadInput(f"目录“{target.parent}”不存在：请先建立，或换一个位置。")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        copy, draft = Path(folder) / _DATABASE, Path(folder) / "draft.zip"
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(copy)) as snapshot:
            live.backup(
                snapshot, pages=2000, progress=lambda _, left, total: progress and progress(total - left, total)
            )
        kept = sorted(path for path in files.glob("??/*") if path.is_file()) if files.exists() else []
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as bundle:
            bundle.write(copy, _DATABASE)
            for path in kept:
                bundle.write(path, f"files/{path.parent.name}/{path.name}")
            bundle.writestr(_MANIFEST, json.dumps({"database": _sha256(copy), "files": len(kept)}))
        draft.replace(target)
    return len(kept)


def restore(engine: Engine, files: Path, source: Path, check: Callable[[Path], None]) -> None:
    """Puts a backup back; what was there is kept beside it. Raises BadInput, and then nothing was touched.

    `check` sees the unpacked database before it replaces anything, and raises to refuse it.
    """
    target = _sqlite_path(engine)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        fresh = Path(folder)
        _unpack(source, fresh)
        check(fresh / _DATABASE)
        engine.dispose()
        aside = _free(target)
        for suffix in ("", "-wal", "-shm"):
            old = target.with_name(target.name + suffix)
            if old.exists():
                shutil.move(old, aside.with_name(aside.name + suffix))
        shutil.move(fresh / _DATABASE, target)
        for path in (fresh / "files").glob("??/*"):
            place = files / path.parent.name / path.name
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(path, place)


def unpack_sound(source: Path, folder: Path) -> Path:
    """Unpacks a backup into an empty folder, every hash compared; answers the database. Raises BadInput."""
    _unpack(source, folder)
    return folder / _DATABASE


def _free(target: Path) -> Path:
    """A name beside the database that no earlier restore has taken."""
    names = (target.with_name(f"{target.name}.before-restore{f'-{n}' if n else ''}") for n in count())
    return next(name for name in names if not name.exists())


def _unpack(source: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(source) as bundle:
            manifest = json.loads(bundle.read(_MANIFEST))
            names = [n for n in bundle.namelist() if n == _DATABASE or _is_kept(n)]
            for name in names:
                bundle.extract(name, folder)
        if manifest["database"] != _sha256(folder / _DATABASE) or manifest["files"] != len(names) - 1:
            raise BadInput(f"备份“{source.name}”不完整或被改动，没有恢复任何内容：请换一份备份。")
        for path in (folder / "files").glob("??/*"):
            if _sha256(path) != path.name:
                raise BadInput(f"备份“{source.name}”中的附件 {path.name[:12]} 已损坏，没有恢复任何内容：请换一份备份。")
    except FileNotFoundError:
        raise BadInput(f"没有找到备份文件“{source.name}”：请核对路径。") from None
    # What a broken archive can raise, from its directory down to its packed bytes.
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        LookupError,
        TypeError,
        ValueError,
        RuntimeError,
        OSError,
    ) as error:
        raise BadInput(f"“{source.name}”不是本系统的备份文件（{type(error).__name__}），没有恢复任何内容。") from None


def _is_kept(name: str) -> bool:
    parts = name.split("/")
    return len(parts) == 3 and parts[0] == "files" and len(parts[1]) == 2 and parts[2].isalnum() and len(parts[2]) == 64


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
