"""The personal feed: its address is a secret, shown once, revocable; its entries are the person's own deadlines."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from freezegun import freeze_time
from icalendar import Calendar, Event
from sqlmodel import Session, select

from office.access.signing_in import fingerprint
from office.desk import calendar_feed
from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from tests.web.browser import Browser, text_of
from tests.web.statements import crowd, statements
from workflow.models import Deadline, Token, User

DAY = "2026-11-23"


def address(office: Office, account: str = "office", **form: str) -> str:
    """A new address, as the page shows it."""
    with freeze_time(at_nine(DAY)):
        answer = Browser(office, account).post("/calendar/feed", {"label": "办公室电脑", "expires_on": "", **form})
    assert answer.status_code == 201, text_of(answer)
    from lxml import html

    return str(html.fromstring(answer.text).get_element_by_id("address").text)


def fetched(office: Office, url: str, day: str = DAY) -> list[Event]:
    """The entries that a calendar program without a session gets."""
    with freeze_time(at_nine(day)):
        answer = Browser(office, None).get(url)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def status(office: Office, url: str, day: str = DAY) -> int:
    with freeze_time(at_nine(day)):
        return Browser(office, None).get(url).status_code


def test_the_feed_holds_every_open_deadline_of_the_plan(office: Office) -> None:
    events = fetched(office, address(office))
    with office.reading() as session:
        due = session.exec(select(Deadline.due_on).where(Deadline.status == "open")).all()
    assert sorted(event.decoded("dtstart") for event in events) == sorted(day for day in due if day)
    first = min(events, key=lambda event: event.decoded("dtstart"))
    assert str(first["summary"]) == "核实停产（阳城县山仁行砂岩矿）"
    assert "依据：四(二)2" in str(first["description"])


def test_an_organ_gets_only_what_it_may_see(office: Office) -> None:
    events = fetched(office, address(office, "township_beiliu"))
    assert [str(event["summary"]) for event in events] == ["登记成交（北留镇崇上石灰岩矿(东河集中开采区)）"]


def test_an_entry_keeps_its_uid_when_its_day_moves(office: Office) -> None:
    url = address(office)
    before = {str(event["uid"]) for event in fetched(office, url)}
    with Session(office.engine) as session:
        for deadline in session.exec(select(Deadline)):
            deadline.due_on = (deadline.due_on or date(2026, 1, 1)) + timedelta(3)
            session.add(deadline)
        session.commit()
    assert {str(event["uid"]) for event in fetched(office, url)} == before
    assert len(before) == len(fetched(office, url))


def test_a_provisional_day_says_so_in_its_title(office: Office) -> None:
    with Session(office.engine) as session:
        deadline = session.exec(select(Deadline).where(Deadline.due_on == date(2026, 11, 29))).one()
        deadline.provisional = True
        session.add(deadline)
        session.commit()
    titles = [str(event["summary"]) for event in fetched(office, address(office))]
    assert [title for title in titles if "暂定" in title] == ["核实停产（阳城县冠聿陶瓷粘土矿）（暂定）"]


def test_a_suspended_case_leaves_the_feed(office: Office, tmp_path: Path) -> None:
    url = address(office)
    Story(office, tmp_path).take("2-4", "suspend", DAY, reason="演示", basis="演示通知")
    assert not any("冠聿" in str(event["summary"]) for event in fetched(office, url))


def test_only_the_hash_is_kept_and_the_address_is_not_shown_again(office: Office) -> None:
    url = address(office)
    secret = url.rsplit("/", 1)[1].removesuffix(".ics")
    with office.reading() as session:
        row = session.exec(select(Token)).one()
    assert row.sha256 == fingerprint(secret)
    assert (row.kind, row.account_id, row.may_write) == ("calendar", "office", False)
    with freeze_time(at_nine(DAY)):
        page = text_of(Browser(office).page("/calendar/feed"))
    assert secret not in page
    assert "办公室电脑" in page


def test_a_revoked_address_is_gone(office: Office) -> None:
    url = address(office)
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        form = browser.page("/calendar/feed").xpath("//form[contains(@action, '/revoke')]/@action")[0]
        assert browser.post(form).status_code == 303
        assert "“办公室电脑”的日历地址已停用" in text_of(browser.page("/calendar/feed"))
        assert browser.post(form).status_code == 404
    assert status(office, url) == 404


def test_nobody_revokes_the_address_of_somebody_else(office: Office) -> None:
    url = address(office)
    with office.reading() as session:
        key = session.exec(select(Token.id)).one()
    with freeze_time(at_nine(DAY)):
        assert Browser(office, "natural_resources").post(f"/calendar/feed/{key}/revoke").status_code == 404
    assert status(office, url) == 200


def test_an_address_ends_after_its_last_day(office: Office) -> None:
    url = address(office, expires_on="2026-11-30")
    assert status(office, url, "2026-11-30") == 200
    assert status(office, url, "2026-12-01") == 404


def test_an_address_ends_with_its_account(office: Office) -> None:
    url = address(office, "water")
    with office.writing() as session:
        session.get_one(User, "water").active = False
    assert status(office, url) == 404


@pytest.mark.parametrize("secret", ["x", "a" * 43, "%E5%9B%BD", "..", "' or 1=1"])
def test_an_unknown_address_is_not_found(office: Office, secret: str) -> None:
    assert status(office, f"/calendar/feed/{secret}.ics") == 404


def test_a_token_of_the_interface_opens_no_feed(office: Office) -> None:
    with office.writing() as session:
        session.add(Token(kind="api", account_id="office", label="演示", sha256=fingerprint("s"), created_by="office",
                          created_at=at_nine(DAY)))  # fmt: skip
    assert status(office, "/calendar/feed/s.ics") == 404


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("expires_on", "2026-11-22", "已经过去"),
        ("expires_on", "明天", "应为日期"),
        ("label", "电脑\u202e", "看不见的控制字符"),
    ],
)
def test_what_was_typed_comes_back_with_the_reason(office: Office, field: str, typed: str, sentence: str) -> None:
    with freeze_time(at_nine(DAY)):
        answer = Browser(office).post("/calendar/feed", {"label": "手机", field: typed})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert typed in answer.text
    with office.reading() as session:
        assert session.exec(select(Token)).all() == []


def test_its_use_is_written_down_once_an_hour(office: Office) -> None:
    url, seen = address(office), []
    for minute in ("09:30", "10:00", "10:31"):
        with freeze_time(f"{DAY}T{minute}:00+08:00"):
            assert Browser(office, None).get(url).status_code == 200
        with office.reading() as session:
            used = session.exec(select(Token.used_at)).one()
            assert used
            seen.append(f"{used.hour + 8:02}:{used.minute:02}")
    assert seen == ["09:30", "09:30", "10:31"]


def test_a_feed_is_one_question_and_never_longer_than_its_limit(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = address(office)
    crowd(office.engine, 60, due_on=date(2026, 12, 1))
    fetched(office, url)
    with statements(office.engine) as seen:
        assert len(fetched(office, url)) > 60
    assert len(seen) < 8
    monkeypatch.setattr(calendar_feed, "LIMIT", 20)
    assert len(fetched(office, url)) == 20


def test_the_page_is_not_for_administrators(office: Office) -> None:
    with office.writing() as session:
        session.add(User(id="auditor", name="演示审计", organ_id="group_office", role="auditor"))
    with freeze_time(at_nine(DAY)):
        assert Browser(office, "auditor").get("/calendar/feed").status_code == 403
