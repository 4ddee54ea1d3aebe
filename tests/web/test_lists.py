"""名录: laid out as the plan's annexes, approved by one document, and nothing that was not ticked."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from openpyxl import load_workbook
from sqlmodel import select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from tests.web.browser import Browser, text_of
from workflow.models import Attachment, Case

TODAY = at_nine("2026-11-23")
SCAN = {"approval": ("批复.pdf", b"%PDF-1.4 scan", "application/pdf")}
PAPER = {"approval_number": "演政函[2026]5号", "approval_date": "2026-11-20", "on": "2026-11-23"}


def lines(page: Any) -> list[str]:
    return [text_of(row) for row in page.xpath("//tbody/tr")]


def surveyed(office: Office, folder: Path, name: str, route: str) -> str:
    """A fictional mine whose case waits for the county's approval of its route."""
    story = Story(office, folder).register(name, mineral="石灰岩", holder="演示矿业公司", scale="10")
    case = story.open("intake", "2026-11-02")
    story.take(case, "start_survey", "2026-11-03")
    story.take(case, "finish_survey", "2026-11-04", survey_permits="演示", survey_operation="演示",
               survey_facilities="演示", survey_penalties="演示")  # fmt: skip
    story.take(case, "propose_route", "2026-11-05", proposed_route=route, reason="演示")
    story.take(case, "submit_list", "2026-11-06")
    return case


def states(office: Office) -> dict[str, str]:
    with office.reading() as session:
        return {case.number: case.state for case in session.exec(select(Case)).all()}


@freeze_time(TODAY)
def test_the_exit_list_is_laid_out_as_annex_two(office: Office) -> None:
    page = Browser(office).page("/lists/exit")
    heads = [text_of(head) for head in page.xpath("//thead//th")]
    assert heads == ["序号", "矿山名称", "采矿权人", "采矿许可证号", "开采矿种", "生产规模（万吨/年）", "有效期限", "关闭取缔",
                     "引导退出", "退出时间", "当前环节"]  # fmt: skip
    assert lines(page)[0] == (
        "1 阳城县山仁行砂岩矿 阳城县河北镇北梁村民委员会 C1405002011087130116895 砂岩 10 2024-12-01至2025-01-02 √ 2025年 "
        "列入关闭取缔名录"
    )
    assert len(lines(page)) == 5


@freeze_time(TODAY)
def test_the_list_of_new_rights_is_laid_out_as_annex_three(office: Office) -> None:
    page = Browser(office).page("/lists/new")
    assert len(lines(page)) == 8
    assert lines(page)[0].startswith("1 东冶镇郎庄村石灰岩矿 石灰岩 0.26 2000 ")
    assert "2025年 拟设区块" in lines(page)[0]
    assert "名录上还没有矿山" in text_of(Browser(office).page("/lists/upgrade"))
    assert Browser(office).get("/lists/other").status_code == 404


@freeze_time(TODAY)
@pytest.mark.parametrize(("name", "count"), [("exit", 5), ("upgrade", 0), ("new", 8)])
def test_the_lists_open_in_excel(office: Office, name: str, count: int) -> None:
    answer = Browser(office).get(f"/lists/{name}/export.xlsx")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    assert sum(isinstance(cell.value, int) for cell in sheet["A"]) == count


