"""方案版本: a new version is uploaded, looked at, confirmed; whoever may not see a case does not see that it moved."""

import re
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from office.running.installation import Office
from tests.amended import HOLDER, LATER, NEW_ROW, NUMBER, SHORTER, amended, zipped
from tests.conftest import at_nine
from tests.story import Story
from tests.web.browser import Browser, text_of
from tests.web.forms import hidden
from tests.web.statements import statements
from tests.workflow.dump import everything

DAY = "2026-11-23"
GIVEN = {"basis": NUMBER, "reason": "演示：方案修订"}


@pytest.fixture(autouse=True)
def _today() -> Any:
    with freeze_time(at_nine(DAY)):
        yield


def case_file(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    """All that is stored but the log of who asked for what."""
    return {name: rows for name, rows in everything(office.engine).items() if name not in ("activity", "chain")}


def upload(browser: Browser, data: bytes, **given: str) -> Any:
    return browser.post("/plan/amend", {**GIVEN, **given}, files={"file": ("新版.zip", data, "application/zip")})


def test_a_version_is_tried_out_confirmed_and_told(office: Office, tmp_path: Path) -> None:
    data = zipped(amended(tmp_path, LATER, SHORTER, HOLDER, new=NEW_ROW))
    browser = Browser(office)
    before = case_file(office)
    tried = upload(browser, data)
    assert case_file(office) == before
    read = text_of(tried)
    for words in (
        "什么都没有改",
        "2026-12-31",
        "2027-12-31",
        "关闭退出年度 2026 → 2027",
        "立案 3-9",
        "待核实，登记不变",
    ):
        assert words in read
    from lxml import html

    page = html.fromstring(tried.text)
    given = {name: hidden(page, name) for name in ("sha256", "seen", "basis", "reason")}
    assert page.xpath("//input[@name='accept']/@value") == ["2-4:holder"]

    done = browser.post("/plan/amend", {**given, "accept": "2-4:holder"})

    assert done.headers["location"] == "/plan/2"
    read = text_of(browser.page("/plan/2"))
    assert "2 项期限变动，立案 1 件" in read
    assert "现行" in read
    assert "已被代替" in text_of(browser.page("/plan/1"))
    listed = text_of(browser.page("/plan"))
    assert listed.count("演示：方案修订") == 1
    assert "首次载入" in listed
    history = text_of(browser.page("/cases/2-4"))
    assert "方案调整" in history
    assert f"依据 {NUMBER}" in re.sub(r"\s+", " ", history)
    # A township reads what concerns it: 2-5 lies in none that is known, 2-4 neither.
    township = text_of(Browser(office, "township_yanli").page("/plan/2"))
    assert "其余 3 项不在您的职责范围内" in township
    # Confirmed twice is confirmed once.
    again = browser.post("/plan/amend", given)
    assert again.status_code == 422
    assert "完全相同" in text_of(again)


def test_what_was_shown_is_what_is_confirmed(office: Office, tmp_path: Path) -> None:
    browser = Browser(office)
    from lxml import html

    page = html.fromstring(upload(browser, zipped(amended(tmp_path, LATER))).text)
    given = {name: hidden(page, name) for name in ("sha256", "seen", "basis", "reason")}
    other = html.fromstring(upload(Browser(office), zipped(amended(tmp_path, SHORTER))).text)
    theirs = {name: hidden(other, name) for name in ("sha256", "seen", "basis", "reason")}
    assert Browser(office).post("/plan/amend", theirs).status_code == 303
    before = case_file(office)
    answer = browser.post("/plan/amend", given)
    assert answer.status_code == 409
    assert "没有写入" in text_of(answer)
    assert case_file(office) == before


@pytest.mark.parametrize(
    ("data", "given", "sentence"),
    [
        (b"PK\x03\x04 cut", {}, "压缩包打不开或不完整"),
        (b"", {}, "还没有选择文件"),
        (b"", {"sha256": "../../etc/passwd"}, "还没有选择文件"),
        (None, {"basis": ""}, "“依据文号”不能为空"),
    ],
)
def test_a_wrong_form_gets_a_sentence_and_keeps_what_was_typed(
    office: Office, tmp_path: Path, data: bytes | None, given: dict[str, str], sentence: str
) -> None:
    data = zipped(amended(tmp_path, LATER)) if data is None else data
    browser = Browser(office)
    answer = upload(browser, data, **given) if data else browser.post("/plan/amend", {**GIVEN, **given})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "演示：方案修订" in answer.text


def test_only_the_office_amends_and_pages_ask_little(office: Office, tmp_path: Path) -> None:
    assert upload(Browser(office, "water"), zipped(amended(tmp_path))).status_code == 403
    browser = Browser(office)
    browser.page("/plan")
    with statements(office.engine) as seen:
        browser.page("/plan")
        browser.page("/plan/1")
    assert len(seen) < 30
    assert Story(office, tmp_path, "2-4").state("2-4") == "listed"
    assert browser.get("/plan/9").status_code == 404
