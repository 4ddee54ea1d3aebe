"""Backup and restore: onto an empty machine, and never from a file that is not sound."""

import hashlib
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.cli.test_commands import demand_rectification, put_talks_on_record


@pytest.fixture
def worked(program: Program) -> Program:
    """A machine with some history and a file on record."""
    put_talks_on_record(program)
    return program


@pytest.fixture
def saved(worked: Program, tmp_path: Path) -> Path:
    path = tmp_path / "backup.zip"
    assert "1 份材料" in worked("backup", str(path)).done().out
    return path


@pytest.fixture
def empty(tmp_path: Path) -> Program:
    return Program(tmp_path / "new machine" / "var")


def kept(program: Program) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (program.home / "files").rglob("*") if path.is_file()}


def test_a_backup_comes_back_whole_on_an_empty_machine(worked: Program, saved: Path, empty: Program) -> None:
    said = empty("restore", str(saved), "--yes").done().out
    assert "已恢复" in said
    assert "minecase sweep --as-of 2026-11-23" in said
    assert empty("status", "--json").done().json == worked("status", "--json").done().json
    assert kept(empty) == kept(worked)
    empty("audit", "verify").done()


def test_after_a_restore_nothing_goes_out_until_a_person_has_looked(saved: Path, empty: Program) -> None:
    empty("restore", str(saved), "--yes").done()
    held = empty("run", "--once")
    assert held.code == 7
    assert "暂停发件" in held.out
    assert empty.mails() == []
    empty("deliver").refused(7)
    empty("sweep", "--as-of", "2026-11-23").done()
    empty("deliver").done()
    assert empty.mails()


def test_what_a_restore_replaces_is_kept_beside_it(worked: Program, saved: Path) -> None:
    for reason in ("一", "二"):
        demand_rectification(worked)
        worked("restore", str(saved), "--yes").done()
        assert reason
    aside = sorted(
        path.name for path in worked.home.glob("*before-restore*") if path.suffix not in (".db-wal", ".db-shm")
    )
    assert {"minecase.db.before-restore", "minecase.db.before-restore-1"} <= set(aside)
    with closing(sqlite3.connect(worked.home / "minecase.db.before-restore")) as old:
        assert old.execute("SELECT count(*) FROM proceeding").fetchone() == (14,)


def test_a_restore_asks_first(saved: Path, worked: Program) -> None:
    before = worked.dump()
    said = worked("restore", str(saved), typed="n\n")
    assert said.code == 1
    assert "什么都没有改" in said.err
    assert worked.dump() == before
    assert "已恢复" in worked("restore", str(saved), typed="y\n").done().out


def test_a_backup_never_overwrites(worked: Program, saved: Path, tmp_path: Path) -> None:
    data = saved.read_bytes()
    assert "已经存在" in worked.unharmed("backup", str(saved), code=1)
    assert saved.read_bytes() == data
    assert worked.unharmed("backup", str(tmp_path / "nowhere" / "b.zip"), code=1)
    assert Program(tmp_path / "none")("backup", str(tmp_path / "b.zip")).refused(6)
    assert not (tmp_path / "b.zip").exists()


def rewrite(saved: Path, name: str, data: bytes | None, *, sign: bool = False) -> None:
    """Replaces or drops one member of a backup; `sign` makes the manifest agree with it."""
    with zipfile.ZipFile(saved) as bundle:
        members = {n: bundle.read(n) for n in bundle.namelist()}
    members.pop(name)
    if data is not None:
        members[name] = data
    if sign and data is not None:
        manifest = json.loads(members["manifest.json"])
        members["manifest.json"] = json.dumps({**manifest, "database": hashlib.sha256(data).hexdigest()}).encode()
    with zipfile.ZipFile(saved, "w") as bundle:
        for member, content in members.items():
            bundle.writestr(member, content)


def changed_database(saved: Path, folder: Path, statement: str) -> bytes:
    path = folder / "changed.sqlite"
    with zipfile.ZipFile(saved) as bundle:
        path.write_bytes(bundle.read("database.sqlite"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)
    return path.read_bytes()


def _truncate(saved: Path, _folder: Path) -> None:
    saved.write_bytes(saved.read_bytes()[: saved.stat().st_size // 2])


def _flip_a_byte(saved: Path, _folder: Path) -> None:
    data = bytearray(saved.read_bytes())
    data[len(data) // 3] ^= 0xFF
    saved.write_bytes(data)


def _no_archive(saved: Path, _folder: Path) -> None:
    saved.write_bytes(b"hello")


def _gone(saved: Path, _folder: Path) -> None:
    saved.unlink()


def _a_folder(saved: Path, _folder: Path) -> None:
    saved.unlink()
    saved.mkdir()


def _no_manifest(saved: Path, _folder: Path) -> None:
    rewrite(saved, "manifest.json", None)


def _manifest_of_another_shape(saved: Path, _folder: Path) -> None:
    rewrite(saved, "manifest.json", b"[1, 2]")


def _another_database(saved: Path, folder: Path) -> None:
    rewrite(saved, "database.sqlite", changed_database(saved, folder, "UPDATE event SET actor = 'x'"))


def _a_signed_database_with_a_forged_history(saved: Path, folder: Path) -> None:
    data = changed_database(saved, folder, "UPDATE event SET actor = 'x' WHERE seq = 2")
    rewrite(saved, "database.sqlite", data, sign=True)


def _a_newer_database(saved: Path, folder: Path) -> None:
    data = changed_database(saved, folder, "UPDATE alembic_version SET version_num = '9999'")
    rewrite(saved, "database.sqlite", data, sign=True)


def _no_database(saved: Path, _folder: Path) -> None:
    rewrite(saved, "database.sqlite", b"not a database at all" * 300, sign=True)


def _damaged_file(saved: Path, _folder: Path) -> None:
    with zipfile.ZipFile(saved) as bundle:
        name = next(n for n in bundle.namelist() if n.startswith("files/"))
    rewrite(saved, name, b"other")


def _missing_file(saved: Path, _folder: Path) -> None:
    with zipfile.ZipFile(saved) as bundle:
        name = next(n for n in bundle.namelist() if n.startswith("files/"))
    rewrite(saved, name, None)


@pytest.mark.parametrize("harm", [
    _truncate, _flip_a_byte, _no_archive, _gone, _a_folder, _no_manifest, _manifest_of_another_shape, _another_database,
    _a_signed_database_with_a_forged_history, _a_newer_database, _no_database, _damaged_file, _missing_file,
], ids=lambda harm: harm.__name__.strip("_"))  # fmt: skip
def test_a_backup_that_is_not_sound_changes_nothing(
    worked: Program, saved: Path, empty: Program, tmp_path: Path, harm: object
) -> None:
    assert callable(harm)
    harm(saved, tmp_path)
    worked.unharmed("restore", str(saved), "--yes")
    assert not list(worked.home.glob("*before-restore*"))
    empty("restore", str(saved), "--yes").refused()
    assert not empty.home.exists()


def test_wherever_a_byte_is_wrong_it_is_noticed_or_does_not_matter(
    worked: Program, saved: Path, empty: Program
) -> None:
    good = saved.read_bytes()
    for place in range(0, len(good), len(good) // 12):
        saved.write_bytes(good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1 :])
        said = empty("restore", str(saved), "--yes")
        if said.code == 0:
            empty("audit", "verify").done()
            assert kept(empty) == kept(worked)
        else:
            assert said.err.count("\n") == 1
            assert "备份" in said.err
