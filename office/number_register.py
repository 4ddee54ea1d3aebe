"""发文登记: the series and the numbers given out, as people read them."""

from collections import defaultdict
from typing import Any

from sqlmodel import Session, col, select

from states.documents import BY_ID
from workflow.models import Case, Document, DocumentNumber, Mine, NumberSeries, NumberYear, Organ
from workflow.numbering import register


def series_rows(session: Session) -> list[dict[str, Any]]:
    """The series, with how far each has counted in each year."""
    last: dict[str, dict[int, int]] = defaultdict(dict)
    for year in session.exec(select(NumberYear).order_by(NumberYear.word, col(NumberYear.year))):
        last[year.word][year.year] = year.last
    query = select(NumberSeries, Organ).join(Organ, col(NumberSeries.organ_id) == Organ.id).order_by(NumberSeries.word)
    return [
        {"word": s.word, "organ": organ.name, "organ_id": organ.id, "kinds": s.kinds,
         "titles": [BY_ID[kind].title for kind in s.kinds], "last": last[s.word], "source": s.source,
         "added_by": s.added_by}
        for s, organ in session.exec(query)
    ]  # fmt: skip


def number_rows(session: Session, word: str = "", year: int = 0) -> list[dict[str, Any]]:
    """The numbers given out, in their order, each with its document."""
    query = (
        select(DocumentNumber.id, Document, Case, Mine)
        .join(Document, col(DocumentNumber.document_id) == Document.id)
        .join(Case, col(Document.case_id) == Case.id, isouter=True)
        .join(Mine, col(Case.mine_id) == Mine.id, isouter=True)
    )
    about = {number_id: (document, case, mine) for number_id, document, case, mine in session.exec(query)}
    rows = []
    for number in register(session, word, year):
        document, case, mine = about[number.id]
        rows.append({
            "number": f"{number.word}〔{number.year}〕{number.n}号", "word": number.word, "year": number.year,
            "n": number.n, "document": document.id, "title": document.title, "status": document.status,
            "case": case.number if case else "、".join(document.cases or ()), "mine": mine.name if mine else "",
            "given_on": number.given_on.isoformat(), "given_by": number.given_by,
            "void_reason": number.void_reason or "",
        })  # fmt: skip
    return rows


def gaps(session: Session, word: str = "", year: int = 0) -> list[str]:
    """Where numbers are missing: only somebody who went past the program can have taken them away."""
    given: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number in register(session, word, year):
        given[number.word, number.year].append(number.n)
    found = []
    for (name, in_year), taken in given.items():
        counted = session.get(NumberYear, (name, in_year))
        last = counted.last if counted else 0
        lost = sorted({*range(taken[0], last + 1)} ^ {*taken})
        if lost:
            listed = "、".join(str(n) for n in lost[:20])
            found.append(f"“{name}”{in_year}年的 {listed} 号与登记对不上：登记被改动，请核对备份。")
    return found
