"""The form of a step: drawn from its card, checked at once, rehearsed without a trace, taken by whom it concerns."""

from pathlib import Path

import pytest
from freezegun import freeze_time
from lxml import html
from sqlmodel import col, select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.notifications.evil import EVIL
from tests.story import TOWNSHIP, Story
from tests.web.browser import Browser, text_of
from tests.web.forms import SCAN, hidden, post_step
from tests.web.statements import statements
from web import links
from workflow.models import Attachment, Case, Document, Event, Notice

LAW = {"legal_basis": "演示法第一条", "remedy": "演示救济途径"}
DATES = {"stop_on": "2026-05-31", "restore_by": "2026-12-31", **LAW}


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register("演示十号砂岩矿", holder="演示十号矿业公司", mineral="砂岩")


def _talked(story: Story) -> str:
    case = story.open("guided_exit", "2026-01-05", exit_year="2026")
    story.take(case, "open_talks", "2026-01-12", user=TOWNSHIP, talked_on="2026-01-10")
    return case


def _counts(story: Story) -> list[int]:
    return [len(story.rows(select(model))) for model in (Event, Document, Notice, Attachment, Case)]


@freeze_time(at_nine("2026-01-12"))
def test_the_form_asks_what_the_card_asks(story: Story) -> None:
    case = story.open("guided_exit", "2026-01-05", exit_year="2026")
    page = Browser(story.office, TOWNSHIP).page(links.step_url(case, "open_talks"))

    assert page.xpath("//h1/text()") == ["约谈企业，启动协商"]
    assert page.xpath("//input[@name='v_talked_on']/@type") == ["date"]
    assert page.xpath("//input[@name='e_talk_record']/@type") == ["file"]
    assert page.xpath("//input[@name='occurred_on']/@value") == ["2026-01-12"]
    text = text_of(page)
    assert "退出矿山的补偿报县政府" in text  # the clause in our words
    assert "“列入引导退出名录” → “协商退出”" in text
    assert "演示县演示镇人民政府" in text


@freeze_time(at_nine("2026-01-12"))
def test_a_step_is_taken_with_its_files_and_leads_back_to_the_case(story: Story) -> None:
    case = story.open("guided_exit", "2026-01-05", exit_year="2026")
    answer = post_step(
        Browser(story.office, TOWNSHIP), case, "open_talks", evidence=("talk_record",), talked_on="2026-01-10"
    )

    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{case}")
    assert story.state(case) == "negotiating"
    ((name, sha256),) = story.rows(select(Attachment.filename, Attachment.sha256))
    assert name == "扫描件.pdf"
    assert story.office.store.path(sha256).read_bytes() == SCAN[1]
    story.sound()


@freeze_time(at_nine("2026-02-02"))
def test_every_wrong_field_is_named_at_once_beside_it_and_nothing_typed_is_lost(story: Story) -> None:
    case = _talked(story)
    before = _counts(story)
    answer = post_step(
        Browser(story.office), case, "fix_dates", on="2026-13-01", stop_on="明天", restore_by="2026-12-31",
        legal_basis="演示" * 2500,
    )  # fmt: skip

    assert answer.status_code == 422
    text = text_of(answer)
    for sentence in (
        "“办理日期”填写的“2026-13-01”不对", "“停产日期”填写的“明天”不对", "有 5000 个字，最多 4000 个", "请填写“救济途径",
    ):  # fmt: skip
        assert text.count(sentence) == 2, sentence  # in the list and beside the field
    assert "演示" * 2500 in answer.text
    assert 'value="2026-12-31"' in answer.text
    assert _counts(story) == before


@freeze_time(at_nine("2026-02-02"))
def test_a_rehearsal_shows_dates_papers_tracks_and_letters_and_keeps_nothing(story: Story) -> None:
    case = _talked(story)
    before, view = _counts(story), story.view(case)
    browser = Browser(story.office, "working_group")
    answer = post_step(browser, case, "fix_dates", more={"preview": "1"}, **DATES)

    assert answer.status_code == 200
    (shown,) = html.fromstring(answer.text).xpath("//div[@id='outcome']")
    text = text_of(shown)
    for part in (
        "“协商退出” → “停产日期、修复期限已明确”", "核实停产：2026-12-31 → 2026-05-31", "《停产通知书》", "阳城县自然资源局",
        f"{case}/compensation-1 退出补偿",
    ):  # fmt: skip
        assert part in text, part
    assert (_counts(story), story.view(case)) == (before, view)

    part = browser.post(
        links.step_url(case, "fix_dates"),
        {"preview": "1", "occurred_on": "2026-02-02", **{f"v_{k}": v for k, v in DATES.items()}},
        headers={"hx-request": "true"},
    )  # fmt: skip
    assert part.text.lstrip().startswith('<div id="outcome"')
    assert "核实停产" in part.text


