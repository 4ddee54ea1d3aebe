"""The ledger in and out, as the office does it: the first import, the weekly update, a stale row, a wrong file."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect
from sqlmodel import select

from tests.browser.clerk import said
from tests.browser.conftest import Site
from tests.sheets.workbooks import edited, made, opened
from workflow import clock
from workflow.models import Mine
from workflow.records import record_value
from workflow.views import Actor

SANDSTONE, CLAY = "阳城县山仁行砂岩矿", "阳城县润泰矿业有限公司"


def taken(page: Page, link: Locator) -> bytes:
    """The file behind a link, as the browser saves it."""
    with page.expect_download() as download:
        link.click()
    return Path(download.value.path()).read_bytes()


def exported(page: Page) -> bytes:
    page.goto("/sheets")
    return taken(page, page.get_by_role("link", name=re.compile(r"^导出\s*：摸底台账$")))


def uploaded(page: Page, data: bytes, name: str = "台账.xlsx") -> None:
    page.goto("/sheets")
    file: Any = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    page.get_by_label("表格文件").set_input_files(file)
    page.get_by_label(re.compile("^来源")).fill("演示：各镇报来")
    page.get_by_role("button", name="上传并对比").click()


def facts(site: Site, name: str) -> dict[str, Any]:
    with site.office.reading() as session:
        return dict(session.exec(select(Mine.facts).where(Mine.name == name)).one())


def test_the_first_import_of_the_office_s_own_table(site: Site) -> None:
    page = site.page()
    own = [("号", "企业", "谁的证", "什么矿"), (1, "演示一号石灰岩矿", "演示一号公司", "石灰岩"),
           (2, "演示二号砂岩矿", "演示二号公司", "砂岩")]  # fmt: skip
    uploaded(page, made(own), "我们的台账.xlsx")
    expect(page.get_by_role("heading", level=1)).to_have_text("指定各列是什么")
    for label, value in (("B 列：企业", "矿山名称"), ("C 列：谁的证", "采矿权人"), ("D 列：什么矿", "开采矿种")):
        page.get_by_label(label).select_option(label=value)
    page.get_by_role("button", name="按此对比").click()
    expect(page.get_by_role("region", name="逐格对比")).to_contain_text("演示二号公司")
    page.get_by_role("button", name="确认导入，新登记 2 座").click()
    said(page, "新登记 2 座矿山")
    page.goto("/cases?q=演示一号石灰岩矿")
    expect(page.locator("main")).to_contain_text("演示一号公司")
    uploaded(page, made([*own, (3, "演示三号白云岩矿", "演示三号公司", "白云岩")]), "我们的台账.xlsx")
    expect(page.get_by_role("button", name="确认导入，新登记 1 座")).to_be_visible()


def test_the_weekly_update_goes_out_is_edited_and_comes_in(site: Site) -> None:
    page = site.page()
    data = edited(exported(page), {(SANDSTONE, "矿产用途"): "建筑石料", (CLAY, "设施投入（万元）"): 320.5})
    uploaded(page, data)
    changes = page.get_by_role("region", name="逐格对比")
    expect(changes.get_by_role("row")).to_have_count(3)
    expect(changes).to_contain_text("建筑石料")
    page.get_by_role("button", name="确认导入，改动 2 座").click()
    said(page, "改动 2 座矿山的 2 项内容")
    assert (facts(site, SANDSTONE)["mineral_use"], facts(site, CLAY)["facility_investment"]) == ("建筑石料", "320.5")
    uploaded(page, data)
    expect(page.get_by_role("status")).to_contain_text("完全一致")


def test_a_stale_row_is_decided_by_a_person(site: Site) -> None:
    page = site.page()
    data = edited(exported(page), {(SANDSTONE, "矿产用途"): "建筑石料", (CLAY, "矿产用途"): "陶瓷用"})
    with site.office.writing() as session:
        actor = Actor("natural_resources", "natural_resources")
        record_value(session, "2-1", "mineral_use", "水泥配料", actor=actor, on=clock.today(), source="演示")
    uploaded(page, data)
    stale = page.get_by_role("region", name="导出后系统里已改过的行")
    expect(stale).to_contain_text("水泥配料 → 建筑石料")
    page.get_by_role("button", name=re.compile("^确认导入")).click()
    expect(page.get_by_role("alert")).to_contain_text("没有选定怎么办")
    stale.get_by_label("保留系统的值").check()
    page.get_by_role("button", name=re.compile("^确认导入")).click()
    said(page, "改动 1 座矿山的 1 项内容")
    assert (facts(site, SANDSTONE)["mineral_use"], facts(site, CLAY)["mineral_use"]) == ("水泥配料", "陶瓷用")


def test_a_wrong_file_is_told_and_a_wrong_cell_comes_back_marked(site: Site) -> None:
    page = site.page()
    uploaded(page, b"%PDF-1.4 demo", "台账.pdf")
    expect(page.get_by_role("alert")).to_contain_text("PDF")
    expect(page.get_by_label(re.compile("^来源"))).to_have_value("演示：各镇报来")
    uploaded(page, edited(exported(page), {(SANDSTONE, "采矿许可证有效期至"): "2025.2.30"}))
    expect(page.get_by_role("alert")).to_contain_text("有 1 处问题，没有写入任何内容")
    expect(page.get_by_role("button", name=re.compile("^确认导入"))).to_have_count(0)
    marked = taken(page, page.get_by_role("link", name="下载标出问题的表格"))
    assert "问题清单" in opened(marked).sheetnames
    uploaded(page, edited(marked, {(SANDSTONE, "采矿许可证有效期至"): "2025.2.28"}))
    page.get_by_role("button", name="确认导入，改动 1 座").click()
    said(page, "改动 1 座矿山的 1 项内容")
    assert facts(site, SANDSTONE)["valid_to"] == "2025-02-28"
