"""通知记录: what was told to whom, and what the office decides about what did not arrive."""

from datetime import date
from typing import Any

import pytest
from freezegun import freeze_time
from sqlmodel import Session, col, select

from notifications.outbox import deliver
from office.running.installation import Office
from tests.conftest import at_nine
from tests.notifications.desk import Clock, FakeChannel
from tests.web.browser import Browser, text_of
from tests.web.statements import statements
from workflow.models import Attempt, Notice, NoticeStatus

DAY = "2026-11-23"


@pytest.fixture
def swept(office: Office) -> Office:
    """The morning of the day has been swept, nothing is delivered yet."""
    with freeze_time(at_nine(DAY)):
        office.sweep(date.fromisoformat(DAY))
    return office


def notice_to(office: Office, organ: str, kind: str = "digest") -> Notice:
    with Session(office.engine) as session:
        return session.exec(select(Notice).where(Notice.recipient_id == organ, Notice.kind == kind)).one()


def put(office: Office, id: int | None, **values: Any) -> None:
    with Session(office.engine) as session:
        notice = session.get_one(Notice, id)
        for name, value in values.items():
            setattr(notice, name, value)
        session.add(notice)
        session.commit()


def again(office: Office, id: int | None) -> Notice:
    with Session(office.engine) as session:
        return session.get_one(Notice, id)


def test_a_notice_shows_its_words_and_what_became_of_it(swept: Office) -> None:
    with freeze_time(at_nine(DAY)):
        swept.deliver(by_hand=True)
        notice = notice_to(swept, "natural_resources")
        browser = Browser(swept)
        page = browser.page(f"/notices/{notice.id}")
        rows = [text_of(row) for row in browser.page("/notices").xpath("//tbody/tr")]
    with Session(swept.engine) as session:
        attempt = session.exec(select(Attempt).where(Attempt.notice_id == notice.id)).one()
    read = text_of(page)
    assert page.xpath("//pre")[0].text_content().startswith("阳城县自然资源局：")
    for said in (notice.message_id, notice.address, attempt.reply, "第 1 次", "2026-11-23 09:30"):
        assert said
        assert said in read
    assert any("阳城县自然资源局" in row and "已发" in row for row in rows)


def test_filters_find_by_status_kind_recipient_day_and_case(swept: Office) -> None:
    with freeze_time(at_nine(DAY)):
        swept.deliver(by_hand=True)
        browser = Browser(swept)

        def recipients(query: str) -> set[str]:
            return {text_of(cell) for cell in browser.page(f"/notices?{query}").xpath("//td[@data-label='收件单位']")}

        assert recipients("recipient=township_hebei") == {"阳城县河北镇人民政府"}
        assert recipients("case=3-1&kind=digest") >= {"阳城县自然资源局"}
        assert "阳城县自然资源局" not in recipients("case=2-1&kind=digest")
        assert recipients("kind=heartbeat") == {"阳城县非煤矿产资源综合整治提升工作组办公室"}
        assert recipients("status=no_contact") == {"责任单位待明确"}
        assert recipients("on=2026-11-22") == set()
        assert browser.get("/notices?on=昨天").status_code == 400


def test_an_organ_sees_its_own_notices_and_no_others(swept: Office) -> None:
    own, foreign = notice_to(swept, "natural_resources"), notice_to(swept, "township_hebei")
    with freeze_time(at_nine(DAY)):
        browser = Browser(swept, "natural_resources")
        page = browser.page("/notices?recipient=township_hebei")
        assert {text_of(cell) for cell in page.xpath("//td[@data-label='收件单位']")} == {"阳城县自然资源局"}
        assert browser.get(f"/notices/{own.id}").status_code == 200
        assert browser.get(f"/notices/{foreign.id}").status_code == 404
        for action in ("again", "resolve", "withdraw"):
            assert browser.post(f"/notices/{own.id}/{action}", {"reason": "试"}).status_code == 403
    assert again(swept, own.id).status == NoticeStatus.PLANNED


