"""Slips that one stretch of text can hold, whoever typed it."""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date
from functools import lru_cache

_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
#: A half-width mark with Chinese on both sides; figures, model names and scales are left alone.
_MARK = re.compile(rf"(?<={_HAN})[,;:](?={_HAN})")
#: Half-width brackets around Chinese, or a bracket between Chinese characters.
_BRACKET = re.compile(rf"(?<={_HAN})[(\[](?={_HAN})|(?<={_HAN})[)\]](?={_HAN})|\({_HAN}{{1,40}}\)")
_FULL = {",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "[": "〔", "]": "〕"}
#: The year of a document number in the wrong brackets. A court's number is no document number of an organ.
_YEAR = re.compile(r"[\[(（【﹝\uff3b]\s*((?:19|20)\d{2})\s*[\])）】﹞\uff3d]\s*第?\s*(\d+)\s*号")
_COUNT = re.compile(r"〔((?:19|20)\d{2})〕(第\s*0*|0+)(\d+)号")
_PADDED = re.compile(r"\d{4}年(?:0\d月(?:\d{1,2}日)?|\d{1,2}月0\d日)")
_OPEN = re.compile(
    rf"(?<![期等有])待(?:明确|定(?!{_HAN}))"
    r"|\{\{|\}\}|\{%|%\}|[×\uff38]{2,}|_{2,}|＿{2,}"
    rf"|(?<![A-Za-z0-9\-])[Xx]{{2,}}(?={_HAN})|(?<![A-Za-z0-9\-])[Xx]{{3,}}(?![A-Za-z0-9\-])"
)


def text_problems(text: str, provisional: Collection[date] = ()) -> tuple[str, ...]:
    """Each slip in one sentence."""
    return _slips(text) + tuple(_provisional(text, provisional))


@lru_cache(maxsize=1024)
def _slips(text: str) -> tuple[str, ...]:
    """What is wrong on any day: most sentences of a kind stand in every paper of it, and are read once."""
    return tuple(sentence for rule in _RULES for sentence in rule(text))


def _marks(text: str) -> Iterator[str]:
    for found in _MARK.finditer(text):
        mark = found.group()
        yield f"“{_around(text, found)}”中的“{mark}”是半角标点，汉字之间应当用“{_FULL[mark]}”。"


def _brackets(text: str) -> Iterator[str]:
    # A year in brackets has a sentence of its own.
    found = next(iter(_BRACKET.finditer(text)), None)
    if found:
        yield f"“{_around(text, found)}”中的括号是半角的，汉字之间应当用“（）”。"


def _numbers(text: str) -> Iterator[str]:
    for found in _YEAR.finditer(text):
        yield f"文号“{found.group()}”的年份应当用六角括号，写作“〔{found[1]}〕{int(found[2])}号”。"
    for found in _COUNT.finditer(text):
        yield f"文号“{found.group()}”的序号不写“第”、不补“0”，写作“〔{found[1]}〕{int(found[3])}号”。"


def _dates(text: str) -> Iterator[str]:
    for found in _PADDED.finditer(text):
        plain = re.sub(r"(?<=[年月])0", "", found.group())
        yield f"日期“{found.group()}”的月、日不补“0”，写作“{plain}”。"


def _open(text: str) -> Iterator[str]:
    for found in _OPEN.finditer(text):
        yield f"“{_around(text, found)}”中还有没填的内容（“{found.group()}”），请填写后再出具。"


def _provisional(text: str, days: Collection[date]) -> Iterator[str]:
    for day in sorted(days):
        for form in (f"{day.year}年{day.month}月{day.day}日", day.isoformat(), f"{day.year}.{day.month}.{day.day}"):
            if re.search(rf"(?<!\d){re.escape(form)}(?!\d)", text):
                yield (
                    f"“{form}”是暂定的日期（放假安排尚未公布），不能写进文书："
                    "请改写为“自收到之日起若干个工作日内”，或者等放假安排公布后再出具。"
                )


def _around(text: str, found: re.Match[str]) -> str:
    return text[max(found.start() - 6, 0) : found.end() + 6].replace("\n", " ")


_RULES: tuple[Callable[[str], Iterator[str]], ...] = (_marks, _brackets, _numbers, _dates, _open)
