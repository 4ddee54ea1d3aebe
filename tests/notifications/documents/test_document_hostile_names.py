"""Names and texts that look like Markdown, Jinja, XML or worse come out as they went in."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.documents.model import BLANK
from states.fields import printable
from tests.notifications.documents.case_data import OFFICE, ROWS, all_text, block_count, composed, reopened
from tests.notifications.evil import EVIL

HOSTILE = [
    "# x | y", "</w:t>", "{{ 7*7 }}", "{% raw %}", "1. 一", "- 一", "> 一", "***", "---", "|---|---|", "<", "**粗**", "_斜_",
    "&amp; &lt; &", "`code`", "[链接](http://x)", "![](x)", "\\", "\\#", "=====", "    代码", "<!-- 注 -->", "]]>", "%s %d",
    "title: 别的标题", "＿＿", "a" * 200, "\U000f0041\U0010ffff", "\uffff\ufffe", "﷐", "西窰村", "👍🏽",
]  # fmt: skip


@pytest.mark.parametrize("name", [*HOSTILE, *filter(str.strip, EVIL)])
@pytest.mark.parametrize("kind", ["rectification_order", "upgrade_commitment", "service_receipt", "list_announcement"])
def test_a_hostile_name_is_text_and_nothing_else(kind: str, name: str) -> None:
    plain, hostile = composed(kind), composed(kind, mine__name=name, mine__holder=name)
    assert as_printed(name) in all_text(hostile)
    assert block_count(hostile) == block_count(plain)
    assert "49" not in all_text(hostile).replace(name, "")
    assert len(reopened(hostile).tables) == len(reopened(plain).tables)


def as_printed(name: str) -> str:
    """Brackets around Chinese are full-width in print; nothing else about a name changes."""
    return re.sub(r"\(([^()]*[一-鿿][^()]*)\)", r"（\1）", printable(name).strip())


@settings(deadline=None, max_examples=50)
@given(st.text(min_size=1).filter(str.strip))
def test_any_text_at_all_stays_one_paragraph(text: str) -> None:
    plain, document = composed("upgrade_commitment"), composed("upgrade_commitment", mine__mineral=text)
    assert block_count(document) == block_count(plain)
    reopened(document)


def test_a_value_cannot_pass_for_a_blank_or_a_line_end() -> None:
    document = composed("service_receipt", recipient__name=f"甲{BLANK}乙\ue000丙")
    assert "甲□乙□丙" in all_text(document)


def test_a_value_with_lines_becomes_paragraphs_only_where_the_template_says_so() -> None:
    one, two = (
        composed("rectification_order", facts__breach="一"),
        composed("rectification_order", facts__breach="一\n# 二"),
    )
    assert len(two.blocks) == len(one.blocks) + 1
    assert "# 二。" in all_text(two)
    same = composed("rectification_order", facts__breach="一", facts__contact="一\n# 二")
    assert len(same.blocks) == len(one.blocks)


def test_no_name_turns_the_paper() -> None:
    rows = [{**ROWS[0], "mine": "矿{横}"}]
    document = composed("criticism_circular", office={**OFFICE, "rows": rows}, mine__name="矿{横}")
    assert not document.landscape
    assert [annex.landscape for annex in document.annexes] == [False]
    assert "矿{横}" in all_text(document)
