"""Workbooks in: the bytes of an upload as typed cells, or one sentence why not.

A workbook is somebody else's file. It is looked at and read in a process of its own, which has neither database nor
secrets and is stopped when it takes too long or too much memory.
"""

import contextlib
import gc
import os
import pickle
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from office.sheets import guard
from office.sheets.formats.limits import DIGITS_LOST_FROM, ERRORS, NOT_CALCULATED, RESAVE, Area, Unfit, column_name
from office.sheets.rows import Cell, Rows
from workflow.errors import BadInput

__all__ = ["Cell", "SheetCells", "being_read", "column_name", "defect", "read_workbook", "undisturbed"]

_ROOT = Path(__file__).resolve().parents[2]
_START = (
    "import sys; cpu, memory, *sys.path[1:1] = sys.argv[1:]; from office.sheets import reading_child; "
    "reading_child.main(int(cpu), int(memory))"
)
#: What Windows needs to start a process at all.
_PASSED_ON = ("SYSTEMROOT",)
#: Large pieces of memory are kept for the next large piece, and asked for in large pages: that saves the child nine of
#: ten page faults.
_MEMORY = {
    "MALLOC_TOP_PAD_": str(32 << 20),
    "MALLOC_MMAP_THRESHOLD_": str(64 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
_BUFFER = 1 << 18
_LOST = float(DIGITS_LOST_FROM)
#: What an answer that ends early, or is none, may raise.
_BROKEN = (OSError, EOFError, pickle.UnpicklingError, ValueError, TypeError, AttributeError, LookupError)
_SMALLER = "请删去多余的工作表、行和列，或者分成几个文件后再上传"


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one workbook may use: seconds of work, seconds altogether, bytes of memory."""

    cpu: int = 20
    wall: int = 40
    memory: int = 768 * 1024 * 1024


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class SheetCells:
    """The used part of one worksheet; empty cells are None.

    `top` and `left` are the real place of the first cell, counted from 0; so are the four numbers of a merged range:
    first row, first column, last row, last column.
    """

    name: str
    hidden: bool
    top: int
    left: int
    rows: Rows
    merged: tuple[Area, ...] = ()


def read_workbook(data: bytes, filename: str) -> tuple[SheetCells, ...]:
    """Every worksheet of an .xlsx, .xls, .xlsb or .ods file. Raises BadInput with a sentence for whoever uploaded it.

    Dates are dates where the cell is formatted as one; times of day are text; formulas are their saved result;
    what cannot be taken as it stands is told by `defect`.
    """
    with being_read(data, filename) as sheets:
        return sheets()


@contextmanager
def being_read(data: bytes, filename: str) -> Iterator[Callable[[], tuple[SheetCells, ...]]]:
    """A workbook that is read in its process while the caller does something else; what is answered hands over the sheets.

    Raises BadInput like `read_workbook`, at once or when the sheets are asked for.
    """
    try:
        guard.first_look(data, filename)
    except Unfit as error:
        raise BadInput(str(error)) from error
    # A file and no pipe: the child takes it when it is ready, and nobody waits for the other.
    with tempfile.TemporaryFile() as request:
        request.write(" ".join(filename.split()).encode(errors="replace") + b"\n" + data)
        request.seek(0)
        with _started(request.fileno()) as answer:
            yield answer


@contextmanager
def undisturbed() -> Iterator[None]:
    """Without the collector of cycles, which would look through all cells again and again and find none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def defect(cell: Cell) -> str:
    """Why a cell cannot be taken as it was read, or nothing."""
    if isinstance(cell, str):
        if cell == NOT_CALCULATED:
            return "公式没有保存计算结果：请在 Excel 或 WPS 中打开并保存一次，或者把公式改为数值"
        return f"公式出错（{cell}）：请改正公式，或者填写正确的值" if cell in ERRORS else ""
    if isinstance(cell, int | float) and abs(cell) >= DIGITS_LOST_FROM:
        return "被 Excel 存成了数字，15 位以后的数字已经丢失：请把单元格设为“文本”格式后重新填写"
    return ""


class _Plain(pickle.Unpickler):
    """Takes plain values. Whatever a file may have made of the child, it cannot name a class or a function."""

    def find_class(self, module: str, name: str) -> type:
        raise pickle.UnpicklingError(f"{module}.{name}")


class _Days(dict[bytes, date]):
    """What the child writes for a day, and the day."""

    def __missing__(self, text: bytes) -> date:
        self[text] = found = (date if len(text) == 10 else datetime).fromisoformat(text.decode())
        return found


@contextmanager
def _started(request: int) -> Iterator[Callable[[], tuple[SheetCells, ...]]]:
    """The child at work on an open file; what is answered waits for its sheets. Raises BadInput."""
    child = subprocess.Popen(  # noqa: S603 (our own module, no shell)
        # Without `site`: what it does takes longer than to read a small workbook.
        [sys.executable, "-I", "-S", "-c", _START, str(LIMITS.cpu), str(LIMITS.memory), str(_ROOT), *_libraries()],
        stdin=request,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=_BUFFER,
        env=_MEMORY | {name: os.environ[name] for name in _PASSED_ON if name in os.environ},
    )
    late = threading.Event()

    def stop() -> None:
        late.set()
        child.kill()

    def sheets() -> tuple[SheetCells, ...]:
        try:
            with undisturbed():
                return _heard(child)
        except _BROKEN as error:
            if late.is_set():
                raise BadInput(f"读取表格超过 {LIMITS.wall} 秒，已停止：{_SMALLER}。") from error
            raise BadInput(f"读取表格用时过长或占用内存过多，已停止：{_SMALLER}；仍不行的，{RESAVE}。") from error

    watch = threading.Timer(LIMITS.wall, stop)
    watch.start()
    try:
        yield sheets
    finally:
        watch.cancel()
        child.kill()
        with contextlib.suppress(OSError), child:
            pass  # closes the pipe and waits


def _heard(child: subprocess.Popen[bytes]) -> tuple[SheetCells, ...]:
    assert child.stdout is not None
    found: list[SheetCells] = []
    days = _Days()
    while True:
        match _Plain(child.stdout).load():
            case list(columns):
                found[-1].rows.extend([_typed(column, days) for column in columns])
            case ("sheet", name, hidden, top, left, merged):
                found.append(SheetCells(name, hidden, top, left, Rows(), tuple(merged)))
            case ("done",):
                return tuple(found)
            case ("unfit", sentence):
                raise BadInput(sentence)
            case _:
                raise BadInput(f"读取表格占用内存过多，已停止：{_SMALLER}。")


def _typed(cells: Sequence[Any], days: _Days) -> Sequence[Cell]:
    """Some cells of a column as the child passed them on.

    Whole numbers are whole, unless they are so long that digits are lost; what is no number becomes an error.
    """
    if set(map(type, cells)) == {str}:
        return [cell or None for cell in cells] if "" in cells else cells
    return [
        (cell or None) if (kind := type(cell)) is str
        else days[cell] if kind is bytes
        else cell if kind is not float
        else (int(cell) if -_LOST < cell < _LOST else cell) if cell.is_integer()
        else cell if cell - cell == 0
        else "#NUM!"
        for cell in cells
    ]  # fmt: skip


@cache
def _libraries() -> list[str]:
    """The folder that python-calamine is imported from."""
    spec = find_spec("python_calamine")
    return [str(Path(spec.origin).parents[1])] if spec and spec.origin else []
