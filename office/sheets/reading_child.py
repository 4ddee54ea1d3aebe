"""The process that reads an uploaded workbook: no database, no secrets, little time and memory.

Started with seconds of work and bytes of memory; reads a line with the file's name, then the file, from standard input.
Writes one pickle after the other, so that the other side builds its rows while the next are made: `sheet` with what is
known of it, lists of columns of some rows, at last `done`; or `unfit` and the sentence. They hold plain values only (a day
is bytes), and are taken apart by an unpickler that can name nothing else: no less safe than JSON, and four times as fast.
"""

import contextlib
import gc
import io
import os
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from office.sheets import guard
from office.sheets.formats.limits import DAMAGED, LOCKED, Area, Mark, Unfit

_Row = Sequence[object]
_AS_THEY_ARE = {str, float, int, bool, type(None)}
#: Rows in one go: few enough that the pickle's own table stays small, which is what makes it quick.
_BATCH = 100


def main(cpu: int, memory: int) -> None:
    """Ends the process."""
    gc.disable()  # one short task, without circles
    filename, data = sys.stdin.buffer.readline(), sys.stdin.buffer.read()
    _limit(cpu, memory)
    out = sys.stdout.buffer
    answer(data, filename.decode(errors="replace").rstrip("\n"), lambda said: out.write(pickle.dumps(said, protocol=5)))
    out.flush()
    os._exit(0)  # without taking down, object by object, what ends anyway


def answer(data: bytes, filename: str, say: Callable[[object], object]) -> None:
    try:
        _read(data, filename, say)
        say(("done",))
    except Unfit as error:
        say(("unfit", str(error)))
    except MemoryError:
        say(("memory",))
    except PasswordError:
        say(("unfit", LOCKED))
    except BaseException:  # noqa: BLE001 (a panic of the reader is no Exception)
        say(("unfit", DAMAGED))


def _read(data: bytes, filename: str, say: Callable[[object], object]) -> None:
    """Every worksheet, in the order of the workbook."""
    checked = guard.check(data, filename)
    file = io.BytesIO(checked.data)
    checked.data = b""
    book, days = CalamineWorkbook.from_filelike(file), _Days()
    for place, about in enumerate(book.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(place)
        merged = checked.merged.get(place) or [(*start, *end) for start, end in sheet.merged_cell_ranges or ()]
        marks = checked.marks.get(place, [])
        area = _area(sheet, marks)
        say(("sheet", about.name, about.visible != SheetVisibleEnum.Visible, area[0], area[1], merged))
        rows = _rows(sheet, marks, area)
        while batch := list(islice(rows, _BATCH)):
            say([_plain(column, days) for column in zip(*batch, strict=True)])


def _area(sheet: CalamineSheet, marks: Sequence[Mark]) -> Area:
    """First row, first column, last row, last column of what is used."""
    corners = [(row, column) for row, column, _ in marks]
    if sheet.start is not None and sheet.end is not None:
        corners += [sheet.start, sheet.end]
    if not corners:
        return 0, 0, -1, -1
    rows, columns = [row for row, _ in corners], [column for _, column in corners]
    return min(rows), min(columns), max(rows), max(columns)


def _rows(sheet: CalamineSheet, marks: Sequence[Mark], area: Area) -> Iterator[_Row]:
    """The rows, with the errors and missing results written in that the reader leaves empty."""
    first = sheet.start or (area[2] + 1, 0)
    read = islice(sheet.iter_rows(), first[0], None)  # it begins with the empty rows above
    if not marks:
        yield from read
        return
    top, left, bottom, right = area
    by_row: dict[int, list[Mark]] = {}
    for mark in marks:
        by_row.setdefault(mark[0], []).append(mark)
    for place in range(top, bottom + 1):
        row: list[object] = [None] * (first[1] - left) + list(next(read, ())) if place >= first[0] else []
        row += [None] * (right - left + 1 - len(row))
        for _, column, text in by_row.get(place, ()):
            row[column - left] = text
        yield row


def _plain(cells: Sequence[object], days: "_Days") -> Sequence[object]:
    """Cells of one column without objects that only a class can make; the other side does the rest."""
    if set(map(type, cells)) <= _AS_THEY_ARE:
        return cells
    return [
        cell if (kind := type(cell)) in _AS_THEY_ARE else days[cell] if kind is date else _moment(cell)  # type: ignore[index]
        for cell in cells
    ]


class _Days(dict[date, bytes]):
    """A day, and what is written for it."""

    def __missing__(self, day: date) -> bytes:
        self[day] = text = day.isoformat().encode()
        return text


def _moment(cell: object) -> bytes | str:
    """A day with its hour like a day. Times of day and spans of time as text: no value of the office is one."""
    match cell:
        case datetime():
            return cell.replace(tzinfo=None).isoformat().encode()
        case time():
            return cell.isoformat("seconds" if cell.second else "minutes")
        case timedelta():
            minutes, seconds = divmod(round(cell.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(cell)


def _limit(cpu: int, memory: int) -> None:
    """Where the platform can: seconds of work, bytes of memory, no files written, no core dump."""
    try:
        import resource
    except ImportError:
        return
    for kind, amount in (
        (resource.RLIMIT_CPU, cpu), (resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (amount, amount))
