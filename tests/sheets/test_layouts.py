"""The one table of a workbook is found wherever its head stands; what is not plain is a sentence."""

import pytest

from office.sheets.layouts import Unrecognised, find_table, fingerprint
from office.sheets.matching import Known, Register, name_key
from tests.sheets.tables import SURVEY, annex2, annex3, page, survey
from workflow.errors import BadInput

_ROW = [1, "演示矿", "演示公司", None, "砂岩"]


def test_the_survey_ledger_is_known_in_any_order_and_without_some_columns() -> None:
    table = find_table(survey(_ROW))
    assert (table.layout, table.rows, table.row_number(2)) == ("survey", (2,), 3)
    assert (table.columns["name"], table.column_letter("scale"), table.head("name")) == (1, "G", "矿山名称")
    turned = find_table((page(list(reversed(SURVEY[:5])), list(reversed(_ROW))),))
    assert turned.columns["name"] == 3


def test_the_annexes_are_known_as_printed() -> None:
    table = find_table(annex2([1, "演示矿", "演示公司", "C1", "砂岩", 10, "2024.1.1-2026.1.1", "√", None, "2026年"]))
    assert (table.layout, table.rows) == ("annex2", (3,))
    assert (table.columns["tick_closure"], table.columns["tick_guided_exit"], table.columns["exit_year"]) == (7, 8, 9)
    blocks = find_table(annex3([1, "演示区块", "石灰岩", 0.2, 2000, "演示镇", "2027年"]))
    assert (blocks.layout, sorted(blocks.columns)) == (
        "annex3", ["area", "location", "mineral", "name", "predicted_resource", "transfer_year"],
    )  # fmt: skip


def test_the_head_may_stand_below_titles_and_a_row_of_column_numbers_may_follow() -> None:
    titles = [["大标题"], [None], ["填报单位：", "演示镇"], ["2026年11月"]]
    table = find_table((page(*titles, SURVEY[:5], [1, 2, 3, 4, 5], _ROW),))
    assert (table.rows, table.left_out) == ((6,), 1)


def test_sums_signatures_and_empty_rows_are_left_out_and_counted() -> None:
    table = find_table(survey(_ROW, [None], ["合 计", None, None, None, 2], ["备注：略"], ["填表人：", "演示"]))
    assert (table.rows, table.left_out) == ((2,), 4)
    assert any("第 5、6、7 行" in note for note in table.notes)
    assert any("1 个空行" in note for note in table.notes)


def test_hidden_sheets_and_unknown_columns_are_left_out_and_said_so() -> None:
    table = find_table((page(["x"], name="旧", hidden=True), page([*SURVEY[:4], "联系人"], [*_ROW[:4], "演示"])))
    assert any("“旧”是隐藏的" in note for note in table.notes)
    assert any("没有读取的列：联系人" in note for note in table.notes)


@pytest.mark.parametrize(
    ("sheets", "saying"),
    [
        ((page(),), "没有内容"),
        ((page(["x"], hidden=True),), "隐藏"),
        ((page(["只有一个标题"]),), "表头没有认出来"),
        ((page(["甲", "乙"], [1, 2]),), "表头没有认出来"),
        ((page(["矿山名称", "规模", "生产规模"], ["演示矿", 1, 2]),), "B 列和 C 列表头都是“生产规模”"),
        ((page(["矿山名称", "生产规模（吨/年）"], ["演示矿", 1]),), "单位是“吨/年”"),
        ((page(["矿山名称", "采矿权人", "关闭取缔"], ["演示矿", "演示", "√"]),), "两栏都要有"),
        ((page(["矿山名称", "有效期", "有效期至"], ["演示矿", None, None]),), "只留一种"),
        ((*survey(_ROW), page(SURVEY, _ROW, name="副本")), "有 2 张工作表都像台账：“台账”、“副本”"),
    ],
)
def test_what_is_not_plain_is_refused_with_a_sentence(sheets: tuple[object, ...], saying: str) -> None:
    with pytest.raises(BadInput, match=saying):
        find_table(sheets)  # type: ignore[arg-type]


def test_one_of_several_sheets_may_be_named() -> None:
    assert find_table((*survey(_ROW), page(SURVEY, _ROW, name="副本")), sheet="副本").sheet.name == "副本"


def test_a_free_layout_is_assigned_once_and_known_again() -> None:
    sheets = (page(["标题"], ["企业全称", "规模", "地点", "情况"], ["演示矿", 10, "演示镇", "略"]),)
    with pytest.raises(Unrecognised) as unknown:
        find_table(sheets)
    assert unknown.value.heads == ("企业全称", "规模", "地点", "情况")
    assert unknown.value.proposal == {"scale": 1}

    mapping = {"name": 0, "scale": 1}
    assigned = find_table(sheets, mapping=mapping)
    known = find_table(sheets, {fingerprint(unknown.value.heads): mapping})
    for table in (assigned, known):
        assert (table.layout, table.rows, dict(table.columns)) == ("free", (2,), mapping)
    for wrong in ({"scale": 1}, {"name": 0, "scale": 0}, {"name": 9}, {"name": 0, "valid_to": 1, "validity": 2}):
        with pytest.raises(BadInput):
            find_table(sheets, mapping=wrong)


_REGISTER = Register([
    Known(1, "M-1", "演示县窰头（东）石灰岩矿", "演示矿业有限公司", "C1405002011087130116895"),
    Known(2, "M-2", "演示一号砂岩矿", "张三", ""),
    Known(3, "M-3", "演示长岭砂岩矿", "", ""),
])  # fmt: skip


@pytest.mark.parametrize(
    ("licence", "name", "holder", "codes"),
    [
        ("C1405002011087130116896", "另一座演示矿山", "某", ["M-1"]),
        ("C1405002011087130116805", "另一座演示矿山", "某", ["M-1"]),
        ("C1405002011087130116906", "另一座演示矿山", "某", []),
        (None, "演示县窑头（东）石灰岩矿", "演示矿业有限公司", ["M-1"]),
        (None, "窰头石灰岩矿", None, ["M-1"]),
        (None, "演示一号砂岩矿", "李四", ["M-2"]),
        (None, "演示一号砂岩矿", None, ["M-2"]),
        (None, "演示二号砂岩矿", "张三", []),
        (None, "演示长岭村砂岩矿", "", ["M-3"]),
        (None, "演示岭砂岩矿", "", ["M-3"]),
        (None, "毫不相干采石场", "", []),
    ],
)
def test_near_mines_are_offered_and_siblings_are_not(
    licence: str | None, name: str, holder: str | None, codes: list[str]
) -> None:
    near = _REGISTER.near([(licence, name_key(name), holder)])
    assert [mine.code for mine, _ in near.get(0, [])] == codes


def test_brackets_blanks_and_widths_do_not_count_but_variant_characters_do() -> None:
    assert name_key("演示县窰头（东） 石灰岩矿") == name_key("演示县窰头(东)石灰岩矿")
    assert name_key("窰头") != name_key("窑头")


def test_many_names_with_the_same_numerals_are_found_by_their_shapes() -> None:
    names = [f"演示{a}{b}沟石灰岩矿" for a in "桃梨杏李" for b in "花果树木"]
    register = Register(Known(n, f"M-{n}", name, "", "") for n, name in enumerate(names))
    near = register.near([(None, name_key("演示桃花石灰岩矿"), "")])
    assert [mine.name for mine, _ in near[0]] == ["演示桃花沟石灰岩矿"]
