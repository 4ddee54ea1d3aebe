"""What is written for many mines at once is what would be written one by one."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from sqlmodel import select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import TOWNSHIP, Story
from tests.workflow.dump import everything
from workflow.audit import verify
from workflow.engine import open_case
from workflow.errors import Conflict
from workflow.models import Case, Mine
from workflow.opening_many import open_first_cases
from workflow.recording import entry_rank, moved_by, record_many
from workflow.records import record_values
from workflow.register import NewMine, register_mine, register_mines
from workflow.views import Actor

CLERK = Actor("office", "group_office")
ON = date(2025, 4, 1)
#: A deadline that hangs on it, an open value, a permit, an organ, a column, and what is plainly kept.
VALUES: dict[str, dict[str, Any]] = {
    "2-1": {"valid_to": "2025-06-30", "remaining_life": "3"},
    "2-4": {"safety_permit_number": "演 1", "township_id": TOWNSHIP, "production_status": "停产"},
    "2-5": {"valid_to": "2026-06-30", "discharge_permit_number": "演 2", "is_mining": "no"},
    "3-2": {"mineral_use": "建筑石料", "mineral": "白云岩"},
}


def prepared(office: Office, folder: Path) -> Office:
    Story(office, folder).register("演示矿")
    return office


def test_many_mines_are_written_as_one_by_one(new_office: Callable[[], Office], tmp_path: Path) -> None:
    one, many = prepared(new_office(), tmp_path), prepared(new_office(), tmp_path)
    with freeze_time(at_nine("2025-04-01")):
        with one.writing() as session:
            for case, values in VALUES.items():
                record_values(session, case, values, actor=CLERK, on=ON, source="演示文件")
        with many.writing() as session:
            ids = dict(session.exec(select(Mine.code, Mine.id)).all())
            given = {ids[code] or 0: values for code, values in VALUES.items()}
            foretold = moved_by(session, given)
            moved = record_many(session, given, actor=CLERK, on=ON, source="演示文件")

    left, right = everything(one.engine), everything(many.engine)
    # The settings carry a random revision.
    assert {**left, "setting": []} == {**right, "setting": []}
    assert moved
    assert [(m.case.number, m.after.due_on) for m in foretold] == [(m.case.number, m.after.due_on) for m in moved]
    with many.reading() as session:
        assert list(verify(session)) == []


def test_values_that_changed_meanwhile_stop_the_whole(office: Office) -> None:
    before = everything(office.engine)
    with pytest.raises(Conflict, match="刚刚被他人更新"), office.writing() as session:
        ids = dict(session.exec(select(Mine.code, Mine.id)).all())
        given: Any = {ids["2-1"]: {"scale": "12"}, ids["2-2"]: {"scale": "6"}}
        seen: Any = {ids["2-1"]: {"scale": "10"}, ids["2-2"]: {"scale": "4"}}
        record_many(session, given, actor=CLERK, on=ON, source="演示", seen=seen)
    assert everything(office.engine) == before


def test_many_new_mines_are_opened_as_one_by_one(new_office: Callable[[], Office]) -> None:
    typed = {
        "holder": "演示公司",
        "mineral": "砂岩",
        "licence_number": "C1405002016117130149999",
        "valid_to": "2026-01-01",
    }
    new = [NewMine("演示甲矿", typed, "演示"), NewMine("演示区块", {"mineral": "砂岩"}, "演示", block=True)]
    asked: dict[str, dict[str, Any]] = {"intake": {}, "new_right": {"transfer_year": "2027"}}
    one, many = new_office(), new_office()
    with freeze_time(at_nine("2025-04-01")):
        with one.writing() as session:
            for (procedure, fields), given in zip(asked.items(), new, strict=True):
                mine = register_mine(session, given.name, given.typed, block=given.block, source=given.source)
                open_case(
                    session, procedure=procedure, mine=mine, actor=CLERK, occurred_on=ON, fields=fields, source="演示"
                )
        with many.writing() as session:
            mines = register_mines(session, new)
            for (procedure, fields), mine_view in zip(asked.items(), mines, strict=True):
                open_first_cases(session, procedure, [(mine_view, fields, "演示")], actor=CLERK, on=ON)
    assert everything(one.engine) == everything(many.engine)
    with many.reading() as session:
        assert {case.number for case in session.exec(select(Case).where(Case.source == "演示"))} == {"M-1", "M-2"}
        assert list(verify(session)) == []


def test_a_running_case_takes_the_entry_before_a_closed_one_and_its_route_before_a_track() -> None:
    cases = [
        ("restoration", ON, 4), ("closure", ON, 3), ("restoration", None, 2), ("closure", None, 1), ("closure", None, 5),
    ]  # fmt: skip
    assert all(lower < higher for lower, higher in pairwise(entry_rank(*case) for case in cases))
