"""备份: made, proved sound, taken away, and the daily one after the morning's sweep."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from freezegun import freeze_time

from office.running.backups import daily_of, folder, listed
from office.running.installation import Office
from tests.conftest import at_nine
from tests.web.browser import Browser, text_of

DAY = "2026-11-23"


@pytest.fixture
def small(office: Office) -> Office:
    """An office on the built-in database."""
    if office.engine.dialect.name == "sqlite":
        return office
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        read = text_of(browser.page("/backup"))
        assert "pg_dump" in read
        assert "立即备份" not in read
        assert "pg_dump" in text_of(browser.post("/backup"))
    return office


def builtin(office: Office) -> bool:
    return office.engine.dialect.name == "sqlite"


def test_a_backup_is_made_proved_and_taken_away(small: Office) -> None:
    if not builtin(small):
        assert listed(small) == []
        return
    with freeze_time(at_nine(DAY)):
        browser = Browser(small)
        assert "没有开启自动备份" in text_of(browser.page("/backup"))
        assert browser.post("/backup").status_code == 303
        (kept,) = listed(small)
        assert kept.name == "manual-20261123-093000.zip"
        assert "完好" in text_of(browser.post(f"/backup/{kept.name}/verify"))
        answer = browser.get(f"/backup/{kept.name}")
    assert "attachment" in answer.headers["content-disposition"]
    assert {"database.sqlite", "manifest.json"} <= set(zipfile.ZipFile(io.BytesIO(answer.content)).namelist())
    assert [path.name for path in folder(small).iterdir()] == [kept.name], "nothing unpacked stays"


def test_a_damaged_backup_is_found_out(small: Office) -> None:
    if not builtin(small):
        return
    with freeze_time(at_nine(DAY)):
        browser = Browser(small)
        browser.post("/backup")
        path = folder(small) / listed(small)[0].name
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 0xFF
        path.write_bytes(bytes(data))
        answer = browser.post(f"/backup/{path.name}/verify")
    assert answer.status_code == 422
    assert "不能用" in text_of(answer)


@pytest.mark.parametrize("name", ["nothing.zip", "..%2Fminecase.db", "..%2F..%2Fetc%2Fpasswd", "%2e%2e", "minecase.db"])
def test_nothing_but_a_listed_backup_is_handed_out(office: Office, name: str) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        assert browser.get(f"/backup/{name}").status_code == 404
        assert browser.post(f"/backup/{name}/verify").status_code == 404


def test_the_daily_backup_comes_once_after_the_sweep_and_old_ones_go(small: Office) -> None:
    with freeze_time(at_nine(DAY)) as clock:
        browser = Browser(small)
        browser.post("/backup")
        assert browser.post("/backup/daily", {"keep": "2"}).status_code == 303
        for _ in range(4):
            small.tick()
            small.tick()
            clock.move_to(clock() + timedelta(days=1))
    names = sorted(kept.name for kept in listed(small))
    if builtin(small):
        assert names == ["auto-20261125-093000.zip", "auto-20261126-093000.zip", "manual-20261123-093000.zip"]
    else:
        assert names == []


def test_a_daily_backup_that_fails_is_said_and_harms_nothing(small: Office, tmp_path: Path) -> None:
    if not builtin(small):
        return
    folder(small).write_text("a file where the folder should be", encoding="utf-8")
    with freeze_time(at_nine(DAY)):
        browser = Browser(small)
        browser.post("/backup/daily", {"keep": "2"})
        assert small.tick()[0] == ""
        with small.reading() as session:
            assert daily_of(session).problem
        assert "自动备份没有成功" in text_of(browser.page("/backup"))
    assert tmp_path.exists()


@pytest.mark.parametrize("keep", ["", "-1", "366", "两份", "9" * 40])
def test_a_number_that_makes_no_sense_is_refused(office: Office, keep: str) -> None:
    with freeze_time(at_nine(DAY)):
        answer = Browser(office).post("/backup/daily", {"keep": keep})
    assert answer.status_code == 422
    assert "保留份数应为 0 到 365" in text_of(answer)
    with office.reading() as session:
        assert daily_of(session).keep == 0
