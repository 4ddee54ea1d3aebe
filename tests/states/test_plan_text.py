"""Any change of the official text is caught at its place; a change of its layout is not one."""

import csv
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.clauses import CLAUSES
from states.plan_text import ANNEX2_COLUMNS, ANNEX3_COLUMNS, PlanTextError, decode, normalise, parse
from states.plan_verify import Finding, verify
from tests.official_plan import official_text

PLAN = Path(__file__).resolve().parents[2] / "plans" / "yangcheng"
PLACES = [place for place in CLAUSES if "#" not in place]
#: Where the first line of a clause is only its number, its words stand so many lines further down.
WORDS_BELOW = {"附件1": 2, "附件2": 2, "附件3": 2, "版记": 4}
COLUMNS = [(2, c) for c in ANNEX2_COLUMNS if c != "row"] + [(3, c) for c in ANNEX3_COLUMNS if c != "row"]
TABLES = {2: ANNEX2_COLUMNS, 3: ANNEX3_COLUMNS}


@cache
def rows(file: str) -> Sequence[dict[str, str]]:
    with (PLAN / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def check(text: str, cited: Sequence[str] = ()) -> list[Finding]:
    known = {row["id"]: row["fingerprint"] for row in rows("clauses.csv")}
    return verify(text, cited, known, rows("annex2.csv"), rows("annex3.csv"))


def places(text: str) -> list[tuple[str, str]]:
    return [(finding.kind, finding.where) for finding in check(text)]


def with_line(number: int, line: str) -> str:
    """The official text with one line (counted from 1) replaced."""
    lines = official_text().split("\n")
    lines[number - 1] = line
    return "\n".join(lines)


def line(number: int) -> str:
    return official_text().split("\n")[number - 1]


def table_row(annex: int, row: int) -> int:
    plan = parse(official_text())
    return (plan.annex2 if annex == 2 else plan.annex3)[row - 1].line


def test_the_official_text_agrees_with_code_and_data() -> None:
    assert check(official_text(), list(CLAUSES)) == []


@pytest.mark.parametrize("place", PLACES)
def test_one_changed_character_is_found_in_its_clause_and_nowhere_else(place: str) -> None:
    number = parse(official_text()).lines[place] + WORDS_BELOW.get(place, 0)
    changed = re.sub(r"[一-龥]([^一-龥]*)$", r"甲\1", line(number))
    assert places(with_line(number, changed)) == [("changed", place)]


@given(st.integers(min_value=0), st.sampled_from("甲0X,"))
def test_no_character_stands_outside_the_comparison(at: int, new: str) -> None:
    text = official_text()
    at %= len(text)
    changed = f"{text[:at]}{new}{text[at + 1 :]}"
    # A rule (---) that becomes a page number (-0-) is typesetting either way.
    rule = set(text[: at + 1].rpartition("\n")[2] + text[at + 1 :].partition("\n")[0]) <= {"-", " "}
    if normalise(changed) != normalise(text) and not rule:
        assert check(changed)


@pytest.mark.parametrize(("annex", "column"), COLUMNS)
def test_a_changed_cell_is_named_by_row_and_column(annex: int, column: str) -> None:
    for row in range(1, 6 if annex == 2 else 9):
        number = table_row(annex, row)
        cells = line(number).split("\t")
        at = list(TABLES[annex]).index(column)
        cells[at] = f"{cells[at][:-1]}甲"
        found = check(with_line(number, "\t".join(cells)))
        assert [(f.kind, f.where, f.line) for f in found] == [
            ("cell", f"附件{annex}#{row} {TABLES[annex][column]}", number)
        ]


def test_swapped_ticks_are_two_changed_cells() -> None:
    number = table_row(2, 4)
    cells = line(number).split("\t")
    cells[7], cells[8] = cells[8], cells[7]
    assert places(with_line(number, "\t".join(cells))) == [("cell", "附件2#4 关闭取缔"), ("cell", "附件2#4 引导退出")]


@pytest.mark.parametrize(("annex", "row"), [(2, 1), (2, 5), (3, 4), (3, 8)])
def test_a_dropped_row_is_named(annex: int, row: int) -> None:
    assert places(with_line(table_row(annex, row), "")) == [("row_missing", f"附件{annex}#{row}")]


def test_an_added_row_is_named() -> None:
    number = table_row(3, 8)
    added = line(number).replace("8", "9", 1)
    assert places(with_line(number, f"{line(number)}\n{added}")) == [("row_extra", "附件3#9")]


def test_a_row_with_another_number_is_one_missing_and_one_extra() -> None:
    number = table_row(2, 3)
    assert places(with_line(number, line(number).replace("3", "7", 1))) == [
        ("row_missing", "附件2#3"),
        ("row_extra", "附件2#7"),
    ]


def test_a_row_that_occurs_twice_is_named() -> None:
    number = table_row(2, 2)
    assert places(with_line(number, f"{line(number)}\n{line(number)}")) == [("duplicate", "附件2#2")]


def test_a_row_that_lacks_a_cell_is_named() -> None:
    number = table_row(3, 2)
    assert places(with_line(number, line(number).rpartition("\t")[0])) == [("columns", "附件3#2")]


@pytest.mark.parametrize("place", ["三(二)1(5)", "三(二)2(2)", "五(四)"])
def test_a_dropped_clause_is_missing(place: str) -> None:
    lines = official_text().split("\n")
    start = parse(official_text()).lines[place] - 1
    stop = next(n for n in sorted(parse(official_text()).lines.values()) if n > start + 1) - 1
    assert places("\n".join(lines[:start] + lines[stop:])) == [("missing", place)]


def test_an_added_clause_is_unknown() -> None:
    number = parse(official_text()).lines["三(二)2(4)"]
    assert places(with_line(number, f"{line(number)}\n\n(5)新的情形。")) == [("unknown", "三(二)2(5)")]


def test_a_clause_with_another_number_is_missing_there_and_unknown_here() -> None:
    number = parse(official_text()).lines["三(二)1(3)"]
    found = places(with_line(number, line(number).replace("(3)", "(9)", 1)))
    assert found == [("missing", "三(二)1(3)"), ("unknown", "三(二)1(9)")]


def test_a_number_used_twice_is_named() -> None:
    number = parse(official_text()).lines["三(二)2(2)"]
    assert ("duplicate", "三(二)2(1)") in places(with_line(number, line(number).replace("(2)", "(1)", 1)))


def test_a_cited_clause_that_does_not_exist_is_missing_once() -> None:
    assert [(f.kind, f.where) for f in check(official_text(), ["四(二)1", "三(二)9", "附件2#9"])] == [
        ("missing", "三(二)9"),
        ("missing", "附件2#9"),
    ]


def test_a_finding_reads_as_a_sentence() -> None:
    number = table_row(2, 4)
    finding = check(with_line(number, line(number).replace("崔敏峰", "崔敏蜂")))[0]
    sentence = f"附件2#4 采矿权人（文本第 {number} 行）一格与系统数据不一致：应为 崔敏峰，实为 崔敏蜂"
    assert str(finding) == sentence


def prose(raw: str) -> bool:
    """A line whose breaks mean nothing: neither a table row nor the heading of an annex."""
    return "\t" not in raw and bool(re.search("[一-龥]", raw)) and not re.fullmatch(r"附件\d", normalise(raw))


@given(st.integers(), st.sampled_from(["\n", "\n\n", "\n\n---\n\n", "\n\n— 3 —\n\n", " \n　"]))
def test_wrapping_is_no_change(seed: int, wrap: str) -> None:
    random = Random(seed)  # noqa: S311 - the wrapping only has to be repeatable

    def rewrapped(raw: str) -> str:
        return "".join(c + (wrap if random.random() < 0.1 else "") for c in raw) if prose(raw) else raw

    assert check("\n".join(rewrapped(raw) for raw in official_text().split("\n"))) == []


def test_a_line_for_each_character_is_no_change() -> None:
    assert check("\n".join("\n".join(raw) if prose(raw) else raw for raw in official_text().split("\n"))) == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: re.sub(r"[#*]", "", text), id="no Markdown"),
        pytest.param(lambda text: re.sub(r"(?m)^([^\t\n#-][^\t\n]*)$", r"**\1**", text), id="all bold"),
        pytest.param(
            lambda text: text.translate({ord(c): ord(c) + 0xFEE0 for c in ",;:()0123456789"}), id="full-width"
        ),
        pytest.param(lambda text: text.replace("——", "──").replace("2021年—", "2021年–"), id="other dashes"),
        pytest.param(lambda text: text.translate(str.maketrans("〔〕“”", '[]""')), id="other brackets and quotes"),
        pytest.param(lambda text: text.replace("\t", " \t　"), id="spaces around cells"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="Windows line ends"),
        pytest.param(lambda text: text.replace("\n\n", "\n\n\f"), id="pages"),
        pytest.param(lambda text: re.sub(r"(?m)^(.*\t.*)$", r"| \1 |", text).replace("\t", " | "), id="pipe tables"),
    ],
)
def test_layout_is_no_change(change: Callable[[str], str]) -> None:
    assert check(change(official_text())) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_in_any_usual_encoding(encoding: str) -> None:
    assert check(decode(official_text().encode(encoding))) == []


@pytest.mark.parametrize("raw", [b"%PDF-1.7 ...", b"PK\x03\x04 docx", b"text\0text", b"\x89PNG\r\n\x1a\n\xff\xff\xff"])
def test_a_binary_file_is_refused_in_one_sentence(raw: bytes) -> None:
    with pytest.raises(PlanTextError, match="另存为 UTF-8 纯文本"):
        decode(raw)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "文件是空的"),
        (" \n\t\n", "文件是空的"),
        ("一、\0", "不是文字"),
        ("今天天气很好。\n没有编号。", "没有找到“一、”“(一)”这样的条款编号"),
    ],
)
def test_a_text_that_is_not_a_plan_is_refused_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(PlanTextError) as refused:
        parse(text)
    assert sentence in str(refused.value)
    assert str(refused.value).count("。") == 1
