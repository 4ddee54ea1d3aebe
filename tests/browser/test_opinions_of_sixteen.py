"""会签 by clicking: sixteen units are asked about a block, fifteen answer, one objects, one keeps silent and is urged."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from states.parties import SURVEY_UNITS
from tests.browser.clerk import SCAN, Clerks, days_ago, said, take
from tests.browser.conftest import Site
from tests.story import TOWNSHIP, Story
from web.links import slug
from workflow.models import Notice, Opinion

UNITS = [{"township": TOWNSHIP, "village": "village_demo"}.get(unit.id, unit.id) for unit in SURVEY_UNITS]
OBJECTS, SILENT = "water", "forestry"
CHECKED = {
    "矿产用途": "建筑用", "资源量依据": "演示详查报告", "拟定生产规模": "50", "矿床和生产规模等级": "中型",
    "所用规模划分标准": "演示划分标准", "所依据的规划（超出2021—2025年规划期时必填）": "演示新一期总体规划",
    "禁止采矿区域图层已核查（国土空间、生态红线、城镇边界、耕地、自然保护地）": "是", "要求反馈日期": days_ago(-30),
}  # fmt: skip


@pytest.fixture
def story(site: Site, tmp_path: Path) -> Story:
    return Story(site.office, tmp_path).register("演示一号拟设区块", block=True, mineral="建筑石料用灰岩")


def test_sixteen_are_asked_and_who_is_silent_is_named(site: Site, story: Story) -> None:
    clerk = Clerks(site)
    case = story.open("new_right", days_ago(60), transfer_year="2026")
    bureau = clerk("natural_resources")
    take(bureau, case, "启动规划与规模核查")
    take(bureau, case, "通过核查，发起16家联合踏勘", CHECKED)

    for unit in UNITS:
        if unit != SILENT:
            _answer(clerk(unit), objects=unit == OBJECTS)
            clerk.leave(unit)
    answers = dict(story.rows(select(Opinion.organ_id, Opinion.answer)))
    assert len(answers) == 16
    assert (answers[OBJECTS], answers[SILENT], answers["village_demo"]) == ("objection", None, "no_objection")

    office = clerk("office")
    office.goto("/")
    office.get_by_role("link", name="会签征求意见").click()
    office.get_by_role("link", name="查看汇总").click()
    expect(office.locator("main")).to_contain_text("进度 15/16")
    expect(office.locator("main")).to_contain_text("未反馈 1 家：县林业部门。未反馈不视为同意。")
    expect(office.get_by_role("row").filter(has_text="拟设范围压覆演示供水管线")).to_contain_text("有意见")
    office.get_by_role("link", name="催办县林业部门").click()
    office.get_by_label("催办内容").fill("请尽快反馈")
    office.get_by_role("button", name="发出催办").click()
    expect(office.locator("main")).to_contain_text("进度 15/16")
    assert story.rows(select(Notice.recipient_id).where(Notice.kind == "urge")) == ["forestry"]

    # Silence is no consent: the boundary cannot be fixed, the overlap is put on record.
    bureau = clerk("natural_resources")
    bureau.goto(f"/cases/{slug(case)}")
    expect(bureau.get_by_role("region", name="下一步")).to_contain_text("暂不能办理")
    expect(bureau.get_by_role("region", name="下一步").locator(".blockers")).to_contain_text("林业部门")
    take(bureau, case, "认定存在重叠障碍", {"重叠的对象和位置": "演示供水管线，区块东侧"})
    assert story.state(case) == "conflict"
    story.sound()


def _answer(page: Page, *, objects: bool) -> None:
    page.goto("/")
    page.get_by_role("link", name="会签征求意见").first.click()
    page.get_by_role("link", name="反馈", exact=False).last.click()
    page.get_by_role("radio", name="有意见" if objects else "无意见").check()
    page.get_by_label("意见内容").fill("拟设范围压覆演示供水管线" if objects else "没有意见")
    page.get_by_label("盖章的意见表或复函").set_input_files(SCAN)
    page.get_by_role("button", name="提交意见").click()
    said(page, "已反馈意见：演示一号拟设区块")
