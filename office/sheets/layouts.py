"""Which table stands in a workbook: where its head is, which column says what, and which rows are its own. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from office.sheets.columns import ANNEX3, COLUMNS, IGNORED, STAMP, head_key, name_of, unit_of
from office.sheets.reading import Cell, SheetCells, column_name
from workflow.errors import BadInput

#: The head is looked for in so many rows; it is at most so many rows high.
_TOP, _DEEPEST = 15, 3
#: What our own exports have beside the table.
_OURS = "填写说明"
_TICKS = ("tick_closure", "tick_guided_exit")
#: What a table ends with, and sums in its middle.
_NOT_A_MINE = re.compile(
    r"(合计|小计|总计|累计|备注|注(?=[:：\s\d])|注$|说明|填表|制表|审核|复核|负责人|单位负责人|主管领导|联系人|联系电话|填报|报送|"
    r"共\s*\d+\s*[行家座个]|以下空白|示例)"
)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of mines in a workbook."""

    #: `survey`, `annex2`, `annex3`, or `free` for one whose columns a person assigned.
    layout: str
    sheet: SheetCells
    heads: tuple[str, ...]
    #: Value -> place of its column in the rows.
    columns: Mapping[str, int]
    #: Places of its own rows among `sheet.rows`.
    rows: Sequence[int]
    #: What was left out, and why.
    notes: tuple[str, ...] = ()
    #: How many rows below the head are none of a mine.
    left_out: int = 0

    def row_number(self, place: int) -> int:
        """As Excel shows it."""
        return self.sheet.top + place + 1

    def column_letter(self, name: str) -> str:
        return column_name(self.sheet.left + self.columns[name])

    def head(self, name: str) -> str:
        return self.heads[self.columns[name]]


class Unrecognised(BadInput):
    """No table that we know; a person may assign the columns once."""

    def __init__(self, sheet: str, heads: tuple[str, ...], proposal: Mapping[str, int]) -> None:
        self.sheet, self.heads, self.proposal = sheet, heads, dict(proposal)
        super().__init__(
            f"工作表“{sheet}”的表头没有认出来：至少要有“矿山名称”或“采矿许可证号”一栏。"
            "请使用本系统的摸底台账模板，或者逐栏指定一次各列是什么，系统会记住。"
        )

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.heads)


def fingerprint(heads: Sequence[str]) -> str:
    """Of the words of a head, whatever their blanks and widths."""
    return sha256("\x1f".join(head_key(head) for head in heads).encode()).hexdigest()


def find_table(
    sheets: Sequence[SheetCells], remembered: Mapping[str, Mapping[str, int]] | None = None, *, sheet: str = "",
    mapping: Mapping[str, int] | None = None,
) -> Table:  # fmt: skip
    """The one table of a workbook. Raises BadInput with a sentence, and Unrecognised where a person may help.

    `remembered`: fingerprint of a head -> columns assigned before; `mapping`: columns that a person assigns now.
    """
    shown, notes = _shown(sheets, sheet)
    found = [table for one in shown if (table := _table_of(one, remembered or {}, mapping))]
    if not found:
        raise _unrecognised(shown)
    if len(found) > 1:
        names = "、".join(f"“{table.sheet.name}”" for table in found)
        raise BadInput(f"有 {len(found)} 张工作表都像台账：{names}。一次只能导入一张，请把其余的删去或隐藏后再上传。")
    table = found[0]
    others = [one.name for one in shown if one is not table.sheet and one.rows and one.name != _OURS]
    notes += [f"工作表“{name}”不是台账，没有读取。" for name in others]
    whole = _with_rows(table)
    return replace(whole, notes=(*notes, *table.notes, *whole.notes))


def _shown(sheets: Sequence[SheetCells], wanted: str) -> tuple[list[SheetCells], list[str]]:
    shown = [one for one in sheets if not one.hidden and (not wanted or one.name == wanted)]
    hidden = [one.name for one in sheets if one.hidden and one.rows]
    if not any(_filled(row) for one in shown for row in one.rows):
        more = f"（隐藏的工作表 {'、'.join(hidden)} 没有读取，要导入请先取消隐藏）" if hidden else ""
        raise BadInput(f"工作簿里没有内容{more}：请核对文件后再上传。")
    return shown, [f"工作表“{name}”是隐藏的，没有读取。" for name in hidden]


