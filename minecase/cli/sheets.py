"""Commands about workbooks: the empty survey ledger, the filled one, and one that comes in."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from minecase.cli.common import AsUser, Json, office, print_json, say, say_error, write_file
from workflow import clock
from workflow.errors import BadInput

if TYPE_CHECKING:
    from sqlmodel import Session

    from office.access.people import Person
    from office.sheets.comparison import Comparison, Result
    from office.sheets.importing import Look

sheet = typer.Typer(help="表格：摸底台账的模板、导出和导入。", no_args_is_help=True)
#: Lines of a preview that a terminal shows; --json has all of them.
_SHOWN = 50


def register(app: typer.Typer) -> None:
    sheet.command(name="template")(template)
    sheet.command(name="export")(export)
    sheet.command(name="import")(import_)
    app.add_typer(sheet, name="sheet")


def template(file: Annotated[Path, typer.Argument(help="写到哪个文件，例如 摸底台账模板.xlsx")]) -> None:
    """摸底台账的空表：下拉选项、填写提示和填写说明。"""
    from office.sheets.survey_sheet import survey_template
    from workflow.context import context_of

    with office().reading() as session:
        write_file(file, survey_template(context_of(session)))
    say(f"模板已写到 {file}。")


def export(
    file: Annotated[Path, typer.Argument(help="写到哪个文件，例如 摸底台账.xlsx")],
    user: Annotated[str, typer.Option("--as", help="以谁的范围导出")] = "office",
) -> None:
    """摸底台账：每座矿山一行，改好后可以再导入。"""
    from office.access.people import person_of
    from office.sheets.survey_sheet import survey_ledger
    from workflow.context import context_of

    with office().reading() as session:
        write_file(file, survey_ledger(session, person_of(session, user), context_of(session), clock.today()))
    say(f"摸底台账已写到 {file}。")


def import_(
    file: Annotated[Path, typer.Argument(help="要导入的 .xlsx、.xls、.xlsb 或 .ods")],
    user: AsUser,
    source: Annotated[str, typer.Option(help="来源：谁报来的、依据哪份文件")],
    use_sheet: Annotated[bool, typer.Option("--use-sheet", help="导出后系统已改的行：用表格的值")] = False,
    keep_system: Annotated[bool, typer.Option("--keep-system", help="导出后系统已改的行：保留系统的值")] = False,
    all_new: Annotated[bool, typer.Option("--all-new", help="与已登记矿山相近的行：都是另一座，新登记")] = False,
    marked: Annotated[Path | None, typer.Option(help="有问题时，把标出问题的表格写到这里")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False,
    json: Json = False,
) -> int:
    """导入表格：先列出逐项对比，确认后才写入；全部写入或全部不写。"""
    from office.sheets.importing import read_and_look

    at = office()
    stored, data = at.store.read(file)
    with at.reading() as session:
        person = _importer(session, user)
        found = read_and_look(session, data, stored.filename, clock.today())
    comparison = found.comparison
    if comparison is None:
        raise BadInput("表头没有认出来：请在网页“表格导入导出”中上传一次、逐列指定，系统记住后命令行就能导入。")
    if not json:
        _show(comparison)
    if comparison.problems:
        return _refused(found, marked, json=json)
    every_stale = "sheet" if use_sheet else "keep" if keep_system else ""
    _check_decided(comparison, every_stale, all_new=all_new, both=use_sheet and keep_system)
    if comparison.changes_nothing or not (yes or (not json and typer.confirm("确认导入？"))):
        if json:
            print_json(_told(comparison))
        else:
            say("表格与系统里的内容一致，没有要写入的。" if comparison.changes_nothing else "没有导入，什么都没有改。")
        return 0
    with at.writing() as session:
        result = _take(
            session, found, stored, person, source, every_stale=every_stale, every_near="new" if all_new else ""
        )
        at.store.keep(stored, data)
    if json:
        print_json({**_told(comparison), "result": _kept(result)})
    else:
        say(f"已导入：新登记 {len(result.new)} 座矿山，改动 {len(result.changed)} 座的 {result.values} 项内容，"
            f"{result.kept} 行保留系统的值，{len(result.moves)} 项期限变动。")  # fmt: skip
    return 0


def _importer(session: "Session", user: str) -> "Person":
    from office.access.people import person_of

    person = person_of(session, user)
    if not person.is_office:
        raise BadInput(f"表格由工作组办公室导入，{person.name} 没有权限：请用工作组办公室的账号。")
    return person


def _check_decided(comparison: "Comparison", every_stale: str, *, all_new: bool, both: bool) -> None:
    if both:
        raise BadInput("--use-sheet 和 --keep-system 只能给一个。")
    stale = [str(row.row) for row in comparison.rows if row.stale]
    near = [str(row.row) for row in comparison.rows if row.near]
    if stale and not every_stale:
        raise BadInput(
            f"有 {len(stale)} 行在导出后系统里又改过（第 {'、'.join(stale[:20])} 行）：请加 --use-sheet 用表格的值，"
            "或 --keep-system 保留系统的值；要逐行选定的请在网页上导入。没有写入任何内容。"
        )
    if near and not all_new:
        raise BadInput(
            f"有 {len(near)} 行可能是已登记的矿山（第 {'、'.join(near[:20])} 行）：确是另一座的请加 --all-new，"
            "要逐行认定的请在网页上导入，或在表格中补上矿山编号。没有写入任何内容。"
        )


def _take(
    session: "Session", found: "Look", stored: Any, person: "Person", source: str, *, every_stale: str, every_near: str
) -> "Result":
    from office.sheets.importing import confirm, receive

    assert found.comparison is not None
    row = receive(session, stored, found, source=source, actor=person.actor, now=clock.now())
    return confirm(
        session, row.id or 0, found.sheets, seen=found.comparison.fingerprint, typed={}, every_stale=every_stale,
        every_near=every_near, actor=person.actor, today=clock.today(), now=clock.now(),
    )  # fmt: skip


def _refused(found: "Look", marked: Path | None, *, json: bool) -> int:
    from office.sheets.marked import marked_workbook

    comparison = found.comparison
    assert comparison is not None
    if marked:
        write_file(marked, marked_workbook(found.sheets, comparison.problems))
    if json:
        print_json(_told(comparison))
    for problem in comparison.problems[: 0 if json else _SHOWN]:
        say(
            f"  {problem.sheet} 第 {problem.row} 行 {problem.column}（{problem.head}）“{problem.value}”：{problem.reason}"
        )
    where = f"标出问题的表格已写到 {marked}" if marked else "加 --marked 文件.xlsx 可得到标出问题的表格"
    say_error(f"有 {len(comparison.problems)} 处问题，没有写入任何内容：请改正后重新导入，{where}。")
    return 1


def _show(comparison: "Comparison") -> None:
    from office.sheets.importing import LAYOUTS

    counts = comparison.counts
    words = {"rows": "行矿山", "new": "新登记", "changed": "有改动", "same": "与系统相同", "stale": "导出后系统已改",
             "near": "可能是同一座", "problems": "问题"}  # fmt: skip
    summed = "，".join(f"{label} {counts[name]}" for name, label in words.items())
    say(f"工作表“{comparison.sheet}”，按{LAYOUTS[comparison.layout]}读取：{summed}。", style="bold")
    for note in comparison.notes:
        say(f"  {note}")
    lines = [
        f"  第 {row.row} 行 {row.mine_code or '新登记'} {row.mine_name}：{cell.label} {cell.old or '（空）'} → {cell.new}"
        for row in comparison.rows if not row.near for cell in row.cells
    ]  # fmt: skip
    lines += [f"  第 {row.row} 行 {row.mine_name}：可能是 {near.code} {near.name}（{near.why}）"
              for row in comparison.rows for near in row.near]  # fmt: skip
    lines += [
        f"  期限：{move.case} {move.step} {move.old or '待明确'} → {move.new or '待明确'}"
        for move in comparison.moves or ()
    ]
    for line in lines[:_SHOWN]:
        say(line)
    if len(lines) > _SHOWN:
        say(f"  只列出前 {_SHOWN} 项，共 {len(lines)} 项；加 --json 可看全部。")


def _told(comparison: "Comparison") -> dict[str, Any]:
    return {
        "layout": comparison.layout, "sheet": comparison.sheet, "counts": dict(comparison.counts),
        "notes": list(comparison.notes), "problems": [problem._asdict() for problem in comparison.problems],
        "changes": [
            {"row": row.row, "mine": row.mine_code, "name": row.mine_name, "kind": row.kind, "stale": row.stale,
             "near": [near.code for near in row.near], "cells": [cell._asdict() for cell in row.cells]}
            for row in comparison.rows
        ],
        "moves": [move._asdict() for move in comparison.moves or ()],
    }  # fmt: skip


def _kept(result: "Result") -> dict[str, Any]:
    return {"new": list(result.new), "changed": list(result.changed), "values": result.values, "kept": result.kept,
            "moves": [move._asdict() for move in result.moves]}  # fmt: skip
