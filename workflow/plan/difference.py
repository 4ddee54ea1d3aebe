"""What a new version of the plan's data changes against another: pure, in words that people read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.plan.files import LABELS

Data = Mapping[str, Any]

HEAD = {"title": "方案名称", "number": "文号", "issuer": "发文机关", "issued_on": "印发日期"}
DATES = {
    "survey_by": "调查摸底完成期限", "overall_by": "全面推进完成期限", "licence_cutoff": "许可证到期判断日",
    "master_plan_from": "总体规划期起", "master_plan_to": "总体规划期止",
}  # fmt: skip
_LADDER = {
    "title": "名称", "before": "到期前提醒（天）", "overdue_first": "首次逾期提醒（天）", "overdue_every": "逾期提醒间隔（天）",
    "supervise_after": "起草督办单（逾期天）", "criticise_after": "起草通报（逾期天）",
}  # fmt: skip
_ORGAN = {"name": "名称", "aliases": "别称", "kind": "类别", "desk": "设经办岗", "source": "来源"}
_THRESHOLD = {
    "life": "剩余服务年限", "floor": "规模下限", "scale": "生产规模等级", "deposit": "矿床规模等级", "least": "不得低于",
    "medium": "中型起", "large": "大型起", "unit": "单位", "source": "出处", "clause": "条款", "status": "核对情况",
    "successor": "新标准", "minerals": "矿种", "uses": "用途", "methods": "开采方式", "excluded": "除外", "label": "名称",
}  # fmt: skip
_WORDS = {"closure": "关闭取缔", "guided_exit": "引导退出", "new_right": "配置新设", "True": "是", "False": "否"}
#: Cells that say which mine a row is about, or on which way: only a person decides what follows from them.
IDENTITY = ("name", "holder", "licence_number")
ROUTE = "exit_mode"
#: Follows from the licence number.
_DERIVED = ("registrar_id", "holder_id")


@dataclass(frozen=True, slots=True)
class Change:
    """One value of the plan: an empty `old` is new, an empty `new` is gone."""

    key: str
    what: str
    old: str
    new: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell of a list row, in stored form."""

    name: str
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row of an annex in both versions, in the new one alone, or gone."""

    #: Code of the mine that the row is about; of a new row, the row's own.
    mine: str
    #: 附件2 第4行, in the version that has it (the new one, if both do).
    place: str
    name: str
    old: Data | None
    new: Data | None
    #: How old and new were taken for the same: by licence number, name, or place in the list.
    matched: str = ""
    cells: tuple[CellChange, ...] = ()

    @property
    def kind(self) -> str:
        return "new" if self.old is None else "gone" if self.new is None else "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """All that changes; empty groups say that nothing does."""

    head: tuple[Change, ...]
    dates: tuple[Change, ...]
    ladders: tuple[Change, ...]
    thresholds: tuple[Change, ...]
    #: Keys are clause ids, values fingerprints.
    clauses: tuple[Change, ...]
    #: Key: organ id and what of it, `water:name`.
    organs: tuple[Change, ...]
    questions: tuple[Change, ...]
    rows: tuple[RowChange, ...]

    @property
    def empty(self) -> bool:
        return not any(getattr(self, name) for name in self.__slots__)


def difference(old: Data, new: Data) -> Difference:
    """Everything in which `new` differs, group by group, in the order of the files; what `old` does not know is left out."""
    marks = {**old["fingerprints"], **new["fingerprints"]}
    groups: dict[str, Iterator[Any]] = {
        "head": _values(old, new, HEAD), "dates": _dates(old["dates"], new["dates"]),
        "ladders": _ladders(old["ladders"], new["ladders"]), "thresholds": _tree("", old["thresholds"], new["thresholds"]),
        "clauses": _values(old["fingerprints"], new["fingerprints"], dict(zip(marks, marks, strict=True))),
        "organs": _organs(old["organs"], new["organs"]), "questions": _questions(old["questions"], new["questions"]),
        "rows": _rows(old["rows"], new["rows"]),
    }  # fmt: skip
    unknown = {"clauses" if name == "fingerprints" else name for name in old.get("unknown", ())}
    return Difference(**{name: () if name in unknown else tuple(found) for name, found in groups.items()})


def words(value: Any) -> str:
    """A stored value as people read it."""
    if isinstance(value, list | tuple):
        return "、".join(map(words, value))
    return "" if value is None else _WORDS.get(str(value), str(value))


def _values(old: Data, new: Data, labels: Mapping[str, str]) -> Iterator[Change]:
    for key, label in labels.items():
        before, after = words(old.get(key)), words(new.get(key))
        if before != after:
            yield Change(key, label, before, after)


def _dates(old: Data, new: Data) -> Iterator[Change]:
    for name in {**old, **new}:
        before, after = old.get(name, {}), new.get(name, {})
        if before != after:
            clause = after.get("clause") or before.get("clause", "")
            yield Change(name, DATES.get(name, name), before.get("on", ""), after.get("on", ""), clause)


def _ladders(old: Data, new: Data) -> Iterator[Change]:
    for key in {**old, **new}:
        before, after = old.get(key, {}), new.get(key, {})
        title = (after or before).get("title", key)
        for change in _values(before, after, _LADDER):
            yield Change(f"{key}:{change.key}", f"{title}：{change.what}", change.old, change.new)


def _tree(path: str, old: Any, new: Any) -> Iterator[Change]:
    """Tables of any depth, leaf by leaf; a row of a list is known by its label."""
    before, after = _branches(old), _branches(new)
    if before is None and after is None:
        if words(old) != words(new):
            yield Change(
                path, "：".join(_THRESHOLD.get(part, part) for part in path.split("/")), words(old), words(new)
            )
        return
    for key in {**(before or {}), **(after or {})}:
        yield from _tree(f"{path}/{key}".strip("/"), (before or {}).get(key), (after or {}).get(key))


def _branches(value: Any) -> Data | None:
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        return {str(item.get("label", n)): item for n, item in enumerate(value, 1)}
    return value if isinstance(value, Mapping) else None


def _organs(old: Sequence[Data], new: Sequence[Data]) -> Iterator[Change]:
    before, after = ({organ["id"]: organ for organ in organs} for organs in (old, new))
    for key in {**before, **after}:
        was, now = before.get(key), after.get(key)
        if was is None or now is None:
            yield Change(f"{key}:", "机构", was["name"] if was else "", now["name"] if now else "")
            continue
        for change in _values(was, now, _ORGAN):
            yield Change(f"{key}:{change.key}", f"{now['name']}：{change.what}", change.old, change.new)


def _questions(old: Sequence[Data], new: Sequence[Data]) -> Iterator[Change]:
    before, after = ({(q["applies_to"], q["name"]): q for q in questions} for questions in (old, new))
    for key in {**before, **after}:
        was, now = _question(before.get(key)), _question(after.get(key))
        if was != now:
            yield Change(":".join(key), "待明确事项", was, now)


def _question(one: Data | None) -> str:
    return f"{one['label']}（{one['applies_to']}，{one['clause']}，由 {one['asked_of']} 明确）" if one else ""


def cells_of(row: Data) -> dict[str, str]:
    """A row's values by name, without what follows from others."""
    found = {name: str(row[name]) for name in ("name", "holder", "mineral", "township_id", "village_id")}
    found |= {name: str(value) for name, value in {**row["facts"], **row["case_facts"]}.items() if name not in _DERIVED}
    return found


