"""Every clause that the code cites, gathered from the cards themselves."""

import re

from states.documents import KINDS
from states.registry import PROCEDURES

_CLAUSE = re.compile(r"[一二三四五]—\d|[一二三四五](?:\([一二三四五]\)(?:\d(?:\(\d\))?)?(?:¶\d)?)?|附件\d(?:#\d)?")


def cited() -> set[str]:
    """Clause ids on steps, procedures, due rules and document kinds; articles of law are not the plan's."""
    texts = [kind.basis for kind in KINDS]
    for procedure in PROCEDURES.values():
        texts.append(procedure.clause)
        for step in procedure.steps:
            texts.append(step.clause)
            if step.due:
                texts.append(step.due.source)
    parts = (part.strip() for text in texts for part in text.split("；"))
    return {part for part in parts if _CLAUSE.fullmatch(part)}
