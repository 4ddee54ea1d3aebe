"""Everything that the page of one case shows, gathered in a number of statements that does not grow with its life."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from office.access.people import Person
from office.cases.case_actions import Action, actions
from office.cases.case_family import Beside, family
from office.cases.case_history import Item, Reading, Trail, items, names, notices
from office.cases.case_next import Next, Term, elsewhere, next_steps, terms
from office.cases.case_page_rows import MANY, PAPERS, PageRows, number_of_papers, rows_of_page
from office.cases.case_words import known_label, label_of, value_words
from states.kernel import Procedure
from states.permits import KINDS
from states.registry import PROCEDURES
from workflow.context import Context
from workflow.deadlines import EXTENDED
from workflow.models import (
    Attachment,
    Case,
    CasePerson,
    Deadline,
    DeadlineChange,
    Document,
    Mine,
    OpenValue,
    Opinion,
    Permit,
)  # fmt: skip
from workflow.settling import issued_days
from workflow.storage import views
from workflow.views import VOID, CaseView, party_name


@dataclass(frozen=True, slots=True)
class Fact:
    """One recorded value."""

    name: str
    label: str
    words: str
    #: Recorded by an entry of this case, so that it has a history.
    recorded: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """What is shown, in the order of the page."""

    case: Case
    mine: Mine
    view: CaseView
    procedure: Procedure
    lead: str
    licence: str
    past: Trail
    steps: list[Next]
    #: Steps of cases of another kind.
    elsewhere: frozenset[str]
    terms: list[Term]
    no_deadline: str
    actions: list[Action]
    timeline: list[Item]
    events: int
    shown: int
    waiting: Mapping[str, list[Attachment]]
    facts: list[Fact]
    permits: list[tuple[str, Permit]]
    changes: list[tuple[Deadline, DeadlineChange]]
    documents: list[Document]
    #: How many papers there are.
    papers: int
    opinions: list[tuple[Opinion, str, str]]
    parent: Beside | None
    beside: list[Beside]
    #: The whole family may be seen, so the volume of the mine may be taken out.
    may_bundle: bool
    open_values: list[tuple[OpenValue, str]]
    people: list[CasePerson]
    names: Mapping[str, str]
    organs: Mapping[str, str]

    @property
    def next(self) -> Next | None:
        """What the case waits for: the usual way; where every way on is an exceptional one, the first of them."""
        return self.steps[0] if self.steps else None

    @property
    def others(self) -> list[Next]:
        return self.steps[1:]

    @property
    def status(self) -> str:
        if not self.procedure.knows(self.view.state):
            return "已撤销"
        return "办结" if self.case.closed_on else "中止" if self.case.suspended_on else "在办"


def case_page(
    session: Session, person: Person, case: Case, context: Context, today: date, *, every: bool = False
) -> CasePage:
    """The page of a case that the caller has checked the person may see; `every` shows all entries and papers."""
    (view,) = views(session, [case])
    mine, procedure = session.get_one(Mine, case.mine_id), PROCEDURES[case.procedure]
    rows = rows_of_page(session, case, context, every=every)
    people = names(session, rows.accounts())
    others, may_bundle = family(session, person, case)
    state = procedure.state(view.state) if procedure.knows(view.state) else None
    return CasePage(
        case=case, mine=mine, view=view, procedure=procedure, past=rows.past, events=case.version,
        lead=party_name(state.lead, view.judged(context, today), context, view) if state and state.lead else "",
        licence=_licence(mine, rows.permits), terms=terms(view, today),
        steps=next_steps(view, person, context, today, set(rows.waiting), _issued(session, view)),
        elsewhere=elsewhere(view, context, today),
        no_deadline="" if view.slots or state is None or state.final else state.no_deadline,
        actions=actions(view, person, context, today, rows.past),
        timeline=_timeline(session, case, rows, people, context, every=every), shown=len(rows.events),
        waiting=rows.waiting, facts=_facts(view, mine, context), changes=rows.changes,
        documents=rows.papers if every else rows.papers[:PAPERS], papers=number_of_papers(session, case),
        permits=[(KINDS.get(permit.kind, permit.kind), permit) for permit in rows.permits],
        opinions=_opinions(session, case), parent=next((b for key, b in others if key == case.parent_id), None),
        beside=[b for key, b in others if key != case.parent_id], may_bundle=may_bundle,
        open_values=[(v, asked) for v, asked in rows.values if v.value is None and v.name not in view.facts],
        people=rows.people, names=people, organs=context.organs,
    )  # fmt: skip


def _timeline(
    session: Session, case: Case, rows: PageRows, people: Mapping[str, str], context: Context, *, every: bool
) -> list[Item]:
    """The entries and the messages between them, the newest first."""
    drafts: dict[int, list[Document]] = defaultdict(list)
    for paper in rows.papers:
        if paper.event_seq:
            drafts[paper.event_seq].append(paper)
    reading = Reading(
        case, PROCEDURES[case.procedure], context.organs, people, {value.name: value.label for value, _ in rows.values},
        rows.proving, drafts, {paper.id or 0: paper for paper in rows.papers}, rows.past.corrected,
    )  # fmt: skip
    line = [*items(reading, rows.events), *notices(session, case, rows.events, context.organs, every=every)]
    return sorted(line, key=lambda item: (item.at, item.seq), reverse=True)


def _licence(mine: Mine, permits: Sequence[Permit]) -> str:
    known = next((permit.number for permit in permits if permit.kind == "mining" and permit.number), "")
    return known or str(mine.facts.get("licence_number", ""))


def _issued(session: Session, view: CaseView) -> Mapping[str, date]:
    """Papers that steps of the procedure wait for, and the days on which they were issued."""
    settled = sorted({kind for step in view.procedure.steps for kind in step.settles})
    return issued_days(session, [view.id], settled).get(view.id, {}) if settled else {}


def _opinions(session: Session, case: Case) -> list[tuple[Opinion, str, str]]:
    """What was asked for this case (or by it), with the referral's number and the state it is in."""
    query = (
        select(Opinion, col(Case.number), col(Case.state)).join(Case, col(Opinion.case_id) == Case.id)
        .where(or_(col(Opinion.about_case_id) == case.id, col(Opinion.case_id) == case.id), col(Case.state) != VOID)
        .order_by(col(Opinion.id)).limit(MANY)
    )  # fmt: skip
    return [(opinion, number, state) for opinion, number, state in session.execute(query)]


def _facts(view: CaseView, mine: Mine, context: Context) -> list[Fact]:
    """What is known of the mine, then what the case's steps have recorded."""
    procedure, organs = view.procedure_id, context.organs
    about: dict[str, Any] = {
        "holder": mine.holder, "mineral": mine.mineral, "township_id": mine.township_id, "village_id": mine.village_id,
        **mine.facts,
    }  # fmt: skip
    found = []
    for name, value in {**about, **view.facts}.items():
        if name.startswith(EXTENDED) or value in (None, "") or not known_label(procedure, name) or name == "holder_id":
            continue
        found.append(
            Fact(name, label_of(procedure, name), value_words(procedure, name, value, organs), name in view.facts)
        )
    return found
