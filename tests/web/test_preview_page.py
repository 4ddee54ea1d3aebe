"""发件预演 on the screen: the very words that will be sent, by morning, light and within one's own organ."""

from datetime import date, timedelta
from typing import Any

import pytest
from freezegun import freeze_time

from office.running.installation import Office
from tests.conftest import at_nine
from tests.web.browser import Browser, text_of
from tests.web.statements import crowd, statements

DAY = "2026-11-23"


def foreseen(office: Office, until: str) -> list[dict[str, Any]]:
    """What the office itself previews."""
    with freeze_time(at_nine(DAY)), office.reading() as session:
        return [dict(row) for row in office.preview(session, date.fromisoformat(DAY), date.fromisoformat(until))]


def letters(page: Any) -> list[tuple[str, str]]:
    """(subject, body) of the letters that stand on a page with their text."""
    return [
        (d.findtext("summary"), d.xpath(".//pre")[0].text_content())
        for d in page.xpath("//details[starts-with(@id, 'letter')]")
    ]


def test_every_letter_is_shown_exactly_as_the_office_will_send_it(office: Office) -> None:
    rows = foreseen(office, "2026-12-31")
    days = sorted({row["planned_on"] for row in rows})
    assert len(days) > 20
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        for day in days:
            expected = [row for row in rows if row["planned_on"] == day]
            for to in {row["recipient_id"] for row in expected}:
                shown = letters(browser.page(f"/preview?until=2026-12-31&day={day}&to={to}"))
                # Without a recipient the page of a morning shows all of them.
                wanted = [row for row in expected if not to or row["recipient_id"] == to]
                assert shown == [(row["subject"], row["body"]) for row in wanted]


def test_the_mornings_list_each_notice_with_whom_it_goes_to(office: Office) -> None:
    rows = foreseen(office, "2026-11-27")
    with freeze_time(at_nine(DAY)):
        page = Browser(office).page("/preview?until=2026-11-27")
    assert [text_of(link) for link in page.xpath("//tbody//td[@data-label='主题']/a")] == [
        row["subject"] for row in rows
    ]
    assert f"{len(rows)}份通知" in text_of(page)
    missing = sum(not row["reachable"] for row in rows)
    assert missing
    assert f"{missing}份缺联系方式" in text_of(page)
    assert len(page.xpath("//tbody//span[text()='缺联系方式']")) == missing


def test_it_begins_with_the_next_morning_and_offers_usual_days(office: Office) -> None:
    # A Saturday: the next working morning is Monday.
    with freeze_time(at_nine("2026-11-21")):
        page = Browser(office).page("/preview")
    assert page.xpath("//input[@name='until']/@value") == ["2026-11-23"]
    links = {text_of(a): a.get("href") for a in page.xpath("//span[@class='quick']/a")}
    assert links == {
        "明早": "/preview?until=2026-11-23", "7 天": "/preview?until=2026-11-28", "30 天": "/preview?until=2026-12-21",
        "年底": "/preview?until=2026-12-31",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("until", "sentence"),
    [("2026-11-22", "早于今天"), ("2028-01-01", "预演最远 400 天"), ("明天", "不是日期"), ("0000-13-99", "不是日期")],
)
def test_a_day_that_cannot_be_previewed_is_said(office: Office, until: str, sentence: str) -> None:
    with freeze_time(at_nine(DAY)):
        answer = Browser(office).get(f"/preview?until={until}")
    assert answer.status_code == 400
    assert sentence in text_of(answer)


def test_an_organ_sees_only_what_is_meant_for_itself(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office, "natural_resources")
        page = browser.page("/preview?until=2026-12-31&to=township_hebei")
        names = {text_of(cell) for cell in page.xpath("//tbody//td[@data-label='收件单位']")}
        assert names == {"阳城县自然资源局"}
        day = foreseen(office, DAY)[0]["planned_on"]
        other = browser.page(f"/preview?until={DAY}&day={day}&to=group_office")
    assert {text_of(head) for head in other.xpath("//section//h2")} <= {"阳城县自然资源局"}


def test_the_longest_preview_stays_light_and_asks_a_bounded_number_of_questions(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        browser = Browser(office)
        until = date.fromisoformat(DAY) + timedelta(400)
        with statements(office.engine) as few:
            assert len(browser.get(f"/preview?until={until}").content) < 100_000
        crowd(office.engine, 40, due_on=date(2026, 12, 1))
        with statements(office.engine) as many:
            assert len(browser.get("/preview?until=2026-12-31").content) < 100_000
    assert len(many) <= len(few) + 2


def test_a_morning_with_many_letters_stays_light(office: Office) -> None:
    crowd(office.engine, 60, due_on=date(2026, 10, 1))
    with freeze_time(at_nine(DAY)):
        answer = Browser(office).get(f"/preview?until={DAY}&day={DAY}")
    assert len(answer.content) < 100_000
