"""名录核对: the lists on record, or a new list in a workbook, checked; the result as a workbook and as a paper."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlmodel import Session

from office.access.people import Person
from office.cases.mine_file import mine_seen
from office.running.installation import Office
from office.sheets.columns import COLUMNS
from office.sheets.grid import Grid, Unread, grid_of
from office.sheets.layouts import Table, find_table
from office.sheets.reading import read_workbook
from office.sheets.register import registered
from office.sheets.writing import Column, sheet
from states.list_check import check_plan, check_rows
from states.listed import Finding, Ground, ListedRow
from workflow.context import context_of
from workflow.errors import BadInput
from workflow.list_paper import check_group
from workflow.listing import bodies, ground_of, listed_rows
from workflow.paper import Paper, kind_named, paper_data

#: Rows of a list that are checked at once.
MOST = 500
KIND = "list_check"
_WAYS = {"tick_closure": "closure", "tick_guided_exit": "guided_exit"}
_COLUMNS = (
    Column("位置", 12), Column("名称", 34), Column("矿山编号", 10), Column("项目编号", 9), Column("项目", 30), Column("条款", 14),
    Column("结论", 10, marked=(("=", '"不符合"', "#FDECEA", "#A3211A"), ("=", '"事实不足"', "#FFF4DD", "#7A4800"))),
    Column("事实", 60), Column("来源", 34), Column("如何核实", 40),
)  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """A list with what was found about it."""

    rows: tuple[ListedRow, ...]
    findings: tuple[Finding, ...]
    ground: Ground
    #: What the list is called, and what was left out of a workbook.
    title: str
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        return {verdict: sum(f.verdict == verdict for f in self.findings) for verdict in ("hit", "miss", "unknown")}

    @cached_property
    def _by_place(self) -> Mapping[str, list[Finding]]:
        found: dict[str, list[Finding]] = {}
        for one in self.findings:
            found.setdefault(one.place, []).append(one)
        return found

    def of(self, row: ListedRow) -> list[Finding]:
        return self._by_place.get(row.place, [])

    def whole(self) -> list[Finding]:
        """What is said of lists and of the plan, not of a row."""
        places = {row.place for row in self.rows}
        return [found for found in self.findings if found.place not in places]


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists on record as a person may see them, and what the plan says of itself."""

    rows: tuple[ListedRow, ...]
    ground: Ground
    of_plan: tuple[Finding, ...]
    #: Organ id -> name.
    organs: Mapping[str, str]

    def checked(self, shown: Sequence[ListedRow] | None = None) -> Checked:
        """All rows, or some of them with the others in view; then the lists and the plan as wholes."""
        found = (*check_rows(self.rows, self.ground, shown), *self.of_plan)
        return Checked(self.rows if shown is None else tuple(shown), found, self.ground, "附件名录和整治台账")


def on_record(session: Session, person: Person | None, today: date) -> Lists:
    """The lists of the case file: what a person may see, all of it for nobody in particular."""
    context = context_of(session)
    rows = listed_rows(session, context, *(() if person is None else (mine_seen(person),)))
    of_plan = check_plan(bodies(session), str(context.plan.get("number", "")))
    return Lists(tuple(rows), ground_of(context, today), tuple(of_plan), context.organs)


def check_workbook(session: Session, data: bytes, filename: str, today: date) -> Checked:
    """A new list in the shape of annex 2 or 3. What the register knows of its mines is used too. Raises BadInput."""
    table = find_table(read_workbook(data, filename))
    if table.layout not in ("annex2", "annex3"):
        raise BadInput(
            f"“{filename}”不是名录：附件2样式要有“关闭取缔”“引导退出”两栏，附件3样式要有“拟出让年度”一栏。请对照附件的表头后重试。"
        )
    grid = grid_of(table, registered(session))
    if not 0 < grid.height <= MOST:
        raise BadInput(f"“{filename}”有 {grid.height} 行，一次核对 1 至 {MOST} 行：请核对文件，或分开核对。")
    lists = on_record(session, None, today)
    rows, notes = [], [*table.notes]
    for place in range(grid.height):
        row, problems = _row(grid, place, table, filename, lists.organs)
        known, doubt = _same(row, lists.rows)
        notes += [*problems, *([doubt] if doubt else [])]
        rows.append(_joined(row, known))
    found = tuple(check_rows(rows, lists.ground))
    return Checked(tuple(rows), found, lists.ground, filename, tuple(notes))


