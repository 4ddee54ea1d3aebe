"""Counts that follow the history entry by entry are those of counting anew, whatever happens and whoever asks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from freezegun import freeze_time
from sqlmodel import Session, col, select

from office.access.people import Person, person_of
from office.cases import handing
from office.cases.case_filter import DUES, YEARS, Wanted
from office.cases.case_list import CaseList, years
from office.cases.tally import Tally
from office.demo.clerk import Clerk
from office.desk.counts import counts, waiting
from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import TOWNSHIP, Story
from tests.web.statements import crowd, statements
from workflow.context import bump_revision, context_of
from workflow.correction import correct
from workflow.errors import CaseFileError
from workflow.ledger import find_case
from workflow.models import Case, Deadline
from workflow.records import record_value
from workflow.register import actor_named
from workflow.views import VOID

START, DAY = date(2026, 1, 12), date(2026, 11, 23)
WANTED = (
    Wanted(), Wanted(standing="closed"), Wanted(standing="all", text="演示"), Wanted(procedure="guided_exit"),
    Wanted(township=TOWNSHIP), Wanted(year="2026"), Wanted(lead="natural_resources"), *(Wanted(due=due) for due in DUES),
    Wanted(due_from=START, due_to=START + timedelta(90)),
)  # fmt: skip
PEOPLE = ("office", "natural_resources", "water", TOWNSHIP)
OPENED = {
    "guided_exit": {"exit_year": "2026"}, "closure": {"exit_year": "2027"}, "upgrade": {},
    "referral": {"subject_id": "water", "request": "演示事项", "reply_by": "2026-03-01"},
}  # fmt: skip


@dataclass
class Life:
    """What an office does, at random; what is refused changes nothing, and is of no interest here."""

    story: Story
    clerk: Clerk
    random: Random
    day: date = START
    done: int = 0

    def anything(self) -> None:
        ways = (self.step, self.step, self.step, self.correct, self.open, self.move, self.copy, self.sweep)
        try:
            self.random.choice(ways)()
            self.done += 1
        except CaseFileError:
            pass
        self.day += timedelta(self.random.choice((0, 0, 1, 3, 8)))

    def case(self) -> str:
        with self.story.office.reading() as session:
            running = session.exec(select(Case.number).where(col(Case.closed_on).is_(None)).order_by(col(Case.id)))
            # The newest mines above all: their cases go furthest.
            return self.random.choice(list(running)[-6:])

    def step(self) -> None:
        number = self.case()
        with self.story.office.reading() as session:
            view = find_case(session, number)
            steps = [step.trigger for step in view.procedure.steps_from(view.state) if not step.by_clock]
        if steps:
            self.clerk.take(number, self.random.choice(steps), self.day, self.day, {})

    def correct(self) -> None:
        number = self.case()
        with self.story.office.writing() as session:
            correct(session, number, actor=actor_named(session, "office"), on=self.day, reason="录错")

    def open(self) -> None:
        procedure = self.random.choice(list(OPENED))
        self.story.register(f"演示{self.random.randrange(10**9)}矿", valid_to="2026-04-30", mineral="演示岩")
        self.story.open(procedure, self.day.isoformat(), **OPENED[procedure])

    def move(self) -> None:
        """Another township for the mine of a case: its other cases go along."""
        number, township = self.case(), self.random.choice((TOWNSHIP, "township_hebei"))
        with self.story.office.writing() as session:
            actor = actor_named(session, "office")
            record_value(session, number, "township_id", township, actor=actor, on=self.day, source="演示")

    def copy(self) -> None:
        number = self.case()
        with self.story.office.writing() as session:
            handing.copy(session, number, actor_named(session, "office"), "water", "", self.day, "请阅")

    def sweep(self) -> None:
        self.story.office.sweep(self.day)


Question = tuple[object, Callable[[], object], Callable[[], object]]


@dataclass
class Questions:
    """Every count, as it is kept and as it is counted now."""

    session: Session
    today: date

    def all(self) -> Iterator[Question]:
        context = context_of(self.session)
        for account in PEOPLE:
            person = person_of(self.session, account)
            yield ("todo", account), *self._todo(person)
            for wanted in WANTED:
                listed = CaseList(self.session, person, context, self.today, wanted)
                yield (account, wanted), *self._listed(listed)
        yield "years", lambda: years(self.session, self.today), self._years

    def _todo(self, person: Person) -> tuple[Callable[[], object], Callable[[], object]]:
        return lambda: counts(self.session, person, self.today)["todo"], lambda: self._now(waiting(person, None))

    def _listed(self, listed: CaseList) -> tuple[Callable[[], object], Callable[[], object]]:
        tally, key = Tally(self.session, self.today), (listed.person.id, listed.wanted)
        return lambda: tally.count(key, listed.found), lambda: self._now(listed.found())

    def _years(self) -> list[str]:
        cases = self.session.exec(select(Case).where(Case.state != VOID)).all()
        return sorted({str(case.facts[name]) for case in cases for name in YEARS if case.facts.get(name)})

    def _now(self, query: Any) -> int:
        return len(set(self.session.connection().execute(query).scalars()))


def test_kept_counts_are_those_of_counting_anew(office: Office, tmp_path: Path) -> None:
    random = Random(7)  # noqa: S311 (no secret)
    life = Life(Story(office, tmp_path).register("演示首矿", mineral="演示岩"), Clerk(office, START), random)
    with freeze_time(at_nine(START)) as clock:
        for _ in range(4):
            life.open()
        for _ in range(30):
            clock.move_to(at_nine(life.day))
            life.anything()
            # Now and then somebody looks, on a day of theirs; most answers are several entries old by then.
            if random.random() < 0.3:
                check(office, life.day + timedelta(random.choice((-2, 0, 1, 30))), random, 9)
        check(office, life.day, random, 24)
    assert life.done > 15


def check(office: Office, today: date, random: Random, many: int) -> None:
    with office.reading() as session:
        asked = list(Questions(session, today).all())
        for key, kept, now in random.sample(asked, min(many, len(asked))):
            assert kept() == now(), (key, today)


def late(office: Office, today: date) -> tuple[int, list[str]]:
    with office.reading() as session, statements(office.engine) as seen:
        listed = CaseList(session, person_of(session, "office"), context_of(session), today, Wanted())
        return listed.counts().late, seen


@freeze_time(at_nine(DAY))
def test_after_an_entry_only_the_cases_of_its_mine_are_looked_at(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path).register("演示首矿", mineral="演示岩")
    before, _ = late(office, DAY)
    story.open("referral", "2026-11-02", subject_id="water", request="演示事项", reply_by="2026-11-13")
    after, seen = late(office, DAY)
    assert after == before + 1
    counting = [statement for statement in seen if "aggregate_strings" in statement]
    assert len(counting) == 3
    assert all(" IN (" in statement for statement in counting), counting
    assert not [statement for statement in late(office, DAY)[1] if "aggregate_strings" in statement]


@freeze_time(at_nine(DAY))
def test_the_other_cases_of_its_mine_are_looked_at_too(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path).register("演示首矿", mineral="演示岩")
    cases = [story.open("referral", "2026-11-02", subject_id="water", request=f"演示事项{n}") for n in range(3)]
    wanted = Wanted(township="township_hebei")

    def there() -> int:
        with office.reading() as session:
            return CaseList(session, person_of(session, "office"), context_of(session), DAY, wanted).counts().total

    before = there()
    with office.writing() as session:
        actor = actor_named(session, "office")
        record_value(session, cases[0], "township_id", "township_hebei", actor=actor, on=DAY, source="演示")
    assert there() == before + 3


@freeze_time(at_nine(DAY))
def test_what_is_late_or_soon_moves_with_the_day(office: Office) -> None:
    crowd(office.engine, 80, due_on=DAY - timedelta(40))
    with office.reading() as session:
        context, person = context_of(session), person_of(session, "office")
        for shift in (0, 1, 0, 3, 34, 33, -1, -31, 30):
            today = DAY + timedelta(shift)
            for due in ("late", "soon", "fine"):
                listed = CaseList(session, person, context, today, Wanted(due=due))
                now = session.connection().execute(listed.found()).all()
                assert listed.counts().total == len(now), (today, due)


@freeze_time(at_nine(DAY))
def test_what_moves_without_an_entry_is_noticed_by_its_settings_or_by_another_history(office: Office) -> None:
    before, _ = late(office, DAY)
    with office.writing() as session:
        # As a published calendar does it.
        deadline = session.exec(select(Deadline).where(Deadline.status == "open", col(Deadline.due_on) > DAY)).first()
        assert deadline is not None
        deadline.due_on = DAY - timedelta(1)
        session.add(deadline)
        bump_revision(session)
    assert late(office, DAY)[0] == before + 1
    crowd(office.engine, 3, due_on=DAY - timedelta(9))  # and another hash at the head, as where a backup was put back
    assert late(office, DAY)[0] == before + 4
