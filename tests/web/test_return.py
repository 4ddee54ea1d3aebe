"""退回, 撤回 and 更正 at the screen: what is lost stands there first."""

from pathlib import Path

import pytest
from freezegun import freeze_time

from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import TOWNSHIP, Story
from tests.web.browser import Browser, text_of
from tests.web.forms import hidden
from web import links

DATES = {"stop_on": "2026-05-31", "restore_by": "2026-12-31", "legal_basis": "演示法第一条", "remedy": "演示救济途径"}
pytestmark = pytest.mark.usefixtures("night")


@pytest.fixture
def night() -> object:
    with freeze_time(at_nine("2026-02-03")) as frozen:
        yield frozen


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register("演示十号砂岩矿", holder="演示十号矿业公司", mineral="砂岩")


@pytest.fixture
def case(story: Story) -> str:
    number = story.open("guided_exit", "2026-01-05", exit_year="2026")
    story.take(number, "open_talks", "2026-01-12", user=TOWNSHIP, talked_on="2026-01-10")
    story.take(number, "fix_dates", "2026-02-02", user="working_group", **DATES)
    return number


def test_the_office_sees_what_a_return_undoes_and_confirms_it(story: Story, case: str) -> None:
    browser, url = Browser(story.office), f"{links.case_url(case)}/return"
    ways = browser.page(url).xpath("//table//a/@href")
    page = browser.page(ways[-1])
    text = text_of(page)
    for part in (
        "失去效力的办理（2 条）", "“停产日期、修复期限已明确” → “列入引导退出名录”", "《停产通知书》",
        f"{case}/compensation-1 退出补偿",
        "核实停产：2026-05-31 → 2026-12-31",
    ):  # fmt: skip
        assert part in text, part
    assert story.state(case) == "stop_date_fixed"

    data = {"to": hidden(page, "to"), "version": hidden(page, "version")}
    refused = browser.post(url, {**data, "reason": " "})
    assert refused.status_code == 422
    assert "“退回理由”不能为空" in text_of(refused)
    assert browser.post(url, {**data, "reason": "重新协商"}).status_code == 303
    assert story.state(case) == "listed"
    story.sound()


def test_a_return_that_cannot_be_done_says_why_and_has_no_button(story: Story, case: str) -> None:
    (track,) = story.tracks(case, "compensation")
    story.take(track, "propose", "2026-02-03", amount="1200000", legal_basis="演示法第二条")
    browser = Browser(story.office)
    page = browser.page(browser.page(f"{links.case_url(case)}/return").xpath("//table//a/@href")[0])
    assert f"由这一步立案的 {track} 已经办理过" in text_of(page)
    assert page.xpath("//button[contains(., '确认退回')]/@disabled")


@pytest.mark.parametrize("to", ["", "0", "999999999", "abc", "1' OR 1=1"])
def test_a_return_to_nowhere_changes_nothing(story: Story, case: str, to: str) -> None:
    browser, url = Browser(story.office), f"{links.case_url(case)}/return"
    assert browser.client.get(url, params={"to": to}).status_code == 200
    assert browser.post(url, {"to": to, "reason": "演示"}).status_code == 422
    assert story.state(case) == "stop_date_fixed"


def test_only_who_made_the_latest_entry_withdraws_it(story: Story, case: str) -> None:
    url = f"{links.case_url(case)}/withdraw"
    for account, status in (("natural_resources", 403), (TOWNSHIP, 403), ("office", 403), ("water", 404)):
        browser = Browser(story.office, account)
        assert browser.get(url).status_code == status, account
        assert browser.post(url, {"reason": "演示"}).status_code == status, account
    assert story.state(case) == "stop_date_fixed"

    browser = Browser(story.office, "working_group")
    page = browser.page(url)
    assert "明确停产日期和修复治理期限" in text_of(page)
    answer = browser.post(url, {"reason": "停产日期录错", "version": hidden(page, "version")})
    assert (answer.status_code, answer.headers["location"]) == (303, links.case_url(case))
    assert story.state(case) == "negotiating"
    story.sound()


def test_a_correction_is_for_the_organ_itself_and_the_office(story: Story, case: str) -> None:
    url = f"{links.case_url(case)}/correct"
    assert Browser(story.office, TOWNSHIP).get(url).status_code == 403
    assert Browser(story.office).post(url, {"reason": "录错"}).status_code == 303
    assert story.state(case) == "negotiating"


def test_a_case_that_was_only_opened_has_nothing_to_take_back(story: Story) -> None:
    case = story.open("upgrade", "2026-02-02")
    for way in ("withdraw", "correct", "return"):
        assert Browser(story.office).get(f"{links.case_url(case)}/{way}").status_code == 403, way
