"""The PDF in figures: GB/T 9704-2012, measured on the drawn page."""

from itertools import pairwise

import pytest

from notifications.documents.model import Annex, Imprint, Signature
from tests.notifications.documents.pdf_measure import Line, ink
from tests.notifications.documents.pdf_papers import (
    BLACK,
    CODE,
    DATE,
    ORGAN,
    RED,
    Sheet,
    body,
    heading,
    letter,
    listing,
    paper,
    plain,
)

CHAR, PITCH = 156 / 28, 225 / 22
IMPRINT = Imprint("县委办公室", "演示县人民政府办公室", DATE)


def near(value: float, by: float = 0.2) -> object:
    return pytest.approx(value, abs=by)


def middle(found: Line) -> float:
    return (found.x0 + found.x1) / 2


@pytest.fixture(scope="module")
def full() -> Sheet:
    return Sheet(plain(blocks=body("演" * 28 * 80), signature=Signature(), date=""))


@pytest.fixture(scope="module")
def notice() -> Sheet:
    return Sheet(paper(check_code=CODE, imprint=IMPRINT))


@pytest.fixture(scope="module")
def reply() -> Sheet:
    return Sheet(letter(check_code=CODE, blocks=body("演" * 28 * 25), imprint=IMPRINT))


def test_a_full_page_has_22_lines_of_28_characters_on_156_by_225_mm(full: Sheet) -> None:
    assert set(full.sizes) == {(210.0, 297.0)}
    page = full.text_lines(2)
    assert [len(each.text) for each in page] == [28] * 22
    assert {each.size for each in page} == {16}
    assert all(each.x0 == near(28, 0.05) and each.x1 == near(184, 0.1) for each in page)
    assert [lower.base - upper.base for upper, lower in pairwise(page)] == [near(PITCH, 0.01)] * 21
    assert 37 < page[0].top < page[-1].bottom < 262
    assert page[0].top - 37 == near(262 - page[-1].bottom, 0.1)


def test_a_paragraph_begins_two_characters_in(full: Sheet) -> None:
    assert full.line("演" * 26, 1).x0 == near(28 + 2 * CHAR, 0.05)


def test_page_numbers_stand_7_mm_below_the_text_outside_one_character_in(full: Sheet) -> None:
    for page in (1, 2, 3):
        (number,) = full.numbers(page)
        assert number.text == f"— {page} —"
        assert number.size == 14
        assert ink(full.pdf, page, (number.x0, number.x0 + 4, 262, 280))[2] == near(269)
        one = 14 * 25.4 / 72
        assert (number.x1 == near(184 - one)) if page % 2 else (number.x0 == near(28 + one))


def test_the_check_code_stands_on_the_line_of_the_number_at_the_other_side() -> None:
    sheet = Sheet(plain(check_code=CODE, blocks=body("演" * 28 * 30)))
    for page in (1, 2):
        code, (number,) = sheet.line("核验码", page), sheet.numbers(page)
        assert code.text == f"核验码 {CODE}"
        assert (code.size, code.colour) == (9, BLACK)
        assert code.base == near(number.base, 0.05)
        assert (code.x0 < 40 and number.x1 > 170) if page == 1 else (number.x0 < 40 and code.x1 > 170)


def test_nothing_in_the_foot_but_the_number_while_there_is_no_check_code(full: Sheet) -> None:
    assert not [each for each in full.lines(1) if "核验码" in each.text]


def test_the_red_head(notice: Sheet) -> None:
    mark, number = notice.line("演示县人民政府文件"), notice.line("演政发")
    assert (mark.colour, mark.size, number.colour, number.size) == (RED, 44, BLACK, 16)
    assert middle(mark) == near(106)
    top, bottom = ink(notice.pdf, 1, (28, 184, 60, 95))[2:]
    assert top == near(37 + 35)
    assert number.top - bottom == near(2 * PITCH + (PITCH - number.bottom + number.top) / 2, 0.3)
    (rule,) = [each for each in notice.rules() if each.colour == RED]
    assert (rule.x0, rule.x1, rule.thickness) == (near(28, 0.05), near(184, 0.05), near(1.5, 0.01))
    assert rule.top - number.bottom == near(4, 0.05)
    assert middle(number) == near(106, 0.3)
    assert number.text == "演政发〔2026〕1号"


