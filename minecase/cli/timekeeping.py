"""Commands about time and telling: sweep, deliver, preview, calendar, notices."""

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from minecase.cli.common import AsUser, Json, console, office, print_json, read_day
from workflow.errors import BadInput, Held

if TYPE_CHECKING:
    from rich.console import Console
    from sqlmodel import Session

calendar = typer.Typer(help="工作日历。", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    for command in (sweep, deliver, preview, notices, resolve):
        app.command()(command)
    calendar.command(name="show")(calendar_show)
    calendar.command(name="import")(calendar_import)
    app.add_typer(calendar, name="calendar")


def sweep(as_of: Annotated[str, typer.Option("--as-of", help="办公日期，默认今天")] = "", json: Json = False) -> None:
    """按指定日期扫描期限，生成提醒（演练和补扫用；不能早于上次扫描）。"""
    day = read_day(as_of, "办公日期")
    counts = office().sweep(day, by_hand=True)
    if json:
        print_json(counts)
    elif counts.get("rest_day"):
        console().print(f"{day} 是休息日，不发提醒；到期事项将在下一工作日提醒。")
    else:
        console().print(
            f"{day} 扫描完成：提醒 {counts['due']} 项，合并为 {counts['planned']} 份通知，"
            f"被更高一级取代 {counts['superseded']} 项，到期自动登记 {counts['lapsed']} 件，"
            f"缺联系方式 {counts['no_contact']} 份。"
        )


def deliver(json: Json = False) -> None:
    """立即发出待发通知。"""
    from dataclasses import asdict

    at = office()
    with at.reading() as session:
        refuse_held(session)
    report = at.deliver(by_hand=True)
    if json:
        print_json(asdict(report))
    else:
        console().print(
            f"已发 {report.sent}，待重发 {report.failed}，退信 {report.dead}，存疑 {report.doubtful}，"
            f"缺联系方式 {report.no_contact}。"
        )


def refuse_held(session: "Session") -> None:
    """Nothing goes out while the scheduler asks a person about the date. Raises Held."""
    from workflow import clock
    from workflow.beat import held

    if reason := held(session):
        raise Held(
            f"发件已暂停（{reason}）：请核对系统日期，无误后执行 minecase sweep --as-of {clock.today()}，再发件。"
        )


def preview(
    start: Annotated[str, typer.Option("--from", help="开始日期，默认今天")] = "",
    until: Annotated[str, typer.Option("--until", help="结束日期")] = "",
    bodies: Annotated[bool, typer.Option("--text", help="连同正文")] = False,
    json: Json = False,
) -> None:
    """发件预演：如果没有人办理，到某日为止将向谁发出什么。"""
    import sys

    from minecase.cli import show as screens

    if not until:
        raise BadInput("请用 --until 给出结束日期，例如 --until 2026-12-31。")
    first, last, at, out = read_day(start, "开始日期"), read_day(until, "结束日期"), office(), console()
    if (last - first).days > 366 * 10:
        raise BadInput("预演最长十年，请缩短起止日期。")
    from rich.progress import Progress

    # Long previews show how far they are, on the error stream, so that --json stays clean.
    bar = Progress(transient=True, console=_err()) if sys.stderr.isatty() else nullcontext()
    with at.reading() as session, bar as shown:
        task = shown.add_task("预演", total=(last - first).days + 1) if shown else None
        rows = at.preview(
            session, first, last, progress=(lambda _: shown.advance(task)) if shown and task is not None else None
        )
        if json:
            print_json(list(rows))
        else:
            count = screens.preview(out, rows, bodies=bodies)
            out.print(f"{first} 至 {last} 共 {count} 份通知（假定没有人办理、每份均能送达）。", style="bold")


def _err() -> "Console":
    from rich.console import Console

    return Console(stderr=True)


def notices(
    status: Annotated[str, typer.Option(help="只看某种状态，例如 doubtful、no_contact、failed")] = "",
    json: Json = False,
) -> None:
    """通知记录：发给谁、何时、结果。"""
    from sqlmodel import col, select

    from workflow.models import Notice

    query = select(Notice).order_by(col(Notice.id))
    if status:
        query = query.where(Notice.status == status)
    with office().reading() as session:
        rows = [
            {"id": n.id, "planned_on": n.planned_on.isoformat(), "kind": n.kind, "recipient": n.recipient_id,
             "status": str(n.status), "attempt": n.attempt, "address": n.address, "message_id": n.message_id,
             "sent_at": n.sent_at.isoformat() if n.sent_at else None, "reply": n.reply}
            for n in session.exec(query)
        ]  # fmt: skip
    if json:
        print_json(rows)
        return
    for r in rows:
        console().print(
            f"{r['id']:>6} {r['planned_on']} {r['recipient'] or '（未登记）'} {r['kind']} {r['status']} {r['reply']}"
        )
    console().print(f"共 {len(rows)} 份。")


def resolve(
    notice: Annotated[int, typer.Argument(help="通知编号，见 minecase notices --status doubtful")],
    user: AsUser,
    sent: Annotated[bool, typer.Option("--sent/--send-again", help="已送达，或重新发送")],
) -> None:
    """处理存疑通知：查过邮件服务器记录后，由人确认是否已送达。"""
    from notifications.outbox import resolve_doubt
    from workflow import clock
    from workflow.register import actor_named

    with office().writing() as session:
        actor = actor_named(session, user)
        resolve_doubt(session, notice, was_sent=sent, now=clock.now(), by=actor.user)
    console().print("已记录：" + ("确认已送达。" if sent else "将重新发送（同一邮件编号）。"))


def calendar_show(year: Annotated[int, typer.Argument(help="年份")]) -> None:
    """某年的工作日历：放假、调休上班，以及是否已公布。"""
    from datetime import date, timedelta

    from workflow.context import context_of

    if not 2000 <= year <= 2100:
        raise BadInput(f"年份 {year} 超出范围（2000—2100）。")
    with office().reading() as session:
        cal = context_of(session).calendar
    published = cal.is_published(date(year, 1, 1))
    day, holidays, makeups, working = date(year, 1, 1), [], [], 0
    while day.year == year:
        works, weekday = cal.is_working(day), day.weekday() < 5
        working += works
        if weekday and not works:
            holidays.append(day)
        elif works and not weekday:
            makeups.append(day)
        day += timedelta(days=1)
    out = console()
    out.print(
        f"{year} 年：{'国务院已公布' if published else '尚未公布，按法定节假日推算（暂定）'}，工作日 {working} 天。"
    )
    out.print("工作日放假：" + ("、".join(f"{d:%m-%d}" for d in holidays) or "无"))
    out.print("休息日上班（调休）：" + ("、".join(f"{d:%m-%d}" for d in makeups) or "无"))


def calendar_import(
    file: Annotated[Path, typer.Argument(help="放假通知：文本，或逐行 日期,holiday|working,名称")],
    source: Annotated[str, typer.Option(help="来源（文号或网址）")],
    user: AsUser,
    year: Annotated[int | None, typer.Option(help="文本中没有写年份时给出")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="更正已公布的年份")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False,
) -> None:
    """导入一年的放假安排，先列出哪些期限会变动，确认后生效。"""
    from workflow.register import actor_named
    from workflow.reprojection import import_calendar

    at, out = office(), console()
    with at.writing() as session:
        actor = actor_named(session, user)
        change, moves = import_calendar(session, file, source=source, year=year, replace=replace, actor=actor.user)
        out.print(f"{change.year} 年：{len(change.days)} 天的上班安排与原先推算不同。")
        for move in moves:
            out.print(f"  {move.case} {move.title}：{move.old or '待明确'} → {move.new or '待明确'}")
        out.print(f"共有 {len(moves)} 项期限变动。")
        if not yes and not typer.confirm("确认导入并变动上述期限？"):
            session.rollback()
            out.print("没有导入，什么都没有改。")
            return
    out.print("已导入。")
