"""Random walks through all procedures: whatever is asked of a case, legal or not, the record stays sound."""

from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session, col, func, select

from office.running.installation import Office
from states import parties as p
from states.fields import Field
from states.kernel import Step
from states.registry import PROCEDURES
from tests.workflow.dump import rows
from workflow.audit import verify
from workflow.context import context_of
from workflow.correction import correct
from workflow.deadlines import timed
from workflow.engine import advance, open_case
from workflow.errors import CaseFileError
from workflow.models import Case, Event
from workflow.register import add_organ, register_mine
from workflow.storage import views
from workflow.sweep import sweep
from workflow.views import VOID, Actor, CaseView, StoredFile, resolve

PAPER = StoredFile("0" * 64, "paper.pdf", 1)
CLERK = Actor("office", p.GROUP_OFFICE.id)
TABLES = (
    "proceeding", "event", "chain", "deadline", "deadline_change", "document", "attachment", "opinion", "notice",
    "notice_item",
)  # fmt: skip
TRIGGERS = sorted({step.trigger for procedure in PROCEDURES.values() for step in procedure.steps})
ORGANS = [party.id for party in p.FIXED]
CHANCE = st.randoms(use_true_random=False)


def filled(field: Field, today: date, view: CaseView | None, chance: Random) -> Any:
    """Something a person could type: mostly what fits, sometimes what does not."""
    if field.name == "deadline" and view and view.slots:
        return chance.choice([slot.trigger for slot in view.slots])
    if field.name == "subject_id":
        return "water"
    if field.choices:
        return chance.choice(sorted(field.choices))
    if field.type == "date":
        days = chance.randint(-20, 0) if field.past else chance.randint(1, 300)
        return (today + timedelta(days=days)).isoformat()
    if field.type == "number" and field.unit == "年":
        return str(today.year + chance.randint(0, 2))
    plain = {"yes": "是", "number": "60", "money": "100000", "days": "10", "document_number": "演政函〔2025〕5号"}
    return plain.get(field.type, "演示")