@freeze_time(TODAY)
def test_one_document_approves_what_was_ticked_and_nothing_else(office: Office, tmp_path: Path) -> None:
    one, two, left = (surveyed(office, tmp_path, f"演示{n}号矿", "closure") for n in "甲乙丙")
    browser = Browser(office)
    page = browser.page("/lists/exit")
    assert sorted(page.xpath("//input[@name='case']/@value")) == sorted([one, two, left])
    form = browser.page(f"/lists/exit/approve?case={one}&case={two}")
    assert form.xpath("//input[@name='case']/@value") == [one, two]
    versions = {name: form.xpath(f"//input[@name='{name}']/@value")[0] for name in (f"version-{one}", f"version-{two}")}
    years = {f"year-{one}": "2026", f"year-{two}": "2027"}
    answer = browser.post("/lists/exit/approve", {"case": [one, two], **PAPER, **versions, **years}, files=SCAN)
    assert answer.status_code == 200
    assert "已登记审定 2 件" in text_of(answer)
    after = states(office)
    assert (after[one], after[two], after[left]) == ("listed", "listed", "pending_approval")
    with office.reading() as session:
        cases = {case.number: case for case in session.exec(select(Case)).all()}
        assert cases[f"{one}/closure-1"].facts["exit_year"] == "2026"
        assert cases[f"{two}/closure-1"].facts["approval_number"] == "演政函〔2026〕5号"
        scans = session.exec(select(Attachment.sha256).where(Attachment.evidence == "approval")).all()
    assert (len(scans), len(set(scans))) == (2, 1)
    assert office.store.path(scans[0]).exists()


@freeze_time(TODAY)
def test_one_that_is_refused_does_not_spoil_the_others(office: Office, tmp_path: Path) -> None:
    good, stale, bare = (surveyed(office, tmp_path, f"演示{n}号矿", "guided_exit") for n in "甲乙丙")
    given = {
        "case": [good, stale, bare],
        **PAPER,
        f"year-{good}": "2027",
        f"year-{stale}": "2027",
        f"version-{stale}": "1",
    }
    said = text_of(Browser(office).post("/lists/exit/approve", given, files=SCAN))
    assert "已登记审定 1 件，2 件没有办理" in said
    assert "已被他人更新" in said
    assert "请填写“关闭退出年度”。" in said
    after = states(office)
    assert (after[good], after[stale], after[bare]) == ("listed", "pending_approval", "pending_approval")


@freeze_time(TODAY)
@pytest.mark.parametrize(
    ("change", "files", "sentence"),
    [
        ({"approval_number": "五号文"}, SCAN, "应为完整文号"),
        ({"approval_date": "2026-12-01"}, SCAN, "晚于办理日期"),
        ({"on": "2027-01-01"}, SCAN, "晚于今天"),
        ({}, {"none": ("", b"", "text/plain")}, "请附上县政府批复或会议纪要的扫描件"),
        ({}, {"approval": ("批复.exe", b"MZ", "application/pdf")}, "不收"),
    ],
)
def test_a_wrong_document_changes_nothing_and_loses_nothing(
    office: Office, tmp_path: Path, change: dict[str, str], files: Any, sentence: str
) -> None:
    case = surveyed(office, tmp_path, "演示甲号矿", "closure")
    given = {"case": [case], **PAPER, f"year-{case}": "2027", **change}
    answer = Browser(office).post("/lists/exit/approve", given, files=files)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "2027" in answer.text
    assert states(office)[case] == "pending_approval"


@freeze_time(TODAY)
def test_who_has_no_part_in_the_approval_cannot_give_it(office: Office, tmp_path: Path) -> None:
    case = surveyed(office, tmp_path, "演示甲号矿", "upgrade")
    emergency = Browser(office, "emergency")
    assert emergency.page("/lists/upgrade").xpath("//input[@name='case']") == []
    answer = emergency.post("/lists/upgrade/approve", {"case": [case], **PAPER}, files=SCAN)
    assert "没有办理" in text_of(answer)
    assert states(office)[case] == "pending_approval"
    bureau = Browser(office, "natural_resources")
    assert "已登记审定 1 件" in text_of(bureau.post("/lists/upgrade/approve", {"case": [case], **PAPER}, files=SCAN))


@freeze_time(TODAY)
def test_a_case_that_waits_for_nothing_is_left_alone(office: Office) -> None:
    before = states(office)
    answer = Browser(office).post("/lists/exit/approve", {"case": ["2-1"], **PAPER}, files=SCAN)
    assert "不在待审定的环节" in text_of(answer)
    assert states(office) == before
    assert Browser(office).get("/lists/exit/approve?case=3-1").status_code == 404
    assert Browser(office).get("/lists/exit/approve").status_code == 400
