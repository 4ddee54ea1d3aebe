"""Which fonts are used, what stands in for which, and that nobody's name is printed as a box."""

import shutil
from pathlib import Path

import noto_cjk_sans_otc
import pytest
import typst
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from notifications.documents.errors import MissingCharacter
from notifications.documents.pdf import coverage, write_pdf
from notifications.documents.pdf.fonts import CHAINS, FontBook, Piece, Role, font_book
from tests.notifications.documents.pdf_measure import lines
from tests.notifications.documents.pdf_papers import body, book, plain

ROLES: tuple[Role, ...] = ("仿宋", "楷体", "黑体", "宋体", "小标宋")
WHEEL = "Noto Sans CJK SC"


def make_font(folder: Path, family: str, chars: str, name: str = "font.ttf", weight: int = 400) -> None:
    """A font with a square for each of a few characters."""
    pen = TTGlyphPen(None)
    for point in ((100, 0), (100, 800), (900, 800), (900, 0)):
        pen.moveTo(point) if point == (100, 0) else pen.lineTo(point)
    pen.closePath()
    square = pen.glyph()
    names = [".notdef", *(f"uni{ord(char):04X}" for char in chars)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(char): f"uni{ord(char):04X}" for char in chars})
    builder.setupGlyf(dict.fromkeys(names, square))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 100)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": f"Test{weight}"})
    builder.setupOS2(usWeightClass=weight)
    builder.setupPost()
    builder.save(folder / name)


def pieces(text: str, role: Role = "仿宋") -> list[Piece]:
    return [Piece("正文第1段", role, text)]


def test_every_role_ends_in_the_font_of_the_program() -> None:
    assert tuple(CHAINS) == ROLES
    assert all(chain[-1] == (WHEEL,) for chain in CHAINS.values())
    for role in ROLES:
        assert book().families(role) == (WHEEL,)
        assert FontBook().families(role)[-1] == WHEEL


@pytest.mark.parametrize("char", "窰㙦墕喆堃崟垚玥昉赟珺璠峂崀圐圙堎堌㎡〇〔〕—□①")
def test_rare_characters_of_names_and_places_are_held_on_every_machine(char: str) -> None:
    assert not book().coverage(pieces(char)).missing


def test_the_place_name_with_the_rare_character_comes_out() -> None:
    pdf = write_pdf(plain(blocks=body("西窰村")), book())
    assert any(line.text == "西窰村" for line in lines(pdf))


def test_what_stands_in_for_what_is_reported() -> None:
    found = coverage(plain(blocks=body("西窰村")), book())
    assert dict(found.stand_ins)["仿宋"] == WHEEL
    assert f"“仿宋”用 {WHEEL} 代替。" in found.report()
    assert not found.borrowed
    assert not found.missing


def test_a_font_of_the_office_is_used_and_what_it_lacks_is_borrowed(tmp_path: Path) -> None:
    make_font(tmp_path, "FangSong_GB2312", "西村")
    own = FontBook([tmp_path], system=False)
    assert own.families("仿宋") == ("FangSong_GB2312", WHEEL)
    found = own.coverage(pieces("西窰村"))
    assert not found.stand_ins
    assert found.borrowed == (("窰", "仿宋", WHEEL),)
    assert found.report() == [f"“仿宋”中的“窰”用 {WHEEL} 补字。"]
    fonts = {line.font for line in lines(write_pdf(plain(blocks=body("西村西村")), own)) if "西村" in line.text}
    assert fonts == {"Test400"}


def test_what_is_reported_as_borrowed_is_what_is_drawn(tmp_path: Path) -> None:
    make_font(tmp_path, "FangSong", "西村")
    own = FontBook([str(tmp_path)], system=False)
    drawn = lines(write_pdf(plain(blocks=(*body("西村西村"), *body("窰窰窰"))), own))
    assert [line.font.split("-")[0] for line in drawn if line.text in ("西村西村", "窰窰窰")] == [
        "Test400",
        "NotoSansCJKsc",
    ]


def test_the_wanted_face_comes_before_what_stands_in_for_it(tmp_path: Path) -> None:
    for n, family in enumerate(("FandolFang", "朱雀仿宋", "仿宋_GB2312")):
        make_font(tmp_path, family, "甲", f"font{n}.ttf")
    assert FontBook([tmp_path], system=False).families("仿宋") == ("仿宋_GB2312", "朱雀仿宋", "FandolFang", WHEEL)


def test_a_title_takes_the_heavy_weight_of_a_family(tmp_path: Path) -> None:
    make_font(tmp_path, "Noto Serif CJK SC", "甲", "regular.ttf")
    make_font(tmp_path, "Noto Serif CJK SC", "甲乙", "bold.ttf", weight=700)
    own = FontBook([tmp_path], system=False)
    assert not own.coverage(pieces("乙", "小标宋")).borrowed
    assert own.coverage(pieces("乙", "仿宋")).borrowed == (("乙", "仿宋", WHEEL),)


def test_fonts_in_folders_below_and_of_old_endings_are_found(tmp_path: Path) -> None:
    below = tmp_path / "字体"
    below.mkdir()
    make_font(below, "SimHei", "甲", "SIMHEI.TTF")
    assert FontBook([tmp_path], system=False).families("黑体")[0] == "SimHei"


def test_a_folder_that_is_not_there_and_a_file_that_is_no_font_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    own = FontBook([tmp_path, tmp_path / "gone"], system=False)
    assert own.families("仿宋") == (WHEEL,)


def test_a_character_in_no_font_is_refused_with_its_code_and_place() -> None:
    with pytest.raises(MissingCharacter) as refused:
        book().check([*pieces("甲"), Piece("附件1标题", "小标宋", "演\U0001f44d示\ue123")])
    assert "附件1标题的“\U0001f44d”（U+1F44D）" in str(refused.value)
    assert "U+E123" in str(refused.value)
    assert "请在本机装上" in str(refused.value)
    with pytest.raises(MissingCharacter):
        book().check(pieces("\U0001f44d"))


def test_a_missing_character_is_also_in_the_report() -> None:
    report = book().coverage(pieces("\U0001f44d")).report()
    assert "正文第1段的“\U0001f44d”（U+1F44D）没有字体可用。" in report


def test_the_typesetter_sees_the_same_families(tmp_path: Path) -> None:
    shutil.copy(Path(noto_cjk_sans_otc.__file__).parent / "NotoSansCJK-Regular.ttc", tmp_path)
    seen = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(tmp_path)]).families()
    assert WHEEL in seen
    assert {family for role in ROLES for family in book().families(role)} <= set(seen)


def test_fonts_are_looked_for_once() -> None:
    assert font_book(system=False) is font_book(system=False)
