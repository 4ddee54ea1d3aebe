"""The morning's sweep: every rung once, never on a rest day, in a bounded number of looks."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, insert, text
from sqlmodel import Session, col, select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from tests.workflow.dump import everything, execute
from workflow.audit import verify
from workflow.context import context_of
from workflow.database import writing
from workflow.deadlines import first_look
from workflow.errors import BadInput
from workflow.models import Case, Deadline, Document, Notice, NoticeItem, Sweep
from workflow.storage import views
from workflow.sweep import due_views, sweep


def reached(organ: str, _day: date) -> bool:
    return bool(organ)


def morning(office: Office, day: str) -> dict[str, int]:
    return office.sweep(date.fromisoformat(day))


def test_the_first_morning_tells_every_recipient_once(office: Office) -> None:
    counts = morning(office, "2025-03-20")

    with office.reading() as session:
        notices = session.exec(select(Notice)).all()
        items = session.exec(select(NoticeItem)).all()
    digests = [n for n in notices if n.kind == "digest"]
    assert len({n.recipient_id for n in digests}) == len(digests) == counts["planned"]
    assert [n.recipient_id for n in notices if n.kind == "heartbeat"] == ["group_office"]
    assert sum(len(n.payload["items"]) for n in digests) == counts["due"] == len([i for i in items if i.notice_id])
    assert counts["superseded"] == len([i for i in items if not i.notice_id])


def test_the_same_morning_again_sends_nothing_again(office: Office) -> None:
    morning(office, "2025-03-20")
    with office.reading() as session:
        before = session.exec(select(Notice.dedupe)).all()

    assert morning(office, "2025-03-20") == {"due": 0, "planned": 0, "superseded": 0, "no_contact": 0, "lapsed": 0}

    with office.reading() as session:
        assert session.exec(select(Notice.dedupe)).all() == before
        counts = session.get_one(Sweep, date(2025, 3, 20)).counts
    assert counts["due"] > 0
    assert counts["serial"] == 2


def test_what_becomes_due_later_the_same_day_goes_out_with_a_second_sweep(office: Office, tmp_path: Path) -> None:
    morning(office, "2025-03-20")
    story = Story(office, tmp_path).register("演示五号砂岩矿")
    story.open("referral", "2025-03-20", subject_id="water", request="演示", reply_by="2025-03-20")

    assert morning(office, "2025-03-20")["due"] == 1
    with office.reading() as session:
        assert session.exec(select(Notice).where(Notice.dedupe == "digest|water|2025-03-20|2")).one()


def test_a_day_before_the_last_sweep_is_refused_and_changes_nothing(office: Office) -> None:
    morning(office, "2025-03-24")
    before = everything(office.engine)

    with pytest.raises(BadInput, match="2025-03-21 早于最近一次扫描的日期 2025-03-24"):
        morning(office, "2025-03-21")

    assert everything(office.engine) == before


@pytest.mark.parametrize("day", ["2025-03-22", "2025-04-04", "2025-10-01"])
def test_a_rest_day_writes_nothing_at_all(office: Office, day: str) -> None:
    before = everything(office.engine)

    assert morning(office, day)["rest_day"] == 1

    assert everything(office.engine) == before


def test_a_weekend_day_that_is_worked_is_a_morning(office: Office) -> None:
    assert "rest_day" not in morning(office, "2025-09-28")


def test_a_missed_month_is_caught_up_with_one_notice_each_and_every_skipped_rung_recorded(office: Office) -> None:
    morning(office, "2025-03-20")
    with office.reading() as session:
        before = len(session.exec(select(NoticeItem)).all())

    counts = morning(office, "2025-04-21")

    assert counts["superseded"] > 0
    with office.reading() as session:
        items = session.exec(select(NoticeItem).order_by(col(NoticeItem.id))).all()[before:]
        sent = [(i.deadline_id, i.lane) for i in items if i.notice_id]
    assert len(items) == counts["due"] + counts["superseded"]
    assert len(sent) == len(set(sent)) == counts["due"]


def test_who_is_not_known_is_still_told_about_in_plain_sight(office: Office) -> None:
    """A mine whose township nobody has named yet: the notice waits as no_contact, and the slip says so."""
    with office.writing() as session:
        session.connection().execute(text("UPDATE mine SET township_id = ''"))
    waiting = [d for d in days("2025-03-20", "2025-05-31") if morning(office, d).get("no_contact")]

    assert waiting
    with freeze_time(at_nine("2025-05-31")):
        office.deliver(by_hand=True)
    with office.reading() as session:
        unknown = session.exec(select(Notice).where(Notice.recipient_id == "")).all()
        slips = session.exec(select(Notice).where(Notice.kind == "heartbeat")).all()
    assert {str(n.status) for n in unknown} == {"no_contact"}
    assert {n.planned_on.isoformat() for n in unknown} >= set(waiting)
    assert any("未登记的责任单位" in n.payload["missing_contacts"] for n in slips)


def days(first: str, last: str) -> list[str]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [(start + timedelta(days=n)).isoformat() for n in range((end - start).days + 1)]


def test_escalation_drafts_a_supervision_slip_at_15_days_and_a_circular_at_30(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path).register("演示六号砂岩矿")
    case = story.open("referral", "2025-03-20", subject_id="water", request="演示", reply_by="2025-04-11")
    for day in days("2025-03-20", "2025-06-10"):
        morning(office, day)

    with office.reading() as session:
        drafts = session.exec(
            select(Document).join(Case, col(Case.id) == Document.case_id).where(Case.number == case)
            .order_by(col(Document.id))
        ).all()  # fmt: skip
        told = session.exec(select(Notice).where(Notice.kind == "digest", Notice.recipient_id == "group_office")).all()
    # The 26th is a Saturday; the 11th of May, too, is a rest day.
    assert [(d.kind, d.issuer_id, d.drafted_on.isoformat(), d.status) for d in drafts] == [
        ("assistance_letter", "group_office", "2025-03-20", "draft"),  # the request itself
        ("supervision_slip", "group_office", "2025-04-27", "draft"),
        ("criticism_circular", "working_group", "2025-05-12", "draft"),
    ]
    # Ten working days are our own proposal: such a day never stands in a document.
    assert drafts[1].data == {"request": "演示六号砂岩矿“反馈意见”（四(二)6¶2）至2025年4月27日尚未办结。"}
    levels = [i["level"] for n in told for i in n.payload["items"] if i["case"] == case]
    assert levels == ["supervise", "criticise"]
    assert story.state(case) == "sent"  # nobody's answer was invented


def test_a_step_taken_ends_its_reminders(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path).register("演示七号砂岩矿")
    case = story.open("referral", "2025-03-20", subject_id="water", request="演示", reply_by="2025-04-11")
    story.take(case, "reply", "2025-03-24", answer="无意见", opinion="演示", answered_on="2025-03-24")
    for day in days("2025-03-24", "2025-05-30"):
        morning(office, day)

    with office.reading() as session:
        payloads = session.exec(select(Notice.payload).where(Notice.kind == "digest")).all()
    assert not [i for p in payloads for i in p["items"] if i["case"] == case]


def test_a_halted_case_is_left_alone_until_it_goes_on(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path).register("演示八号砂岩矿")
    case = story.open("referral", "2025-03-20", subject_id="water", request="演示")
    due = story.due(case, "reply")
    assert due is not None
    story.take(case, "suspend", "2025-03-21", reason="演示", basis="演示")
    for day in days("2025-03-21", "2025-05-20"):
        morning(office, day)
    story.take(case, "resume", "2025-05-20", reason="演示")

    moved = story.due(case, "reply")
    assert moved is not None
    assert moved >= due + timedelta(days=60)
    with office.reading() as session:
        payloads = session.exec(select(Notice.payload).where(Notice.kind == "digest")).all()
    assert not [i for p in payloads for i in p["items"] if i["case"] == case]


def test_the_clock_takes_its_own_step_on_the_first_working_morning_after(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path).register("演示九号砂岩矿")
    permit = story.open(
        "permit",
        "2025-03-20",
        purpose="cancel",
        permit_kind="mining",
        permit_number="演示",
        permit_valid_to="2025-05-03",
    )
    for day in days("2025-04-28", "2025-05-05"):
        morning(office, day)
    assert story.state(permit) == "active"

    assert morning(office, "2025-05-06")["lapsed"] == 1

    found = story.view(permit)
    assert (found.state, found.entered_on) == ("expired", date(2025, 5, 4))
    with office.reading() as session:
        lapsed = session.exec(select(Notice).where(Notice.kind == "lapsed")).one()
    assert (lapsed.recipient_id, lapsed.planned_on) == ("natural_resources", date(2025, 5, 6))
    story.sound()


# How many looks.


class Counter:
    """Counts statements; the prepared ones of the write path go past SQLAlchemy's events and are not in it."""

    def __init__(self, engine: Engine) -> None:
        self.statements: list[str] = []
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.statements.append(statement)