class Walk(RuleBasedStateMachine):
    """One office, in a transaction that is never committed."""

    office: Office

    @initialize()
    def begin(self) -> None:
        self.session = Session(self.office.engine)
        self.today = date(2025, 3, 20)
        add_organ(self.session, "township_walk", "演示县行走镇人民政府", "township")
        add_organ(self.session, "village_walk", "行走镇行走村", "village")
        self.mine = register_mine(
            self.session, "演示行走矿",
            {"township": "township_walk", "village": "village_walk", "holder": "演示行走公司", "valid_to": "2025-06-30",
             "licence_number": "C1405002016117130143377", "scale": "60", "mineral": "砂岩"},
            block=False, source="演示数据", demo=True,
        )  # fmt: skip

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.close()

    def cases(self, *, running: bool = False) -> list[CaseView]:
        self.session.expire_all()
        query = select(Case).where(Case.mine_id == self.mine.id).order_by(col(Case.id))
        if running:
            query = query.where(col(Case.closed_on).is_(None))
        return views(self.session, self.session.exec(query).all())

    @rule(procedure=st.sampled_from(sorted(PROCEDURES)), chance=CHANCE)
    def live(self, procedure: str, chance: Random) -> None:
        """A case is opened and led on for a while, as its cards ask."""
        fields = {f.name: filled(f, self.today, None, chance) for f in PROCEDURES[procedure].asks}
        number = open_case(
            self.session, procedure=procedure, mine=self.mine, actor=CLERK, occurred_on=self.today, fields=fields,
            source="演示数据",
        ).number  # fmt: skip
        for _ in range(chance.randint(1, 12)):
            self.go_on(next(v for v in self.cases() if v.number == number), chance)

    @precondition(lambda self: hasattr(self, "session") and self.cases(running=True))
    @rule(chance=CHANCE)
    def work(self, chance: Random) -> None:
        """Whatever lies open is worked on, what other cases have opened included."""
        for _ in range(chance.randint(1, 6)):
            if running := self.cases(running=True):
                self.go_on(chance.choice(running), chance)

    def go_on(self, view: CaseView, chance: Random) -> None:
        """A step that the procedure has here, by whom it asks for, with what its card asks for."""
        steps = [step for step in view.procedure.steps_from(view.state) if not step.by_clock]
        if not steps:
            return
        (step,) = chance.choices(steps, [1 if s.clock else 4 for s in steps])
        fields = {f.name: filled(f, self.today, view, chance) for f in step.fields}
        facts = view.judged(context_of(self.session), self.today, fields)
        lead = resolve(step.lead, facts) or p.GROUP_OFFICE.id
        self.attempt(view, step.trigger, Actor(lead, lead), fields, {e.name: (PAPER,) for e in step.evidence})

    @precondition(lambda self: hasattr(self, "session") and self.cases())
    @rule(chance=CHANCE)
    def try_anything(self, chance: Random) -> None:
        """Any trigger, by anybody, on any day, with or without papers: usually refused."""
        view = chance.choice(self.cases())
        trigger = chance.choice([*TRIGGERS, "fly", *[step.trigger for step in view.procedure.steps] * 3])
        known, organ = view.procedure.step(trigger), chance.choice(ORGANS)
        fields = {f.name: filled(f, self.today, view, chance) for f in known.fields} if known else {"any": "thing"}
        files = {e.name: (PAPER,) for e in known.evidence} if known and chance.random() < 1 / 2 else {}
        day = self.today + timedelta(days=chance.randint(-30, 30))
        self.attempt(view, trigger, Actor(organ, organ), fields, files, day)

    def attempt(
        self, view: CaseView, trigger: str, actor: Actor, fields: dict[str, Any],
        files: dict[str, tuple[StoredFile, ...]], day: date | None = None,
    ) -> None:  # fmt: skip
        before = rows(self.session, *TABLES)
        day = day or self.today
        try:
            after = advance(
                self.session, view.number, trigger, actor=actor, occurred_on=day, fields=fields, evidence=files,
                expected_version=view.version,
            )  # fmt: skip
        except CaseFileError as refusal:
            assert str(refusal).endswith("。")
            assert rows(self.session, *TABLES) == before
        else:
            step = view.procedure.step(trigger)
            assert isinstance(step, Step)
            assert view.state in step.sources
            assert not step.by_clock
            assert (after.state, after.version) == (step.target(view.state), view.version + 1)
            self.today = max(self.today, day)

    @precondition(lambda self: hasattr(self, "session") and self.cases())
    @rule(chance=CHANCE)
    def take_back(self, chance: Random) -> None:
        view = chance.choice(self.cases())
        before = rows(self.session, *TABLES)
        try:
            correct(self.session, view.number, actor=CLERK, on=self.today, reason="演示")
        except CaseFileError:
            assert rows(self.session, *TABLES) == before

    @rule(days=st.integers(1, 60))
    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)
        sweep(self.session, self.today, reachable=lambda organ, _: bool(organ))

    @invariant()
    def the_record_is_sound(self) -> None:
        if not hasattr(self, "session"):
            return
        self.session.expire_all()
        assert list(verify(self.session)) == []

    @invariant()
    def every_case_counts_its_entries_and_runs_its_deadlines(self) -> None:
        if not hasattr(self, "session"):
            return
        counts = dict(self.session.exec(select(Event.case_id, func.count()).group_by(col(Event.case_id))).all())
        for view in self.cases():
            assert view.version == counts[view.id], view.number
            if view.state == VOID or view.procedure.state(view.state).final:
                assert view.slots == (), view.number
                assert view.closed_on, view.number
                continue
            assert view.closed_on is None, view.number
            facts = view.judged(context_of(self.session), self.today)
            wanted = {step.trigger for step in timed(view.procedure, view.state, facts)}
            assert {slot.trigger for slot in view.slots} == wanted, view.number
            assert wanted or view.procedure.state(view.state).no_deadline, view.state


def test_no_walk_ever_breaks_the_record(office: Office) -> None:
    class OfficeWalk(Walk):
        pass

    OfficeWalk.office = office
    run_state_machine_as_test(
        OfficeWalk,
        settings=settings(
            max_examples=25, stateful_step_count=12, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