def test_what_was_refused_for_good_is_sent_again_under_the_same_number(swept: Office) -> None:
    notice = notice_to(swept, "natural_resources")
    with freeze_time(at_nine(DAY)):
        swept.deliver(by_hand=True)
        before = again(swept, notice.id)
        put(swept, notice.id, status=NoticeStatus.DEAD, reply="550 no such user", sent_at=None)
        (swept.settings.mailbox / "natural_resources" / f"{DAY}-{notice.id}-digest.eml").unlink()
        browser = Browser(swept)
        assert "现在重发" in text_of(browser.page(f"/notices/{notice.id}"))
        assert browser.post(f"/notices/{notice.id}/again").status_code == 303
        marked = again(swept, notice.id)
        assert marked.status == NoticeStatus.FAILED
        assert "550 no such user；工作组办公室值班账号 于 2026-11-23 09:30 决定重新发送" in marked.reply
        assert swept.deliver(by_hand=True).sent == 1
    after = again(swept, notice.id)
    assert (after.status, after.attempt, after.message_id) == (NoticeStatus.SENT, before.attempt + 1, before.message_id)


def test_a_second_attempt_by_hand_fences_off_the_first(swept: Office) -> None:
    from notifications import claims
    from notifications.claims import Outcome
    from workflow.clock import now

    notice = notice_to(swept, "natural_resources")
    assert notice.id is not None
    with freeze_time(at_nine(DAY)):
        with Session(swept.engine) as session:
            held = claims.claim(session, notice.id, 0, now(), lambda *_: "a@office.example")
            assert held is not None
            claims.record(session, held, Outcome(NoticeStatus.DEAD, "550"), now())
            session.commit()
        Browser(swept).post(f"/notices/{notice.id}/again")
        channel = FakeChannel(repeatable=True)
        channel.address = lambda *_: "a@office.example"  # type: ignore[method-assign]
        deliver(swept.engine, channel, now=Clock(at=now()))
        with Session(swept.engine) as session:
            assert claims.record(session, held, Outcome(NoticeStatus.DEAD, "late"), now()) is None
            session.commit()
    assert again(swept, notice.id).status == NoticeStatus.SENT


@pytest.mark.parametrize(("answer", "status"), [("sent", NoticeStatus.SENT), ("again", NoticeStatus.FAILED)])
def test_a_doubt_is_resolved_by_a_person_and_nobody_else(swept: Office, answer: str, status: NoticeStatus) -> None:
    notice = notice_to(swept, "natural_resources")
    put(swept, notice.id, status=NoticeStatus.DOUBTFUL, attempt=1, claimed_at=at_nine(DAY), committed=True)
    with freeze_time(at_nine(DAY)):
        browser = Browser(swept)
        undecided = browser.post(f"/notices/{notice.id}/resolve")
        assert undecided.status_code == 422
        assert "请先选定" in text_of(undecided)
        assert again(swept, notice.id).status == NoticeStatus.DOUBTFUL
        assert browser.post(f"/notices/{notice.id}/resolve", {"answer": answer}).status_code == 303
    assert again(swept, notice.id).status == status


def test_a_notice_is_taken_back_with_a_reason_and_never_goes_out(swept: Office) -> None:
    notice = notice_to(swept, "natural_resources")
    with freeze_time(at_nine(DAY)):
        browser = Browser(swept)
        nothing = browser.post(f"/notices/{notice.id}/withdraw", {"reason": " "})
        assert nothing.status_code == 422
        assert "请写明为什么撤回" in text_of(nothing)
        assert browser.post(f"/notices/{notice.id}/withdraw", {"reason": "事项已当面办结"}).status_code == 303
        swept.deliver(by_hand=True)
        late = browser.post(f"/notices/{notice.id}/withdraw", {"reason": "再撤"})
    assert late.status_code == 409
    found = again(swept, notice.id)
    assert (found.status, found.attempt) == (NoticeStatus.WITHDRAWN, 0)
    assert "撤回：事项已当面办结" in found.reply
    assert not list(swept.settings.mailbox.glob(f"*/*-{notice.id}-*"))


def test_a_list_of_many_notices_asks_as_few_questions_as_one_of_few(swept: Office) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(swept)
        browser.page("/notices")
        with statements(swept.engine) as few:
            browser.page("/notices")
        with Session(swept.engine) as session:
            model = session.exec(select(Notice).where(col(Notice.kind) == "digest")).first()
            assert model is not None
            session.add_all(
                Notice(
                    dedupe=f"x|{n}",
                    kind="digest",
                    recipient_id="water",
                    planned_on=model.planned_on,
                    payload=model.payload,
                )
                for n in range(120)
            )
            session.commit()
        with statements(swept.engine) as many:
            answer = browser.get("/notices")
    assert len(many) <= len(few)
    assert len(answer.content) < 100_000
