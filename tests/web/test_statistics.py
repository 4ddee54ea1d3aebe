"""统计分析 on the screen: each figure with its chart, and each table as a workbook that says the same."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from openpyxl import load_workbook

from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from tests.web.browser import Browser, text_of
from tests.web.statements import crowd, statements
from tests.web.visitor import add_administrators
from workflow.sweep import chain_head

DAY = "2026-11-23"
PAGES = ("/statistics", "/statistics/pace", "/statistics/period?period=year", "/statistics/brief")
NAMES = ("routes", "townships", "minerals", "years", "organs", "months", "steps", "done")


def page(office: Office, url: str, account: str = "office") -> Any:
    with freeze_time(at_nine(DAY)):
        return Browser(office, account).page(url)


def rows(tree: Any, heading: str) -> dict[str, list[str]]:
    """Label -> cells of the table under a heading."""
    table = tree.xpath(f'//section[.//h2[@id="t-{heading}"]]//table')[0]
    return {
        row.xpath("string(th)").strip(): [cell.text_content().strip() for cell in row.xpath('td[not(@class="drawn")]')]
        for row in table.xpath("tbody/tr|tfoot/tr")
    }


def sheet(office: Office, name: str, account: str = "office") -> Any:
    with freeze_time(at_nine(DAY)):
        answer = Browser(office, account).get(f"/statistics/{name}.xlsx")
    assert answer.status_code == 200, answer.text
    return load_workbook(BytesIO(answer.content)).active


@pytest.mark.parametrize("url", PAGES)
def test_a_clerk_opens_each_page(office: Office, url: str) -> None:
    tree = page(office, url)
    assert len(tree.xpath("//h1")) == 1
    assert not tree.xpath("//*[@style or @onclick]")


def test_the_published_mines_are_counted_by_route_township_and_mineral(office: Office) -> None:
    tree = page(office, "/statistics")
    assert rows(tree, "routes") == {
        # 合计, 在办, 逾期, 30日内, 正常, 未计期限, 已办结
        "关闭取缔": ["3", "3", "3", "0", "0", "0", "0"], "引导退出": ["2", "2", "0", "1", "1", "0", "0"],
        "配置新设": ["8", "8", "1", "0", "7", "0", "0"], "合计": ["13", "13", "4", "1", "8", "0", "0"],
    }  # fmt: skip
    townships = rows(tree, "townships")
    assert townships["河北镇"] == ["4", "4", "1", "0", "3", "0", "0"]
    assert townships["乡镇待明确"] == ["4", "4", "2", "1", "1", "0", "0"]
    assert rows(tree, "minerals")["石灰岩"] == ["8", "8", "1", "0", "7", "0", "0"]
    assert rows(tree, "years")["2026年 拟新设出让"] == ["3", "0", "3", "本年度"]
    assert rows(tree, "years")["2025年 关闭取缔"] == ["3", "0", "3", "逾年未完成"]


def test_every_line_has_its_bar_and_its_bar_has_its_words(office: Office) -> None:
    tree = page(office, "/statistics")
    bars = tree.xpath('//section[.//h2[@id="t-routes"]]//svg[@class="bar"]/title/text()')
    assert bars == ["关闭取缔：逾期 3 件", "引导退出：30日内到期 1 件，正常 1 件", "配置新设：逾期 1 件，正常 7 件"]
    (chart,) = tree.xpath('//svg[@class="chart"]')
    assert "2026年：任务 4，已完成 0" in chart.xpath("string(desc)")


def test_the_trend_draws_three_lines_over_eighteen_months(office: Office) -> None:
    tree = page(office, "/statistics/pace")
    (chart,) = tree.xpath('//svg[@class="chart"]')
    lines = [path for path in chart.xpath("path/@d") if path.count("L") == 17]
    assert len(lines) == 3
    months = rows(tree, "months")
    assert len(months) == 19
    assert months["2025-12"] == ["0", "0", "4"]
    assert rows(tree, "organs")["阳城县河北镇人民政府"][:2] == ["2", "2"]
    assert rows(tree, "steps")["关闭取缔：核实停产"][:5] == ["3", "0", "0", "3", "100.0"]


def test_a_chosen_period_is_counted_and_a_wrong_one_is_named(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path).register("演示甲矿")
    case = story.open("referral", "2026-11-02", subject_id="water", request="演示事项")
    story.take(case, "acknowledge", "2026-11-04", user="water")
    tree = page(office, "/statistics/period?period=own&from=2026-11-01&to=2026-11-10")
    assert "办理环节部门协办(征求意见)：签收1次" in text_of(tree).replace(" ", "")
    assert "acknowledge" not in text_of(tree)
    assert "没有登记任何办理" in text_of(page(office, "/statistics/period?period=own&from=2026-10-01&to=2026-10-10"))
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        for asked, said in (
            ("from=2026-11-10&to=2026-11-01", "截止日期 2026-11-01 早于开始日期 2026-11-10"),
            ("from=2026-02-30&to=2026-11-01", "开始日期"), ("from=&to=不是日期", "截止日期"),
        ):  # fmt: skip
            answer = browser.get(f"/statistics/period?period=own&{asked}")
            assert answer.status_code == 400
            assert said in text_of(answer)
        typed = browser.get("/statistics/period?period=own&from=2026-11-10&to=2026-11-01").text
    assert 'value="2026-11-10"' in typed


@pytest.mark.parametrize("name", NAMES)
def test_each_table_opens_as_a_workbook_with_title_and_source(office: Office, name: str) -> None:
    found = sheet(office, name)
    assert "阳城县非煤矿产资源综合整治" in found["A1"].value
    with office.reading() as session:
        head = chain_head(session)
    assert f"统计日期：{DAY}" in found["A2"].value
    assert head
    assert f"链头：{head}" in found["A2"].value
    assert not [cell for row in found.iter_rows(min_row=4) for cell in row if cell.data_type == "f"]


def test_the_workbook_holds_the_figures_of_the_page_as_numbers(office: Office) -> None:
    found = sheet(office, "routes")
    assert [cell.value for cell in found[3]] == [
        "整治方式",
        "合计",
        "在办",
        "逾期",
        "30日内到期",
        "正常",
        "未计期限",
        "已办结",
    ]
    assert [[cell.value for cell in row] for row in found.iter_rows(min_row=4, max_row=7)] == [
        ["关闭取缔", 3, 3, 3, 0, 0, 0, 0], ["引导退出", 2, 2, 0, 1, 1, 0, 0], ["配置新设", 8, 8, 1, 0, 7, 0, 0],
        ["合计", 13, 13, 4, 1, 8, 0, 0],
    ]  # fmt: skip
    rate = sheet(office, "steps")["F4"]
    assert (rate.value, rate.data_type) == (100, "n")


def test_the_workbook_of_a_period_is_that_of_the_page(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path).register("演示甲矿")
    story.open("referral", "2026-11-02", subject_id="water", request="=1+1")
    tree = page(office, "/statistics/period?period=own&from=2026-11-01&to=2026-11-10")
    (link,) = tree.xpath('//a[contains(@href, ".xlsx")]/@href')
    assert link == "/statistics/done.xlsx?period=own&from=2026-11-01&to=2026-11-10"
    found = sheet(office, "done")
    assert [cell.value for cell in found[4]] == ["新立案", "部门协办(征求意见)", 1, "件"]


def test_an_organ_sees_and_downloads_its_own_cases_alone(office: Office) -> None:
    tree = page(office, "/statistics", "township_beiliu")
    assert rows(tree, "routes") == {
        "配置新设": ["1", "1", "0", "0", "1", "0", "0"],
        "合计": ["1", "1", "0", "0", "1", "0", "0"],
    }
    assert "职责范围内的案件" in text_of(tree)
    assert [cell.value for cell in sheet(office, "townships", "township_beiliu")["A"]][3:5] == ["北留镇", "合计"]
    # The bureau sees to the only deadline there, and its account is not the township's to read.
    assert "自然资源局" not in text_of(page(office, "/statistics/pace", "township_beiliu").xpath("//table")[1])


def test_what_is_no_table_is_not_found_and_administrators_are_kept_out(office: Office) -> None:
    add_administrators(office)
    with freeze_time(at_nine(DAY)):
        assert Browser(office).get("/statistics/secrets.xlsx").status_code == 404
        for account in ("admin", "security", "auditor"):
            for url in (*PAGES, "/statistics/routes.xlsx"):
                assert Browser(office, account).get(url).status_code == 403
        assert Browser(office, None).get("/statistics").headers["location"] == "/sign-in?next=/statistics"


def test_a_page_asks_as_often_for_three_hundred_cases_as_for_thirteen(office: Office) -> None:
    def asked() -> list[int]:
        found = []
        with freeze_time(at_nine(DAY)):
            browser = Browser(office)
            for url in PAGES:
                browser.page(url)
                with statements(office.engine) as seen:
                    browser.page(url)
                found.append(len(seen))
        return found

    few = asked()
    crowd(office.engine, 300, due_on=date(2026, 6, 1))
    assert asked() == few
    assert max(few) <= 30
