"""工作台: its figures are those that one counts by hand from the published annexes."""

from datetime import date
from pathlib import Path

import pytest
from freezegun import freeze_time
from lxml import html
from sqlmodel import Session, func, select

from office.access.people import person_of
from office.desk.desk_board import TRANSFERRED, figures, targets
from office.running.installation import Office
from states.registry import PROCEDURES
from tests.conftest import at_nine
from tests.story import Story
from tests.web.browser import Browser, text_of
from tests.web.statements import crowd, statements
from workflow.models import Beat, Case, Mine, Notice, NoticeStatus, User

DAY = "2026-11-23"
TODAY = date(2026, 11, 23)


def counted(office: Office, account: str = "office") -> dict[str, int]:
    with office.reading() as session:
        found = figures(session, person_of(session, account), TODAY)
    return {name: getattr(found, name) for name in ("open", "routes", "waiting", "late", "soon", "fine", "none")}


def aimed(office: Office) -> dict[tuple[int, str], tuple[int, int]]:
    with office.reading() as session:
        found = targets(session, person_of(session, "office"))
    return {(t.year, t.procedure): (t.finished, t.total) for t in found}


def of_status(session: Session, status: NoticeStatus) -> int:
    query = select(func.count()).select_from(Notice)
    return session.exec(query.where(Notice.status == status, Notice.kind != "heartbeat")).one()


def administrator(office: Office, role: str) -> Browser:
    with office.writing() as session:
        session.add(User(id=role, name=f"演示{role}", organ_id="group_office", role=role))
    return Browser(office, role)


def test_the_sentence_for_the_deputy_head_counts_the_annexes(office: Office) -> None:
    # Overdue: annex 2 rows 1 to 3 (licences of 2025) and annex 3 row 1 (2025). Within 30 days: annex 2 row 4 (11-29).
    with freeze_time(at_nine(DAY)):
        page = text_of(Browser(office, "natural_resources").page("/"))
    assert "今日有 4 件逾期、1 件将在 30 天内到期、待您办理 11 件。" in page
    assert "2026 年度目标 0 / 4 件" in page


def test_every_open_case_stands_in_exactly_one_part_of_the_ring(office: Office) -> None:
    assert counted(office) == {
        "open": 13, "routes": 13, "waiting": 2, "late": 4, "soon": 1, "fine": 8, "none": 0,
    }  # fmt: skip


def test_a_township_counts_only_the_cases_it_may_see(office: Office) -> None:
    # 河北镇: annex 2 row 1, annex 3 rows 2, 3 and 8.
    assert counted(office, "township_hebei")["open"] == 4
    assert counted(office, "township_hebei")["late"] == 1


def test_a_suspended_case_is_neither_overdue_nor_due(office: Office, tmp_path: Path) -> None:
    Story(office, tmp_path).take("2-1", "suspend", DAY, reason="演示：等待诉讼结果", basis="演示通知")
    assert counted(office)["late"] == 3
    assert counted(office)["none"] == 1


def test_targets_are_the_years_of_the_annexes(office: Office) -> None:
    assert aimed(office) == {
        (2025, "closure"): (0, 3), (2025, "new_right"): (0, 1), (2026, "guided_exit"): (0, 1),
        (2026, "new_right"): (0, 3), (2027, "guided_exit"): (0, 1), (2027, "new_right"): (0, 2),
        (2028, "new_right"): (0, 2),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("number", "state", "expected"),
    [
        ("2-1", "archived", (1, 3)),
        ("2-1", "delisted", (0, 2)),
        ("3-2", "sold", (1, 3)),
        ("3-2", "producing", (1, 3)),
        ("3-2", "failed_bid", (0, 3)),
        ("3-2", "withdrawn", (0, 2)),
    ],
)
def test_a_target_is_done_when_the_mine_is_archived_or_the_right_is_sold(
    office: Office, number: str, state: str, expected: tuple[int, int]
) -> None:
    with Session(office.engine) as session:
        case = session.exec(select(Case).where(Case.number == number)).one()
        case.state = state
        session.add(case)
        session.commit()
    assert aimed(office)[(2025, "closure") if number == "2-1" else (2026, "new_right")] == expected


