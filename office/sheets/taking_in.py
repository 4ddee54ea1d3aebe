"""What a comparison shows, written: all of it in the caller's transaction, or nothing."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session

from office.sheets.comparison import KEEP, NEW, SHEET, Comparison, Result, RowChange
from office.sheets.listed import LISTED_WAY, LISTED_YEAR
from office.sheets.moves import in_words
from workflow.credit_code import NONE
from workflow.errors import BadInput, Conflict
from workflow.opening_many import open_first_cases
from workflow.recording import record_many
from workflow.records import checked_text
from workflow.register import MINE_FIELDS, NewMine, register_mines
from workflow.views import Actor, MineView

#: What a case keeps in its own facts.
_OF_CASE = (LISTED_WAY, LISTED_YEAR, "transfer_year")
_PLACES = {"township_id": "township", "village_id": "village"}
_Values = Mapping[str, Any]


def take_in(
    session: Session, comparison: Comparison, decisions: Mapping[int, str], *, actor: Actor, on: date, source: str,
    filename: str = "", seen: str = "",
) -> Result:  # fmt: skip
    """Writes a comparison made in this transaction, with what people decided about its rows. Does not commit.

    `decisions`: row -> a mine's code or NEW where mines are near, SHEET or KEEP where the row is stale. `seen`: fingerprint of
    the comparison that was looked at. Raises BadInput or Conflict; then nothing is written.
    """
    if seen and seen != comparison.fingerprint:
        raise Conflict("上传后系统里的数据有了变动，这次没有写入：请重新查看对比后再确认。")
    if comparison.problems:
        raise BadInput(f"表中还有 {len(comparison.problems)} 处问题，一处也没有写入：请改正后重新上传。")
    source = checked_text(source, "来源")
    changed, new, kept = _decided(comparison, decisions)
    file = f"{filename}，" if filename else ""
    whole = f"{source}（{file}工作表“{comparison.sheet}”）"

    def at(row: int) -> str:
        return f"{whole[:-1]}第 {row} 行）"

    ids = {code: comparison.stored[code][0] for code in changed}
    was = {
        ids[code]: {name: comparison.stored[code][1][name] for name in values} for code, (_, values) in changed.items()
    }
    moved = record_many(
        session, {ids[code]: values for code, (_, values) in changed.items()}, actor=actor, on=on, source=whole, seen=was,
        sources={ids[code]: at(row) for code, (row, _) in changed.items()},
    )  # fmt: skip
    mines = _register(session, new, filename, comparison.sheet, source, actor, on)
    more = {mine.id: left for mine, row in mines if (left := _left(row.values))}
    rows = {mine.id: at(row.row) for mine, row in mines}
    record_many(session, more, actor=actor, on=on, source=whole, sources=rows)
    codes = tuple(mine.code for mine, _ in mines)
    count = sum(len(values) for _, values in changed.values())
    return Result(codes, tuple(changed), count, kept, in_words(moved))


def _decided(
    comparison: Comparison, decisions: Mapping[int, str]
) -> tuple[dict[str, tuple[int, _Values]], list[RowChange], int]:
    """Row and values to write by mine, rows to register, and how many rows keep what is stored. Raises BadInput."""
    changed: dict[str, tuple[int, _Values]] = {}
    first_of: dict[str, int] = {row.mine_code: row.row for row in comparison.rows if row.mine_code}
    new, kept = [], 0
    for row in comparison.rows:
        choice = decisions.get(row.row, "")
        if row.near and choice != NEW:
            code, values = _as_registered(row, choice, first_of)
            if values:
                changed[code] = row.row, values
            else:
                kept += 1
        elif row.kind == "new":
            new.append(row)
        elif row.kind == "changed" and row.stale and choice not in (SHEET, KEEP):
            raise BadInput(
                f"第 {row.row} 行（{row.mine_name}）在导出后系统里改过：请先选定用表格的值还是保留系统的值。"
            )
        elif row.kind == "changed" and row.stale and choice == KEEP:
            kept += 1
        elif row.kind == "changed":
            changed[row.mine_code] = row.row, row.values
    return changed, new, kept


def _as_registered(row: RowChange, choice: str, first_of: dict[str, int]) -> tuple[str, _Values]:
    """The values of a row that a person says is a registered mine. Raises BadInput."""
    near = next((near for near in row.near if near.code == choice), None)
    if near is None:
        raise BadInput(f"第 {row.row} 行（{row.mine_name}）可能是已登记的矿山：请先选定是哪一座，还是新矿山。")
    if near.refused:
        raise BadInput(f"第 {row.row} 行不能作为 {near.name} 导入：{near.refused[0]}。")
    if first_of.setdefault(near.code, row.row) != row.row:
        raise BadInput(f"第 {first_of[near.code]} 行和第 {row.row} 行都选成了 {near.name}：请只选一行。")
    return near.code, near.values


def _register(
    session: Session, rows: Sequence[RowChange], filename: str, sheet: str, source: str, actor: Actor, on: date
) -> list[tuple[MineView, RowChange]]:
    """A survey is opened for each mine, and the first state of its own procedure for each planned block."""
    file = f"{filename} " if filename else ""
    given = [
        NewMine(
            row.mine_name,
            {_PLACES.get(name, name): value for name, value in row.values.items() if _registered_with(name, value)},
            f"{file}工作表“{sheet}”第 {row.row} 行；{source}", block="transfer_year" in row.values,
        )
        for row in rows
    ]  # fmt: skip
    mines = list(zip(register_mines(session, given), rows, strict=True))
    groups: dict[str, list[tuple[MineView, _Values, str]]] = {"intake": [], "new_right": []}
    for (mine, row), new in zip(mines, given, strict=True):
        facts = {name: value for name, value in row.values.items() if name in _OF_CASE}
        groups["new_right" if new.block else "intake"].append((mine, facts, new.source))
    for procedure, opened in groups.items():
        open_first_cases(session, procedure, opened, actor=actor, on=on)
    return mines


def _registered_with(name: str, value: Any) -> bool:
    """A mine without a licence says so in its survey."""
    return _PLACES.get(name, name) in MINE_FIELDS and not (name == "licence_number" and value in NONE)


def _left(values: _Values) -> _Values:
    """What is said of a new mine beyond its registration: an entry in the history of its case."""
    return {name: value for name, value in values.items() if name not in _OF_CASE and not _registered_with(name, value)}
