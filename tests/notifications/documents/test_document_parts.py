"""The small rules underneath: sums in capitals, broken titles, numbering, and what Markdown may not do."""

from decimal import Decimal

import pytest

from notifications.documents import filters, markdown
from notifications.documents.amounts import capitals, figures
from notifications.documents.compose import clause_text
from notifications.documents.errors import BadTemplate
from notifications.documents.filters import numbered
from notifications.documents.model import FormTable, Heading, NumberedItem, Paragraph, Span, Table
from notifications.documents.titles import title_lines, width
from notifications.documents.values import Ledger, Missing, unveil, veil


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"), ("0.05", "伍分"), ("0.5", "伍角"), ("1.05", "壹元零伍分"), ("10", "壹拾元整"), ("110", "壹佰壹拾元整"),
        ("1005", "壹仟零伍元整"), ("10000", "壹万元整"), ("10500", "壹万零伍佰元整"), ("100000", "壹拾万元整"),
        ("101000", "壹拾万壹仟元整"), ("123456.78", "壹拾贰万叁仟肆佰伍拾陆元柒角捌分"), ("1000100.05", "壹佰万零壹佰元零伍分"),
        ("100000000", "壹亿元整"), ("100000001", "壹亿零壹元整"), ("1000000000", "壹拾亿元整"),
        ("1234.565", "壹仟贰佰叁拾肆元伍角柒分"),
        ("100010000", "壹亿零壹万元整"),
    ],
)  # fmt: skip
def test_sums_are_written_in_capitals(amount: str, words: str) -> None:
    assert capitals(Decimal(amount)) == words


def test_figures_have_two_decimals() -> None:
    assert figures(Decimal("12345.6")) == "12345.60"


@pytest.mark.parametrize("amount", ["-0.01", "1000000000000"])
def test_a_sum_out_of_range_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="超出范围"):
        capitals(Decimal(amount))


def test_a_short_title_stays_on_one_line() -> None:
    assert title_lines(["关于提请关闭", "演示矿", "的请示"]) == ("关于提请关闭演示矿的请示",)


def test_a_long_title_breaks_where_its_template_allows() -> None:
    assert title_lines(["关于提请注销", "中国演示股份有限公司山西分公司矿", "采矿权的函"]) == (
        "关于提请注销", "中国演示股份有限公司山西分公司矿", "采矿权的函",
    )  # fmt: skip


def test_no_line_of_a_title_is_wider_than_the_page() -> None:
    for lines in (title_lines(["关于", "很长" * 40, "的函"]), title_lines(["长A1" * 300])):
        assert max(width(line) for line in lines) <= 19


def test_typed_numbers_give_way_to_ours() -> None:
    text = unveil(numbered("3. 甲\n（4）乙\n五、丙\n1.5米高的挡墙"))
    assert text.splitlines() == ["1. 甲。", "2. 乙。", "3. 丙。", "4. 1.5米高的挡墙。"]


@pytest.mark.parametrize("text", ["", "甲", "😀", "\ud800", "\U000f0041"])
def test_a_veiled_text_is_found_again(text: str) -> None:
    assert unveil(veil(text)) == text


def test_light_markdown_becomes_blocks() -> None:
    body = markdown.parse("# 一、标题\n\n正文\n续行\n\n1. 甲\n   1. 乙\n\n***\n\n签收\n\n##### 附表\n\n表前")
    heading, text, first, inner = body.blocks
    assert isinstance(heading, Heading)
    assert heading.level == 1
    assert isinstance(text, Paragraph)
    assert text.text[0].text == "正文续行"
    assert isinstance(first, NumberedItem)
    assert isinstance(inner, NumberedItem)
    assert (first.label, inner.label) == ("1.", "（1）")
    assert len(body.tail) == 1
    assert [(annex.title, len(annex.blocks)) for annex in body.annexes] == [("附表", 1)]


def test_a_table_with_a_strong_first_cell_is_a_form() -> None:
    form, rows = markdown.parse(
        "| **甲** | 乙 | < |\n|--|----|-|\n| **丙** | | |\n\n文\n\n| 甲 | 乙 |\n|:-:|-|\n| 1 | 2 |"
    ).blocks[::2]
    assert isinstance(form, FormTable)
    assert [column.weight for column in form.columns] == [2, 4, 1]
    assert [(cell.span, cell.label) for cell in form.rows[0]] == [(1, True), (2, False)]
    assert isinstance(rows, Table)
    assert rows.columns[0].align == "center"


def test_an_annex_may_lie_across_the_paper() -> None:
    body = markdown.parse("文\n\n##### 名录 {横}\n\n甲\n\n##### 说明\n\n乙")
    assert [(annex.title, annex.landscape, len(annex.blocks)) for annex in body.annexes] == [
        ("名录", True, 1), ("说明", False, 1),
    ]  # fmt: skip
    assert not markdown.parse(f"##### {veil('名录{横}')}").annexes[0].landscape


@pytest.mark.parametrize("rows", [1, 300])
def test_papers_of_one_shape_keep_their_own_values(rows: int) -> None:
    for name in ("甲矿", "# 乙|矿", "\U00020000矿"):
        lines = "".join(f"| {n} | **{veil(name)}**{veil(str(n))} |\n" for n in range(rows))
        body = markdown.parse(
            f"{veil(name)}\n{veil(name)}。\n\n| 序 | 名 |\n|--|--|\n{lines}\n##### {veil(name)}表\n\n文"
        )
        first, table = body.blocks
        assert isinstance(first, Paragraph)
        assert isinstance(table, Table)
        assert first.text == (Span(f"{name}{name}。"),)
        assert [row[1].lines for row in table.rows] == [((Span(name, strong=True), Span(str(n))),) for n in range(rows)]
        assert body.annexes[0].title == f"{name}表"


def test_tables_have_short_forms_of_dates_and_long_numbers() -> None:
    nothing = Missing("facts.x", Ledger())
    assert filters.dotted("2026-03-02") == "2026.3.2"
    assert filters.dash(filters.dotted(nothing)) == "—"
    assert filters.dash(0) == 0
    assert [unveil(part) for part in str(filters.halves("C1405")).split(filters.BREAK)] == ["C14", "05"]
    assert filters.dash(filters.halves(nothing)) == "—"
    assert filters.length([1, 2]) == 2


@pytest.mark.parametrize("source", ["###### 太深", "1. 甲\n   1. 乙\n      1. 丙"])
def test_markdown_that_documents_do_not_use_is_refused(source: str) -> None:
    with pytest.raises(BadTemplate, match="公文不用的格式"):
        markdown.parse(source)


@pytest.mark.parametrize(
    ("clause", "text"),
    [
        ("四(二)6¶2", "四（二）6第2段"),
        ("三(二)1(5)", "三（二）1（5）"),
        ("一—4", "一第4项原则"),
        ("附件2#3", "附件2第3行"),
    ],
)
def test_a_clause_is_written_out_in_running_text(clause: str, text: str) -> None:
    assert clause_text(clause) == text
