"""The wording: every kind of document has a template that says what a paper of its kind must say."""

import re

import pytest

from notifications.documents import labels
from notifications.documents.compose import NoTemplate, compose, has_template, templates_folder
from notifications.documents.model import BLANK, NumberedItem, Paragraph, Table
from states.documents import BY_ID, KINDS, DocumentKind
from tests.notifications.documents.case_data import (
    OFFICE,
    ROWS,
    all_text,
    case_data,
    composed,
    composed_for_several,
    reopened,
)

EVERY_KIND = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)


@EVERY_KIND
def test_every_kind_of_document_has_a_template_and_becomes_a_file(kind: DocumentKind) -> None:
    assert has_template(kind.id)
    document = composed(kind.id)
    text = all_text(document)
    assert document.title
    assert reopened(document).core_properties.title == "".join(document.title)
    assert "**" not in text, "strong text that Markdown did not close"
    assert "{{" not in text
    assert "。。" not in text


@EVERY_KIND
def test_every_document_cites_the_plan(kind: DocumentKind) -> None:
    assert "《演示县实施方案》（演政办发〔2025〕17号）" in all_text(composed(kind.id))


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
    groups = "facts|mine|case|issuer|recipient|plan|office"
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
        "于2026年12月31日前（含当日）报送工作方案。",
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


def test_a_promise_to_rectify_repeats_the_order_and_does_not_move_its_term() -> None:
    letter = composed("rectification_commitment", recipient__name="演示县应急管理局")
    text = all_text(letter)
    assert (letter.mark, letter.number, letter.copies) == ("", "", 2)
    assert letter.addressee == "演示县应急管理局"
    assert [b.text[0].text for b in letter.blocks if isinstance(b, NumberedItem)][:5] == [
        "治理采场边坡。",
        "补提恢复基金。",
        "于2026年12月5日前（含当日）报送整改方案。",
        "于2027年10月31日前（含当日）完成整改并申请复查。",
        "责令的整改期限至2026年12月23日，不因本承诺延长。",
    ]
    assert "采场边坡未治理；" in text
    assert letter.signature.lines[1].endswith(BLANK)


def test_a_decision_to_substitute_says_all_that_the_law_demands() -> None:
    decision = composed("substitute_decision", facts__harm="雨季将造成滑坡和水土流失")
    text = all_text(decision)
    for words in (
        "当事人：演示青石岭矿业有限公司", "住所（地址）：演示镇一号", "边坡仍未治理。", "雨季将造成滑坡和水土流失。",
        "《中华人民共和国行政强制法》第五十条规定的可以代履行的情形", "《演示法》第一条", "代履行人：演示修复公司。",
        "代履行的方式和标的：削坡、覆土。", "自2026年12月15日起实施", "560000.00元（大写：伍拾陆万元整）",
        "代履行实施三日前", "派员到场监督", "不在夜间和法定节假日实施", "可以依法申请行政复议。", "一式两份",
    ):  # fmt: skip
        assert words in text


@pytest.mark.parametrize("kind", [k for k in KINDS if k.is_enforcement], ids=lambda kind: kind.id)
def test_every_enforcement_document_names_the_party_its_rights_its_copies_and_has_a_receipt(kind: DocumentKind) -> None:
    document = composed(kind.id)
    text = all_text(document)
    first = document.blocks[0]
    assert isinstance(first, Paragraph)
    assert "".join(span.text for span in first.text) == "当事人：演示青石岭矿业有限公司"
    assert "可以依法申请行政复议。" in text
    assert "联系人及电话：演示联系人，000-0000000。" in text
    assert "一式两份，一份送达当事人" in text
    assert document.copies == 2
    assert "受送达人签收" in text
    assert document.signature.organ == "演示县自然资源局"


def test_clues_are_handed_over_without_a_verdict() -> None:
    letter = composed("clue_transfer_letter")
    text = all_text(letter)
    assert letter.addressee == "演示县监察机关"
    assert "不作为对任何单位和个人的认定" in text
    for verdict in ("失职", "渎职", "犯罪", "构成违法", "应予处分"):
        assert verdict not in text


def test_the_ledger_lies_across_the_paper_and_has_a_row_for_each_case() -> None:
    ledger = composed("ledger")
    (table,) = [b for b in ledger.blocks if isinstance(b, Table)]
    assert ledger.landscape
    assert (ledger.mark, ledger.number, ledger.date, ledger.addressee) == ("", "", "", "")
    assert ["".join(span.text for line in cell.lines for span in line) for cell in table.head] == [
        "序号", "矿山名称", "采矿权人", "乡（镇）", "矿种", "采矿许可证号", "有效期至", "整治方式", "当前环节", "责任单位", "期限",
        "剩余天数", "备注",
    ]  # fmt: skip
    cells = [["".join(s.text for line in c.lines for s in line) for c in row] for row in table.rows]
    assert [row[11] for row in cells] == ["逾期3", "0", "—"]
    assert cells[0][5:7] == ["C1405002016117130143369", "2026.11.29"]
    assert cells[1][1] == "演示大岭（二号）砂岩矿"
    assert len(table.rows[0][5].lines) == 2


def test_the_weekly_report_counts_lists_and_names_the_head_of_the_chain() -> None:
    report = composed("weekly_report")
    text = all_text(report)
    assert report.landscape
    assert "列入台账的共3件，在办3件，办结0件。在办事项中，逾期1件，近期到期1件。" in text
    assert "按整治方式分：引导退出1件，升级改造1件，关闭取缔1件。" in text
    assert "核实停产" in text
    assert "链头：128-0a1b2c3d4e5f" in text
    quiet = all_text(composed("weekly_report", office={**OFFICE, "rows": [], "moved": []}))
    assert "没有逾期或者近期到期的事项。" in quiet
    assert "本周没有登记办理事项。" in quiet


@pytest.mark.parametrize("kind_id", ["list_request", "list_announcement", "criticism_circular"])
def test_one_paper_about_several_cases_has_them_in_an_annex(kind_id: str) -> None:
    document = composed_for_several(kind_id)
    (annex,) = document.annexes
    (table,) = annex.blocks
    assert isinstance(table, Table)
    assert len(table.rows) == 3
    assert annex.landscape == (kind_id != "criticism_circular")
    assert "{横}" not in annex.title
    for row in ROWS:
        assert row["mine"].replace("(二号)", "（二号）") in all_text(document)
    assert not composed(kind_id).annexes


def test_the_survey_report_is_about_all_mines() -> None:
    report = composed("survey_report", mine={}, case={})
    assert "".join(report.title) == "关于非煤矿山调查摸底情况的报告"
    assert [annex.landscape for annex in report.annexes] == [False, True]
    text = all_text(report)
    assert "纳入调查摸底的矿山共2座" in text
    assert "采矿许可证：有效1座，已到期1座。安全生产许可证：有效1座，尚未查清1座。" in text
    # What a person has to add stands behind the figures; nothing has to be added.
    assert "证照齐全" in text
    assert "证照齐全" not in all_text(composed("survey_report", mine={}, case={}, facts={"signer": "演示"}))
    # One that was issued before surveys were recorded is still written from what was kept with it.
    office = {name: value for name, value in OFFICE.items() if name != "survey"}
    assert "演示河湾陶瓷土矿" in all_text(composed("survey_report", mine={}, case={}, office=office))


def test_a_volume_lists_its_papers() -> None:
    text = all_text(composed("volume_contents"))
    assert "停产通知书" in text
    assert "2026.10.20" in text
    assert "送达 2026-10-21" in text


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
