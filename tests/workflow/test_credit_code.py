"""统一社会信用代码: a slip of the pen is named by its place; an old registration number and a plain 无 are taken."""

import pytest

from workflow.credit_code import checked_uscc
from workflow.errors import BadInput

#: From a public page; the others are made up, with a right check character.
GOOD = "11140521012445090F"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (GOOD, GOOD), (f" {GOOD.lower()} ", GOOD), ("１1140521 012445090F", GOOD), ("11140521-012445090F", GOOD),
        ("91140522MA0000000K", "91140522MA0000000K"), ("N2140522MA00000003", "N2140522MA00000003"),
        ("140522000012345", "140522000012345"), ("无", "无"),
    ],
)  # fmt: skip
def test_what_is_right_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert checked_uscc(typed) == kept


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "有 0 位：应为 18 位"), (GOOD[:-1], "有 17 位：应为 18 位（旧版营业执照"),
        (GOOD + "0", "有 19 位"),
        ("12345678901234", "有 14 位"), ("11140521012445O90F", "第 15 位是 O：代码不用字母 I、O、S、V、Z，是否应为 0"),
        ("I1140521012445090F", "第 1 位是 I"), ("1114052101244509，F", "第 17 位“,”不对"), ("11140521012445090X", "校验位对不上"),
        ("11140521012445900F", "校验位对不上"), ("111405A1012445090F", "第 3 至 8 位是登记机关的区划代码"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(typed: str, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        checked_uscc(typed)
    assert words in str(refused.value)


@pytest.mark.parametrize("place", range(18))
def test_a_changed_character_does_not_pass(place: int) -> None:
    other = "2" if GOOD[place] != "2" else "3"
    with pytest.raises(BadInput):
        checked_uscc(GOOD[:place] + other + GOOD[place + 1 :])
