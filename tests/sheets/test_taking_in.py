"""A sheet is taken in whole, with what people decided, or not at all."""

from datetime import date
from typing import Any

import pytest
from freezegun import freeze_time
from sqlmodel import col, select

from office.running.installation import Office
from office.sheets.comparison import KEEP, NEW, SHEET, Result
from office.sheets.difference import compare
from office.sheets.reading import SheetCells, read_workbook
from office.sheets.taking_in import take_in
from tests.conftest import at_nine
from tests.sheets.tables import annex2, annex3, survey
from tests.sheets.test_difference import LICENCE, SHANREN, ledger, looked, stored
from tests.sheets.workbooks import edited
from tests.workflow.dump import everything
from workflow.audit import verify
from workflow.errors import BadInput, CaseFileError, Conflict
from workflow.models import Case, Event, Mine, OpenValue, Permit
from workflow.records import record_value
from workflow.views import Actor

CLERK = Actor("office", "group_office")
ON = date(2026, 11, 23)
HOLDER = "阳城县河北镇北梁村民委员会"


def taken(
    office: Office, sheets: tuple[SheetCells, ...], decisions: dict[int, str] | None = None, *, seen: str = ""
) -> Result:
    with freeze_time(at_nine("2026-11-23")), office.writing() as session:
        found = compare(session, sheets, today=ON)
        return take_in(
            session, found, decisions or {}, actor=CLERK, on=ON, source="演示来文", filename="演示.xlsx", seen=seen
        )


def test_a_ledger_becomes_values_mines_and_one_entry_for_each(office: Office) -> None:
    sheets = survey(
        [1, SHANREN, HOLDER, LICENCE, "砂岩", "河北镇", 12, "2025.1.2", "否", 3],
        [2, "演示新矿", "演示新公司", "C1405002020017130999999", "砂岩", "河北镇", 30, date(2030, 1, 1), "是", 8],
    )
    result = taken(office, sheets)
    assert (result.new, result.changed, result.values) == (("M-1",), ("2-1",), 3)

    with office.reading() as session:
        old, new = stored(session, "2-1"), stored(session, "M-1")
        assert (old.facts["scale"], old.facts["is_mining"], old.facts["remaining_life"]) == ("12", "no", "3")
        closed = session.exec(
            select(OpenValue).where(OpenValue.mine_id == old.id, OpenValue.name == "remaining_life")
        ).one()
        row = "演示来文（演示.xlsx，工作表“台账”第 3 行）"
        assert (closed.value, closed.filled_by, closed.source) == ("3", "office", row)
        assert (new.name, new.holder, new.township_id, new.facts["is_mining"]) == (
            "演示新矿", "演示新公司", "township_hebei", "yes",
        )  # fmt: skip
        assert new.source == "演示.xlsx 工作表“台账”第 4 行；演示来文"
        case = session.exec(select(Case).where(Case.mine_id == new.id)).one()
        assert (case.number, case.procedure, case.state) == ("M-1", "intake", "registered")
        assert session.exec(select(Permit.number).where(Permit.mine_id == new.id)).one() == "C1405002020017130999999"
        entries = session.exec(select(Event).where(Event.kind == "record").order_by(col(Event.seq))).all()
        assert [entry.data["fields"] for entry in entries] == [
            {"scale": "12", "is_mining": "no", "remaining_life": "3"}, {"is_mining": "yes", "remaining_life": "8"},
        ]  # fmt: skip
        assert [entry.data["source"] for entry in entries] == [row, row.replace("第 3 行", "第 4 行")]
        assert list(verify(session)) == []

    before = everything(office.engine)
    assert looked(office, sheets).changes_nothing
    assert taken(office, sheets) == Result((), (), 0, 0, ())
    assert everything(office.engine) == before


def test_lists_register_blocks_and_surveys_and_move_no_case(office: Office) -> None:
    taken(office, annex3([1, "演示区块", "石灰岩", 0.2, 100, "演示镇", "2027年"]))
    exits = annex2([1, "演示戊矿", "戊公司", None, "砂岩", 5, "2024.1.1-2028.1.1", None, "√", "2028年"])
    taken(office, exits)
    again = looked(office, exits)
    assert (again.changes_nothing, again.counts["same"], len(again.rows[0].notes)) == (True, 1, 1)
    with office.reading() as session:
        block, mine = stored(session, "M-1"), stored(session, "M-2")
        cases = {case.mine_id: case for case in session.exec(select(Case))}
        assert (block.kind, block.facts["location"], block.facts["area"]) == ("block", "演示镇", "0.2")
        assert (cases[block.id or 0].procedure, cases[block.id or 0].state) == ("new_right", "block_planned")
        assert cases[block.id or 0].facts == {"transfer_year": "2027"}
        assert (cases[mine.id or 0].procedure, cases[mine.id or 0].state) == ("intake", "registered")
        assert cases[mine.id or 0].facts == {"listed_way": "guided_exit", "listed_year": "2028"}
        assert mine.facts["valid_from"] == "2024-01-01"
        assert list(verify(session)) == []


