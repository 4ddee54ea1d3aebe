"""Writes an OfficialDocument as PDF with Typst; the same document always gives the same bytes on a machine."""

import json
import re
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Literal

import typst

from notifications.documents.errors import NotDrawn
from notifications.documents.model import OfficialDocument
from notifications.documents.pdf.fonts import CHAINS, Coverage, FontBook, font_book
from notifications.documents.pdf.source import source

_GLYPH = re.compile(r"\bg[0-9A-F]{32}\b")
_DIGITS = re.compile(r"\d+\.\d{3,}")


def write_pdf(doc: OfficialDocument, book: FontBook | None = None) -> bytes:
    """The document as a PDF file. Raises MissingCharacter and NotDrawn."""
    book = book or font_book()
    code, pieces = source(doc)
    book.check(pieces)
    return _press(book).print(code, "".join(doc.title))


def write_pictures(doc: OfficialDocument, book: FontBook | None = None) -> list[bytes]:
    """The document's pages as SVG, for a look on a screen. Raises as `write_pdf`."""
    book = book or font_book()
    code, pieces = source(doc)
    book.check(pieces)
    return [_lighter(page) for page in _press(book).draw(code, "".join(doc.title))]


def _lighter(page: bytes) -> bytes:
    """The same picture in three quarters of the bytes: short names for its glyphs, hundredths of a point."""
    names: dict[str, str] = {}
    text = _GLYPH.sub(lambda found: names.setdefault(found.group(), f"g{len(names)}"), page.decode())
    return _DIGITS.sub(lambda found: f"{float(found.group()):.2f}".rstrip("0").rstrip("."), text).encode()


def coverage(doc: OfficialDocument, book: FontBook | None = None) -> Coverage:
    """Which fonts the document would be printed with."""
    return (book or font_book()).coverage(source(doc)[1])


class _Press:
    """One kept typesetter: a new one would read all fonts again. It serves one document at a time."""

    def __init__(self, book: FontBook) -> None:
        faces = json.dumps({role: book.families(role) for role in CHAINS}, ensure_ascii=False)
        self._lock = Lock()
        self._compiler = typst.Compiler(
            b"", root=str(Path(__file__).parent), font_paths=book.fonts, sys_inputs={"faces": faces}
        )

    def print(self, code: str, title: str) -> bytes:
        (pdf,) = self._compiled(code, title, "pdf")
        return pdf

    def draw(self, code: str, title: str) -> list[bytes]:
        return self._compiled(code, title, "svg")

    def _compiled(self, code: str, title: str, format: Literal["pdf", "svg"]) -> list[bytes]:
        try:
            with self._lock:
                made = self._compiler.compile(input=code.encode(), format=format, timestamp=0)
        except typst.TypstError as error:
            raise NotDrawn(f"《{title}》没有排成版，不能出具：{error}。请把这份公文的编号告诉系统管理员。") from error
        return [part for part in (made if isinstance(made, list) else [made]) if isinstance(part, bytes)]


@lru_cache(maxsize=8)
def _press(book: FontBook) -> _Press:
    return _Press(book)
