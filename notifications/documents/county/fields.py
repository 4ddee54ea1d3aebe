"""The fields that a form may name, and the nearest one to a name that is none."""

from difflib import get_close_matches

from notifications.documents import labels

#: Values that stand alone; every other field is one of a group.
SINGLE = {"number": "文号", "date": "成文日期"}
GROUPS = frozenset({"facts"} | {path.split(".")[0] for path in labels.OTHERS})
LOOP = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length"})

_ALL = {f"facts.{name}": text for name, text in labels.FACTS.items()} | labels.OTHERS | SINGLE
#: What a row of a list or of the office's counts may hold.
_INNER = frozenset(labels.FACTS) | {path.rpartition(".")[2] for path in labels.OTHERS} | {
    "mine", "route", "lead", "due_on", "days_left", "next", "valid_to", "scale", "overdue", "note", "maker", "pages",
    "date", "step", "occurred_on", "count", "total", "open", "due_soon", "closed",
}  # fmt: skip


def wrong(path: list[str], own: frozenset[str]) -> str:
    """What is wrong with a field, or nothing. `own` are names that the form itself has set."""
    root, *rest = path
    dotted = ".".join(path)
    if root == "loop" and rest and rest[0] in LOOP and len(rest) == 1:
        return ""
    if root in own:
        return "" if all(_inner(name) for name in rest) else _unknown(dotted, rest[-1])
    if root in SINGLE and not rest:
        return ""
    if root in GROUPS and not rest:
        return f"“{root}”是一组数据，不能整个打印：请写明字段，如 {_example(root)}。"
    if root in GROUPS and _known(root, rest[0]) and all(_inner(name) for name in rest[1:]):
        return ""
    return _unknown(dotted, path[-1])


def _inner(name: str) -> bool:
    return name in _INNER or name.isdecimal()


def _known(group: str, name: str) -> bool:
    # As in states.facts: what is known about a mine stands in for what its case has not recorded.
    return f"{group}.{name}" in _ALL or (group == "facts" and f"mine.{name}" in _ALL)


def _example(group: str) -> str:
    return next(path for path in _ALL if path.startswith(f"{group}."))


def _unknown(dotted: str, last: str) -> str:
    nearest = _nearest(dotted, last)
    hint = f"是不是“{nearest}”（{_ALL[nearest]}）？" if nearest else "请按字段清单改写。"
    return f"没有“{dotted[:60]}”这个字段：{hint}"


def _nearest(dotted: str, last: str) -> str:
    """By its whole name, by its last part, or by what it is called in Chinese."""
    by_last = {path.rpartition(".")[2]: path for path in reversed(_ALL)}
    by_label = {text: path for path, text in reversed(_ALL.items())}
    for word, names in ((dotted, {path: path for path in _ALL}), (last, by_last), (last, by_label)):
        if found := get_close_matches(word, names, n=1, cutoff=0.6):
            return names[found[0]]
    return ""
