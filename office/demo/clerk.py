"""The clerk of the demonstration county: takes a step as its card asks, and writes the papers that belong to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlmodel import Session, col, select

from office.demo.county import COUNTY
from office.demo.phrases import phrase
from office.papers.papers import fill, form, issue_many
from office.running.installation import Office
from states import documents
from states import parties as p
from states.fields import Field
from states.kernel import Step
from states.registry import PROCEDURES
from workflow.context import context_of
from workflow.engine import advance
from workflow.ledger import find_case
from workflow.models import Case, Document, Organ, User
from workflow.numbering import UNNUMBERED, add_series, series_for
from workflow.register import actor_named
from workflow.views import Actor, CaseView, StoredFile, resolve

#: Papers of the last weeks stay drafts, so that there is something to issue.
_LEFT_AS_DRAFTS = timedelta(days=25)
_WORDS = {
    "natural_resources": "演自然资", "emergency": "演应急", "ecology": "演环", "group_office": "演整治办",
    "working_group": "演整治", "county_government": "演政", "approval": "演审批",
}  # fmt: skip
_SETTLED = {kind for procedure in PROCEDURES.values() for step in procedure.steps for kind in step.settles}
#: Values that a card leaves to the case, and that these cases need.
_ALSO = ("planning_basis",)
_PAPER = "演示材料（虚构）：{}\n"


@dataclass
class Clerk:
    """Works through the county's days; every entry is made by an account of the organ that leads the step."""

    office: Office
    today: date
    serial: int = 0
    #: Papers that could not be written as they stand, with the reason; none is expected.
    troubles: list[str] = field(default_factory=list)

    def take(self, number: str, trigger: str, on: date, start: date, given: Mapping[str, str]) -> None:
        """One step with all that its card asks for."""
        with self.office.writing() as session:
            view = find_case(session, number)
            step = view.procedure.step(trigger)
            assert step is not None, (number, trigger)
            fields = {
                f.name: self._value(f, on, start, given)
                for f in step.fields
                if f.required or f.name in (*given, *_ALSO)
            }
            evidence = {e.name: (self._scan(f"{number} {e.label}", e.label),) for e in step.evidence}
            actor = self._actor(session, view, step, fields, on)
            advance(session, number, trigger, actor=actor, occurred_on=on, fields=fields, evidence=evidence)
        self.write_papers(on)

    def _value(self, asked: Field, on: date, start: date, given: Mapping[str, str]) -> str:
        text = given.get(asked.name, "")
        if text.startswith("+"):
            return (start + timedelta(days=int(text))).isoformat()
        if text:
            return text
        self.serial += 1
        if asked.type == "date":
            return (on - timedelta(days=1) if asked.past else on + timedelta(days=60)).isoformat()
        if asked.choices:
            return next(iter(asked.choices))
        plain = {
            "yes": "是", "document_number": f"演政函〔{on.year}〕{self.serial}号", "days": "10", "money": "500000",
            "number": str(on.year if asked.unit == "年" and (asked.low or 0) > 1000 else 60),
        }  # fmt: skip
        return plain.get(asked.type) or phrase(asked)

    def _scan(self, name: str, label: str) -> StoredFile:
        return self.office.store.take(f"{label}（演示）.txt", _PAPER.format(name).encode())

    def _actor(self, session: Session, view: CaseView, step: Step, fields: Mapping[str, str], on: date) -> Actor:
        facts = view.judged(context_of(session), on, fields)
        for party in (step.lead, *step.cooperating):
            organ = resolve(party, facts)
            if organ and party not in (p.HOLDER, p.REGISTRAR) and session.get(User, organ) is not None:
                return actor_named(session, organ)
        return actor_named(session, "office")

    def write_papers(self, on: date) -> None:
        """Issues what a later step will prove served, and of the older drafts whatever can be written."""
        with self.office.reading() as session:
            query = select(Document).where(Document.status == "draft", col(Document.drafted_on) == on)
            drafts = [(row.id or 0, row.kind, row.issuer_id) for row in session.exec(query)]
        for document_id, kind, issuer in drafts:
            if kind in _SETTLED or on < self.today - _LEFT_AS_DRAFTS:
                self._issue(document_id, documents.BY_ID[kind], issuer, on, needed=kind in _SETTLED)

    def _issue(self, document_id: int, kind: documents.DocumentKind, issuer: str, on: date, *, needed: bool) -> None:
        account = "office" if issuer in ("holder", "county_government", "group_office") else issuer
        with self.office.writing() as session:
            if session.get(User, account) is None:
                return
            if kind.form not in (*UNNUMBERED, "表单") and series_for(session, kind, issuer) is None:
                word = _WORDS.get(issuer) or f"演{session.get_one(Organ, issuer).name.removeprefix(COUNTY)[:2]}"
                word += "发"
                add_series(session, word, issuer, [], actor=Actor("office", p.GROUP_OFFICE.id), source="演示数据")
            missing = form(self.office, session, document_id).missing
        if missing:
            fill(self.office, document_id, {name: _typed(name, label, on) for name, label in missing}, user=account)
        (result,) = issue_many(self.office, [document_id], on=on, user=account)
        if result.problem and needed:
            self.troubles.append(f"{result.case} {result.title}：{result.problem}")


def _typed(name: str, label: str, on: date) -> str:
    if name.endswith(("_from", "_on", "_by", "_to")):
        return (on + timedelta(days=10)).isoformat()
    return {"mine.licence_number": "C1499992016117130149999"}.get(name, phrase(Field(name, label)))


def tracks_of(session: Session, parent: str, procedure: str) -> list[str]:
    """Cases of a procedure that were opened under another, oldest first."""
    case = session.exec(select(Case.id).where(Case.number == parent)).one()
    query = select(Case.number).where(Case.parent_id == case, Case.procedure == procedure).order_by(col(Case.id))
    return list(session.exec(query))
