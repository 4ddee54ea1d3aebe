"""The ledger's list says of every case what its own page says, in the order of what presses most."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, select

from office.access.people import person_of
from office.cases.case_filter import Wanted
from office.cases.case_list import CaseList, years
from office.cases.case_rows import Row
from office.running.installation import Office
from tests.story import Story
from workflow.context import context_of
from workflow.ledger import standing
from workflow.models import Case, Document

TODAY = date(2026, 11, 23)
LATE_STORY = "2026-11-02"


def cases(session: Session, wanted: Wanted | None = None, account: str = "office") -> CaseList:
    return CaseList(session, person_of(session, account), context_of(session), TODAY, wanted or Wanted())


def numbers(session: Session, wanted: Wanted | None = None, account: str = "office", size: int = 50) -> list[str]:
    return [row.number for row in cases(session, wanted, account).page(1, size).rows]


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register("演示石灰岩矿", mineral="石灰岩", holder="演示矿业公司", scale="10")


def test_each_line_agrees_with_the_status_of_its_case(office: Office, story: Story) -> None:
    case = story.open("upgrade", LATE_STORY)
    with office.reading() as session:
        rows = {row.number: row for row in cases(session).all()}
        for found in standing(session, TODAY):
            row, said = rows.pop(found.view.number), found.row
            assert (row.state_label, row.days_left) == (said["state_label"], said["days_left"])
            assert (row.due_on.isoformat() if row.due_on else None) == said["due_on"]
            assert said["lead"].endswith(row.lead.removeprefix("县")) or row.lead in said["lead"]
        assert rows == {}
    assert case.startswith("M-")


def test_the_most_pressing_case_stands_first_and_pages_add_up_to_the_whole(office: Office) -> None:
    with office.reading() as session:
        whole = [row.due_on for row in cases(session).page(1, 50).rows]
        assert whole == sorted(whole, key=lambda day: day or date.max)
        parts = [row.number for page in (1, 2, 3) for row in cases(session).page(page, 5).rows]
        assert parts == numbers(session)
        assert parts == [row.number for row in cases(session).all()]


def test_walking_from_the_front_and_looking_at_all_answer_the_same(office: Office, story: Story) -> None:
    story.open("upgrade", LATE_STORY)
    with office.reading() as session:
        found = cases(session)
        assert found._run(found._dated(), 0, None) == found._run(found._dated(deep=True), 0, None)


def test_the_last_page_stands_for_one_behind_it(office: Office) -> None:
    with office.reading() as session:
        assert cases(session).page(99, 5).page == 3


def test_a_case_without_a_day_comes_after_those_with_one(office: Office, story: Story) -> None:
    case = story.open("upgrade", LATE_STORY)
    story.take(case, "prepare_commitment", "2026-11-03", target_scale="30", remaining_life="12", plan_by="2027-03-01",
               design_by="2027-06-01", works_by="2028-06-01", acceptance_by="2028-09-01")  # fmt: skip
    block = story.register("演示退出矿", mineral="石灰岩").open("compensation", LATE_STORY)
    with office.reading() as session:
        assert numbers(session)[-1] == block
        by_due = [row for page in (1, 2, 3) for row in cases(session).page(page, 5).rows]
        assert [row.number for row in by_due] == numbers(session)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(due="late"), ["2-1", "2-2", "2-3", "3-1"]),
        (Wanted(due="soon"), ["2-4"]),
        (Wanted(procedure="guided_exit"), ["2-4", "2-5"]),
        (Wanted(township="township_hebei", due="fine"), ["3-2", "3-3", "3-8"]),
        (Wanted(year="2027"), ["2-5", "3-5", "3-6"]),
        (Wanted(text="C1405002016117130143369"), ["2-4"]),
        (Wanted(text="c1405002016117130143369"), ["2-4"]),
        (Wanted(text="潘李兵"), ["2-2"]),
        (Wanted(text="3-8"), ["3-8"]),
        (Wanted(text="100%_"), []),
        (Wanted(due_from=date(2026, 11, 1), due_to=date(2026, 12, 30)), ["2-4"]),
        (Wanted(procedure="closure", state="listed", sort="number", descending=True), ["2-3", "2-2", "2-1"]),
        (Wanted(due="late", sort="number"), ["2-1", "2-2", "2-3", "3-1"]),
        (Wanted(lead="natural_resources", procedure="closure"), ["2-1", "2-2", "2-3"]),
        (Wanted(standing="closed"), []),
    ],
)
def test_what_is_asked_for_is_found(office: Office, wanted: Wanted, found: list[str]) -> None:
    with office.reading() as session:
        page = cases(session, wanted).page(1, 50)
        assert [row.number for row in page.rows] == found
        assert page.counts.total == len(found)
        assert [row.number for row in cases(session, wanted).all()] == found


def test_a_document_is_found_by_its_number(office: Office, story: Story) -> None:
    case = story.open("upgrade", LATE_STORY)
    story.take(case, "prepare_commitment", "2026-11-03", target_scale="30", remaining_life="12", plan_by="2027-03-01",
               design_by="2027-06-01", works_by="2028-06-01", acceptance_by="2028-09-01")  # fmt: skip
    with office.writing() as session:
        paper = session.exec(select(Document)).first()
        assert paper is not None
        paper.number = "演自然资函〔2026〕7号"
        session.add(paper)
    with office.reading() as session:
        assert numbers(session, Wanted(text="〔2026〕7号")) == [case]


def test_a_suspended_case_is_neither_late_nor_soon(office: Office, story: Story) -> None:
    story.take("2-4", "suspend", "2026-11-20", reason="演示", basis="演示")
    with office.reading() as session:
        assert numbers(session, Wanted(due="suspended")) == ["2-4"]
        page = cases(session).page(1, 50)
        assert (page.counts.total, page.counts.late, page.counts.soon) == (13, 4, 0)


def test_counts_move_with_the_history(office: Office, story: Story) -> None:
    with office.reading() as session:
        assert cases(session).counts().total == 13
    story.open("upgrade", LATE_STORY)
    with office.reading() as session:
        counts = cases(session).counts()
    assert (counts.total, counts.late) == (14, 5)


def test_an_organ_sees_its_own_cases_and_no_others(office: Office, story: Story) -> None:
    case = story.open("upgrade", LATE_STORY)
    with office.reading() as session:
        assert numbers(session, account="township_demo") == [case]
        assert cases(session, account="township_demo").counts().total == 1
        assert cases(session, account="township_demo").ticked([case, "2-4"])[0].number == case
        assert len(cases(session, account="township_demo").ticked([case, "2-4"])) == 1


def test_an_entry_taken_back_leaves_no_case_in_any_list(office: Office, story: Story) -> None:
    case = story.open("upgrade", LATE_STORY)
    with office.writing() as session:
        row = session.exec(select(Case).where(Case.number == case)).one()
        row.state, row.closed_on = "void", TODAY
        session.add(row)
    with office.reading() as session:
        for kind in ("open", "closed", "all"):
            assert case not in [row.number for row in cases(session, Wanted(standing=kind)).all()]
        assert cases(session).ticked([case]) == []


def test_the_years_are_those_of_the_cases(office: Office) -> None:
    with office.reading() as session:
        assert years(session, TODAY) == ["2025", "2026", "2027", "2028"]


def test_a_block_shows_area_and_resource_a_mine_its_yearly_output(office: Office) -> None:
    with office.reading() as session:
        rows: dict[str, Row] = {row.number: row for row in cases(session).all()}
    assert rows["3-1"].scale == "0.26 km² / 2000 万吨"
    assert rows["2-1"].scale == "10 万吨/年"
    assert rows["2-1"].township == "河北镇"
    assert rows["2-1"].permit == "C1405002011087130116895"
