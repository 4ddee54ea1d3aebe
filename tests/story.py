"""A mine's story, told step by step: what a test says is what a clerk does, day by day."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from freezegun import freeze_time

from minecase.office import Office
from states.kernel import Blocker
from tests.conftest import at_nine
from workflow.audit import verify
from workflow.correction import correct
from workflow.engine import advance, open_case
from workflow.errors import BadInput, NotFound, StepRefused
from workflow.ledger import case_file, find_case
from workflow.models import Organ
from workflow.records import record_value
from workflow.register import actor_named, add_organ, register_mine
from workflow.views import CaseView

TOWNSHIP = "township_demo"


@dataclass
class Story:
    """One office, one fictional mine, and the files its story needs."""

    office: Office
    folder: Path
    mine: str = ""

    def register(self, name: str, *, block: bool = False, **facts: Any) -> "Story":
        """Registers a fictional mine in a fictional township."""
        with self.office.writing() as session:
            if session.get(Organ, TOWNSHIP) is None:
                add_organ(session, TOWNSHIP, "演示县演示镇人民政府", "township")
                add_organ(session, "village_demo", "演示镇演示村", "village")
            mine = register_mine(
                session, name, {"township": TOWNSHIP, "village": "village_demo", **facts}, block=block, source="演示数据",
                demo=True,
            )  # fmt: skip
            self.mine = mine.code
        return self

    def open(self, procedure: str, on: str, *, user: str = "office", **fields: Any) -> str:
        """Opens a case of the mine by hand; answers its number."""
        from workflow.register import find_mine

        with freeze_time(at_nine(on)), self.office.writing() as session:
            mine = find_mine(session, self.mine)
            assert mine is not None
            return open_case(
                session, procedure=procedure, mine=mine, actor=actor_named(session, user),
                occurred_on=date.fromisoformat(on), fields=fields, source="演示数据",
            ).number  # fmt: skip

    def take(
        self, case: str, trigger: str, on: str, *, user: str = "office", without: str = "", **fields: Any
    ) -> CaseView:
        """Takes a step with all the evidence its card asks for, `without` one piece where a test wants that."""
        with freeze_time(at_nine(on)), self.office.writing() as session:
            view = find_case(session, case)
            step = view.procedure.step(trigger)
            assert step is not None, trigger
            files = {e.name: (self.office.store.put(self._scan(f"{case}-{e.name}")),) for e in step.evidence
                     if e.name != without}  # fmt: skip
            return advance(
                session, case, trigger, actor=actor_named(session, user), occurred_on=date.fromisoformat(on),
                fields=fields, evidence=files,
            )  # fmt: skip

    def refused(self, case: str, trigger: str, on: str, **given: Any) -> tuple[Blocker, ...]:
        """The blockers of a step that must not be possible; asserts that nothing changed."""
        before = self.view(case)
        try:
            self.take(case, trigger, on, **given)
        except StepRefused as refusal:
            assert self.view(case) == before
            return refusal.blockers
        raise AssertionError(f"{trigger} should have been refused")

    def rejected(self, case: str, trigger: str, on: str, **given: Any) -> str:
        """What is answered to an entry that does not fit the case at all; asserts that nothing changed."""
        before = self.view(case)
        try:
            self.take(case, trigger, on, **given)
        except (BadInput, NotFound) as error:
            assert self.view(case) == before
            return str(error)
        raise AssertionError(f"{trigger} should have been rejected")

    def _scan(self, name: str) -> Path:
        path = self.folder / f"{name.replace('/', '_')}.pdf"
        path.write_bytes(b"%PDF-1.4 " + name.encode())
        return path

    def correct(self, case: str, on: str, reason: str, *, user: str = "office") -> CaseView:
        with freeze_time(at_nine(on)), self.office.writing() as session:
            return correct(session, case, actor=actor_named(session, user), on=date.fromisoformat(on), reason=reason)

    def fill(self, case: str, name: str, value: str, on: str, *, user: str = "office") -> CaseView:
        with freeze_time(at_nine(on)), self.office.writing() as session:
            return record_value(
                session,
                case,
                name,
                value,
                actor=actor_named(session, user),
                on=date.fromisoformat(on),
                source="演示数据",
            )

    def view(self, case: str) -> CaseView:
        with self.office.reading() as session:
            return find_case(session, case)

    def state(self, case: str) -> str:
        return self.view(case).state

    def file(self, case: str, on: str) -> dict[str, Any]:
        with self.office.reading() as session:
            return case_file(session, case, date.fromisoformat(on))

    def tracks(self, case: str, procedure: str) -> list[str]:
        return [t.number for t in self.view(case).tracks if t.procedure == procedure]

    def due(self, case: str, trigger: str) -> date | None:
        return next(s.due_on for s in self.view(case).slots if s.trigger == trigger)

    def dues(self, case: str) -> dict[str, date | None]:
        """All running deadlines of a case."""
        return {s.trigger: s.due_on for s in self.view(case).slots}

    def papers(self, case: str, on: str) -> dict[str, str]:
        """Documents on file by kind, each with its status; of several of a kind the newest."""
        return {d["kind"]: d["status"] for d in self.file(case, on)["documents_on_file"]}

    def rows(self, query: Any) -> list[Any]:
        """What the database holds, for a look behind the screen."""
        with self.office.reading() as session:
            return list(session.exec(query).all())

    def morning(self, day: str) -> dict[str, int]:
        """The sweep and delivery of one morning."""
        with freeze_time(at_nine(day)):
            counts = self.office.sweep(date.fromisoformat(day))
            self.office.deliver(by_hand=True)
        return counts

    def mails(self, organ: str = "*") -> list[Path]:
        return sorted(self.office.settings.mailbox.glob(f"{organ}/*.eml"))

    def sound(self) -> None:
        """The history must recompute and replay without a breach."""
        with self.office.reading() as session:
            assert list(verify(session)) == []
