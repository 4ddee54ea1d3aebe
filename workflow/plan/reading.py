"""Reads and checks `plans/<county>/`; nothing is guessed, and what we add to the print must agree with it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import cast, get_args

from states import clauses, parties
from states.plan_text import ANNEX2_COLUMNS, ANNEX3_COLUMNS
from workflow.plan.data import OpenQuestion, OrganKind, Plan, PlanOrgan, PlanRow
from workflow.plan.files import LABELS, Cells, PlanError, read_csv, read_toml
from workflow.plan.thresholds import read_thresholds

_DATES = ("survey_by", "overall_by", "licence_cutoff", "master_plan_from", "master_plan_to")
_NORMALISED2 = ("valid_from", "valid_to", "exit_mode", "exit_year", "township_id", "township_source")
_NORMALISED3 = ("transfer_year", "township_id", "village_id")
_MODES = {"closure": "tick_closure", "guided_exit": "tick_guided_exit"}
_LICENCE = r"C\d{6}(19|20)\d{2}(0[1-9]|1[0-2])\d{10}"
_IDENTIFIER = r"[a-z][a-z0-9_]{1,39}"
#: A list cannot put a duty further ahead than this many years after the plan.
_HORIZON = 20


def read_plan(folder: Path) -> Plan:
    """Reads and checks `plans/<county>/`. Raises PlanError."""
    head = Cells("plan.toml", read_toml(folder / "plan.toml"))
    issued_on = head.day("issued_on")
    dates = tuple(_dates(head, issued_on))
    organs = {organ.id: organ for organ in _organs(folder / "organs.toml")}
    annex2, annex3 = ((*ANNEX2_COLUMNS, *_NORMALISED2), (*ANNEX3_COLUMNS, *_NORMALISED3))
    amends = head.text("amends", optional=True)
    # An amended plan still names what was due before it was issued.
    years = (issued_on.year - (_HORIZON if amends else 0), issued_on.year + _HORIZON)
    rows: list[PlanRow] = []
    for file, columns, read in (("annex2.csv", annex2, _mine), ("annex3.csv", annex3, _block)):
        for cells in read_csv(folder / file, columns):
            rows.append(read(cells, organs, years))
            _once(cells, rows)
    return Plan(
        county=head.name("county"), number=head.text("number"), title=head.text("title"), issuer=head.name("issuer"),
        issued_on=issued_on, dates={name: day for name, day, _ in dates},
        date_clauses={name: clause for name, _, clause in dates}, organs=tuple(organs.values()), rows=tuple(rows),
        questions=tuple(_questions(folder / "open_values.csv", organs)),
        fingerprints=dict(_fingerprints(folder / "clauses.csv")), amends=amends,
        thresholds=read_thresholds(folder / "thresholds.toml"),
    )  # fmt: skip


def _dates(head: Cells, issued_on: date) -> Iterator[tuple[str, date, str]]:
    given = head.values.get("dates")
    if not isinstance(given, dict):
        raise head.wrong("dates", f"应有 [dates]，至少写明 {'、'.join(_DATES)}")
    tables = {name: Cells(f"plan.toml [dates] {name}", t if isinstance(t, dict) else {}) for name, t in given.items()}
    for name in _DATES:
        if name not in tables:
            raise PlanError(f"plan.toml [dates] 缺少 {name}，请按方案补上日期和条款。")
    for name, cells in tables.items():
        yield name, cells.day("on"), cells.one_of("clause", clauses.CLAUSES, "方案没有这一条款")
    if not head.text("amends", optional=True):
        _in_order(tables["survey_by"], "on", issued_on)
    _in_order(tables["overall_by"], "on", tables["survey_by"].day("on"))
    _in_order(tables["master_plan_to"], "on", tables["master_plan_from"].day("on"))


def _in_order(cells: Cells, key: str, earlier: date) -> date:
    day = cells.day(key)
    if day <= earlier:
        raise cells.wrong(key, f"应晚于 {earlier}")
    return day


def _organs(path: Path) -> Iterator[PlanOrgan]:
    tables = read_toml(path).get("organ")
    taken: dict[str, str] = {}
    ids: set[str] = set()
    for index, table in enumerate(tables if isinstance(tables, list) else [], 1):
        cells = Cells(f"{path.name} 第 {index} 个 [[organ]]", table if isinstance(table, dict) else {})
        organ = _organ(cells)
        if organ.id in ids:
            raise cells.wrong("id", "代号与前面的机构重复")
        ids.add(organ.id)
        for name in (organ.name, *organ.aliases):
            if name in taken:
                raise cells.wrong("name" if name == organ.name else "aliases", f"“{name}”已是 {taken[name]} 的名称")
            taken[name] = organ.id
        yield organ
    for party in parties.FIXED:
        if party.id not in ids:
            raise PlanError(f"{path.name} 缺少机构 {party.id}（{party.name}），请补上一个 [[organ]]。")


def _organ(cells: Cells) -> PlanOrgan:
    aliases, desk = cells.values.get("aliases", []), cells.values.get("desk", True)
    if not isinstance(aliases, list):
        raise cells.wrong("aliases", "应为名称的列表")
    if not isinstance(desk, bool):
        raise cells.wrong("desk", "应为 true 或 false")
    kind = cells.one_of("kind", get_args(OrganKind), f"只能是 {'、'.join(get_args(OrganKind))}")
    return PlanOrgan(
        cells.matching("id", _IDENTIFIER, "应为小写字母、数字和下划线"), cells.name("name"), cast("OrganKind", kind),
        cells.text("source"), tuple(Cells(cells.place, {"aliases": alias}).name("aliases") for alias in aliases), desk,
    )  # fmt: skip


_Organs = Mapping[str, PlanOrgan]


def _mine(cells: Cells, organs: _Organs, years: tuple[int, int]) -> PlanRow:
    mode = cells.one_of("exit_mode", _MODES, "只能是 closure（关闭取缔）或 guided_exit（引导退出）")
    _check_ticks(cells, mode)
    _in_order(cells, "valid_to", cells.day("valid_from"))
    _check_printed(cells, "validity", "valid_from", "valid_to")
    licence = cells.matching("licence_number", _LICENCE, "应为 C 加 22 位数字，其中第 8 至 13 位是年月")
    registrar = f"registrar_{licence[1:7]}"
    if registrar not in organs:
        raise cells.wrong("licence_number", f"organs.toml 中没有登记机关 {registrar}")
    if cells.name("holder") in {organ.name for organ in organs.values()}:
        raise cells.wrong("holder", "与 organs.toml 中的机构同名")
    facts = {name: cells.text(name) for name in ("licence_number", "valid_from", "valid_to")}
    facts |= {"scale": cells.amount("scale"), "registrar_id": registrar}
    township = _place(cells, "township_id", "township", organs)
    if township:
        facts["township_source"] = cells.text("township_source")
    return PlanRow(
        annex=2, row=_number(cells), procedure=mode, name=cells.name("name"), mineral=cells.name("mineral"),
        holder=cells.name("holder"), township_id=township, facts=facts,
        case_facts={"exit_mode": mode, "exit_year": _year(cells, "exit_year", "exit_time", years)},
        printed=_printed(cells, ANNEX2_COLUMNS),
    )  # fmt: skip


def _block(cells: Cells, organs: _Organs, years: tuple[int, int]) -> PlanRow:
    facts = {name: cells.amount(name) for name in ("area", "predicted_resource")}
    return PlanRow(
        annex=3, row=_number(cells), procedure="new_right", name=cells.name("name"), mineral=cells.name("mineral"),
        township_id=_place(cells, "township_id", "township", organs),
        village_id=_place(cells, "village_id", "village", organs),
        facts={**facts, "location": cells.name("location")},
        case_facts={"transfer_year": _year(cells, "transfer_year", "transfer_time", years)},
        printed=_printed(cells, ANNEX3_COLUMNS),
    )  # fmt: skip


def _number(cells: Cells) -> int:
    return int(cells.matching("row", r"[1-9]\d{0,2}", "应为行号 1、2、3……"))


def _printed(cells: Cells, columns: Mapping[str, str]) -> dict[str, str]:
    return {column: cells.text(column, optional=True) for column in columns}


def _check_ticks(cells: Cells, mode: str) -> None:
    ticked = [way for way, column in _MODES.items() if cells.text(column, optional=True)]
    if len(ticked) != 1:
        raise cells.wrong("tick_closure", f"关闭取缔、引导退出两栏须且只须勾一栏，现在勾了 {len(ticked)} 栏")
    if ticked != [mode]:
        raise cells.wrong("exit_mode", f"与勾选的{ANNEX2_COLUMNS[_MODES[ticked[0]]]}不一致")


def _check_printed(cells: Cells, printed: str, *normalised: str) -> None:
    """Our normalised dates must say what the printed cell says."""
    ours = [int(part) for key in normalised for part in cells.text(key).split("-")]
    if [int(part) for part in re.findall(r"\d+", cells.text(printed))] != ours:
        raise cells.wrong(normalised[-1], f"与附件所印“{cells.text(printed)}”不一致")


def _year(cells: Cells, key: str, printed: str, years: tuple[int, int]) -> str:
    year = cells.year(key, *years)
    _check_printed(cells, printed, key)
    return str(year)


def _place(cells: Cells, key: str, kind: str, organs: _Organs) -> str:
    if not cells.text(key, optional=True):
        return ""
    known = {organ.id for organ in organs.values() if organ.kind == kind}
    return cells.one_of(key, known, f"organs.toml 中没有这个{LABELS[key]}")


def _once(cells: Cells, rows: Sequence[PlanRow]) -> None:
    """The last row must repeat none before it."""
    *before, last = rows
    if any(row.code == last.code for row in before):
        raise cells.wrong("row", "行号与前面的行重复")
    if any(row.name == last.name for row in before):
        raise cells.wrong("name", "名称与前面的行重复")
    if (licence := last.facts.get("licence_number")) and any(r.facts.get("licence_number") == licence for r in before):
        raise cells.wrong("licence_number", "许可证号与前面的行重复")


def _questions(path: Path, organs: _Organs) -> Iterator[OpenQuestion]:
    seen: set[tuple[str, str]] = set()
    scopes = ("annex2", "annex3", *_MODES)
    for cells in read_csv(path, ("applies_to", "name", "label", "asked_of", "clause")):
        question = OpenQuestion(
            cells.one_of("applies_to", scopes, f"只能是 {'、'.join(scopes)}"),
            cells.matching("name", _IDENTIFIER, "应为小写字母、数字和下划线"), cells.text("label"),
            cells.one_of("asked_of", organs, "organs.toml 中没有这个机构"),
            cells.one_of("clause", clauses.CLAUSES, "方案没有这一条款"),
        )  # fmt: skip
        overlapping = ("annex2", *_MODES) if question.applies_to == "annex2" else ("annex2", question.applies_to)
        scope = (question.applies_to,) if question.applies_to == "annex3" else overlapping
        if any((other, question.name) in seen for other in scope):
            raise cells.wrong("name", "同一事项在同一范围内重复")
        seen.add((question.applies_to, question.name))
        yield question


def _fingerprints(path: Path) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for cells in read_csv(path, ("id", "fingerprint")):
        clause = cells.text("id")
        if clause in seen:
            raise cells.wrong("id", "条款与前面的行重复")
        seen.add(clause)
        yield clause, cells.matching("fingerprint", r"[0-9a-f]{16}", "应为 16 位十六进制数字")
