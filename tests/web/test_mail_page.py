"""发信设置: the channel without its password, a real test letter, and a hold that only a looked-up date ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from freezegun import freeze_time
from sqlmodel import Session, select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.notifications.faulty_smtp import Mode, faulty_smtp
from tests.notifications.receiver import receiver
from tests.web.browser import Browser, text_of
from workflow.models import Beat, Hook, HookDelivery, Notice, Sweep

DAY = "2026-11-23"


def by_mail(office: Office, port: int) -> Office:
    """The same office with a mail server."""
    url = f"smtp://127.0.0.1:{port}?from=office@demo.example&tls=none"
    office.settings = replace(office.settings, smtp_url=url)
    return office


def hold(office: Office) -> None:
    with Session(office.engine) as session:
        session.add(Beat(name="heartbeat", at=at_nine("2026-11-20"), held="演示：时钟跳动"))
        session.commit()


def test_the_channel_is_shown_without_its_password(office: Office) -> None:
    office.settings = replace(
        office.settings, smtp_url="smtp://desk:geheim-77@mail.demo.example:2525?from=office@demo.example"
    )
    with freeze_time(at_nine(DAY)):
        answer = Browser(office).get("/mail")
    read = text_of(answer)
    for said in ("mail.demo.example:2525", "office@demo.example", "desk", "已设置（不显示）", "STARTTLS"):
        assert said in read
    assert "geheim" not in answer.text


def test_a_test_letter_lands_in_the_mailbox_folder(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        answer = Browser(office).post("/mail/test")
    (letter,) = office.settings.mailbox.glob("test/*.eml")
    assert f"已写入信箱 test/{letter.name}" in text_of(answer)
    with Session(office.engine) as session:
        assert session.exec(select(Notice)).all() == []


def test_a_test_letter_goes_through_the_mail_server(office: Office) -> None:
    with faulty_smtp(Mode.OK) as server, freeze_time(at_nine(DAY), tick=True):
        answer = Browser(by_mail(office, server.port)).post("/mail/test", {"address": "somebody@demo.example"})
        assert len(server.accepted) == 1
    assert "已发出。答复：250" in text_of(answer)


def test_what_the_mail_server_refuses_is_said_word_for_word(office: Office) -> None:
    with faulty_smtp(Mode.RCPT_NEVER) as server, freeze_time(at_nine(DAY), tick=True):
        answer = Browser(by_mail(office, server.port)).post("/mail/test", {"address": "somebody@demo.example"})
    assert answer.status_code == 422
    assert "没有发成。答复：550" in text_of(answer)
    assert 'value="somebody@demo.example"' in answer.text


def test_a_wrong_address_is_refused_before_anything_is_sent(office: Office) -> None:
    with faulty_smtp(Mode.OK) as server, freeze_time(at_nine(DAY), tick=True):
        answer = Browser(by_mail(office, server.port)).post("/mail/test", {"address": "不是邮箱"})
        assert server.connections == 0
    assert "电子邮箱“不是邮箱”不对" in text_of(answer)


@pytest.mark.parametrize("typed", ["", "2026-11-22", "明天"])
def test_a_hold_stays_until_the_right_date_is_typed(office: Office, typed: str) -> None:
    hold(office)
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        assert "演示：时钟跳动" in text_of(browser.page("/mail"))
        refused = browser.post("/mail/resume", {"day": typed})
        assert refused.status_code == 422
        assert "没有恢复" in text_of(refused)
        for action in ("sweep", "deliver"):
            assert "发件已暂停" in text_of(browser.post(f"/mail/{action}"))
    with Session(office.engine) as session:
        assert session.get_one(Beat, "heartbeat").held
        assert session.exec(select(Sweep)).all() == []


def test_the_right_date_ends_the_hold_and_sweeps_at_once(office: Office) -> None:
    hold(office)
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        assert browser.post("/mail/resume", {"day": DAY}).status_code == 303
        assert "已恢复发件。扫描完成" in text_of(browser.page("/mail"))
    with Session(office.engine) as session:
        assert session.get_one(Beat, "heartbeat").held == ""
        assert session.exec(select(Sweep.as_of)).all() == [date(2026, 11, 23)]


def test_sweeping_and_delivering_now(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        browser.post("/mail/sweep")
        assert "扫描完成：提醒" in text_of(browser.page("/mail"))
        browser.post("/mail/deliver")
        assert "待重发 0" in text_of(browser.page("/mail"))
    assert list(office.settings.mailbox.glob("*/*.eml"))


def test_only_the_office_and_the_system_administrator_see_it(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office, "natural_resources")
        for url in ("/mail", "/mail/hooks", "/backup"):
            assert browser.get(url).status_code == 403


@pytest.fixture
def hook(office: Office) -> Callable[[str], Browser]:
    """Adds a robot at an address; answers the browser that did."""

    def add(url: str) -> Browser:
        browser = Browser(office)
        answer = browser.post(
            "/mail/hooks", {"kind": "dingtalk", "label": "工作专班群", "url": url, "secret": "SEC-abc"}
        )
        assert answer.status_code == 303
        return browser

    return add


def test_a_robot_is_added_tried_out_and_switched_off(office: Office, hook: Callable[[str], Browser]) -> None:
    with receiver() as server, freeze_time(at_nine(DAY)):
        browser = hook(server.url)
        page = browser.get("/mail/hooks")
        assert "工作专班群" in text_of(page)
        assert "SEC-abc" not in page.text
        assert "对方已接收。答复：0 ok" in text_of(browser.post("/mail/hooks/1/test"))
        assert len(server.came) == 1
        server.body = '{"errcode":310000,"errmsg":"sign not match"}'
        assert "310000 sign not match" in text_of(browser.post("/mail/hooks/1/test"))
        browser.post("/mail/hooks/1/active", {"on": ""})
        assert "停用期间的事项以后也不补推" in text_of(browser.page("/mail/hooks"))
    with Session(office.engine) as session:
        assert not session.get_one(Hook, 1).active


def test_what_was_given_up_is_taken_up_again(office: Office, hook: Callable[[str], Browser]) -> None:
    with receiver(answer=403) as server, freeze_time(at_nine(DAY)):
        browser = hook(server.url)
        office.tick()
        assert "放弃" in text_of(browser.page("/mail/hooks"))
        server.answer = 200
        browser.post("/mail/hooks/1/again")
        office.tick()
    with Session(office.engine) as session:
        assert set(session.exec(select(HookDelivery.status)).all()) == {"sent"}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"kind": "", "label": "甲", "url": "https://a.example/"}, "请先选择推送的种类"),
        ({"kind": "wecom", "label": "", "url": "https://a.example/"}, "“名称”不能为空"),
        ({"kind": "wecom", "label": "甲", "url": "file:///etc/passwd"}, "推送地址有误"),
        ({"kind": "webhook", "label": "甲", "url": "https://a.example/", "secret": "kurz"}, "签名密钥太短"),
        ({"kind": "wecom", "label": "甲", "url": "https://a.example/", "organ": "nobody"}, "没有所选的单位"),
    ],
)
def test_a_hook_that_cannot_work_is_refused(office: Office, given: dict[str, str], sentence: str) -> None:
    with freeze_time(at_nine(DAY)):
        answer = Browser(office).post("/mail/hooks", given)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    with Session(office.engine) as session:
        assert session.exec(select(Hook)).all() == []
