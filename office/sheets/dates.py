"""Days and terms as people write them in sheets. Pure."""

import re
from datetime import date, datetime

from states.fields import FieldError, printable

_DAY = r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?"
_ONE = re.compile(_DAY)
_TERM = re.compile(rf"[自从]?\s*{_DAY}\s*起?\s*(?:[-~—–―－～]{{1,2}}|至|到)\s*{_DAY}\s*[止前]?")
_COMPACT = re.compile(r"((?:19|20|21)\d{2})(\d{2})(\d{2})")
_UP_TO_MONTH = re.compile(r"\d{4}\s*年?(\s*[-./年]\s*\d{1,2}\s*月?)?")
_SHORT_YEAR = re.compile(r"\d{2}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*日?")
#: Days that a licence or a permit can carry.
FIRST, LAST = date(1949, 10, 1), date(2199, 12, 31)
#: Days as Excel counts them, from 1970 to 2200: what a date becomes whose cell is not formatted as one.
_SERIALS = range(25_569, 109_940)


def read_day(cell: object) -> str:
    """ISO text of a single day. Raises FieldError with what to do."""
    if isinstance(cell, date):
        return _within(cell.date() if isinstance(cell, datetime) else cell).isoformat()
    if isinstance(cell, int | float):
        return _number(cell)
    text = str(cell)
    if found := _ONE.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(*found.groups())
    if _TERM.fullmatch(text):
        raise FieldError("这一栏只要一个日期，不要起止两个：请只写一天，例如 2025-01-02")
    raise FieldError(_why_not(text))


def read_term(cell: object) -> tuple[str, str]:
    """ISO texts of the first and the last day. Raises FieldError with what to do."""
    if isinstance(cell, date | int | float) or _ONE.fullmatch(str(cell)):
        raise FieldError("要写起止两个日期，现在只有一个：请写成 2024.12.1-2025.1.2")
    text = str(cell)
    found = _TERM.fullmatch(text)
    if not found:
        raise FieldError("看不出起止日期：请写成 2024.12.1-2025.1.2，年月日写全")
    parts = found.groups()
    first, last = _day(*parts[:3]), _day(*parts[3:])
    if first > last:
        raise FieldError(f"起 {first} 晚于止 {last}：请核对两个日期")
    return first, last


def _number(cell: float) -> str:
    text = f"{cell:.15g}"
    if found := _COMPACT.fullmatch(text):
        return _day(*found.groups())
    if cell in _SERIALS:
        raise FieldError("是数字，单元格没有设成日期格式：请把单元格格式改为“日期”，核对显示的日期后再上传")
    raise FieldError(_why_not(text))


def _day(*parts: str) -> str:
    try:
        return _within(date(*(int(part) for part in parts))).isoformat()
    except ValueError:
        raise FieldError(f"没有 {'.'.join(part.lstrip('0') or '0' for part in parts)} 这一天：请核对年月日") from None


def _within(day: date) -> date:
    if not FIRST <= day <= LAST:
        raise FieldError(f"{day} 不像证照上的日期（应在 {FIRST.year} 至 {LAST.year} 年之间）：请核对年份")
    return day


def _why_not(text: str) -> str:
    if _UP_TO_MONTH.fullmatch(text):
        return "要写到日，只有年（月）不够：请写成 2025-01-02"
    if text.isdigit() and int(text) in _SERIALS:
        return "像是存成文本的 Excel 日期序号，不能猜是哪一天：请改写成 2025-01-02"
    if _SHORT_YEAR.fullmatch(text):
        return "年份要写四位：请写成 2025-01-02"
    return f"“{printable(text)[:20]}”看不出是哪一天：请写成 2025-01-02"
