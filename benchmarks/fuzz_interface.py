"""`python -m benchmarks.fuzz_interface --cases 10000`: hostile calls of the interface, against an office with data.

The calls are drawn from the interface's own description (right and wrong ones), half of them brought home to cases
and steps that exist, half of them spoiled with text that has broken programs. Prints how they were answered; an answer
of 5xx, one that the description does not name, or a refusal without a sentence ends the run with an error.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.generation import GenerationMode
from sqlmodel import Session, col, select

from benchmarks.fuzz_texts import HOSTILE, sendable
from office.access.signing_in import fingerprint
from office.demo import play
from office.running.installation import Office
from office.running.settings import from_environment
from states.registry import PROCEDURES
from web.app import create_app
from web.links import slug
from workflow import clock
from workflow.models import Case, Mine, Token

HOST, SECRET = "127.0.0.1", "演示 fuzz".encode().hex()
#: Calls that hypothesis draws in one go: it holds what it has seen.
ROUND = 250


@dataclass
class Known:
    """What exists in the office, so that calls get past the first check."""

    slugs: list[str]
    triggers: list[str]
    evidence: list[str]
    fields: list[str]
    codes: list[str]


@dataclass
class Tally:
    """How the calls were answered."""

    statuses: Counter[int] = field(default_factory=Counter)
    spoiled: Counter[str] = field(default_factory=Counter)
    #: Addresses that a client turns into ones outside of the interface (`..`) before it sends them.
    elsewhere: int = 0
    wrong: list[str] = field(default_factory=list)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz_interface")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))  # noqa: S311
    parser.add_argument("--home", type=Path, help="演示县的目录（minecase demo 所建，只读取）；不写则现场推演一个")
    asked = parser.parse_args(arguments)
    home = Path(tempfile.mkdtemp(prefix="minecase-fuzz-"))
    try:
        office = _office(home, asked.home)
        started = time.perf_counter()
        tally = _run(office, asked.cases, asked.seed)
        return _report(tally, asked.seed, time.perf_counter() - started)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _office(home: Path, made: Path | None) -> Office:
    """The demonstration county with a token of the office, which sees and handles everything."""
    if made:
        shutil.copytree(made, home, dirs_exist_ok=True)
    office = Office(replace(from_environment(), home=home, database_url=f"sqlite:///{home}/minecase.db", smtp_url=""))
    if not made:
        play(office, clock.today())
    with office.writing() as session:
        session.add(
            Token(kind="api", account_id="office", label="演示", sha256=fingerprint(SECRET), may_write=True,
                  created_by="admin", created_at=clock.now())
        )  # fmt: skip
    return office


def _known(session: Session) -> Known:
    steps = [step for procedure in PROCEDURES.values() for step in procedure.steps]
    numbers = session.exec(select(Case.number).where(col(Case.closed_on).is_(None)).order_by(col(Case.id))).all()
    return Known(
        [slug(number) for number in numbers], sorted({step.trigger for step in steps}),
        sorted({e.name for step in steps for e in step.evidence}),
        sorted({f.name for step in steps for f in step.fields}), list(session.exec(select(Mine.code))),
    )  # fmt: skip


def _run(office: Office, cases: int, number: int) -> Tally:
    app = create_app(office)
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers={"host": HOST})
    operations = [found.ok() for found in schema.get_all_operations()]
    with office.reading() as session:
        known = _known(session)
    tally = Tally()
    turns = _turns(operations, cases)
    for place, (operation, mode, many) in enumerate(turns):
        drawn = operation.as_strategy(generation_mode=mode)
        _draw(drawn, known, tally, many, number + place)
        print(f"  {sum(tally.statuses.values()):>7,} / {cases:,}  {dict(sorted(tally.statuses.items()))}", flush=True)
    return tally


def _turns(operations: list[Any], cases: int) -> Iterator[tuple[Any, GenerationMode, int]]:
    """Operation, right or wrong calls, and how many: in turn until there are enough."""
    pairs = [
        (operation, mode) for operation in operations for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    ]
    left, place = cases, 0
    while left > 0:
        many = min(ROUND, left)
        yield *pairs[place % len(pairs)], many
        left, place = left - many, place + 1


def _draw(drawn: Any, known: Known, tally: Tally, many: int, number: int) -> None:
    @seed(number)
    @settings(
        max_examples=many,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        database=None,
    )
    @given(drawn)
    def call(case: Any) -> None:
        # Dice of our own: hypothesis likes small numbers, and would spoil with the first text again and again.
        dice = random.Random(f"{number}-{tally.statuses.total()}")  # noqa: S311
        if dice.random() < 0.9:
            case.headers = {
                name: text for name, text in (case.headers or {}).items() if name.lower() != "authorization"
            }
        if dice.random() < 0.5:
            _bring_home(case, known, dice)
        if dice.random() < 0.5:
            _spoil(case, dice, tally)
        _ask(case, tally)

    call()


def _bring_home(case: Any, known: Known, dice: random.Random) -> None:
    """Addresses that exist, and a body with the names of real fields."""
    real: dict[str, Callable[[], str]] = {
        "slug": lambda: dice.choice(known.slugs), "trigger": lambda: dice.choice(known.triggers),
        "evidence": lambda: dice.choice(known.evidence), "id": lambda: dice.choice(sorted(PROCEDURES)),
        "mine": lambda: dice.choice(known.codes), "procedure": lambda: dice.choice(sorted(PROCEDURES)),
    }  # fmt: skip
    for group in (case.path_parameters, case.query):
        if isinstance(group, dict):
            group.update({name: real[name]() for name in group if name in real})
    if isinstance(case.body, dict) and "occurred_on" in case.body:
        case.body["occurred_on"] = str(clock.today())
        case.body["fields"] = {dice.choice(known.fields): dice.choice((*HOSTILE, "1", True)) for _ in range(3)}


def _spoil(case: Any, dice: random.Random, tally: Tally) -> None:
    """Puts hostile text into one place of the call."""
    text, name = dice.choice(list(HOSTILE.items()))[::-1]
    places = [
        (group, key) for group in (case.path_parameters, case.query, case.body) if isinstance(group, dict)
        for key in group
    ]  # fmt: skip
    if not places:
        return
    group, key = dice.choice(places)
    inner = group[key]
    tally.spoiled[name] += 1
    if isinstance(inner, dict) and group is case.body:
        inner[dice.choice((text[:100], *inner))] = text
    else:
        group[key] = text if group is case.body and case.media_type == "application/json" else sendable(text)


def _ask(case: Any, tally: Tally) -> None:
    called = f"{case.method} {case.path}"
    own = (
        {"authorization": f"Bearer {SECRET}"} if "authorization" not in {n.lower() for n in case.headers or {}} else {}
    )
    try:
        answer = case.call(headers={**own, "host": HOST})
    except Exception as error:  # noqa: BLE001 (whatever comes out of the application is a finding)
        tally.statuses[500] += 1
        tally.wrong.append(f"{called}：{type(error).__name__} {str(error)[:300]}")
        return
    tally.statuses[answer.status_code] += 1
    if answer.status_code < 500 and "/api/v1/" not in str(answer.request.url):
        tally.elsewhere += 1
        return
    said = answer.status_code < 400 or bool(_json(answer).get("message"))
    named = str(answer.status_code) in case.operation.definition.raw["responses"]
    if answer.status_code >= 500 or not named or not said:
        tally.wrong.append(f"{called}：{answer.status_code} {answer.text[:300]}")


def _json(answer: Any) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _report(tally: Tally, number: int, seconds: float) -> int:
    broken = sum(count for status, count in tally.statuses.items() if status >= 500)
    print(f"\n调用 {sum(tally.statuses.values()):,} 次（种子 {number}），{seconds:.0f} 秒")
    print(f"5xx {broken} 次，答复不合说明 {len(tally.wrong) - broken} 次")
    print("答复：" + "，".join(f"{status} {count:,}" for status, count in sorted(tally.statuses.items())))
    print(f"被客户端改到接口以外的网址：{tally.elsewhere} 次")
    print("掺入：" + "，".join(f"{name} {count:,}" for name, count in tally.spoiled.most_common()))
    for line, count in Counter(tally.wrong).most_common(20):
        print(f"  {count} × {line!r}")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
