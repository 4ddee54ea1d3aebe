"""转办, 抄送, 催办, 督办 at the screen: for those who may, with what is sent shown before."""

from pathlib import Path
from urllib.parse import urlencode

import pytest
from freezegun import freeze_time
from sqlmodel import select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.notifications.evil import EVIL
from tests.story import TOWNSHIP, Story
from tests.web.browser import Browser, text_of
from web import links
from workflow.models import CasePerson, Document, Event, Notice, User

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
    return story.open("guided_exit", "2026-01-05", exit_year="2026")


def test_the_office_urges_and_the_letter_stands_there_before(story: Story, case: str) -> None:
    browser, url = Browser(story.office), f"{links.case_url(case)}/urge"
    page = browser.page(url)
    assert "演示县演示镇人民政府" in text_of(page)
    assert "【矿山整治催办】请办理演示十号砂岩矿" in text_of(page)

    assert browser.post(url, {"reason": "请于本周内约谈"}).status_code == 303
    assert story.rows(select(Notice.recipient_id).where(Notice.kind == "urge")) == [TOWNSHIP]
    again = browser.post(url, {"reason": "再催一次"})
    assert again.status_code == 422
    assert "今天（2026-02-03）已经催办过" in text_of(again)
    assert "再催一次" in again.text
    story.sound()


def test_where_urging_leads_back_to_is_always_ours(story: Story, case: str) -> None:
    url = f"{links.case_url(case)}/urge"
    answer = Browser(story.office).post(url, {"reason": "请抓紧", "back": "//evil.example/x"})
    assert answer.headers["location"] == links.case_url(case)


def test_who_must_act_does_not_urge_themselves_and_strangers_find_nothing(story: Story, case: str) -> None:
    for account, status in ((TOWNSHIP, 403), ("water", 404)):
        for act in ("urge", "supervise"):
            browser = Browser(story.office, account)
            assert browser.get(f"{links.case_url(case)}/{act}").status_code == status
            assert browser.post(f"{links.case_url(case)}/{act}", {"reason": "演示"}).status_code == status
    assert story.rows(select(Notice.id).where(Notice.kind == "urge")) == []


def test_a_leader_reads_urges_and_supervises_and_takes_no_step(story: Story, case: str) -> None:
    with story.office.writing() as session:
        session.add(User(id="leader", name="演示领导", organ_id="county_government", role="leader"))
    browser = Browser(story.office, "leader")
    data = {"reason": "至今没有约谈", "requirements": "限期办结", "reply_by": "2026-02-28"}
    assert browser.post(f"{links.case_url(case)}/supervise", data).status_code == 303
    ((slip, day),) = story.rows(select(Document.data, Document.drafted_on).where(Document.kind == "supervision_slip"))
    assert slip == {"request": "至今没有约谈", "requirements": "限期办结", "reply_by": "2026-02-28"}
    assert str(day) == "2026-02-03"
    assert browser.post(f"{links.case_url(case)}/urge", {"reason": "请抓紧"}).status_code == 303
    assert browser.get(links.step_url(case, "open_talks")).status_code == 403
    assert browser.get(f"{links.case_url(case)}/transfer").status_code == 403
    story.sound()


def test_a_wrong_day_on_a_slip_is_named_and_nothing_is_drafted(story: Story, case: str) -> None:
    answer = Browser(story.office).post(f"{links.case_url(case)}/supervise", {"reason": "演示", "reply_by": "下月"})
    assert answer.status_code == 422
    assert "“反馈时限”填写的“下月”不对" in text_of(answer)
    assert story.rows(select(Document.id).where(Document.kind == "supervision_slip")) == []


def test_a_copy_opens_the_case_to_an_organ_until_it_is_taken_back(story: Story, case: str) -> None:
    url, browser, water = f"{links.case_url(case)}/copy", Browser(story.office), Browser(story.office, "water")
    step = links.step_url(case, "open_talks")
    assert water.get(step).status_code == 404
    assert browser.post(url, {"to": "water|", "reason": "供查阅"}).status_code == 303
    assert water.get(step).status_code == 403  # seen, and still not theirs to take
    page = browser.page(url)
    assert "县水务部门" in text_of(page.xpath("//aside")[0])
    (row,) = page.xpath("//button[@name='end']/@value")
    assert water.post(url, {"to": "forestry|", "reason": "演示"}).status_code == 403
    assert browser.post(url, {"end": row}).status_code == 303
    assert water.get(step).status_code == 404
    assert browser.post(url, {"end": "999999"}).status_code == 422
    assert browser.post(url, {"to": "no_such|x", "reason": "演示"}).status_code == 422
    story.sound()


def test_a_case_is_handed_to_a_colleague_at_the_screen(story: Story, case: str) -> None:
    with story.office.writing() as session:
        session.add(User(id="town_two", name="演示二号", organ_id=TOWNSHIP, role="township"))
    browser, url = Browser(story.office, TOWNSHIP), f"{links.case_url(case)}/transfer"
    assert browser.page(url).xpath("//select[@name='to']/option[@value='town_two']/text()") == ["演示二号"]
    refused = browser.post(url, {"to": "town_two", "reason": ""})
    assert refused.status_code == 422
    assert 'value="town_two" selected' in refused.text
    assert browser.post(url, {"to": "town_two", "reason": "外出培训"}).status_code == 303
    assert story.rows(select(CasePerson.account_id, CasePerson.relation)) == [("town_two", "handler")]
    assert browser.post(url, {"to": "office", "reason": "演示"}).status_code == 422


def test_evil_reasons_are_kept_as_text_or_refused(story: Story, case: str) -> None:
    browser, url = Browser(story.office), f"{links.case_url(case)}/copy"
    for text in EVIL:
        typed = {"csrf": browser.csrf, "to": "water|", "reason": text}
        body = urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in typed.items()})
        answer = browser.client.post(url, content=body, headers={"content-type": "application/x-www-form-urlencoded"})
        assert answer.status_code in (303, 400, 422), ascii(text)[:40]
        if answer.status_code == 303:
            page = browser.page(url)
            assert not page.xpath("//main//script")
            browser.post(url, {"end": page.xpath("//button[@name='end']/@value")[0]})
    kept = [data["reason"] for data in story.rows(select(Event.data).where(Event.trigger == "copied"))]
    assert "<script>alert(1)</script>" in kept
    story.sound()