def _table_of(
    sheet: SheetCells, remembered: Mapping[str, Mapping[str, int]], mapping: Mapping[str, int] | None
) -> Table | None:
    """The best head of a sheet; None where there is none that is known."""
    if mapping is not None:
        _, heads, rest = _widest(sheet)
        _check_assigned(mapping, len(heads))
        return Table("free", sheet, heads, dict(mapping), rest)
    best: Table | None = None
    for _, heads, rest in _heads(sheet):
        known = remembered.get(fingerprint(heads))
        if known:
            return Table("free", sheet, heads, dict(known), rest)
        names = [name_of(head) if head else "" for head in heads]
        count = len(set(names) - {""})
        if ("name" in names or "licence_number" in names) and count >= 2 and (not best or count > len(best.columns)):
            best = Table("", sheet, heads, {name: place for place, name in enumerate(names) if name}, rest)
    if best is None or not _most_are_known(best):
        return None
    return _checked(best)


def _most_are_known(table: Table) -> bool:
    asked = [head for head in table.heads if head and head_key(head) not in IGNORED]
    return len(table.columns) * 2 >= len(asked)


def _checked(table: Table) -> Table:
    """Names the layout. Raises BadInput where two columns say the same or a unit is not ours."""
    seen: dict[str, int] = {}
    for place, head in enumerate(table.heads):
        name = name_of(head) if head else ""
        if name in seen:
            first, second = (column_name(table.sheet.left + at) for at in (seen[name], place))
            raise BadInput(
                f"工作表“{table.sheet.name}”的 {first} 列和 {second} 列表头都是“{COLUMNS[name].field.label}”："
                "请只留一列，或改正其中一个表头。"
            )
        if name:
            seen[name] = place
            _check_unit(table, name, head)
    if "validity" in seen and ({"valid_from", "valid_to"} & seen.keys()):
        raise BadInput(f"工作表“{table.sheet.name}”既有“有效期”一栏，又有“有效期自（至）”：请只留一种。")
    unknown = [head for head in table.heads if head and not name_of(head) and head_key(head) not in IGNORED]
    notes = (f"没有认出、没有读取的列：{'、'.join(unknown)}。",) if unknown else ()
    return replace(table, layout=_layout(table), columns=seen, notes=notes)


def _check_unit(table: Table, name: str, head: str) -> None:
    ours, theirs = COLUMNS[name].field.unit, unit_of(head)
    if ours and theirs and theirs != head_key(ours) and not head_key(COLUMNS[name].field.label).endswith(f"({theirs})"):
        where = f"{column_name(table.sheet.left + table.columns[name])} 列“{head}”"
        raise BadInput(f"{where}的单位是“{theirs}”，系统按“{ours}”登记：请换算后改表头，再上传。")


def _layout(table: Table) -> str:
    if all(tick in table.columns for tick in _TICKS):
        return "annex2"
    if any(tick in table.columns for tick in _TICKS):
        raise BadInput("表头只有“关闭取缔”“引导退出”中的一栏：附件2样式的名录两栏都要有，且每行只勾一栏。")
    if "transfer_year" in table.columns:
        return "annex3" if set(table.columns) <= {*ANNEX3, "township_id", "village_id", "code"} else "survey"
    return "survey"


def _check_assigned(mapping: Mapping[str, int], width: int) -> None:
    unknown = [name for name in mapping if name not in COLUMNS or name == STAMP]
    if unknown or not all(0 <= place < width for place in mapping.values()):
        raise BadInput("指定的列不在这张表里：请重新上传后再指定。")
    if len(set(mapping.values())) < len(mapping):
        raise BadInput("同一列被指定成了两项内容：请每列只指定一项。")
    if "name" not in mapping and "licence_number" not in mapping:
        raise BadInput("请至少指定“矿山名称”或“采矿许可证号”是哪一列，否则不知道每一行是哪座矿山。")
    if "validity" in mapping and {"valid_from", "valid_to"} & mapping.keys():
        raise BadInput("“有效期”和“有效期自（至）”只能指定一种。")
    if len([tick for tick in _TICKS if tick in mapping]) == 1:
        raise BadInput("“关闭取缔”和“引导退出”要么都指定，要么都不指定。")


def _unrecognised(shown: Sequence[SheetCells]) -> Unrecognised:
    sheet = max(shown, key=lambda one: max((_filled(row) for row in one.rows[:_TOP]), default=0))
    _, heads, _ = _widest(sheet)
    proposal: dict[str, int] = {}
    for place, head in enumerate(heads):
        if head and (name := name_of(head)) and name != STAMP:
            proposal.setdefault(name, place)
    return Unrecognised(sheet.name, heads, proposal)


