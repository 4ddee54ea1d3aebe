"""表格导入导出: a workbook goes out, comes back changed, is looked at, and taken in whole or not at all."""

from io import BytesIO
from typing import Any

import pytest
from freezegun import freeze_time
from httpx2 import Response
from lxml import html
from openpyxl import load_workbook
from sqlmodel import select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.sheets.workbooks import edited, heads, made, opened
from tests.web.browser import Browser, text_of
from tests.web.statements import crowd, statements
from workflow.models import Mine, SheetImport, SheetLayout
from workflow.records import record_value
from workflow.views import Actor

TODAY = at_nine("2026-11-23")
SOURCE = {"source": "演示：乡镇报来"}
SANDSTONE = "阳城县山仁行砂岩矿"
NAMES = ("矿山名称", "采矿权人", "采矿许可证号", "开采矿种", "所在乡（镇）")


def upload(browser: Browser, data: bytes, name: str = "台账.xlsx", **given: str) -> Response:
    return browser.post("/sheets", {**SOURCE, **given}, files={"file": (name, data, "application/octet-stream")})


def confirm(browser: Browser, address: str, **given: str) -> Response:
    """Posts the form of the preview as it was shown."""
    page = browser.page(address)
    fields = page.xpath("//form[.//input[@name='seen']]//input[@type='hidden']")
    hidden = {field.get("name"): field.get("value") for field in fields}
    return browser.post(address, {**hidden, **given})


def mine(office: Office, name: str = SANDSTONE) -> Mine:
    with office.reading() as session:
        return session.exec(select(Mine).where(Mine.name == name)).one()


def ledger(browser: Browser) -> bytes:
    return browser.get("/sheets/survey.xlsx").content


@freeze_time(TODAY)
def test_a_changed_cell_is_shown_first_and_written_after_the_confirmation(office: Office) -> None:
    browser = Browser(office)
    data = edited(ledger(browser), {(SANDSTONE, "矿产用途"): "建筑石料", (SANDSTONE, "正在开采"): "否"})
    address = upload(browser, data).headers["location"]
    page = text_of(browser.page(address))
    assert "什么都没有改" in page
    assert f"{SANDSTONE}2-1矿产用途（空）建筑石料" in page.replace(" ", "")
    assert "mineral_use" not in mine(office).facts
    answer = confirm(browser, address)
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    assert mine(office).facts["mineral_use"] == "建筑石料"
    assert mine(office).facts["is_mining"] == "no"
    done = text_of(browser.page(address))
    assert "1座有改动" in done
    assert "2项内容写入" in done
    assert "演示：乡镇报来" in text_of(browser.page("/sheets"))
    again = upload(browser, ledger(browser)).headers["location"]
    assert "完全一致" in text_of(browser.page(again))
    assert browser.post(f"{again}/drop").headers["location"] == "/sheets"
    assert [row.status for row in imports(office)] == ["done", "dropped"]


def imports(office: Office) -> list[SheetImport]:
    with office.reading() as session:
        return list(session.exec(select(SheetImport).order_by(SheetImport.id)))  # type: ignore[arg-type]


@freeze_time(TODAY)
def test_a_bad_cell_stops_everything_and_comes_back_marked(office: Office) -> None:
    browser = Browser(office)
    bad = {
        (SANDSTONE, "矿产用途"): "建筑石料",
        (SANDSTONE, "采矿许可证有效期至"): "2025.2.30",
        (SANDSTONE, "当前环节"): "已关闭",
    }
    address = upload(browser, edited(ledger(browser), bad)).headers["location"]
    page = browser.page(address)
    assert "有 2 处问题" in text_of(page)
    assert not page.xpath("//button[contains(., '确认导入')]")
    assert confirm(browser, address, seen="x").status_code in (409, 422)
    assert "mineral_use" not in mine(office).facts
    marked = browser.get(f"{address}/marked.xlsx").content
    book = opened(marked)
    sheet, listed = book["摸底台账"], book["问题清单"]
    row = next(cell.row for cell in sheet["C"] if cell.value == SANDSTONE)
    cell = sheet.cell(row, heads(sheet)["采矿许可证有效期至"])
    assert (cell.value, cell.fill.fgColor.rgb) == ("2025.2.30", "FFFDECEA")
    assert cell.comment is not None
    assert [value.value for value in listed[2]][:2] == ["摸底台账", row]
    assert {listed.cell(n, 5).value for n in (2, 3)} == {"2025.2.30", "已关闭"}
    put_right = edited(marked, {(SANDSTONE, "采矿许可证有效期至"): "2025.1.2", (SANDSTONE, "当前环节"): None})
    again = upload(browser, put_right, "台账-标出问题.xlsx").headers["location"]
    assert confirm(browser, again).status_code == 303
    assert mine(office).facts["mineral_use"] == "建筑石料"


