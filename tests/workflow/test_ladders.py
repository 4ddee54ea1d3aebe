"""A rung goes out once, on a working day, and a slept-through morning loses nothing and floods nobody."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, create_engine

from workflow.ladders import DueRungs, Ladder, LadderError, Rung, due_rungs, next_on, read_ladders
from workflow.working_days import Calendar, load_calendar, seed_calendar

LADDERS_FILE = Path(__file__).parents[2] / "plans" / "yangcheng" / "ladders.toml"
STANDARD = Ladder("standard", "一般期限", (60, 30, 15, 7, 3, 1, 0))
SHORT = Ladder("short", "短期限", (5, 3, 1, 0))
LONG_AGO = date(2000, 1, 1)
ONE_DAY = timedelta(days=1)


def seeded_calendar() -> Calendar:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        seed_calendar(session)
        calendar = load_calendar(session)
    engine.dispose()
    return calendar


CALENDAR = seeded_calendar()


class Desk:
    """One deadline on one desk: remembers what was handled, as the database does."""

    def __init__(self, due_on: date, ladder: Ladder, calendar: Calendar = CALENDAR, opened_on: date = LONG_AGO) -> None:
        self.due_on, self.ladder, self.calendar, self.opened_on = due_on, ladder, calendar, opened_on
        self.reminded: int | None = None
        self.escalated: int | None = None
        self.handled: list[tuple[str, int]] = []
        self.fired: list[Rung] = []

    @property
    def state(self) -> tuple[int | None, int | None]:
        return self.reminded, self.escalated

    @property
    def next_on(self) -> date:
        return next_on(
            self.due_on, self.ladder, self.calendar, reminded=self.reminded, escalated=self.escalated
        )  # fmt: skip

    def morning(self, as_of: date) -> DueRungs:
        rungs = due_rungs(
            self.due_on, self.ladder, self.calendar, as_of,
            reminded=self.reminded, escalated=self.escalated, opened_on=self.opened_on,
        )  # fmt: skip
        self.reminded = rungs.handled("remind", self.reminded)
        self.escalated = rungs.handled("escalate", self.escalated)
        self.handled += [(rung.lane, rung.offset) for rung in (*rungs.superseded, *rungs.fire)]
        self.fired += rungs.fire
        return rungs

    def mornings(self, first: date, last: date) -> "Desk":
        for n in range((last - first).days + 1):
            self.morning(first + n * ONE_DAY)
        return self


def fired_on(rungs: list[Rung]) -> list[tuple[str, int]]:
    return [(rung.fires_on.isoformat(), rung.offset) for rung in rungs]


# --- one deadline, day by day


def test_a_due_day_in_the_working_week_is_announced_on_the_ladders_own_days() -> None:
    desk = Desk(date(2026, 12, 31), STANDARD).mornings(date(2026, 11, 23), date(2027, 1, 8))
    assert fired_on(desk.fired) == [
        ("2026-10-30", -60),  # Sunday 11-01 moved forward; the desk only starts on 11-23
        ("2026-12-01", -30), ("2026-12-16", -15), ("2026-12-24", -7), ("2026-12-28", -3), ("2026-12-30", -1),
        ("2026-12-31", 0), ("2027-01-04", 1), ("2027-01-08", 8),
    ]  # fmt: skip


def test_a_licence_that_expires_on_a_sunday_is_announced_last_on_friday() -> None:
    desk = Desk(date(2026, 11, 29), STANDARD).mornings(date(2026, 11, 23), date(2026, 11, 29))
    assert fired_on(desk.fired)[-1] == ("2026-11-27", 0)
    assert desk.fired[-1].level == "due"


def test_rungs_that_fall_on_the_same_working_day_are_one_notice() -> None:
    desk = Desk(date(2026, 11, 29), SHORT)
    desk.mornings(date(2026, 11, 20), date(2026, 11, 26))
    rungs = desk.morning(date(2026, 11, 27))
    assert [rung.offset for rung in rungs.fire] == [0]
    assert [rung.offset for rung in rungs.superseded] == [-1]


@pytest.mark.parametrize("saturday", [date(2026, 2, 14), date(2026, 10, 10)])
def test_a_saturday_that_is_worked_counts_as_a_working_day(saturday: date) -> None:
    desk = Desk(saturday, SHORT, opened_on=saturday - 30 * ONE_DAY)
    (rung,) = desk.morning(saturday).fire
    assert (rung.offset, rung.fires_on) == (0, saturday)


def test_nothing_goes_out_on_a_rest_day_or_before_the_deadline_exists() -> None:
    assert Desk(date(2026, 1, 1), STANDARD).morning(date(2026, 11, 22)) == DueRungs()
    assert Desk(date(2026, 1, 1), STANDARD, opened_on=date(2026, 11, 24)).morning(date(2026, 11, 23)) == DueRungs()


def test_overdue_goes_on_every_seven_days_for_ever() -> None:
    desk = Desk(date(2026, 3, 3), replace(STANDARD, supervise_after=None, criticise_after=None))
    desk.mornings(date(2026, 3, 4), date(2026, 4, 1))
    assert [rung.offset for rung in desk.fired] == [1, 8, 15, 22, 29]
    far = desk.morning(date(2030, 11, 22)).fire[0].offset
    assert far % 7 == 1
    assert desk.next_on > date(2030, 11, 22)


def test_supervision_and_criticism_follow_on_their_days_beside_the_reminders() -> None:
    desk = Desk(date(2026, 3, 3), STANDARD).mornings(date(2026, 3, 3), date(2026, 4, 2))
    escalations = [(r.fires_on.isoformat(), r.level) for r in desk.fired if r.lane == "escalate"]
    assert escalations == [("2026-03-18", "supervise"), ("2026-04-02", "criticise")]
    assert ("remind", 15) in desk.handled
    assert ("escalate", 15) in desk.handled


# --- power-off and import


def test_after_weeks_of_power_off_only_the_highest_of_each_lane_goes_out() -> None:
    desk = Desk(date(2026, 3, 3), STANDARD)
    desk.morning(date(2026, 2, 2))
    rungs = desk.morning(date(2026, 4, 20))
    assert [(r.lane, r.offset, r.level) for r in rungs.fire] == [
        ("remind", 43, "overdue"), ("escalate", 30, "criticise"),
    ]  # fmt: skip
    assert [(r.lane, r.offset) for r in rungs.superseded] == [
        ("remind", -15), ("remind", -7), ("remind", -3), ("remind", -1), ("remind", 0), ("remind", 1),
        ("escalate", 15),
    ]  # fmt: skip


def test_a_deadline_imported_long_overdue_gives_one_overdue_notice_and_no_escalation() -> None:
    today = date(2026, 11, 23)
    rungs = Desk(date(2025, 1, 2), STANDARD, opened_on=today).morning(today)
    assert [(r.lane, r.level) for r in rungs.fire] == [("remind", "overdue")]
    assert len(rungs.superseded) == len(STANDARD.before) + 1 + 2


def test_a_deadline_imported_shortly_overdue_still_escalates_when_its_day_comes() -> None:
    opened = date(2026, 3, 23)  # 20 days after the due day: supervision was due before it was known
    desk = Desk(date(2026, 3, 3), STANDARD, opened_on=opened).mornings(opened, date(2026, 4, 2))
    assert [(r.level, r.fires_on) for r in desk.fired if r.lane == "escalate"] == [("criticise", date(2026, 4, 2))]


def test_an_escalation_whose_day_is_the_opening_day_goes_out() -> None:
    opened = date(2026, 3, 18)
    rungs = Desk(date(2026, 3, 3), STANDARD, opened_on=opened).morning(opened)
    assert [rung.level for rung in rungs.fire] == ["overdue", "supervise"]


def test_a_deadline_opened_between_two_rungs_is_announced_once_at_once() -> None:
    opened = date(2026, 11, 23)
    desk = Desk(date(2026, 12, 31), STANDARD, opened_on=opened)
    assert [rung.offset for rung in desk.morning(opened).fire] == [-60]
    assert desk.morning(opened + ONE_DAY) == DueRungs()
    assert desk.next_on == date(2026, 12, 1)


# --- rules for every deadline

_DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
_OFFSETS = st.lists(st.integers(0, 40), min_size=1, max_size=6, unique=True).map(lambda d: tuple(sorted(d)[::-1]))


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    supervise = draw(st.none() | st.integers(1, 20))
    return Ladder(
        "any", "任意", draw(_OFFSETS), draw(st.integers(1, 9)), draw(st.integers(1, 9)),
        supervise, draw(st.none() | st.integers((supervise or 0) + 1, 40)),
    )  # fmt: skip


@st.composite
def desks(draw: st.DrawFn) -> tuple[Desk, Desk]:
    """The same deadline on two desks, with holidays and make-up days anywhere."""
    flipped = draw(st.sets(_DAYS, max_size=80))
    calendar = Calendar({day: day.weekday() >= 5 for day in flipped}, frozenset({2026}))
    due_on, opened_on = draw(_DAYS), draw(_DAYS | st.just(LONG_AGO))
    ladder = draw(ladders() | st.sampled_from([STANDARD, SHORT]))
    return Desk(due_on, ladder, calendar, opened_on), Desk(due_on, ladder, calendar, opened_on)


@st.composite
def spans(draw: st.DrawFn) -> list[date]:
    first = draw(_DAYS)
    return [first + n * ONE_DAY for n in range(draw(st.integers(1, 150)))]


@given(desks(), spans())
def test_no_rung_comes_twice_and_none_on_a_rest_day(pair: tuple[Desk, Desk], days: list[date]) -> None:
    desk, _ = pair
    for day in days:
        rungs = desk.morning(day)
        assert len({rung.lane for rung in rungs.fire}) == len(rungs.fire)
        if rungs != DueRungs():
            assert desk.calendar.is_working(day)
            assert day >= desk.opened_on
        assert all(desk.calendar.is_working(r.fires_on) for r in (*rungs.fire, *rungs.superseded))
    assert len(set(desk.handled)) == len(desk.handled)


@given(desks(), spans(), st.data())
def test_any_power_off_ends_in_the_state_of_a_desk_that_never_slept(
    pair: tuple[Desk, Desk], days: list[date], data: st.DataObject
) -> None:
    awake, sleeper = pair
    last_working = max((n for n, day in enumerate(days) if awake.calendar.is_working(day)), default=0)
    days = days[: last_working + 1]
    asleep = data.draw(st.sets(st.sampled_from(days)))
    for day in days:
        awake.morning(day)
        if day not in asleep or day == days[-1]:
            sleeper.morning(day)
    assert sleeper.state == awake.state
    assert len(sleeper.fired) <= len(awake.fired)


@given(desks(), spans())
def test_looking_only_when_the_next_rung_has_come_misses_nothing(pair: tuple[Desk, Desk], days: list[date]) -> None:
    daily, indexed = pair
    for day in days:
        daily.morning(day)
        if indexed.next_on <= day:
            indexed.morning(day)
        assert indexed.fired == daily.fired
        assert indexed.state == daily.state


@given(desks(), spans())
def test_after_a_working_morning_the_next_rung_lies_ahead(pair: tuple[Desk, Desk], days: list[date]) -> None:
    desk, _ = pair
    for day in days:
        desk.morning(day)
        if desk.calendar.is_working(day) and day >= desk.opened_on:
            assert desk.next_on > day


@given(desks(), _DAYS, st.integers(1, 5000))
def test_what_is_recorded_as_superseded_is_bounded(pair: tuple[Desk, Desk], start: date, gap: int) -> None:
    desk, _ = pair
    rungs = desk.morning(desk.calendar.next_working(start + gap * ONE_DAY))
    assert len(rungs.superseded) <= len(desk.ladder.before) + 1 + 2


@given(ladders(), st.integers(-50, 500), st.integers(-50, 500))
def test_a_changed_ladder_goes_on_after_what_was_sent(ladder: Ladder, reminded: int, escalated: int) -> None:
    desk = Desk(date(2026, 3, 3), ladder)
    desk.reminded, desk.escalated = reminded, escalated
    day = desk.next_on
    for earlier in range(40, 0, -1):
        assert desk.morning(day - earlier * ONE_DAY) == DueRungs()
    rungs = desk.morning(day)
    assert rungs.fire
    assert all(r.offset > {"remind": reminded, "escalate": escalated}[r.lane] for r in (*rungs.fire, *rungs.superseded))


# --- the file


def test_the_countys_ladders_are_read() -> None:
    ladders = read_ladders(LADDERS_FILE)
    assert ladders["standard"] == STANDARD
    assert ladders["short"].before == ladders["opinion"].before == (5, 3, 1, 0)
    assert all(ladder.title and ladder.overdue_every == 7 for ladder in ladders.values())


def write(tmp_path: Path, text: str, standard: str = '[standard]\ntitle = "一般"\nbefore = [1, 0]\n') -> Path:
    path = tmp_path / "ladders.toml"
    path.write_text(standard + text, encoding="utf-8-sig")
    return path


def test_what_the_file_leaves_out_has_a_default_and_false_switches_off(tmp_path: Path) -> None:
    ladders = read_ladders(write(tmp_path, "criticise_after = false\n"))
    assert ladders["standard"] == Ladder("standard", "一般", (1, 0), 1, 7, 15, None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("overdue_evry = 7", r"\[standard\] 的 overdue_evry 不认识"),
        ("overdue_every = 0", r"\[standard\] 的 overdue_every 应是不小于1的整数天数"),
        ("overdue_first = true", r"\[standard\] 的 overdue_first 应是"),
        ("supervise_after = '15'", r"\[standard\] 的 supervise_after 应是.*写 false"),
        ("supervise_after = 30", "的 criticise_after 应大于 supervise_after"),
        ("[short]\nbefore = [1]", r"\[short\] 的 title 缺少"),
        ("[short]\ntitle = '短'\nbefore = [1, 3]", r"\[short\] 的 before 应从大到小"),
        ("[short]\ntitle = '短'\nbefore = []", r"\[short\] 的 before 应是提前天数的列表"),
        ("[short]\ntitle = '短'\nbefore = [3, -1]", r"\[short\] 的 before 应是提前天数的列表"),
        ("[short\n", "第4行写法有误"),
    ],
)
def test_a_mistake_is_named_by_file_ladder_and_key(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(LadderError, match=why) as refused:
        read_ladders(write(tmp_path, text))
    assert "ladders.toml" in str(refused.value)
    assert str(refused.value).endswith("。")


def test_a_file_without_the_standard_ladder_or_without_content_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LadderError, match=r"缺少阶梯 \[standard\]"):
        read_ladders(write(tmp_path, "", standard=""))
    with pytest.raises(LadderError, match=r"short.*应是一个阶梯"):
        read_ladders(write(tmp_path, '[standard]\ntitle = "一般"\nbefore = [0]\n', standard="short = 3\n"))
    with pytest.raises(LadderError, match="打不开"):
        read_ladders(tmp_path / "missing.toml")
