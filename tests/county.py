"""The demonstration county, played once for a whole run of the tests and copied to whoever needs it."""

import fcntl
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from office.demo import play
from office.running.installation import Office
from office.running.settings import from_environment
from workflow import clock

_TROUBLES = "troubles.txt"


def _office(home: Path) -> Office:
    return Office(replace(from_environment(), home=home, database_url=f"sqlite:///{home}/minecase.db", smtp_url=""))


def played(factory: pytest.TempPathFactory) -> Path:
    """The folder of the county as of today; whoever comes first plays it, the others wait."""
    # Every worker has a folder of its own under one that they share.
    shared = factory.getbasetemp().parent
    home = shared / "county"
    with (shared / "county.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / _TROUBLES).exists():
            shutil.rmtree(home, ignore_errors=True)
            office = _office(home)
            troubles = play(office, clock.today())
            office.close()
            (home / _TROUBLES).write_text("\n".join(troubles), encoding="utf-8")
    return home


def troubles(home: Path) -> list[str]:
    return (home / _TROUBLES).read_text(encoding="utf-8").splitlines()


def copied(home: Path, target: Path) -> Office:
    """A county of one's own, to change at will."""
    shutil.copytree(home, target, dirs_exist_ok=True)
    return _office(target)