@freeze_time(at_nine("2026-02-02"))
def test_the_paper_can_be_read_before_the_step_is_taken(story: Story) -> None:
    case = story.open("closure", "2026-01-05", exit_year="2026")
    browser, before = Browser(story.office, "natural_resources"), _counts(story)
    typed = {
        "enforcer": "natural_resources", "legal_ground": "illegal_works", "findings": "演示事实", **LAW,
    }  # fmt: skip
    answer = post_step(browser, case, "issue_closure_notice", more={"paper": "closure_notice"}, **typed)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    assert _counts(story) == before
    assert "不起草这种文书" in text_of(
        post_step(browser, case, "issue_closure_notice", more={"paper": "closure_decision"}, **typed)
    )


@freeze_time(at_nine("2026-02-02"))
def test_who_has_no_part_in_a_step_is_refused_and_who_may_not_see_the_case_finds_nothing(story: Story) -> None:
    case = _talked(story)
    url = links.step_url(case, "fix_dates")
    seen = Browser(story.office, "natural_resources")

    assert seen.get(links.step_url(case, "suspend")).status_code == 403
    assert Browser(story.office, "water").get(url).status_code == 404
    assert seen.post(links.step_url(case, "suspend"), {"v_reason": "演示"}).status_code == 403
    assert seen.get(links.step_url(case, "no_such_step")).status_code == 404
    assert Browser(story.office).post(url, {"csrf": "foreign"}).status_code == 403
    assert story.state(case) == "negotiating"


@freeze_time(at_nine("2026-02-02"))
def test_a_step_of_the_clock_is_offered_to_nobody(story: Story) -> None:
    case = story.open(
        "permit", "2026-02-02", purpose="cancel", permit_kind="mining", permit_number="C1405002016117130149999"
    )
    browser = Browser(story.office)
    assert browser.get(links.step_url(case, "expire")).status_code == 404
    assert browser.post(links.step_url(case, "expire"), {"occurred_on": "2026-02-02"}).status_code == 404


@freeze_time(at_nine("2026-02-02"))
def test_steps_of_another_kind_of_permit_are_neither_offered_nor_drawn_as_ways_ahead(story: Story) -> None:
    case = story.open(
        "permit", "2026-02-02", purpose="cancel", permit_kind="safety", permit_number="（演）FM安许证字〔2020〕1号"
    )
    page = Browser(story.office).page(links.case_url(case))

    ahead = page.xpath("//tr[td[@data-label='本案' and .='目前可办']]/td[@data-label='环节']/text()")
    assert [title.strip() for title in ahead if "提请注销" in title] == ["提请注销安全生产许可证"]


@freeze_time(at_nine("2026-02-02"))
def test_what_stands_in_the_way_is_said_before_and_the_button_is_off(story: Story) -> None:
    case = story.open("closure", "2026-01-05", exit_year="2026")
    story.take(
        case, "issue_closure_notice", "2026-02-02", user="natural_resources", enforcer="natural_resources",
        legal_ground="illegal_works", findings="演示事实", **LAW,
    )  # fmt: skip
    page = Browser(story.office, "natural_resources").page(links.step_url(case, "serve_closure_notice"))

    assert "还没有出具（只有草稿）" in text_of(page)
    assert page.xpath("//button[contains(., '办理“')]/@disabled")


@freeze_time(at_nine("2026-02-02"))
def test_a_step_that_is_over_says_what_can_be_done_now(story: Story) -> None:
    case = _talked(story)
    answer = Browser(story.office).get(links.step_url(case, "open_talks"))
    assert answer.status_code == 409
    assert "案件现处于“协商退出”，这一步现在不能办理" in text_of(answer)
    assert links.step_url(case, "fix_dates") in answer.text


@freeze_time(at_nine("2026-02-03"))
def test_the_office_halts_extends_and_resumes_the_clock(story: Story) -> None:
    case, browser = _talked(story), Browser(story.office)
    page = browser.page(links.step_url(case, "extend"))
    # 核实停产 rests on the law: that day is nobody's to move, and it is not in the list.
    assert page.xpath("//select[@name='v_deadline']/option/@value") == ["", "accept_closure"]

    why = {"reason": "演示理由", "basis": "演示依据"}
    answer = post_step(browser, case, "extend", deadline="accept_closure", extend_to="2027-01-29", **why)
    assert answer.status_code == 303
    assert str(story.due(case, "accept_closure")) == "2027-01-29"
    assert post_step(browser, case, "suspend", evidence=("suspension_ground",), **why).status_code == 303
    blocked = browser.page(links.step_url(case, "fix_dates"))
    assert "案件自 2026-02-03 起中止办理，须先恢复" in text_of(blocked)
    assert post_step(browser, case, "resume", reason="演示").status_code == 303
    assert story.view(case).suspended_on is None
    story.sound()


