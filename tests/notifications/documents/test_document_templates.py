"""The wording: every kind of document has a template that says what a paper of its kind must say."""

import re

import pytest

from notifications.documents import labels
from notifications.documents.compose import NoTemplate, compose, has_template, templates_folder
from notifications.documents.model import BLANK, NumberedItem
from states.documents import BY_ID, KINDS, DocumentKind
from tests.notifications.documents.case_data import all_text, case_data, composed, reopened

EVERY_KIND = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)


@EVERY_KIND
def test_every_kind_of_document_has_a_template_and_becomes_a_file(kind: DocumentKind) -> None:
    assert has_template(kind.id)
    document = compose(kind, case_data())
    text = all_text(document)
    assert document.title
    assert reopened(document).core_properties.title == "".join(document.title)
    assert "**" not in text, "strong text that Markdown did not close"
    assert "{{" not in text
    assert "。。" not in text


@EVERY_KIND
def test_every_document_cites_the_plan(kind: DocumentKind) -> None:
    assert "《演示县实施方案》（演政办发〔2025〕17号）" in all_text(compose(kind, case_data()))


@EVERY_KIND
def test_chinese_text_has_no_half_width_brackets_and_no_word_of_the_template_language(kind: DocumentKind) -> None:
    template = (templates_folder() / "documents" / f"{kind.id}.md.j2").read_text(encoding="utf-8")
    wording = re.sub(r"\{[%{#].*?[%}#]\}", "", template, flags=re.DOTALL)
    assert not re.search(r"[()\[\]【】]", wording)


def test_no_template_stands_without_its_kind() -> None:
    names = {path.name.removesuffix(".md.j2") for path in (templates_folder() / "documents").glob("*.md.j2")}
    assert {name for name in names if not name.startswith("_")} == set(BY_ID)


def test_every_value_that_a_template_reads_has_a_chinese_name() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (templates_folder() / "documents").glob("*.md.j2"))
    groups = "facts|mine|case|issuer|recipient|plan"
    read = {found.group() for found in re.finditer(rf"\b(?:{groups})\.[a-z_]+", source)}
    assert [path for path in sorted(read) if labels.label(path) == path] == []


def test_an_unknown_kind_is_refused_by_name() -> None:
    kind = DocumentKind("F99", "love_letter", "情书", "文件", (), "无")
    assert not has_template("love_letter")
    assert not has_template("../emails/digest")
    assert not has_template("_common")
    with pytest.raises(NoTemplate, match="《情书》还没有模板"):
        compose(kind, case_data())


def test_a_commitment_letter_promises_the_dates_of_the_case() -> None:
    letter = composed("upgrade_commitment")
    text = all_text(letter)
    assert (letter.mark, letter.number) == ("", "")
    assert letter.addressee == "演示县整治提升工作组"
    assert [b.text[0].text for b in letter.blocks if isinstance(b, NumberedItem)][2:6] == [
        "于2026年12月31日前（含当日）报送升级改造工作方案。",
        "于2027年3月31日前（含当日）完成设计和各项审批。",
        "于2027年10月31日前（含当日）完成全部改造工程。",
        "于2027年12月31日前（含当日）申请竣工验收。",
    ]
    assert "100万吨/年" in text
    assert "剩余可采资源服务年限为8年" in text
    assert "一式两份" in text
    assert letter.copies == 2


def test_a_commitment_letter_is_signed_and_dated_by_hand() -> None:
    letter = composed("upgrade_commitment")
    assert letter.signature.lines[0] == "承诺人（盖章）：演示青石岭矿业有限公司"
    assert letter.signature.lines[1].startswith("法定代表人（负责人）签字：")
    assert letter.signature.lines[1].endswith(BLANK)
    assert letter.date == f"{BLANK * 2}年{BLANK * 2}月{BLANK * 2}日"


def test_an_order_names_party_facts_basis_demands_term_rights_and_contact() -> None:
    order = composed("rectification_order")
    text = all_text(order)
    for words in (
        "当事人：演示青石岭矿业有限公司", "采矿许可证号：C1405002016117130143369", "采场边坡未治理；",
        "本通知依据《演示法》第一条，以及《演示县实施方案》（演政办发〔2025〕17号）四（二）4的规定作出。",
        "1.治理采场边坡。", "2.补提恢复基金。", "2026年12月23日前（含当日）", "陈述、申辩", "可以依法申请行政复议。",
        "演示联系人，000-0000000", "受送达人签收",
    ):  # fmt: skip
        assert words in text
    assert order.signature.organ == order.mark == "演示县自然资源局"
    assert order.date == "2026年11月23日"


def test_number_and_date_are_blank_until_they_are_given() -> None:
    draft = composed("rectification_order", date=None)
    assert draft.number == f"{BLANK * 4}〔{BLANK * 2}〕{BLANK * 2}号"
    assert draft.date.count(BLANK) == 6
    issued = composed("rectification_order", number="演自然资责改〔2026〕3号", date="2026-11-23")
    assert (issued.number, issued.date) == ("演自然资责改〔2026〕3号", "2026年11月23日")


def test_a_request_to_the_superior_has_a_signer_one_recipient_and_a_contact() -> None:
    request = composed("list_request", facts__signer="演示签发人")
    assert request.signer == "演示签发人"
    assert request.note == "联系人及电话：演示联系人，000-0000000"
    assert "妥否，请批示。" in all_text(request)


def test_choices_come_out_in_words() -> None:
    assert "拟将该矿的整治方式定为：引导退出。" in all_text(composed("list_request"))
    assert "（三（二）1（3））" in all_text(composed("closure_notice"))


def test_silence_of_a_unit_is_shown_as_silence() -> None:
    text = all_text(composed("opinion_summary"))
    assert "未反馈" in text.split("演示林业局")[1]
    assert "未反馈" not in text.split("演示林业局")[0]


def test_a_county_that_is_not_the_registrar_asks_and_does_not_cancel() -> None:
    text = all_text(composed("right_cancellation_request"))
    assert composed("right_cancellation_request").addressee == "演示登记机关"
    assert "无权办理注销" in text
