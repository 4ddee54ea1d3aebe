"""Reads what a part of a .docx says, as Word, WPS or LibreOffice leave it.

Runs are split anywhere, and tracked changes count as accepted.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from notifications.documents.identify.align import Line

_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
}
_TEXT = ("w:t", "m:t")
_MARKS = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
#: Renderings inside renderings that are weighed; deeper ones are all read.
_NESTED = 8
_GONE = ("w:del", "w:moveFrom")
_SKIPPED = (*_GONE, "w:pPr", "w:rPr", "w:sdtPr", "w:tblPr", "w:trPr", "w:tcPr", "w:sectPr")


class WordReader:
    """Turns what stands in one part, cell or text box into lines."""

    def __init__(self, label: str = "") -> None:
        self.lines: list[Line] = []
        self._label = label
        self._paragraphs = self._tables = self._boxes = 0

    def read(self, container: Any) -> None:
        text = ""
        for block in _inside(container, ("w:p", "w:tbl")):
            if short_name(block) == "w:tbl":
                self._table(block)
                continue
            line = _Runs()
            line.walk(block)
            text += "".join(line.pieces)
            if not _deleted(block, "w:pPr", "w:rPr"):  # else its end is struck out, and the next one runs on
                self._paragraph(text)
                text = ""
            for box in line.boxes:
                self._box(box)
        self._paragraph(text)

    def _paragraph(self, text: str) -> None:
        if text.strip():
            self._paragraphs += 1
            self.lines.append(Line(f"{self._label}第{self._paragraphs}段", (text,)))

    def _table(self, table: Any) -> None:
        self._tables += 1
        rows = (row for row in _inside(table, ("w:tr",)) if not _deleted(row, "w:trPr"))
        for n, row in enumerate(rows, 1):
            cells = tuple("\n".join(_texts(cell)) for cell in _inside(row, ("w:tc",)))
            self.lines.append(Line(f"{self._label}表格{self._tables}第{n}行", cells, row=True))

    def _box(self, box: Any) -> None:
        self._boxes += 1
        for n, text in enumerate(_texts(box), 1):
            self.lines.append(Line(f"{self._label}文本框{self._boxes}第{n}段", (text,)))


def _texts(container: Any) -> list[str]:
    """Paragraphs of a cell or text box, whatever they stand in."""
    reader = WordReader()
    reader.read(container)
    return [cell for line in reader.lines for cell in line.cells if cell.strip()]


class _Runs:
    """Text of one paragraph, and the text boxes that hang from it."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.boxes: list[Any] = []
        self._fields: list[str] = []

    def walk(self, node: Any) -> None:
        for child in _branches(node) if short_name(node) == "mc:AlternateContent" else node:
            name = short_name(child)
            if name in _TEXT:
                self._text(child.text or "")
            elif name in _MARKS:
                self.pieces.append(_MARKS[name])
            elif name == "w:sym":
                self.pieces.append(f"〔符号{_attribute(child, 'char')}〕")
            elif name == "w:txbxContent":
                self.boxes.append(child)
            elif name in ("w:fldChar", "w:instrText", "w:fldSimple"):
                self._field(child, name)
            elif name not in _SKIPPED:
                self.walk(child)

    def _text(self, text: str) -> None:
        # Page numbers change by themselves.
        if not (text.strip().isdigit() and any(code.split()[:1] in (["PAGE"], ["NUMPAGES"]) for code in self._fields)):
            self.pieces.append(text)

    def _field(self, node: Any, name: str) -> None:
        kind = _attribute(node, "fldCharType")
        if name == "w:fldSimple":
            self._fields.append(_attribute(node, "instr"))
            self.walk(node)
            self._fields.pop()
        elif name == "w:instrText" and self._fields:
            self._fields[-1] += node.text or ""
        elif kind == "begin":
            self._fields.append("")
        elif kind == "end" and self._fields:
            self._fields.pop()


def _inside(node: Any, wanted: tuple[str, ...]) -> Iterator[Any]:
    """Nearest elements of these names, through whatever is wrapped around them."""
    for child in _branches(node) if short_name(node) == "mc:AlternateContent" else node:
        name = short_name(child)
        if name in wanted:
            yield child
        elif name not in _SKIPPED:
            yield from _inside(child, wanted)


def _branches(alternate: Any) -> Iterator[Any]:
    """Of renderings for newer and older programs, those that say something else than the ones before."""
    if sum(1 for _ in alternate.iterancestors(alternate.tag)) > _NESTED:
        yield from alternate
        return
    seen = set()
    for branch in alternate:
        text = "".join("".join(node.text or "" for node in branch.iter() if short_name(node) in _TEXT).split())
        if text not in seen:
            seen.add(text)
            yield branch


def _deleted(node: Any, *path: str) -> bool:
    """Whether a tracked deletion stands in these properties of an element."""
    for step in path:
        node = next((child for child in node if short_name(child) == step), ())
    return any(short_name(child) in _GONE for child in node)


def _attribute(node: Any, name: str) -> str:
    return next((value for key, value in node.items() if key.rpartition("}")[2] == name), "")


def short_name(node: Any) -> str:
    return _short(node.tag) if isinstance(node.tag, str) else ""


@lru_cache(maxsize=1024)
def _short(tag: str) -> str:
    namespace, _, name = tag.removeprefix("{").rpartition("}")
    return f"{_PREFIXES.get(namespace, '')}:{name}"
