"""代理: who stands in acts with the other's organ and their own name, inside the window only."""

from pathlib import Path

import pytest
from freezegun import freeze_time
from sqlmodel import col, select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import TOWNSHIP, Story
from tests.web.browser import Browser, text_of
from tests.web.forms import post_step
from web import links
from workflow.models import Delegation, Event, SignIn, User

URL = "/account/delegation"
WINDOW = {"from_on": "2026-02-02", "to_on": "2026-02-06", "reason": "外出培训"}


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    found = Story(office, tmp_path).register("演示十号砂岩矿", holder="演示十号矿业公司", mineral="砂岩")
    with office.writing() as session:
        session.add(User(id="town_two", name="演示二号", organ_id=TOWNSHIP, role="township"))
        session.add(User(id="keeper", name="演示管理员", organ_id="group_office", role="sysadmin"))
    return found


@freeze_time(at_nine("2026-02-03"))
def test_a_stand_in_acts_for_another_organ_and_the_record_says_so(story: Story) -> None:
    case = story.open("guided_exit", "2026-01-05", exit_year="2026")
    given = {"from_account": TOWNSHIP, "to_account": "water", **WINDOW}
    assert Browser(story.office).post(URL, given).status_code == 303
    browser = Browser(story.office, "water")
    assert browser.get(links.step_url(case, "open_talks")).status_code == 404

    (row,) = browser.page(URL).xpath("//form[contains(@action,'switch')]//button/@value")
    assert browser.post(f"{URL}/switch", {"id": row}).status_code == 303
    assert "代 演示县演示镇人民政府经办岗" in text_of(browser.page(URL))
    answer = post_step(browser, case, "open_talks", evidence=("talk_record",), talked_on="2026-01-10")
    assert answer.status_code == 303

    (entry,) = story.rows(select(Event).where(Event.trigger == "open_talks"))
    assert (entry.actor, entry.organ_id, entry.data["on_behalf_of"]) == ("water", TOWNSHIP, TOWNSHIP)
    story.sound()
    assert browser.post(f"{URL}/switch", {"id": ""}).status_code == 303
    assert browser.get(links.step_url(case, "open_talks")).status_code in (403, 404)


def test_after_the_window_nobody_stands_in_any_more(story: Story) -> None:
    case = story.open("guided_exit", "2026-01-05", exit_year="2026")
    with freeze_time(at_nine("2026-02-03")) as clock:
        Browser(story.office).post(URL, {"from_account": TOWNSHIP, "to_account": "water", **WINDOW})
        browser = Browser(story.office, "water")
        (row,) = story.rows(select(Delegation.id))
        browser.post(f"{URL}/switch", {"id": str(row)})
        assert browser.get(links.step_url(case, "open_talks")).status_code == 200
        clock.move_to(at_nine("2026-02-07"))
        late = Browser(story.office, "water")
        refused = late.post(f"{URL}/switch", {"id": str(row)})
        assert refused.status_code == 422
        assert "这条委托现在不生效" in text_of(refused)
        assert late.get(links.step_url(case, "open_talks")).status_code == 404


@freeze_time(at_nine("2026-02-03"))
def test_people_give_their_own_work_to_a_colleague_only(story: Story) -> None:
    browser = Browser(story.office, TOWNSHIP)
    assert browser.page(URL).xpath("//select[@name='from_account']") == []
    assert browser.post(URL, {"to_account": "town_two", **WINDOW}).status_code == 303
    for data, sentence in (
        ({"to_account": "water", **WINDOW}, "跨单位的代理由工作组办公室安排"),
        ({"to_account": TOWNSHIP, **WINDOW}, "是同一个账号"),
        ({"to_account": "town_two", **WINDOW}, "不需要再次委托"),
        ({"to_account": "keeper", **WINDOW}, "三员分立"),
        ({"to_account": "nobody", **WINDOW}, "请从列表中选择"),
        ({"to_account": "town_two", **WINDOW, "to_on": "2026-02-01"}, "晚于结束日期"),
        ({"to_account": "town_two", **WINDOW, "from_on": "2026-01-01", "to_on": "2026-01-05"}, "已经过去"),
        ({"to_account": "town_two", **WINDOW, "from_on": "明天"}, "应为日期"),
        ({"to_account": "town_two", **WINDOW, "from_on": "2026-03-01", "to_on": "2026-03-05", "reason": ""}, "不能为空"),
        # Somebody else's work is not theirs to give, whatever is posted.
        ({"from_account": "office", "to_account": "town_two", **WINDOW}, "不需要再次委托"),
    ):  # fmt: skip
        answer = browser.post(URL, data)
        assert answer.status_code == 422, data
        assert sentence in text_of(answer), data
    assert story.rows(select(Delegation.from_account, Delegation.to_account)) == [(TOWNSHIP, "town_two")]


@freeze_time(at_nine("2026-02-03"))
def test_an_early_end_takes_effect_at_once_and_strangers_cannot_end_it(story: Story) -> None:
    giver, stand_in = Browser(story.office, TOWNSHIP), Browser(story.office, "town_two")
    giver.post(URL, {"to_account": "town_two", **WINDOW})
    (row,) = story.rows(select(Delegation.id))
    stand_in.post(f"{URL}/switch", {"id": str(row)})
    assert Browser(story.office, "water").post(f"{URL}/end", {"id": str(row)}).status_code == 422
    assert Browser(story.office, "water").post(f"{URL}/switch", {"id": str(row)}).status_code == 422

    assert giver.post(f"{URL}/end", {"id": str(row)}).status_code == 303
    assert "代 " not in text_of(stand_in.page(URL).xpath("//header")[0])
    assert story.rows(
        select(SignIn.delegation_id).where(SignIn.account_id == "town_two", col(SignIn.ended_at).is_(None))
    ) == [None]
    assert giver.post(f"{URL}/end", {"id": "x"}).status_code == 422


@freeze_time(at_nine("2026-02-03"))
def test_who_stands_in_cannot_pass_it_on_and_administrators_have_no_page(story: Story) -> None:
    Browser(story.office).post(URL, {"from_account": "office", "to_account": "water", **WINDOW})
    (row,) = story.rows(select(Delegation.id))
    browser = Browser(story.office, "water")
    browser.post(f"{URL}/switch", {"id": str(row)})
    answer = browser.post(URL, {"from_account": "office", "to_account": "forestry", **WINDOW})
    assert answer.status_code == 422
    assert "不能再转委托" in text_of(answer)
    assert Browser(story.office, "keeper").get(URL).status_code == 403
