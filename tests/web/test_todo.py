"""我的待办: who finds which case in which list, what they read there, and how often the database is asked."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from sqlmodel import Session, select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from tests.web.browser import Browser, text_of
from tests.web.statements import crowd, statements
from workflow.models import Case, CasePerson

DAY = "2026-11-23"


def listed(office: Office, account: str, tab: str = "mine", page: int = 1) -> list[Any]:
    """The rows of a list."""
    with freeze_time(at_nine(DAY)):
        tree = Browser(office, account).page(f"/todo?tab={tab}&page={page}")
    return list(tree.xpath("//main//tbody/tr"))


def numbers(rows: list[Any]) -> list[str]:
    return [row.xpath(".//td[@data-label='案件']/small")[0].text.split(" · ")[0] for row in rows]


def give(office: Office, number: str, organ: str, account: str | None = None, reason: str = "请阅") -> int:
    """抄送."""
    with Session(office.engine) as session:
        case = session.exec(select(Case).where(Case.number == number)).one()
        assert case.id is not None
        row = CasePerson(case_id=case.id, relation="copied", organ_id=organ, account_id=account, given_by="office",
                         given_on=date(2026, 11, 20), reason=reason)  # fmt: skip
        session.add(row)
        session.commit()
        assert row.id is not None
        return row.id


def test_what_waits_for_an_organ_is_listed_by_due_day(office: Office) -> None:
    rows = listed(office, "natural_resources")
    assert numbers(rows) == ["2-1", "2-2", "2-3", "3-1", "3-2", "3-3", "3-4", "3-5", "3-6", "3-7", "3-8"]
    assert "出具拟关闭告知书" in text_of(rows[0])
    assert "逾期 690 天" in text_of(rows[0])
    assert "依据 三(二)1" in text_of(rows[0])


def test_a_row_leads_to_the_form_of_its_step(office: Office) -> None:
    rows = listed(office, "natural_resources")
    assert rows[3].xpath(".//a[text()='办理']/@href") == ["/cases/3-1/steps/start_precheck"]


def test_a_row_names_two_obstacles_and_counts_the_rest(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path)
    story.take("3-2", "start_precheck", DAY, user="natural_resources")
    blockers = story.file("3-2", DAY)["next"][0]["blockers"]
    row = next(row for row in listed(office, "natural_resources") if "3-2" in text_of(row))
    shown = [text_of(one) for one in row.xpath(".//ul[@class='blockers']/li")]
    assert shown[:2] == blockers[:2]
    assert shown[2:] == ([f"还有 {len(blockers) - 2} 项"] if len(blockers) > 2 else [])


def test_once_the_step_is_taken_the_case_waits_for_the_next_organ(office: Office, tmp_path: Path) -> None:
    Story(office, tmp_path).fill("2-4", "township_id", "凤城镇", DAY)
    assert numbers(listed(office, "township_fengcheng")) == ["2-4"]
    assert "2-4" not in numbers(listed(office, "natural_resources"))


def test_a_case_in_which_my_account_made_an_entry_stays_mine_to_follow(office: Office, tmp_path: Path) -> None:
    assert listed(office, "natural_resources", "handled") == []
    Story(office, tmp_path).take("3-2", "start_precheck", DAY, user="natural_resources")
    assert numbers(listed(office, "natural_resources", "handled")) == ["3-2"]


def test_an_organ_that_helps_with_the_next_step_finds_it(office: Office) -> None:
    # 3(二)4(1): the bureau leads the pre-check, the office helps.
    assert numbers(listed(office, "office", "helping")) == [f"3-{n}" for n in range(1, 9)]
    # Nobody knows yet which townships the two mines that exit lie in: the office is asked to find out.
    assert numbers(listed(office, "office")) == ["2-4", "2-5"]


def test_a_copy_is_new_until_it_is_marked_as_read(office: Office) -> None:
    give(office, "2-5", "water", "water", "请核实取水情况")
    (row,) = listed(office, "water", "copied")
    assert "未阅 2026-11-20 请核实取水情况" in text_of(row)
    with freeze_time(at_nine(DAY)):
        browser = Browser(office, "water")
        page = browser.page("/todo?tab=copied")
        answer = browser.post("/todo/copied/read", {"up_to": page.xpath("//input[@name='up_to']/@value")[0]})
        assert answer.status_code == 303
        after = browser.page("/todo?tab=copied")
    assert "已标为已阅。" in text_of(after)
    assert "未阅" not in text_of(after)
    assert "请核实取水情况" in text_of(after)


def test_a_copy_given_later_is_new_again(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office, "water")
        browser.post("/todo/copied/read", {"up_to": str(give(office, "2-5", "water"))})
        give(office, "2-4", "water")
        assert "未阅 1" in text_of(browser.page("/todo"))


def test_a_copy_for_one_person_is_not_for_the_whole_organ(office: Office) -> None:
    give(office, "2-5", "water", "office")
    assert listed(office, "water", "copied") == []


@pytest.mark.parametrize("up_to", ["", "x", "-1", "9" * 40, "１"])
def test_marking_needs_what_the_page_said(office: Office, up_to: str) -> None:
    with freeze_time(at_nine(DAY)):
        answer = Browser(office, "water").post("/todo/copied/read", {"up_to": up_to})
    assert answer.status_code == 400
    assert "请刷新后重试" in text_of(answer)


def test_an_unknown_list_is_refused_in_one_sentence(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        answer = Browser(office).get("/todo?tab=everything")
    assert answer.status_code == 400
    assert "没有“everything”这一栏" in text_of(answer)


def test_fifty_rows_make_a_page(office: Office) -> None:
    crowd(office.engine, 60, due_on=date(2026, 1, 1))
    assert len(listed(office, "natural_resources")) == 50
    assert len(listed(office, "natural_resources", page=2)) == 21
    assert listed(office, "natural_resources", page=9) == []


@pytest.mark.parametrize("tab", ["mine", "handled", "copied", "helping"])
def test_a_list_asks_as_often_for_many_cases_as_for_few(office: Office, tab: str) -> None:
    give(office, "2-1", "natural_resources")
    with freeze_time(at_nine(DAY)):
        browser = Browser(office, "natural_resources")
        browser.page("/todo")
        with statements(office.engine) as few:
            browser.page(f"/todo?tab={tab}")
        crowd(office.engine, 60, due_on=date(2026, 1, 1))
        with statements(office.engine) as many:
            answer = browser.get(f"/todo?tab={tab}")
    assert len(many) <= len(few) + 2
    assert len(many) < 30
    assert len(answer.content) < 100_000
