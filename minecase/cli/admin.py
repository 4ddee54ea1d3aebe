"""Commands about the system itself: check, plan verify, audit verify, backup, restore, accounts, organs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from minecase.cli import running
from minecase.cli.common import EXIT_FOUND, Json, console, office, print_json, read_day, text
from workflow.errors import BadInput, CaseFileError, os_reason

if TYPE_CHECKING:
    from office.running.installation import Office
    from workflow.plan import Plan

plan = typer.Typer(help="方案文本。", no_args_is_help=True)
audit = typer.Typer(help="审计。", no_args_is_help=True)
organ = typer.Typer(help="单位与联系方式。", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    running.register(app)
    for command in (check, backup, restore, users):
        app.command()(command)
    plan.command(name="verify")(plan_verify)
    audit.command(name="verify")(audit_verify)
    organ.command(name="list")(organ_list)
    organ.command(name="add")(organ_add)
    organ.command(name="contact")(organ_contact)
    for group, name in ((plan, "plan"), (audit, "audit"), (organ, "organ")):
        group.callback()(_group)
        app.add_typer(group, name=name)


def _group() -> None:
    """Keeps a group with one command a group."""


def check() -> int:
    """流程体检：每个程序的结构是否完整，在办案件是否都有去处。"""
    from office.plan.checkup import strays, structure
    from states.check import report
    from states.registry import PROCEDURES
    from workflow.errors import DatabaseUnfit

    out = console()
    out.print(report(PROCEDURES, structure()))
    lost: list[str] = []
    try:
        with office().reading() as session:
            lost = strays(session)
    except DatabaseUnfit as unfit:
        out.print(f"（未检查在办案件：{unfit}）")
    for line in lost:
        out.print(line, style="red")
    return EXIT_FOUND if structure() or lost else 0


def plan_verify(file: Annotated[Path, typer.Argument(help="方案正式文本（.txt 或 .md）")]) -> int:
    """把正式文本与系统引用的条款、载入的两张名单逐项核对。"""
    from office.plan.citations import cited
    from states.plan_verify import verify
    from workflow.plan import read_plan

    at, out = office(), console()
    data = _plan_in_force(at) or read_plan(at.settings.plan)
    try:
        official = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"方案文本“{file.name}”打不开（{os_reason(error)}）：请核对路径。") from None
    except UnicodeDecodeError:
        raise BadInput(f"“{file.name}”不是 UTF-8 文本：请另存为 UTF-8 编码的 .txt 后再核对。") from None
    clauses = cited()
    findings = verify(official, clauses, data.fingerprints, data.printed(2), data.printed(3))
    for finding in findings:
        out.print(text(finding), style="red")
    rows = len(data.rows)
    out.print(
        f"核对 {len(data.fingerprints)} 条条款（系统引用 {len(clauses)} 条）、{rows} 行名单："
        + (f"发现 {len(findings)} 处不一致。" if findings else "全部一致。")
    )
    return EXIT_FOUND if findings else 0


def _plan_in_force(at: "Office") -> "Plan | None":
    """The plan as last amended; None where nothing was, or where there is no database at all."""
    from workflow.errors import DatabaseUnfit
    from workflow.plan.versions import plan_in_force

    try:
        with at.reading() as session:
            return plan_in_force(session)
    except DatabaseUnfit:
        return None


def audit_verify() -> int:
    """重算办理记录的哈希链，并按程序重放每个案件；再核对材料文件。"""
    import sys

    from rich.console import Console
    from rich.progress import Progress

    from workflow.audit import verify
    from workflow.sweep import chain_head

    at, out = office(), console()
    with (
        at.reading() as session,
        Progress(transient=True, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar,
    ):
        bar.add_task("核对办理记录", total=None)
        breaches = [str(b) for b in verify(session)]
        head = chain_head(session)
    breaches += [f"材料文件 {name[:16]}…：内容与哈希不符，已损坏或被改动" for name in at.store.damaged()]
    for line in breaches:
        out.print(text(line), style="red")
    out.print(f"发现 {len(breaches)} 处问题。" if breaches else f"办理记录完整，链头 {head}。")
    return EXIT_FOUND if breaches else 0


def backup(file: Annotated[Path, typer.Argument(help="备份文件，例如 backup.zip")]) -> None:
    """备份数据库和全部材料到一个文件；办公中也可执行。"""
    from workflow.backup import backup as write

    at = office()
    with at.reading():
        count = write(at.engine, at.settings.files, file.absolute())
    console().print(f"已备份到 {file}：数据库和 {count} 份材料。")


def restore(
    file: Annotated[Path, typer.Argument(help="备份文件")],
    yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False,
) -> None:
    """从备份恢复。现有数据另存，不会丢失；恢复后暂停发件，核对日期后再扫描。"""
    from office.running.restoring import restore_backup

    if not yes and not typer.confirm("恢复将以备份替换现有数据（现有数据另存），继续？"):
        raise CaseFileError("没有恢复，什么都没有改。")
    held = restore_backup(office(), file.absolute())
    console().print(f"已恢复。{held}")


def users(json: Json = False) -> None:
    """账号一览（岗位账号，不是个人）。"""
    from sqlmodel import col, select

    from workflow.models import Organ, User

    with office().reading() as session:
        rows = [
            {"user": u.id, "name": u.name, "organ": o.name, "organ_id": o.id, "active": u.active}
            for u, o in session.exec(select(User, Organ).join(Organ, col(User.organ_id) == Organ.id).order_by(User.id))
        ]
    if json:
        print_json(rows)
        return
    for row in rows:
        console().print(f"{row['user']:<28}{row['organ']}　{row['name']}{'' if row['active'] else '（停用）'}")


def organ_list(json: Json = False) -> None:
    """单位、别名和当前联系方式。"""
    from sqlmodel import select

    from notifications.recipients import address_for
    from workflow.clock import today
    from workflow.models import Organ

    with office().reading() as session:
        rows = []
        for o in session.exec(select(Organ).order_by(Organ.kind, Organ.id)):
            contact = address_for(session, o.id, today())
            rows.append({"id": o.id, "name": o.name, "kind": o.kind, "email": contact.email if contact else ""})
    if json:
        print_json(rows)
        return
    for row in rows:
        console().print(f"{row['id']:<32}{row['name']}　{row['email'] or '（无电子邮箱）'}")


def organ_add(
    id: Annotated[str, typer.Argument(help="代号，例如 township_example")],
    name: Annotated[str, typer.Argument(help="名称")],
    kind: Annotated[str, typer.Option(help="类别：township、village、unit 等")],
) -> None:
    """登记单位，例如方案中没有出现的乡(镇)。"""
    from workflow.register import add_organ

    with office().writing() as session:
        add_organ(session, id, name, kind)
    console().print(f"已登记单位 {name}（{id}），账号同名。")


def organ_contact(
    organ: Annotated[str, typer.Argument(help="单位代号或名称")],
    email: Annotated[str, typer.Argument(help="电子邮箱")],
    start: Annotated[str, typer.Option("--from", help="起用日期，默认今天")] = "",
    person: Annotated[str, typer.Option(help="联系人")] = "",
    phone: Annotated[str, typer.Option(help="电话")] = "",
) -> None:
    """登记单位的联系方式；旧的自前一日起停用，缺联系方式的通知重新待发。"""
    from notifications.channels.mime import usable
    from notifications.outbox import retry_no_contact
    from workflow.register import add_contact

    with office().writing() as session:
        add_contact(
            session, organ, email=email, person=person, phone=phone, valid_from=read_day(start, "起用日期"),
            usable=usable(email),
        )  # fmt: skip
        retry_no_contact(session)
    console().print(f"已登记 {organ} 的联系方式。")
