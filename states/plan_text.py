"""Reads the official text of the plan (Markdown or plain): its numbered tree and the tables of its annexes.

Line breaks, white space, Markdown marks and full- or half-width forms do not count; every other character does.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

from states.clauses import CLAUSES

#: Column key (also in `plans/<county>/annex2.csv`) -> printed heading.
ANNEX2_COLUMNS = {
    "row": "序号", "name": "矿山名称", "holder": "采矿权人", "licence_number": "采矿许可证号", "mineral": "开采矿种",
    "scale": "生产规模", "validity": "采矿许可证有效期", "tick_closure": "关闭取缔", "tick_guided_exit": "引导退出",
    "exit_time": "关闭退出时间",
}  # fmt: skip
ANNEX3_COLUMNS = {
    "row": "序号", "name": "拟设矿业权名称", "mineral": "开采矿种", "area": "矿区面积",
    "predicted_resource": "预测资源量", "location": "地理位置", "transfer_time": "拟出让年度",
}  # fmt: skip
TABLES = {"附件2": ANNEX2_COLUMNS, "附件3": ANNEX3_COLUMNS}


class PlanTextError(ValueError):
    """The file cannot be read as the text of a plan; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an annex table, normalised; `width` is the number of cells found."""

    line: int
    width: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlanText:
    """The parsed text: own text of each clause, normalised, and where it begins."""

    clauses: Mapping[str, str]
    lines: Mapping[str, int]
    annex2: tuple[Row, ...]
    annex3: tuple[Row, ...]
    #: Clauses whose number occurs again, with the line of the repetition.
    duplicates: tuple[tuple[str, int], ...] = ()

    def fingerprints(self) -> dict[str, str]:
        """What `clauses.csv` keeps of this text."""
        return {place: fingerprint(text) for place, text in self.clauses.items()}


#: The dashes of Unicode, which typists mix.
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2500"
_FOLD = str.maketrans(
    _DASHES + "“”„‘’〔【﹝〕】﹞✓✔☑",
    "-" * len(_DASHES) + '"""\'\'[[[]]]√√√',
)
_NOISE = re.compile(r"[\s*#`_\\|\u200b\u2060\ufeff]+")
#: Rules, table separators and page numbers stand on lines of their own.
_SKIPPED = re.compile(
    rf"[\s|:]*([-*_=][\s|:]*){{3,}}|\s*[-{_DASHES}]\s*\d{{1,3}}\s*[-{_DASHES}]\s*|\s*第\s*\d+\s*页\s*"
)

_NUMERAL = "[一二三四五六七八九十]{1,3}"
_MARKERS = (
    re.compile(rf"({_NUMERAL})、"),
    re.compile(rf"(\({_NUMERAL}\))"),
    re.compile(r"(\d{1,2})[.、](?!\d)"),
    re.compile(r"(\(\d{1,2}\))"),
)
_PRINCIPLE = "--"
_CONTENTS = "附件:"
_ANNEX = re.compile(r"(附件\d{1,2}):?")
_IMPRINT = re.compile(r"\(此页无正文\)|抄送")
_ORGAN = re.compile(r"[^,。;:、]{2,20}(:)")


