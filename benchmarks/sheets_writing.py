"""A workbook of 10,000 rows and 20 columns, beside XlsxWriter writing the same cells by hand."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO

from xlsxwriter import Workbook

from benchmarks.pairs import best, figure, ratio
from office.sheets.writing import DAY, THOUSANDS, Column, sheet

ROWS, _PAIRS = 10_000, 9
_START = date(2026, 1, 1)
#: As a ledger has them: mostly words, some days and numbers, some cells empty.
COLUMNS = (
    Column("序号", 6), Column("矿山编号", 10), *(Column(f"文字{n}", 20) for n in range(10)),
    *(Column(f"日期{n}", 12, DAY) for n in range(4)), *(Column(f"数字{n}", 12, THOUSANDS) for n in range(4)),
)  # fmt: skip


def rows(count: int = ROWS) -> Iterator[tuple[object, ...]]:
    for n in range(count):
        words = (f"演示第{n}矿山的第{m}项" if (n + m) % 5 else "" for m in range(10))
        days = (_START + timedelta(n % 900 + m) if (n + m) % 4 else None for m in range(4))
        yield (n + 1, f"M-{n}", *words, *days, n, n / 4, n * 1000, -n)


def ours(given: list[tuple[object, ...]]) -> bytes:
    return sheet("演示台账", "导出时间：2026-11-23", COLUMNS, given)


def by_hand(given: list[tuple[object, ...]]) -> bytes:
    """Each cell by the method that its type has, which who writes it knows beforehand; two formats, nothing around."""
    file = BytesIO()
    book = Workbook(file, {"constant_memory": True})
    page = book.add_worksheet("演示台账")
    plain, day = book.add_format({"border": 1}), book.add_format({"border": 1, "num_format": DAY})
    ways = [page.write_number, *[page.write_string] * 11, *[page.write_datetime] * 4, *[page.write_number] * 4]
    forms = [*[plain] * 12, *[day] * 4, *[plain] * 4]
    for place, column in enumerate(COLUMNS):
        page.write_string(0, place, column.head, plain)
    for at, row in enumerate(given, 1):
        for place, (value, write, form) in enumerate(zip(row, ways, forms, strict=True)):
            if value is None or value == "":
                page.write_blank(at, place, None, form)
            else:
                write(at, place, value, form)
    book.close()
    return file.getvalue()


def run() -> dict[str, float]:
    """Our time over theirs, ours alone, and the memory that one export needs at most."""
    given = list(rows())
    return {
        "sheet_over_plain_xlsxwriter": ratio(lambda: ours(given), lambda: by_hand(given), _PAIRS),
        "sheet_seconds": best(lambda: ours(given), 3), "sheet_peak_megabytes": _peak(),
    }  # fmt: skip


def _peak() -> float:
    """Megabytes of a process of its own that imports, makes the rows and writes them."""
    code = "from benchmarks import sheets_writing\nprint(sheets_writing.alone())"
    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=os.environ)  # noqa: S603
    return float(answer.stdout)


def alone() -> float:
    sheet("演示台账", "导出时间：2026-11-23", COLUMNS, rows())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    print(
        f"\n导出 {ROWS:,} 行 {len(COLUMNS)} 列：我们 / 手写 XlsxWriter 写同样的单元格（目标 ≤ 1.3；峰值内存 < 300 MB）"
    )
    for name, value in run().items():
        figure(name, value)


if __name__ == "__main__":
    main()
