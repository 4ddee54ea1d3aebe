"""Every clause that the code cites, gathered from the cards themselves."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from states.documents import KINDS, DocumentKind
from states.kernel import Procedure, Step
from states.registry import PROCEDURES
from states.rules import RULES, Rule

_CLAUSE = re.compile(r"[一二三四五]—\d|[一二三四五](?:\([一二三四五]\)(?:\d(?:\(\d\))?)?(?:¶\d)?)?|附件\d(?:#\d)?")
_Card = tuple[Procedure, Step]


@dataclass(frozen=True, slots=True)
class Uses:
    """What rests on one clause."""

    procedures: list[Procedure] = field(default_factory=list)
    steps: list[_Card] = field(default_factory=list)
    #: Steps whose deadline the clause sets.
    deadlines: list[_Card] = field(default_factory=list)
    documents: list[DocumentKind] = field(default_factory=list)
    #: Criteria by which a mine is proposed for a route.
    criteria: list[Rule] = field(default_factory=list)

    @property
    def number(self) -> int:
        cards = len(self.procedures) + len(self.steps) + len(self.deadlines)
        return cards + len(self.documents) + len(self.criteria)


@cache
def uses() -> Mapping[str, Uses]:
    """Clause -> what cites it; articles of law are not the plan's."""
    found: dict[str, Uses] = defaultdict(Uses)
    for procedure in PROCEDURES.values():
        for place in _clauses(procedure.clause):
            found[place].procedures.append(procedure)
        for step in procedure.steps:
            for place in _clauses(step.clause):
                found[place].steps.append((procedure, step))
            for place in _clauses(step.due.source) if step.due else ():
                found[place].deadlines.append((procedure, step))
    for kind in KINDS:
        for place in _clauses(kind.basis):
            found[place].documents.append(kind)
    for rule in RULES:
        for place in _clauses(rule.clause):
            found[place].criteria.append(rule)
    return dict(found)


def cited() -> set[str]:
    """Clause ids on steps, procedures, due rules, document kinds and criteria."""
    return set(uses())


def _clauses(text: str) -> Iterable[str]:
    return (place for part in text.split("；") if _CLAUSE.fullmatch(place := part.strip()))