_Head = tuple[int, tuple[str, ...], Sequence[int]]


def _heads(sheet: SheetCells) -> Iterator[_Head]:
    """Every way in which one to three of the first rows could be the head, and the rows below it."""
    for at in range(min(_TOP, len(sheet.rows))):
        for deep in range(1, _DEEPEST + 1):
            if at + deep <= len(sheet.rows) and (heads := _joined(sheet, at, deep)):
                yield at, heads, range(at + deep, len(sheet.rows))


def _widest(sheet: SheetCells) -> _Head:
    """The head that a person would point at: the first of the rows with the most words."""
    at = max(range(min(_TOP, len(sheet.rows))), key=lambda row: (_words(sheet.rows[row]), -row), default=0)
    deep = 2 if at + 1 < len(sheet.rows) and _divided(sheet, at) and _joined(sheet, at, 2) else 1
    heads = _joined(sheet, at, deep) or tuple("" if c is None else str(c) for c in sheet.rows[at])
    return at, heads, range(at + deep, len(sheet.rows))


def _divided(sheet: SheetCells, at: int) -> bool:
    """Whether the row below fills blanks of a row; without any it is a mine's, even if it is all words."""
    return any(not _word(top) and bool(_word(below)) for top, below in zip(*sheet.rows[at : at + 2], strict=False))


def _joined(sheet: SheetCells, at: int, deep: int) -> tuple[str, ...]:
    """The heads of some rows read downwards; empty where the rows cannot be one head.

    A lower word stands under a blank, or divides a group: the word above it reaches over blanks to its right.
    """
    rows = [[_word(cell) for cell in row] for row in sheet.rows[at : at + deep]]
    if any(word is None for row in rows for word in row):
        return ()
    width = max((len(row) for row in rows), default=0)
    grid = [[word or "" for word in row] + [""] * (width - len(row)) for row in rows]
    heads = grid[0]
    for below in grid[1:]:
        if not any(below):
            return ()
        above, merged = heads, []
        for place, word in enumerate(below):
            top = above[place]
            alone = not top or not (place + 1 < width and not above[place + 1] and below[place + 1])
            if word and top and alone and name_of(top):
                return ()
            merged.append(word or top)
        heads = merged
    return tuple(heads)


def _word(cell: Cell) -> str | None:
    """A head is words; None where the cell is something else."""
    if cell is None:
        return ""
    return cell.strip() if isinstance(cell, str) and len(cell) <= 60 else None


def _words(row: Sequence[Cell]) -> int:
    return len({cell for cell in row if isinstance(cell, str) and 0 < len(cell.strip()) <= 30})


def _filled(row: Sequence[Cell]) -> int:
    return sum(cell is not None and cell != "" for cell in row)


def _with_rows(table: Table) -> Table:
    """Only the rows of mines; empty ones, sums and signatures are counted."""
    rows, empty, others = [], 0, []
    firsts = table.sheet.rows.columns[0]
    for place in table.rows:
        first = firsts[place]
        if first is None:
            first = next((cell for cell in table.sheet.rows[place] if cell is not None), None)
        if type(first) is not str and first is not None:
            rows.append(place)
        elif first is None or (not first.strip() and not any(map(_says, table.sheet.rows[place]))):
            empty += 1
        elif isinstance(first, str) and _NOT_A_MINE.match(first.replace(" ", "").replace("\u3000", "")):
            others.append(table.row_number(place))
        else:
            rows.append(place)
    if rows and _counts_columns(table.sheet.rows[rows[0]]):
        others.insert(0, table.row_number(rows.pop(0)))
    notes = []
    if others:
        notes.append(f"第 {'、'.join(str(n) for n in others[:10])} 行是合计、说明或落款，没有读取。")
    if empty:
        notes.append(f"表中有 {empty} 个空行，没有读取。")
    return replace(table, rows=tuple(rows), notes=tuple(notes), left_out=empty + len(others))


def _says(cell: Cell) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def _counts_columns(row: Sequence[Cell]) -> bool:
    """A row 1 2 3 4 … under the head, as printed forms have it."""
    numbers = [str(cell).strip().removesuffix(".0") for cell in row if cell is not None and cell != ""]
    return len(numbers) >= 4 and numbers == [str(n) for n in range(1, len(numbers) + 1)]
