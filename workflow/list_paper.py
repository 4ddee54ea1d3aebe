"""What the paper 名录核对情况表 is written from: the findings on the lists, sorted for reading."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session

from states.list_check import check_plan, check_rows, readings
from states.listed import LABELS, WAYS, Finding, Ground, ListedRow, organ_of
from states.thresholds import STATUS_WORDS, Floor, Standard, Yardstick
from workflow.context import context_of
from workflow.listing import bodies, ground_of, listed_rows

_WIDE = {ord("("): "（", ord(")"): "）"}


def list_check_group(session: Session, as_of: date) -> dict[str, Any]:
    """The group `office.check` of the template, for all lists in the case file."""
    context = context_of(session)
    rows, ground = listed_rows(session, context), ground_of(context, as_of)
    number = str(context.plan.get("number", ""))
    return check_group(rows, [*check_rows(rows, ground), *check_plan(bodies(session), number)], ground)


def check_group(rows: Sequence[ListedRow], findings: Sequence[Finding], ground: Ground) -> dict[str, Any]:
    """The group for findings on any list."""
    origins = {row.place: row.origin for row in rows}
    by_place: dict[str, list[Finding]] = {}
    for found in findings:
        by_place.setdefault(found.place, []).append(found)
    group: dict[str, Any] = {
        "as_of": ground.today.isoformat(), "total": len(rows), "items": len(findings),
        "lists": list(dict.fromkeys(row.list for row in rows)),
        "counts": {verdict: sum(f.verdict == verdict for f in findings) for verdict in ("hit", "miss", "unknown")},
        "rows": [_row(row, by_place.get(row.place, [])) for row in rows],
        "grounds": [_line(f, origins) for f in findings if f.is_criterion and f.verdict == "hit"],
        "against": [_line(f, origins) for f in findings if is_against(f)],
        "lacking": wanted(rows, findings),
        "standards": [_standard(one) for one in standards(ground)],
        "readings": [f"{rule}：{words}。" for rule, words in readings(ground).items()],
    }  # fmt: skip
    return {key: _printed(value) for key, value in group.items()}


def _printed(value: Any) -> Any:
    """Every text as a paper has it: 四(二)6¶2 as 四（二）6第2段."""
    if isinstance(value, dict):
        return {key: _printed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_printed(item) for item in value]
    return re.sub(r"¶(\d+)", r"第\1段", value.translate(_WIDE)) if isinstance(value, str) else value


def is_against(found: Finding) -> bool:
    """What a person must look into. That a mine shows no case of closure or exit is nothing against its row."""
    return found.verdict == "miss" and (not found.is_criterion or found.rule.startswith("N"))


def _row(row: ListedRow, own: Sequence[Finding]) -> dict[str, Any]:
    rules = {
        f"{kind}_{verdict}": "、".join(
            f.rule for f in own if f.verdict == verdict and f.is_criterion == (kind == "plan")
        )
        for kind in ("plan", "list")
        for verdict in ("hit", "miss", "unknown")
    }
    year = row.facts.get("exit_year") or row.facts.get("transfer_year") or ""
    way = "、".join(WAYS.get(one, one) for one in row.ways) if row.annex == 2 else "拟新设"
    return {"place": row.place, "name": row.name, "way": way, "year": str(year), **rules}


def _line(found: Finding, origins: Mapping[str, str]) -> dict[str, str]:
    # What the row itself says needs no long source beside it.
    sources = ["本行所载" if source == origins.get(found.place) else source for source in found.sources]
    return {
        "place": found.place, "name": found.name, "rule": found.rule, "title": found.title, "clause": found.clause,
        "said": found.said, "source": "；".join(sources), "settle": found.settle,
    }  # fmt: skip


def wanted(rows: Sequence[ListedRow], findings: Sequence[Finding]) -> list[dict[str, str]]:
    """The facts that are still wanted: who is asked, in which rows, for which rules. Those of an organ stand together."""
    places: dict[str, dict[str, None]] = {}
    rules: dict[str, dict[str, None]] = {}
    for found in findings:
        for name in found.needs:
            places.setdefault(name, {})[found.place] = None
            rules.setdefault(name, {})[found.rule] = None
    order = [organ_of(name) for name in places]
    return [
        {"organ": organ_of(name), "fact": LABELS.get(name, name), "places": joined(rows, places[name]),
         "rules": "、".join(rules[name])}
        for name in sorted(places, key=lambda name: order.index(organ_of(name)))
    ]  # fmt: skip


def joined(rows: Sequence[ListedRow], places: Iterable[str]) -> str:
    """附件2第1、3行; a row that has no number goes by its code."""
    by_place = {row.place: row for row in rows}
    found: dict[str, list[str]] = {}
    for place in places:
        row = by_place[place]
        found.setdefault(f"{row.list}第" if row.row else row.list, []).append(str(row.row or row.code))
    return "，".join(
        f"{head}{_spans(parts)}行" if head.endswith("第") else f"{head} {'、'.join(parts)}"
        for head, parts in found.items()
    )  # fmt: skip


def _spans(numbers: Sequence[str]) -> str:
    """1、3至8: three and more in a row are written as a span."""
    spans: list[list[int]] = []
    for number in sorted(map(int, numbers)):
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    return "、".join(f"{s[0]}至{s[-1]}" if len(s) > 2 else "、".join(map(str, s)) for s in spans)


def standards(ground: Ground) -> tuple[Standard, ...]:
    sticks = ground.yardsticks
    return (*sticks.floors, sticks.life, *sticks.scales, *sticks.deposits)


def _standard(one: Standard) -> dict[str, str]:
    words = {"clause": one.clause, "source": one.source, "status": STATUS_WORDS[one.status]}
    if one.successor:
        words["status"] = f"{words['status']}（{one.successor}）"
    return {"label": one.label, "numbers": numbers(one), **words}


def numbers(one: Standard) -> str:
    """The numbers of a standard in words."""
    if isinstance(one, Floor):
        return f"不低于 {one.least} {one.unit}"
    if isinstance(one, Yardstick) and one.medium is not None:
        return f"中型 {one.medium}、大型 {one.large} {one.unit}起"
    return "待查"