def crowd(engine: Engine, count: int) -> None:
    """Deadlines that are open and not due for years."""
    with Session(engine) as session:
        case_id = session.exec(select(Case.id).order_by(col(Case.id))).first()
        row = {"case_id": case_id, "opened_on": date(2025, 3, 20), "due_on": date(2040, 1, 1), "basis": "plan",
               "ladder": "standard", "status": "open", "provisional": False, "moves": 0}  # fmt: skip
        session.execute(
            insert(Deadline),
            [{**row, "trigger": f"t{n}", "next_on": date(2035, 1, 1) + timedelta(days=n % 900)} for n in range(count)],
        )
        session.commit()


def test_the_sweep_looks_no_oftener_for_thousands_of_deadlines_that_are_not_due(office: Office) -> None:
    for day in days("2025-03-20", "2025-03-28"):
        morning(office, day)
    counter = Counter(office.engine)
    morning(office, "2025-03-31")
    alone = len(counter.statements)
    crowd(office.engine, 3000)
    counter.statements.clear()

    morning(office, "2025-04-01")

    assert len(counter.statements) <= alone
    assert alone < 40


def test_the_look_for_due_deadlines_uses_its_index(office: Office) -> None:
    crowd(office.engine, 3000)
    execute(office.engine, "ANALYZE")
    counter = Counter(office.engine)
    with office.reading() as session:
        due_views(session, date(2025, 4, 1))
    look = next(s for s in counter.statements if "deadline" in s and "next_on" in s.partition("WHERE")[2])

    sqlite = office.engine.dialect.name == "sqlite"
    day = "2025-04-01" if sqlite else date(2025, 4, 1)
    with office.engine.connect() as connection:
        explained = connection.exec_driver_sql(
            ("EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN ") + look, (day,) if sqlite else {"next_on_1": day}
        )
        plan = "\n".join(str(row) for row in explained)
    assert "deadline_next" in plan, plan
    assert "Seq Scan" not in plan


