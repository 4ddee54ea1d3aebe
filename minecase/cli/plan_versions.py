"""Commands about versions of the plan's data: amend (tried out first, then asked), versions."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from minecase.cli import admin
from minecase.cli.common import AsUser, Json, console, office, print_json, say

if TYPE_CHECKING:
    from office.plan.version_words import ChangesTold


def register(_app: typer.Typer) -> None:
    admin.plan.command(name="amend")(plan_amend)
    admin.plan.command(name="versions")(plan_versions)


def plan_amend(
    folder: Annotated[Path, typer.Argument(help="新版方案数据的文件夹（plan.toml 等），或其 .zip")],
    user: AsUser,
    basis: Annotated[str, typer.Option(help="依据：修订文件的文号")],
    reason: Annotated[str, typer.Option(help="理由")],
    accept: Annotated[list[str] | None, typer.Option(help="按新名录更名等，形如 2-4:holder；可多次")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False,
) -> None:
    """导入新版方案数据：先列出改了什么、哪些期限变动，确认后生效。"""
    from office.plan.amending import SAME, take_in
    from office.plan.plan_file import read_folder, read_zip
    from office.plan.version_words import told
    from workflow.context import context_of
    from workflow.register import actor_named

    at = office()
    given = read_zip(at.store.read(folder)[1]) if folder.suffix == ".zip" else read_folder(folder)
    wanted = frozenset(accept or ())
    with at.writing() as session:
        actor = actor_named(session, user)
        found = take_in(session, given, basis=basis, reason=reason, actor=actor, accepted=wanted)
        changes = told(session, None, found.kept(), context_of(session).organs)
        session.rollback()
    if found.difference.empty:
        say(SAME)
        return
    _print(changes)
    if not yes and not typer.confirm("确认导入并变动上述期限？"):
        say("没有导入，什么都没有改。")
        return
    with at.writing() as session:
        take_in(session, given, basis=basis, reason=reason, actor=actor, accepted=wanted, seen=found.fingerprint)
    say("已导入，新版方案已生效。")


def _print(changes: "ChangesTold") -> None:
    for title, values in changes.groups:
        say(f"{title}：", "bold")
        for one in values:
            say(f"  {one['what']}：{one['old'] or '（无）'} → {one['new'] or '（删去）'}")
    for clause in changes.clauses:
        uses = clause.uses
        cards = f"环节 {len(uses.steps)}、期限 {len(uses.deadlines)}、文书 {len(uses.documents)}"
        say(f"条款 {clause.place} {clause.heading} {clause.how}（引用它的：{cards}、标准 {len(uses.criteria)}）")
    for row in changes.rows:
        say(f"{row.place} {row.name}（{row.mine}）{row.kind}{'：' + row.note if row.note else ''}")
        for cell in row.cells:
            say(f"  {cell.label}：{cell.old} → {cell.new}（{cell.outcome}）")
    for move in changes.moves:
        say(f"  {move['case']} {move['step']}：{move['old'] or '待明确'} → {move['new'] or '待明确'}（{move['why']}）")
    for one in changes.decisions:
        how = f"（已核实的，用 --accept {one['key']}）" if one["key"] else ""
        say(f"由人决定：{one['mine_name']}（{one['mine']}）{one['question']}{how}")
    for note in changes.notes:
        say(f"须知：{note}")
    opened = sum(bool(one["is_new"]) for one in changes.opened)
    say(f"共有 {len(changes.moves)} 项期限变动，立案 {opened} 件，{len(changes.decisions)} 项由人决定。")


def plan_versions(json: Json = False) -> None:
    """方案的各个版本：依据、理由、导入人；最新的在前。"""
    from office.plan.amending import versions

    with office().reading() as session:
        rows = [
            {"version": v.n, "number": v.number, "basis": v.basis, "reason": v.reason, "by": v.by,
             "at": v.at.isoformat(), "in_force": v.in_force, "moves": v.counts.get("moves", 0)}
            for v in versions(session)
        ]  # fmt: skip
    if json:
        print_json(rows)
        return
    for row in rows:
        console().print(
            f"第 {row['version']} 版{'（现行）' if row['in_force'] else ''} {row['number']}　依据 {row['basis']}　"
            f"{row['reason']}　{row['by']}　{str(row['at'])[:10]}　变动期限 {row['moves']} 项"
        )