def _rows(old: Sequence[Data], new: Sequence[Data]) -> Iterator[RowChange]:
    for before, after, how in match(old, new):
        known = after or before
        assert known is not None
        cells = tuple(_cells(before, after)) if before and after else ()
        if before and after and not cells and before["row"] == after["row"]:
            continue
        mine = (before or known)["mine"]
        yield RowChange(mine, f"附件{known['annex']} 第{known['row']}行", known["name"], before, after, how, cells)


def _cells(before: Data, after: Data) -> Iterator[CellChange]:
    was, now = cells_of(before), cells_of(after)
    for name in {**was, **now}:
        if was.get(name, "") != now.get(name, ""):
            yield CellChange(name, LABELS.get(name, name), was.get(name, ""), now.get(name, ""))


def match(old: Sequence[Data], new: Sequence[Data]) -> list[tuple[Data | None, Data | None, str]]:
    """Which rows are the same: by licence number, then by name, then by place where holder or location agrees.

    Whatever is left is new or gone: a number in a list alone identifies nothing, for lists are numbered anew.
    """
    left, found = list(old), dict[int, tuple[Data, str]]()
    for how, same in (("许可证号", _same_licence), ("名称", _same_name), ("行号和采矿权人（位置）", _same_place)):
        for n, row in enumerate(new):
            twin = (
                None
                if n in found
                else next((was for was in left if was["annex"] == row["annex"] and same(was, row)), None)
            )
            if twin is not None:
                found[n] = (twin, how)
                left.remove(twin)
    pairs: list[tuple[Data | None, Data | None, str]] = [
        (found[n][0], row, found[n][1]) if n in found else (None, row, "") for n, row in enumerate(new)
    ]
    return [*pairs, *((was, None, "") for was in left)]


def _same_licence(was: Data, now: Data) -> bool:
    number = was["facts"].get("licence_number")
    return bool(number) and number == now["facts"].get("licence_number")


def _same_name(was: Data, now: Data) -> bool:
    return bool(was["name"] == now["name"])


def _same_place(was: Data, now: Data) -> bool:
    if was["row"] != now["row"] or was["mineral"] != now["mineral"]:
        return False
    key = "location" if was["annex"] == 3 else "holder"
    mine, theirs = ({**row["facts"], "holder": row["holder"]}.get(key) for row in (was, now))
    return bool(mine) and mine == theirs
