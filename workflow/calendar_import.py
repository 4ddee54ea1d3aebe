"""Publishing a year: read the yearly holiday notice as people have it, replace that year's days, say what moved.

Two forms are read: lines of day, kind, name (CSV or TSV), and the State Council's own wording.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from sqlmodel import Session

from workflow.models import CalendarYear
from workflow.working_days import (
    Calendar,
    Kind,
    calendar_table,
    days_of_notice,
    holiday_difference,
    load_calendar,
    notice_year,
    replace_year,
    weekday,
)

__all__ = ["CalendarChange", "NoticeDay", "NoticeError", "YearNotice", "calendar_table", "holiday_difference",
           "import_year", "read_notice"]  # fmt: skip

FESTIVAL_NAMES = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
_FESTIVAL = "|".join(FESTIVAL_NAMES)


class NoticeError(ValueError):
    """A notice that cannot be read or must not be imported; one Chinese sentence per problem."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class NoticeDay:
    day: date
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class YearNotice:
    """Every day that the notice names, in order; 元旦 may reach back into the December before."""

    year: int
    days: tuple[NoticeDay, ...]

    def deviations(self) -> list[NoticeDay]:
        """The days that differ from their weekday, which alone are stored."""
        return [d for d in self.days if weekday(d.day) == (d.kind == "holiday")]


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """What an import did; with both calendars, so that deadlines can be projected again."""

    year: int
    #: What the year was before; None when it had no row.
    was: Literal["published", "provisional"] | None
    revision: int
    #: Days whose working status changed, the December before included; empty for an identical re-import.
    days: tuple[date, ...]
    before: Calendar
    after: Calendar


def read_notice(source: Path | str, *, year: int | None = None) -> YearNotice:
    """Read a file (Path) or pasted text (str). `year` is needed only where the text does not say it.

    Raises NoticeError with one sentence for every line that cannot be read.
    """
    text = _read_file(source) if isinstance(source, Path) else source
    lines = [(n, unicodedata.normalize("NFKC", line).strip()) for n, line in enumerate(text.splitlines(), start=1)]
    if any(_ROW_START.match(line) for _, line in lines):
        days, problems = _collect((n, line, None) for n, line in lines if not _SKIPPED_ROW.match(line))
        year = year or _only_year(notice_year(d.day, d.name) for d in days)
    else:
        year = _stated_year("".join(re.sub(r"\s", "", line) for _, line in lines), year)
        days, problems = _collect((n, block, year) for n, block in _blocks(lines))
    problems += [f"{d.day}（{d.name}）不属于{year}年的放假安排，请删去；12月的元旦假期随下一年的通知导入。"
                 for d in days if notice_year(d.day, d.name) != year]  # fmt: skip
    problems += _contradictions(days)
    if not days and not problems:
        problems = ["没有读到任何放假或上班日期，请粘贴国务院办公厅通知全文，或按“2027-01-01,holiday,元旦”逐行填写。"]
    if problems:
        raise NoticeError(*problems)
    return YearNotice(year, tuple(sorted(days, key=lambda d: d.day)))


def import_year(
    session: Session, notice: YearNotice, *, source: str, today: date, replace: bool = False
) -> CalendarChange:
    """Replace the year's days by the notice's and mark it published. Does not commit.

    A published year takes only the identical notice again (nothing changes), unless `replace` corrects it.
    """
    _check_complete(notice)
    if not source.strip():
        raise NoticeError("没有写明放假通知的来源，请填写文号或网址。")
    before, row = load_calendar(session), session.get(CalendarYear, notice.year)
    was = row.status if row else None
    if row and row.status == "published":
        stored = {(old.day, old.kind) for old in days_of_notice(session, notice.year)}
        moved = sorted({day for day, _ in stored ^ {(d.day, d.kind) for d in notice.deviations()}})
        if not moved:
            return CalendarChange(notice.year, was, row.revision, (), before, before)
        if not replace:
            raise NoticeError(f"{notice.year}年的放假安排已经公布（{row.source}），这次有{len(moved)}天不同，"
                              f"例如{moved[0]}；确需更正的，请核对通知后选择替换导入。")  # fmt: skip
    days = [(d.day, d.kind, d.name) for d in notice.deviations()]
    revision = replace_year(session, notice.year, days, source=f"{source.strip()}（{today}导入）")
    after = load_calendar(session)
    changed = (*holiday_difference(before, after, notice.year - 1), *holiday_difference(before, after, notice.year))
    return CalendarChange(notice.year, was, revision, changed, before, after)


