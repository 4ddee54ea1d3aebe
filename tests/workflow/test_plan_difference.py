"""Two versions of a list: which rows are the same, and what of them changed. Pure."""

from collections.abc import Mapping
from typing import Any

import pytest

from workflow.plan.difference import difference, match

ROW = {
    "mine": "2-1", "annex": 2, "row": 1, "procedure": "guided_exit", "name": "演示甲矿", "mineral": "石灰岩",
    "holder": "演示甲公司",
    "township_id": "", "village_id": "", "facts": {"licence_number": "C1", "valid_to": "2026-01-01"},
    "case_facts": {"exit_mode": "guided_exit", "exit_year": "2026"}, "printed": {},
}  # fmt: skip
BLOCK = {
    **ROW,
    "mine": "3-1",
    "annex": 3,
    "facts": {"location": "演示村", "area": "0.1"},
    "holder": "",
    "name": "演示区块",
}
EMPTY: dict[str, Any] = {
    "county": "演示县", "number": "演〔2025〕1号", "title": "演示方案", "issuer": "演示办", "issued_on": "2025-03-20", "dates": {},
    "ladders": {}, "thresholds": {}, "fingerprints": {}, "organs": [], "questions": [], "rows": [],
}  # fmt: skip


def row(base: Mapping[str, Any] = ROW, *, licence: str | None = None, **changes: Any) -> dict[str, Any]:
    facts = {**base["facts"], **({"licence_number": licence} if licence is not None else {})}
    return {**base, "facts": facts, **changes}


@pytest.mark.parametrize(
    ("was", "now", "how"),
    [
        (row(), row(name="演示乙矿", row=7), "许可证号"),
        (row(), row(licence="C2", row=7), "名称"),
        (row(), row(licence="C2", name="演示乙矿"), "行号和采矿权人（位置）"),
        # A number alone identifies nothing: another mine has come into its place.
        (row(), row(licence="C2", name="演示乙矿", holder="演示乙公司"), None),
        (row(), row(licence="C2", name="演示乙矿", mineral="砂岩"), None),
        (row(BLOCK), row(BLOCK, name="演示区块二"), "行号和采矿权人（位置）"),
        (row(BLOCK), row(BLOCK, name="演示区块二", row=2), None),
        (row(), row(BLOCK, name="演示甲矿"), None),
    ],
)
def test_rows_are_matched_by_what_identifies_them(was: dict[str, Any], now: dict[str, Any], how: str | None) -> None:
    expected = [(was, now, how)] if how else [(None, now, ""), (was, None, "")]
    assert match([was], [now]) == expected


def test_the_surer_sign_comes_first() -> None:
    """Two mines have changed places and one has taken the other's name: the licences say which is which."""
    first, second = row(), row(licence="C2", name="演示乙矿", row=2)
    now = [row(row=2, name="演示乙矿"), row(licence="C2", row=1, name="演示丙矿")]
    pairs = [[one and one["facts"]["licence_number"] for one in pair[:2]] for pair in match([first, second], now)]
    assert pairs == [["C1", "C1"], ["C2", "C2"]]


def test_each_change_is_told_by_its_name() -> None:
    ladder = {"title": "一般", "before": [3, 0], "supervise_after": 15}
    old = {
        **EMPTY, "rows": [row(), row(licence="C9", name="演示丁矿", row=4, holder="演示丁公司")],
        "fingerprints": {"一": "a", "二": "b"},
        "ladders": {"standard": ladder}, "thresholds": {"floor": [{"label": "铁矿", "least": "30"}]},
        "dates": {"overall_by": {"on": "2025-12-31", "clause": "四(二)"}},
        "organs": [{"id": "water", "name": "水务局", "aliases": [], "kind": "county", "desk": True, "source": ""}],
    }  # fmt: skip
    new = {
        **old, "rows": [row(case_facts={"exit_mode": "guided_exit", "exit_year": "2027"})], "fingerprints": {"一": "c", "三": "d"},
        "ladders": {"standard": {**ladder, "supervise_after": None}}, "thresholds": {"floor": [{"label": "铁矿", "least": "40"}]},
        "dates": {"overall_by": {"on": "2026-06-30", "clause": "四(二)"}}, "number": "演〔2026〕2号",
        "organs": [{"id": "water", "name": "演示水务局", "aliases": ["水务"], "kind": "county", "desk": True, "source": ""}],
    }  # fmt: skip
    found = difference(old, new)
    assert [(c.what, c.old, c.new, c.clause) for c in (*found.head, *found.dates, *found.ladders, *found.thresholds)] == [
        ("文号", "演〔2025〕1号", "演〔2026〕2号", ""), ("全面推进完成期限", "2025-12-31", "2026-06-30", "四(二)"),
        ("一般：起草督办单（逾期天）", "15", "", ""), ("规模下限：铁矿：不得低于", "30", "40", ""),
    ]  # fmt: skip
    assert [(c.key, c.old, c.new) for c in found.clauses] == [("一", "a", "c"), ("二", "b", ""), ("三", "", "d")]
    assert [(c.key, c.new) for c in found.organs] == [("water:name", "演示水务局"), ("water:aliases", "水务")]
    assert [(r.kind, [(c.label, c.old, c.new) for c in r.cells]) for r in found.rows] == [
        ("changed", [("关闭退出年度", "2026", "2027")]), ("gone", []),
    ]  # fmt: skip
    assert difference(new, new).empty
    # What the older version never knew is not called new.
    assert difference({**old, "fingerprints": {}, "unknown": ["fingerprints"]}, new).clauses == ()
