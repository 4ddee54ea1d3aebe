"""新建案件: a case opened by hand, on a registered mine or with a new one."""

from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from sqlmodel import select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from tests.web.browser import Browser, text_of
from workflow.models import Case, Mine

TODAY = at_nine("2026-11-23")
NEW = {
    "procedure": "closure", "on": "2026-11-20", "mine": "演示新石灰岩矿", "is_new": "1", "demo": "1", "ask-exit_year": "2027",
    "mine-mineral": "石灰岩", "mine-township": "township_hebei", "source": "演示：县政府会议纪要",
}  # fmt: skip


def count(office: Office) -> int:
    with office.reading() as session:
        return len(session.exec(select(Mine.id)).all()) + len(session.exec(select(Case.id)).all())


@freeze_time(TODAY)
def test_the_procedure_decides_what_is_asked(office: Office) -> None:
    browser = Browser(office)
    assert browser.page("/cases/new").xpath("//input[@name='source']") == []
    answer = browser.post("/cases/new", {"procedure": "closure", "on": "2026-11-20", "step": "choose"})
    assert answer.status_code == 200
    assert "关闭退出年度" in text_of(answer)
    assert "2026-11-20" in answer.text


@freeze_time(TODAY)
def test_a_case_is_opened_with_its_mine(office: Office) -> None:
    browser = Browser(office)
    answer = browser.post("/cases/new", NEW)
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases/M-1")
    with office.reading() as session:
        mine = session.exec(select(Mine).where(Mine.code == "M-1")).one()
        case = session.exec(select(Case).where(Case.number == "M-1")).one()
        assert (mine.name, mine.mineral, mine.township_id, mine.demo) == (
            "演示新石灰岩矿",
            "石灰岩",
            "township_hebei",
            True,
        )
        assert (case.procedure, case.facts["exit_year"], case.opened_on.isoformat()) == (
            "closure",
            "2027",
            "2026-11-20",
        )
    assert "演示新石灰岩矿" in text_of(browser.page("/cases?q=演示新"))


@freeze_time(TODAY)
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ask-exit_year": ""}, "请填写“关闭退出年度”。"),
        ({"ask-exit_year": "二〇二七"}, "关闭退出年度"),
        ({"mine": ""}, "请填写矿山"),
        ({"mine": "没有登记的矿", "is_new": ""}, "没有编号或名称为“没有登记的矿”的矿山"),
        ({"mine": "阳城县山仁行砂岩矿"}, "已经登记"),
        ({"mine": "阳城县山仁行砂岩矿", "is_new": "", "mine-mineral": "", "mine-township": ""}, "已有在办案件 2-1"),
        ({"mine": "演示\u202e矿"}, "看不见的控制字符"),
        ({"on": "2026-12-01"}, "晚于今天"),
        ({"on": "昨天"}, "立案日期"),
        ({"source": ""}, "“来源”不能为空"),
        ({"mine-township": "没有的镇"}, "没有名为“没有的镇”的单位"),
        ({"mine-licence_number": "C123"}, "采矿许可证号"),
        ({"procedure": "nothing"}, "请选择整治方式或事项"),
    ],
)
def test_bad_input_writes_nothing_and_loses_nothing(office: Office, change: dict[str, Any], sentence: str) -> None:
    before = count(office)
    answer = Browser(office).post("/cases/new", {**NEW, **change})
    assert answer.status_code == 422
    said = text_of(answer)
    assert sentence in said
    assert "--field" not in said
    assert count(office) == before
    if change.get("procedure") is None and "source" not in change:
        assert NEW["source"] in answer.text


@freeze_time(TODAY)
def test_a_track_stands_on_a_registered_mine(office: Office) -> None:
    given = {"procedure": "fund", "on": "2026-11-20", "mine": "2-4", "ask-fund_year": "2026", "source": "演示"}
    answer = Browser(office).post("/cases/new", given)
    assert answer.headers["location"] == "/cases/2-4~fund-1"
    missing = Browser(office).post("/cases/new", {**given, "mine": "没有登记的矿", "is_new": "1"})
    assert "并行事项须立在已登记的矿山名下" in text_of(missing)


@freeze_time(TODAY)
def test_a_mine_that_somebody_may_not_see_is_not_there_for_them(office: Office, tmp_path: Path) -> None:
    Story(office, tmp_path).register("演示石灰岩矿").open("upgrade", "2026-11-02")
    township = Browser(office, "township_demo")
    page = township.page("/cases/new?procedure=rectification")
    assert page.xpath("//datalist/option/@value") == ["演示石灰岩矿"]
    given = {"procedure": "rectification", "on": "2026-11-20", "mine": "2-1", "ask-breach": "演示", "source": "演示"}
    assert "没有编号或名称为“2-1”的矿山" in text_of(township.post("/cases/new", given))
    # Registering it anew must not open a case on it either.
    assert "已经登记" in text_of(township.post("/cases/new", {**given, "is_new": "1"}))
