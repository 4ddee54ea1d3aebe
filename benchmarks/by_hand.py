"""The limit: the same step written by hand for one database driver, with nothing between it and the driver.

It reads, judges, hashes and writes what `advance` does for the two steps of `benchmarks.advance`, statement for
statement; what a person would look up once (labels, names, the due day) stands here as a constant.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg

_NAMES = {"office": "阳城县非煤矿产资源综合整治提升工作组办公室", "recipient": "阳城县自然资源局"}
_PROMISES = ("plan_by", "design_by", "works_by", "acceptance_by")
_DUE, _LOOK = date(2026, 12, 8), date(2026, 10, 9)


@dataclass(frozen=True)
class Way:
    """One of the two steps, as constants."""

    trigger: str
    title: str
    source: str
    dest: str
    labels: tuple[str, str]
    closed_as: str
    opens: str
    next_title: str
    next_lead: str
    document: tuple[str, str] | None = None


PREPARE = Way(
    "prepare_commitment", "商定并出具升级改造承诺书", "listed", "commitment_drafted", ("列入升级改造名录", "承诺书待签"),
    "met", "sign_commitment", "签订承诺书", "", ("upgrade_commitment", "升级改造承诺书"),
)  # fmt: skip
REVISE = Way(
    "revise_commitment", "退回重新商定承诺", "commitment_drafted", "listed", ("承诺书待签", "列入升级改造名录"),
    "cancelled", "prepare_commitment", PREPARE.title, "阳城县自然资源局",
)  # fmt: skip
WAYS = {way.trigger: way for way in (PREPARE, REVISE)}

_CASE = """SELECT c.id, c.number, c.procedure, c.state, c.version, c.facts, c.parent_id, c.subject, c.opened_on,
    c.entered_on, c.closed_on, c.suspended_on, m.id, m.code, m.name, m.holder, m.mineral, m.township_id, m.village_id,
    m.facts, m.demo, (SELECT value FROM setting WHERE name = 'revision')
    FROM proceeding c JOIN mine m ON c.mine_id = m.id WHERE c.number = ?"""
_SLOTS = """SELECT "trigger", opened_on, due_on, basis, provisional, ladder, next_on, reminded, escalated, id
    FROM deadline WHERE case_id = ? AND status = 'open' ORDER BY id"""
_SET_CASE = """UPDATE proceeding SET state=?, version=?, facts=?, entered_on=?, closed_on=?, suspended_on=?
    WHERE id = ? AND version = ?"""
_HEAD = "SELECT seq, hash FROM chain WHERE id = 1"
_EVENT = """INSERT INTO event (seq, case_id, case_version, kind, "trigger", from_state, to_state, actor, organ_id,
    occurred_on, recorded_at, data, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_SET_HEAD = "UPDATE chain SET seq=?, hash=? WHERE id = 1"
_CLOSE = "UPDATE deadline SET status=?, closed_on=?, next_on=NULL WHERE id = ?"
_OPEN = """INSERT INTO deadline (case_id, "trigger", opened_on, due_on, basis, provisional, ladder, status, closed_on,
    next_on, reminded, escalated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_NOTICE = """INSERT INTO notice (dedupe, kind, recipient_id, planned_on, payload, status, attempt, claimed_at,
    committed, next_at, message_id, address, sent_at, reply) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_DOCUMENT = """INSERT INTO document (case_id, event_seq, kind, title, issuer_id, status, drafted_on, data, number,
    issued_on, served_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_STATEMENTS = (_CASE, _SLOTS, _SET_CASE, _HEAD, _EVENT, _SET_HEAD, _CLOSE, _OPEN, _NOTICE, _DOCUMENT)


class Hand:
    """A connection of one driver, and how it wants days, instants and statements."""

    def __init__(self, connection: Any, *, positional: bool) -> None:
        self.cursor = connection.cursor()
        self._begin = "BEGIN IMMEDIATE" if positional else "BEGIN"
        lock = {_CASE: " FOR UPDATE OF c", _HEAD: " FOR UPDATE"}
        self._sql = {s: s if positional else s.replace("?", "%s") + lock.get(s, "") for s in _STATEMENTS}
        # SQLite keeps days and instants as text, and gives JSON as text.
        self._day: Callable[[date], Any] = date.isoformat if positional else lambda day: day
        self._at: Callable[[datetime], Any] = (
            (lambda at: at.strftime("%Y-%m-%d %H:%M:%S.%f")) if positional else lambda at: at
        )
        self._read: Callable[[Any], Any] = json.loads if positional else lambda value: value

    def step(self, number: str, trigger: str, given: dict[str, str], day: date) -> None:
        """The whole transaction of one step."""
        self.cursor.execute(self._begin)
        self._take(number, WAYS[trigger], given, day, datetime.now(UTC))
        self.cursor.execute("COMMIT")

    def _run(self, sql: str, values: tuple[Any, ...] = ()) -> Any:
        return self.cursor.execute(self._sql[sql], values)

    def _take(self, number: str, way: Way, given: dict[str, str], day: date, now: datetime) -> None:
        case = self._run(_CASE, (number,)).fetchone()
        slots = self._run(_SLOTS, (case[0],)).fetchall()
        case_id, version, mine, today = case[0], case[4], case[14], self._day(day)
        facts = {**self._read(case[5]), **given}
        promises = [facts[name] for name in _PROMISES]
        if case[3] != way.source or float(facts["remaining_life"]) < 5 or promises != sorted(promises):
            raise ValueError(number)
        done = self._run(_SET_CASE, (way.dest, version + 1, json.dumps(facts), today, None, None, case_id, version))
        assert done.rowcount == 1
        seq = self._event(case_id, version + 1, way, given, facts, day, now)
        self._run(_CLOSE, (way.closed_as, today, slots[0][-1]))
        self._run(
            _OPEN, (case_id, way.opens, today, self._day(_DUE), "proposal", False, "standard", "open", None,
                    self._day(_LOOK), None, None),
        )  # fmt: skip
        payload = _payload(number, mine, case[15], way, day)
        self._run(
            _NOTICE, (f"moved|{number}|{version + 1}", "moved", "natural_resources", today, json.dumps(payload), "planned",
                      0, None, False, None, "", "", None, ""),
        )  # fmt: skip
        if way.document:
            self._run(_DOCUMENT, (case_id, seq, *way.document, "holder", "draft", today, "{}", "", None, None))

    def _event(
        self,
        case_id: int,
        version: int,
        way: Way,
        given: dict[str, str],
        facts: dict[str, Any],
        day: date,
        now: datetime,
    ) -> int:
        seq, head = self._run(_HEAD).fetchone()
        seq += 1
        data: dict[str, Any] = {"fields": given, "facts": facts, "evidence": {}}
        if way.document:
            data["documents"] = [way.document[0]]
        parts = [
            head, seq, case_id, version, "step", way.trigger, way.source, way.dest, "office", "group_office",
            day.isoformat(), now.isoformat(timespec="microseconds"), data,
        ]  # fmt: skip
        text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(text.encode()).hexdigest()
        self._run(
            _EVENT, (seq, case_id, version, "step", way.trigger, way.source, way.dest, "office", "group_office",
                     self._day(day), self._at(now), json.dumps(data), head, digest),
        )  # fmt: skip
        self._run(_SET_HEAD, (seq, digest))
        return int(seq)


def _payload(number: str, mine: str, holder: str, way: Way, day: date) -> dict[str, Any]:
    return {
        "recipient": _NAMES["recipient"], "date": day.isoformat(), "case": number, "mine": mine,
        "procedure": "升级改造", "step": way.title, "occurred_on": day.isoformat(), "clause": "四(二)3",
        "to_label": way.labels[1], "from_label": way.labels[0], "actor": _NAMES["office"],
        "documents": [way.document[1]] if way.document else [],
        "next": [{"step": way.next_title, "lead": way.next_lead or f"采矿权人{holder}",
                  "due_on": _DUE.isoformat(), "days_left": (_DUE - day).days}],
    }  # fmt: skip


def hand_on(url: str, synchronous: str) -> Hand:
    """A bare connection set up as the product's own."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON", "busy_timeout=15000"):
            connection.execute(f"PRAGMA {pragma}")
        return Hand(connection, positional=True)
    return Hand(psycopg.connect(url.replace("+psycopg", ""), autocommit=True), positional=False)
