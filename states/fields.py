"""Typed values that a step asks for, and how a person's typing becomes one."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

FieldType = Literal["text", "date", "days", "number", "money", "choice", "yes", "document_number"]

#: A stored value: dates as ISO text, numbers as decimal text, days as int, a tick as True.
Value = str | int | bool

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")
_DOCUMENT_NUMBER = re.compile(r"\D+〔\d{4}〕[1-9]\d*号")


class FieldError(ValueError):
    """A value that cannot be taken; the message says which field, what was typed and what is expected."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value on a step's form."""

    name: str
    label: str
    type: FieldType = "text"
    required: bool = True
    #: identifier -> label, for `choice`.
    choices: Mapping[str, str] | None = None
    low: int | None = None
    high: int | None = None
    unit: str = ""
    #: A date on which something happened: it cannot lie after the day of the step.
    past: bool = False
    #: What the value rests on or how to find it.
    hint: str = ""

    def read(self, typed: object) -> Value:
        """The stored form of what was typed. Raises FieldError with a Chinese sentence."""
        # Only full-width forms are folded: NFKC would also read 10² as 102.
        text = unicodedata.normalize(
            "NFC", str(typed) if self.type == "text" else str(typed).translate(_HALF_WIDTH)
        ).strip()
        if not text:
            raise FieldError(f"“{self.label}”不能为空。")
        readers = {"date": self._date, "days": self._days, "number": self._number, "money": self._number,
                   "choice": self._choice, "yes": self._yes, "document_number": self._document_number}  # fmt: skip
        return readers.get(self.type, self._text)(text)

    def _wrong(self, text: str, expected: str) -> FieldError:
        return FieldError(f"“{self.label}”填写的“{printable(text)[:40]}”不对：{expected}。")

    def _date(self, text: str) -> Value:
        found = _DATE.fullmatch(text)
        if not found:
            raise self._wrong(text, "应为日期，例如 2026-11-23")
        try:
            return date(*(int(part) for part in found.groups())).isoformat()
        except ValueError:
            raise self._wrong(text, "没有这一天，请核对年月日") from None

    def _days(self, text: str) -> Value:
        if not re.fullmatch(r"\d{1,5}", text):
            raise self._wrong(text, "应为整数天数")
        self._bounded(Decimal(text), text)
        return int(text)

    def _number(self, text: str) -> Value:
        try:
            number = Decimal(text.replace(",", ""))
        except InvalidOperation:
            raise self._wrong(text, f"应为数字{f'（{self.unit}）' if self.unit else ''}") from None
        exponent = number.as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -10 or abs(number) >= Decimal(10) ** 15:
            raise self._wrong(text, "数字超出范围")
        self._bounded(number, text)
        return format(number, "f")

    def _bounded(self, number: Decimal, text: str) -> None:
        low, high = self.low if self.low is not None else 0, self.high
        if number < low or (high is not None and number > high):
            limit = f"应在 {low} 到 {high} 之间" if high is not None else f"不能小于 {low}"
            raise self._wrong(text, limit)

    def _choice(self, text: str) -> Value:
        for key, label in (self.choices or {}).items():
            if text in (key, label):
                return key
        options = "、".join(f"{label}({key})" for key, label in (self.choices or {}).items())
        raise self._wrong(text, f"只能选择：{options}")

    def _yes(self, text: str) -> Value:
        if text.lower() in ("是", "yes", "true", "1", "√", "✓"):
            return True
        raise self._wrong(text, "此项须确认为“是”，否则本环节不能办理")

    def _document_number(self, text: str) -> Value:
        # NFKC leaves 〔〕 alone; half-width brackets are the common slip, and are set right.
        text = re.sub(r"[\[(【﹝](\d{4})[\])】﹞]", r"〔\1〕", text)
        if not _DOCUMENT_NUMBER.fullmatch(text):
            raise self._wrong(text, "应为完整文号，例如 阳政函〔2026〕5号")
        return text

    def _text(self, text: str) -> Value:
        return clean_text(text, self.label)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that must be on record before a step counts."""

    name: str
    label: str
    #: Who supplies it, in words.
    by: str = ""


#: Controls, NUL, direction marks and isolates, zero-width characters, letters that show nothing, tags, surrogates.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_NAME = re.compile(r"[\w\u3007 （）()〔〕《》“”·—－\-、，。．&＆+＋#№]+")


def printable(text: str) -> str:
    """The text with every invisible or direction-changing character replaced by □."""
    return _INVISIBLE.sub("□", text).replace("\n", " ")


def clean_text(text: str, label: str) -> str:
    """Free text without characters that hide or reorder others. Raises FieldError."""
    found = _INVISIBLE.search(text)
    if found:
        code = f"U+{ord(found.group()):04X}"
        raise FieldError(f"“{label}”第 {found.start() + 1} 个字符是看不见的控制字符（{code}），请删去后重填。")
    if len(text) > 4000:
        raise FieldError(f"“{label}”有 {len(text)} 个字，最多 4000 个，请写短或改作附件。")
    return text


def clean_name(text: str, label: str) -> str:
    """A name of a mine, holder or organ: letters, digits and Chinese punctuation only. Raises FieldError."""
    text = clean_text(unicodedata.normalize("NFC", text).strip(), label)
    if not text:
        raise FieldError(f"“{label}”不能为空。")
    if len(text) > 100:
        raise FieldError(f"“{label}”有 {len(text)} 个字，最多 100 个。")
    if "\n" in text or not _NAME.fullmatch(text):
        odd = next(c for c in text if not _NAME.fullmatch(c))
        odd = {"\n": "换行", "\r": "换行", "\t": "制表符"}.get(odd, odd)
        raise FieldError(
            f"“{label}”中的“{odd}”不能用在名称里：请按证照上的名称填写，只用汉字、字母、数字和（）、·—等标点。"
        )
    return text
