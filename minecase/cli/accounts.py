"""The command that helps an administrator who cannot come in any more: a one-time password, on the server itself."""

from typing import Annotated

import typer

from minecase.cli.common import console, office


def register(app: typer.Typer) -> None:
    app.command()(password)


def password(
    account: Annotated[str, typer.Argument(help="账号")],
    reset_code: Annotated[bool, typer.Option("--reset-code", help="同时重置动态口令（手机丢失时）")] = False,
) -> None:
    """发放一次性密码，供忘记密码的管理员使用；原密码作废，原有登录全部退出。"""
    from office.access.activity import Line, append
    from office.access.passwords import hand_out
    from office.access.people import person_of
    from workflow import clock
    from workflow.models import Credential

    with office().writing() as session:
        person, now = person_of(session, account), clock.now()
        # Whoever may use the server may do this; that it was done stands in the log like everything else.
        deed = "服务器上发放一次性密码" + ("并重置动态口令" if reset_code else "")
        append(session, Line(now, "", person.organ_id, deed, account, "done"))
        given = hand_out(session, account, now)
        if reset_code:
            session.get_one(Credential, account).totp_secret = ""
    console().print(f"账号 {person.id}（{person.name}）　一次性密码 {given}　登录后须自设密码。")
