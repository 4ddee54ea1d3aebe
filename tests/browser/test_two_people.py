"""Two windows on one case: the slower one is told who did what and when, and loses nothing that was typed."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.clerk import Clerks, days_ago, fill, labelled, said, take
from tests.browser.conftest import Site
from tests.story import TOWNSHIP, Story
from web.links import step_url
from workflow import clock

DATES = {
    "停产日期": days_ago(-90), "修复治理期限": days_ago(-300), "法律依据（法律名称和条款）": "演示法第一条",
    "救济途径（复议、诉讼的机关和期限）": "演示救济途径",
}  # fmt: skip
TYPED = {"调整到": days_ago(-800), "理由": "演示理由甲", "依据（文书或法律条款）": "演示依据乙"}


@pytest.fixture
def story(site: Site, tmp_path: Path) -> Story:
    return Story(site.office, tmp_path).register("演示十号砂岩矿", holder="演示十号矿业公司", mineral="砂岩")


@pytest.fixture
def case(story: Story) -> str:
    number = story.open("guided_exit", days_ago(60), exit_year=str(clock.today().year + 1))
    story.take(number, "open_talks", days_ago(50), user=TOWNSHIP, talked_on=days_ago(51))
    return number


def test_the_slower_one_is_told_and_goes_on(site: Site, story: Story, case: str) -> None:
    clerk = Clerks(site)
    first, second = clerk("working_group"), clerk("office")
    second.goto(step_url(case, "extend"))
    form = second.get_by_role("form", name="调整期限")
    labelled(form, "调整哪一环节的期限").select_option(index=1)
    fill(form, TYPED)
    take(first, case, "明确停产日期和修复治理期限", DATES)

    form.get_by_role("button", name="办理“调整期限”").click()
    told = second.get_by_role("alert").first
    expect(told).to_contain_text("别人已经办理了这个案件，您的内容还没有保存")
    expect(told).to_contain_text(clock.today().isoformat())
    expect(told).to_contain_text("阳城县非煤矿产资源综合整治提升工作组")
    expect(told).to_contain_text("明确停产日期和修复治理期限")
    expect(told).to_contain_text(f"停产日期：{DATES['停产日期']}")
    for label, value in TYPED.items():
        expect(labelled(form, label)).to_have_value(value)
    assert story.view(case).version == 3

    form.get_by_role("button", name="办理“调整期限”").click()
    said(second, "已办理“调整期限”")
    assert story.due(case, "accept_closure") == date.fromisoformat(TYPED["调整到"])
    story.sound()
