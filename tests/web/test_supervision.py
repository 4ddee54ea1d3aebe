"""督查督办: whose deadline has passed, who was told how often, and the organs' time accounts, counted by hand."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from sqlmodel import Session, select

from office.access.people import person_of
from office.desk.duty_ledger import Duty, duties
from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from tests.web.browser import Browser, text_of
from tests.web.statements import crowd, statements
from workflow.models import Case, Deadline, User

DAY = "2026-11-23"
TODAY = date(2026, 11, 23)


def opened(office: Office, url: str = "/supervision", account: str = "office") -> Any:
    with freeze_time(at_nine(DAY)):
        return Browser(office, account).page(url)


def groups(page: Any) -> dict[str, list[str]]:
    """Responsible organ -> overdue rows, as they are read."""
    found = {}
    for body in page.xpath("//section[.//h2='逾期事项']//tbody"):
        head, *rows = body.xpath("./tr")
        found[text_of(head)] = [text_of(row) for row in rows]
    return found


def account_of(office: Office, organ: str, account: str = "office") -> Duty:
    with office.reading() as session:
        return duties(session, person_of(session, account), TODAY)[organ]


def finish(office: Office, number: str, *, took: int, allowed: int) -> None:
    """A deadline of a case that was met after so many days of so many."""
    start = date(2026, 3, 1)
    with Session(office.engine) as session:
        case = session.exec(select(Case).where(Case.number == number)).one()
        assert case.id is not None
        session.add(
            Deadline(case_id=case.id, trigger="record_sale", opened_on=start, due_on=start + timedelta(allowed),
                     basis="plan", status="met", closed_on=start + timedelta(took))
        )  # fmt: skip
        session.commit()


def test_what_is_overdue_stands_with_whom_it_waits_for(office: Office) -> None:
    # 3-1 waits for the bureau; of the closures only 2-1 has a township, the mines of 2-2 and 2-3 have none yet.
    found = groups(opened(office))
    assert [head.split()[0] for head in found] == ["责任单位待明确", "阳城县自然资源局", "阳城县河北镇人民政府"]
    unknown, bureau, hebei = found.values()
    assert len(unknown) == 4
    assert len(bureau) == 1
    assert "登记成交" in bureau[0]
    assert "逾期 327 天" in bureau[0]
    assert all(row.startswith("阳城县山仁行砂岩矿") for row in hebei)
    assert len(hebei) == 2


def test_reminders_and_escalations_are_counted_with_their_papers(office: Office, tmp_path: Path) -> None:
    Story(office, tmp_path).morning(DAY)
    page = opened(office)
    (row,) = [row for row in page.xpath("//section[.//h2='逾期事项']//tbody/tr") if "登记成交" in text_of(row)]
    assert "提醒 1 次" in text_of(row)
    assert "升级督办 1 次" in text_of(row)
    assert "通报 草稿" in text_of(row)
    assert row.xpath(".//a[starts-with(@href, '/documents/')]")


def test_a_second_weekly_reminder_counts(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path)
    story.morning("2026-11-16")
    story.morning(DAY)
    row = next(row for row in groups(opened(office))["阳城县自然资源局 逾期 1 项"] if "登记成交" in row)
    assert "提醒 2 次" in row


def test_the_office_can_urge_and_supervise_from_the_row(office: Office) -> None:
    page = opened(office)
    forms = page.xpath("//form[@action='/cases/3-1/urge']")
    assert len(forms) == 1
    assert forms[0].xpath(".//input[@name='csrf']")
    assert forms[0].xpath(".//input[@name='reason']/@value") == ["“登记成交”逾期327天"]
    assert forms[0].xpath(".//button/@formaction") == ["/cases/3-1/supervise"]


def test_urging_from_the_row_is_counted_there_and_leads_back(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        answer = browser.post("/cases/3-1/urge", {"reason": "“登记成交”逾期327天", "back": "/supervision"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/supervision")
        page = browser.page("/supervision")
    (row,) = [row for row in page.xpath("//section[.//h2='逾期事项']//tbody/tr") if "登记成交" in text_of(row)]
    assert "人工催办、督办 1 次" in text_of(row)


def test_an_organ_is_not_offered_the_buttons(office: Office) -> None:
    assert not opened(office, account="natural_resources").xpath("//form[contains(@action, '/urge')]")


def test_an_organ_sees_what_is_its_own(office: Office) -> None:
    page = opened(office, account="natural_resources")
    assert list(groups(page)) == ["阳城县自然资源局 逾期 1 项"]
    organs = page.xpath("//section[.//h2='单位履职台账']//tbody//td[@data-label='单位']")
    assert [text_of(one) for one in organs] == ["阳城县自然资源局"]


def test_a_leader_sees_all_organs(office: Office) -> None:
    with office.writing() as session:
        session.add(User(id="leader", name="演示领导", organ_id="county_government", role="leader"))
    assert len(groups(opened(office, account="leader"))) == 3


def test_one_organ_can_be_chosen(office: Office) -> None:
    assert list(groups(opened(office, "/supervision?organ=natural_resources"))) == ["阳城县自然资源局 逾期 1 项"]
    (unknown,) = groups(opened(office, "/supervision?organ=unknown")).values()
    assert len(unknown) == 4
    assert groups(opened(office, "/supervision?organ=nobody-there")) == {}


def test_a_suspended_case_is_not_overdue(office: Office, tmp_path: Path) -> None:
    Story(office, tmp_path).take("3-1", "suspend", DAY, reason="演示", basis="演示通知")
    assert "阳城县自然资源局 逾期 1 项" not in groups(opened(office))
    assert account_of(office, "natural_resources").late == 0


def test_leading_and_helping_are_counted_from_the_cards(office: Office) -> None:
    # The bureau is asked about all eight sales and helps with both deadlines of the five mines of annex 2.
    assert account_of(office, "natural_resources") == Duty(open=8, late=1, helping=10)
    assert account_of(office, "platform") == Duty(helping=8)
    assert account_of(office, "township_hebei") == Duty(open=2, late=2)


def test_time_taken_is_set_against_time_allowed(office: Office) -> None:
    finish(office, "3-2", took=10, allowed=30)
    finish(office, "3-3", took=25, allowed=20)
    finish(office, "3-4", took=10, allowed=10)
    duty = account_of(office, "natural_resources")
    assert (duty.met, duty.met_late, duty.open) == (2, 1, 8)
    assert duty.average_taken == pytest.approx(15)
    assert duty.average_allowed == pytest.approx(20)
    assert duty.on_time == 67
    (row,) = [
        row
        for row in opened(office).xpath("//section[.//h2='单位履职台账']//tbody/tr")
        if text_of(row).startswith("阳城县自然资源局")
    ]
    assert [text_of(td) for td in row.xpath("./td")[1:]] == ["8", "1", "2", "1", "10", "15.0 天", "20.0 天", "67%"]


def test_a_step_taken_in_time_enters_the_account_of_who_was_asked(office: Office, tmp_path: Path) -> None:
    # 15 days are proposed for the commitment; the bureau takes 4 of them.
    story = Story(office, tmp_path).register("演示石灰岩矿", holder="演示矿业公司")
    number = story.open("upgrade", "2026-02-16")
    assert story.due(number, "prepare_commitment") == date(2026, 3, 3)
    story.take(
        number, "prepare_commitment", "2026-02-20", user="natural_resources", target_scale="30", remaining_life="12",
        plan_by="2026-04-30", design_by="2026-07-31", works_by="2026-11-30", acceptance_by="2026-12-31",
    )  # fmt: skip
    duty = account_of(office, "natural_resources")
    assert (duty.met, duty.met_late) == (1, 0)
    assert (duty.average_taken, duty.average_allowed, duty.on_time) == (4, 15, 100)


def test_an_organs_page_lists_its_deadlines_and_entries(office: Office, tmp_path: Path) -> None:
    Story(office, tmp_path).take("3-2", "start_precheck", DAY, user="natural_resources")
    page = opened(office, "/supervision/natural_resources")
    due = page.xpath("//section[.//h2='牵头的在办期限']//tbody/tr")
    assert len(due) == 8
    assert "逾期 327 天" in text_of(due[0])
    (entry,) = page.xpath("//section[.//h2='最近的办理记录']//tbody/tr")
    assert "启动规划与规模核查" in text_of(entry)
    assert "natural_resources" in text_of(entry)


@pytest.mark.parametrize("organ", ["natural_resources", "nobody", "%20"])
def test_another_organs_page_does_not_exist_for_an_organ(office: Office, organ: str) -> None:
    with freeze_time(at_nine(DAY)):
        assert Browser(office, "emergency").get(f"/supervision/{organ}").status_code == 404


def test_the_page_asks_as_often_for_many_cases_as_for_few(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        browser.page("/supervision")
        crowd(office.engine, 1, due_on=date(2026, 1, 1), name="先")
        with statements(office.engine) as few:
            browser.page("/supervision")
        crowd(office.engine, 60, due_on=date(2026, 1, 1))
        with statements(office.engine) as many:
            answer = browser.get("/supervision")
        with statements(office.engine) as detail:
            browser.page("/supervision/township_hebei")
    assert len(many) == len(few)
    assert len(many) < 25
    assert len(detail) < 25
    assert len(answer.content) < 100_000
    assert "第 1–50 条，共 68 条" in text_of(answer)
