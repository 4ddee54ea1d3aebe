"""What people type becomes a value, or one clear sentence; what hides in a text is refused."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.fields import Evidence, Field, FieldError, FieldType, clean_name, clean_text, printable
from states.registry import PROCEDURES

DATE = Field("day", "停产日期", "date")
NUMBER = Field("scale", "生产规模", "number", unit="万吨/年")
YEAR = Field("year", "退出年度", "number", low=2020, high=2100, unit="年")
DAYS = Field("days", "整改天数", "days", low=1, high=365)
CHOICE = Field("route", "整治方式", "choice", choices={"closure": "关闭取缔", "upgrade": "升级改造"})
YES = Field("passed", "各项全部合格", "yes")
DOCUMENT = Field("number", "批准文号", "document_number")
TEXT = Field("reason", "理由")

#: Names that would do harm in a mail header, a document, a template, a path or a terminal.
HOSTILE = {
    "mail header": "=?utf-8?q?x=0ABcc:_e@x?=", "document markup": "</w:t>", "template": "{{ 7*7 }}", "path": "../../x",
    "terminal markup": "[/red]", "NUL": "石灰岩\0矿", "right-to-left": "矿\u202e岩灰石", "isolate": "矿\u2066岩\u2069",
    "zero width": "石\u200b灰岩矿", "byte order mark": "\ufeff石灰岩矿", "escape": "\x1b[31m矿", "line break": "矿\nBcc: e@x",
    "carriage return": "矿\r\nBcc: e@x", "script": "<script>alert(1)</script>", "table cell": "矿|矿", "tab": "矿\t矿",
    "shell": "矿;rm -rf $HOME", "formula": "=1+1", "backslash": "C:\\矿", "quote": '矿"矿', "line separator": "矿\u2028矿",
    "surrogate": "矿\ud800",
}  # fmt: skip


def wide(text: str) -> str:
    """As a Chinese keyboard types it: full-width."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def refusal(field: Field, typed: object) -> str:
    with pytest.raises(FieldError) as refused:
        field.read(typed)
    return str(refused.value)


@pytest.mark.parametrize(
    "typed",
    ["2026-11-03", "2026-11-3", "2026/11/3", "2026.11.3", "2026年11月3日", "2026年11月3", " 2026-11-03\n",
     wide("2026-11-03"), wide("2026年11月3日"), wide("2026.11.3")],
)  # fmt: skip
def test_a_date_is_read_in_every_usual_way(typed: str) -> None:
    assert DATE.read(typed) == "2026-11-03"


@pytest.mark.parametrize("typed", ["2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "2026-11-31", "0000-01-01"])
def test_a_date_that_does_not_exist_is_refused(typed: str) -> None:
    assert refusal(DATE, typed) == f"“停产日期”填写的“{typed}”不对：没有这一天，请核对年月日。"


@pytest.mark.parametrize(
    "typed", ["明天", "11-23", "2026-11", "26-11-23", "20261123", "2026-11-23T00:00", "2026-11-23 2027"]
)
def test_what_is_no_date_is_refused_with_an_example(typed: str) -> None:
    assert refusal(DATE, typed) == f"“停产日期”填写的“{typed}”不对：应为日期，例如 2026-11-23。"


def test_a_leap_day_exists() -> None:
    assert DATE.read("2028年2月29日") == "2028-02-29"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("10", "10"),
        ("10.50", "10.50"),
        ("1,234.5", "1234.5"),
        (wide("12.5"), "12.5"),
        (" 0 ", "0"),
        ("1e3", "1000"),
        (30, "30"),
    ],
)
def test_a_number_is_read_exactly(typed: object, value: str) -> None:
    assert NUMBER.read(typed) == value


@pytest.mark.parametrize("typed", ["十万", "10万", "1-2", "NaN!", "--1", "0x10"])
def test_what_is_no_number_is_refused_with_its_unit(typed: str) -> None:
    assert refusal(NUMBER, typed) == f"“生产规模”填写的“{typed}”不对：应为数字（万吨/年）。"


@pytest.mark.parametrize("typed", ["NaN", "Infinity", "-Infinity", "1e15", "9" * 30, "1e400"])
def test_a_number_beyond_all_measure_is_refused(typed: str) -> None:
    assert refusal(NUMBER, typed).endswith("不对：数字超出范围。")


