"""统计分析 as tables: heads and lines, the same on the screen, on paper and in a workbook."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from office.access.people import Person
from office.desk.desk_board import short_name, targets
from office.desk.duty_ledger import duties
from office.reports import statistics as counts
from office.reports.statistics import Standings
from office.reports.statistics_pace import paces, trend
from states.registry import PROCEDURES
from workflow.context import Context


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what it is about, its cells after the label, and the key behind the label."""

    label: str
    cells: tuple[object, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of figures; `heads` has one word more than a line has cells."""

    name: str
    title: str
    #: How it was counted.
    note: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line | None = None


_STANDINGS = ("合计", "在办", "逾期", "30日内到期", "正常", "未计期限", "已办结")
_MAIN = "只计主线（关闭取缔、引导退出、升级改造、配置新设），并行事项不重复计。"


def routes(session: Session, person: Person, _context: Context, today: date) -> Table:
    found = counts.by_procedure(session, person, today)
    lines = tuple(_standing(p.title, found[p.id], p.id) for p in PROCEDURES.values() if p.id in found)
    return Table(
        "routes",
        "按整治方式",
        "入口、主线和并行事项逐件计；因更正撤销的立案不计。",
        ("整治方式", *_STANDINGS),
        lines,
        _sum(found),
    )


def townships(session: Session, person: Person, context: Context, today: date) -> Table:
    found = counts.by_township(session, person, today)
    lines = tuple(_standing(short_name(context, key), row, key) for key, row in found.items())
    return Table("townships", "按乡镇", _MAIN, ("乡镇", *_STANDINGS), lines, _sum(found))


def minerals(session: Session, person: Person, _context: Context, today: date) -> Table:
    found = counts.by_mineral(session, person, today)
    lines = tuple(_standing(key or "矿种待明确", row) for key, row in found.items())
    return Table("minerals", "按矿种", _MAIN, ("矿种", *_STANDINGS), lines, _sum(found))


def years(session: Session, person: Person, _context: Context, today: date) -> Table:
    lines = tuple(
        Line(
            f"{t.year}年 {'拟新设出让' if t.procedure == 'new_right' else t.title}",
            (t.total, t.finished, t.total - t.finished, _year_word(t.year, t.total - t.finished, today)), str(t.year),
        )
        for t in targets(session, person)
    )  # fmt: skip
    note = (
        "年度为附件2的关闭退出年度、附件3的拟出让年度。关闭取缔、引导退出以销号归档为完成，拟新设以出让成交为完成；"
        "移出名录、转为其他方式的不计。"
    )
    return Table("years", "年度任务", note, ("年度和方式", "任务", "已完成", "未完成", "说明"), lines)


def organs(session: Session, person: Person, context: Context, today: date) -> Table:
    found = duties(session, person, today)
    lines = tuple(
        Line(
            context.organs.get(key, key) if key else "责任单位待明确",
            (d.open, d.late, d.met, d.met_late, d.on_time, _tenth(d.average_taken), _given(d.average_allowed), d.helping),
            key,
        )
        for key, d in found.items()
    )  # fmt: skip
    heads = (
        "责任单位",
        "牵头在办",
        "其中逾期",
        "按时完成",
        "逾期完成",
        "按时率（%）",
        "平均用时（天）",
        "平均给时（天）",
        "配合在办",
    )
    return Table(
        "organs", "按责任单位", "按有期限的环节逐项计；企业、上级登记机关牵头的，记在县内督办单位名下。", heads, lines
    )


def months(session: Session, person: Person, _context: Context, today: date) -> Table:
    found = trend(session, person, today)
    lines = tuple(Line(one.word, (one.opened, one.finished, one.overdue)) for one in found)
    total = Line("合计", tuple(sum(getattr(one, name) for one in found) for name in ("opened", "finished", "overdue")))
    note = "立案、办结按案件（含并行事项）计；当月逾期按期限落在当月、到期未办的环节计，按现在的期限日期。"
    return Table("months", "近18个月趋势", note, ("月份", "新立案", "办结", "当月逾期"), lines, total)


def steps(session: Session, person: Person, _context: Context, today: date) -> Table:
    lines = tuple(
        Line(
            f"{PROCEDURES[p.procedure].title}：{p.title}",
            (p.due, p.finished, p.finished_late, p.open_late, _tenth(p.late_rate), _tenth(p.days_taken), _tenth(p.days_allowed)),
            p.procedure,
        )
        for p in paces(session, person, today)
    )  # fmt: skip
    note = (
        "应完成为已办理的和已逾期未办的；逾期率为逾期办理、逾期未办合计占应完成的百分比。"
        "用时从期限起算日算到办理日；起算时期限已过的，不计入平均给时。没有期限的环节不在此列。"
    )
    heads = ("环节", "应完成", "已办理", "逾期办理", "逾期未办", "逾期率（%）", "平均用时（天）", "平均给时（天）")
    return Table("steps", "各环节逾期率和用时", note, heads, lines)


Make = Callable[[Session, Person, Context, date], Table]
#: Name in an address -> how its table is made.
TABLES: Mapping[str, Make] = {
    "routes": routes, "townships": townships, "minerals": minerals, "years": years, "organs": organs, "months": months,
    "steps": steps,
}  # fmt: skip


def standings_of(row: Line) -> Standings:
    """The figures behind a line of a table that counts by standing."""
    late, soon, fine, none, finished = (int(str(cell)) for cell in row.cells[2:])
    return Standings(late, soon, fine, none, finished)


def _standing(label: str, row: Standings, key: str = "") -> Line:
    return Line(label, (row.total, row.open, row.late, row.soon, row.fine, row.none, row.finished), key)


def _sum(found: dict[str, Standings]) -> Line:
    return _standing("合计", counts.together(found))


def _year_word(year: int, left: int, today: date) -> str:
    if not left:
        return "已完成"
    return "逾年未完成" if year < today.year else "本年度" if year == today.year else "待完成"


def _tenth(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _given(value: float | None) -> float | None:
    """Days given; nothing where most days of the plan had passed before their case was opened."""
    return None if value is None or value < 0 else _tenth(value)