@freeze_time(TODAY)
def test_what_is_no_workbook_is_refused_with_a_sentence_and_leaves_nothing(office: Office) -> None:
    browser = Browser(office)
    kept = sorted(office.settings.files.rglob("*"))
    good = ledger(browser)
    refused = {
        "没有选": browser.post("/sheets", SOURCE), "来源": upload(browser, good, source=" "),
        "文本文件": upload(browser, "矿山名称,采矿权人".encode(), "台账.csv"),
        ".et": upload(browser, b"\xd0\xcf\x11\xe0" * 200, "台账.et"), "PDF": upload(browser, b"%PDF-1.4 demo", "台账.xlsx"),
    }  # fmt: skip
    for what, answer in refused.items():
        assert answer.status_code == 422, what
        assert html.fromstring(answer.text).xpath("//*[@role='alert']"), what
    assert "另存为 .xlsx" in text_of(refused[".et"])
    assert imports(office) == []
    assert sorted(office.settings.files.rglob("*")) == kept


@freeze_time(TODAY)
def test_a_row_that_the_system_has_changed_since_needs_a_decision(office: Office) -> None:
    browser = Browser(office)
    data = edited(ledger(browser), {(SANDSTONE, "矿产用途"): "建筑石料"})
    with office.writing() as session:
        record_value(
            session,
            "2-1",
            "mining_method",
            "露天",
            actor=Actor("office", "group_office"),
            on=TODAY.date(),
            source="演示",
        )
    address = upload(browser, data).headers["location"]
    page = browser.page(address)
    (choice,) = {field.get("name") for field in page.xpath("//input[@type='radio']")}
    undecided = confirm(browser, address)
    assert undecided.status_code == 422
    assert "没有选定怎么办" in text_of(undecided)
    assert confirm(browser, address, **{choice: "keep"}).status_code == 303
    assert "mineral_use" not in mine(office).facts
    assert "1行保留系统的值" in text_of(browser.page(address))


@freeze_time(TODAY)
def test_somebody_else_was_faster_and_the_comparison_is_shown_anew(office: Office) -> None:
    browser = Browser(office)
    address = upload(browser, edited(ledger(browser), {(SANDSTONE, "矿产用途"): "建筑石料"})).headers["location"]
    seen = browser.page(address).xpath("//input[@name='seen']/@value")[0]
    with office.writing() as session:
        record_value(
            session,
            "2-1",
            "mineral_use",
            "水泥用",
            actor=Actor("office", "group_office"),
            on=TODAY.date(),
            source="演示",
        )
    answer = browser.post(address, {"seen": seen})
    assert answer.status_code == 409
    assert "重新对比" in text_of(answer)
    assert "水泥用" in text_of(answer)
    assert mine(office).facts["mineral_use"] == "水泥用"


@freeze_time(TODAY)
def test_a_mine_of_nearly_the_same_name_is_asked_about(office: Office) -> None:
    browser = Browser(office)
    near = (SANDSTONE.removeprefix("阳城县"), "阳城县河北镇北梁村民委员会", "", "砂岩", "河北镇")
    address = upload(browser, made([NAMES, near, ("演示乙石灰岩矿", "演示乙公司", "", "石灰岩", "河北镇")])).headers[
        "location"
    ]
    page = browser.page(address)
    (name,) = {field.get("name") for field in page.xpath("//input[@type='radio']")}
    assert set(page.xpath("//input[@type='radio']/@value")) >= {"2-1", "new"}
    assert confirm(browser, address).status_code == 422
    assert confirm(browser, address, **{name: "2-1"}).status_code == 303
    assert mine(office, "演示乙石灰岩矿").holder == "演示乙公司"
    with office.reading() as session:
        assert session.exec(select(Mine).where(Mine.name == near[0])).first() is None