@freeze_time(at_nine("2026-02-03"))
def test_a_deadline_that_does_not_run_cannot_be_moved(story: Story) -> None:
    answer = post_step(
        Browser(story.office),
        _talked(story),
        "extend",
        deadline="no_such",
        extend_to="2027-01-29",
        reason="演示",
        basis="演示",
    )
    assert answer.status_code == 400
    assert "没有正在计时的" in text_of(answer)


@freeze_time(at_nine("2026-02-03"))
def test_what_has_not_happened_yet_cannot_be_recorded(story: Story) -> None:
    answer = post_step(Browser(story.office), _talked(story), "suspend", on="2026-02-04", reason="演示", basis="演示")
    assert answer.status_code == 422
    assert "还没有办的事不能登记" in text_of(answer)
    assert "请附上“中止依据材料”" in text_of(answer)


@freeze_time(at_nine("2026-02-03"))
def test_every_evil_string_is_kept_as_text_or_refused_with_a_sentence(story: Story) -> None:
    case, browser = _talked(story), Browser(story.office)
    url = links.step_url(case, "suspend")
    taken = 0
    for text in EVIL:
        version = str(story.view(case).version)
        data = {
            "csrf": browser.csrf,
            "occurred_on": "2026-02-03",
            "version": version,
            "v_basis": "演示",
            "v_reason": text,
        }
        # As a browser that is not a browser would: bytes that are no text included.
        pairs = {name: value.encode("utf-8", "surrogatepass") for name, value in data.items()}
        answer = browser.client.post(url, data=pairs, files=[("e_suspension_ground", SCAN)])
        assert answer.status_code in (303, 400, 422), (ascii(text)[:40], answer.status_code)
        if answer.status_code == 303:
            taken += 1
            stored = story.view(case)
            assert stored.suspended_on
            story.correct(case, "2026-02-03", "演示")
        else:
            assert story.view(case).suspended_on is None
            assert "<script>alert" not in answer.text
    assert taken > 10
    kept = story.rows(select(Event.data).where(Event.trigger == "suspend"))
    assert any(data["fields"]["reason"] == "<script>alert(1)</script>" for data in kept)
    assert any(data["fields"]["reason"] == "{{ 7*7 }}" for data in kept)
    story.sound()


@freeze_time(at_nine("2026-02-03"))
def test_a_field_of_a_million_characters_and_wrong_types_change_nothing(story: Story) -> None:
    case, browser = _talked(story), Browser(story.office)
    before, url = _counts(story), links.step_url(case, "fix_dates")
    huge = browser.post(url, {"occurred_on": "2026-02-03", "v_legal_basis": "石" * 1_000_000})
    assert huge.status_code == 400
    assert "太长" in text_of(huge) or "最多" in text_of(huge)
    for data in (
        {"v_stop_on": "[]"}, {"v_colour": "red"}, {"version": "-1"}, {"version": "１"}, {"occurred_on": "0000-00-00"},
        {"v_stop_on": ["2026-05-31", "2026-06-30"]}, {"occurred_on": "2026-02-03", "e_talk_record": "not a file"},
    ):  # fmt: skip
        assert browser.post(url, data).status_code in (400, 409, 422), data
    assert _counts(story) == before


@freeze_time(at_nine("2026-02-03"))
def test_a_form_has_a_bounded_number_of_statements(story: Story) -> None:
    case, browser = _talked(story), Browser(story.office)
    browser.page(links.step_url(case, "fix_dates"))
    with statements(story.office.engine) as seen:
        page = browser.page(links.step_url(case, "fix_dates"))
    assert len(seen) <= 24, seen
    assert hidden(page, "version") == "2"
    assert story.rows(select(Case.version).where(col(Case.number) == case)) == [2]


@freeze_time(at_nine("2026-02-03"))
def test_a_file_that_is_not_what_it_says_is_refused_at_the_form(story: Story) -> None:
    case = story.open("guided_exit", "2026-01-05", exit_year="2026")
    browser = Browser(story.office, TOWNSHIP)
    page = browser.page(links.step_url(case, "open_talks"))
    data = {"occurred_on": "2026-02-03", "version": hidden(page, "version"), "v_talked_on": "2026-02-02"}
    for name, content in (("记录.pdf", b"MZ program"), ("记录.exe", b"MZ"), ("记录.docx", b"PK\x03\x04 broken")):
        answer = browser.post(links.step_url(case, "open_talks"), data, files=[("e_talk_record", (name, content))])
        assert answer.status_code == 422
        assert name in text_of(answer)
        assert "2026-02-02" in answer.text, "what was typed stays"
    assert story.state(case) == "listed"
