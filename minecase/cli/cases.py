"""Commands about cases: status, show, open, advance, correct, fill."""

from typing import Annotated

import typer

from minecase.cli.common import (
    AsUser,
    Fields,
    Json,
    OnDay,
    console,
    keep_evidence,
    office,
    print_json,
    read_day,
    read_evidence,
    read_pairs,
)  # fmt: skip


def register(app: typer.Typer) -> None:
    for command in (status, show, open_, advance, correct, fill):
        app.command(name=command.__name__.rstrip("_"))(command)


def status(
    as_of: Annotated[str, typer.Option("--as-of", help="截至日期，默认今天")] = "",
    every: Annotated[bool, typer.Option("--all", help="包括已办结的案件")] = False,
    json: Json = False,
) -> None:
    """各案件现状：期限、下一步、由谁办、缺什么。"""
    from minecase.cli import show as screens
    from workflow.ledger import standing

    day = read_day(as_of, "截至日期")
    at = office()
    with at.reading() as session:
        rows = [s.row for s in standing(session, day, finished=every)]
    if json:
        print_json(rows)
    else:
        screens.status(console(), rows, day.isoformat())


def show(case: Annotated[str, typer.Argument(help="案件编号，例如 2-4")], json: Json = False) -> None:
    """一个案件的全部记录。"""
    from minecase.cli import show as screens
    from workflow.clock import today
    from workflow.ledger import case_file

    with office().reading() as session:
        found = case_file(session, case, today())
    if json:
        print_json(found)
    else:
        screens.case(console(), found)


def open_(
    procedure: Annotated[str, typer.Argument(help="程序代号，例如 intake、closure、rectification")],
    mine: Annotated[str, typer.Argument(help="矿山编号或名称；建档、列名和拟设区块可登记新矿山")],
    user: AsUser,
    on: OnDay = "",
    field: Fields = None,
    source: Annotated[str, typer.Option(help="立案依据（文件名称文号或来源）")] = "",
    demo: Annotated[bool, typer.Option("--demo", help="虚构矿山，标为演示数据")] = False,
    json: Json = False,
) -> None:
    """立案。新矿山的 holder、mineral、township、licence_number、valid_to 等也用 --field 填写。"""
    from workflow.desk import open_by_hand
    from workflow.ledger import find_case
    from workflow.records import checked_text
    from workflow.register import actor_named

    typed, day = read_pairs(field), read_day(on, "办理日期")
    with office().writing() as session:
        opened = open_by_hand(
            session, procedure, mine, typed, actor=actor_named(session, user), on=day, demo=demo,
            source=checked_text(source, "立案依据") if source else f"{user} 人工立案",
        )  # fmt: skip
        view = find_case(session, opened.number)
    if json:
        print_json({"case": view.number, "mine": view.mine.name, "procedure": view.procedure_id, "state": view.state})
    else:
        console().print(f"已立案：{view.number} {view.mine.name}（{view.procedure.title}）。")


def advance(
    case: Annotated[str, typer.Argument(help="案件编号")],
    trigger: Annotated[str, typer.Argument(help="环节代号，见 minecase show")],
    user: AsUser,
    on: OnDay = "",
    field: Fields = None,
    evidence: Annotated[
        list[str] | None, typer.Option("--evidence", help="材料文件，按卡片顺序，或 名称=文件；可多次")
    ] = None,
    version: Annotated[int | None, typer.Option("--version", help="您看到的记录次数；不符则拒绝")] = None,
    json: Json = False,
) -> None:
    """办理一个环节。条件不足时说明缺什么，什么都不改。"""
    from workflow.context import context_of
    from workflow.decide import decide
    from workflow.engine import advance as take
    from workflow.ledger import find_case, row_of
    from workflow.register import actor_named
    from workflow.views import Entry

    typed, day, at = read_pairs(field), read_day(on, "办理日期"), office()
    with at.reading() as session:
        view, actor = find_case(session, case), actor_named(session, user)
        step = view.procedure.step(trigger)
        if step is None:
            decide(view, Entry(case, trigger, actor, day), context_of(session))
    scans = read_evidence(at, evidence, [e.name for e in step.evidence] if step else [])
    files = {name: tuple(stored for stored, _ in found) for name, found in scans.items()}
    with at.writing() as session:
        take(session, case, trigger, actor=actor, occurred_on=day, fields=typed, evidence=files,
             expected_version=version)  # fmt: skip
        # Kept before the commit and after the judgement: a refused step leaves nothing behind.
        keep_evidence(at, scans)
        session.expire_all()
        row = row_of(session, case, day)
    if json:
        print_json(row)
    else:
        due = f"，最近期限 {row['due_on']}" if row["due_on"] else ""
        console().print(f"已办理“{step.title if step else trigger}”：{case} 现为“{row['state_label']}”{due}。")


def correct(
    case: Annotated[str, typer.Argument(help="案件编号")],
    user: AsUser,
    reason: Annotated[str, typer.Option(help="更正理由")],
    on: OnDay = "",
) -> None:
    """更正：撤回最近一次办理。原记录保留，另记一条更正。"""
    from workflow.correction import correct as take_back
    from workflow.register import actor_named

    with office().writing() as session:
        view = take_back(session, case, actor=actor_named(session, user), on=read_day(on, "更正日期"), reason=reason)
        label = view.procedure.state(view.state).label
    console().print(f"已更正：{case} 回到“{label}”。")


def fill(
    case: Annotated[str, typer.Argument(help="案件编号")],
    name: Annotated[str, typer.Argument(help="待明确事项的代号，例如 township_id")],
    value: Annotated[str, typer.Argument(help="值")],
    user: AsUser,
    source: Annotated[str, typer.Option(help="该值出自哪份文件或由谁提供")],
    on: OnDay = "",
) -> None:
    """填写待明确事项，记明由谁、何时、依据什么填写。"""
    from workflow.records import record_value
    from workflow.register import actor_named

    with office().writing() as session:
        actor = actor_named(session, user)
        record_value(session, case, name, value, actor=actor, on=read_day(on, "填写日期"), source=source)
    console().print(f"已登记 {case} 的 {name}。")
