"""发文登记: the series and the numbers given out, as people read them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from states.documents import BY_ID
from workflow import clock
from workflow.errors import BadInput
from workflow.models import Case, Document, DocumentNumber, Mine, NumberSeries, NumberYear, Organ
from workflow.numbering import add_series, register
from workflow.views import Actor


def whole(typed: str, label: str, most: int) -> int:
    """A number that is counted on, in digits. Raises BadInput."""
    if not typed.isascii() or not typed.isdecimal() or len(typed) > 9 or int(typed) > most:
        raise BadInput(f"“{label}”填写的“{typed[:20]}”不对：应为不大于 {most} 的整数。")
    return int(typed)


def register_series(
    session: Session, word: str, organ: str, kinds: Sequence[str], *, year: str, last: str, source: str, actor: Actor
) -> str:
    """Registers a 代字 as typed, with how far a paper register has counted; answers a sentence. Raises BadInput."""
    if year and not last:
        raise BadInput("写了年份，也请写明该年已用到第几号。")
    begun = whole(year, "年份", 2100) if year else clock.today().year
    used = whole(last, "已用号数", 99_999) if last else 0
    if begun > clock.today().year:
        raise BadInput(f"年份 {begun} 还没有到：请写纸质登记簿实际用到的年份。")
    add_series(
        session, word, organ, list(kinds), actor=actor, source=source, year=begun if used else 0, last=used
    )  # fmt: skip
    return f"已登记代字“{word.strip()}”{f'，{begun}年自 {used + 1} 号起编' if used else ''}。"


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
