"""Row by row: which mine it means, what it would change, and what of it cannot be taken."""

from datetime import date
from typing import NamedTuple

from sqlmodel import Session

from office.sheets.comparison import Problem, RowChange
from office.sheets.grid import Grid
from office.sheets.identity import identified
from office.sheets.listed import Listing
from office.sheets.matched_rows import MatchedRows, standing_of
from office.sheets.new_rows import NewRows
from office.sheets.refusals import Refusals
from office.sheets.register import Registered
from office.sheets.wording import SheetWords


class Judged(NamedTuple):
    """One table against the registered mines."""

    #: All rows that would change something or need a decision.
    rows: list[RowChange]
    #: What cannot be taken.
    problems: list[Problem]
    notes: list[str]
    #: How many rows say what is stored already.
    same: int


def judged(session: Session, grid: Grid, stored: Registered, today: date) -> Judged:
    refusals, words = Refusals(grid), SheetWords(stored)
    matched, strangers = identified(grid, stored, refusals)
    standing = standing_of(session, grid, matched)
    listing = Listing(grid, standing)
    rows = list(MatchedRows(grid, stored, standing, refusals, words).judged(session, matched, listing))
    same = len(matched) - sum(row.kind == "changed" for row in rows)
    taken = {mine.id: row for row, mine in matched}
    rows += NewRows(grid, stored, refusals, words, taken, listing).judged(session, strangers, today)
    rows.sort(key=lambda row: row.row)
    return Judged(rows, refusals.problems, refusals.notes, same)
