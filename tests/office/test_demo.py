"""演示县: plays to its end, shows every state, names nothing real, and its record is sound."""

from datetime import datetime, time
from pathlib import Path

import pytest
from sqlmodel import col, select

from office.running.installation import Office
from states.registry import PROCEDURES
from tests.county import troubles
from workflow import clock
from workflow.audit import verify
from workflow.beat import beat
from workflow.clock import OFFICE
from workflow.models import Case, Document, Event, Mine, Notice, Organ
from workflow.plan import read_plan


def test_it_plays_without_a_hitch(county_home: Path) -> None:
    assert troubles(county_home) == []


def test_every_state_of_every_procedure_is_shown(county: Office) -> None:
    with county.reading() as session:
        shown = set(session.exec(select(Case.procedure, Case.state)).all())
    assert {(p.id, s.id) for p in PROCEDURES.values() for s in p.states} - shown == set()


def test_everything_in_it_is_marked_as_fictional(county: Office) -> None:
    real = read_plan(county.settings.plan)
    names = {row.name for row in real.rows} | {row.holder for row in real.rows if row.holder}
    with county.reading() as session:
        found = session.exec(select(Mine)).all()
        assert all(mine.demo and mine.name.startswith("演示") for mine in found)
        assert not {mine.name for mine in found} & names
        assert not [organ.name for organ in session.exec(select(Organ)) if "阳城" in organ.name]


def test_its_history_is_sound_and_lies_in_the_past(county: Office) -> None:
    with county.reading() as session:
        assert list(verify(session)) == []
        assert session.exec(select(Event.occurred_on).order_by(col(Event.occurred_on).desc())).first() <= clock.today()  # type: ignore[operator]
        assert len(session.exec(select(Document).where(Document.status == "served")).all()) > 20
        assert len(session.exec(select(Notice).where(Notice.status == "sent")).all()) > 100


def test_the_folder_holds_what_the_record_names(county: Office) -> None:
    assert county.store.damaged() == []


@pytest.mark.parametrize("hour", [0, 9, 14, 23])
def test_it_opens_without_a_halted_scheduler_at_any_hour(county: Office, hour: int) -> None:
    opened = datetime.combine(clock.today(), time(hour, 59), OFFICE)
    with county.writing() as session:
        assert beat(session, max(opened, clock.now())) == ""
