"""周报、月报、年度报告: one period as an office reports it, by route and organ, against the targets of the annexes.

The figures are those of the other pages of 统计分析, asked once and put together.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from office.access.people import Person, visible
from office.desk.duty_ledger import duties
from office.reports.statistics import Standings, by_procedure, together
from office.reports.statistics_brief import Few, owed
from office.reports.statistics_done import GROUPS, done_table
from office.reports.statistics_period import Done, Period, done
from office.reports.statistics_tables import Line, Table, years
from states.registry import PROCEDURES
from workflow.clock import OFFICE
from workflow.context import Context
from workflow.models import Case, Chain, Deadline, Mine

#: Lines of 逾期事项 on the page and on paper; a workbook holds more.
LINES, MOST = 100, 10_000
#: Kinds of work that are named in a row.
PARTS = 12
#: Period -> what the report is called.
WORDS = {
    "week": "周报", "last_week": "周报", "month": "月报", "last_month": "月报", "quarter": "季报", "year": "年度报告",
    "last_year": "年度报告", "own": "情况报表",
}  # fmt: skip
NOT_NAMED = "责任单位待明确"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a report says."""

    period: Period
    #: When it was counted, and at which head of the history: entry and the first characters of its hash.
    at: datetime
    chain_head: str
    sums: Standings
    done: Done
    routes: Table
    organs: Table
    targets: Table
    work: Table
    late: Table
    late_total: int
    demo: bool

    @property
    def word(self) -> str:
        return WORDS[self.period.name]

    @property
    def label(self) -> str:
        return label_of(self.period)

    @property
    def opened(self) -> int:
        return sum(self.done.opened.values())

    @property
    def finished(self) -> int:
        return sum(self.done.finished.values())

    @property
    def tables(self) -> tuple[Table, ...]:
        return self.routes, self.organs, self.targets, self.work, self.late


def label_of(period: Period) -> str:
    """2026年11月, or from day to day."""
    first = period.first
    if period.name in ("month", "last_month"):
        return f"{first.year}年{first.month}月"
    if period.name == "quarter":
        return f"{first.year}年第{'一二三四'[(first.month - 1) // 3]}季度"
    if period.name in ("year", "last_year"):
        return f"{first.year}年"
    return f"{chinese(first)}至{chinese(period.last)}"


def chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def period_report(
    session: Session, person: Person, context: Context, period: Period, now: datetime, lines: int = LINES
) -> Report:
    """A bounded number of statements, whatever the number of cases."""
    today = now.astimezone(OFFICE).date()
    found, work = by_procedure(session, person, today), done(session, person, period)
    late = owed(session, person, today, col(Deadline.due_on) < today, lines)
    demo = select(col(Mine.id)).join(Case, col(Case.mine_id) == Mine.id).where(col(Mine.demo), visible(person)).limit(1)
    head = session.get(Chain, 1)
    return Report(
        period=period, at=now, chain_head=f"{head.seq}-{head.hash[:12]}" if head and head.hash else "",
        sums=together(found), done=work, routes=_routes(found, work), organs=_organs(session, person, context, today),
        targets=years(session, person, context, today), work=done_table(work, period),
        late=_late(late, context), late_total=late.total, demo=session.scalars(demo).first() is not None,
    )  # fmt: skip


def _routes(found: dict[str, Standings], work: Done) -> Table:
    def line(label: str, row: Standings, opened: int, finished: int, key: str = "") -> Line:
        cells = (row.open, row.late, row.soon, row.fine + row.none, row.finished, opened, finished)
        return Line(label, cells, key)

    lines = tuple(
        line(p.title, found[p.id], work.opened.get(p.id, 0), work.finished.get(p.id, 0), p.id)
        for p in PROCEDURES.values() if p.id in found
    )  # fmt: skip
    heads = ("整治方式", "在办", "逾期", "30日内到期", "其他在办", "已办结", "本期立案", "本期办结")
    note = "在办、逾期、已办结按数据时间的现状；本期立案、本期办结按案件日期。“其他在办”包括期限在30日以后的、没有期限的和中止的。"
    total = line("合计", together(found), sum(work.opened.values()), sum(work.finished.values()))
    return Table("report-routes", "按整治方式", note, heads, lines, total)


def _organs(session: Session, person: Person, context: Context, today: date) -> Table:
    found = {key: duty for key, duty in duties(session, person, today).items() if duty.open or duty.finished}
    lines = tuple(
        Line(context.organs.get(key, key) if key else NOT_NAMED, (d.open, d.late, d.met, d.met_late, d.on_time), key)
        for key, d in found.items()
    )  # fmt: skip
    heads = ("责任单位", "牵头在办", "其中逾期", "按时完成", "逾期完成", "按时率（%）")
    note = "按有期限的环节逐项计，一件案件可以有几项；完成数和按时率为建档以来累计。"
    return Table("report-organs", "按责任单位", note, heads, lines)


def _late(found: Few, context: Context) -> Table:
    lines = tuple(
        Line(
            one.due.mine,
            (one.due.number, one.due.title, context.organs.get(one.organ_id, NOT_NAMED), one.due.due_on, -one.due.days_left),
            one.due.number,
        )
        for one in found.lines
    )  # fmt: skip
    heads = ("矿山（矿业权）", "案件编号", "事项", "责任单位", "办理期限", "逾期天数")
    more = (
        f"共 {found.total} 项，只列最早的 {len(lines)} 项，全部见导出的工作簿。"
        if found.more
        else f"共 {found.total} 项。"
    )
    return Table("report-late", "逾期事项", f"期限已过、还没有办理的环节，按期限先后；{more}", heads, lines)


def grouped(table: Table) -> list[dict[str, Any]]:
    """One row for each group of work: its number, and what it is made of in a few words."""
    found = {key: list(lines) for key, lines in groupby(table.lines, key=lambda line: line.key)}
    rows: list[dict[str, Any]] = []
    for name, (word, unit) in GROUPS.items():
        parts: Counter[str] = Counter()
        for line in found.get(name, ()):
            what = str(line.cells[0])
            # Steps by their procedure: a year has a hundred kinds of them.
            parts[what.partition("：")[0] if name == "steps" else what] += int(str(line.cells[1]))
        rows.append({"word": word, "number": parts.total(), "unit": unit, "parts": _told(parts, unit)})
    return rows


def _told(parts: Counter[str], unit: str) -> str:
    first, rest = list(parts.items())[:PARTS], list(parts.items())[PARTS:]
    more = [f"其余 {len(rest)} 种共 {sum(number for _, number in rest)} {unit}"] if rest else []
    return "，".join([*(f"{what} {number}" for what, number in first), *more])
