"""The values that a template may read, in groups, and the two functions that cite the law of the document's day."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from notifications.documents import filters, labels, laws
from notifications.documents.values import Ledger, Node

_GROUPS = ("mine", "case", "facts", "issuer", "recipient", "plan", "office")
#: Facts that are names; what people wrote in their own words stays as it is.
_NAMES = ("document_title", "registrar_name", "third_party", "transfer_to")
_CHINESE_BRACKETS = re.compile(r"\(([^()]*[\u4e00-\u9fff][^()]*)\)")


def groups(data: Mapping[str, object], ledger: Ledger) -> dict[str, Node]:
    """The groups of a case, each value aware of its path."""
    given = {name: _group(data, name) for name in _GROUPS}
    recorded = {key: value for key, value in given.pop("facts").items() if value not in (None, "")}
    values = {name: _with_brackets(group) for name, group in given.items()}
    values["office"] = _with_brackets(labels.chosen(values["office"]))
    # As in states.facts: what a case has recorded comes before what is known about its mine.
    facts = labels.chosen({**values["mine"], **recorded})
    values["facts"] = facts | {name: _full_width(facts[name]) for name in _NAMES if name in facts}
    return {name: Node(name, group, ledger) for name, group in values.items()}


def _group(data: Mapping[str, object], name: str) -> Mapping[str, object]:
    group = data.get(name)
    return group if isinstance(group, Mapping) else {}


def _with_brackets(group: Mapping[str, object]) -> dict[str, object]:
    """Names on record with the brackets that Chinese print uses: 矿(一) as 矿（一）."""
    return {key: _full_width(value) for key, value in group.items()}


def _full_width(value: object) -> object:
    if isinstance(value, str):
        return _CHINESE_BRACKETS.sub(r"（\1）", value) if "(" in value else value
    if isinstance(value, Mapping):
        return _with_brackets(value)
    return [_full_width(item) for item in value] if isinstance(value, list | tuple) else value


def citations(data: Mapping[str, object], facts: Node) -> dict[str, Callable[[str], object]]:
    """`law` and `article`, as the law stands on the document's day; a draft without one takes the day `today`."""
    given = data.get("date") or data.get("today")
    day: date | None = filters.read_date(given) if given else None

    def article(key: str) -> object:
        # While the law did not say this yet, a named official has to type what it rests on.
        return laws.cite_article(key, day) or filters.bare(facts["legal_basis"])

    return {"law": lambda key: laws.cite(key, day), "article": article}