@pytest.mark.parametrize(("choice", "scale"), [("2-1", "12"), (NEW, "10")])
def test_a_near_mine_is_what_a_person_says(office: Office, choice: str, scale: str) -> None:
    result = taken(office, survey([1, SHANREN, "演示别人", None, None, None, 12]), {3: choice})
    assert bool(result.new) is (choice == NEW)
    with office.reading() as session:
        mine = stored(session, "2-1")
        assert (mine.facts["scale"], mine.holder) == (scale, HOLDER)
        assert len(session.exec(select(Mine).where(Mine.name == SHANREN)).all()) == (2 if choice == NEW else 1)


@pytest.mark.parametrize(("choice", "scale"), [(SHEET, "12"), (KEEP, "11")])
def test_a_stale_row_is_decided_by_a_person(office: Office, choice: str, scale: str) -> None:
    data = edited(ledger(office), {(SHANREN, "生产规模（万吨/年）"): 12})
    with freeze_time(at_nine("2026-11-20")), office.writing() as session:
        record_value(session, "2-1", "scale", "11", actor=CLERK, on=date(2026, 11, 20), source="演示")
    sheets = read_workbook(data, "a.xlsx")
    (row,) = looked(office, sheets).rows
    assert (row.stale, row.cells[0].old, row.cells[0].new) == (True, "11", "12")

    before = everything(office.engine)
    with pytest.raises(BadInput, match="请先选定"):
        taken(office, sheets)
    assert everything(office.engine) == before
    assert taken(office, sheets, {row.row: choice}).kept == (choice == KEEP)
    with office.reading() as session:
        assert stored(session, "2-1").facts["scale"] == scale


def test_a_step_taken_since_the_export_is_no_change_of_the_sheet(office: Office) -> None:
    """State, term and stamps of the sheet are older than the case: nobody touched them, so nobody is told off."""
    data = edited(ledger(office), {(SHANREN, "生产规模（万吨/年）"): 12})
    with freeze_time(at_nine("2026-11-20")), office.writing() as session:
        record_value(session, "2-1", "valid_to", "2025-03-02", actor=CLERK, on=date(2026, 11, 20), source="演示")
    found = looked(office, read_workbook(data, "a.xlsx"))
    assert found.problems == ()
    assert [row.stale for row in found.rows] == [True]


_DOUBLE = ([1, SHANREN, "演示别人", None, None, None, 12], [2, "阳城县山人行砂岩矿", "演示丁", None, None, None, 13])


@pytest.mark.parametrize(
    ("sheets", "decisions", "seen", "error", "saying"),
    [
        (survey([1, SHANREN, HOLDER, LICENCE, "砂岩", None, "很多"]), {}, "", BadInput, "还有 1 处问题"),
        (survey([1, SHANREN, "演示别人"]), {}, "", BadInput, "可能是已登记的矿山"),
        (survey([1, SHANREN, "演示别人"]), {3: "2-2"}, "", BadInput, "可能是已登记的矿山"),
        (survey([1, SHANREN, "演示别人", None, "石灰岩"]), {3: "2-1"}, "", BadInput, "不能作为"),
        (survey(*_DOUBLE), {3: "2-1", 4: "2-1"}, "", BadInput, "第 3 行和第 4 行都选成了"),
        (survey([1, SHANREN, HOLDER, LICENCE, "砂岩", None, 12]), {}, "0" * 64, Conflict, "请重新查看对比"),
    ],
)
def test_whatever_is_open_or_wrong_nothing_is_written(
    office: Office, sheets: Any, decisions: dict[int, str], seen: str, error: type[CaseFileError], saying: str
) -> None:
    before = everything(office.engine)
    with pytest.raises(error, match=saying):
        taken(office, sheets, decisions, seen=seen)
    assert everything(office.engine) == before
