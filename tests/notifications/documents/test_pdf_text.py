"""What stands in the PDF: every text as it went in, within the page, and the same bytes each time."""

import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from notifications.documents.compose import has_template
from notifications.documents.errors import DocumentError, MissingCharacter, NotDrawn
from notifications.documents.model import BLANK, FormTable, OfficialDocument, Signature
from notifications.documents.pdf import _press, coverage, write_pdf
from states.documents import KINDS, DocumentKind
from states.fields import printable
from tests.notifications.documents.case_data import all_text, composed
from tests.notifications.documents.pdf_measure import metadata, text
from tests.notifications.documents.pdf_papers import CODE, Sheet, body, book, form, letter, listing, paper, plain

COMMANDS = [
    '#eval("1")', "$x$", "*a*", "_b_", "\\", '"', '");#panic("x")', "// 注", "/* 注 */", "@ref <lab>", "`c`", "~", "--",
    "...", "[x] {y}", "\\u{41}", "#pagebreak()", "= 标题", "+ 一", "- 一", "'x'", "{{ 7*7 }}", "</w:t>", "#", "\\n", "%",
]  # fmt: skip


def bare(value: str) -> str:
    """The text without space: a PDF holds none where a line ends."""
    return "".join(value.replace(BLANK, "").split())


@pytest.mark.parametrize("evil", COMMANDS)
def test_what_looks_like_a_command_is_text(evil: str) -> None:
    document = paper(
        mark=evil, number=evil, title=(evil,), addressee=evil, blocks=(*body(evil), form((evil, evil)), listing(1, evil)),
        signature=Signature(evil), date=evil, note=evil, check_code=evil,
    )  # fmt: skip
    found = bare(text(Sheet(document).pdf))
    assert found.count(bare(evil)) >= 11


def test_what_cannot_be_seen_is_drawn_as_a_box() -> None:
    assert "甲□乙□丙丁" in text(Sheet(plain(blocks=body("甲\u202e乙\x00丙\t丁"))).pdf).replace(" ", "")


LONG = [
    "a" * 200,
    "W" * 200,
    "石" * 200,
    "e\u0301" * 150,
    "C1405002016117130143369" * 9,
    "（" * 90,
    "a。" * 99,
    BLANK * 99,
]


@pytest.mark.parametrize("name", LONG)
def test_a_long_name_is_wrapped_and_stays_on_the_page(name: str) -> None:
    blocks = (*body(name, "矿山" + name), form((name[:99], name), ("名", name)), listing(2, name))
    sheet = Sheet(paper(blocks=blocks, addressee=name, note=name, signature=Signature(name)))
    for page in range(1, len(sheet.sizes) + 1):
        for found in sheet.lines(page):
            # Half of a bracket or of a stop is empty and may reach over the edge.
            assert 25 < found.x0 < found.x1 < 187
            assert found.bottom < 272
        assert all(rule.x1 < 184.3 for rule in sheet.rules(page))


def test_a_cell_longer_than_a_page_goes_on_on_the_next() -> None:
    sheet = Sheet(plain(blocks=(form(("名", "石" * 3000), ("石" * 1000, "b" * 2000)),)))
    assert text(sheet.pdf).count("石") == 4000
    assert all(found.bottom < 262.1 for page in range(1, len(sheet.sizes) + 1) for found in sheet.text_lines(page))
    assert max(found.bottom for page in range(1, len(sheet.sizes) + 1) for found in sheet.lines(page)) < 272


def test_blanks_are_ruled_room_of_their_width_and_no_text() -> None:
    sheet = Sheet(plain(blocks=body(f"甲{BLANK * 6}乙")))
    first, second = sheet.line("甲"), sheet.line("乙")
    (rule,) = sheet.rules()
    assert (rule.x0, rule.x1) == (pytest.approx(first.x1, abs=0.1), pytest.approx(second.x0, abs=0.1))
    assert rule.x1 - rule.x0 == pytest.approx(6 * 156 / 28, abs=0.05)
    assert first.base < rule.y < first.base + 2
    assert first.base == pytest.approx(second.base, abs=0.01)


def test_text_reads_in_the_order_of_the_paper() -> None:
    document = letter(blocks=body("其一。", "其二。"), note="附注", check_code=CODE)
    found = text(Sheet(document).pdf)
    places = [found.index(part) for part in (document.mark, document.number, "关于演示", "各乡镇", "其一", "其二")]
    assert places == sorted(places)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if has_template(kind.id)], ids=lambda kind: kind.id)