@pytest.mark.parametrize(
    ("field", "typed", "limit"),
    [
        (NUMBER, "-1", "不能小于 0"),
        (YEAR, "2019", "应在 2020 到 2100 之间"),
        (YEAR, "2101", "应在 2020 到 2100 之间"),
        (DAYS, "0", "应在 1 到 365 之间"),
        (DAYS, "366", "应在 1 到 365 之间"),
    ],
)
def test_a_number_out_of_range_is_refused_with_the_range(field: Field, typed: str, limit: str) -> None:
    assert refusal(field, typed) == f"“{field.label}”填写的“{typed}”不对：{limit}。"


@pytest.mark.parametrize(("typed", "value"), [("2020", "2020"), ("2100", "2100"), (wide("2026"), "2026")])
def test_a_range_includes_its_ends(typed: str, value: str) -> None:
    assert YEAR.read(typed) == value


def test_days_are_whole() -> None:
    assert DAYS.read(wide("30")) == 30
    for typed in ("1.5", "-1", "三十", "1000000"):
        assert refusal(DAYS, typed) == f"“整改天数”填写的“{typed}”不对：应为整数天数。"


def test_a_choice_is_taken_by_its_name_or_its_label() -> None:
    assert CHOICE.read("closure") == "closure"
    assert CHOICE.read("升级改造") == "upgrade"
    assert refusal(CHOICE, "炸掉") == ("“整治方式”填写的“炸掉”不对：只能选择：关闭取缔(closure)、升级改造(upgrade)。")


@pytest.mark.parametrize("typed", ["是", "yes", "TRUE", "1", "√", True])
def test_a_confirmation_is_a_yes(typed: object) -> None:
    assert YES.read(typed) is True


@pytest.mark.parametrize("typed", ["否", "no", "0", False, "也许"])
def test_a_confirmation_cannot_be_a_no(typed: object) -> None:
    assert refusal(YES, typed).endswith("不对：此项须确认为“是”，否则本环节不能办理。")


@pytest.mark.parametrize(
    "typed",
    ["阳政函〔2026〕5号", "阳政函[2026]5号", wide("阳政函(2026)5号"), "阳政函【2026】5号", "阳政函﹝2026﹞5号"],
)
def test_a_document_number_is_set_in_its_proper_brackets(typed: str) -> None:
    assert DOCUMENT.read(typed) == "阳政函〔2026〕5号"


@pytest.mark.parametrize(
    "typed",
    ["阳政函5号", "〔2026〕5号", "阳政函〔2026〕05号", "阳政函〔26〕5号", "阳政函〔2026〕第5号", "阳政函〔2026〕5"],
)
def test_an_incomplete_document_number_is_refused_with_an_example(typed: str) -> None:
    assert refusal(DOCUMENT, typed).endswith("不对：应为完整文号，例如 阳政函〔2026〕5号。")


@pytest.mark.parametrize("field", [DATE, NUMBER, DAYS, CHOICE, YES, DOCUMENT, TEXT], ids=lambda field: field.type)
@pytest.mark.parametrize("typed", ["", "  ", "\n", "\u3000"])
def test_nothing_is_not_a_value(field: Field, typed: str) -> None:
    assert refusal(field, typed) == f"“{field.label}”不能为空。"


def test_a_text_keeps_its_own_characters() -> None:
    text = "经查：西窰村（原园河村）堆场 2 处，详见“记录”第3页。\n附图。"
    assert TEXT.read(f" {text} ") == text


@pytest.mark.parametrize(
    ("text", "code", "at"), [("a\0b", "U+0000", 2), ("\u202eab", "U+202E", 1), ("ab\u200b", "U+200B", 3)]
)
def test_an_invisible_character_is_named_with_its_place(text: str, code: str, at: int) -> None:
    with pytest.raises(FieldError) as refused:
        clean_text(text, "理由")
    assert str(refused.value) == f"“理由”第 {at} 个字符是看不见的控制字符（{code}），请删去后重填。"


def test_a_text_has_an_end() -> None:
    assert len(clean_text("字" * 4000, "理由")) == 4000
    assert refusal(TEXT, "字" * 4001) == "“理由”有 4001 个字，最多 4000 个，请写短或改作附件。"


def test_what_was_typed_wrongly_is_quoted_without_what_it_hides() -> None:
    sentence = refusal(DATE, "\x1b[2J\u202e" + "x" * 100)
    assert "\x1b" not in sentence
    assert "\u202e" not in sentence
    assert "□[2J□" in sentence
    assert len(sentence) < 100


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_name_is_refused_in_one_clean_sentence(kind: str) -> None:
    with pytest.raises(FieldError) as refused:
        clean_name(HOSTILE[kind], "矿山名称")
    sentence = str(refused.value)
    assert sentence.startswith("“矿山名称”")
    assert sentence.endswith("。")
    assert sentence.count("。") == 1
    assert printable(sentence) == sentence