def _row(grid: Grid, place: int, table: Table, filename: str, organs: Mapping[str, str]) -> tuple[ListedRow, list[str]]:
    number = grid.row_number(place)
    facts: dict[str, Any] = {}
    problems = []
    for name in grid.names:
        value = grid.value(place, name)
        if isinstance(value, Unread):
            column = grid.column_of(name) or name
            head = COLUMNS[column].head
            # The licence number is checked as it stands; of anything else that cannot be read nothing is known.
            if name == "licence_number":
                facts[name] = str(grid.cell(place, name) or "")
            else:
                problems.append(f"第 {number} 行“{head}”没有读取：{value.reason}。".replace("。。", "。"))
        elif value is not None and name not in _WAYS:
            facts[name] = value
    if table.layout == "annex2":
        facts["ways"] = tuple(way for tick, way in _WAYS.items() if grid.value(place, tick) is True)
    if facts.get("township_id"):
        facts["township"] = organs.get(str(facts["township_id"]), "")
    name = str(facts.get("name") or "")
    listed = ListedRow(
        annex=2 if table.layout == "annex2" else 3, list=f"“{filename}”", row=number, name=name, facts=facts,
        origin=f"{filename} 工作表“{table.sheet.name}”第 {number} 行",
    )  # fmt: skip
    return listed, problems


def _same(row: ListedRow, known: Sequence[ListedRow]) -> tuple[ListedRow | None, str]:
    """The mine on record that a row means, and a sentence where number and name do not agree: then none is taken."""
    number = str(row.facts.get("licence_number") or "")
    by_number = next((one for one in known if number and one.facts.get("licence_number") == number), None)
    by_name = next((one for one in known if one.name == row.name), None)
    one = by_number or by_name
    if one is None:
        return None, ""
    theirs = str(one.facts.get("licence_number") or "")
    if one.name == row.name and (not number or not theirs or number == theirs):
        return one, ""
    what = "许可证号相同而名称不同" if by_number else "名称相同而许可证号不同"
    return None, f"第 {row.row} 行与系统中的 {one.code}（{one.name}）{what}，没有对照已登记的事实，请核对。"


def _joined(row: ListedRow, known: ListedRow | None) -> ListedRow:
    """The row with what the register knows of the same mine beside it; what the list says itself stands."""
    if known is None or known.annex != row.annex:
        return row
    skipped = ("ways", "exit_year", "transfer_year")
    more = {name: value for name, value in known.facts.items() if name not in row.facts and name not in skipped}
    return ListedRow(
        annex=row.annex, list=row.list, row=row.row, name=row.name, facts={**more, **row.facts}, origin=row.origin,
        sources={name: known.source(name) for name in more}, code=known.code,
    )  # fmt: skip


def findings_sheet(checked: Checked, *, by: str) -> bytes:
    """Every finding, a line each."""
    line = f"核对日期：{checked.ground.today}　核对范围：{checked.title}　核对人：{by}　只列事实和疑问，由人核实"
    return sheet(f"{checked.ground.county}非煤矿山名录核对情况", line, _COLUMNS, _lines(checked))


def _lines(checked: Checked) -> Iterator[tuple[object, ...]]:
    for found in checked.findings:
        yield (
            found.place, found.name, found.code, found.rule, found.title, found.clause, found.words, found.said,
            "；".join(found.sources), found.settle,
        )  # fmt: skip


def draw_check(office: Office, session: Session, checked: Checked, suffix: str, issuer_id: str) -> bytes:
    """The result as a paper that is not kept: .docx or .pdf."""
    from notifications.documents.docx import write_docx
    from notifications.documents.pdf import write_pdf
    from notifications.documents.writing import composed
    from office.papers.papers import font_book

    kind = kind_named(KIND)
    paper = Paper(kind=kind, issuer_id=issuer_id, today=checked.ground.today)
    values = paper_data(session, paper)
    values["office"] = {"check": check_group(checked.rows, checked.findings, checked.ground)}
    document = composed(kind, values)
    return write_docx(document) if suffix == ".docx" else write_pdf(document, font_book(office.settings.home / "fonts"))
