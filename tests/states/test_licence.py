"""采矿许可证号: taken apart, held against validity, mineral and registrars; a pattern warns and never refuses."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.licence import Serials, cancelled_by, parse, remarks
from tests.states.published import ROWS

REGISTRARS = {"140000": "省登记机关", "140500": "市登记机关"}
GOOD = "C1405002016117130143369"
PUBLISHED = [str(row.facts["licence_number"]) for row in ROWS if row.annex == 2]


def said(
    number: str, about: str, *, start: str = "2016-11-29", mineral: str = "陶瓷土", **registrars: str
) -> tuple[str, str]:
    found = remarks(
        number, valid_from=date.fromisoformat(start), mineral=mineral, registrars=registrars or REGISTRARS
    )  # fmt: skip
    (one,) = [remark for remark in found if remark.about == about]
    return one.level, one.sentence


def test_a_number_is_taken_apart() -> None:
    found = parse(f" {GOOD} ")
    assert found
    assert (found.region, found.year, found.month, found.middle, found.serial) == ("140500", 2016, 11, "7130", "143369")
    assert found.issued == "2016年11月"


@pytest.mark.parametrize(
    "number",
    ["", "C", GOOD[1:], GOOD.lower(), GOOD + "0", GOOD[:-1], GOOD.replace("201611", "201613"), GOOD.replace("2016", "1816"),
     "Ｃ" + GOOD[1:], GOOD[:-1] + "９", "1.405002016117130143369e22"],
)  # fmt: skip
def test_what_is_no_number_is_an_error_that_says_how_one_looks(number: str) -> None:
    assert parse(number) is None
    (one,) = remarks(number, valid_from=None, mineral="", registrars=REGISTRARS)
    assert (one.about, one.level) == ("format", "error")
    assert "应为字母 C 加 22 位数字，共 23 位" in one.sentence


@pytest.mark.parametrize(
    ("number", "level", "words"),
    [
        (GOOD, "info", "登记机关是市登记机关"),
        (GOOD.replace("140500", "140000"), "info", "登记机关是省登记机关"),
        (GOOD.replace("140500", "140522"), "warning", "属于本市，但没有登记这个机关（已登记 140000、140500）"),
        (GOOD.replace("140500", "140600"), "warning", "不是本县所在的市、省登记机关"),
        (GOOD.replace("140500", "110100"), "warning", "不是本县所在的市、省登记机关"),
    ],
)
def test_the_region_says_who_alone_may_cancel(number: str, level: str, words: str) -> None:
    assert said(number, "region")[0] == level
    assert words in said(number, "region")[1]


def test_a_county_without_registrars_is_told_that_nobody_can_be_asked() -> None:
    (one, *_) = remarks(GOOD, valid_from=None, mineral="", registrars={})
    assert (one.level, "还没有登记，无法确定向谁提请注销" in one.sentence) == ("warning", True)


@pytest.mark.parametrize(
    ("start", "level", "words"),
    [("2016-11-29", "info", "同月，是首期许可证"), ("2023-03-29", "info", "是延续（换发）的许可证，号码不变"),
     ("2016-10-31", "warning", "晚于有效期起 2016-10-31"), ("2015-12-01", "warning", "请照证核对")],
)  # fmt: skip
def test_year_and_month_are_held_against_the_beginning_of_the_term(start: str, level: str, words: str) -> None:
    found = said(GOOD, "month", start=start)
    assert (found[0], words in found[1]) == (level, True), found


@pytest.mark.parametrize(
    ("mineral", "digit", "level"),
    [
        ("陶瓷土", "7", "info"),
        ("石灰岩", "7", "info"),
        ("铝土矿", "3", "info"),
        ("铝土矿", "7", "warning"),
        ("砂岩", "3", "warning"),
    ],
)
def test_the_class_of_the_mineral_is_only_a_pattern_and_says_so(mineral: str, digit: str, level: str) -> None:
    number = GOOD[:13] + digit + GOOD[14:]
    found = said(number, "mineral", mineral=mineral)
    assert (found[0], "按规律推断" in found[1], "没有公布的规定" in found[1]) == (level, True, True)


def test_of_a_mineral_that_was_not_seen_nothing_is_said() -> None:
    found = remarks(GOOD, valid_from=None, mineral="石膏", registrars=REGISTRARS)
    assert [remark.about for remark in found] == ["region"]


@pytest.mark.parametrize("number", PUBLISHED)
def test_the_published_numbers_are_consistent(number: str) -> None:
    row = next(row for row in ROWS if row.facts.get("licence_number") == number)
    found = remarks(
        number, valid_from=date.fromisoformat(str(row.facts["valid_from"])), mineral=str(row.facts["mineral"]),
        registrars=REGISTRARS,
    )  # fmt: skip
    assert [(one.about, one.level) for one in found] == [("region", "info"), ("month", "info"), ("mineral", "info")]
    licence = parse(number)
    assert licence
    assert cancelled_by(licence, REGISTRARS) == ("省登记机关" if number.startswith("C140000") else "市登记机关")
    assert Serials(PUBLISHED).against(licence) == ""


def test_a_serial_that_does_not_rise_with_the_month_names_the_other() -> None:
    early, late = parse("C1405002010017130000009"), parse("C1405002011017130000005")
    assert early
    assert late
    serials = Serials([early.number, late.number, "nonsense"])
    assert (serials.against(early), serials.against(late)) == (late.number, early.number)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    assert (parse(text) is None) == (remarks(text, valid_from=None, mineral="", registrars={})[0].about == "format")
