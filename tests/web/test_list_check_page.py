"""名录核对: what is odd stands on the page; the result goes out as a workbook and a paper; a new list is looked at only."""

from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from freezegun import freeze_time
from openpyxl import Workbook, load_workbook
from sqlmodel import func, select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from tests.web.browser import Browser, text_of
from tests.web.statements import statements
from workflow.models import Mine

HEADS = (
    ["序号", "矿山名称", "采矿权人", "采矿许可证号", "开采矿种", "生产规模（万吨/年）", "采矿许可证有效期", "关闭退出方式", None,
     "关闭退出时间"],
    [None, None, None, None, None, None, None, "关闭取缔", "引导退出", None],
)  # fmt: skip
TAKEN = "C1405002016117130143377"
ROWS = (
    [1, "演示甲石灰岩矿", "演示甲矿业公司", "C1405002016117130143388", "石灰岩", 10, "2024.12.1-2027.1.2", "√", None, "2026年"],
    [2, "演示乙矿业有限公司", "演示某", "C14050020150571301384", "陶瓷土", 5, "2015.5.21-2025.2.30", None, "√", "2025年"],
    [3, "阳城县冠聿陶瓷粘土矿", "崔敏峰", "C1405002016117130143369", "陶瓷土", 5, "2016.11.29-2026.11.29", None, "√", "2026年"],
    [4, "演示丁石灰岩矿", "演示丁矿业公司", TAKEN, "石灰岩", 10, "2023.3.29-2027.9.29", "√", "√", "2027年"],
)  # fmt: skip


def new_list(*rows: list[Any], heads: Any = HEADS) -> bytes:
    book, file = Workbook(), BytesIO()
    page = book.active
    for row in (["演示县非煤矿山企业关闭退出名单"], *heads, *rows):
        page.append(row)
    for area in ("A1:J1", "H2:I2", *(f"{column}2:{column}3" for column in "ABCDEFGJ")):
        page.merge_cells(area)
    book.save(file)
    return file.getvalue()


@freeze_time(at_nine("2026-11-23"))
def test_the_page_lists_what_must_be_looked_into_and_each_row_has_its_own(office: Office) -> None:
    browser = Browser(office)
    browser.get("/lists/check")
    with statements(office.engine) as sent:
        page = browser.page("/lists/check")
    assert len(sent) <= 40
    rows = text_of(page.xpath("//section[@aria-labelledby='rows']")[0])
    for words in (
        "L4 方案印发时许可证仍在有效期内",
        "“潘李兵”像是自然人姓名",
        "共 33 天",
        "冶镁白云岩 1000",
        "共 13 条",
    ):
        assert words in rows
    assert "县发展和改革部门" in text_of(page.xpath("//section[@aria-labelledby='whole']")[0])
    standards = text_of(page.xpath("//section[@aria-labelledby='standards']")[0])
    assert "数字待查" in standards
    assert "DZ/T 0400-2022" in standards
    one = text_of(browser.page("/lists/check?mine=2-3"))
    assert "生产规模 9 万吨/年，方案标准：铝土矿 30" in one
    assert "阳政办发〔2025〕17号 附件2 第3行" in one
    assert "县里只能提请" in one
    assert browser.get("/lists/check?mine=9-9").status_code == 404


@freeze_time(at_nine("2026-11-23"))
def test_somebody_sees_only_what_is_theirs(office: Office) -> None:
    rows = Browser(office, "township_hebei").page("/lists/check").xpath("//section[@aria-labelledby='rows']//tbody/tr")
    assert [text_of(row).split()[0] for row in rows] == ["附件2第1行", "附件3第2行", "附件3第3行", "附件3第8行"]
    assert Browser(office, "township_dongye").get("/lists/check?mine=2-1").status_code == 404


@freeze_time(at_nine("2026-11-23"))
def test_the_result_goes_out_as_workbook_and_as_paper(office: Office) -> None:
    browser = Browser(office)
    sheet = load_workbook(BytesIO(browser.get("/lists/check/result.xlsx").content)).active
    assert sheet is not None
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert lines[2][:7] == ["位置", "名称", "矿山编号", "项目编号", "项目", "条款", "结论"]
    assert ["附件3第8行", "3-8", "N2", "不符合"] in [[line[0], line[2], line[3], line[6]] for line in lines]
    assert lines[-1][0] == "共 255 行"
    paper = docx.Document(BytesIO(browser.get("/lists/check/result.docx").content))
    words = "\n".join(
        [*(p.text for p in paper.paragraphs), *(c.text for t in paper.tables for row in t.rows for c in row.cells)]
    )
    for said in (
        "非煤矿山名录核对情况表",
        "不表示任何单位和个人违反规定",
        "方案印发时已经到期",
        "附件2第1至5行",
        "三（二）4（2）",
    ):
        assert said in words
    assert "（此件" not in words
    assert browser.get("/lists/check/result.pdf").content.startswith(b"%PDF")


@freeze_time(at_nine("2026-11-23"))
def test_a_new_list_is_checked_and_not_kept(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path).register("演示戊石灰岩矿", mineral="石灰岩", licence_number=TAKEN)
    story.open("closure", "2026-11-02", exit_year="2026")
    browser = Browser(office)
    with office.reading() as session:
        before = session.exec(select(func.count()).select_from(Mine)).one()
    answer = browser.post("/lists/check", files={"file": ("新名录.xlsx", new_list(*ROWS))})
    page = text_of(answer)
    for words in (
        "没有 2025.2.30 这一天", "许可证 2027-01-02 到期，晚于 2025-12-31，勾选关闭取缔", "“C14050020150571301384”不对",
        "勾选了 2 栏（关闭取缔、引导退出）", "系统中编号 2-4",
        f"第 7 行与系统中的 {story.mine}（演示戊石灰岩矿）许可证号相同而名称不同，没有对照已登记的事实",
    ):  # fmt: skip
        assert words in page, words
    taken = browser.post("/lists/check", {"as": "xlsx"}, files={"file": ("新名录.xlsx", new_list(*ROWS))})
    sheet = load_workbook(BytesIO(taken.content)).active
    assert sheet is not None
    assert sheet["A4"].value == "“新名录.xlsx”第4行"
    with office.reading() as session:
        assert session.exec(select(func.count()).select_from(Mine)).one() == before


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("没有.xlsx", b"", "还没有选择文件"), ("坏.xlsx", b"PK\x03\x04 broken", ""),
        ("台账.xlsx", new_list(heads=(["矿山名称", "采矿许可证号", "生产规模（万吨/年）"],)), "不是名录"),
        ("空.xlsx", new_list(), "有 0 行"),
    ],
)  # fmt: skip
@freeze_time(at_nine("2026-11-23"))
def test_what_is_no_list_is_refused_in_a_sentence(office: Office, name: str, data: bytes, words: str) -> None:
    files = {"files": {"file": (name, data)}} if data else {}
    answer = Browser(office).post("/lists/check", **files)
    assert answer.status_code == 422
    assert words in text_of(answer)
