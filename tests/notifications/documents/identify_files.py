"""Files as people hand them in, made on the spot."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import noto_cjk_sans_otc
import typst
from docx import Document

CODE = "K7M2-9QXA"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def docx(body: str, **changes: bytes) -> bytes:
    """A .docx with this body; `document` replaces the whole part, `media` adds a picture."""
    document = f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>".encode()
    return changed(_empty(), {"word/document.xml": document} | {_PARTS[name]: part for name, part in changes.items()})


_PARTS = {"document": "word/document.xml", "media": "word/media/image1.png"}


def _empty() -> bytes:
    buffer = io.BytesIO()
    Document().save(buffer)
    return buffer.getvalue()


def changed(data: bytes, parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The package with other parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        every = {name: package.read(name) for name in package.namelist()} | dict(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as package:
        for name, part in every.items():
            package.writestr(name, part)
    return buffer.getvalue()


def marked(*paragraphs: str, code: str = "", keywords: str = "") -> bytes:
    """A .docx with a check code in its foot or its properties."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if code:
        line = document.sections[0].footer.paragraphs[0]
        for piece in ("核验", "码 ", code[:3], code[3:]):
            line.add_run(piece)
    document.core_properties.keywords = keywords
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def pdf(*pages: str, code: str = "", keywords: str = "", image: bool = False) -> bytes:
    """A PDF with these pages; `image` draws lines in place of text, as a scan has none."""
    foot = f"[核验码 {code} #h(1fr) — 1 —]" if code else "none"
    about = f'keywords: ("{keywords}",), ' if keywords else ""
    body = "\n#pagebreak()\n".join("#rect(width: 3cm)" if image else page for page in pages)
    source = (
        f"#set document({about}date: none)\n#set page(footer: {foot})\n"
        f'#set text(font: "Noto Sans CJK SC", lang: "zh")\n{body}'
    )
    fonts = Path(noto_cjk_sans_otc.__file__).parent
    made = typst.compile(source.encode(), font_paths=[fonts], ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made
