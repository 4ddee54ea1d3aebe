"""One upload from its first look to its end: kept, compared, taken in whole or dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, func, select

from office.sheets.comparison import KEEP, NEW, SHEET, Comparison, Result
from office.sheets.difference import compare
from office.sheets.layouts import Table, Unrecognised, find_table
from office.sheets.reading import SheetCells, being_read, read_workbook, undisturbed
from office.sheets.register import Registered, registered
from office.sheets.remembered import remember, remembered
from office.sheets.taking_in import take_in
from workflow.errors import BadInput, Conflict, NotFound
from workflow.models import SheetImport, User
from workflow.records import checked_text
from workflow.store import FileStore
from workflow.views import Actor, StoredFile

LAYOUTS = {
    "survey": "摸底台账", "annex2": "附件2样式的关闭退出名单", "annex3": "附件3样式的拟新设名单", "free": "自行指定各列的表格",
}  # fmt: skip
STATUSES = {"waiting": "待确认", "done": "已导入", "dropped": "已放弃"}
SIZE = 20
#: Moved deadlines that are kept with a finished import; the rest is counted.
_MOVES = 200
_AGAIN = "上传后系统里的数据有了变动，这次没有写入：下面是重新对比的结果，请再看一遍后确认。"


@dataclass(frozen=True, slots=True)
class Look:
    """A workbook as it stands against what is stored just now."""

    sheets: tuple[SheetCells, ...]
    #: None where a person has to assign the columns first.
    comparison: Comparison | None
    #: Its heads and what is proposed for them, where the layout is not ours.
    heads: tuple[str, ...] = ()
    columns: Mapping[str, int] | None = None
    sheet: str = ""


def read_and_look(
    session: Session, data: bytes, filename: str, today: date, mapping: Mapping[str, Any] | None = None
) -> Look:
    """Reads a workbook, and what is registered while that goes on. Raises BadInput."""
    # As one piece: between reading and comparing the collector of cycles would look through every cell.
    with undisturbed(), being_read(data, filename) as sheets:
        stored = registered(session)
        return look(session, sheets(), today, mapping, stored)


def look_again(session: Session, store: FileStore, row: SheetImport, today: date, mapping: Any = None) -> Look:
    """An upload of before against what is stored now, with its own columns unless others are given. Raises BadInput."""
    return read_and_look(session, _bytes_of(store, row), row.filename, today, mapping or row.mapping)


def look(
    session: Session, sheets: tuple[SheetCells, ...], today: date, mapping: Mapping[str, Any] | None = None,
    stored: Registered | None = None,
) -> Look:  # fmt: skip
    """Raises BadInput where no table can be read at all."""
    given = mapping or {}
    sheet, columns = str(given.get("sheet", "")), given.get("columns")
    try:
        comparison = compare(session, sheets, today=today, sheet=sheet, mapping=columns, stored=stored)
    except Unrecognised as unknown:
        return Look(sheets, None, unknown.heads, unknown.proposal, unknown.sheet)
    if comparison.layout != "free":
        return Look(sheets, comparison, sheet=comparison.sheet)
    table = _table(session, sheets, sheet, columns)
    return Look(sheets, comparison, table.heads, table.columns, table.sheet.name)


def _table(session: Session, sheets: tuple[SheetCells, ...], sheet: str, columns: Mapping[str, int] | None) -> Table:
    return find_table(sheets, remembered(session), sheet=sheet, mapping=columns)


def receive(
    session: Session, stored: StoredFile, found: Look, *, source: str, actor: Actor, now: datetime
) -> SheetImport:
    """A row that waits for a person's decision. Does not commit, and does not keep the bytes."""
    row = SheetImport(
        filename=stored.filename, sha256=stored.sha256, layout=found.comparison.layout if found.comparison else "free",
        uploaded_by=actor.user, organ_id=actor.organ_id, uploaded_at=now,
        decisions={"source": checked_text(source, "来源")},
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def sheets_of(store: FileStore, row: SheetImport) -> tuple[SheetCells, ...]:
    """The upload, read again. Raises BadInput where its bytes are gone."""
    return read_workbook(_bytes_of(store, row), row.filename)


def _bytes_of(store: FileStore, row: SheetImport) -> bytes:
    path = store.path(row.sha256)
    if not path.exists():
        raise BadInput(f"“{row.filename}”的原文件已不在材料库中：请重新上传。")
    return path.read_bytes()


def find_import(session: Session, id: int) -> SheetImport:
    """Raises NotFound."""
    row = session.get(SheetImport, id) if 0 < id < 2**31 else None
    if row is None:
        raise NotFound(f"没有第 {id} 号导入：请从“表格导入导出”进入。")
    return row


def earlier(session: Session, page: int) -> tuple[Sequence[SheetImport], int]:
    """The imports so far, the latest first; and how many there are."""
    query = select(SheetImport).order_by(col(SheetImport.id).desc()).limit(SIZE).offset((page - 1) * SIZE)
    return session.exec(query).all(), session.exec(select(func.count()).select_from(SheetImport)).one()


def uploaders(session: Session, rows: Sequence[SheetImport]) -> dict[str, str]:
    """Account -> name of who uploaded."""
    found = select(User.id, User.name).where(col(User.id).in_({row.uploaded_by for row in rows}))
    return dict(session.exec(found).all()) if rows else {}


def assign(session: Session, id: int, sheet: str, columns: Mapping[str, int]) -> SheetImport:
    """Which column says what, as a person tells it. Does not commit."""
    row = _waiting(session, id)
    row.layout, row.mapping = "free", {"sheet": sheet, "columns": dict(columns)}
    session.add(row)
    return row


def drop(session: Session, id: int, now: datetime) -> None:
    """Nothing of it is taken in. Does not commit."""
    row = _waiting(session, id)
    row.status, row.ended_at = "dropped", now
    session.add(row)


def _waiting(session: Session, id: int) -> SheetImport:
    row = find_import(session, id)
    if row.status != "waiting":
        raise Conflict(f"第 {id} 号导入{STATUSES[row.status]}，不能再办理：请刷新后再看。")
    return row


def decisions_of(
    comparison: Comparison, typed: Mapping[str, str], every_stale: str = "", every_near: str = ""
) -> dict[int, str]:
    """What people decided, by row of the sheet. Raises BadInput naming the rows that are still open.

    `typed`: number of the row -> a mine's code, `new`, `sheet` or `keep`; the last two: for all rows without a word.
    """
    found, open_rows = {}, []
    for row in comparison.undecided:
        allowed = (NEW, *(near.code for near in row.near if not near.refused)) if row.near else (SHEET, KEEP)
        choice = typed.get(str(row.row), "") or (every_near if row.near else every_stale)
        if choice in allowed:
            found[row.row] = choice
        else:
            open_rows.append(row.row)
    if open_rows:
        listed = "、".join(str(number) for number in open_rows[:20]) + ("等" if len(open_rows) > 20 else "")
        raise BadInput(
            f"还有 {len(open_rows)} 行没有选定怎么办（第 {listed} 行）：请逐行选定后再确认，没有写入任何内容。"
        )
    return found


def confirm(
    session: Session, id: int, sheets: tuple[SheetCells, ...], *, seen: str, typed: Mapping[str, str],
    every_stale: str = "", every_near: str = "", actor: Actor, today: date, now: datetime,
) -> Result:  # fmt: skip
    """Takes the whole sheet in, or raises and leaves everything as it was. Does not commit."""
    row = _waiting(session, id)
    found = look(session, sheets, today, row.mapping)
    if found.comparison is None:
        raise BadInput("请先指定各列是什么，看过对比后再确认。")
    if found.comparison.fingerprint != seen:
        raise Conflict(_AGAIN)
    decisions = decisions_of(found.comparison, typed, every_stale, every_near)
    source = str(row.decisions.get("source", ""))
    result = take_in(
        session, found.comparison, decisions, actor=actor, on=today, source=source, filename=row.filename, seen=seen
    )
    if found.comparison.layout == "free" and found.columns is not None:
        remember(session, found.heads, found.columns, by=actor.user, on=today)
    row.status, row.ended_at = "done", now
    row.decisions = {"source": source, "rows": {str(number): choice for number, choice in decisions.items()}}
    row.result = _kept(result, found.comparison)
    session.add(row)
    return result


def _kept(result: Result, comparison: Comparison) -> dict[str, Any]:
    moves = [move._asdict() for move in result.moves[:_MOVES]]
    return {**asdict(result), "moves": moves, "moved": len(result.moves), "rows": comparison.counts.get("rows", 0)}
