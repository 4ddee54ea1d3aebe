"""Reads the text lines of a PDF as far as it has any."""

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notifications.documents.errors import UnreadableFile
from notifications.documents.identify.align import Line

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

#: Pages that are read, bytes of drawing on one page, and drawing steps in the whole file.
_PAGES, _DRAWING, _STEPS = 500, 8 * 2**20, 2_000_000

# Broken files are common, and the person gets one sentence instead of the library's remarks.
logging.getLogger("pypdf").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class PdfText:
    lines: tuple[Line, ...]
    keywords: str
    #: Every page was read and has text; a scan has none.
    complete: bool


class _TooMuch(Exception):
    pass


def read_pdf(data: bytes) -> PdfText:
    # Slow to import, and most who need a check code read no PDF.
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        if not locked:
            count, about = len(reader.pages), reader.metadata
            keywords = str(about.get("/Keywords") or "") if about else ""
    except DependencyError:
        locked = True
    except Exception as error:  # a broken PDF fails in too many ways to name
        raise UnreadableFile("文件已损坏，不是完整的 PDF。请重新导出或重新下载后再试。") from error
    if locked:
        raise UnreadableFile("PDF 已加密，不能读取。请去掉密码后再试。")
    if not count:
        raise UnreadableFile("PDF 中没有一页内容，文件可能已损坏。请重新导出或重新下载后再试。")
    pages = tuple(_pages(reader, min(count, _PAGES)))
    lines = tuple(
        Line(f"第{p}页第{n}行", (line,))
        for p, page in enumerate(pages, 1)
        for n, line in enumerate((line for line in page.splitlines() if line.strip()), 1)
    )
    return PdfText(lines, keywords, count <= _PAGES and all(page.strip() for page in pages))


def _pages(reader: "PdfReader", count: int) -> Iterator[str]:
    """Text of each page; empty where it is a picture or cannot be read."""
    steps = 0

    def counted(*_: object) -> None:
        nonlocal steps
        steps += 1
        if steps > _STEPS:
            raise _TooMuch

    for n in range(count):
        try:
            page = reader.pages[n]
            text = page.extract_text(visitor_operand_before=counted) if _moderate(page) else ""
            yield text if steps <= _STEPS else ""  # inside a drawing the library goes on after an error
        except Exception:  # noqa: BLE001 - one bad page must not hide the others
            yield ""


def _moderate(page: "PageObject") -> bool:
    """A drawing of a size that text pages have."""
    contents = page.get_contents()
    return contents is not None and len(contents.get_data()) <= _DRAWING
