"""Commands that start the office and keep it going: init, run."""

from typing import TYPE_CHECKING, Annotated

import typer

from minecase.cli.common import console, office, text
from office.running.installation import Office
from workflow import clock
from workflow.errors import DatabaseUnfit

if TYPE_CHECKING:
    import socket

    from rich.console import Console

EXIT_HELD = 7
_HOUR = 3600
#: Names under which a browser on this machine asks.
LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")


def register(app: typer.Typer) -> None:
    app.command(name="init")(init)
    app.command(name="run")(run)


def init() -> None:
    """建立（或升级）数据库，载入本县方案。可重复执行。"""
    at, out = office(), console()
    fresh = at.init()
    out.print(f"数据目录：{at.settings.home}")
    out.print("已建立数据库并载入方案。" if fresh else "数据库已是最新，方案此前已经载入。")
    out.print("账号：office（工作组办公室），其余见 minecase users。")


def run(
    port: Annotated[int, typer.Option(help="网页端口", min=1, max=65535)] = 8017,
    host: Annotated[str, typer.Option(help="监听地址；0.0.0.0 表示局域网可以访问")] = "127.0.0.1",
    name: Annotated[list[str] | None, typer.Option("--name", help="浏览器用来访问的主机名，可重复")] = None,
    once: Annotated[bool, typer.Option("--once", help="办完今天的事就退出")] = False,
    seconds: Annotated[int, typer.Option(help="心跳间隔（秒）", min=1, max=_HOUR)] = 60,
) -> int:
    """启动：体检、显示现状、发出到期提醒，然后守候并提供网页。"""
    from office.running.logs import configure

    configure()
    at, out = office(), console()
    taken = take_port(host, port) if not once else None
    try:
        held = _morning(at, out)
        if taken:
            keep_serving(at, out, taken, (*LOCAL_NAMES, host, *(name or ())), seconds)
    finally:
        if taken:
            taken.close()
    return EXIT_HELD if once and held else 0


def take_port(host: str, port: int) -> "socket.socket":
    """Before anything else, so that a port in use is said before anything is done."""
    from web.serving import bind

    return bind(host, port)


def _morning(at: Office, out: "Console") -> str:
    """Database, check, the table, and what is due today; answers why the scheduler holds."""
    from minecase.cli import show as screens
    from workflow.ledger import standing

    out.print("非煤矿山综合整治提升工作平台 正在启动……", style="bold")
    out.print("已建立数据库并载入方案。" if at.init() else "数据库就绪。")
    _refuse_defects(at)
    out.print(f"数据目录：{at.settings.home}")
    today = clock.today()
    with at.reading() as session:
        screens.status(out, [s.row for s in standing(session, today)], today.isoformat())
    held = _beat(at, out)
    if held and _person_confirms():
        at.sweep(today, by_hand=True)
        held = _beat(at, out)
    return held


def _refuse_defects(at: Office) -> None:
    """A procedure with a hole in it, or a case in a state that no longer exists, must not go to work."""
    from office.plan.checkup import defects

    with at.reading() as session:
        found = defects(session)
    if found:
        raise DatabaseUnfit("启动前体检未通过：" + "；".join(found))


def _beat(at: Office, out: "Console") -> str:
    hold, counts, report = at.tick()
    if hold:
        out.print(f"暂停发件：{hold}。", style="bold red")
        out.print(f"请核对系统日期，无误后执行：minecase sweep --as-of {clock.today()}，恢复发件。")
        return hold
    if counts:
        out.print(
            f"扫描期限：到期提醒 {counts['due']} 项，合并为 {counts['planned']} 份通知，"
            f"被更高一级取代 {counts['superseded']} 项，缺联系方式 {counts['no_contact']} 份。"
        )
    if report and any((report.sent, report.failed, report.dead, report.doubtful, report.no_contact)):
        where = "邮件服务器" if at.settings.smtp_url else f"信箱文件夹 {at.settings.mailbox}"
        out.print(
            f"发件（{where}）：已发 {report.sent}，待重发 {report.failed}，退信 {report.dead}，"
            f"存疑 {report.doubtful}，缺联系方式 {report.no_contact}。"
        )
    return ""


def _person_confirms() -> bool:
    import sys

    if not sys.stdin.isatty():
        return False
    return typer.confirm(f"今天是 {clock.today()}，日期正确吗？")


def keep_serving(at: Office, out: "Console", taken: "socket.socket", names: tuple[str, ...], seconds: int) -> None:
    """Until Ctrl-C or the service manager's stop; the beat that is under way is finished."""
    from web.serving import serve
    from workflow.scheduler import start

    _first_passwords(at, out)
    scheduler = start(lambda: _quiet_beat(at, out), seconds)
    address, port = taken.getsockname()[:2]
    shown = "127.0.0.1" if address in ("0.0.0.0", "::") else address  # noqa: S104 (only compared)
    out.print(f"网页：http://{shown}:{port}/")
    out.print(f"调度已启动，每 {seconds} 秒一次心跳。按 Ctrl-C 停止。")
    serve(at, taken, names)
    scheduler.shutdown(wait=True)
    out.print("已停止。")


def _first_passwords(at: Office, out: "Console") -> None:
    """On the first start of all, one-time passwords of the first accounts; they are shown this once."""
    from office.access.first_start import first_passwords

    for account, title, password in first_passwords(at):
        # On one line however narrow the window: it is copied.
        line = f"首次登录　账号 {account}（{title}）　一次性密码 {password}　登录后须自设密码。"
        out.print(line, style="bold", soft_wrap=True)


def _quiet_beat(at: Office, out: "Console") -> None:
    # A failed beat must not end the heartbeat; it is said, and the next one tries again.
    try:
        _beat(at, out)
    except Exception as error:  # noqa: BLE001
        out.print(f"心跳出错，稍后重试：{text(error)}", style="red")
