"""演示县: plays to its end, shows every state, names nothing real, and its record is sound."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from freezegun import freeze_time
from sqlmodel import col, select

from office.demo import play
from office.installation import Office
from office.settings import from_environment
from states.registry import PROCEDURES
from tests.conftest import at_nine
from workflow.audit import verify
from workflow.models import Case, Document, Event, Mine, Notice, Organ
from workflow.plan import read_plan

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Played once: it takes some seconds."""
    home = tmp_path_factory.mktemp("demo")
    office = Office(replace(from_environment(), home=home, database_url=f"sqlite:///{home}/demo.db", smtp_url=""))
    with freeze_time(at_nine(TODAY)):
        troubles = play(office, TODAY)
    assert troubles == []
    yield office
    office.close()


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
        assert session.exec(select(Event.occurred_on).order_by(col(Event.occurred_on).desc())).first() <= TODAY  # type: ignore[operator]
        assert len(session.exec(select(Document).where(Document.status == "served")).all()) > 20
        assert len(session.exec(select(Notice).where(Notice.status == "sent")).all()) > 100


def test_the_folder_holds_what_the_record_names(county: Office) -> None:
    assert county.store.damaged() == []
    assert isinstance(county.settings.home, Path)
