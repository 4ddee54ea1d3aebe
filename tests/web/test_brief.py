"""领导简报: what the deputy head wants to know at nine, true to the record, in a fixed length."""

from datetime import date
from pathlib import Path
from typing import Any

from freezegun import freeze_time

from office.reports.statistics_brief import COMING, OVERDUE, STEPS
from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from tests.web.browser import Browser, text_of
from tests.web.statements import crowd

DAY = "2026-11-23"


def brief(office: Office, account: str = "office", day: str = DAY) -> Any:
    with freeze_time(at_nine(day)):
        return Browser(office, account).page("/statistics/brief").xpath("//article")[0]


def lines(tree: Any, heading: str) -> list[list[str]]:
    """The table under a heading."""
    return [
        [cell.text_content().strip() for cell in row.xpath("td")]
        for row in tree.xpath(f'.//section[h2[contains(., "{heading}")]]//tbody/tr')
    ]


def test_it_says_how_the_published_mines_stand(office: Office) -> None:
    tree = brief(office)
    said = text_of(tree).replace(" ", "")
    assert "阳城县非煤矿产资源综合整治提升工作简报" in said
    assert "2026年11月23日" in said
    for words in ("在办案件13件", "逾期4件逾期事项7项", "30日内到期1件", "2026年度任务0/4件引导退出0/1，拟新设出让0/3"):
        assert words in said
    assert ["阳城县山仁行砂岩矿", "核实停产", "阳城县河北镇人民政府", "2025-01-02", "逾期 690 天"] in lines(
        tree, "逾期事项"
    )
    assert lines(tree, "30 日内到期") == [["阳城县冠聿陶瓷粘土矿", "核实停产", "待明确", "2026-11-29", "剩余 6 天"]]
    assert "含演示数据" not in said


def test_it_says_what_changed_in_the_last_seven_days_and_nothing_older(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path).register("演示甲矿")
    case = story.open("referral", "2026-11-16", subject_id="water", request="演示事项")
    story.take(case, "acknowledge", "2026-11-17", user="water")
    changes = lines(brief(office), "近 7 日变化")
    assert changes == [["2026-11-17", "演示甲矿", "部门协办(征求意见)", "签收", "县水务部门"]]
    assert "办理环节 1 次" in text_of(brief(office))
    assert "含演示数据" in text_of(brief(office))
    assert lines(brief(office, day="2026-11-24"), "近 7 日变化") == []


def test_it_stays_on_one_page_however_much_there_is_to_say(office: Office, tmp_path: Path) -> None:
    crowd(office.engine, 60, due_on=date(2026, 11, 1))
    story = Story(office, tmp_path)
    for n in range(STEPS + 2):
        story.register(f"演示{n}号矿")
        case = story.open("referral", "2026-11-18", subject_id="water", request="演示事项")
        story.take(case, "acknowledge", "2026-11-19", user="water")
    tree = brief(office)
    assert [len(lines(tree, heading)) for heading in ("逾期事项", "30 日内到期", "近 7 日变化")] == [
        OVERDUE,
        COMING,
        STEPS,
    ]
    said = text_of(tree)
    # 22 of the crowd and the plan's own seven are late.
    assert f"另有 {29 - OVERDUE} 项，见台账" in said
    assert "另有 2 次，见时段办理" in said


def test_an_organ_reads_of_its_own_cases_alone(office: Office) -> None:
    tree = brief(office, "township_beiliu")
    said = text_of(tree).replace(" ", "")
    assert "在办案件1件" in said
    assert "没有逾期事项" in said
    assert "山仁行" not in said


def test_it_names_the_day_and_the_head_of_the_record(office: Office) -> None:
    foot = text_of(brief(office).xpath(".//footer")[0])
    assert "统计日期：2026-11-23" in foot
    assert "数据时间：2026-11-23 09:30" in foot
    assert "办理记录链头：" in foot
