"""体检: the procedures' structure and the stored cases, before work begins and on request."""

from functools import cache
from typing import TYPE_CHECKING

from sqlmodel import Session, select

from states.registry import PROCEDURES
from workflow.models import Case
from workflow.views import VOID

if TYPE_CHECKING:
    from states.check import Finding


@cache
def structure() -> "tuple[Finding, ...]":
    """Defects of the procedures themselves."""
    from notifications.documents.compose import has_template
    from states.check import check
    from states.clauses import exists

    return tuple(check(PROCEDURES, clause_exists=exists, has_template=has_template))


def strays(session: Session) -> list[str]:
    """Stored cases that the code cannot carry on."""
    found = []
    for number, procedure, state in session.exec(select(Case.number, Case.procedure, Case.state)):
        if procedure not in PROCEDURES:
            found.append(f"案件 {number} 属于本程序没有的程序“{procedure}”，请换用与数据库相配的版本")
        elif state != VOID and not PROCEDURES[procedure].knows(state):
            found.append(f"案件 {number} 处于程序“{procedure}”已没有的状态“{state}”，请换用与数据库相配的版本")
    return found


def answers(session: Session) -> list[tuple[str, list[str]]]:
    """Every check in words with what was found against it; the stored cases last."""
    from states.check_words import CHECKS

    found = [(words, [str(f) for f in structure() if f.check == name]) for name, words in CHECKS.items()]
    return [*found, ("在办案件：每个案件的程序和状态，本程序都认得、都有去处", strays(session))]


def defects(session: Session) -> list[str]:
    """Everything that stands against starting."""
    return [*map(str, structure()), *strays(session)]
