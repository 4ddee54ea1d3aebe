"""Other systems are told once what is new, signed, and one that misbehaves stops nobody else."""

import hashlib
import hmac
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from freezegun import freeze_time
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from notifications.channels.http import checked_url
from notifications.hooks import MOST_TRIES, deliver_hooks, hand_over
from office.notices.hook_book import add_hook
from office.running.installation import Office
from tests.conftest import at_nine
from tests.notifications.desk import DAY, Clock, plan
from tests.notifications.receiver import receiver
from tests.story import Story
from workflow.errors import BadInput
from workflow.models import Hook, HookDelivery

SECRET = "a-long-shared-secret-0001"


def add(
    engine: Engine, kind: str, url: str, *, secret: str = "", topics: list[str] | None = None, organ: str = ""
) -> int:
    with Session(engine) as session:
        hook = add_hook(
            session, kind=kind, label=f"演示{kind}", url=url, secret=secret, topics=topics or [], organ_id=organ,
            by="office", on=date(2026, 11, 20),
        )  # fmt: skip
        session.commit()
        assert hook.id is not None
        return hook.id


def tell(engine: Engine) -> int:
    with Session(engine) as session:
        count = hand_over(session, DAY)
        session.commit()
        return count


def rows(engine: Engine) -> list[HookDelivery]:
    with Session(engine, expire_on_commit=False) as session:
        return list(session.exec(select(HookDelivery).order_by(col(HookDelivery.id))))


def robot_message(engine: Engine, url: str) -> None:
    add(engine, "wecom", url, topics=["lapsed"])
    plan(engine)
    assert tell(engine) == 1


def test_a_webhook_is_told_of_each_new_entry_once_and_signed(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path).register("演示一号石灰岩矿")
    with freeze_time(at_nine("2026-11-23")), receiver() as server:
        add(office.engine, "webhook", server.url, secret=SECRET)
        number = story.open("closure", "2026-11-23", exit_year="2026")
        office.tick()
        office.tick()
    assert len(server.came) == 1, "neither the history before the hook nor a repetition"
    path, headers, body = server.came[0]
    told = json.loads(body)
    assert path == "/hook?key=1"
    assert told["case"] == number
    assert told["kind"] == "open"
    assert told["state"] == story.state(number)
    assert set(told) == {"id", "kind", "trigger", "case", "state", "occurred_on", "at"}, "nobody's name, no text"
    stamp, mac = (part.partition("=")[2] for part in headers["X-Minecase-Signature"].split(","))
    assert mac == hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["X-Minecase-Delivery"] == told["id"]


def test_a_webhook_is_told_only_what_it_asked_for(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path).register("演示一号石灰岩矿")
    with freeze_time(at_nine("2026-11-23")), receiver() as server:
        add(office.engine, "webhook", server.url, topics=["correct"])
        story.open("closure", "2026-11-23", exit_year="2026")
        office.tick()
    assert server.came == []


def test_a_robot_says_the_words_of_the_digests_of_its_organ(office: Office) -> None:
    with freeze_time(at_nine("2026-11-23")), receiver() as server:
        add(office.engine, "dingtalk", server.url, organ="natural_resources", secret="SEC")
        with office.reading() as session:
            expected = [row for row in office.preview(session, date(2026, 11, 23), date(2026, 11, 23))
                        if row["recipient_id"] == "natural_resources" and row["kind"] == "digest"]  # fmt: skip
        office.tick()
        office.tick()
    assert [json.loads(body)["text"]["content"] for _, _, body in server.came] == [
        f"{row['subject']}\n\n{row['body']}" for row in expected
    ]
    assert len(expected) == 1


