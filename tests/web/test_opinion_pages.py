"""会签: sixteen units answer each on one page; who is silent is named and never taken to agree."""

from pathlib import Path

import pytest
from freezegun import freeze_time
from sqlmodel import select

from office.running.installation import Office
from states.parties import SURVEY_UNITS
from tests.conftest import at_nine
from tests.sheets.workbooks import opened
from tests.story import TOWNSHIP, Story
from tests.web.browser import Browser, text_of
from tests.web.forms import SCAN, hidden
from tests.web.statements import statements
from web import links
from workflow.models import Notice, Opinion

CHECKED = {
    "mineral_use": "建筑用", "resource_basis": "演示详查报告", "planned_scale": "50", "scale_class": "medium",
    "scale_standard": "演示划分标准", "layers_checked": "是", "planning_basis": "演示新一期总体规划",
}  # fmt: skip
UNITS = [{"township": TOWNSHIP, "village": "village_demo"}.get(unit.id, unit.id) for unit in SURVEY_UNITS]
pytestmark = pytest.mark.usefixtures("night")


@pytest.fixture
def night() -> object:
    with freeze_time(at_nine("2026-02-11")) as frozen:
        yield frozen


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register("演示一号拟设区块", block=True, mineral="建筑石料用灰岩")


@pytest.fixture
def case(story: Story) -> str:
    number = story.open("new_right", "2026-01-05", transfer_year="2026")
    story.take(number, "start_precheck", "2026-01-12", user="natural_resources")
    story.take(number, "dispatch_survey", "2026-02-02", user="natural_resources", reply_by="2026-03-06", **CHECKED)
    return number


def _referral(story: Story, case: str, unit: str) -> str:
    return next(t.number for t in story.view(case).tracks if t.procedure == "referral" and t.subject_id == unit)


def _answer(story: Story, case: str, unit: str, answer: str = "no_objection", text: str = "演示意见") -> object:
    browser, url = Browser(story.office, unit), f"/opinions/{links.slug(_referral(story, case, unit))}"
    data = {
        "version": hidden(browser.page(url), "version"), "occurred_on": "2026-02-11", "v_answer": answer, "v_opinion": text,
        "v_answered_on": "2026-02-11",
    }  # fmt: skip
    return browser.post(url, data, files=[("e_opinion_form", SCAN)])


def test_a_unit_finds_its_question_and_answers_it_on_one_page(story: Story, case: str) -> None:
    browser = Browser(story.office, "water")
    listed = browser.page("/opinions")
    assert "演示一号拟设区块：拟设采矿权联合踏勘意见" in text_of(listed)
    assert "2026-03-06 剩余 23 天" in text_of(listed)
    (link,) = listed.xpath("//a[contains(., '反馈意见')]/@href")
    assert [box.get("value") for box in browser.page(link).xpath("//input[@name='v_answer']")] == [
        "no_objection", "restriction", "objection",
    ]  # fmt: skip

    assert _answer(story, case, "water", "restriction", "范围内有水源保护区").status_code == 303  # type: ignore[attr-defined]
    ((answer, text),) = story.rows(select(Opinion.answer, Opinion.text).where(Opinion.organ_id == "water"))
    assert (answer, text) == ("restriction", "范围内有水源保护区")
    assert "没有待本单位反馈的意见" in text_of(browser.page("/opinions"))
    assert "有限制性因素" in text_of(browser.page("/opinions?tab=answered"))
    assert "范围内有水源保护区" in text_of(browser.page(link))
    story.sound()


def test_an_incomplete_answer_is_sent_back_with_all_its_faults(story: Story, case: str) -> None:
    browser, number = Browser(story.office, "water"), _referral(story, case, "water")
    answer = browser.post(
        f"/opinions/{links.slug(number)}",
        {"version": "1", "occurred_on": "2026-02-11", "v_answer": "agree", "v_answered_on": "2026-02-12", "v_opinion": ""},
    )  # fmt: skip
    assert answer.status_code == 422
    for sentence in ("只能选择", "请填写“意见内容”", "还没有发生的事不能登记", "请附上“盖章的意见表或复函”"):
        assert sentence in text_of(answer), sentence
    assert story.rows(select(Opinion.answer).where(Opinion.organ_id == "water")) == [None]


