"""Compares the official text of the plan with what code and data say of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from states.clauses import CLAUSES
from states.plan_text import TABLES, PlanText, Row, fingerprint, normalise, parse

FindingKind = Literal["missing", "changed", "unknown", "duplicate", "cell", "row_missing", "row_extra", "columns"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference: `where` is a clause id, for a cell followed by the heading of its column."""

    kind: FindingKind
    where: str
    expected: str
    found: str
    #: Line of the given text; 0 where the text lacks the place.
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.where}（文本第 {self.line} 行）" if self.line else self.where
        return f"{place}{_SENTENCES[self.kind]}：应为 {self.expected}，实为 {self.found}"


#: Characters of a clause quoted in a finding.
_SHOWN = 24
_SENTENCES: dict[FindingKind, str] = {
    "missing": "在文本中找不到", "changed": "的文字有改动", "unknown": "是系统不认识的条款", "duplicate": "的编号重复",
    "cell": "一格与系统数据不一致", "row_missing": "一行在文本中找不到", "row_extra": "一行是系统数据没有的",
    "columns": "一行的列数不对",
}  # fmt: skip


def verify(
    text: str,
    cited: Iterable[str],
    fingerprints: Mapping[str, str],
    annex2_rows: Sequence[Mapping[str, str]],
    annex3_rows: Sequence[Mapping[str, str]],
) -> list[Finding]:
    """Every difference between the official text and what code and data say of it, in the order of the plan."""
    return compare(parse(text), cited, fingerprints, annex2_rows, annex3_rows)


def compare(
    plan: PlanText,
    cited: Iterable[str],
    fingerprints: Mapping[str, str],
    annex2_rows: Sequence[Mapping[str, str]],
    annex3_rows: Sequence[Mapping[str, str]],
) -> list[Finding]:
    """As `verify`, for a text that is parsed already."""
    findings = [*_compare_clauses(plan, fingerprints)]
    for name, found, ours in (("附件2", plan.annex2, annex2_rows), ("附件3", plan.annex3, annex3_rows)):
        findings += _compare_rows(name, found, ours)
    rows = {f"{n}#{r.cells['row']}" for n, t in (("附件2", plan.annex2), ("附件3", plan.annex3)) for r in t}
    reported = {finding.where for finding in findings}
    for place in sorted(set(cited) - set(plan.clauses) - rows - reported):
        findings.append(Finding("missing", place, "办理环节引用的条款", "无"))
    return findings


def _compare_clauses(plan: PlanText, fingerprints: Mapping[str, str]) -> Iterator[Finding]:
    for place, expected in fingerprints.items():
        heading = CLAUSES[place].heading if place in CLAUSES else place
        if place not in plan.clauses:
            yield Finding("missing", place, f"“{heading}”（指纹 {expected}）", "无")
        elif (found := fingerprint(plan.clauses[place])) != expected:
            yield Finding(
                "changed", place, f"指纹 {expected}", f"{found}（{_excerpt(plan.clauses[place])}）", plan.lines[place]
            )
    for place, text in plan.clauses.items():
        if place not in fingerprints:
            yield Finding("unknown", place, "无此条款", _excerpt(text), plan.lines[place])
    for place, line in plan.duplicates:
        yield Finding("duplicate", place, f"只在第 {plan.lines[place]} 行出现", "又出现一次", line)


def _compare_rows(name: str, found: Sequence[Row], ours: Sequence[Mapping[str, str]]) -> Iterator[Finding]:
    columns = TABLES[name]
    theirs: dict[str, Row] = {}
    for row in found:
        number = row.cells["row"]
        if number in theirs:
            yield Finding("duplicate", f"{name}#{number}", "一行", _excerpt(row.cells.get("name", "")), row.line)
        theirs.setdefault(number, row)
    for expected in ours:
        where = f"{name}#{expected['row']}"
        given = theirs.pop(normalise(expected["row"]), None)
        if given is None:
            yield Finding("row_missing", where, expected["name"], "无")
        elif given.width != len(columns):
            yield Finding("columns", where, f"{len(columns)} 列", f"{given.width} 列", given.line)
        else:
            yield from _compare_cells(where, columns, given, expected)
    for number, row in theirs.items():
        yield Finding("row_extra", f"{name}#{number}", "无", _excerpt(row.cells.get("name", "")), row.line)


def _compare_cells(
    where: str, columns: Mapping[str, str], given: Row, expected: Mapping[str, str]
) -> Iterator[Finding]:
    for key, heading in columns.items():
        if normalise(expected[key]) != given.cells[key]:
            yield Finding("cell", f"{where} {heading}", expected[key] or "空", given.cells[key] or "空", given.line)


def _excerpt(text: str) -> str:
    return f"“{text[:_SHOWN]}…”" if len(text) > _SHOWN else f"“{text}”"
