"""Word forms as a county would draw them, built here and nowhere stored."""

import io
import zipfile
from collections.abc import Iterator

import docx
from docx.document import Document

from notifications.documents.county import check_form
from states.documents import BY_ID


def saved(document: Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def form(*paragraphs: str) -> bytes:
    """A form of plain paragraphs."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def county_form() -> bytes:
    """A supervision form with a head, boxes to tick and a table with a row for every opinion."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "{{ issuer.name }}　{{ number }}"
    document.sections[0].footer.paragraphs[0].text = "依据：{{ plan.title }}"
    document.add_heading("{{ mine.name }}整改通知", 0)
    paragraph = document.add_paragraph("采矿权人：{{ mi")
    paragraph.add_run("ne.hol").bold = True  # as Word cuts a placeholder when it was corrected by hand
    paragraph.add_run("der }}，乡镇：{{ mine.township|place }}")
    document.add_paragraph("期限：{{ facts.rectify_by|cn_date }}；费用：{{ facts.amount|money }}")
    document.add_paragraph("{% if facts.checklist_passed %}☑{% else %}□{% endif %}合格　{{ facts.requirements|lines }}")
    document.add_paragraph("{%p if facts.adjustment %}")
    document.add_paragraph("范围调整：{{ facts.adjustment }}")
    document.add_paragraph("{%p endif %}")
    table = document.add_table(rows=4, cols=2)
    for row, texts in zip(
        table.rows,
        (
            ("单位", "意见"),
            ("{%tr for row in facts.opinions %}", ""),
            ("{{ loop.index }}.{{ row.organ }}", "{% if row.answer %}{{ row.answer|bare }}{% else %}未答复{% endif %}"),
            ("{%tr endfor %}", ""),
        ),
        strict=True,
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph("{{ date }}")
    return saved(document)


def problems(data: bytes, kind: str = "supervision_slip") -> str:
    """What is wrong with a form, one sentence a line. The default kind of paper has no number."""
    return "\n".join(str(problem) for problem in check_form(data, BY_ID[kind]))


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(contents: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in contents.items():
            package.writestr(name, content)
    return buffer.getvalue()


def changed(data: bytes, name: str, old: str, new: str) -> bytes:
    """The file with one text replaced in one part."""
    contents = parts(data)
    text = contents[name].decode()
    assert old in text
    return packed({**contents, name: text.replace(old, new, 1).encode()})


def lines_of(data: bytes) -> Iterator[str]:
    """Every paragraph of body, tables, header and footer."""
    document = docx.Document(io.BytesIO(data))
    section = document.sections[0]
    for paragraph in (*section.header.paragraphs, *document.paragraphs, *section.footer.paragraphs):
        yield paragraph.text
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                yield cell.text
