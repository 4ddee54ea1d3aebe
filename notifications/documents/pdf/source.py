"""An OfficialDocument as Typst code: calls of the parts that `frame.typ` draws, in the order of the paper."""

from collections.abc import Iterator

from notifications.documents.model import Annex, OfficialDocument
from notifications.documents.pdf.blocks import ACROSS, blocks
from notifications.documents.pdf.closing import annex_names, closing, imprint
from notifications.documents.pdf.fonts import Piece
from notifications.documents.pdf.text import LINE, TITLE, Scribe, literal, visible
from notifications.documents.titles import width

#: Points of 发文机关标志 at most, and of the width of the text area.
_MARK, _LETTER_MARK, _AREA = 44, 36, 442
#: More names of annexes than these might not find room on one page with the signature.
_NAMED = 5
#: Characters of a title in its line.
_TITLE_LINE = 20


def source(doc: OfficialDocument) -> tuple[str, list[Piece]]:
    """The code, and every text that it draws."""
    scribe = Scribe()
    scribe.place = "页脚"
    code = scribe.plain(doc.check_code, "宋体")
    scribe.plain(f"— 0123456789 —{'核验码' if doc.check_code else ''}", "宋体")
    title = literal(visible("".join(doc.title)))
    keywords = f"({code},)" if doc.check_code else "()"
    pages = _pages(doc, code, across=doc.landscape)
    parts = [f"show: paper.with({title}, {keywords}, {pages})", *_parts(scribe, doc, code)]
    return '#import "frame.typ": *\n' + "\n".join(f"#{part}" for part in parts), scribe.pieces


def _pages(doc: OfficialDocument, code: str, *, across: bool) -> str:
    return f"across({code})" if across else f"upright({code}, {'true' if doc.form == '信函' else 'false'})"


def _parts(scribe: Scribe, doc: OfficialDocument, code: str) -> Iterator[str]:
    yield from _head(scribe, doc)
    yield from _title(scribe, doc)
    yield from _text(scribe, doc)
    for n, annex in enumerate(doc.annexes, 1):
        if annex.blocks:
            yield _annex(scribe, doc, annex, f"附件{n}" if len(doc.annexes) > 1 else "附件", code)
    if doc.imprint:
        scribe.place = "版记"
        yield imprint(scribe, doc.imprint, rules=doc.form != "信函")


def _head(scribe: Scribe, doc: OfficialDocument) -> Iterator[str]:
    scribe.place = "发文机关标志"
    if doc.form in ("文件", "上行文"):
        name = scribe.plain(doc.mark, "小标宋")
        yield f"red-head({_size(doc.mark, _MARK)}, {name}, {_number_line(scribe, doc)})"
    elif doc.form == "信函":
        name = scribe.plain(doc.mark, "小标宋")
        yield f"letter-head({_size(doc.mark, _LETTER_MARK)}, {name}, {_number(scribe, doc)})"
    elif doc.mark:
        yield f"title({scribe.text(doc.mark, '小标宋', _TITLE_LINE, TITLE)})"


def _size(mark: str, largest: int) -> str:
    """Points at which 发文机关标志 fills one line at most."""
    return f"{max(16, min(largest, int(_AREA / max(width(mark), 1))))}pt"


def _number(scribe: Scribe, doc: OfficialDocument) -> str:
    scribe.place = "发文字号"
    return scribe.text(doc.number)


def _number_line(scribe: Scribe, doc: OfficialDocument) -> str:
    number = _number(scribe, doc)
    if doc.form == "文件":
        return f"flush(center, {number})"
    scribe.place = "签发人"
    scribe.plain("签发人：", "仿宋")
    return f"number-and-signer({number}, {scribe.text(doc.signer, '楷体', LINE / 2)})"


def _title(scribe: Scribe, doc: OfficialDocument) -> Iterator[str]:
    scribe.place = "标题"
    yield f"title({', '.join(scribe.text(line, '小标宋', _TITLE_LINE, TITLE) for line in doc.title)})"
    if doc.form == "法律文书":
        yield f"flush(center, {_number(scribe, doc)})"
        yield "empty(0.5)"
    elif doc.form in ("表单", "台账"):
        yield f"flush(right, {_number(scribe, doc)})" if doc.number else "empty(0.5)"
    if doc.addressee:
        scribe.place = "主送机关"
        yield "empty(1)"
        yield f"flush(left, {scribe.text(f'{doc.addressee}：')})"
    elif doc.form not in ("表单", "台账", "法律文书"):
        yield "empty(1)"


def _text(scribe: Scribe, doc: OfficialDocument) -> Iterator[str]:
    """Body, 附件说明, signature and what stands below it; all of that goes with the last lines before it."""
    line = _width(across=doc.landscape)
    end = closing(scribe, doc, line)
    if doc.tail:
        end = _joined(end, "empty(1)", *blocks(scribe, doc.tail, "落款以下", line=line))
    if len(doc.annexes) > _NAMED:
        yield from blocks(scribe, doc.blocks, "正文", line=line)
        yield from annex_names(scribe, doc.annexes, end)
        return
    if doc.annexes:
        end = _joined(*annex_names(scribe, doc.annexes, ""), end)
    if doc.blocks:
        yield from blocks(scribe, doc.blocks, "正文", end, line)
    elif end:
        yield end


def _joined(*parts: str) -> str:
    return "{" + ";".join(filter(None, parts)) + "}"


def _annex(scribe: Scribe, doc: OfficialDocument, annex: Annex, label: str, code: str) -> str:
    """An annex on its own pages, which may lie the other way than those before."""
    scribe.place = f"{label}标题"
    head = f"annex({scribe.plain(label, '黑体')}, {scribe.text(annex.title, '小标宋', _TITLE_LINE, TITLE)})"
    parts = [head, *blocks(scribe, annex.blocks, label, line=_width(across=annex.landscape))]
    if annex.landscape == doc.landscape:
        return "{" + "\n".join(["pagebreak(weak: true)", *parts]) + "}"
    return f"page(..{_pages(doc, code, across=annex.landscape)}, {{" + "\n".join(parts) + "})"


def _width(*, across: bool) -> float:
    return ACROSS if across else LINE
