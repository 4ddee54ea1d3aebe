"""The screens: how a page's time grows with the office, and how many ledger pages a second beside plain Django."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import cycle
from typing import Any

from sqlmodel import Session, col, func, select

from benchmarks.advance import GIVEN
from benchmarks.pairs import ratio
from benchmarks.places import OFFICE, Place
from benchmarks.web_places import Site, site
from office.cases import tally
from web.app import create_app
from web.desk import COOKIE
from workflow import clock
from workflow.database import writing
from workflow.engine import advance, open_case
from workflow.models import Case
from workflow.register import register_mine

MANY, SECONDS, ROUNDS = 100_000, 4, 3
_PLAN = 13


class Asker:
    """Asks the application in this process, without a network."""

    def __init__(self, there: Site) -> None:
        self._app, self._loop = create_app(there.office), asyncio.new_event_loop()
        self._cookie = f"{COOKIE}={there.secret}".encode()

    def get(self, address: str) -> bytes:
        path, _, query = address.partition("?")
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "path": path,
            "raw_path": path.encode(), "query_string": query.encode(), "scheme": "http", "root_path": "",
            "headers": [(b"host", b"127.0.0.1"), (b"cookie", self._cookie)], "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }  # fmt: skip
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        self._loop.run_until_complete(self._app(scope, receive, send))
        assert sent[0]["status"] == 200, (address, sent[0]["status"])
        return b"".join(message.get("body", b"") for message in sent[1:])


def growth(place: Place) -> dict[str, float]:
    """Times of a page in a large office over those in a small one, in turn."""
    today = clock.today()
    small, large = site(place, "web_small", 0, today), site(place, "web_large", MANY - _PLAN, today)
    few, many = Asker(small), Asker(large)
    assert many.get("/cases").count(b'class="tick-case"') == 50
    found = {"ledger": ratio(lambda: many.get("/cases"), lambda: few.get("/cases"), 41)}
    few_changed, many_changed = (_Changing(there.office) for there in (small, large))
    found["ledger_after_a_change"] = ratio(
        lambda: many.get("/cases"), lambda: few.get("/cases"), 21, before=lambda: [few_changed(), many_changed()]
    )
    found["ledger_after_a_start"] = ratio(lambda: _afresh(many), lambda: _afresh(few), 15)
    short, long = _case(small.office, 0), _case(small.office, 200)
    found["case_page"] = ratio(lambda: few.get(f"/cases/{long}"), lambda: few.get(f"/cases/{short}"), 21)
    return found


def _afresh(asker: Asker) -> None:
    """The first page after a start: nothing that was counted is kept."""
    tally.forget()
    asker.get("/cases")


class _Changing:
    """Changes an office: each call takes a step in a case of its own, which closes a deadline and opens one."""

    def __init__(self, office: Any) -> None:
        self._office, self._number, self._triggers = office, _case(office, 0), cycle(GIVEN)

    def __call__(self) -> str:
        trigger = next(self._triggers)
        with writing(self._office.engine) as session:
            advance(session, self._number, trigger, actor=OFFICE, occurred_on=clock.today(), fields=GIVEN[trigger])
        return trigger


def _case(office: Any, events: int) -> str:
    """A case with so many more entries: an upgrade's letter goes to and fro."""
    today = clock.today()
    with writing(office.engine) as session:
        known = session.exec(select(func.count()).where(col(Case.number).startswith("W-"))).one()
        mine = register_mine(
            session, f"演示进出{known}号矿", {"mineral": "砂岩"}, block=False, source="演示数据", demo=True
        )
        number = open_case(
            session, procedure="upgrade", mine=mine, actor=OFFICE, occurred_on=today, source="演示数据", number=f"W-{known}",
            checked=True,
        ).number  # fmt: skip
        for place in range(events):
            trigger = list(GIVEN)[place % 2]
            advance(session, number, trigger, actor=OFFICE, occurred_on=today, fields=GIVEN[trigger])
    return number


