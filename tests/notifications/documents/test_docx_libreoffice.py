"""The .docx in figures as LibreOffice draws it: GB/T 9704-2012."""

from dataclasses import replace

import pytest

from notifications.documents.docx import write_docx
from states.documents import KINDS
from tests.notifications.documents import pdf_measure
from tests.notifications.documents.case_data import composed
from tests.notifications.documents.docx_samples import CODE, filled, mixed, notice
from tests.notifications.documents.pdf_measure import Line, ink, lines, page_sizes, rules
from tests.parts import to_pdf

NUMBER = "演自然资发〔2026〕12号"


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One paper of each form and some that are full, as PDF."""
    numbered = {kind.id: kind.form not in ("承诺书", "表单", "台账") for kind in KINDS}
    documents = {"filled": filled(), "mixed": mixed(), "notice": notice()} | {
        name: replace(composed(name, number=NUMBER if numbered[name] else None), check_code=CODE)
        for name in ("list_request", "supply_stop_letter", "rectification_order", "upgrade_commitment",
                     "service_receipt", "ledger")
    }  # fmt: skip
    return to_pdf({name: write_docx(doc) for name, doc in documents.items()}, tmp_path_factory.mktemp("papers"))


def line(pdf: bytes, page: int, words: str) -> Line:
    # A font that was first asked for a fixed space calls every space so.
    (found,) = [found for found in lines(pdf, page) if words in found.text.replace("\u00a0", " ")]
    return found


def near(value: float, within: float = 0.5) -> object:
    return pytest.approx(value, abs=within)


def test_a_full_page_holds_22_lines_of_28_characters(papers: dict[str, bytes]) -> None:
    text = [one for one in lines(papers["filled"], 2) if one.size == 16]
    assert len(text) == 22
    assert {len(one.text) for one in text} == {28}
    assert {(round(one.x0), round(one.x1)) for one in text} == {(28, 184)}
    assert text[0].top > 37
    assert text[-1].bottom < 262
    assert text[1].base - text[0].base == near(225 / 22, 0.05)


def test_every_sheet_is_a4(papers: dict[str, bytes]) -> None:
    assert {size for name, pdf in papers.items() for size in page_sizes(pdf) if name not in ("mixed", "ledger")} == {
        (210.0, 297.0)
    }
    assert set(page_sizes(papers["ledger"])) == {(297.0, 210.0)}


def test_the_red_head_stands_at_its_places(papers: dict[str, bytes]) -> None:
    pdf = papers["filled"]
    mark, number, title = (line(pdf, 1, words) for words in ("资源局文件", "〔2026〕12号", "调查摸底的通知"))
    assert (mark.colour, title.size, number.size) == ("#FF0000", 22, 16)
    assert ink(pdf, 1, (28, 184, 50, 100))[2] == near(37 + 35, 0.8)
    rule = next(one for one in rules(pdf, 1) if one.colour == "#FF0000")
    assert (rule.x0, rule.x1) == (near(28, 0.1), near(184, 0.1))
    assert rule.y - number.bottom == near(4, 0.3)
    # Two lines stand free above the number and above the title.
    pitch = 225 / 22
    assert number.top - mark.bottom == near(2 * pitch + 2.3, 1.2)
    assert title.top - rule.y == near(2 * pitch + 2.3, 2.5)
    assert (number.x0 + number.x1) / 2 == near((28 + 184) / 2)


def test_a_paper_to_the_superior_has_both_one_character_in(papers: dict[str, bytes]) -> None:
    number, signer = (line(papers["list_request"], 1, words) for words in ("〔2026〕12号", "签发人："))
    assert number.base == signer.base
    assert number.x0 == near(28 + 156 / 28)


@pytest.mark.parametrize("name", ["filled", "rectification_order", "list_request"])
def test_page_numbers_stand_outside_and_the_code_inside(papers: dict[str, bytes], name: str) -> None:
    for page in (1, 2):
        number, code = line(papers[name], page, f"— {page} —"), line(papers[name], page, f"核验码 {CODE}")
        left, right = (code, number) if page == 1 else (number, code)
        assert (left.x0, right.x1) == (near(28 + 4.94), near(184 - 4.94))
        assert (number.size, code.size) == (14, 9)
        assert number.base == code.base == near(262 + 7 + 1.9)


def test_the_imprint_ends_at_the_foot_of_the_text_area(papers: dict[str, bytes]) -> None:
    for name, page in (("notice", len(page_sizes(papers["notice"]))), ("mixed", len(page_sizes(papers["mixed"])))):
        first, middle, last = (one for one in rules(papers[name], page)[-3:])
        assert {(round(one.x0), round(one.x1)) for one in (first, middle, last)} == {(28, 184)}
        assert last.y == near(262, 0.4)
        assert [one.thickness * 25.4 / 72 for one in (first, middle, last)] == pytest.approx(
            [0.35, 0.25, 0.35], abs=0.02
        )
        copies, printer = (line(papers[name], page, words) for words in ("抄送：", "资源局办公室"))
        assert (copies.size, copies.x0, printer.x0) == (14, near(28 + 4.94), near(28 + 4.94))
        assert line(papers[name], page, "日印发").x1 == near(184 - 4.94)
        assert line(papers[name], page, "生态环境局。").x0 == near(28 + 4 * 4.94)


def test_text_never_runs_into_the_imprint(papers: dict[str, bytes]) -> None:
    page = len(page_sizes(papers["notice"]))
    first = rules(papers["notice"], page)[-3]
    assert all(one.bottom < first.y for one in lines(papers["notice"], page) if one.size == 16)


def test_a_letter_stands_between_its_double_rules(papers: dict[str, bytes]) -> None:
    pdf = papers["supply_stop_letter"]
    red = {round(one.y, 1): one for one in rules(pdf, 1) if one.colour == "#FF0000"}
    thick, thin, lower_thin, lower_thick = (red[y] for y in sorted(red))
    assert [one.thickness for one in (thick, thin, lower_thin, lower_thick)] == [2.25, 0.75, 0.75, 2.25]
    assert {(round(one.x0), round(one.x1)) for one in red.values()} == {(20, 190)}
    upper, lower = ink(pdf, 1, (28, 184, 25, 45))[2:]
    assert (upper, thick.y - 0.4 - lower) == (near(30), near(4))
    assert lower_thick.y + 0.4 == near(277)
    number = line(pdf, 1, "〔2026〕12号")
    assert number.x1 == near(184)
    assert number.top - thin.y == near(14 * 25.4 / 72, 0.6)
    assert not [one for one in lines(pdf, 1) if "—" in one.text]
    code = line(pdf, 1, f"核验码 {CODE}")
    assert (code.x0, code.base) == (near(28 + 4.94), near(262 + 7 + 1.9))


def test_a_letter_of_two_pages_numbers_its_second(papers: dict[str, bytes]) -> None:
    assert line(papers["supply_stop_letter"], 2, "— 2 —").base == near(262 + 7 + 1.9)


def test_the_organ_stands_over_a_date_four_characters_in(papers: dict[str, bytes]) -> None:
    pdf = papers["rectification_order"]
    date = line(pdf, 2, "2026年11月23日")
    organ = [one for one in lines(pdf, 2) if one.text == "演示县自然资源局"][-1]
    assert date.x1 == near(184 - 4 * 156 / 28)
    # The date is seven characters wide; LibreOffice widens it by gaps between digits and characters.
    assert (organ.x0 + organ.x1) / 2 == near(date.x1 - 3.5 * 156 / 28)
    assert date.base - organ.base == near(225 / 22, 0.1)


def test_a_sheet_across_has_its_number_where_the_turned_sheet_has_it(papers: dict[str, bytes]) -> None:
    for name in ("mixed", "ledger"):
        for page, size in enumerate(page_sizes(papers[name]), 1):
            number = line(papers[name], page, f"— {page} —")
            assert number.turned == (size == (297.0, 210.0))
            if number.turned:
                # The foot of the upright sheet is the left edge: 7 mm outside the text, one character in.
                assert (number.x0, number.x1) == (near(25, 1.2), near(30, 1.2))
                end = number.bottom - (210 - 26) if page % 2 else number.top - 28
                assert abs(end) == near(4.94)
                code = line(papers[name], page, CODE)
                assert (code.top < 105) == (page % 2 == 1)


def test_a_long_list_repeats_its_head_and_numbers_run_on(papers: dict[str, bytes]) -> None:
    sizes = page_sizes(papers["mixed"])
    pages = [
        page
        for page, size in enumerate(sizes, 1)
        if any("矿山名称" in one.text for one in lines(papers["mixed"], page))
    ]
    assert len(pages) >= 4
    across = [page for page in pages if sizes[page - 1] == (297.0, 210.0)]
    assert len(across) >= 2
    assert pages == list(range(pages[0], pages[-1] + 1))


def test_a_name_of_200_characters_stays_in_its_cell(papers: dict[str, bytes]) -> None:
    page = next(n for n, size in enumerate(page_sizes(papers["mixed"]), 1) if size == (297.0, 210.0))
    named = [one for one in lines(papers["mixed"], page) if "戊己庚辛" in one.text]
    assert len(named) > 4
    column = 35 + 225 / 7, 35 + 225 * 5 / 7
    assert all(column[0] < one.x0 and one.x1 < column[1] for one in named if not one.text.endswith("—"))


def test_forms_open_with_their_title_and_have_no_red(papers: dict[str, bytes]) -> None:
    for name in ("upgrade_commitment", "service_receipt", "ledger"):
        first = lines(papers[name], 1)
        title = next(one for one in first if one.size == 22)
        assert title.top < 50
        assert {one.colour for one in first} == {"#000000"}


def test_numbers_of_documents_stand_in_their_brackets(papers: dict[str, bytes]) -> None:
    for name in ("filled", "supply_stop_letter", "rectification_order", "list_request"):
        assert "〔2026〕12号" in pdf_measure.text(papers[name])
