"""Whoever changes the record past the program is named by `verify`."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from office.running.installation import Office
from tests.story import Story
from tests.workflow.dump import execute
from workflow.audit import event_hash, verify
from workflow.models import Chain, Event


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    """A case with four entries, the third of which was taken back."""
    story = Story(office, tmp_path).register("演示四号砂岩矿")
    case = story.open("intake", "2025-03-20")
    story.take(case, "start_survey", "2025-03-21")
    findings = dict.fromkeys(
        ("survey_permits", "survey_operation", "survey_facilities", "survey_penalties"), "演示情况"
    )
    story.take(case, "finish_survey", "2025-04-01", **findings)
    story.correct(case, "2025-04-02", "演示：录错了案件")
    story.sound()
    return story


@pytest.fixture
def seq(story: Story) -> int:
    """Number of the case's second entry, which stands in the middle of the history."""
    with story.office.reading() as session:
        return session.exec(select(Event.seq).where(Event.trigger == "start_survey")).one()


def breaches(engine: Engine) -> str:
    with Session(engine) as session:
        return "\n".join(map(str, verify(session)))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("case_id", 1), ("case_version", 9), ("kind", "record"), ("trigger", "skip"), ("from_state", "surveyed"),
        ("to_state", "surveyed"), ("actor", "somebody"), ("organ_id", "water"), ("occurred_on", date(2025, 3, 22)),
        ("recorded_at", datetime(2025, 3, 21, 1, 31, tzinfo=UTC)), ("data", '{"fields": {}}'), ("prev_hash", "0" * 64),
        ("hash", "0" * 64),
    ],
)  # fmt: skip
def test_an_entry_changed_in_any_column_is_named(story: Story, seq: int, column: str, value: object) -> None:
    execute(story.office.engine, f"UPDATE event SET {column} = :value WHERE seq = :seq", value=value, seq=seq)

    assert f"事件 {seq}" in breaches(story.office.engine)


def test_every_column_of_an_entry_is_tampered_with_above() -> None:
    """A new column must be put under the hash, and into that list."""
    tampered = test_an_entry_changed_in_any_column_is_named.pytestmark[0].args[1]
    assert {column for column, _ in tampered} | {"seq"} == set(Event.model_fields)


def test_an_entry_deleted_is_named(story: Story, seq: int) -> None:
    execute(story.office.engine, "DELETE FROM event WHERE seq = :seq", seq=seq)

    assert f"事件 {seq}：缺失" in breaches(story.office.engine)


def test_an_entry_inserted_is_named(story: Story) -> None:
    with story.office.writing() as session:
        head = session.get_one(Chain, 1)
        last = session.get_one(Event, head.seq)
        session.add(Event(**{**last.model_dump(), "seq": head.seq + 5, "case_version": 99}))
        first = head.seq + 1

    assert f"事件 {first}：缺失（下一条是事件 {first + 4}）" in breaches(story.office.engine)


def test_two_entries_swapped_are_named(story: Story, seq: int) -> None:
    for old, new in ((seq, 9001), (seq + 1, seq), (9001, seq + 1)):
        execute(story.office.engine, "UPDATE event SET seq = :new WHERE seq = :old", old=old, new=new)

    found = breaches(story.office.engine)
    assert f"事件 {seq}：" in found
    assert f"事件 {seq + 1}：" in found


def test_the_last_entries_cut_off_are_missed_at_the_head(story: Story) -> None:
    with story.office.reading() as session:
        last = session.get_one(Chain, 1).seq
    execute(story.office.engine, "DELETE FROM event WHERE seq = :seq", seq=last)

    assert f"链头：记载到事件 {last}，实际最后一条是事件 {last - 1}" in breaches(story.office.engine)


def test_cut_off_with_the_head_set_back_the_case_still_tells(story: Story) -> None:
    engine = story.office.engine
    with story.office.reading() as session:
        before, last = session.exec(select(Event).order_by(col(Event.seq).desc()).limit(2)).all()[::-1]
    execute(engine, "DELETE FROM event WHERE seq = :seq", seq=last.seq)
    execute(engine, "UPDATE chain SET seq = :seq, hash = :hash", seq=before.seq, hash=before.hash)

    assert f"案件 {story.mine}：现状态为" in breaches(engine)


def test_a_lie_with_all_hashes_written_anew_still_has_to_replay(story: Story, seq: int) -> None:
    with story.office.writing() as session:
        prev = ""
        for event in session.exec(select(Event).order_by(col(Event.seq))):
            if event.seq == seq:
                event.to_state = "surveyed"
            event.prev_hash, event.hash = prev, ""
            event.hash = prev = event_hash(prev, event.model_dump())
            session.add(event)
        session.get_one(Chain, 1).hash = prev

    assert f"案件 {story.mine} 事件 {seq}：到达状态记为 surveyed，按程序应为 surveying" in breaches(story.office.engine)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("state = 'surveyed'", "现状态为“surveyed”第 4 次，按记录应为“surveying”第 4 次，未经办理被改动"),
        ("version = 3", "第 3 次，按记录应为“surveying”第 4 次"),
        ("""facts = '{"survey_permits": "齐全"}'""", "登记内容与记录不符：survey_permits"),
        ("procedure = 'closure'", "程序中没有从"),
        ("procedure = 'nothing'", "程序“nothing”不存在"),
    ],
)
def test_a_case_changed_directly_is_named(story: Story, change: str, says: str) -> None:
    execute(story.office.engine, f"UPDATE proceeding SET {change} WHERE number = :n", n=story.mine)

    found = breaches(story.office.engine)
    assert f"案件 {story.mine}" in found
    assert says in found


def test_a_case_without_any_entry_is_named(story: Story) -> None:
    execute(
        story.office.engine,
        "INSERT INTO proceeding (number, mine_id, procedure, procedure_version, state, version, facts, subject, opened_on,"
        " entered_on, source) SELECT 'M-99', mine_id, procedure, 1, 'registered', 0, '{}', '', opened_on, entered_on, ''"
        " FROM proceeding WHERE number = :n",
        n=story.mine,
    )

    assert "案件 M-99：没有立案记录" in breaches(story.office.engine)


def test_the_head_itself_cannot_be_changed_or_lost_unseen(story: Story) -> None:
    execute(story.office.engine, "UPDATE chain SET hash = 'x'")
    assert "链头" in breaches(story.office.engine)
    execute(story.office.engine, "DELETE FROM chain")
    assert "链头：记载到事件 （无）" in breaches(story.office.engine)


def test_the_hash_is_the_same_wherever_the_instant_was_read() -> None:
    """SQLite and PostgreSQL hand times back differently; the history must recompute on both."""
    entry = {
        "seq": 1, "case_id": 1, "case_version": 1, "kind": "open", "trigger": "open", "from_state": "", "to_state": "a",
        "actor": "x", "organ_id": "y", "occurred_on": date(2025, 3, 20), "data": {"b": 1, "a": "甲"},
        "recorded_at": datetime.fromisoformat("2025-03-20T01:30:00+00:00"),
    }  # fmt: skip
    local = {**entry, "recorded_at": datetime.fromisoformat("2025-03-20T09:30:00+08:00"), "data": {"a": "甲", "b": 1}}
    assert event_hash("", entry) == event_hash("", local)
    assert event_hash("", entry) != event_hash("0", entry)
