"""The official text of the plan, where the office has loaded it: kept in the store, verified before it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlmodel import Session

from office.plan.citations import cited
from office.running.installation import Office
from states.plan_text import PlanTextError, decode, normalise, parse
from states.plan_verify import Finding, verify
from workflow.amendment import OFFICIAL_TEXT
from workflow.errors import BadInput
from workflow.models import Setting
from workflow.plan import read_plan
from workflow.plan.versions import plan_in_force
from workflow.store import FileStore

SETTING = OFFICIAL_TEXT
#: The plan has some 20 KB of text; whatever is much longer is another file.
LIMIT = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Loaded:
    """The text that is shown, and who brought it."""

    sha256: str
    filename: str
    by: str
    on: str
    clauses: int


def examine(office: Office, data: bytes) -> list[Finding]:
    """Every difference between a file and what the system cites. Raises BadInput for a file that is no such text."""
    if len(data) > LIMIT:
        raise BadInput(f"方案文本超过 {LIMIT // 1024 // 1024} MB，不像是方案正文：请核对文件。")
    with office.reading() as session:
        plan = plan_in_force(session) or read_plan(office.settings.plan)
    try:
        return verify(decode(data), cited(), plan.fingerprints, plan.printed(2), plan.printed(3))
    except PlanTextError as error:
        raise BadInput(str(error)) from None


def keep(office: Office, session: Session, filename: str, data: bytes, *, by: str, on: date) -> list[Finding]:
    """Loads the text where it agrees with the system in every clause; otherwise nothing is kept. Does not commit.

    Answers the differences: an empty list means that it was loaded. Raises BadInput as `examine` does.
    """
    findings = examine(office, data)
    if not findings:
        stored = office.store.take(filename, data)
        row = session.get(Setting, SETTING) or Setting(name=SETTING, value={})
        row.value = {
            "sha256": stored.sha256, "filename": filename, "by": by, "on": on.isoformat(),
            "clauses": len(parse(decode(data)).clauses),
        }  # fmt: skip
        session.add(row)
    return findings


def loaded(session: Session) -> Loaded | None:
    """What is loaded; None as long as nothing is."""
    row = session.get(Setting, SETTING)
    return Loaded(**row.value) if row and row.value else None


def clause_text(session: Session, store: FileStore, clause: str) -> str | None:
    """The official wording of a clause; None where no text is loaded, or the text has no such clause."""
    row: Any = session.get(Setting, SETTING)
    if row is None or not row.value:
        return None
    return _wording(store.path(row.value["sha256"])).get(clause)


@lru_cache(maxsize=4)
def _wording(path: Path) -> Mapping[str, str]:
    """Clause -> its words as printed. A file lies under its own fingerprint, so it never changes."""
    try:
        text = decode(path.read_bytes())
    except (OSError, PlanTextError):
        return {}
    plan = parse(text)
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    return {
        place: _as_printed(text, starts[max(plan.lines[place] - 1, 0)], words) for place, words in plan.clauses.items()
    }


def _as_printed(text: str, start: int, words: str) -> str:
    """The stretch of the text that reads like `words` once white space and forms of characters do not count."""
    wanted, plain, places = len(words) + 200, [], []
    for at in range(start, len(text)):
        for char in normalise(text[at]):
            plain.append(char)
            places.append(at)
        if len(plain) > wanted:
            break
    found = "".join(plain).find(words)
    if found < 0 or not words:
        return words
    printed = text[places[found] : places[found + len(words) - 1] + 1]
    return "".join(printed.replace("*", "").replace("#", "").split())
