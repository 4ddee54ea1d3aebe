"""Plain text and tables of a bundle, as Windows opens them: with a mark for UTF-8, and no cell that is a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from office.papers.zip_file import Part, made
from states.fields import printable

_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def lines(path: str, pairs: Iterable[tuple[str, object]]) -> Part:
    """`名称：值`, a line each; what is empty is left out."""
    said = [f"{name}：{printable(str(value))}" for name, value in pairs if value not in ("", None)]
    return made(path, (_MARK + "".join(f"{line}\r\n" for line in said)).encode())


def table(path: str, head: str, rows: Iterable[Sequence[object]]) -> Part:
    """A table for a spreadsheet; `head` names its columns with a space between them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head.split())
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return made(path, (_MARK + text.getvalue()).encode())


def _cell(value: object) -> str:
    """What people typed must not be taken for a formula."""
    text = printable("" if value is None else str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text
