"""An uploaded workbook: its columns assigned where need be, looked at cell by cell, then taken in whole or dropped."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Response

from office.sheets.changes_sheet import changes_sheet
from office.sheets.columns import COLUMNS, STAMP
from office.sheets.comparison import CellChange, Comparison, RowChange
from office.sheets.importing import (
    LAYOUTS,
    STATUSES,
    Look,
    assign,
    confirm,
    drop,
    find_import,
    look,
    look_again,
    sheets_of,
    uploaders,
)
from office.sheets.marked import marked_workbook
from office.sheets.reading import column_name
from web.desk import OFFICE, XLSX, Desk
from workflow.errors import BadInput, Conflict
from workflow.models import SheetImport

router = APIRouter()
#: Changes and problems, and rows to decide about, that a page lists; the workbooks to take away have all of them.
LISTED, ASKED = 200, 100


@router.get("/sheets/{id}")
def preview(desk: Annotated[Desk, OFFICE], id: int) -> Response:
    return _preview(desk, id)


@router.post("/sheets/{id}")
def take(desk: Annotated[Desk, OFFICE], id: int) -> Response:
    """All of it or nothing, and only what was looked at."""
    form = desk.form
    try:
        sheets = sheets_of(desk.office.store, find_import(desk.session, id))
        with desk.writing() as session:
            result = confirm(
                session, id, sheets, seen=form.text("seen"), typed=form.group("row-"), every_stale=form.text("every_stale"),
                every_near=form.text("every_near"), actor=desk.person.actor, today=desk.today, now=desk.now,
            )  # fmt: skip
    except Conflict as error:
        return _preview(desk, id, problem=str(error), status=409)
    except BadInput as error:
        return _preview(desk, id, problem=str(error), status=422)
    return desk.go(
        f"/sheets/{id}",
        f"已导入：新登记 {len(result.new)} 座矿山，改动 {len(result.changed)} 座矿山的 {result.values} 项内容。",
    )


def _preview(desk: Desk, id: int, *, problem: str = "", status: int = 200) -> Response:
    with desk.office.reading() as fresh:
        row = find_import(fresh, id)
        if row.status != "waiting":
            return _ended(desk, row, problem, status)
        try:
            found = look_again(fresh, desk.office.store, row, desk.today)
        except BadInput as error:
            return (
                _columns(desk, row, _unassigned(desk, row), str(error), 422) if row.mapping else _lost(desk, row, error)
            )
        if found.comparison is None:
            return _columns(desk, row, found, problem, status)
        return desk.page(
            "sheets_preview.html.j2", status, row=row, found=found, comparison=found.comparison, problem=problem,
            layouts=LAYOUTS, listed=LISTED, asked=ASKED, typed=desk.form.group("row-"), every=desk.form.text,
            changes=list(islice(_changes(found.comparison), LISTED)), **_totals(found.comparison),
        )  # fmt: skip


def _changes(comparison: Comparison) -> Iterator[tuple[RowChange, CellChange]]:
    """Cell by cell; what rows that need a decision would change stands beside the choice."""
    return ((row, cell) for row in comparison.rows if not row.undecided for cell in row.cells)


def _totals(comparison: Comparison) -> dict[str, Any]:
    return {
        "stale": [row for row in comparison.rows if row.stale], "near": [row for row in comparison.rows if row.near],
        "noted": [(row, note) for row in comparison.rows for note in row.notes][:LISTED],
        "cells": sum(row.size for row in comparison.rows if not row.undecided),
    }  # fmt: skip


def _ended(desk: Desk, row: SheetImport, problem: str, status: int) -> Response:
    return desk.page(
        "sheets_done.html.j2", status, row=row, problem=problem, layouts=LAYOUTS, statuses=STATUSES,
        people=uploaders(desk.session, [row]),
    )  # fmt: skip


def _lost(desk: Desk, row: SheetImport, error: BadInput) -> Response:
    return desk.page(
        "sheets_done.html.j2", 422, row=row, problem=str(error), layouts=LAYOUTS, statuses=STATUSES,
        people=uploaders(desk.session, [row]),
    )  # fmt: skip


@router.get("/sheets/{id}/columns")
def columns(desk: Annotated[Desk, OFFICE], id: int) -> Response:
    """The columns as they are assigned now, to be assigned differently; a layout of ours has none to assign."""
    row = find_import(desk.session, id)
    if row.status != "waiting":
        return desk.go(f"/sheets/{id}")
    found = look_again(desk.session, desk.office.store, row, desk.today)
    return _columns(desk, row, found, "", 200) if found.heads else desk.go(f"/sheets/{id}")


@router.post("/sheets/{id}/columns")
def assign_columns(desk: Annotated[Desk, OFFICE], id: int) -> Response:
    """Looked at with these columns before they are kept."""
    row = find_import(desk.session, id)
    sheet = desk.form.text("sheet")
    try:
        chosen = _chosen(desk)
        look_again(desk.session, desk.office.store, row, desk.today, {"sheet": sheet, "columns": chosen})
        with desk.writing() as session:
            assign(session, id, sheet, chosen)
    except BadInput as error:
        return _columns(desk, row, _unassigned(desk, row), str(error), 422)
    return desk.go(f"/sheets/{id}", "已按指定的各列对比；确认导入后，系统会记住这种表头。")


def _chosen(desk: Desk) -> dict[str, int]:
    """Value -> place of its column. Raises BadInput for one that is chosen twice."""
    found: dict[str, int] = {}
    for place, name in desk.form.group("column-").items():
        if name in found:
            label = COLUMNS[name].head if name in COLUMNS else name[:40]
            raise BadInput(f"有两列都指定成了“{label}”：请每项内容只指定一列。")
        if place.isascii() and place.isdigit() and len(place) < 5:
            found[name] = int(place)
    return found


def _unassigned(desk: Desk, row: SheetImport) -> Look:
    return look(desk.session, sheets_of(desk.office.store, row), desk.today)


def _columns(desk: Desk, row: SheetImport, found: Look, problem: str, status: int) -> Response:
    typed = desk.form.group("column-")
    chosen = {int(p): n for p, n in typed.items() if p.isdigit() and len(p) < 5} if typed else {
        place: name for name, place in (found.columns or {}).items()
    }  # fmt: skip
    heads = [(place, column_name(place), head) for place, head in enumerate(found.heads) if head]
    choices = [(name, column.head) for name, column in COLUMNS.items() if name != STAMP]
    return desk.page(
        "sheets_columns.html.j2", status, row=row, sheet=found.sheet, heads=heads, choices=choices, chosen=chosen,
        problem=problem,
    )  # fmt: skip


@router.post("/sheets/{id}/drop")
def give_up(desk: Annotated[Desk, OFFICE], id: int) -> Response:
    with desk.writing() as session:
        drop(session, id, desk.now)
    return desk.go("/sheets", "已放弃这次导入，没有写入任何内容。")


@router.get("/sheets/{id}/marked.xlsx")
def marked(desk: Annotated[Desk, OFFICE], id: int) -> Response:
    """The upload itself with the bad cells marked, to be corrected and uploaded again."""
    row, found = _looked(desk, id)
    assert found.comparison is not None
    data = marked_workbook(found.sheets, found.comparison.problems)
    return desk.file(data, f"{row.filename.rpartition('.')[0]}-标出问题.xlsx", XLSX)


@router.get("/sheets/{id}/changes.xlsx")
def changes(desk: Annotated[Desk, OFFICE], id: int) -> Response:
    """Every change that the upload would make."""
    row, found = _looked(desk, id)
    assert found.comparison is not None
    data = changes_sheet(found.comparison, f"“{row.filename}”导入前的逐项对比", f"对比时间：{desk.today}")
    return desk.file(data, f"{row.filename.rpartition('.')[0]}-逐项对比.xlsx", XLSX)


def _looked(desk: Desk, id: int) -> tuple[SheetImport, Look]:
    row = find_import(desk.session, id)
    found = look_again(desk.session, desk.office.store, row, desk.today)
    if found.comparison is None:
        raise BadInput("还没有指定各列是什么，没有可下载的对比：请先指定。")
    return row, found
