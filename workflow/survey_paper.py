"""The survey as its report tells it: numbers over all mines, each value counted, and every mine with what is not known."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from states.survey import ITEMS, gaps
from states.survey_words import SANCTIONERS, UNKNOWN, summary, tallies, value_words
from workflow.models import Case, Mine
from workflow.survey_gaps import in_survey

#: Columns of the annex that one value fills.
_SHOWN = ("production_status", "scale", "mechanised", "green_mine", "meets_requirements")


def survey_group(session: Session, as_of: date, cases: Sequence[str], organs: Mapping[str, str]) -> dict[str, Any]:
    """The group `office.survey`: of the mines of some cases, or of all that are surveyed."""
    query = select(Mine).where(Mine.kind == "mine")
    if cases:
        query = query.where(col(Mine.id).in_(select(Case.mine_id).where(col(Case.number).in_(cases))))
    else:
        query = query.where(in_survey())
    return told(session.exec(query.order_by(col(Mine.id))).all(), as_of, organs)


def told(mines: Sequence[Mine], as_of: date, organs: Mapping[str, str]) -> dict[str, Any]:
    values = [mine.facts for mine in mines]
    open_ = [gaps(facts) for facts in values]
    return {
        "total": len(mines), "complete": sum(not missing for missing in open_), "missing": sum(map(len, open_)),
        "summary": summary(values, as_of),
        "tallies": [
            {"block": tally.block, "label": tally.label, "words": tally.words, "unknown": str(tally.unknown or "")}
            for tally in tallies(values, as_of)
        ],
        "rows": [_row(mine, len(missing), organs) for mine, missing in zip(mines, open_, strict=True)],
    }  # fmt: skip


def _row(mine: Mine, missing: int, organs: Mapping[str, str]) -> dict[str, Any]:
    facts = mine.facts
    words = {name: value_words(ITEMS[name], facts.get(name)) or UNKNOWN for name in _SHOWN}
    return {
        **words, "scale": str(facts.get("scale") or UNKNOWN), "mine": mine.name, "holder": mine.holder, "mineral": mine.mineral,
        "township": organs.get(mine.township_id, ""), "licence_number": facts.get("licence_number") or "",
        "valid_to": facts.get("valid_to") or "", "safety_valid_to": facts.get("safety_permit_valid_to") or "",
        "penalties": _penalties(facts), "missing": f"{missing}项" if missing else "",
    }  # fmt: skip


def _penalties(facts: Mapping[str, Any]) -> str:
    """What the three departments have told, each in its own words."""
    words = {f"penalty_{name}": word for name, word in SANCTIONERS.items()}
    known = [f"{word}：{str(facts[name]).strip('。；')}" for name, word in words.items() if facts.get(name)]
    open_ = [word for name, word in words.items() if not facts.get(name)]
    said = [*known, *([f"{'、'.join(open_)}{UNKNOWN}"] if open_ and known else [])]
    return "；".join(said) or UNKNOWN
