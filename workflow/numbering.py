"""文号: `代字〔年〕n号`, gapless per (代字, year), given out inside the transaction that issues.

A number is never given twice: a void document keeps its number with the reason. The year is that of 成文日期;
once a series counts in a later year, an earlier one is closed.
"""

import re
from datetime import date

from sqlmodel import Session, col, func, select

from states import documents
from states.documents import DocumentKind
from workflow.errors import SEE_KINDS, BadInput, NotFound
from workflow.models import DocumentNumber, NumberSeries, NumberYear
from workflow.records import checked_text, organ_named
from workflow.views import Actor

#: Papers that never carry a 文号: the holder's own, and lists.
UNNUMBERED = ("承诺书", "台账")
_WORD = re.compile(r"[\u4e00-\u9fff]{2,15}")


def add_series(
    session: Session,
    word: str,
    organ: str,
    kinds: list[str],
    *,
    actor: Actor,
    source: str,
    year: int = 0,
    last: int = 0,
) -> NumberSeries:
    """Registers a 代字. `last` is how far it was counted on paper in `year` before the system took over.

    Does not commit. Raises BadInput for a 代字 that is malformed or taken, or a kind that the organ may not issue.
    """
    word = word.strip()
    if not _WORD.fullmatch(word):
        raise BadInput(f"代字“{word[:30]}”不对：应为2到15个汉字，例如 阳自然资发，不含〔年〕和号。")
    if session.get(NumberSeries, word):
        raise BadInput(f"代字“{word}”已经登记，一个代字只能登记一次。")
    organ_id = organ_named(session, organ)
    found = [_kind(name, organ_id, organ) for name in kinds]
    taken = _claimed(session, organ_id, {kind.id for kind in found})
    if taken:
        raise BadInput(f"{taken}：一种文书只能用一个代字编号。")
    series = NumberSeries(
        word=word, organ_id=organ_id, kinds=[kind.id for kind in found], added_by=actor.user,
        source=checked_text(source, "来源"),
    )  # fmt: skip
    session.add(series)
    session.flush()
    if last:
        if last < 0 or not 2000 <= year <= 2100:
            raise BadInput(f"起始年份 {year} 或已用号数 {last} 不对：应为四位年份和不小于0的整数。")
        session.add(NumberYear(word=word, year=year, last=last))
        session.flush()
    return series


def _kind(name: str, organ_id: str, organ: str) -> DocumentKind:
    kind = documents.find(name)
    if kind is None:
        raise NotFound(f"没有“{name[:40]}”这种文书，请核对名称或代号。", hint=SEE_KINDS)
    if kind.form in UNNUMBERED:
        raise BadInput(f"《{kind.title}》不编文号，不能登记代字。")
    if not documents.may_issue(organ_id, kind):
        raise BadInput(documents.refusal(organ, kind))
    return kind


def _claimed(session: Session, organ_id: str, kinds: set[str]) -> str:
    """Why a new series would be ambiguous; empty when it is not."""
    for series in series_of(session, organ_id):
        if not kinds and not series.kinds:
            return f"该单位已有不限文种的代字“{series.word}”"
        shared = kinds & set(series.kinds)
        if shared:
            titles = "、".join(documents.BY_ID[kind].title for kind in sorted(shared))
            return f"{titles}已用代字“{series.word}”"
    return ""


def series_of(session: Session, organ_id: str = "") -> list[NumberSeries]:
    """All series, or an organ's."""
    query = select(NumberSeries).order_by(col(NumberSeries.word))
    if organ_id:
        query = query.where(NumberSeries.organ_id == organ_id)
    return list(session.exec(query))


def series_for(session: Session, kind: DocumentKind, organ_id: str) -> NumberSeries | None:
    """The series that a kind of an organ is numbered in: its own, else the organ's general one.

    A form is numbered only where a series was registered for it (督办单).
    """
    own = series_of(session, organ_id)
    general = None if kind.form == "表单" else next((s for s in own if not s.kinds), None)
    return next((s for s in own if kind.id in s.kinds), general)


def give(session: Session, word: str, document_id: int, *, on: date, actor: Actor) -> str:
    """The next number of a series, held by the caller's transaction until it ends. Raises BadInput."""
    # One issuer at a time counts in a series; the others wait here for its commit or rollback.
    session.exec(select(NumberSeries).where(NumberSeries.word == word).with_for_update()).one()
    later = session.exec(
        select(func.max(NumberYear.year)).where(NumberYear.word == word, col(NumberYear.last) > 0)
    ).one()
    if later and later > on.year:
        raise BadInput(f"代字“{word}”已经用到{later}年，{on.year}年的编号已封存，不能倒填：请改用{later}年的成文日期。")
    year = session.get(NumberYear, (word, on.year), populate_existing=True) or NumberYear(word=word, year=on.year)
    year.last += 1
    session.add(year)
    session.add(
        DocumentNumber(word=word, year=on.year, n=year.last, document_id=document_id, given_on=on, given_by=actor.user)
    )
    session.flush()
    return f"{word}〔{on.year}〕{year.last}号"


def following(session: Session, word: str, year: int) -> str:
    """The number that the next paper of a year would get, as long as nobody else is faster."""
    counted = session.get(NumberYear, (word, year))
    return f"{word}〔{year}〕{(counted.last if counted else 0) + 1}号"


def keep_void(session: Session, document_id: int, reason: str) -> None:
    """Marks the number of a void document: it stays in the register with the reason."""
    for number in session.exec(select(DocumentNumber).where(DocumentNumber.document_id == document_id)):
        number.void_reason = reason
        session.add(number)


def register(session: Session, word: str = "", year: int = 0) -> list[DocumentNumber]:
    """发文登记: the numbers given out, in their order."""
    query = select(DocumentNumber).order_by(col(DocumentNumber.word), col(DocumentNumber.year), col(DocumentNumber.n))
    if word:
        query = query.where(DocumentNumber.word == word)
    if year:
        query = query.where(DocumentNumber.year == year)
    return list(session.exec(query))
