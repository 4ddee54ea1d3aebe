"""文号: gapless per series and year, also when eight issue at once; void ones stay; a closed year takes none."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from freezegun import freeze_time
from sqlmodel import select

from office.running.installation import Office
from states.documents import DocumentKind
from tests.conftest import at_nine
from workflow.errors import BadInput, NotFound
from workflow.issuing import Written, draft, issue, void
from workflow.models import Document, DocumentNumber
from workflow.numbering import add_series, register
from workflow.views import Actor

OFFICE, BUREAU = Actor("office", "group_office"), Actor("natural_resources", "natural_resources")
DAY = date(2026, 11, 20)


def plainly(kind: DocumentKind, values: object, document_id: int, form: str) -> Written:  # noqa: ARG001
    return Written(((f"{kind.id}-{document_id}.docx", f"{kind.id} {values}".encode()),), f"CODE-{document_id:04}")


def broken(kind: DocumentKind, values: object, document_id: int, form: str) -> Written:  # noqa: ARG001
    raise BadInput("写到一半出错")


@pytest.fixture
def series(office: Office) -> Office:
    """An office whose natural resources bureau numbers its letters."""
    with office.writing() as session:
        add_series(session, "演自然资函", "natural_resources", [], actor=OFFICE, source="演示数据")
    return office


def drafts(office: Office, count: int, on: date = DAY) -> list[int]:
    with office.writing() as session:
        made = [draft(session, "credit_repair_letter", "2-1", actor=BUREAU, on=on) for _ in range(count)]
        return [document.id or 0 for document in made]


def issued(office: Office, document_id: int, on: date = DAY, write: object = plainly) -> str:
    with office.writing() as session:
        document, _ = issue(session, office.store, document_id, on=on, actor=BUREAU, write=write)  # type: ignore[arg-type]
        return document.number


def numbers(office: Office) -> list[tuple[int, int, str | None]]:
    with office.reading() as session:
        return [(row.year, row.n, row.void_reason) for row in register(session)]


@freeze_time(at_nine("2026-11-23"))
def test_eight_at_once_get_eight_numbers_without_a_gap(series: Office) -> None:
    ids, start = drafts(series, 40), Barrier(8)

    def work(mine: list[int]) -> list[str]:
        start.wait()
        return [issued(series, document_id) for document_id in mine]

    with ThreadPoolExecutor(8) as pool:
        given = [number for found in pool.map(work, [ids[n::8] for n in range(8)]) for number in found]

    assert sorted(given) == sorted(f"演自然资函〔2026〕{n}号" for n in range(1, 41))
    assert numbers(series) == [(2026, n, None) for n in range(1, 41)]


@freeze_time(at_nine("2026-11-23"))
def test_one_document_is_issued_once_however_many_try(series: Office) -> None:
    (document_id,), start = drafts(series, 1), Barrier(8)

    def attempt(_: int) -> str:
        start.wait()
        try:
            return issued(series, document_id)
        except BadInput as refusal:
            return str(refusal)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(8)))

    assert answers.count("演自然资函〔2026〕1号") == 1
    assert sum("已出具，不能再改" in answer for answer in answers) == 7
    assert numbers(series) == [(2026, 1, None)]


@freeze_time(at_nine("2026-11-23"))
def test_what_fails_half_way_loses_no_number(series: Office) -> None:
    first, second = drafts(series, 2)
    with pytest.raises(BadInput, match="写到一半出错"):
        issued(series, first, write=broken)

    assert issued(series, second) == "演自然资函〔2026〕1号"
    assert issued(series, first) == "演自然资函〔2026〕2号"


@freeze_time(at_nine("2026-11-23"))
def test_a_void_number_stays_with_its_reason_and_is_never_given_again(series: Office) -> None:
    first, second = drafts(series, 2)
    issued(series, first)
    with series.writing() as session:
        void(session, first, on=DAY, actor=BUREAU, reason="当事人名称写错")

    assert issued(series, second) == "演自然资函〔2026〕2号"
    assert numbers(series) == [(2026, 1, "当事人名称写错"), (2026, 2, None)]


def test_each_year_counts_anew_and_a_closed_year_takes_no_number(series: Office) -> None:
    early, late, backdated = drafts(series, 3, on=date(2026, 12, 1))
    with freeze_time(at_nine("2027-01-05")):
        assert issued(series, early, date(2026, 12, 31)) == "演自然资函〔2026〕1号"
        assert issued(series, late, date(2027, 1, 5)) == "演自然资函〔2027〕1号"
        with pytest.raises(BadInput, match=r"“演自然资函”已经用到2027年，2026年的编号已封存，不能倒填"):
            issued(series, backdated, date(2026, 12, 31))
        assert issued(series, backdated, date(2027, 1, 5)) == "演自然资函〔2027〕2号"


@freeze_time(at_nine("2026-11-23"))
@pytest.mark.parametrize(("day", "why"), [("2026-11-24", "在今天（2026-11-23）之后"), ("2026-11-19", "不能倒填日期")])
def test_no_document_is_dated_ahead_or_before_its_draft(series: Office, day: str, why: str) -> None:
    (document_id,) = drafts(series, 1)
    with pytest.raises(BadInput) as refusal:
        issued(series, document_id, date.fromisoformat(day))
    assert why in str(refusal.value)
    assert numbers(series) == []


@freeze_time(at_nine("2026-11-23"))
def test_counting_goes_on_where_the_paper_register_stopped(office: Office) -> None:
    with office.writing() as session:
        add_series(
            session, "演自然资函", "natural_resources", ["F33"], actor=OFFICE, source="发文登记簿", year=2026, last=17
        )
    (document_id,) = drafts(office, 1)
    assert issued(office, document_id) == "演自然资函〔2026〕18号"


@freeze_time(at_nine("2026-11-23"))
def test_without_a_registered_series_nothing_is_issued(office: Office) -> None:
    (document_id,) = drafts(office, 1)
    with pytest.raises(BadInput, match=r"阳城县自然资源局还没有登记《关于提请移出异常名录的函》的发文代字"):
        issued(office, document_id)
    with office.reading() as session:
        assert session.exec(select(Document.status)).all() == ["draft"]
        assert session.exec(select(DocumentNumber)).all() == []


@pytest.mark.parametrize(
    ("word", "organ", "kinds", "why"),
    [
        ("演2号", "natural_resources", [], "代字“演2号”不对"),
        ("演自然资函", "natural_resources", [], "已经登记"),
        ("演自然资发", "natural_resources", [], "已有不限文种的代字“演自然资函”"),
        ("演自然资罚", "nobody", [], "没有名为“nobody”的单位"),
        ("演整治办", "group_office", ["F27"], "无权签发《责令限期整改通知书》"),
        ("演整治办", "group_office", ["F21"], "不编文号"),
        ("演整治办", "group_office", ["F99"], "没有“F99”这种文书"),
    ],
)
def test_a_series_that_cannot_be_is_refused(series: Office, word: str, organ: str, kinds: list[str], why: str) -> None:
    with pytest.raises((BadInput, NotFound), match=why), series.writing() as session:
        add_series(session, word, organ, kinds, actor=OFFICE, source="演示数据")
