"""What somebody changed in our paper is told with its place and both wordings."""

import io
from collections.abc import Callable

import pytest
from docx import Document
from docx.document import Document as DocxDocument

from notifications.documents.docx import write_docx
from notifications.documents.errors import UnreadableFile
from notifications.documents.identify import Difference, differences
from tests.notifications.documents.case_data import composed
from tests.notifications.documents.identify_files import docx, marked, paragraph, pdf, table

SAME = (Difference("全文", "", "内容相同，只有格式或属性不同", "same_text"),)


@pytest.fixture(scope="module")
def ours() -> bytes:
    return write_docx(composed("rectification_order"))


def edited(data: bytes, edit: Callable[[DocxDocument], object]) -> bytes:
    document = Document(io.BytesIO(data))
    edit(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def told(ours: bytes, theirs: bytes) -> list[str]:
    return [str(difference) for difference in differences(ours, theirs)]


def test_the_same_file_differs_in_nothing(ours: bytes) -> None:
    assert differences(ours, ours) == ()


def test_a_file_saved_again_or_restyled_says_the_same(ours: bytes) -> None:
    def restyle(document: DocxDocument) -> None:
        for line in document.paragraphs:
            text = line.text
            for run in line.runs:
                run.text = ""
            for character in text:
                line.add_run(character).bold = True
            line.add_run("　")
        document.core_properties.author = "演示员"

    assert differences(ours, edited(ours, id)) == SAME
    assert differences(ours, edited(ours, restyle)) == SAME


def test_a_changed_added_and_removed_paragraph_is_told(ours: bytes) -> None:
    document = Document(io.BytesIO(ours))
    texts = [line for line in document.paragraphs if line.text.strip()]
    second, fourth, last = texts[1].text, texts[3].text, texts[-1].text

    def edit(document: DocxDocument) -> None:
        lines = [line for line in document.paragraphs if line.text.strip()]
        lines[1].add_run("（改）")
        lines[3]._p.getparent().remove(lines[3]._p)
        document.add_paragraph("另行通知。")

    place = f"第{len(texts)}段"
    assert last
    assert differences(ours, edited(ours, edit)) == (
        Difference("第2段", second, f"{second}（改）"),
        Difference("第4段", fourth, "", "removed"),
        Difference(place, "", "另行通知。", "added"),
    )


def test_sentences_for_people() -> None:
    old = docx(paragraph("甲方应于三十日内完成整改。") + paragraph("本通知一式两份。"))
    new = docx(paragraph("甲方应于六十日内完成整改。") + paragraph("附则") + paragraph("本通知一式两份。"))
    assert told(old, new) == [
        "第1段：原为“甲方应于三十日内完成整改。”，现为“甲方应于六十日内完成整改。”",
        "第2段：新增“附则”",
    ]
    assert told(new, old)[1] == "第2段：删去“附则”"
    assert [str(one) for one in SAME] == ["内容相同，只有格式或属性不同"]


def test_a_cell_is_named_by_table_row_and_column() -> None:
    old = docx(table(("名称", "年限"), ("甲矿", "3")) + paragraph("间") + table(("备注", "")))
    new = docx(table(("名称", "年限"), ("甲矿", "5")) + paragraph("间") + table(("备注", "已核")))
    assert differences(old, new) == (Difference("表格1第2行第2格", "3", "5"), Difference("表格2第1行第2格", "", "已核"))


def test_text_moved_to_another_cell_is_a_difference() -> None:
    old, new = (docx(table(("同意", *cells))) for cells in (("√", ""), ("", "√")))
    assert [difference.place for difference in differences(old, new)] == ["表格1第1行第2格", "表格1第1行第3格"]


def test_a_row_put_in_does_not_change_the_rows_below() -> None:
    rows = [(f"第{n}采石场", f"演示乡{n}村", "已关闭") for n in range(1, 40)]
    extra = ("新增采石场", "演示镇", "整改中")
    new = docx(table(*((str(n), *row) for n, row in enumerate([extra, *rows], 1))))
    found = differences(docx(table(*((str(n), *row) for n, row in enumerate(rows, 1)))), new)
    assert found[0] == Difference("表格1第1行", "", "1 | 新增采石场 | 演示镇 | 整改中", "added")
    assert [(one.place, one.was, one.now) for one in found[1:]] == [
        (f"表格1第{n}行第1格", str(n), str(n + 1)) for n in range(1, 40)
    ]


def test_headers_and_footers_are_compared_apart() -> None:
    old, new = marked("正文", code="K7M2-9QXA"), marked("正文", code="K7M2-9QXB")
    assert told(old, new) == ["页眉页脚：原为“核验码 K7M2-9QXA”，现为“核验码 K7M2-9QXB”"]
    assert told(old, marked("正文")) == ["页眉页脚：删去“核验码 K7M2-9QXA”"]


def test_a_page_number_that_was_counted_anew_is_no_difference(ours: bytes) -> None:
    def renumber(document: DocxDocument) -> None:
        for run in document.sections[0].footer.paragraphs[0].runs:
            if run.text == "1":
                run.text = "7"

    assert differences(ours, edited(ours, renumber)) == SAME


def test_a_picture_put_in_is_told() -> None:
    old = docx(paragraph("正文"))
    assert told(old, docx(paragraph("正文"), media=b"\x89PNG")) == [
        "图片和嵌入对象：原为“0 个”，现为“1 个，与原件不同”"
    ]


def test_a_paragraph_turned_into_a_table_is_told() -> None:
    found = differences(docx(paragraph("甲矿")), docx(table(("甲矿",))))
    assert [(one.place, one.what) for one in found] == [("第1段", "removed"), ("表格1第1行", "added")]


def test_pdfs_are_compared_line_by_line() -> None:
    old = pdf("第一条\n\n三十日内完成", "第二页")
    assert differences(old, pdf("第一条\n\n六十日内完成", "第二页")) == (
        Difference("第1页第2行", "三十日内完成", "六十日内完成"),
    )
    assert told(old, pdf("第一条\n\n三十日内完成", "第二页", keywords="K7M2-9QXA")) == [
        "文字相同，其他（图片、版式或属性）不同"
    ]


@pytest.mark.parametrize(
    ("theirs", "sentence"),
    [
        (pdf("正文"), "只能比较两个"),
        (b"\xff\xd8\xff photo", "只能比较两个"),
        (b"", "文件是空的"),
    ],
)
def test_what_cannot_be_compared_is_said(ours: bytes, theirs: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        differences(ours, theirs)


def test_a_scan_is_never_called_equal() -> None:
    with pytest.raises(UnreadableFile, match="扫描件"):
        differences(pdf("正文", ""), pdf("正文", "", keywords="K7M2-9QXA"))


def test_long_papers_are_compared_without_weighing_every_pair() -> None:
    old = docx("".join(paragraph(f"第{n}项") for n in range(1500)))
    new = docx("".join(paragraph(f"改第{n}条") for n in range(1501)))
    found = differences(old, new)
    assert len(found) == 1501
    assert found[-1] == Difference("第1501段", "", "改第1500条", "added")


def test_more_paragraphs_than_can_be_compared_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="10000 段"):
        differences(docx(paragraph("一")), docx(paragraph("二") * 10_001))