def test_the_states_after_a_sale_are_states_of_the_procedure() -> None:
    assert all(PROCEDURES["new_right"].knows(state) for state in TRANSFERRED)


def test_a_year_typed_into_a_form_counts_like_one_of_the_annex(office: Office, tmp_path: Path) -> None:
    Story(office, tmp_path).register("演示新设石灰岩矿", block=True).open("new_right", DAY, transfer_year="2026")
    assert aimed(office)[(2026, "new_right")] == (0, 4)


def test_the_first_rows_say_what_to_do_and_lead_to_the_step(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        page = Browser(office, "natural_resources").page("/")
    first = page.xpath("//section[.//h2='我的待办']//tbody/tr")[0]
    assert "出具拟关闭告知书" in text_of(first)
    assert "逾期 690 天" in text_of(first)
    assert first.xpath(".//a[starts-with(@aria-label, '办理')]/@href")[0].startswith("/cases/2-1/steps/")
    assert first.xpath(".//td[@data-label='依据']/@title")[0]


def test_charts_say_in_words_what_they_draw(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        page = Browser(office).page("/")
    assert page.xpath("//svg[@class='donut']/desc")[0].text == "正常 8 件，临期 1 件，逾期 4 件，未计期限 0 件"
    bars = page.xpath("//section[.//h2='各乡镇案件分布']//svg/@aria-label")
    assert bars[0] == "河北镇：关闭取缔 1 件，配置新设 3 件"
    rows = page.xpath("//section[.//h2='各乡镇案件分布']//tbody/tr")
    assert sum(int(row.xpath("./td[last()]")[0].text_content()) for row in rows) == 13


def test_the_slip_tells_what_became_of_the_morning(office: Office, tmp_path: Path) -> None:
    Story(office, tmp_path).morning(DAY)
    with freeze_time(at_nine(DAY)):
        page = Browser(office).page("/")
    slip = page.xpath("//section[.//h2='日报条']")[0]
    figures_ = dict(zip((d.text for d in slip.xpath(".//dt")), (d.text for d in slip.xpath(".//dd")), strict=True))
    with office.reading() as session:
        sent = of_status(session, NoticeStatus.SENT)
        unreached = of_status(session, NoticeStatus.NO_CONTACT)
    assert figures_["已发送"] == str(sent)
    assert figures_["缺联系方式"] == str(unreached)
    assert f"今日扫描 {DAY}" in text_of(slip)


def test_a_held_scheduler_is_said_aloud(office: Office) -> None:
    with office.writing() as session:
        session.merge(Beat(name="heartbeat", at=at_nine(DAY), held="系统时间早于上次心跳：时钟被拨回"))
    with freeze_time(at_nine(DAY)):
        assert "定时提醒已暂停：系统时间早于上次心跳：时钟被拨回" in text_of(Browser(office).page("/"))


@pytest.mark.parametrize("role", ["sysadmin", "secadmin", "auditor"])
def test_an_administrator_sees_the_system_and_no_case(office: Office, role: str) -> None:
    with freeze_time(at_nine(DAY)):
        page = administrator(office, role).page("/")
    words = text_of(page)
    assert "系统状态" in words
    assert "与程序相符" in words
    assert not page.xpath("//a[starts-with(@href, '/cases')]")
    with office.reading() as session:
        assert not any(mine.name in words for mine in session.exec(select(Mine)))


def test_each_administrator_finds_what_is_theirs(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        doors = {
            role: set(administrator(office, role).page("/").xpath("//a[contains(@class, 'door')]/@href"))
            for role in ("sysadmin", "auditor")
        }
    assert {"/people", "/backup", "/mail"} <= doors["sysadmin"]
    assert "/audit" in doors["auditor"]
    assert "/backup" not in doors["auditor"]


def test_the_page_asks_as_often_for_many_cases_as_for_few(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office, "natural_resources")
        browser.page("/")
        crowd(office.engine, 1, due_on=TODAY, name="先")
        with statements(office.engine) as few:
            browser.page("/")
        crowd(office.engine, 60, due_on=TODAY)
        with statements(office.engine) as many:
            answer = browser.get("/")
    assert len(many) == len(few)
    assert len(many) < 30
    assert len(answer.content) < 100_000
    assert "在办案件 74 件" in text_of(html.fromstring(answer.text))
