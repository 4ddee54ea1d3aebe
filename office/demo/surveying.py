"""What the demonstration county's organs have told the survey: some mines wholly, some in part, some not at all."""

import tomllib
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlmodel import Session

from office.demo.lines import FOLDER, DemoMine, Line
from office.survey.recording import read
from states.survey import ITEMS
from workflow.ledger import find_case
from workflow.records import PERMITS, record_values
from workflow.register import actor_named

#: A day of a mine's script on which organs tell what they know; it is no step of a procedure.
SURVEY = Line(6, "survey")


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "survey.toml").read_text(encoding="utf-8"))


def tell(session: Session, mine: DemoMine, case: str, on: date) -> None:
    """One entry for each organ that has told something about the mine. Does not commit."""
    given = _told()
    for organ in given["told"].get(_share(mine), ()):
        facts = find_case(session, case).mine.facts
        typed = {name: _value(mine, texts, on) for name, texts in given[organ].items() if not _spared(mine, name)}
        # What does not concern the mine nobody would have told.
        after = {**facts, **read(typed, facts)}
        values = {name: value for name, value in read(typed, facts).items() if ITEMS[name].concerns(after)}
        record_values(
            session,
            case,
            values,
            actor=actor_named(session, organ),
            on=on,
            source=f"演示县{on.year}年摸底核查记录（演示）",
        )


def _share(mine: DemoMine) -> str:
    """How much is told of a mine; of every fifth nobody has said anything (its 待明确事项 wait)."""
    return str((mine.serial // 5 + mine.serial) % 5 if mine.serial % 5 else 0)


def _spared(mine: DemoMine, name: str) -> bool:
    """A number is a permit of its own: a mine whose script ends its permits has those that it was registered with."""
    return name in PERMITS and any(line.track == "permit" for line in mine.main.lines)


def _value(mine: DemoMine, texts: list[str], on: date) -> str:
    use = _told()["uses"].get(mine.mineral, "建筑用")
    text = texts[mine.serial % len(texts)].format(year=on.year - 1, serial=f"{mine.serial:07}", use=use)
    return (on + timedelta(days=int(text))).isoformat() if text[0] in "+-" else text