@freeze_time(TODAY)
def test_columns_of_their_own_are_assigned_once_and_known_the_next_time(office: Office) -> None:
    browser = Browser(office)
    own = [("地方", "企业", "谁的证", "什么矿"), ("演示镇", "演示丙石灰岩矿", "演示丙公司", "石灰岩")]
    address = upload(browser, made(own)).headers["location"]
    page = browser.page(address)
    assert page.xpath("//label[@for='c1']/text()") == ["B 列：企业"]
    twice = browser.post(f"{address}/columns", {"sheet": "Sheet1", "column-1": "name", "column-2": "name"})
    assert (twice.status_code, "请每项内容只指定一列" in text_of(twice)) == (422, True)
    columns = {"sheet": "Sheet1", "column-1": "name", "column-2": "holder", "column-3": "mineral"}
    assert browser.post(f"{address}/columns", columns).headers["location"] == address
    with office.reading() as session:
        assert session.exec(select(SheetLayout)).all() == []
    assert confirm(browser, address).status_code == 303
    assert mine(office, "演示丙石灰岩矿").mineral == "石灰岩"
    with office.reading() as session:
        assert session.exec(select(SheetLayout.mapping)).one() == {"name": 1, "holder": 2, "mineral": 3}
    again = upload(browser, made([own[0], ("演示镇", "演示丁石灰岩矿", "演示丁公司", "石灰岩")])).headers["location"]
    assert "演示丁石灰岩矿" in text_of(browser.page(again))
    assert imports(office)[-1].layout == "free"


@freeze_time(TODAY)
def test_only_the_office_imports_and_others_take_away_what_they_may_see(office: Office) -> None:
    upload(Browser(office), ledger(Browser(office)))
    clerk = Browser(office, "township_hebei")
    page = clerk.page("/sheets")
    assert not page.xpath("//input[@type='file']")
    names = [row[2].value for row in opened(ledger(clerk)).worksheets[0].iter_rows(min_row=5) if row[0].value]
    assert SANDSTONE in names
    assert "阳城县圣康石灰岩矿" not in names
    for url in ("/sheets/1", "/sheets/1/columns", "/sheets/1/marked.xlsx", "/sheets/weekly.xlsx"):
        assert clerk.get(url).status_code == 403, url
    assert upload(clerk, b"x").status_code == 403


@freeze_time(TODAY)
@pytest.mark.parametrize(("url", "title"), [
    ("/opinions/export.xlsx", "会签"), ("/notices/export.xlsx?kind=digest", "通知记录"), ("/sheets/weekly.xlsx", "调度表"),
    ("/sheets/template.xlsx", "调查摸底台账"),
])  # fmt: skip
def test_what_else_goes_out_opens_in_excel(office: Office, url: str, title: str) -> None:
    answer = Browser(office).get(url)
    assert answer.status_code == 200
    page: Any = load_workbook(BytesIO(answer.content)).worksheets[0]
    assert title in page["A1"].value
    assert page.freeze_panes
    assert page.auto_filter.ref


@freeze_time(TODAY)
def test_many_mines_make_no_more_statements(office: Office) -> None:
    browser = Browser(office)
    address = upload(browser, edited(ledger(browser), {(SANDSTONE, "矿产用途"): "建筑石料"})).headers["location"]
    asked = []
    for _ in range(2):
        browser.page(address)
        with statements(office.engine) as seen:
            ledger(browser)
            browser.page(address)
        asked.append(len(seen))
        if len(asked) == 1:
            crowd(office.engine, 60, due_on=TODAY.date())
    assert asked[1] == asked[0]
