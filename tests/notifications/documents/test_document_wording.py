"""The wording is read before a document is issued: real slips are named with their place, nothing else is."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from notifications.documents.model import BLANK, Imprint, OfficialDocument, Paragraph, Span
from notifications.documents.wording import lint
from notifications.documents.wording.text import text_problems
from states.documents import BY_ID, KINDS, DocumentKind
from tests.notifications.documents.case_data import composed, composed_for_several

DAY = date(2026, 11, 23)


def problems(kind_id: str, document: OfficialDocument | None = None, **options: Any) -> list[str]:
    document = document or composed(kind_id, number="演自然资函〔2026〕3号")
    return [str(problem) for problem in lint(document, BY_ID[kind_id], **{"on": DAY, **options})]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_every_template_passes(kind: DocumentKind) -> None:
    assert problems(kind.id) == []
    assert problems(kind.id, composed(kind.id, number=None, date=None), on=None) == []


@pytest.mark.parametrize("kind_id", ["list_request", "list_announcement", "criticism_circular"])
def test_every_template_passes_with_several_cases(kind_id: str) -> None:
    assert problems(kind_id, composed_for_several(kind_id)) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("边坡,道路", "“,”是半角标点，汉字之间应当用“，”"),
        ("情况:边坡", "“:”是半角标点"),
        ("边坡;道路", "“;”是半角标点"),
        ("采场(北区)边坡", "括号是半角的"),
        ("依据三(二)1的规定", "括号是半角的"),
        ("采场[北区]边坡", "括号是半角的"),
        ("演政函[2026]5号", "写作“〔2026〕5号”"),
        ("演政函【2026】5号", "写作“〔2026〕5号”"),
        ("演政函(2026)5号", "写作“〔2026〕5号”"),
        ("演政函（2026）5号", "写作“〔2026〕5号”"),
        ("演政函﹝2026﹞5号", "写作“〔2026〕5号”"),
        ("演政函[2026]第05号", "写作“〔2026〕5号”"),
        ("演政函〔2026〕第5号", "不写“第”、不补“0”，写作“〔2026〕5号”"),
        ("演政函〔2026〕005号", "写作“〔2026〕5号”"),
        ("2026年03月02日", "写作“2026年3月2日”"),
        ("2026年12月02日", "写作“2026年12月2日”"),
        ("期限待明确", "还有没填的内容（“待明确”）"),
        ("期限待定。", "还有没填的内容（“待定”）"),
        ("XX县", "还有没填的内容"),
        ("××局", "还有没填的内容"),
        ("XXX公司", "还有没填的内容"),
        ("{{ mine.name }}", "还有没填的内容"),
        ("____年", "还有没填的内容"),
    ],
)
def test_a_slip_is_named(text: str, words: str) -> None:
    assert any(words in sentence for sentence in text_problems(text)), text_problems(text)


@pytest.mark.parametrize(
    "text",
    [
        "设备型号 PC400-8（2台）、XR-150，功率1,234.50千瓦", "C1405002016117130143369", "比例尺1:500，坐标100.00,200.00",
        "演政函〔2026〕5号", "（2024）演05民终12号判决", "2026年3月2日、2026年10月20日、2026年12月31日", "30万吨/年",
        "GB/T 9704-2012", "K1+200～K1+350段", "标高+1,020米至+980米", "3×4米", "A(B)区", "有待明确权属的地块，等待定点",
        "XXVI", "WXXG-12", "演示“一矿一策”：边坡、道路；排水", "时间8:30至17:00", "http://example.com/a,b", "甲 [1] 乙", BLANK * 4,
    ],
)  # fmt: skip
def test_what_is_right_is_left_alone(text: str) -> None:
    assert text_problems(text) == ()


def test_what_people_typed_is_read_too_and_the_place_is_named() -> None:
    document = composed("rectification_order", facts__breach="边坡高陡\n排水沟,挡墙未建")
    (problem,) = problems("rectification_order", document)
    assert problem.startswith("正文第8段：")
    assert "排水沟,挡墙未建" in problem
    (problem,) = problems("supervision_slip", composed("supervision_slip", facts__requirements="XX镇办理"))
    assert problem.startswith("正文表格第5行：")
    (problem,) = problems("assistance_letter", composed("assistance_letter", facts__contact="XXX，000-0000000"))
    assert problem.startswith("附注：")
    (problem,) = problems("assistance_letter", composed("assistance_letter", number="演自然资函[2026]3号"))
    assert problem.startswith("发文字号：")
    rows = [{"organ": "演示局", "answer": "有意见", "opinion": "距省道过近;应避让", "answered_on": ""}]
    (problem,) = problems("opinion_summary", composed("opinion_summary", facts__opinions=rows))
    assert problem.startswith("正文表格第2行：")


def test_a_provisional_day_is_not_printed() -> None:
    settled, open_day = date(2026, 12, 5), date(2026, 12, 23)
    assert problems("rectification_order", provisional={settled}) == []
    (problem,) = problems("rectification_order", provisional={open_day})
    assert "“2026年12月23日”是暂定的日期" in problem
    assert text_problems("2026.12.2、12026年12月2日、2026年12月20日", {date(2026, 12, 2)}) != ()
    assert text_problems("12026年12月2日、2026年12月20日、2026.12.21", {date(2026, 12, 2)}) == ()


def test_a_document_cites_what_it_rests_on() -> None:
    order = composed("rectification_order")
    bare = replace(order, blocks=(Paragraph((Span("现责令整改。"),)),))
    (problem,) = problems("rectification_order", bare)
    assert problem == "正文：《责令限期整改通知书》的正文没有写明依据，请引用方案条款（四（二）4）或者法律条款。"
    assert problems("rectification_order", bare, cites=("四(二)4", "三(二)1")) != []
    assert problems("rectification_order", replace(bare, blocks=(Paragraph((Span("依据《演示法》第一条。"),)),))) == []
    assert problems("service_receipt", replace(composed("service_receipt"), blocks=())) == []


def test_a_request_has_one_addressee_no_copies_a_contact_and_its_ending() -> None:
    request = composed("closure_request", number="演自然资〔2026〕3号")
    assert problems("closure_request", request) == []
    (problem,) = problems("closure_request", replace(request, addressee="演示县人民政府、演示市自然资源局"))
    assert problem.startswith("主送机关：请示只写一个主送机关")
    (problem,) = problems("closure_request", replace(request, imprint=Imprint(copies_to="演示县财政局")))
    assert problem.startswith("版记：请示在批准之前不抄送")
    (problem,) = problems("closure_request", replace(request, note=""))
    assert problem.startswith("附注：")
    (problem,) = problems("closure_request", replace(request, blocks=request.blocks[:-1]))
    assert problem == "正文末段：请示应当以“妥否，请批示。”一类的话结尾，请改正。"


def test_a_report_asks_for_nothing() -> None:
    report = composed("closure_report")
    asked = replace(report, blocks=(*report.blocks[:-1], Paragraph((Span("妥否，请批示。"),))))
    assert problems("closure_report", asked) == [
        "正文：报告中不得夹带请示事项（“请批示”），请另行写请示。", "正文末段：报告应当以“特此报告。”一类的话结尾，请改正。",
    ]  # fmt: skip


def test_a_letter_ends_as_a_letter() -> None:
    letter = composed("clue_transfer_letter")
    (problem,) = problems("clue_transfer_letter", replace(letter, blocks=letter.blocks[:-1]))
    assert problem.startswith("正文末段：函应当以")


def test_who_lacks_the_power_is_refused() -> None:
    assert problems("rectification_order", issuer_id="natural_resources") == []
    (problem,) = problems("rectification_order", issuer_id="group_office")
    assert problem.startswith("落款：演示县自然资源局无权签发《责令限期整改通知书》")
    assert "没有执法主体资格" in problem


def test_a_law_that_was_not_in_force_is_refused() -> None:
    document = composed("rectification_order", facts__legal_basis="《矿产资源法》第七十一条")
    assert problems("rectification_order", document) == []
    (problem,) = problems("rectification_order", document, on=date(2025, 5, 6))
    assert "2024年修订版的条文" in problem
    assert problems("rectification_order", document, on=None) == []


def test_names_on_record_with_half_width_brackets_are_printed_full_width_and_pass() -> None:
    document = composed("site_survey_notice", mine__name="演示镇演示掌石灰岩矿(演示掌集中开采区)")
    assert "演示镇演示掌石灰岩矿（演示掌集中开采区）" in "".join(document.title)
    assert problems("site_survey_notice", document) == []
    receipt = composed("service_receipt", facts__document_title="拟关闭事先(听证)告知书")
    assert problems("service_receipt", receipt) == []


def test_problems_come_in_the_order_of_the_paper() -> None:
    document = composed(
        "assistance_letter", number="演自然资函[2026]3号", facts__request="甲,乙", facts__contact="丙,丁"
    )
    assert [place.partition("：")[0] for place in problems("assistance_letter", document)] == [
        "发文字号", "正文第2段", "附注",
    ]  # fmt: skip