@pytest.mark.parametrize("hidden", ["\u3164", "\u115f", "\u1160", "\uffa0"])
def test_a_letter_that_shows_nothing_has_no_place_in_a_name(hidden: str) -> None:
    with pytest.raises(FieldError):
        clean_name(f"石灰{hidden}岩矿", "矿山名称")


@pytest.mark.parametrize("hidden", ["\u061c", "\u00ad", "\u180e", "\ufff9", "\U000e0041"])
def test_no_invisible_character_has_a_place_in_a_text(hidden: str) -> None:
    with pytest.raises(FieldError):
        clean_text(f"石灰{hidden}岩矿", "理由")


def test_a_number_is_never_stored_longer_than_it_was_typed_by_a_page() -> None:
    with pytest.raises(FieldError):
        NUMBER.read("1E-999999")


@pytest.mark.parametrize("typed", ["10²", "①"])
def test_a_raised_or_circled_digit_is_no_digit(typed: str) -> None:
    with pytest.raises(FieldError):
        NUMBER.read(typed)


@pytest.mark.parametrize(
    "name",
    ["阳城县山仁行砂岩矿", "中国铝业股份有限公司山西分公司阳城南坡铝矿", "河北镇圪涝掌石灰岩矿(圪涝掌集中开采区)",
     "阳城县河北镇西窰村(原园河村)香炉山二矿", "潘李兵", "阳城县河北镇北梁村民委员会", "ABC（中国）矿业·第3分公司", "一〇一矿"],
)  # fmt: skip
def test_a_name_on_a_licence_is_taken_as_it_stands(name: str) -> None:
    assert clean_name(f"  {name} ", "矿山名称") == name


def test_a_name_is_neither_empty_nor_endless() -> None:
    for name, said in (("", "不能为空"), (" \t", "不能为空"), ("矿" * 101, "有 101 个字，最多 100 个")):
        with pytest.raises(FieldError, match=said):
            clean_name(name, "矿山名称")


@given(st.text())
def test_whatever_is_typed_as_a_name_is_clean_or_refused(typed: str) -> None:
    try:
        name = clean_name(typed, "名称")
    except FieldError:
        return
    assert printable(name) == name
    assert not set(name) & set("<>{}[]/\\=?@|\"'`$;:%~^\n\r\t")
    assert clean_name(name, "名称") == name


@given(st.sampled_from([DATE, NUMBER, YEAR, DAYS, CHOICE, YES, DOCUMENT, TEXT]), st.text(max_size=40))
def test_whatever_is_typed_becomes_a_value_or_one_sentence(field: Field, typed: str) -> None:
    try:
        value = field.read(typed)
    except FieldError as error:
        sentence = str(error)
    else:
        assert field.read(value) == value
        assert not isinstance(value, str) or unicodedata.is_normalized("NFC", value)
        return
    assert sentence.startswith(f"“{field.label}”")
    assert sentence.endswith("。")


def every_field() -> list[tuple[str, Field]]:
    return [
        (f"{procedure.id}.{place}", field)
        for procedure in PROCEDURES.values()
        for place, fields in (("asks", procedure.asks), *((s.trigger, s.fields) for s in procedure.steps))
        for field in fields
    ]


def test_every_field_of_a_card_is_worded_and_complete() -> None:
    for place, field in every_field():
        assert field.label, place
        assert (field.type == "choice") == bool(field.choices), place
        assert not field.past or field.type == "date", place
        assert field.low is None or field.high is None or field.low < field.high, place


def test_no_card_asks_twice_for_one_value_or_file() -> None:
    for procedure in PROCEDURES.values():
        for step in procedure.steps:
            names = [field.name for field in step.fields]
            files = [evidence.name for evidence in step.evidence]
            assert len(names) == len(set(names)), step.trigger
            assert len(files) == len(set(files)), step.trigger


@pytest.mark.parametrize("kind", ["text", "date", "days", "number", "money", "choice", "yes", "document_number"])
def test_every_type_refuses_control_characters(kind: FieldType) -> None:
    with pytest.raises(FieldError):
        Field("any", "任意", kind, choices={"a": "甲"}).read("a\0b")


def test_evidence_says_what_it_is_and_who_supplies_it() -> None:
    assert Evidence("record", "现场核查记录", "乡(镇)人民政府").by == "乡(镇)人民政府"
