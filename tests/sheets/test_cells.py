"""Values as people write them in sheets are read, or refused with a reason that says what to do."""

from datetime import date, datetime
from typing import Any

import pytest

from office.sheets.bulk import read_plain
from office.sheets.cells import canonical, read_cell, written
from office.sheets.columns import COLUMNS, name_of, stamp
from states.fields import FieldError

LICENCE = "C1405002011087130116895"


@pytest.mark.parametrize(
    ("name", "cell", "stored"),
    [
        ("validity", "2024.12.1-2025.1.2", ("2024-12-01", "2025-01-02")),
        ("validity", "2024年12月1日至2025年1月2日", ("2024-12-01", "2025-01-02")),
        ("validity", "２０２４．１２．１～２０２５．１．２", ("2024-12-01", "2025-01-02")),
        ("validity", "2024-12-01-2025-01-02", ("2024-12-01", "2025-01-02")),
        ("validity", "2024/12/1—2025/1/2", ("2024-12-01", "2025-01-02")),
        ("validity", "自2024年12月1日起至2025年1月2日止", ("2024-12-01", "2025-01-02")),
        ("valid_to", "2025/1/2", "2025-01-02"),
        ("valid_to", "2025年1月2日", "2025-01-02"),
        ("valid_to", " ２０２５．１．２\u3000", "2025-01-02"),
        ("valid_to", "20250102", "2025-01-02"),
        ("valid_to", 20250102.0, "2025-01-02"),
        ("valid_to", date(2025, 1, 2), "2025-01-02"),
        ("valid_to", datetime(2025, 1, 2), "2025-01-02"),  # noqa: DTZ001 (as a cell has it)
        ("valid_to", "—", None),
        ("valid_to", None, None),
        ("scale", "１０", "10"),
        ("scale", "10万吨/年", "10"),
        ("scale", "10 万吨／年", "10"),
        ("scale", "1,234.50", "1234.5"),
        ("scale", 10.0, "10"),
        ("scale", 0.1 + 0.2, "0.3"),
        ("exit_year", "2026年", "2026"),
        ("exit_year", 2026.0, "2026"),
        ("is_mining", "有", "yes"),
        ("is_mining", "Ｙ", "yes"),
        ("is_mining", "×", "no"),
        ("is_mining", True, "yes"),
        ("tick_closure", "☑", True),
        ("tick_closure", "v", True),
        ("tick_closure", 1.0, True),
        ("tick_closure", "否", False),
        ("licence_number", LICENCE, LICENCE),
        ("licence_number", "Ｃ1405002011087 130116895\u00a0", LICENCE),
        ("licence_number", "无", "无"),
        ("business_licence_number", "11140521012445090F", "11140521012445090F"),
        ("production_status", "停产", "停产"),
        ("name", "演示\n砂岩矿", "演示砂岩矿"),
        ("safety_permit_number", 123.0, "123"),
        ("penalty_ecology", "第一行\r\n第二行", "第一行\n第二行"),
        ("township_id", "演示镇", "township_demo"),
    ],
)
def test_a_cell_becomes_what_is_stored(name: str, cell: Any, stored: Any) -> None:
    assert read_cell(COLUMNS[name], cell, {"演示镇": "township_demo"}) == stored