def test_robots_keep_quiet_at_night_and_on_rest_days(engine: Engine, clock: Clock) -> None:
    with receiver() as server:
        robot_message(engine, server.url)
        assert deliver_hooks(engine, now=clock, working=False) == {"sent": 0, "failed": 0, "dead": 0}
        clock.move(hours=12)
        deliver_hooks(engine, now=clock)
        assert server.came == []
        clock.move(hours=12)
        assert deliver_hooks(engine, now=clock)["sent"] == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [(500, "HTTP 500"), ("close", "连接中断"), ("hang", "没有及时应答"), (429, "HTTP 429")],
)
def test_a_fault_is_tried_again_later_and_given_up_in_the_end(
    engine: Engine, clock: Clock, answer: int | str, words: str
) -> None:
    with receiver(answer=answer, body="{}") as server:
        robot_message(engine, server.url)
        assert deliver_hooks(engine, now=clock, timeout=0.2)["failed"] == 1
        (row,) = rows(engine)
        assert (row.status, row.attempt) == ("failed", 1)
        assert words in row.reply
        assert row.next_at == clock() + timedelta(minutes=1)
        assert deliver_hooks(engine, now=clock, timeout=0.2) == {"sent": 0, "failed": 0, "dead": 0}, (
            "it is not yet time"
        )
        for _ in range(MOST_TRIES - 1):
            clock.move(days=1)
            deliver_hooks(engine, now=clock, timeout=0.2)
        (row,) = rows(engine)
        assert (row.status, row.attempt) == ("dead", MOST_TRIES)
        assert "不再重发" in row.reply
        assert len(server.came) == MOST_TRIES


@pytest.mark.parametrize(("answer", "words"), [(302, "不跟随"), (403, "对方拒绝")])
def test_a_redirect_is_not_followed_and_a_refusal_is_final(
    engine: Engine, clock: Clock, answer: int, words: str
) -> None:
    with receiver() as elsewhere, receiver(answer=answer, location=elsewhere.url) as server:
        robot_message(engine, server.url)
        assert deliver_hooks(engine, now=clock)["dead"] == 1
        assert elsewhere.came == []
    assert words in rows(engine)[0].reply


def test_a_robot_that_says_no_with_200_has_not_taken_it(engine: Engine, clock: Clock) -> None:
    with receiver(body='{"errcode":310000,"errmsg":"sign not match"}') as server:
        robot_message(engine, server.url)
        assert deliver_hooks(engine, now=clock)["failed"] == 1
        assert rows(engine)[0].reply == "对方未接收：310000 sign not match"
        server.body = '{"errcode":0}'
        clock.move(minutes=2)
        assert deliver_hooks(engine, now=clock)["sent"] == 1


def test_one_that_hangs_or_is_gone_stops_nobody_else(engine: Engine, clock: Clock) -> None:
    with receiver(answer="hang") as hanging, receiver() as good:
        add(engine, "wecom", hanging.url, topics=["lapsed"])
        add(engine, "wecom", "http://127.0.0.1:9/gone", topics=["lapsed"])
        add(engine, "wecom", good.url, topics=["lapsed"])
        plan(engine, count=3)
        assert tell(engine) == 9
        assert deliver_hooks(engine, now=clock, timeout=0.2) == {"sent": 3, "failed": 2, "dead": 0}
        assert len(hanging.came) == 1, "the next letter would only wait as long again"


def test_what_a_crash_left_behind_is_sent_again_and_its_late_holder_is_fenced_off(engine: Engine, clock: Clock) -> None:
    from notifications.hooks import Result, _claim, _record

    with receiver() as server:
        robot_message(engine, server.url)
        (row,) = rows(engine)
        with Session(engine) as session:
            assert _claim(session, row.id or 0, 0, clock())
            assert not _claim(session, row.id or 0, 0, clock()), "claimed once"
            session.commit()
        clock.move(minutes=2)
        assert deliver_hooks(engine, now=clock)["sent"] == 1
        with Session(engine) as session:
            _record(session, row.id or 0, 1, Result("dead", "太迟"), clock())
            session.commit()
    (row,) = rows(engine)
    assert (row.status, row.attempt) == ("sent", 2)


def test_a_hook_that_is_off_hears_nothing(engine: Engine, clock: Clock) -> None:
    with receiver() as server:
        number = add(engine, "wecom", server.url, topics=["lapsed"])
        with Session(engine) as session:
            hook = session.get_one(Hook, number)
            hook.active = False
            session.add(hook)
            session.commit()
        plan(engine)
        assert tell(engine) == 0
        deliver_hooks(engine, now=clock)
    assert server.came == []


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/x", "file:///etc/passwd", "javascript:alert(1)", "https://", "http://a.example:99999/", "//a.example",
     "https://user:pass@a.example/", "https://a.example/\r\nX: y", "https://矿.example/", "https://a.example/#x"],
)  # fmt: skip
def test_only_plain_web_addresses_are_taken(url: str) -> None:
    with pytest.raises(BadInput, match="推送地址有误"):
        checked_url(url)
