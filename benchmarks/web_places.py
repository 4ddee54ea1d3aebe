"""Offices for the figures of the screens: some hundred or some hundred thousand fictional cases, and a browser's cookie."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Engine, text

from benchmarks.places import Place
from office.access.signing_in import open_session
from office.running.installation import Office
from office.running.settings import from_environment
from workflow import clock
from workflow.database import writing
from workflow.models import Credential

#: First id of what is filled in, beyond what the plan brings.
_BASE = 100_000


@dataclass(frozen=True)
class Site:
    """An office with its cases, and the cookie of somebody signed in there."""

    office: Office
    secret: str


def site(place: Place, name: str, more: int, today: date) -> Site:
    """The thirteen mines of the plan and `more` fictional cases beside them."""
    url = place.create(name)
    office = Office(replace(from_environment(), home=place.folder / f"home-{name}", database_url=url, smtp_url=""))
    office.init()
    if more:
        _fill(office.engine, more, today)
    with office.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    with writing(office.engine) as session:
        now = clock.now()
        session.add(Credential(account_id="office", password_hash="-", changed_at=now, must_change=False))  # noqa: S106
        session.flush()
        secret = open_session(session, "office", now).secret
    return Site(office, secret)


def _fill(engine: Engine, count: int, today: date) -> None:
    """Cases with one or two running deadlines, spread from a hundred days ago to three years ahead."""
    sqlite = engine.dialect.name == "sqlite"
    numbers = (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
        if sqlite else f"WITH n(i) AS (SELECT generate_series(1, {count}))"
    )  # fmt: skip
    no, yes = ("0", "1") if sqlite else ("false", "true")
    start = today - timedelta(days=100)
    day = f"date('{start}', '+' || (i * 7919 % 1200) || ' days')" if sqlite else f"date '{start}' + (i * 7919 % 1200)"
    later = f"date('{start}', '+' || (1300 + i % 99) || ' days')" if sqlite else f"date '{start}' + (1300 + i % 99)"
    key = f"{_BASE} + i"
    facts = (
        '\'{"scale": "10", "licence_number": "C1405002011087130\' || (116895 + i) || \'", "valid_to": "2027-09-29"}\''
    )
    if not sqlite:
        facts = f"CAST({facts} AS json)"
    deadline = (
        "INSERT INTO deadline (case_id, trigger, opened_on, due_on, basis, provisional, ladder, status, next_on, moves) "
        f"{numbers} SELECT {key}, '{{0}}', '2026-01-05', {{1}}, 'proposal', {no}, 'standard', 'open', NULL, 0 FROM n"
    )
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO mine (id, code, kind, name, holder, mineral, township_id, village_id, facts, source, demo) "
            f"{numbers} SELECT {key}, 'B-' || i, 'mine', '演示县演示镇演示村' || i || '号石灰岩矿', '演示' || i || '号矿业公司', "
            f"'石灰岩', 'township_hebei', '', {facts}, '演示数据', {yes} FROM n",
            "INSERT INTO permit (mine_id, kind, number, registrar, source) "
            f"{numbers} SELECT {key}, 'mining', 'C1405002011087130' || (116895 + i), '', '演示数据' FROM n",
            "INSERT INTO proceeding (id, number, mine_id, procedure, procedure_version, state, version, facts, subject, "
            f"opened_on, entered_on, source) {numbers} SELECT {key}, 'B-' || i, {key}, 'upgrade', 1, "
            f"'listed', 1, '{{}}', '', '2026-01-05', '2026-01-05', '' FROM n",
            deadline.format("prepare_commitment", day),
            deadline.format("sign_commitment", later) + " WHERE i % 3 = 0",
        ):
            connection.execute(text(statement.replace(":", "\\:")))