@pytest.mark.parametrize(
    ("name", "cell", "saying"),
    [
        ("validity", "2025.2.30-2025.3.1", "没有 2025.2.30 这一天"),
        ("validity", "2025.3.1～2025.2.1", "起 2025-03-01 晚于止 2025-02-01"),
        ("validity", "2025.1.1", "要写起止两个日期"),
        ("validity", date(2025, 1, 1), "要写起止两个日期"),
        ("valid_to", "2025.2.30", "没有 2025.2.30 这一天"),
        ("valid_to", "2025年", "要写到日"),
        ("valid_to", "2025年1月", "要写到日"),
        ("valid_to", 2025.0, "要写到日"),
        ("valid_to", "45627", "存成文本的 Excel 日期序号"),
        ("valid_to", 45627.0, "单元格没有设成日期格式"),
        ("valid_to", "25.1.2", "年份要写四位"),
        ("valid_to", "2024.12.1-2025.1.2", "只要一个日期"),
        ("valid_to", "长期", "看不出是哪一天"),
        ("valid_to", date(1900, 1, 5), "核对年份"),
        ("valid_to", True, "是逻辑值"),
        ("scale", "10万立方米/年", "这一栏的单位是万吨/年"),
        ("scale", "10万", "这一栏的单位是万吨/年"),
        ("scale", "1,5", "千位逗号的位置不对"),
        ("scale", "约10", "不写“约”"),
        ("scale", "10-15", "不是一个确定的数字"),
        ("scale", "10²", "不能确定"),
        ("scale", -5.0, "不能是负数"),
        ("scale", "1e3", "科学计数"),
        ("scale", date(2025, 1, 1), "是日期，不是数字"),
        ("scale", 1e20, "数字已经丢失|超出范围"),
        ("exit_year", "2026年底", "四位年份"),
        ("exit_year", date(2026, 1, 1), "写成 2026"),
        ("exit_year", "1999", "应在 2020 到 2100 之间"),
        ("is_mining", "也许", "只能填“是”或“否”"),
        ("is_mining", 1.0, "只能填“是”或“否”"),
        ("tick_closure", "x", "只打勾"),
        ("licence_number", 1.4050020110871301e21, "存成了数字"),
        ("licence_number", LICENCE[:-1], "现在是 22 位"),
        ("business_licence_number", "11140521012445090A", "校验位对不上"),
        ("business_licence_number", 911405220000000000, "存成了数字"),
        ("name", 12.0, "不是名称"),
        ("name", "甲\u202e乙", "看不见的控制字符"),
        ("name", "甲*乙", "不能用在名称里"),
        ("name", "矿" * 101, "最多 100 个"),
        ("penalty_ecology", "x" * 4001, "最多 4000 个"),
        ("safety_permit_number", "#N/A", "公式出错"),
        ("safety_permit_number", 12345678901234567890.0, "已经丢失"),
        ("production_status", "停产了", "只能填：正常生产"),
        ("township_id", "没有的镇", "没有登记过"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_what_to_do(name: str, cell: Any, saying: str) -> None:
    with pytest.raises(FieldError, match=saying):
        read_cell(COLUMNS[name], cell, {"演示镇": "township_demo"})


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("name", ["演示矿", None, "演示（二）矿"]),
        ("name", ["演示矿", " 演示矿"]),
        ("name", ["演示矿", "甲\u202e乙"]),
        ("name", ["演示矿", "-"]),
        ("name", ["e\u0301矿"]),
        ("penalty_ecology", ["文字", "—", None]),
        ("penalty_ecology", ["#N/A"]),
        ("penalty_ecology", ["一\n二", "尾 "]),
        ("licence_number", [LICENCE, None]),
        ("licence_number", [LICENCE, LICENCE[:-1]]),
        ("business_licence_number", ["11140521012445090F", None]),
        ("business_licence_number", ["11140521012445090F", "11140521012445090A"]),
        ("business_licence_number", ["无"]),
        ("scale", [1, 2.5, None, 0.1 + 0.2, 1234567.125]),
        ("scale", [1, -2.5]),
        ("scale", [1e20]),
        ("scale", [True, 1]),
        ("valid_to", [date(2025, 1, 2), None]),
        ("valid_to", [date(1900, 1, 2)]),
        ("is_mining", ["是", "否"]),
        ("exit_year", [2026, 2027]),
    ],
)
def test_a_stretch_read_at_once_is_what_its_cells_are_one_by_one(name: str, cells: list[Any]) -> None:
    column = COLUMNS[name]
    at_once = read_plain(column, cells)
    if at_once is not None:
        assert at_once == [read_cell(column, cell) for cell in cells]


@pytest.mark.parametrize("name", ["name", "penalty_ecology"])
def test_whatever_sign_stands_in_a_cell_it_is_read_at_once_as_alone(name: str) -> None:
    column = COLUMNS[name]
    signs = [
        chr(code) for code in (*range(0x3200), *range(0xD7F0, 0xF900, 16), *range(0xFE00, 0x10000), 0x20000, 0xE0041)
    ]
    at_once = [
        word for sign in signs for word in (f"演{sign}矿", f"{sign}矿", f"矿{sign}") if read_plain(column, [word])
    ]
    assert len(at_once) > 10_000
    for word in at_once:
        assert read_plain(column, [word]) == [read_cell(column, word)]


def test_plain_stretches_are_read_at_once_and_odd_ones_are_not() -> None:
    assert read_plain(COLUMNS["name"], ["演示矿", None]) == ["演示矿", None]
    assert read_plain(COLUMNS["name"], ["演示矿", "甲\u202e乙"]) is None
    assert read_plain(COLUMNS["business_licence_number"], ["11140521012445090A"]) is None


def test_stored_spellings_compare_like_what_they_mean() -> None:
    assert canonical(COLUMNS["scale"], "10.50") == read_cell(COLUMNS["scale"], 10.5)
    assert canonical(COLUMNS["is_mining"], "否") == read_cell(COLUMNS["is_mining"], "否") == "no"
    assert written(COLUMNS["is_mining"], "no") == "否"
    assert canonical(COLUMNS["valid_to"], "不详") == "不详"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("采矿许可证\n有效期", "validity"), ("有效期至", "valid_to"), ("生产规模 (万吨/年)", "scale"),
        ("拟设矿业权名称(规划区块)", "name"), ("所在乡镇", "township_id"), ("矿种", "mineral"), ("联系人", ""),
    ],
)  # fmt: skip
def test_heads_are_known_whatever_their_blanks_and_brackets(head: str, name: str) -> None:
    assert name_of(head) == name


def test_the_stamp_moves_with_each_value_that_a_sheet_may_change() -> None:
    values = {"scale": "10", "remaining_life": "", "other": "x"}
    assert stamp(values) == stamp({"scale": "10"}) == stamp({**values, "other": "y"})
    assert stamp({**values, "scale": "11"})[:12] != stamp(values)[:12]
    assert stamp(values, {"state": "建档"})[:12] == stamp(values)[:12]
    assert stamp(values, {"state": "建档"}) != stamp(values)
