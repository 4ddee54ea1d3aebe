"""Layouts of the office's own: which column is what, assigned once by a person and known again by the heads."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session, select

from office.sheets.layouts import fingerprint
from workflow.models import SheetLayout


def remembered(session: Session) -> dict[str, Mapping[str, int]]:
    """Fingerprint of a head -> value -> place of its column."""
    rows = session.exec(select(SheetLayout.fingerprint, SheetLayout.mapping)).all()
    return {key: dict(mapping) for key, mapping in rows}


def remember(session: Session, heads: Sequence[str], mapping: Mapping[str, int], *, by: str, on: date) -> None:
    """Keeps an assignment for the next sheet with these heads. Does not commit."""
    key = fingerprint(heads)
    row = session.exec(select(SheetLayout).where(SheetLayout.fingerprint == key)).first()
    row = row or SheetLayout(fingerprint=key, heads=list(heads), mapping={}, saved_by=by, saved_on=on)
    row.heads, row.mapping, row.saved_by, row.saved_on = list(heads), dict(mapping), by, on
    session.add(row)
    session.flush()
