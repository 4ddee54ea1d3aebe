"""版记, sheets that lie across and tables of the PDF, measured on the drawn page."""

import pytest

from notifications.documents.model import Annex, Imprint, OfficialDocument, Signature
from tests.notifications.documents.pdf_papers import (
    BLACK,
    CODE,
    DATE,
    Sheet,
    body,
    form,
    letter,
    listing,
    paper,
    plain,
)

IMPRINT = Imprint("县委办公室", "演示县人民政府办公室", DATE)


def near(value: float, by: float = 0.2) -> object:
    return pytest.approx(value, abs=by)


def imprint_rules(sheet: Sheet, page: int) -> list[tuple[float, float]]:
    return [(each.y, each.thickness) for each in sheet.rules(page) if each.across and each.colour == BLACK]


@pytest.fixture(scope="module")
def notice() -> Sheet:
    return Sheet(paper(check_code=CODE, imprint=IMPRINT))


def test_the_imprint_stands_at_the_foot_of_the_last_page(notice: Sheet) -> None:
    rules = imprint_rules(notice, 1)
    assert [thickness * 25.4 / 72 for _, thickness in rules] == [near(0.35, 0.01), near(0.25, 0.01), near(0.35, 0.01)]
    assert rules[-1][0] == near(262, 0.05)
    copies, printed, day = notice.line("抄送："), notice.line("演示县人民政府办公室"), notice.line(f"{DATE}印发")
    one = 14 * 25.4 / 72
    assert {copies.size, printed.size, day.size} == {14}
    assert copies.text == "抄送：县委办公室。"
    assert copies.x0 == near(28 + one, 0.1)
    assert printed.x0 == near(28 + one, 0.1)
    assert day.x1 == near(184 - one, 0.1)


def test_an_imprint_that_finds_no_room_goes_to_the_foot_of_a_new_page() -> None:
    pages = []
    for count in range(1, 14):
        sheet = Sheet(paper(blocks=body(*["演示内容。"] * count), imprint=IMPRINT))
        last = len(sheet.sizes)
        pages.append(last)
        assert imprint_rules(sheet, last)[-1][0] == near(262, 0.05)
        texts = [each for each in sheet.text_lines(last) if each.size == 16]
        assert all(each.bottom < imprint_rules(sheet, last)[0][0] for each in texts)
    assert set(pages) == {1, 2}


def test_copies_to_many_hang_under_the_first_name() -> None:
    names = "、".join(f"演示单位{n}" for n in range(12))
    sheet = Sheet(letter(form="上行文", blocks=(), imprint=Imprint(names)))
    first, *rest = [each for each in sheet.text_lines() if each.size == 14]
    assert first.text.startswith("抄送：演示单位0")
    assert rest
    assert all(each.x0 == near(28 + 4 * 14 * 25.4 / 72, 0.2) for each in rest)
    assert rest[-1].text.endswith("。")


def across(annex: bool) -> OfficialDocument:
    rows = listing(40)
    if annex:
        return paper(check_code=CODE, annexes=(Annex("宽表", (rows,), landscape=True), Annex("窄表", (listing(2),))))
    return plain(
        form="台账", title=("演示台账",), landscape=True, check_code=CODE, blocks=(rows,), signature=Signature()
    )


@pytest.mark.parametrize("annex", [True, False])
def test_the_number_of_a_sheet_that_lies_across_is_where_it_is_on_the_others(annex: bool) -> None:
    """Turned back by a quarter, the foot stands as on an upright page: x is then y, and y is 297 less x."""
    sheet = Sheet(across(annex))
    pages = [page for page, size in enumerate(sheet.sizes, 1) if size == (297.0, 210.0)]
    assert len(pages) >= 2
    for page in pages:
        number, code = sheet.numbers(page)[0], sheet.line("核验码", page)
        assert number.text == f"— {page} —"
        assert number.turned
        assert code.turned
        upright = 269 + 4.2 * 25.4 / 72
        assert 297 - number.base == near(upright, 0.05)
        assert 297 - code.base == near(upright, 0.05)
        one = 14 * 25.4 / 72
        if page % 2:
            assert (number.bottom, code.top) == (near(184 - one), near(28 + one))
        else:
            assert (number.top, code.bottom) == (near(28 + one), near(184 - one))


def test_a_sheet_that_lies_across_has_its_text_area_turned() -> None:
    sheet = Sheet(across(annex=True))
    table = sheet.rules(2)
    assert min(each.x0 for each in table) == near(35)
    assert max(each.x1 for each in table) == near(297 - 37)
    assert max(each.bottom for each in table) < 210 - 26 + 0.2
    assert sheet.line("附件1", 2).top == near(28, 3)
    assert sheet.sizes[-1] == (210.0, 297.0)
    assert sheet.line("附件2", len(sheet.sizes))


def test_the_head_of_a_list_is_repeated_and_rows_are_not_cut() -> None:
    sheet = Sheet(plain(blocks=(listing(90),), signature=Signature(), date=""))
    assert len(sheet.sizes) >= 3
    for page in range(1, len(sheet.sizes) + 1):
        first = next(each for each in sheet.lines(page) if each.size == 12)
        assert first.text.startswith("序号")
        table = [each for each in sheet.rules(page) if not each.across]
        assert min(each.x0 for each in table) == near(28)
        assert max(each.x1 for each in table) == near(184)
        assert max(each.bottom for each in table) < 262.1
        assert {round(each.thickness, 2) for each in table} == {0.5}


def test_the_last_row_of_a_list_goes_with_the_signature_under_the_same_head() -> None:
    for count in range(16, 26):
        sheet = Sheet(plain(blocks=(listing(count),), signature=Signature("", ("汇总人：演示甲",))))
        last = len(sheet.sizes)
        rows = [each.text for each in sheet.lines(last) if each.size == 12]
        assert rows[0].startswith("序号")
        assert any(row.startswith(str(count)) for row in rows)
        assert sheet.line("汇总人", last).size == 16
        assert max(rule.bottom for rule in sheet.rules(last)) < sheet.line("汇总人", last).top
        assert sheet.line("汇总人", last).x1 < 184


def test_a_form_has_twelve_point_text_between_half_point_rules() -> None:
    sheet = Sheet(plain(form="表单", blocks=(form(("事项", "演示内容"), ("意见", "同意")),), date=""))
    assert {sheet.line(text).size for text in ("事项", "演示内容")} == {12}
    verticals = sorted({round(each.x0, 1) for each in sheet.rules() if not each.across})
    assert verticals == [near(28), near(28 + 156 / 4), near(184)]