def test_every_kind_is_drawn_with_all_its_words(kind: DocumentKind) -> None:
    document = composed(kind.id)
    sheet = Sheet(document)
    found = bare(text(sheet.pdf))
    for part in all_text(document).splitlines():
        # A page number may stand between two lines of a part.
        assert bare(printable(part))[:12] in found, part
    size = (297.0, 210.0) if document.landscape else (210.0, 297.0)
    assert sheet.sizes[0] == size
    assert all(each.x1 < sheet.sizes[page - 1][0] - 20 for page in range(1, len(sheet.sizes) + 1)
               for each in sheet.lines(page))  # fmt: skip


def test_title_and_check_code_stand_in_the_properties_and_no_time_does() -> None:
    found = metadata(Sheet(paper(title=("关于演示", "事项的“通知”"), check_code=CODE)).pdf)
    assert found["Title"] == "关于演示事项的“通知”"
    assert found["Keywords"] == CODE
    assert "CreationDate" not in found
    assert "ModDate" not in found


SCRIPT = """
import hashlib, sys
from tests.notifications.documents.pdf_papers import book
from tests.notifications.documents.case_data import composed
from notifications.documents.pdf import write_pdf
sys.stdout.write(hashlib.sha256(write_pdf(composed("rectification_order"), book())).hexdigest())
"""


def test_the_same_document_gives_the_same_bytes_in_another_process() -> None:
    here = hashlib.sha256(write_pdf(composed("rectification_order"), book())).hexdigest()
    root = Path(__file__).parents[3]
    there = subprocess.run([sys.executable, "-c", SCRIPT], cwd=root, capture_output=True, text=True, check=True).stdout
    assert here == there


def test_what_was_drawn_before_leaves_no_trace() -> None:
    first = write_pdf(composed("upgrade_commitment"), book())
    write_pdf(paper(), book())
    assert write_pdf(composed("upgrade_commitment"), book()) == first
    assert write_pdf(composed("upgrade_commitment", mine__name="演示另一矿"), book()) != first


def test_many_may_print_at_once() -> None:
    documents = [paper(number=f"演政发〔2026〕{n}号") for n in range(16)]
    alone = [write_pdf(document, book()) for document in documents]
    with ThreadPoolExecutor(4) as people:
        assert list(people.map(lambda document: write_pdf(document, book()), documents)) == alone


def test_a_character_that_no_font_holds_is_refused_with_its_place() -> None:
    with pytest.raises(MissingCharacter) as refused:
        write_pdf(paper(blocks=body("甲。", "演示👍矿")), book())
    assert "正文第2段的“👍”（U+1F44D）" in str(refused.value)
    assert isinstance(refused.value, DocumentError)
    assert refused.value.characters == (("👍", "正文第2段"),)


def where(document: OfficialDocument) -> str:
    ((_, place),) = coverage(document, book()).missing
    return place


def test_the_place_of_a_character_is_named_as_the_reader_would() -> None:
    odd = "👍"
    assert where(paper(title=(odd,))) == "标题"
    assert where(paper(addressee=odd)) == "主送机关"
    assert where(paper(mark=odd)) == "发文机关标志"
    assert where(paper(signature=Signature(odd))) == "落款"
    assert where(paper(note=odd)) == "附注"
    assert where(paper(tail=body(odd))) == "落款以下第1段"
    assert where(paper(blocks=(listing(1, odd),))) == "正文第1段"


def test_a_failure_of_the_typesetter_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.documents.pdf.source", lambda _: ("#nothing()", []))
    with pytest.raises(NotDrawn, match="《关于演示事项的通知》没有排成版"):
        write_pdf(paper(), book())


def test_the_typesetter_can_read_nothing_but_the_frame() -> None:
    """Even a document that could speak Typst would reach no file outside the folder of the frame."""
    with pytest.raises(NotDrawn):
        _press(book()).print('#read("/../../pyproject.toml")', "x")


def test_a_form_or_list_without_rows_is_still_a_page() -> None:
    for block in (listing(0), FormTable(listing(0).columns, ())):
        assert len(Sheet(plain(blocks=(block,))).sizes) == 1
