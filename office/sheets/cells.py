"""One cell as people write it -> the value as it is stored, or a reason that says what to do. Pure."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from office.sheets.columns import SheetColumn, head_key
from office.sheets.dates import read_day, read_term
from office.sheets.reading import Cell, defect
from states.fields import FieldError, Value, clean_name, clean_text
from states.survey import YES_NO
from workflow.credit_code import NONE, checked_uscc
from workflow.errors import BadInput

#: What is stored; both ends for a term; True for a tick.
Read = Value | tuple[str, str] | None

LICENCE = re.compile(r"C\d{6}(19|20)\d{2}(0[1-9]|1[0-2])\d{10}")
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xA0: " ", 0x3000: " ", 0x202F: " ", 0x2007: " "}
#: How people say that there is nothing to say.
_NOTHING = frozenset({"-", "--", "—", "——", "–", "/", "\\", "－", "\uff0f"})
_YES = frozenset({"是", "有", "√", "✓", "✔", "☑", "y", "yes", "true"})
_NO = frozenset({"否", "无", "没有", "×", "✗", "✘", "☒", "n", "no", "false"})
_TICKED = frozenset({"√", "✓", "✔", "☑", "v", "1", "是"})
_UNTICKED = frozenset({"×", "✗", "✘", "否", "0", "☐", "□"})
_NUMBER = re.compile(r"([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(\.[0-9]+)?")
_YEAR = re.compile(r"([0-9]{4})\s*年?度?")
#: Digits that a number cell of Excel keeps.
_KEPT = 15


def read_cell(column: SheetColumn, cell: Cell, places: Mapping[str, str] | None = None) -> Read:
    """The stored form of a cell; None for an empty one. Raises FieldError: why not, and what to do.

    `places`: how a township or village may be called -> its id.
    """
    if cell is None:
        return None
    if isinstance(cell, str):
        cell = _text(cell)
        if not cell or cell in _NOTHING:
            return None
        if why := defect(cell):
            raise FieldError(why)
    if column.kind in ("township", "village"):
        return _place(column, cell, places or {})
    if column.name == "business_licence_number":
        return _credit_code(cell)
    reader = _BY_KIND.get(column.kind) or _BY_TYPE.get(column.field.type, _free)
    return reader(column, cell)


def _text(cell: str) -> str:
    """Without blanks around; visible line breaks are kept, invisible characters refused."""
    folded = unicodedata.normalize("NFC", cell.replace("\r\n", "\n").replace("_x000D_", ""))
    return str(_by(clean_text, folded, "内容")).strip(" \t\n\r\u00a0\u3000")


def _plain(cell: Cell) -> str:
    return cell.translate(_HALF).strip() if isinstance(cell, str) else ""


def _day(_: SheetColumn, cell: Cell) -> Read:
    if isinstance(cell, bool):
        raise FieldError("是逻辑值，不是日期：请写成 2025-01-02")
    return read_day(_plain(cell) if isinstance(cell, str) else cell)


def _term(_: SheetColumn, cell: Cell) -> Read:
    return read_term(_plain(cell) if isinstance(cell, str) else cell)


def _number(column: SheetColumn, cell: Cell) -> Read:
    unit = column.field.unit
    if isinstance(cell, date | bool):
        what = "日期" if isinstance(cell, date) else "逻辑值"
        raise FieldError(f"是{what}，不是数字：请把单元格格式改为“常规”，重新填写数字{f'（{unit}）' if unit else ''}")
    text = f"{cell:.{_KEPT}g}" if isinstance(cell, int | float) else _without_unit(_plain(cell), unit)
    if isinstance(cell, int | float) and "e" in text:
        text = format(Decimal(text), "f")
    if not _NUMBER.fullmatch(text):
        raise FieldError(_why_no_number(text, unit))
    return _trimmed(_by_field(column, text))


def _without_unit(text: str, unit: str) -> str:
    bare = text.replace(" ", "")
    return bare.removesuffix(unit) if unit else bare


def _why_no_number(text: str, unit: str) -> str:
    ours = f"（单位：{unit}，单位不必写）" if unit else ""
    if text.startswith("-") and _NUMBER.fullmatch(text[1:]):
        return "不能是负数：请核对"
    if "e" in text.lower() and re.fullmatch(r"[0-9.]+e[+-]?[0-9]+", text.lower()):
        return f"是科学计数：请写出全部数字{ours}"
    found = re.match(r"[0-9][0-9,.]*", text)
    if found and found.end() < len(text) and not re.match(r"[-~至到—]", text[found.end() :]):
        if "," in found.group() and not _NUMBER.fullmatch(found.group()):
            return f"千位逗号的位置不对：请写成 1234.5{ours}"
        expected = f"这一栏的单位是{unit}" if unit else "这一栏没有单位"
        return f"数字后面的“{text[found.end() :][:12]}”不能确定：{expected}，请换算后只填数字"
    if "," in text and re.fullmatch(r"[0-9,.]+", text):
        return f"千位逗号的位置不对：请写成 1234.5{ours}"
    return f"不是一个确定的数字：请只填一个数字，不写“约”“以上”和范围{ours}"


def _trimmed(value: Value) -> Value:
    """One spelling for each number: 10.50 and 10.5 are the same."""
    return format(Decimal(str(value)).normalize(), "f")


def _year(column: SheetColumn, cell: Cell) -> Read:
    if isinstance(cell, date):
        raise FieldError(f"是日期，这一栏只要年份：请把单元格格式改为“常规”，写成 {cell.year} 或 {cell.year}年")
    text = "" if isinstance(cell, bool) else f"{cell:.15g}" if isinstance(cell, int | float) else _plain(cell)
    found = _YEAR.fullmatch(text)
    if not found:
        raise FieldError("这一栏只要一个四位年份：请写成 2026 或 2026年")
    return str(_by_field(column, found.group(1)))


def _choice(column: SheetColumn, cell: Cell) -> Read:
    choices = column.field.choices or {}
    if choices is YES_NO:
        return _yes_or_no(cell)
    text = unicodedata.normalize("NFC", _plain(cell)) if isinstance(cell, str) else str(cell)
    for key, label in choices.items():
        if text in (key, label):
            return key
    raise FieldError(f"只能填：{'、'.join(choices.values())}")


def _yes_or_no(cell: Cell) -> Read:
    word = str(cell).lower() if isinstance(cell, bool) else _plain(cell).lower()
    if word in _YES or word in _NO:
        return "yes" if word in _YES else "no"
    raise FieldError("只能填“是”或“否”")


def _tick(_: SheetColumn, cell: Cell) -> Read:
    word = f"{cell:.15g}" if isinstance(cell, int | float) and not isinstance(cell, bool) else _plain(cell).lower()
    if isinstance(cell, bool):
        return cell
    if word in _TICKED or word in _UNTICKED:
        return word in _TICKED
    raise FieldError("这一栏只打勾：请填“√”，或者留空")


def _licence(_: SheetColumn, cell: Cell) -> Read:
    if isinstance(cell, int | float | date):
        raise FieldError("许可证号存成了数字，后面的数字已经丢失：请把单元格格式改为“文本”，照证重新填写 23 位")
    text = re.sub(r"\s", "", _plain(cell)).upper()
    if text in NONE:
        return text
    if not LICENCE.fullmatch(text):
        raise FieldError(f"应为字母 C 加 22 位数字，共 23 位，现在是 {len(text)} 位：请照证抄录")
    return text


def _credit_code(cell: Cell) -> Read:
    if not isinstance(cell, str):
        raise FieldError("号码存成了数字，可能已经丢失数字：请把单元格格式改为“文本”，照证重新填写")
    try:
        return checked_uscc(cell)
    except BadInput as error:
        raise FieldError(str(error).rstrip("。")) from None


def _name(column: SheetColumn, cell: Cell) -> Read:
    if not isinstance(cell, str):
        raise FieldError(
            f"是{'日期' if isinstance(cell, date) else '数字'}，不是名称：请照证照填写，并把格式改为“文本”"
        )
    return str(_by(clean_name, re.sub(r"[\s\u3000]*\n[\s\u3000]*", "", cell), column.field.label))


def _free(column: SheetColumn, cell: Cell) -> Read:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, date):
        return (cell.date() if isinstance(cell, datetime) else cell).isoformat()
    if isinstance(cell, int | float):
        if abs(cell) >= 10**_KEPT or (cell != int(cell) and "e" in f"{cell:.15g}"):
            raise FieldError("存成了数字，后面的数字可能已经丢失：请把单元格格式改为“文本”后重新填写")
        return f"{cell:.{_KEPT}g}"
    return _by_field(column, str(cell))


def _place(column: SheetColumn, cell: Cell, places: Mapping[str, str]) -> Read:
    word = place_key(cell) if isinstance(cell, str) else ""
    if word in places:
        return places[word]
    what = column.field.label.removeprefix("所在")
    raise FieldError(f"没有登记过这个{what}：请核对名称，确是新的请先在“单位”里登记")


def place_key(name: str) -> str:
    return head_key(name)


def _by_field(column: SheetColumn, text: str) -> Value:
    return _by(lambda given, _: column.field.read(given), text, "")


def _by(read: Callable[[str, str], Value], text: str, label: str) -> Value:
    """Runs a reader of `states.fields`; its sentence without the head and the value, which stand beside it."""
    try:
        return read(text, label)
    except FieldError as error:
        said = str(error).rstrip("。")
        raise FieldError(said.partition("不对：")[2] or said) from None


_BY_KIND: Mapping[str, Callable[[SheetColumn, Cell], Read]] = {
    "name": _name, "licence": _licence, "span": _term, "tick": _tick, "year": _year, "text": _free,
}  # fmt: skip
_BY_TYPE: Mapping[str, Callable[[SheetColumn, Cell], Read]] = {"date": _day, "number": _number, "choice": _choice}


def written(column: SheetColumn, value: object, names: Mapping[str, str] | None = None) -> str:
    """A stored value as a person reads it; `names`: organ id -> name."""
    if value is None:
        return ""
    if column.kind in ("township", "village"):
        return (names or {}).get(str(value), str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    return (column.field.choices or {}).get(str(value), str(value))


def canonical(column: SheetColumn, value: object) -> object:
    """A stored value in the one spelling in which cells are read, to be compared with them.

    What was stored before in another spelling (是 for yes, 10.50) compares like what it means; what cannot be read stays.
    """
    if value is None or value == "":
        return None
    if column.kind in ("township", "village", "name"):
        return value
    try:
        return read_cell(column, value if isinstance(value, str | int | float | bool) else str(value))
    except FieldError:
        return str(value)
