"""A mine's story, told step by step: what a test says is what a clerk does, day by day."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from freezegun import freeze_time
from sqlmodel import Session, col, select

from notifications.documents.errors import DocumentError
from office.papers.papers import draw, form, issue_many
from office.running.installation import Office
from states.documents import BY_ID, DocumentKind
from states.kernel import Blocker
from tests.conftest import at_nine
from workflow.audit import verify
from workflow.correction import correct
from workflow.engine import advance, open_case
from workflow.errors import BadInput, NotFound, StepRefused
from workflow.issuing import paper_of, type_values
from workflow.ledger import case_file, find_case
from workflow.models import Case, Document, Mine, Organ
from workflow.numbering import UNNUMBERED, add_series, series_for
from workflow.numbering import series_of as register_of
from workflow.records import record_value
from workflow.register import actor_named, add_organ, register_mine
from workflow.views import Actor, CaseView

TOWNSHIP = "township_demo"
TYPED = {
    "mine.licence_number": "C1405002016117130149999", "mine.mineral": "石灰岩", "mine.holder": "演示矿业公司",
    "publicity_from": "2026-11-11", "publicity_to": "2026-11-20",
}  # fmt: skip


def account_of(issuer_id: str) -> str:
    """The account that issues for an organ; holders and the county government have the office do it."""
    return "office" if issuer_id in ("holder", "county_government", "group_office") else issuer_id


def number_series(session: Session, kind: DocumentKind, organ_id: str) -> None:
    """A fictional 代字 of an organ's own, registered once."""
    if kind.form not in (*UNNUMBERED, "表单") and series_for(session, kind, organ_id) is None:
        taken = len(register_of(session))
        word = "演" + "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in f"{taken:02}")
        add_series(session, word, organ_id, [], actor=Actor("office", "group_office"), source="演示数据")


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
        self._issue_what_is_served(case, trigger)
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
        self._issue_what_is_served(case, trigger)
        before = self.view(case)
        try:
            self.take(case, trigger, on, **given)
        except StepRefused as refusal:
            assert self.view(case) == before
            return refusal.blockers
        raise AssertionError(f"{trigger} should have been refused")

    def rejected(self, case: str, trigger: str, on: str, **given: Any) -> str:
        """What is answered to an entry that does not fit the case at all; asserts that nothing changed."""
        self._issue_what_is_served(case, trigger)
        before = self.view(case)
        try:
            self.take(case, trigger, on, **given)
        except (BadInput, NotFound) as error:
            assert self.view(case) == before
            return str(error)
        raise AssertionError(f"{trigger} should have been rejected")

    def _issue_what_is_served(self, case: str, trigger: str) -> None:
        """What a step proves served was issued before, on the day of its draft."""
        with self.office.reading() as session:
            view = find_case(session, case)
            step = view.procedure.step(trigger)
            wanted = step.settles if step and view.state in step.sources else ()
            drafts = session.exec(
                select(Document.kind, Document.drafted_on).where(
                    Document.case_id == view.id, col(Document.kind).in_(wanted), Document.status == "draft"
                )
            ).all()
        for kind, day in drafts:
            self.issue(case, kind, day.isoformat())

    def draft(self, case: str, kind: str) -> Document:
        """The newest draft of a kind in a case."""
        with self.office.reading() as session:
            found = session.exec(
                select(Document).join(Case, col(Document.case_id) == Case.id)
                .where(Case.number == case, Document.kind == kind, Document.status == "draft")
                .order_by(col(Document.id).desc())
            ).first()  # fmt: skip
            assert found is not None, f"{case} has no draft of {kind}"
            session.expunge(found)
            return found

    def issue(self, case: str, kind: str, on: str, **typed: str) -> Document:
        """Issues the newest draft of a kind, with a number of a fictional series where it carries one."""
        document = self.draft(case, kind)
        assert document.id is not None
        user = account_of(document.issuer_id)
        with freeze_time(at_nine(on)):
            with self.office.writing() as session:
                number_series(session, BY_ID[kind], document.issuer_id)
                known = {**self._typed(session, document.id), **typed}
                if known:
                    type_values(session, document.id, known, actor=actor_named(session, user))
            (result,) = issue_many(self.office, [document.id], on=date.fromisoformat(on), user=user)
        assert not result.problem, result.problem
        with self.office.reading() as session:
            issued = session.get_one(Document, document.id)
            session.expunge(issued)
            return issued

    def _typed(self, session: Session, document_id: int) -> dict[str, str]:
        """What the clerk types into the papers that ask for it: a story's mine may be registered by its name alone."""
        missing = form(self.office, session, document_id).missing
        return {name: TYPED[name] for name, _ in missing if name in TYPED}

    def unwritten(self) -> dict[str, str]:
        """Drafts that steps of the mine's cases have made and that could not be written as they stand: which -> why.

        What an escalation drafts is left out: its reasons are for a person to state.
        """
        found = {}
        with self.office.reading() as session:
            drafts = session.exec(
                select(Document, Case.number).join(Case, col(Document.case_id) == Case.id)
                .join(Mine, col(Case.mine_id) == Mine.id)
                .where(Mine.code == self.mine, Document.status == "draft", col(Document.event_seq).is_not(None))
            ).all()  # fmt: skip
            for document, number in drafts:
                assert document.id is not None
                typed = {**self._typed(session, document.id), **document.data}
                paper = replace(paper_of(session, document, on=document.drafted_on), typed=typed)
                try:
                    for suffix in (".docx", ".pdf"):
                        draw(self.office, session, paper, suffix)
                except DocumentError as problem:
                    found[f"{number} {document.kind}"] = str(problem)
        return found

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
        """The history must recompute and replay without a breach, and every draft can be written as it stands."""
        with self.office.reading() as session:
            assert list(verify(session)) == []
        problems = self.unwritten()
        assert not problems, problems
