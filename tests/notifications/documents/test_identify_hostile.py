"""Damaged files and traps end in one sentence for the person who handed them in."""

import io
import zipfile

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from notifications.documents import identify
from notifications.documents.errors import DocumentError, UnreadableFile
from notifications.documents.identify import examine
from tests.notifications.documents.identify_files import CODE, changed, docx, paragraph, pdf


def refused(data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        examine(data)
    assert isinstance(caught.value, UnreadableFile)
    return str(caught.value)


def test_an_empty_or_huge_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(b"").startswith("文件是空的")
    monkeypatch.setattr(identify, "_MOST_MB", 1)
    assert "超过 1 MB" in refused(bytes(2**20 + 1))
    assert examine(bytes(2**20)).kind == "other"


def test_a_docx_cut_anywhere_is_damaged_or_read() -> None:
    whole = docx(paragraph("正文"))
    for end in range(4, len(whole), len(whole) // 60):
        assert "已损坏" in refused(whole[:end])


def test_a_pdf_cut_or_scribbled_on_never_ends_in_a_traceback() -> None:
    whole = pdf("正文", "第二页", code=CODE)
    for n in range(9, len(whole), len(whole) // 40):
        for broken in (whole[:n], whole[:n] + b"\xff<<[(" + whole[n + 5 :]):
            try:
                assert examine(broken).kind == "pdf"
            except UnreadableFile as error:
                assert "PDF" in str(error)


def test_a_wrong_byte_in_a_docx_is_found_by_its_check_sum() -> None:
    stored = changed(docx(paragraph("三十日")), {}, zipfile.ZIP_STORED)
    assert "已损坏" in refused(stored.replace("三十日".encode(), "六十日".encode()))


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<w:document",
        b"not xml",
        b"<a>" * 5000 + b"</a>" * 5000,
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY x "y">]><w:document xmlns:w="urn:x"><w:t>&x;</w:t></w:document>',
    ],
)
def test_xml_that_no_word_processor_writes_is_refused(document: bytes) -> None:
    assert "已损坏" in refused(docx("", document=document))


def test_entities_do_not_grow() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY e0 "x">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    assert "已损坏" in refused(docx("", document=f"{bomb}]><a b='&e11;'>&e11;</a>".encode()))


def test_a_part_that_unpacks_too_far_is_not_unpacked() -> None:
    bomb = docx("", document=b"<a>" + b" " * (33 * 2**20) + b"</a>")
    assert len(bomb) < 200_000
    assert "已停止读取" in refused(bomb)
    assert "已停止读取" in refused(docx("", media=bytes(201 * 2**20)))


def test_what_is_nested_deeply_is_read_all_the_same() -> None:
    def wrapped(start: str, text: str, end: str) -> str:
        return start * 60 + text + end * 60

    tables = wrapped("<w:tbl><w:tr><w:tc>", paragraph("表中"), "</w:tc></w:tr></w:tbl>")
    choices = wrapped(
        "<mc:AlternateContent><mc:Choice>", "<w:r><w:t>字</w:t></w:r>", "</mc:Choice></mc:AlternateContent>"
    )
    assert examine(docx(f"{tables}<w:p>{choices}</w:p>")).text == ("表中", "字")


def test_too_many_marks_or_parts_are_not_read() -> None:
    assert "已停止读取" in refused(docx("<w:p/>" * 2_000_001))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for n in range(10_001):
            package.writestr(str(n), b"")
    assert "已停止读取" in refused(buffer.getvalue())


def test_other_packing_is_refused_because_it_unpacks_without_bound() -> None:
    assert "已损坏" in refused(changed(docx(paragraph("正文")), {}, zipfile.ZIP_BZIP2))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused() -> None:
    buffer = io.BytesIO(docx(paragraph("甲")))
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("word/document.xml", b"<a/>")
    assert "已损坏" in refused(buffer.getvalue())


def test_a_locked_file_is_said_to_be_locked() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("正文"))))
    writer.encrypt("secret", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    assert "已加密" in refused(buffer.getvalue())
    office = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    assert "已加密" in refused(office)
    zipped = bytearray(docx(paragraph("正文")))
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        zipped[zipped.index(start) + (6 if start[2] == 3 else 8)] |= 1
    assert "已加密" in refused(bytes(zipped))


def test_a_pdf_locked_against_printing_only_is_read() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("正文", code=CODE))))
    writer.encrypt("", "owner", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    assert examine(buffer.getvalue()).check_code == CODE


def test_a_pdf_without_pages_is_refused() -> None:
    buffer = io.BytesIO()
    PdfWriter().write(buffer)
    assert "没有一页" in refused(buffer.getvalue())


def test_a_page_that_is_one_enormous_drawing_is_passed_over() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("正文", "第二页", code=CODE))))
    drawing = DecodedStreamObject()
    drawing.set_data(b"0 0 m 1 1 l S\n" * 700_000)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(drawing.flate_encode())
    buffer = io.BytesIO()
    writer.write(buffer)
    assert examine(buffer.getvalue()).text[0] == "第二页"


def test_drawings_inside_drawings_do_not_multiply() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("正文", "第二页", code=CODE))))
    inner = None
    for _ in range(9):
        form = DecodedStreamObject()
        form.set_data(b"/F Do " * 20 if inner else b"0 0 m " * 20)
        form.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")})
        if inner:
            form[NameObject("/Resources")] = _holding(inner)
        inner = writer._add_object(form)
    drawing = DecodedStreamObject()
    drawing.set_data(b"/F Do")
    writer.pages[0].update(
        {NameObject("/Contents"): writer._add_object(drawing), NameObject("/Resources"): _holding(inner)}
    )
    buffer = io.BytesIO()
    writer.write(buffer)
    found = examine(buffer.getvalue())
    assert found.text[0] == "第二页"


def _holding(form: object) -> DictionaryObject:
    return DictionaryObject({NameObject("/XObject"): DictionaryObject({NameObject("/F"): form})})


@pytest.mark.parametrize("main", ["xl/workbook.xml", ""])
def test_another_kind_of_package_is_not_a_docx(main: str) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        if main:
            package.writestr("[Content_Types].xml", "<Types/>")
            package.writestr("_rels/.rels", f'<R><R Type="{kind}" Target="{main}"/></R>')
            package.writestr(main, "<workbook/>")
    assert examine(buffer.getvalue()).kind == "other"


def test_a_docx_without_its_main_part_is_damaged() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx(paragraph("正文")))) as old, zipfile.ZipFile(buffer, "w") as package:
        for name in old.namelist():
            if name != "word/document.xml":
                package.writestr(name, old.read(name))
    assert "已损坏" in refused(buffer.getvalue())