def test_nobody_answers_for_another_unit(story: Story, case: str) -> None:
    number = _referral(story, case, "water")
    url = f"/opinions/{links.slug(number)}"
    stranger = Browser(story.office, "forestry")
    assert stranger.post(url, {"v_answer": "no_objection"}).status_code in (403, 404)
    assert stranger.post(f"{url}/acknowledge").status_code in (403, 404)
    assert Browser(story.office, "water").get(f"/opinions/{links.slug(case)}").status_code == 404
    assert story.state(number) == "sent"


def test_a_unit_signs_for_the_letter_first(story: Story, case: str) -> None:
    number = _referral(story, case, "water")
    browser, url = Browser(story.office, "water"), f"/opinions/{links.slug(number)}"
    assert browser.post(f"{url}/acknowledge", {"version": "1"}).status_code == 303
    assert story.state(number) == "acknowledged"
    assert browser.post(f"{url}/acknowledge", {"version": "1"}).status_code == 409


def test_the_summary_names_who_is_silent_and_never_counts_them_as_agreeing(story: Story, case: str) -> None:
    for unit in UNITS[:11]:
        _answer(story, case, unit)
    browser = Browser(story.office)
    assert "11/16" in text_of(browser.page("/opinions"))
    page = browser.page(f"/opinions?about={links.slug(case)}")
    text = text_of(page)
    assert "进度 11/16" in text
    assert "无意见 11 有限制性因素 0 有意见 0 未反馈 5" in text
    assert (
        "未反馈 5 家：县广电部门、阳城县应急管理局、县林业部门、演示县演示镇人民政府、演示镇演示村。未反馈不视为同意。"
        in text
    )
    rows = page.xpath("//tbody/tr")
    assert len(rows) == 16
    assert "未反馈" in text_of(rows[15])
    assert "2026-03-06" in text_of(rows[15])
    for address in (f"/opinions/export.xlsx?about={links.slug(case)}", "/opinions/export.xlsx"):
        sheet = opened(browser.get(address).content).active
        told = [(row[3].value, row[4].value) for row in sheet.iter_rows(min_row=4) if row[2].value]
        assert [answer for _, answer in told].count("未反馈") == 5
        assert told[15] == ("演示镇演示村", "未反馈")

    (urge,) = page.xpath("//a[contains(@aria-label, '催办县林业部门')]/@href")
    assert browser.get(urge).status_code == 200
    answer = browser.post(urge.split("?")[0], {"reason": "请尽快反馈", "back": f"/opinions?about={case}"})
    assert answer.headers["location"] == f"/opinions?about={case}"
    assert story.rows(select(Notice.recipient_id).where(Notice.kind == "urge")) == ["forestry"]


def test_an_answer_that_was_sent_back_is_none(story: Story, case: str) -> None:
    _answer(story, case, "water")
    number = _referral(story, case, "water")
    story.take(number, "return_reply", "2026-02-11", user="natural_resources", reason="请写明位置")
    page = Browser(story.office).page(f"/opinions?about={case}")
    assert "进度 0/16" in text_of(page)
    assert "反馈意见" in text_of(Browser(story.office, "water").page("/opinions"))


def test_the_summary_is_hidden_from_who_may_not_see_the_case(story: Story, case: str) -> None:
    assert Browser(story.office, "water").get(f"/opinions?about={case}").status_code == 404
    for query in ("about=no-such", "page=abc&tab=waiting", "tab=nothing", "page=99999999999"):
        assert Browser(story.office).get(f"/opinions?{query}").status_code in (200, 404)


def test_lists_of_opinions_take_a_bounded_number_of_statements(story: Story, case: str) -> None:
    browser = Browser(story.office)
    for url in ("/opinions", "/opinions?tab=waiting", f"/opinions?about={case}"):
        browser.page(url)
        with statements(story.office.engine) as seen:
            browser.page(url)
        # Sixteen units, and not one question for each of them.
        assert len(seen) <= 30, (url, len(seen), seen)
