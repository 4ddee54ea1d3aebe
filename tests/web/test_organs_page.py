"""单位与联系方式: who is reached where since when, those without an address first."""

from datetime import date

import pytest
from freezegun import freeze_time
from sqlmodel import Session, select

from notifications.recipients import address_for
from office.running.installation import Office
from tests.conftest import at_nine
from tests.web.browser import Browser, text_of
from tests.web.statements import statements
from workflow.models import Contact, Notice, Organ, OrganAlias, User

DAY = "2026-11-23"


def address(office: Office, organ: str, on: str) -> str:
    with office.reading() as session:
        contact = address_for(session, organ, date.fromisoformat(on))
        return contact.email if contact else ""


def test_those_without_an_address_come_first(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        browser.post(
            "/organs/natural_resources/contacts", {"email": "a@demo.example", "person": "甲", "phone": "0356-1"}
        )
        rows = [text_of(row) for row in browser.page("/organs?kind=county").xpath("//tbody/tr")]
        missing = [text_of(row) for row in browser.page("/organs?missing=1&q=自然资源").xpath("//tbody/tr")]
    assert "缺联系方式" in rows[0]
    assert [row for row in rows if "a@demo.example" in row] == rows[-1:]
    assert not any("阳城县自然资源局" in row for row in missing)


def test_a_new_address_takes_over_on_its_day_and_the_old_one_stays_on_record(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        url = "/organs/natural_resources/contacts"
        assert browser.post(url, {"email": "old@demo.example", "from": "2026-11-01"}).status_code == 303
        assert browser.post(url, {"email": "new@demo.example", "from": "2026-12-01"}).status_code == 303
        page = browser.page("/organs/natural_resources")
        rows = [[text_of(cell) for cell in row] for row in page.xpath("//tbody/tr[td]")][:2]
    assert [(row[0], row[1], row[4]) for row in rows] == [
        ("2026-12-01 至 今", "new@demo.example", "尚未起用"), ("2026-11-01 至 2026-11-30", "old@demo.example", "在用"),
    ]  # fmt: skip
    assert address(office, "natural_resources", "2026-11-30") == "old@demo.example"
    assert address(office, "natural_resources", "2026-12-01") == "new@demo.example"


def test_notices_that_waited_for_an_address_go_out_again(office: Office) -> None:
    with Session(office.engine) as session:
        notice = Notice(dedupe="x|1", kind="digest", recipient_id="water", planned_on=date(2026, 11, 20), payload={},
                        status="no_contact")  # type: ignore[arg-type] # fmt: skip
        session.add(notice)
        session.commit()
        number = notice.id
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        assert "1 份通知因没有联系方式发不出去" in text_of(browser.page("/organs/water"))
        browser.post("/organs/water/contacts", {"email": "water@demo.example"})
        assert "1 份缺联系方式的通知重新待发" in text_of(browser.page("/organs/water"))
    with Session(office.engine) as session:
        assert session.get_one(Notice, number).status == "planned"


def test_an_address_is_ended_on_a_day(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        browser.post("/organs/water/contacts", {"email": "water@demo.example", "from": "2026-11-10"})
        with Session(office.engine) as session:
            contact = session.exec(select(Contact).where(Contact.organ_id == "water")).one()
        early = browser.post(f"/organs/water/contacts/{contact.id}/end", {"last": "2026-11-01"})
        assert early.status_code == 422
        assert "早于起用日期" in text_of(early)
        assert browser.post(f"/organs/tax/contacts/{contact.id}/end", {"last": DAY}).status_code == 404
        assert browser.post(f"/organs/water/contacts/{contact.id}/end", {"last": DAY}).status_code == 303
    assert address(office, "water", DAY) == "water@demo.example"
    assert address(office, "water", "2026-11-24") == ""


@pytest.mark.parametrize(
    ("email", "start", "sentence"),
    [("不是邮箱", DAY, "电子邮箱“不是邮箱”不对"), ("a@demo.example\r\nBcc: b@demo.example", DAY, "不对"),
     ("a@demo.example", "明天", "不是日期")],
)  # fmt: skip
def test_a_wrong_address_is_refused_and_what_was_typed_stays(
    office: Office, email: str, start: str, sentence: str
) -> None:
    with freeze_time(at_nine(DAY)):
        answer = Browser(office).post("/organs/water/contacts", {"email": email, "from": start, "person": "经办人甲"})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert 'value="经办人甲"' in answer.text
    with Session(office.engine) as session:
        assert session.exec(select(Contact)).all() == []


def test_an_organ_is_registered_with_its_account_and_an_alias(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        wrong = browser.post("/organs/new", {"id": "Demo", "name": "演示镇人民政府", "kind": "township"})
        assert wrong.status_code == 422
        assert 'value="演示镇人民政府"' in wrong.text
        made = browser.post("/organs/new", {"id": "township_demo", "name": "演示镇人民政府", "kind": "township"})
        assert made.headers["location"] == "/organs/township_demo"
        assert browser.post("/organs/township_demo/aliases", {"alias": "演示镇"}).status_code == 303
        taken = browser.post("/organs/water/aliases", {"alias": "演示镇"})
    assert "“演示镇”已经指 演示镇人民政府" in text_of(taken)
    with Session(office.engine) as session:
        assert session.get_one(OrganAlias, "演示镇").organ_id == "township_demo"
        assert session.get_one(User, "township_demo").role == "township"
        assert session.get_one(Organ, "township_demo").name == "演示镇人民政府"


def test_organs_read_and_only_the_office_and_the_system_administrator_write(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office, "natural_resources")
        assert "登记单位" not in text_of(browser.page("/organs"))
        assert browser.get("/organs/water").status_code == 200
        assert browser.post("/organs/water/contacts", {"email": "a@demo.example"}).status_code == 403
        assert browser.get("/organs/nobody").status_code == 404


def test_the_list_asks_a_bounded_number_of_questions(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        browser.page("/organs")
        with statements(office.engine) as few:
            browser.page("/organs?kind=branch")
        with statements(office.engine) as many:
            answer = browser.get("/organs")
    assert len(many) <= len(few)
    assert len(answer.content) < 100_000
