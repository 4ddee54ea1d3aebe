"""Workbooks in: the guard, the process of its own and the typed cells, beside python-calamine alone on the same bytes."""

import os
import random
import subprocess
import sys
import time
from datetime import date, timedelta
from io import BytesIO

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from benchmarks.pairs import best, figure, ratio
from office.sheets.reading import read_workbook
from workflow.errors import BadInput

ROWS, COLUMNS = 10_000, 20
_NAME = "台账.xlsx"
_WORDS = ("是", "否", "砂岩", "正常生产")


def main() -> None:
    print(
        f"\n读入表格（{ROWS:,} 行 × {COLUMNS} 列）：我们读入 / 同一字节只用 python-calamine，交替计时取中位数（目标 ≤ 1.6）；"
        "主进程和子进程峰值内存合计 MiB（目标 < 300）；展开为 300 MiB 的压缩炸弹拒绝用时（目标 < 1 秒）；一格的文件用时"
    )
    for name, value in run().items():
        figure(name, value)


def run(pairs: int = 15) -> dict[str, float]:
    data = ledger()
    tiny = ledger(1, 1)
    return {
        "sheets_read_over_calamine": ratio(lambda: read_workbook(data, _NAME), lambda: _alone(data), pairs),
        "sheets_read_peak_mib": _memory(),
        "sheets_bomb_refused_seconds": _bomb(),
        "sheets_read_one_cell_seconds": best(lambda: read_workbook(tiny, _NAME)),
    }


def ledger(rows: int = ROWS, columns: int = COLUMNS) -> bytes:
    """A ledger of names, words, numbers and days."""
    file = BytesIO()
    book = Workbook(file)
    page = book.add_worksheet("台账")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    chance = random.Random(1)  # noqa: S311 (the same figures each time)
    page.write_row(0, 0, [f"第 {column} 列" for column in range(columns)])
    for row in range(1, rows):
        for column in range(columns):
            match column % 10:
                case 0 | 1:
                    page.write_string(row, column, f"演示矿山{row}第{column}项")
                case 2 | 3 | 4:
                    page.write_string(row, column, chance.choice(_WORDS))
                case 5:
                    page.write_number(row, column, chance.random() * 100)
                case 6:
                    page.write_number(row, column, row)
                case 7 | 8:
                    page.write_datetime(row, column, date(2020, 1, 1) + timedelta(row % 2000), day)
    book.close()
    return file.getvalue()


def _alone(data: bytes) -> object:
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()


def _memory() -> float:
    """Both processes at their highest, in one that does nothing else."""
    code = (
        "import resource, sys\nfrom office.sheets.reading import read_workbook\n"
        f"found = read_workbook(sys.stdin.buffer.read(), {_NAME!r})\n"
        "print(sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024)"
    )
    command = [sys.executable, "-c", code]
    answer = subprocess.run(command, input=ledger(), check=True, capture_output=True, env=os.environ)  # noqa: S603
    return float(answer.stdout)


def _bomb() -> float:
    from tests.sheets.corpus_packages import bomb

    data = bomb()
    start = time.perf_counter()
    try:
        read_workbook(data, _NAME)
    except BadInput:
        return time.perf_counter() - start
    raise AssertionError


if __name__ == "__main__":
    main()
