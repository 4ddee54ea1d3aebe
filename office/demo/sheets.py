"""Workbooks that have come into the demonstration county: one taken in, one to look at, one whose columns nobody has named."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from office.running.installation import Office
from office.sheets.columns import COLUMNS, STAMP, stamp
from office.sheets.importing import Look, confirm, read_and_look, receive
from office.sheets.writing import Column, sheet
from workflow import clock
from workflow.models import Mine
from workflow.register import actor_named

_NAMES = ("code", "name", "mineral_use", "mining_method", "facility_investment")
_OWN = ("号", "企业", "谁的证", "什么矿", "规模")


def bring(office: Office) -> None:
    """Three uploads of the office's clerk, as of the day that the clock tells."""
    with office.reading() as session:
        mines = session.exec(select(Mine).where(Mine.kind == "mine").order_by(col(Mine.id)).limit(6)).all()
        known = [(mine.code, mine.name, mine.holder, mine.mineral) for mine in mines]
    told = [(code, name, "建筑石料", "露天", 300 + 40 * n) for n, (code, name, *_) in enumerate(known)]
    _receive(office, "演示各镇报送（第一批）.xlsx", _survey(told[:2]), take=True)
    # As if exported before the organs told the survey what they know.
    later = [(*row, stamp({}) if n == 0 else "") for n, row in enumerate(told[2:])]
    near = ("", f"{known[0][1]}（二采区）", "建筑石料", "露天", 500, "")
    _receive(office, "演示各镇报送（第二批）.xlsx", _survey([*later, near]))
    own = [(n, name, holder, mineral, 30) for n, (_, name, holder, mineral) in enumerate(known, 1)]
    _receive(office, "演示青石镇自制表.xlsx", _sheet(_OWN, own))


def _survey(rows: Sequence[Sequence[object]]) -> bytes:
    names = (*_NAMES, STAMP) if len(rows[0]) > len(_NAMES) else _NAMES
    return _sheet([COLUMNS[name].head for name in names], rows)


def _sheet(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    return sheet("演示县非煤矿山摸底台账", "演示数据", [Column(head, 16) for head in heads], rows)


def _receive(office: Office, name: str, data: bytes, *, take: bool = False) -> None:
    stored, today, now = office.store.take(name, data), clock.today(), clock.now()
    with office.writing() as session:
        found = read_and_look(session, data, name, today)
        actor = actor_named(session, "office")
        row = receive(session, stored, found, source="演示数据", actor=actor, now=now)
        if take:
            _confirm(session, row.id or 0, found)


def _confirm(session: Session, number: int, found: Look) -> None:
    assert found.comparison is not None
    confirm(
        session, number, found.sheets, seen=found.comparison.fingerprint, typed={}, actor=actor_named(session, "office"),
        today=clock.today(), now=clock.now(),
    )  # fmt: skip
