"""How large a workbook may be, and the sentences about one that cannot be read.

The child process that reads workbooks imports these modules and must start quickly: standard library only, and of that
neither dataclasses nor typing, which take longer to import than a small workbook to read.
"""

#: Bytes of the upload; bytes of all its parts unpacked; number of parts.
MAX_FILE, MAX_UNPACKED, MAX_PARTS = 10_000_000, 60_000_000, 2_000
#: How many times its size a part of more than so many bytes may unpack to. Real sheets stay below 50.
MAX_RATIO, RATIO_FROM = 200, 10_000_000
#: How far down and to the right content may stand, and cells of the rectangles that reach so far, over all sheets.
MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 100_000, 256, 2_000_000
MAX_SHEETS = 100
#: Numbers from here on have more digits than Excel keeps.
DIGITS_LOST_FROM = 10**15

#: Stands for a formula that was saved without its result.
NOT_CALCULATED = "#未计算"
ERRORS = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!")

RESAVE = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传"
DAMAGED = f"文件已损坏，读不出来：{RESAVE}。"
LOCKED = "文件设了密码：请在 Excel 或 WPS 中取消密码，保存后再上传。"
MACROS = "文件带有宏，不予打开：请另存为不带宏的 .xlsx 后再上传。"
_NO_SHEETS = f"文件里没有工作表：{RESAVE}。"
_SPLIT = "请删去多余的行、列和大段重复内容，或者分成几个文件后再上传"
#: Characters that hide or turn what stands beside them; they have no place in a sentence.
_UNSEEN = dict.fromkeys((
    *range(0x20), *range(0x7F, 0xA0), *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF,
))  # fmt: skip

Mark = tuple[int, int, str]
Area = tuple[int, int, int, int]


class Unfit(Exception):
    """A workbook that is not read; the message is the sentence for the person who uploaded it."""


class Checked:
    """A workbook that may be read: nothing but what was looked at, and what the reader itself does not tell.

    `marks` and `merged` go by the place of the sheet; marks are (row, column, text) of errors and missing results.
    """

    def __init__(self, data: bytes = b"") -> None:
        self.data = data
        self.marks: dict[int, list[Mark]] = {}
        self.merged: dict[int, list[Area]] = {}


def column_name(place: int) -> str:
    """0 -> A, 27 -> AB."""
    name = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        name = chr(65 + letter) + name
    return name


def column_place(name: str) -> int:
    """A -> 0, AB -> 27."""
    place = 0
    for letter in name:
        place = place * 26 + ord(letter) - 64
    return place - 1


def shown(title: str) -> str:
    """A sheet's name, fit to stand in a sentence."""
    return title.translate(_UNSEEN)[:31] or "（无名）"


def too_large(amount: int) -> Unfit:
    return Unfit(f"文件展开后过大（{amount / 1e6:,.0f} MB，最大 {MAX_UNPACKED // 1_000_000} MB），不予打开：{_SPLIT}。")


class Extent:
    """How far the content of one sheet reaches, and by which cells."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.row = self.column = -1
        self.lowest = self.rightmost = (0, 0)
        #: Rows that hold content, as far as they were counted.
        self.filled = 0

    def take(self, row: int, column: int) -> None:
        if row > self.row:
            self.row, self.lowest = row, (row, column)
        if column > self.column:
            self.column, self.rightmost = column, (row, column)

    @property
    def cells(self) -> int:
        return (self.row + 1) * (self.column + 1)

    def check(self) -> None:
        """Raises Unfit, naming the cell, where a reader would have to lay out more than it may."""
        low, right = (f"{column_name(c)}{r + 1}" for r, c in (self.lowest, self.rightmost))
        if self.filled > MAX_ROWS:
            raise Unfit(f"工作表“{shown(self.title)}”超过 {MAX_ROWS:,} 行：请分成几个文件后再上传。")
        if self.row >= MAX_ROWS:
            raise self._far(low, f"在第 {MAX_ROWS:,} 行以外", "行")
        if self.column >= MAX_COLUMNS:
            raise self._far(right, f"在第 {column_name(MAX_COLUMNS - 1)} 列以外", "列")
        if self.cells > MAX_CELLS:
            raise self._far(
                low if low == right else f"{low} 和 {right}",
                f"离得太远（围起来有 {self.cells:,} 格，最多 {MAX_CELLS:,} 格）", "行和列",
            )  # fmt: skip

    def _far(self, cells: str, where: str, line: str) -> Unfit:
        return Unfit(
            f"工作表“{shown(self.title)}”的单元格 {cells} 有内容，{where}：如是误填，请删除所在的整{line}，保存后再上传；"
            "确有这么多数据的，请分成几个文件。"
        )


def check_titles(titles: list[str]) -> None:
    """The reader finds sheets by their names. Raises Unfit."""
    if not titles:
        raise Unfit(_NO_SHEETS)
    if len(titles) > MAX_SHEETS:
        raise Unfit(f"文件有 {len(titles)} 张工作表，最多 {MAX_SHEETS} 张：请把要导入的工作表另存成一个文件后再上传。")
    if twice := next((title for title in titles if titles.count(title) > 1), ""):
        raise Unfit(f"有两张工作表都叫“{shown(twice)}”：请给其中一张改名，保存后再上传。")


def check_all(extents: list[Extent]) -> None:
    """Each sheet, and what all of them hold together. Raises Unfit."""
    check_titles([extent.title for extent in extents])
    for extent in extents:
        extent.check()
    cells = sum(extent.cells for extent in extents)
    if cells > MAX_CELLS:
        raise Unfit(f"各工作表合计 {cells:,} 格，最多 {MAX_CELLS:,} 格：请分成几个文件后再上传。")
