"""A workbook of 10,000 mines and 20 columns taken in, beside calamine that only reads its cells."""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from python_calamine import CalamineWorkbook
from stdnum.cn import uscc
from xlsxwriter import Workbook

from benchmarks.pairs import best, figure, ratio
from benchmarks.places import DAY, OFFICE
from office.running.installation import Office
from office.running.settings import from_environment
from office.sheets.columns import COLUMNS
from office.sheets.comparison import Comparison
from office.sheets.difference import compare
from office.sheets.importing import read_and_look
from office.sheets.reading import read_workbook
from office.sheets.taking_in import take_in
from workflow.database import reading, writing
from workflow.register import add_organ

ROWS, _PAIRS = 10_000, 15
#: A clerk's weekly update: one row in a hundred.
_CHANGED = 100
HEADS = (
    "name", "holder", "licence_number", "mineral", "township_id", "valid_from", "valid_to", "safety_permit_number",
    "safety_permit_valid_to", "business_licence_number", "production_status", "is_mining", "idle_months", "scale",
    "mineral_use", "mining_method", "remaining_life", "facility_investment", "green_mine", "penalty_natural_resources",
)  # fmt: skip
_STATUS = ("正常生产", "停产", "在建")


def rows(count: int = ROWS) -> Iterator[list[object]]:
    for n in range(count):
        body = f"91140522MA0{n:06d}"[:17]
        day = date(2015, 1, 1) + timedelta(n % 3000)
        yield [
            f"演示第{n}号砂岩矿", f"演示{n}号矿业公司",
            f"C14050020{10 + n % 10}{n % 12 + 1:02d}7130{n * 97 % 1_000_000:06d}", "砂岩",
            "演示镇", day, day + timedelta(3650), f"（演）FM安许证字〔{n}〕", day + timedelta(1000) if n % 3 else None,
            body + uscc.calc_check_digit(body), _STATUS[n % 3], "是" if n % 2 else "否", n % 40 if n % 2 == 0 else None,
            5 + n % 90 / 2, "建筑石料", "露天", n % 30, n * 1.25, "否", f"演示处罚 {n}" if n % 4 == 0 else None,
        ]  # fmt: skip


def workbook(given: Sequence[Sequence[object]]) -> bytes:
    """As somebody's Excel would save it."""
    file = BytesIO()
    book = Workbook(file)
    page, day = book.add_worksheet("台账"), book.add_format({"num_format": "yyyy-mm-dd"})
    page.write_row(0, 0, [COLUMNS[name].head for name in HEADS])
    for at, row in enumerate(given, 1):
        for place, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(at, place, value, day)
            elif value is not None:
                page.write(at, place, value)
    book.close()
    return file.getvalue()


def changed(given: Sequence[Sequence[object]]) -> list[list[object]]:
    """The same mines with another scale in one row of a hundred."""
    found = [list(row) for row in given]
    for row in found[:: ROWS // _CHANGED]:
        row[HEADS.index("scale")] = 123.5
    return found


def office(folder: Path) -> Office:
    made = Office(
        replace(from_environment(), home=folder, database_url=f"sqlite:///{folder / 'bench.db'}", smtp_url="")
    )
    made.init()
    with writing(made.engine) as session:
        add_organ(session, "township_bench", "阳城县演示镇人民政府", "township")
    return made


def looked_at(place: Office, data: bytes) -> Comparison:
    """What an upload does before its preview is shown."""
    with reading(place.engine) as session:
        found = read_and_look(session, data, "bench.xlsx", DAY).comparison
    assert found is not None
    assert found.fingerprint
    assert not found.problems, found.problems[:3]
    return found


def taken_in(place: Office, data: bytes) -> float:
    """Seconds to write what an upload changes."""
    sheets = read_workbook(data, "bench.xlsx")

    def confirm() -> None:
        with writing(place.engine) as session:
            take_in(
                session, compare(session, sheets, today=DAY), {}, actor=OFFICE, on=DAY, source="演示", filename="b.xlsx"
            )

    return best(confirm, 1)


def by_calamine(data: bytes) -> object:
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()


def importing() -> dict[str, float]:
    """Our time over calamine's for a first import and for a weekly update, seconds of writing, and the memory."""
    given = list(rows())
    first, update = workbook(given), workbook(changed(given))
    with tempfile.TemporaryDirectory() as folder:
        place = office(Path(folder))
        assert looked_at(place, first).counts["new"] == ROWS
        found = {
            "import_first_over_calamine": ratio(lambda: looked_at(place, first), lambda: by_calamine(first), _PAIRS)
        }
        found["import_first_peak_megabytes"] = _peak(Path(folder), first)
        found["import_10000_new_seconds"] = taken_in(place, first)
        assert looked_at(place, update).counts["changed"] == _CHANGED
        found["import_update_over_calamine"] = ratio(
            lambda: looked_at(place, update), lambda: by_calamine(update), _PAIRS
        )
        found["import_update_peak_megabytes"] = _peak(Path(folder), update)
        found["import_100_changes_seconds"] = taken_in(place, update)
        found["calamine_seconds"] = best(lambda: by_calamine(first), 3)
        place.engine.dispose()
    return found


def _peak(folder: Path, data: bytes) -> float:
    """Megabytes of a process of its own that reads and compares, or of its child that opens the file, if that is more."""
    (folder / "upload.xlsx").write_bytes(data)
    code = "import sys\nfrom benchmarks import sheets\nprint(sheets.alone(sys.argv[1]))"
    command = [sys.executable, "-c", code, str(folder)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)  # noqa: S603
    return float(answer.stdout)


def alone(folder: str) -> float:
    place = Office(
        replace(from_environment(), home=Path(folder), database_url=f"sqlite:///{folder}/bench.db", smtp_url="")
    )
    looked_at(place, (Path(folder) / "upload.xlsx").read_bytes())
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def main() -> None:
    print(
        f"{ROWS} 行 × {len(HEADS)} 列的表格导入：读取、校验、对比所用时间 / calamine 只读取所用时间（目标 ≤ 3），"
        "确认 10,000 座新矿山和 100 行修改各用的秒数，峰值内存（目标 < 300 MB）"
    )
    for name, value in importing().items():
        figure(name, value)


if __name__ == "__main__":
    main()