def test_title_two_lines_below_the_rule_addressee_one_line_below_the_title(notice: Sheet) -> None:
    title, addressee = notice.line("关于演示"), notice.line("各乡镇")
    (rule,) = [each for each in notice.rules() if each.colour == RED]
    assert (title.size, title.colour) == (22, BLACK)
    assert middle(title) == near(106, 0.1)
    leading = 35 * 25.4 / 72 - (title.bottom - title.top)
    assert title.top - rule.bottom == near(2 * PITCH + leading / 2, 0.1)
    assert addressee.x0 == near(28, 0.05)
    assert addressee.text == "各乡镇人民政府："
    assert PITCH < addressee.top - title.bottom < 2 * PITCH


def test_a_paper_to_the_superior_has_its_number_left_and_its_signer_right() -> None:
    sheet = Sheet(paper(form="上行文", signer="演示甲"))
    number, signer = sheet.line("演政发"), sheet.line("签发人：演示甲")
    assert number.x0 == near(28 + CHAR, 0.3)
    assert signer.x1 == near(184 - CHAR, 0.1)
    assert number.base == near(signer.base, 0.01)


def test_a_letter_has_double_rules_and_no_number_on_its_first_page(reply: Sheet) -> None:
    mark, number = reply.line("演示县自然资源局"), reply.line("演政发")
    assert (mark.colour, mark.size) == (RED, 36)
    top, bottom = ink(reply.pdf, 1, (28, 184, 25, 45))[2:]
    assert top == near(30)
    first, second, third, fourth = [each for each in reply.rules() if each.colour == RED]
    assert all(rule.x0 == near(20, 0.05) and rule.x1 == near(190, 0.05) for rule in (first, second, third, fourth))
    assert first.top - bottom == near(4, 0.2)
    assert first.thickness > second.thickness
    assert third.thickness < fourth.thickness
    assert fourth.bottom == near(277, 0.05)
    assert number.x1 == near(184, 0.1)
    assert number.top - second.bottom == near(16 * 7 / 8 * 25.4 / 72, 0.1)
    assert not reply.numbers(1)
    assert reply.line("核验码").x0 < 40


def test_the_second_page_of_a_letter_is_numbered_and_has_no_rules(reply: Sheet) -> None:
    assert [each.text for each in reply.numbers(2)] == ["— 2 —"]
    assert not reply.rules(2)


def test_the_imprint_of_a_letter_has_neither_rules_nor_the_organ_that_prints_it(reply: Sheet) -> None:
    last = reply.text_lines(len(reply.sizes))
    assert last[-1].text == "抄送：县委办公室。"
    assert last[-1].bottom == near(262, 3)


def test_the_seal_covers_organ_and_date(notice: Sheet) -> None:
    organ, date, text = notice.line(ORGAN), notice.line(DATE), notice.line("现将")
    assert date.x1 == near(184 - 4 * CHAR, 0.1)
    assert middle(organ) == near(middle(date), 0.1)
    assert date.base - organ.base == near(PITCH, 0.02)
    assert organ.base - text.base == near(3 * PITCH, 0.02)


def test_a_long_organ_pushes_the_date_to_the_left_and_stays_on_the_page() -> None:
    name = "演示县非煤矿山综合整治提升工作领导组办公室"
    sheet = Sheet(paper(signature=Signature(name)))
    organ, date = sheet.line(name), sheet.line(DATE)
    assert middle(organ) == near(middle(date), 0.1)
    assert organ.x1 == near(184 - 2 * CHAR, 2)


