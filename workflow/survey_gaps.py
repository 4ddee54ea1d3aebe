"""What the survey of a case's mine still lacks, and which organ knows it: the same words in mails and on screens."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_
from sqlalchemy import select as choose
from sqlmodel import col

from states import parties as p
from states.kernel import Step
from states.survey import Item, labels, owed
from workflow.context import Context
from workflow.models import Case, Mine
from workflow.views import VOID, CaseView

#: The step that ends the survey (四(一)), and the state in which organs have been asked.
FINISH, ASKED_IN = "finish_survey", "surveying"
HOW = "请在系统“调查摸底”中登记本单位的缺项并注明来源，或将书面材料送工作组办公室代录。"


def survey_gaps(case: CaseView, step: Step, context: Context) -> dict[str, str]:
    """Organ -> what it has not told yet, in words; nothing for any other step than the end of the survey."""
    if step.trigger != FINISH:
        return {}
    return {party.id: gap_words(party, items, context.organs) for party, items in owed(case.mine.facts).items()}


def gap_words(party: p.Party, items: tuple[Item, ...], organs: Mapping[str, str]) -> str:
    return f"摸底缺项（{organs.get(party.id, party.name)}，{len(items)}项）：{labels(items)}"


def told_too(case: CaseView, gaps: Mapping[str, str], lead: str) -> dict[str, str]:
    """The organs beside the lead that have been asked and owe values."""
    return {organ: words for organ, words in gaps.items() if organ != lead} if case.state == ASKED_IN else {}


def in_survey() -> ColumnElement[bool]:
    """Mines that are surveyed: with a running case, or with none yet. Where all are closed the survey is over."""
    return or_(running(), ~exists(_cases().correlate(Mine)))


def running() -> ColumnElement[bool]:
    """Mines with a case that is not closed, as a condition on `Mine`."""
    return exists(_cases().where(col(Case.closed_on).is_(None)).correlate(Mine))


def _cases() -> Select[Any]:
    return choose(col(Case.id)).where(col(Case.mine_id) == Mine.id, col(Case.state) != VOID)
