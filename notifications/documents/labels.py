"""What the values in document templates are called in Chinese; the list of what a case must know for its papers."""

from collections.abc import Mapping
from functools import cache

#: Facts by field name.
FACTS: dict[str, str] = {}
#: Everything else by path.
OTHERS: dict[str, str] = {}


def label(path: str) -> str:
    """The Chinese name of a value (`facts.breach`, `mine.holder`), or its path where there is none."""
    return OTHERS.get(path) or FACTS.get(path.removeprefix("facts.")) or path


@cache
def _choices() -> dict[str, dict[str, str]]:
    """The choices of every field that a step asks for, by field name."""
    from states.registry import PROCEDURES  # late: only who fills a template pays for loading all procedures

    found: dict[str, dict[str, str]] = {}
    for procedure in PROCEDURES.values():
        for step in procedure.steps:
            for field in step.fields:
                found.setdefault(field.name, {}).update(field.choices or {})
    found["exit_mode"] = found["proposed_route"]  # how the annex of the plan calls it
    return {
        name: {key: text.replace("(", "（").replace(")", "）") for key, text in choices.items()}
        for name, choices in found.items()
        if choices
    }


def chosen(facts: Mapping[str, object]) -> dict[str, object]:
    """The facts with the label in place of the identifier wherever a step asked for a choice."""
    choices = _choices()
    return {name: choices.get(name, {}).get(str(value), value) for name, value in facts.items()}
