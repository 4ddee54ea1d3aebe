"""`minecase password`: an administrator who cannot come in any more gets in again from the server itself."""

import re

from tests.cli.program import Program


def test_a_one_time_password_is_handed_out_and_written_in_the_log(program: Program) -> None:
    said = program("password", "office").done().out
    found = re.search(r"账号 office（.+）　一次性密码 ([A-Za-z2-9]{14})　登录后须自设密码。", said)
    assert found
    dump = "\n".join(program.dump())
    assert "服务器上发放一次性密码" in dump
    assert found.group(1) not in dump
    again = re.search(r"一次性密码 (\w+)", program("password", "office", "--reset-code").done().out)
    assert again
    assert again.group(1) != found.group(1)


def test_nobody_gets_none(program: Program) -> None:
    assert "没有名为“nobody”的账号" in program.unharmed("password", "nobody", code=1)