def test_signed_lines_stand_in_the_right_half() -> None:
    sheet = Sheet(plain(signature=Signature("", ("承诺人（盖章）：演示矿业", "法定代表人签字：" + "\ue001" * 6))))
    first, second, date = sheet.line("承诺人"), sheet.line("法定代表人"), sheet.line(DATE)
    assert [each.x0 for each in (first, second, date)] == [near(28 + 12 * CHAR, 0.1)] * 3
    (blank,) = [rule for rule in sheet.rules() if second.top < rule.y < second.bottom + 2]
    assert blank.x1 - blank.x0 == near(6 * CHAR, 0.1)


@pytest.mark.parametrize("count", range(500, 560, 4))
def test_a_signature_never_stands_alone_on_a_page(count: int) -> None:
    for document in (
        plain(blocks=body("演" * count)),
        plain(blocks=(*body("演" * (count - 28)), *body("短。"))),
        plain(blocks=(*body("演" * (count - 84)),), annexes=(Annex("演示表"),)),
    ):
        sheet = Sheet(document)
        last = [each.text for each in sheet.text_lines(len(sheet.sizes))]
        assert last[-1] == DATE
        assert len(last) > 2, last


def test_the_note_stands_below_the_date_in_brackets() -> None:
    sheet = Sheet(paper(note="此件公开发布"))
    note, date = sheet.line("（此件公开发布）"), sheet.line(DATE)
    assert note.base - date.base == near(PITCH, 0.02)
    assert note.x0 == near(28 + 2 * CHAR, 0.1)


def test_names_of_annexes_stand_one_line_below_the_text() -> None:
    long = "演示矿山逐个核对登记情况明细以及后续处理意见汇总登记表"
    sheet = Sheet(letter(annexes=(Annex(long), Annex("短表"))))
    first, second = sheet.line("附件：1."), sheet.line("2.短表")
    assert first.x0 == near(28 + 2 * CHAR, 0.1)
    assert second.x0 == near(28 + 5 * CHAR, 0.1)
    assert first.base - sheet.line("现将").base == near(2 * PITCH, 0.02)
    rest = next(each for each in sheet.lines() if each.base == near(first.base + PITCH, 0.02))
    assert rest.x0 == near(28 + 6 * CHAR, 0.1)


def test_an_annex_begins_on_its_own_page_before_the_imprint() -> None:
    sheet = Sheet(paper(annexes=(Annex("甲表", (listing(3),)), Annex("乙表", (listing(3),))), imprint=IMPRINT))
    assert len(sheet.sizes) == 3
    mark, title = sheet.line("附件1", 2), sheet.line("甲表", 2)
    assert (mark.x0, mark.size, title.size) == (near(28, 0.05), 16, 22)
    # The title stands on the third line.
    assert 37 + 2 * PITCH < title.base < 37 + 3 * PITCH + 2
    assert sheet.line("抄送", 3)
    assert not [each for page in (1, 2) for each in sheet.lines(page) if each.text.startswith("抄送")]
    assert [number.text for page in (1, 2, 3) for number in sheet.numbers(page)] == ["— 1 —", "— 2 —", "— 3 —"]


def test_headings_are_not_larger_than_the_text_and_never_last_on_a_page() -> None:
    levels = ("一、甲", "（一）乙", "1.丙", "（1）丁")
    sheet = Sheet(plain(blocks=tuple(heading(n, text) for n, text in enumerate(levels, 1))))
    assert {sheet.line(text).size for text in levels} == {16}
    bases = [sheet.line(text).base for text in levels]
    assert [lower - upper for upper, lower in pairwise(bases)] == [near(PITCH, 0.02)] * 3
    for count in range(17, 22):
        long = Sheet(plain(blocks=(*body(*["演示。"] * count), heading(1, "一、标题"), *body("正文。"))))
        assert not long.text_lines(1)[-1].text.startswith("一、")


def test_every_line_of_text_is_inside_the_text_area(full: Sheet, notice: Sheet) -> None:
    for sheet in (full, notice):
        for found in sheet.text_lines():
            assert found.x0 > 27.9
            assert found.x1 < 184.2