def decode(raw: bytes) -> str:
    """The text of a file, as UTF-8 or in the Chinese encoding of Windows. Raises PlanTextError."""
    if raw.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) or b"\0" in raw:
        raise PlanTextError("这不是文字文件（像是 PDF、Word 或其他二进制文件），请另存为 UTF-8 纯文本后再核对。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise PlanTextError("文件的文字编码认不出来，请另存为 UTF-8 纯文本后再核对。")


def normalise(text: str) -> str:
    """The characters that count: one form for each, without white space and Markdown marks."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).translate(_FOLD))


def fingerprint(text: str) -> str:
    """Stands for a clause's wording, which we do not keep: 16 hexadecimal digits of SHA-256."""
    return sha256(normalise(text).encode()).hexdigest()[:16]


def parse(text: str) -> PlanText:
    """Takes the numbered tree and both tables out of the official text. Raises PlanTextError."""
    if not text.strip():
        raise PlanTextError("文件是空的，请给出方案正式文本（UTF-8 纯文本或 Markdown）。")
    if "\0" in text or "\ufffd" in text:
        raise PlanTextError("文件里有不是文字的内容，请另存为 UTF-8 纯文本后再核对。")
    body, annexes = _divide(text)
    places = list(_clauses(body))
    rows: dict[str, list[Row]] = {name: [] for name in TABLES}
    for name, lines in annexes:
        places += _annex(name, lines, rows.get(name))
    if not any(CLAUSES.keys() - {"文首"} & {place for place, *_ in places}):
        raise PlanTextError("没有找到“一、”“(一)”这样的条款编号，请确认给的是方案正式文本，不是摘要或其他文件。")
    clauses: dict[str, str] = {}
    lines_of: dict[str, int] = {}
    duplicates = []
    for place, own, line in places:
        if place in clauses:
            duplicates.append((place, line))
        else:
            clauses[place], lines_of[place] = own, line
    return PlanText(clauses, lines_of, tuple(rows["附件2"]), tuple(rows["附件3"]), tuple(duplicates))


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    raw: str
    plain: str


class _Stream:
    """Lines joined without white space, and the offsets at which lines began."""

    def __init__(self, lines: Iterable[_Line]) -> None:
        self.text, self.starts = "", dict[int, int]()
        for line in lines:
            self.starts[len(self.text)] = line.number
            self.text += line.plain


def _divide(text: str) -> tuple[_Stream, list[tuple[str, list[_Line]]]]:
    body: list[_Line] = []
    annexes: list[tuple[str, list[_Line]]] = []
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        plain = normalise(raw.lstrip("> "))
        if not plain or _SKIPPED.fullmatch(raw):
            continue
        heading = _ANNEX.fullmatch(plain)
        if heading:
            annexes.append((heading[1], []))
        (annexes[-1][1] if annexes else body).append(_Line(number, raw, plain))
    return _Stream(body), annexes


def _clauses(body: _Stream) -> Iterator[tuple[str, str, int]]:
    """Own text of each clause of the body, with the line on which it begins."""
    marks = list(_marks(body))
    ends = [offset for offset, _, _ in marks[1:]] + [len(body.text)]
    for (offset, text_from, place), end in zip(marks, ends, strict=True):
        cuts = [text_from, *_paragraphs(place, body, text_from, end), end]
        first = 1 if f"{place}¶1" in CLAUSES else 2
        for index, (start, stop) in enumerate(pairwise(cuts)):
            line = body.starts[offset] if index == 0 else _line_at(body, start)
            yield (place if index == 0 else f"{place}¶{index + first - 1}"), body.text[start:stop], line


def _marks(body: _Stream) -> Iterator[tuple[int, int, str]]:
    """Each numbered place: offset of its mark, offset of its text, clause id. Marks count at line starts only."""
    yield 0, 0, "文首"
    path: list[str] = []
    principles = 0
    for offset in body.starts:
        found = _marker(body.text, offset, path)
        if found:
            level, match = found
            path, principles = [*path[:level], match[1]], 0
            yield offset, match.end(), "".join(path)
        elif path and body.text.startswith(_PRINCIPLE, offset):
            principles += 1
            yield offset, offset + len(_PRINCIPLE), f"{''.join(path)}—{principles}"
        elif path and body.text.startswith(_CONTENTS, offset):
            yield offset, offset + len(_CONTENTS), "附件目录"
            return


def _marker(text: str, offset: int, path: Sequence[str]) -> tuple[int, re.Match[str]] | None:
    for level, pattern in enumerate(_MARKERS):
        if (path or level == 0) and (match := pattern.match(text, offset)):
            return level, match
    return None


def _paragraphs(place: str, body: _Stream, start: int, end: int) -> list[int]:
    """Where the unnumbered paragraphs begin that are cited as ¶: after the heading at each organ's name and colon,
    or after a full stop at the end of a line."""
    lines = [offset for offset in body.starts if start < offset < end]
    if f"{place}¶1" in CLAUSES:
        heading = normalise(CLAUSES[place].heading)
        first = start + len(heading) if body.text.startswith(heading, start) else next(iter(lines), end)
        colons: dict[int, int] = {}
        for offset in lines:
            if organ := _ORGAN.match(body.text, offset, end):
                colons.setdefault(organ.start(1), offset)
        return [first, *(offset for offset in colons.values() if offset > first)]
    if f"{place}¶2" in CLAUSES:
        return [offset for offset in lines if body.text[offset - 1] == "。"]
    return []


def _line_at(body: _Stream, offset: int) -> int:
    return body.starts[max(start for start in body.starts if start <= offset)]


def _annex(name: str, lines: list[_Line], rows: list[Row] | None) -> Iterator[tuple[str, str, int]]:
    """Text of an annex outside its rows; the rows go into the list."""
    prose = []
    for line in lines:
        row = None if rows is None else _row(line, TABLES[name])
        if row and rows is not None:
            rows.append(row)
        else:
            prose.append(line)
    own = _Stream(prose)
    end = next((offset for offset in own.starts if _IMPRINT.match(own.text, offset)), len(own.text))
    yield name, own.text[:end].removeprefix(name), lines[0].number
    if end < len(own.text):
        yield "版记", own.text[end:], own.starts[end]


def _row(line: _Line, columns: Mapping[str, str]) -> Row | None:
    if "\t" in line.raw:
        cells = line.raw.split("\t")
    elif line.raw.strip().startswith("|"):
        cells = line.raw.strip().removesuffix("|").split("|")[1:]
    else:
        return None
    plain = [normalise(cell) for cell in cells]
    if not re.fullmatch(r"\d{1,3}", plain[0]):
        return None
    return Row(line.number, len(plain), dict(zip(columns, plain, strict=False)))
