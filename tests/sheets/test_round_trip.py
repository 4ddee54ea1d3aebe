"""Export, edit any cells that may be edited, import, export: the second export is the edit and nothing else."""

from collections.abc import Callable
from datetime import date
from typing import Any

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from office.running.installation import Office
from office.sheets.cells import canonical
from office.sheets.columns import COLUMNS, SHOWN, STAMP, SURVEY, SheetColumn
from office.sheets.difference import compare
from office.sheets.reading import read_workbook
from office.sheets.taking_in import take_in
from tests.conftest import at_nine
from tests.sheets.test_difference import DAY, ledger
from tests.sheets.workbooks import edited
from tests.workflow.dump import everything
from workflow.views import Actor

CLERK = Actor("office", "group_office")
HEAD_ROW = 4
_TEXTS = st.text(
    st.sampled_from("矿山东西南北石灰岩处罚整改〔〕（）。，0123AZaz －窰"), min_size=1, max_size=30
).filter(lambda text: text == text.strip() and text not in {"－", "无"} and canonical(SURVEY[1], text))
_CODES = (
    st.integers(0, 10**9 - 1).map(lambda n: f"91140522{n:09d}").map(lambda body: body + uscc.calc_check_digit(body))
)


def values_for(column: SheetColumn) -> st.SearchStrategy[Any]:
    """What a clerk may type under a head."""
    if column.kind == "township":
        return st.sampled_from(["河北镇", "东冶镇"])
    if column.name == "business_licence_number":
        return _CODES
    if column.field.type == "date":
        first, last = (2000, 2014) if column.name == "valid_from" else (2025, 2040)
        return st.dates(date(first, 1, 1), date(last, 12, 31))
    if column.field.type == "number":
        return st.one_of(st.integers(0, 10**6), st.decimals(0, 10**6, places=3).map(float))
    return st.sampled_from(sorted((column.field.choices or {}).values())) if column.field.choices else _TEXTS


EDITABLE = [column.name for column in SURVEY if column.editable and column.kind not in ("village", "licence")]
EDITS = st.lists(st.tuples(st.integers(0, 12), st.sampled_from(EDITABLE)), min_size=1, max_size=8, unique=True).flatmap(
    lambda wanted: st.fixed_dictionaries({key: values_for(COLUMNS[key[1]]) for key in wanted})
)
#: What taking values in writes: the values, the history with its chain, and what hangs on the values.
WRITTEN = {"mine", "event", "chain", "proceeding", "open_value", "permit", "deadline", "deadline_change"}


def cells(export: bytes) -> list[dict[str, Any]]:
    """The mines of an export as it reads, without what the program works out itself."""
    sheet = read_workbook(export, "a.xlsx")[0]
    heads = sheet.rows[HEAD_ROW - 1]
    named = {column.head: column.name for column in SURVEY if column.name not in (STAMP, *SHOWN)}
    return [
        {named[head]: cell for head, cell in zip(heads, row, strict=True) if head in named}
        for row in sheet.rows[HEAD_ROW:]
    ]  # fmt: skip


@settings(max_examples=13, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS)
def test_the_second_export_is_the_edit_and_nothing_else(new_office: Callable[[], Office], edits: Any) -> None:
    small = new_office()
    export, rows = ledger(small), everything(small.engine)
    before = cells(export)
    names = [row["name"] for row in before]
    data = edited(export, {(names[at], COLUMNS[name].head): value for (at, name), value in edits.items()})
    sheets = read_workbook(data, "a.xlsx")
    with freeze_time(at_nine("2026-11-23")), small.writing() as session:
        found = compare(session, sheets, today=DAY)
        assert found.problems == ()
        take_in(session, found, {}, actor=CLERK, on=DAY, source="演示", filename="a.xlsx")

    wanted = [dict(row) for row in before]
    for (at, name), value in edits.items():
        wanted[at][name] = value
    assert cells(ledger(small)) == wanted

    after = everything(small.engine)
    assert {name for name in rows if rows[name] != after[name]} <= WRITTEN
    touched = {names[at] for at, _ in edits}
    untouched = [[row for row in table if not touched & set(map(str, row))] for table in (rows["mine"], after["mine"])]
    assert untouched[0] == untouched[1]
    assert len(after["event"]) - len(rows["event"]) == found.counts["changed"] <= len(touched)
    with small.reading() as session:
        assert compare(session, sheets, today=DAY).changes_nothing
