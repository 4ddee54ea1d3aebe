"""`minecase run`: once, and kept running until somebody stops it."""

import email
import email.policy
import http.client
import re
import signal
import socket
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import Program
from tests.cli.test_commands import HOSTILE, MINES, demand_rectification, issue_order


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
        return str(answer.read().decode())


def ask(port: int, path: str, host: str = "127.0.0.1") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        answer.read()
        return answer
    finally:
        connection.close()


def eventually(attempt: Callable[[], Any], seconds: float = 90) -> Any:
    """What an attempt answers as soon as it succeeds."""
    last = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except (OSError, AssertionError):
            if time.monotonic() > last:
                raise
            time.sleep(0.1)


def test_a_first_run_on_an_empty_machine_does_everything(tmp_path: Path) -> None:
    program = Program(tmp_path / "var")
    said = program("run", "--once").done().out
    assert "已建立数据库并载入方案" in said
    assert all(f" {case} " in said for case in MINES)
    assert str(program.home) in said
    assert "共 13 件在办：逾期 4 件" in said
    letters = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in program.mails()]
    assert letters
    digests = [
        letter for letter in letters if any(part.get_content_type() == "text/calendar" for part in letter.walk())
    ]
    assert digests, "a due date comes as a calendar entry, too"
    bodies = [str(letter.get_body(("plain",)).get_content()) for letter in letters]
    assert any("逾期" in body and "依据" in body and "责任单位" in body for body in bodies)


def test_a_second_run_of_the_day_sends_nothing_twice(program: Program) -> None:
    program("run", "--once").done()
    sent = program.mails()
    program("run", "--once").done()
    assert program.mails() == sent


def test_after_a_jump_of_the_clock_the_run_holds_and_says_what_to_do(program: Program) -> None:
    program("run", "--once").done()
    sent = program.mails()
    program.today = "2027-11-23"
    said = program("run", "--once")
    assert said.code == 7
    assert "minecase sweep --as-of 2027-11-23" in said.out
    assert "minecase sweep --as-of 2027-11-23" in program.unharmed("deliver", code=7)
    assert program.mails() == sent
    program("sweep", "--as-of", "2027-11-23").done()
    assert program("run", "--once").done().code == 0
    assert len(program.mails()) > len(sent)


def test_hostile_text_reaches_the_letter_as_it_was_typed(program: Program) -> None:
    program("organ", "contact", "natural_resources", "desk@example.gov.cn").done()
    case = demand_rectification(program)
    issue_order(program, case)
    program("advance", case, "revoke_order", "--as", "natural_resources", "--field", f"reason={HOSTILE}").done()
    program("run", "--once").done()
    assert HOSTILE in program("show", case).done().out
    for path in program.mails():
        letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert set(letter.keys()) <= {"Date", "Message-ID", "From", "To", "Subject", "Auto-Submitted", "X-Minecase-Key",
                                      "MIME-Version", "Content-Type", "Content-Transfer-Encoding"}  # fmt: skip
        assert "49" not in str(letter["Subject"])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_kept_running_it_answers_on_this_machine_and_stops_when_told(program: Program, number: signal.Signals) -> None:
    port = free_port()
    with program.kept_running("run", "--port", str(port), "--seconds", "1") as process:
        page = f"http://127.0.0.1:{port}"
        text = eventually(lambda: get(f"{page}/sign-in"))
        assert "用户登录" in text
        assert ask(port, "/healthz").status == 200
        assert "用户登录" in get(page), "nobody sees a mine without signing in"
        eventually(lambda: _mail(program))
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert f"{page}/" in out
    assert out.rstrip().endswith("已停止。")


def _mail(program: Program) -> None:
    assert program.mails()


def test_the_first_start_prints_passwords_once_and_they_open_the_door(program: Program) -> None:
    port = free_port()
    with program.kept_running("run", "--port", str(port)) as process:
        page = f"http://127.0.0.1:{port}"
        eventually(lambda: get(f"{page}/sign-in"))
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    given = dict(re.findall(r"账号 (\w+)（\w+）　一次性密码 (\w{14})", out))
    assert list(given) == ["admin", "security", "auditor", "office"]
    with program.kept_running("run", "--port", str(port)) as process:
        eventually(lambda: get(f"{page}/sign-in"))
        assert signed_in(page, "office", given["office"]).endswith("/account/password")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert "一次性密码" not in out
    assert err == ""


def signed_in(page: str, account: str, password: str) -> str:
    """The address at which somebody ends who signs in with a form."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    form = browser.open(f"{page}/sign-in", timeout=5).read().decode()
    token = re.search('name="csrf" value="([^"]+)"', form)
    assert token
    posted = {"csrf": token.group(1), "account": account, "password": password}
    return str(browser.open(f"{page}/sign-in", urllib.parse.urlencode(posted).encode(), timeout=5).url)


def test_the_page_answers_only_who_means_this_machine(program: Program) -> None:
    port = free_port()
    with program.kept_running("run", "--port", str(port)) as process:
        page = f"http://127.0.0.1:{port}"
        eventually(lambda: get(f"{page}/sign-in"))
        assert ask(port, "/sign-in", "evil.example").status == 421
        assert ask(port, "/../etc/passwd").status == 404
        assert "default-src 'none'" in ask(port, "/sign-in").headers["Content-Security-Policy"]
        assert ask(port, "/sign-in").headers["Cache-Control"] == "no-store"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert err == ""


def test_a_reader_that_goes_away_is_no_error(program: Program) -> None:
    with program.kept_running("status", "--json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(timeout=20) in (0, 1), "all was written before, or not"
        assert process.stderr.read() == ""