def beside_django(place: Place) -> dict[str, float]:
    """Ledger pages a second, ours over Django's: each with one worker, in turns, medians.

    Ours as they are, whose counts follow the history; and `uncounted`, with everything counted anew for each page,
    as Django's view does it.
    """
    there = site(place, "web_django", 500 - _PLAN, clock.today())
    database = str(there.office.engine.url.database)
    ours = [sys.executable, "-m", "benchmarks.web", database, "{port}"]
    theirs = [sys.executable, "-m", "uvicorn", "benchmarks.django_ledger:application", "--interface", "wsgi", "--port",
              "{port}", "--log-level", "warning", "--no-access-log"]  # fmt: skip
    with (
        _served(ours, 8951, database, there.secret) as kept,
        _served([*ours, "forgetful"], 8952, database, there.secret) as anew,
        _served(theirs, 8953, database, there.secret) as django,
    ):
        print(f"页面大小：我们 {kept()[1]:,} 字节，Django {django()[1]:,} 字节")
        rates = [(kept()[0], anew()[0], django()[0]) for _ in range(ROUNDS)]
    for mine, forgetful, other in rates:
        print(f"每秒页数：我们 {mine:.1f}，每次重新计数 {forgetful:.1f}，Django {other:.1f}")
    found = {"": [mine / other for mine, _, other in rates], "_uncounted": [anew / other for _, anew, other in rates]}
    return {name: sorted(ratios)[ROUNDS // 2] for name, ratios in found.items()}


@contextmanager
def _served(command: list[str], port: int, database: str, secret: str) -> Iterator[Callable[[], tuple[float, int]]]:
    """Answers a function that loads the server for a while: pages a second and the size of one."""
    environment = {**os.environ, "LEDGER_DATABASE": database}
    process = subprocess.Popen([part.format(port=port) for part in command], env=environment)  # noqa: S603
    try:
        _wait(port)
        yield lambda: (_load(port, secret), _size(port, secret))
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int) -> None:
    for _ in range(150):
        try:
            HTTPConnection("127.0.0.1", port, timeout=1).connect()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"nothing answers on port {port}")


def _size(port: int, secret: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/cases", headers={"cookie": f"{COOKIE}={secret}"})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, answer.status
    assert body.count(b'class="tick-case"') == 50
    return len(body)


def _load(port: int, secret: str) -> float:
    """`wrk` where it is installed; otherwise one request after the other."""
    _size(port, secret)
    wrk = shutil.which("wrk")
    if wrk:
        url = f"http://127.0.0.1:{port}/cases"
        command = [wrk, "-t1", "-c4", f"-d{SECONDS}s", "-H", f"Cookie: {COOKIE}={secret}", url]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
        found = re.search(r"Requests/sec:\s+([\d.]+)", said)
        assert found is not None, said
        assert "Non-2xx" not in said, said
        return float(found[1])
    start, count = time.perf_counter(), 0
    while time.perf_counter() - start < SECONDS:
        _size(port, secret)
        count += 1
    return count / (time.perf_counter() - start)


def serve_alone(database: str, port: int, *, forgetful: bool = False) -> None:
    """Our screens as `minecase run` serves them, in a process of their own; `forgetful` of every count."""
    from dataclasses import replace
    from pathlib import Path

    from office.running.installation import Office
    from office.running.settings import from_environment
    from web.serving import bind, serve

    if forgetful:
        counted = tally.Tally.groups
        tally.Tally.groups = lambda self, key, find: (self._answers.clear(), counted(self, key, find))[1]  # type: ignore[method-assign]
    home = Path(database).parent / f"home-served-{port}"
    office = Office(replace(from_environment(), home=home, database_url=f"sqlite:///{database}", smtp_url=""))
    with Session(office.engine):
        serve(office, bind("127.0.0.1", port), ("127.0.0.1",))


if __name__ == "__main__":
    serve_alone(sys.argv[1], int(sys.argv[2]), forgetful="forgetful" in sys.argv)
