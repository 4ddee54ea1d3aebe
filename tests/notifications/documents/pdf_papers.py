"""Papers for the tests of the PDF, drawn with the font of the program alone: the figures hold on every machine."""

from functools import cache
from typing import Any

from notifications.documents.model import (
    Cell,
    Column,
    FormTable,
    Heading,
    OfficialDocument,
    Paragraph,
    Signature,
    Span,
    Table,
    Text,
)
from notifications.documents.pdf import write_pdf
from notifications.documents.pdf.fonts import FontBook
from tests.notifications.documents.pdf_measure import Line, Rule, lines, page_sizes, rules

CODE = "K7M2-9QXA"
ORGAN, DATE = "演示县人民政府", "2026年11月23日"
RED, BLACK = "#FF0000", "#000000"


@cache
def book() -> FontBook:
    return FontBook(system=False)


def line(text: str) -> Text:
    return (Span(text),)


def body(*texts: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(line(text)) for text in texts)


def paper(**changes: Any) -> OfficialDocument:
    """A short paper with a red head."""
    parts: dict[str, Any] = {
        "kind": "survey_notice",
        "form": "文件",
        "mark": "演示县人民政府文件",
        "number": "演政发〔2026〕1号",
        "title": ("关于演示事项的通知",),
        "addressee": "各乡镇人民政府",
        "blocks": body("现将有关事项通知如下。"),
        "signature": Signature(ORGAN),
        "date": DATE,
    }
    return OfficialDocument(**{**parts, **changes})


def plain(**changes: Any) -> OfficialDocument:
    """A paper without a red head."""
    return paper(**{"form": "承诺书", "mark": "", "number": "", "addressee": "", **changes})


def letter(**changes: Any) -> OfficialDocument:
    return paper(**{"form": "信函", "mark": "演示县自然资源局", **changes})


def listing(count: int, name: str = "演示青石岭石灰岩矿") -> Table:
    head = tuple(Cell((line(text),)) for text in ("序号", "矿山名称", "剩余天数"))
    rows = tuple(tuple(Cell((line(text),)) for text in (str(n), name, "12")) for n in range(1, count + 1))
    return Table((Column(1, "center"), Column(4, "left"), Column(2, "right")), head, rows)


def form(*rows: tuple[str, str]) -> FormTable:
    cells = tuple((Cell((line(label),), label=True), Cell((line(value),))) for label, value in rows)
    return FormTable((Column(1, "left"), Column(3, "left")), cells)


def heading(level: Any, text: str) -> Heading:
    return Heading(level, line(text))


class Sheet:
    """A drawn paper and its measures."""

    def __init__(self, document: OfficialDocument) -> None:
        self.pdf = write_pdf(document, book())
        self.sizes = page_sizes(self.pdf)
        self._lines: dict[int, list[Line]] = {}

    def lines(self, page: int = 1) -> list[Line]:
        if page not in self._lines:
            self._lines[page] = lines(self.pdf, page)
        return self._lines[page]

    def rules(self, page: int = 1) -> list[Rule]:
        return rules(self.pdf, page)

    def line(self, start: str, page: int = 1) -> Line:
        """The line of a page that reads so, otherwise the first one that begins so."""
        found = [each for each in self.lines(page) if each.text.startswith(start)]
        return min(found, key=lambda each: each.text != start)

    def text_lines(self, page: int = 1) -> list[Line]:
        """Lines inside the text area of an upright page."""
        return [each for each in self.lines(page) if each.bottom < 263]

    def numbers(self, page: int) -> list[Line]:
        return [each for each in self.lines(page) if each.text.startswith("—") and each.text.endswith("—")]