def _check_complete(notice: YearNotice) -> None:
    named = "".join(d.name for d in notice.days if d.kind == "holiday")
    missing = [name for name in FESTIVAL_NAMES if name not in named]
    if missing:
        raise NoticeError(f"{notice.year}年的通知缺少{'、'.join(missing)}的放假日期，请补全七个节日后再导入。")


_ROW_START = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s*[,\t]")
_ROW = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\s*[,\t]\s*([^,\t]*?)\s*[,\t]\s*([^,\t]+?)[\s,]*")
_SKIPPED_ROW = re.compile(r"$|#|(date|day|日期)\s*[,\t]", re.IGNORECASE)
_KINDS: dict[str, Kind] = {"holiday": "holiday", "放假": "holiday", "working": "working", "上班": "working"}
_HEADING = re.compile(rf"(?:[一二三四五六七八九十]+、|\d+[.、])?((?:{_FESTIVAL})[^:\d年]{{0,12}}):(.*)")
_NEXT_HEADING = re.compile(rf"(?=[一二三四五六七八九十]+、(?:{_FESTIVAL}))")
_ARRANGES = re.compile(r"\d日(?:\([^)]*\))?[^,。;]{0,4}(?:放假|上班|补休|调休)|假期至")
_DATE = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^)]*)\))?"
_SPAN = re.compile(rf"{_DATE}(?:(?:至|到|-|—|~){_DATE})?(?:、|和|及)?")
_CLAUSE = re.compile(r"(.*?日(?:\([^)]*\))?)(放假调休|放假|调休|补休|上班)(?:共?(\d+)天)?")
_TOTAL = re.compile(r"(?:放假)?共(\d+)天")
_WEEKDAYS = "一二三四五六日"
_WEEKDAY = re.compile(r"(?:星期|周)([一二三四五六日天])")


class _UnreadableError(Exception):
    """Why a line cannot be read and what to do, in Chinese."""


