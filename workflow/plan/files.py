"""Reads the files of a county's plan folder cell by cell: what is broken is named by file, row, column and value."""

import csv
import io
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from states.fields import FieldError, clean_name, clean_text, printable
from states.plan_text import ANNEX2_COLUMNS, ANNEX3_COLUMNS
from workflow.errors import CaseFileError

#: Column or key -> what people call it.
LABELS: Mapping[str, str] = {
    **ANNEX2_COLUMNS, **ANNEX3_COLUMNS, "name": "名称", "valid_from": "有效期起", "valid_to": "有效期止",
    "exit_mode": "关闭退出方式", "exit_year": "关闭退出年度", "transfer_year": "拟出让年度", "township_id": "乡镇",
    "township_source": "乡镇依据", "village_id": "村", "applies_to": "适用范围", "label": "事项",
    "asked_of": "由谁明确", "clause": "条款", "id": "代号", "fingerprint": "指纹", "kind": "类别",
    "aliases": "别称", "source": "来源", "desk": "设经办岗", "number": "文号",
    "title": "标题", "issuer": "发文机关", "issued_on": "印发日期",
    "county": "县", "amends": "所修订方案的文号", "on": "日期", "dates": "日期表",
    "minerals": "矿种词", "excluded": "除外的词", "uses": "用途词", "methods": "开采方式词", "least": "最低",
    "medium": "中型下限", "large": "大型下限", "unit": "单位", "status": "状态", "successor": "新标准",
}  # fmt: skip


class PlanError(CaseFileError):
    """The plan folder cannot be used as it stands; the message says where, what is wrong and what to do."""


class Cells:
    """One row of a CSV file or one table of a TOML file; each answer is checked, or raises PlanError with its place."""

    def __init__(self, place: str, values: Mapping[str, object]) -> None:
        self.place, self.values = place, values

    def wrong(self, key: str, expected: str) -> PlanError:
        value = printable(str(self.values.get(key, "")))[:60]
        written = f"填写的“{value}”不对" if value else "没有填写"
        return PlanError(f"{self.place} {key}（{LABELS.get(key, key)}）{written}：{expected}，请改正后重试。")

    def text(self, key: str, *, optional: bool = False) -> str:
        value = self.values.get(key, "")
        if not isinstance(value, str):
            raise self.wrong(key, "应为文字（加引号）")
        if not value.strip() and not optional:
            raise self.wrong(key, "此项必填")
        try:
            return clean_text(value.strip(), LABELS.get(key, key))
        except FieldError as error:
            raise self.wrong(key, str(error).rstrip("。")) from None

    def name(self, key: str) -> str:
        try:
            return clean_name(self.text(key), LABELS.get(key, key))
        except FieldError as error:
            raise self.wrong(key, str(error).rstrip("。")) from None

    def matching(self, key: str, pattern: str, expected: str) -> str:
        text = self.text(key)
        if not re.fullmatch(pattern, text, re.ASCII):
            raise self.wrong(key, expected)
        return text

    def one_of(self, key: str, known: Collection[str], expected: str) -> str:
        text = self.text(key)
        if text not in known:
            raise self.wrong(key, expected)
        return text

    def amount(self, key: str) -> str:
        """A number above zero, kept as its decimal text."""
        text = self.text(key)
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise self.wrong(key, "应为数字") from None
        if not number.is_finite() or number <= 0:
            raise self.wrong(key, "应大于 0")
        return format(number, "f")

    def day(self, key: str) -> date:
        value = self.values.get(key, "")
        if type(value) is date:
            return value
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            raise self.wrong(key, "应为真实存在的日期，例如 2026-11-23") from None
        if day.isoformat() != value:  # `fromisoformat` also takes 20261123 and 2026-W48-1
            raise self.wrong(key, "应写成 2026-11-23 的样子")
        return day

    def year(self, key: str, first: int, last: int) -> int:
        text = self.text(key)
        if not re.fullmatch(r"\d{4}", text, re.ASCII) or not first <= int(text) <= last:
            raise self.wrong(key, f"应为 {first} 到 {last} 之间的年份")
        return int(text)


def read_toml(path: Path) -> dict[str, object]:
    """The contents of a TOML file. Raises PlanError."""
    try:
        return tomllib.loads(_read(path))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        place = f"{path.name} 第 {line[1]} 行" if line else f"{path.name} 末尾"
        raise PlanError(f"{place}格式不对，请核对等号、引号、括号和日期后重试。") from None


def read_csv(path: Path, columns: Collection[str]) -> Iterator[Cells]:
    """The rows of a CSV file that has exactly these columns. Raises PlanError."""
    reader = csv.reader(io.StringIO(_read(path), newline=""), strict=True)
    try:
        header = next(reader, [])
        if header != list(columns):
            odd = "、".join(sorted(set(columns) ^ set(header))) or "次序"
            raise PlanError(f"{path.name} 第 1 行表头不对（{odd}）：应为 {','.join(columns)}，请改正后重试。")
        for cells in reader:
            place = f"{path.name} 第 {reader.line_num} 行"
            if len(cells) != len(header):
                raise PlanError(f"{place}有 {len(cells)} 格，应有 {len(header)} 格，请核对逗号和引号后重试。")
            yield Cells(place, dict(zip(header, cells, strict=True)))
    except csv.Error:
        raise PlanError(f"{path.name} 第 {reader.line_num} 行的引号不成对或含有非文字内容，请改正后重试。") from None


def _read(path: Path) -> str:
    try:
        text = path.read_text("utf-8-sig")
    except OSError:
        raise PlanError(f"读不到方案数据文件 {path.name}，请确认它在方案目录里并且可以读取。") from None
    except UnicodeDecodeError:
        raise PlanError(f"{path.name} 不是 UTF-8 文字文件，请另存为 UTF-8 后重试。") from None
    if "\0" in text:
        raise PlanError(f"{path.name} 含有非文字内容，请用原始的方案数据文件替换后重试。")
    return text
