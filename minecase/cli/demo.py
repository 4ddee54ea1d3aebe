"""`minecase demo`: a fictional county at work, with mines in every state."""

import shutil
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from minecase.cli.common import console, kept_office
from minecase.cli.running import LOCAL_NAMES, keep_serving, take_port
from office.running.installation import Office
from office.running.settings import from_environment
from workflow import clock

if TYPE_CHECKING:
    from rich.console import Console

#: Written when the county has been played to its end; without it the folder is begun anew.
_PLAYED = "played"


def register(app: typer.Typer) -> None:
    app.command(name="demo")(demo)


def demo(
    port: Annotated[int, typer.Option(help="网页端口", min=1, max=65535)] = 8018,
    again: Annotated[bool, typer.Option("--again", help="丢弃原有演示数据，按今天的日期重新生成")] = False,
    only_play: Annotated[bool, typer.Option("--only-play", help="只生成数据，不提供网页")] = False,
) -> None:
    """演示县：虚构的矿山，各种状态都有，一律标明演示数据；与正式数据分开存放。"""
    out = console()
    at = kept_office(_settings_office())
    taken = None if only_play else take_port("127.0.0.1", port)
    try:
        _play(at, out, again=again)
        if taken:
            _say_accounts(at, out)
            keep_serving(at, out, taken, LOCAL_NAMES, 60)
    finally:
        if taken:
            taken.close()


def _settings_office() -> Office:
    """Beside the real data and never in it, whatever database the environment names."""
    settings = from_environment()
    home = settings.home / "demo"
    return Office(replace(settings, home=home, database_url=f"sqlite:///{home / 'minecase.db'}", smtp_url=""))


def _play(at: Office, out: "Console", *, again: bool) -> None:
    from office.demo import play

    played = at.settings.home / _PLAYED
    if played.exists() and not again:
        return
    at.close()
    shutil.rmtree(at.settings.home, ignore_errors=True)
    out.print("正在生成演示县（约一分钟）……", style="bold")
    months: set[str] = set()

    def say(day: date) -> None:
        if (month := day.strftime("%Y-%m")) not in months:
            months.add(month)
            out.print(f"  {month}")

    for trouble in play(at, clock.today(), say):
        out.print(f"没有写成：{trouble}", style="red")
    played.write_text(clock.today().isoformat(), encoding="utf-8")


def _say_accounts(at: Office, out: "Console") -> None:
    from office.demo.accounts import open_accounts

    password, accounts = open_accounts(at)
    out.print(f"演示账号（密码都是 {password}，每次启动更换）：", style="bold")
    for account, name in accounts:
        out.print(f"  {account}　{name}")
