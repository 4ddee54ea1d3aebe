""".ods: rows and cells that say how often they are repeated."""

from xml.parsers import expat

from office.sheets.formats.limits import (
    DAMAGED,
    LOCKED,
    MACROS,
    MAX_CELLS,
    NOT_CALCULATED,
    RESAVE,
    Area,
    Checked,
    Extent,
    Mark,
    Unfit,
    check_all,
    shown,
)
from office.sheets.formats.package import Package, elements, parsed
from office.sheets.formats.zipped import packed

MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = "META-INF/manifest.xml"
_MOST_MARKS = 100_000
_VALUES = ("value", "string-value", "date-value", "time-value", "boolean-value")


def check(package: Package) -> Checked:
    """Raises Unfit."""
    if any(name.startswith(("basic/", "scripts/")) for name in package.names()):
        raise Unfit(MACROS)
    if _MANIFEST not in package or "content.xml" not in package:
        raise Unfit(DAMAGED)
    parts = {"mimetype": MIMETYPE, _MANIFEST: package.xml(_MANIFEST)}
    if elements(parts[_MANIFEST], "encryption-data"):
        raise Unfit(LOCKED)
    parts["content.xml"] = package.xml("content.xml")
    walk = _walk(parts["content.xml"])
    check_all(walk.extents)
    package.look_through(parts)
    checked = Checked(packed(parts))
    checked.marks, checked.merged = dict(enumerate(walk.marks)), dict(enumerate(walk.merged))
    return checked


class _Walk:
    """Goes through the tables and counts what the reader would write out."""

    def __init__(self) -> None:
        self.extents, self.marks, self.merged = list[Extent](), list[list[Mark]](), list[list[Area]]()
        #: Place of the cell; how often its row is repeated; up to where the row is written out; cells so far.
        self._row = self._column = self._times = self._from = self._written = 0
        self._used = False
        self._row_marks = list[tuple[range, list[str]]]()
        self._text: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "table:table":
                self.extents.append(Extent(attributes.get("table:name", "")))
                self.marks.append([])
                self.merged.append([])
                self._row = 0
            case "table:table-row" if self.extents:
                self._column, self._from, self._used, self._row_marks = 0, 0, False, []
                self._times = _times(attributes, "table:number-rows-repeated")
            case "table:table-cell" | "table:covered-table-cell" if self.extents:
                self._merge(attributes)
                self._cell(attributes, _times(attributes, "table:number-columns-repeated"))

    def end(self, name: str) -> None:
        match name:
            case "table:table-cell" | "table:covered-table-cell":
                self._text = None
            case "table:table-row" if self.extents:
                self._end_row(self.extents[-1])

    def text(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _cell(self, attributes: dict[str, str], times: int) -> None:
        # The reader writes out what stands before a cell, whether this one holds anything or not.
        self._written += self._column - self._from
        self._from = self._column
        if self._written > MAX_CELLS:
            title = shown(self.extents[-1].title)
            raise Unfit(f"工作表“{title}”写出的格子太多（超过 {MAX_CELLS:,} 格）：请删去数据以外的格式，{RESAVE[1:]}。")
        formula = "table:formula" in attributes
        valued = (
            any(f"office:{kind}" in attributes for kind in _VALUES) or attributes.get("office:value-type") == "string"
        )
        if formula or valued:
            self.extents[-1].take(self._row, self._column + times - 1)
            self._used = True
            self._written += times
            self._from += times
            if attributes.get("calcext:value-type") == "error" or not valued:
                self._text = []
                self._row_marks.append((range(self._column, self._column + times), self._text))
        self._column += times

    def _merge(self, attributes: dict[str, str]) -> None:
        across, down = (_times(attributes, f"table:number-{line}-spanned") for line in ("columns", "rows"))
        if (across > 1 or down > 1) and len(self.merged[-1]) < _MOST_MARKS:
            self.merged[-1].append((self._row, self._column, self._row + down - 1, self._column + across - 1))

    def _end_row(self, extent: Extent) -> None:
        if self._used:
            last = self._row + self._times - 1
            extent.take(last, extent.lowest[1])
            extent.filled += self._times
            extent.check()
            self.marks[-1] += [
                (row, column, "".join(words).strip() or NOT_CALCULATED)
                for columns, words in self._row_marks
                for row in range(self._row, last + 1)
                for column in columns
            ]
        self._row += self._times


def _walk(xml: bytes) -> _Walk:
    walk, parser = _Walk(), expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = walk.start, walk.end
    parser.CharacterDataHandler = walk.text
    parsed(xml, parser)
    return walk


def _times(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    if not (text.isascii() and text.isdecimal() and len(text) < 11):
        raise Unfit(DAMAGED)
    return int(text)