def _read_file(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError:
        raise NoticeError(f"打不开放假通知文件 {path}，请核对文件名。") from None
    return notice_text(raw, str(path))


def notice_text(raw: bytes, name: str) -> str:
    """The text of a notice file as people have it. Raises NoticeError."""
    for encoding in ("utf-8-sig", "gb18030"):  # Chinese Excel saves CSV as GBK
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    raise NoticeError(f"文件 {name} 不是文本文件，请另存为 UTF-8 文本或 CSV 后再导入。")


def _collect(parts: Iterable[tuple[int, str, int | None]]) -> tuple[list[NoticeDay], list[str]]:
    """Read rows (no year) or blocks of wording (with the notice's year); gather one problem per line."""
    days: list[NoticeDay] = []
    problems: list[str] = []
    for number, text, year in parts:
        try:
            days += _read_row(text) if year is None else _read_block(text, year)
        except _UnreadableError as why:
            problems.append(f"第{number}行“{text[:40]}”：{why}。")
    return days, problems


def _only_year(years: Iterable[int]) -> int:
    found = sorted(set(years))
    if len(found) > 1:
        raise NoticeError(f"文件里混有{'、'.join(map(str, found))}年的日期，请每次只导入一年，或指明年份。")
    return found[0] if found else 0


def _stated_year(text: str, given: int | None) -> int:
    """The year that the heading announces; a date of issue beside it does not count."""
    announced = {int(y) for y in re.findall(r"(\d{4})年的?(?:元旦|部分节假日|节假日|放假)", text)}
    if given is None:
        found = announced or {int(y) for y in re.findall(r"(\d{4})年", text)}
        if len(found) != 1:
            raise NoticeError("看不出这是哪一年的放假通知，请连同标题一起粘贴，或指明年份。")
        return found.pop()
    if announced and given not in announced:
        raise NoticeError(f"指定的是{given}年，通知写的却是{'、'.join(map(str, sorted(announced)))}年，请核对。")
    return given


def _read_row(line: str) -> list[NoticeDay]:
    found = _ROW.fullmatch(line)
    if not found:
        raise _UnreadableError("无法识别，请改成“日期,holiday或working,名称”，例如 2027-01-01,holiday,元旦")
    year, month, day, kind, name = found.groups()
    if kind.lower() not in _KINDS:
        raise _UnreadableError(f"类别“{kind}”无法识别，请写 holiday（放假）或 working（上班）")
    return [_notice_day(_day(int(year), int(month), int(day)), _KINDS[kind.lower()], name)]


def _blocks(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Arrangements with the number of their first line; wrapped lines are joined, other prose is left out."""
    block: tuple[int, str] | None = None
    for number, line in lines:
        for part in _NEXT_HEADING.split(re.sub(r"\s", "", line)):
            heading = bool(_HEADING.fullmatch(part))
            if block and not heading and part and not block[1].endswith("。"):
                block = (block[0], block[1] + part)
                continue
            if block:
                yield block
            block = (number, part) if heading or _ARRANGES.search(part) else None
    if block:
        yield block


def _read_block(text: str, year: int) -> list[NoticeDay]:
    found = _HEADING.fullmatch(text)
    if not found:
        raise _UnreadableError("看不出是哪个节日，请写成“元旦：1月1日放假……”的样子")
    name, body = found.groups()
    days = [day for sentence in re.split("[。;]", body) for day in _read_sentence(sentence, name, year)]
    if not days:
        raise _UnreadableError("没有读到日期，请用数字写明，例如“1月1日至3日放假，共3天”")
    return days


def _read_sentence(sentence: str, name: str, year: int) -> Iterator[NoticeDay]:
    # Advice to take leave is no holiday (the notice for 2024 names 除夕 that way).
    if sentence.startswith("鼓励") or not re.search(r"\d", sentence):
        return
    off = 0
    for clause in re.split(r",(?![^(]*\))", sentence):
        if clause in ("与周末连休", "不调休"):
            continue
        if total := _TOTAL.fullmatch(clause):
            _check_count(int(total[1]), off)
            continue
        if not (found := _CLAUSE.fullmatch(clause)):
            raise _UnreadableError(f"“{clause}”无法识别，请对照通知原文改正或删去")
        days, works = list(_spans(found[1], year)), found[2] == "上班"
        off += 0 if works else len(days)
        if found[3]:
            _check_count(int(found[3]), len(days))
        for day in days:
            yield _notice_day(day, "working" if works else "holiday", name + "调休" if works else name)


def _spans(text: str, year: int) -> Iterator[date]:
    """Days of `1月1日(周五)至3日(周日)、5日`: a missing year or month is that of the date before."""
    position, month = 0, 0
    while position < len(text):
        found = _SPAN.match(text, position)
        if not found:
            raise _UnreadableError(f"“{text}”不是能识别的日期，请写成“1月1日”或“1月1日至3日”")
        first = _dated(found.groups()[:4], year, month)
        last = _dated(found.groups()[4:], first.year, first.month) if found[7] else first
        if not first <= last <= first + timedelta(days=30):
            raise _UnreadableError(f"“{text}”的起止日期不对，请核对；跨年的请写明年份")
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))
        position, month = found.end(), last.month


def _dated(parts: tuple[str | None, ...], year: int, month: int) -> date:
    in_year, in_month, day, remark = parts
    found = _day(int(in_year or year), int(in_month or month), int(day or 0))
    said = _WEEKDAY.search(remark or "")
    if said and said[1].replace("天", "日") != _WEEKDAYS[found.weekday()]:
        raise _UnreadableError(f"{found}是周{_WEEKDAYS[found.weekday()]}，通知写的是周{said[1]}，请核对日期和年份")
    return found


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _UnreadableError(f"没有{year}年{month}月{day}日这一天，请核对") from None


def _notice_day(day: date, kind: Kind, name: str) -> NoticeDay:
    if kind == "working" and weekday(day):
        raise _UnreadableError(f"{day}是周{_WEEKDAYS[day.weekday()]}，本来就上班，请核对日期和年份")
    return NoticeDay(day, kind, name)


def _check_count(said: int, counted: int) -> None:
    if said != counted:
        raise _UnreadableError(f"写的是共{said}天，按起止日期是{counted}天，请核对")


def _contradictions(days: list[NoticeDay]) -> list[str]:
    first = {d.day: d for d in reversed(days)}
    return [f"{d.day}写了两次（{first[d.day].name}、{d.name}），请只留一处。" for d in days if d is not first[d.day]]
