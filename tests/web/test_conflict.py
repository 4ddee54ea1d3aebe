"""Two people at one case: the second is told who did what and when, and keeps what they typed."""

from pathlib import Path

import pytest
from freezegun import freeze_time
from lxml import html
from sqlmodel import select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import TOWNSHIP, Story
from tests.web.browser import Browser, text_of
from tests.web.forms import hidden, post_step
from web import links
from workflow.models import Event

NIGHT = "2026-02-02"
DATES = {"stop_on": "2026-05-31", "restore_by": "2026-12-31", "legal_basis": "演示法第一条", "remedy": "演示救济途径"}


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register("演示十号砂岩矿", holder="演示十号矿业公司", mineral="砂岩")


@pytest.fixture
def case(story: Story) -> str:
    number = story.open("guided_exit", "2026-01-05", exit_year="2026")
    story.take(number, "open_talks", "2026-01-12", user=TOWNSHIP, talked_on="2026-01-10")
    return number


@freeze_time(at_nine(NIGHT))
def test_the_slower_one_sees_who_when_and_what_and_can_go_on(story: Story, case: str) -> None:
    first, second = Browser(story.office, "working_group"), Browser(story.office)
    seen = hidden(second.page(links.step_url(case, "extend")), "version")
    assert post_step(first, case, "fix_dates", **DATES).status_code == 303

    typed = {"deadline": "accept_closure", "extend_to": "2027-01-29", "reason": "演示理由甲", "basis": "演示依据乙"}
    answer = post_step(second, case, "extend", version=seen, evidence=("other",), **typed)

    assert answer.status_code == 409
    text = text_of(answer)
    assert "2026-02-02 09:30" in text
    assert "阳城县非煤矿产资源综合整治提升工作组" in text
    assert "明确停产日期和修复治理期限" in text
    assert "停产日期：2026-05-31" in text
    assert "请重新选择材料文件" in text
    page = html.fromstring(answer.text)
    assert page.xpath("//textarea[@name='v_reason']/text()") == ["演示理由甲"]
    assert page.xpath("//select[@name='v_deadline']/option[@selected]/@value") == ["accept_closure"]
    assert story.view(case).version == 3

    # The page now carries the version that was shown: submitting again takes the step.
    again = post_step(second, case, "extend", version=hidden(page, "version"), **typed)
    assert again.status_code == 303
    assert str(story.due(case, "accept_closure")) == "2027-01-29"
    story.sound()


@freeze_time(at_nine(NIGHT))
def test_the_same_step_taken_twice_is_recorded_once(story: Story, case: str) -> None:
    first, second = Browser(story.office, "working_group"), Browser(story.office)
    seen = hidden(second.page(links.step_url(case, "fix_dates")), "version")
    post_step(first, case, "fix_dates", **DATES)

    answer = second.post(
        links.step_url(case, "fix_dates"),
        {"occurred_on": NIGHT, "version": seen, "v_stop_on": "2026-06-30", "v_remedy": "第二个人写的字"},
    )  # fmt: skip

    assert answer.status_code == 409
    assert "第二个人写的字" in answer.text
    assert "这一步现在不能办理" in text_of(answer)
    taken = story.rows(select(Event.data).where(Event.trigger == "fix_dates"))
    assert [data["fields"]["stop_on"] for data in taken] == ["2026-05-31"]


@freeze_time(at_nine(NIGHT))
def test_a_rehearsal_on_an_old_page_says_so_too(story: Story, case: str) -> None:
    browser = Browser(story.office)
    seen = hidden(browser.page(links.step_url(case, "fix_dates")), "version")
    story.fill(case, "valid_to", "2027-06-30", NIGHT, user="natural_resources")
    data = {"preview": "1", "occurred_on": NIGHT, "version": seen, **{f"v_{k}": v for k, v in DATES.items()}}

    answer = browser.post(links.step_url(case, "fix_dates"), data, headers={"hx-request": "true"})

    assert "别人已经办理了这个案件" in text_of(answer)
    assert "补充登记" in text_of(answer)
    assert story.state(case) == "negotiating"


@freeze_time(at_nine(NIGHT))
def test_who_goes_back_on_an_old_page_is_told(story: Story, case: str) -> None:
    browser = Browser(story.office)
    page = browser.page(f"{links.case_url(case)}/correct")
    story.take(case, "fix_dates", NIGHT, user="working_group", **DATES)

    answer = browser.post(f"{links.case_url(case)}/correct", {"version": hidden(page, "version"), "reason": "写错了"})

    assert answer.status_code == 409
    assert "明确停产日期和修复治理期限" in text_of(answer)
    assert html.fromstring(answer.text).xpath("//textarea[@name='reason']/text()") == ["写错了"]
    assert story.state(case) == "stop_date_fixed"