# Any sequence of mornings.


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(gaps=st.lists(st.integers(0, 45) | st.integers(0, 3), min_size=1, max_size=12))
def test_whatever_mornings_there_are_each_rung_comes_once_and_never_on_a_rest_day(
    office: Office, gaps: list[int]
) -> None:
    with Session(office.engine) as session:
        day, mornings = date(2025, 3, 20), set()
        for gap in gaps:
            day += timedelta(days=gap)
            counts = sweep(session, day, reachable=reached)
            if "rest_day" not in counts:
                mornings.add(day)
            assert_consistent(session, day, mornings)
        assert list(verify(session)) == []
        session.rollback()


def assert_consistent(session: Session, today: date, mornings: set[date]) -> None:
    session.expire_all()
    context = context_of(session)
    notices = {n.id: n for n in session.exec(select(Notice))}
    told: set[tuple[int, int, str, int]] = set()
    for item in session.exec(select(NoticeItem)):
        rung = (item.deadline_id, item.moves, item.lane, item.offset)
        assert rung not in told
        told.add(rung)
        assert item.planned_on in mornings
        if item.notice_id:
            assert notices[item.notice_id].recipient_id == item.recipient_id
    assert {n.planned_on for n in notices.values()} == mornings
    assert all(context.calendar.is_working(n.planned_on) for n in notices.values())
    for case in views(session, session.exec(select(Case).where(col(Case.closed_on).is_(None))).all()):
        for slot in case.slots:
            assert slot.next_on == first_look(slot, context, suspended=False)
            if slot.next_on and today in mornings:
                assert slot.next_on > today


def test_an_error_in_the_middle_of_a_sweep_leaves_the_morning_to_be_swept_again(office: Office) -> None:
    before = everything(office.engine)
    with pytest.raises(ZeroDivisionError), writing(office.engine) as session:
        sweep(session, date(2025, 3, 20), reachable=reached)
        _ = 1 / 0
    assert everything(office.engine) == before
    assert morning(office, "2025-03-20")["planned"] > 0
