"""文书模板与编号: every kind with an example, the county's own Word form, 代字 and the register of numbers."""

import io
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from freezegun import freeze_time
from sqlmodel import select

from notifications.render import TEMPLATES, render
from office.notices.mail_kinds import MAILS
from office.notices.notice_words import KINDS as KINDS_OF_NOTICES
from office.papers.example_papers import example
from office.running.installation import Office
from states.documents import KINDS
from tests.conftest import at_nine
from tests.notifications.documents.county_form_data import form as word_form
from tests.web.browser import Browser, text_of
from tests.web.paper_desk import LETTER, TODAY, desk_of, drafted, tree
from workflow.context import context_of
from workflow.models import CountyForm, NumberSeries, NumberYear, User

URL = "/templates/kinds/credit_repair_letter"
GOOD = word_form("{{ mine.name }}自备格式", "{{ facts.result }}", "{{ number }}", "{{ date }}")


@pytest.fixture(autouse=True)
def today() -> Iterator[object]:
    with freeze_time(at_nine(TODAY)) as clock:
        yield clock


@pytest.fixture
def keeper(office: Office) -> Browser:
    """The administrator of the system, who sees no case."""
    with office.writing() as session:
        session.add(User(id="keeper", name="演示系统管理员", organ_id="group_office", role="sysadmin"))
    return Browser(office, "keeper")


def test_every_kind_is_listed_and_drawn_for_a_mine_that_does_not_exist(office: Office) -> None:
    page = Browser(office).page("/templates")
    assert len(page.xpath("//tbody/tr")) == len(KINDS)
    with office.reading() as session:
        plan = context_of(session).plan
    for kind in KINDS:
        drawn = example(kind, plan)
        assert drawn.title, kind.id
        assert "润泰" not in str(drawn), kind.id


def test_a_kind_shows_who_may_issue_it_and_how_it_looks(keeper: Browser) -> None:
    page = keeper.page("/templates/kinds/rectification_order")
    said = text_of(page)
    for part in ("F27", "法律文书", "依法有权的监管部门", "四(二)4", "没有执法主体资格", "演示数据"):
        assert part in said
    picture = keeper.get(page.xpath("//figure//img/@src")[0])
    assert picture.text.startswith("<svg")
    assert keeper.get("/templates/kinds/rectification_order/example-9.svg").status_code == 404
    assert keeper.get("/templates/kinds/../../etc").status_code == 404
    assert keeper.get("/templates/kinds/nothing").status_code == 404


def test_an_own_form_is_checked_used_and_given_back(office: Office, tmp_path: Path) -> None:
    story, case = desk_of(office, tmp_path)
    browser = Browser(office)
    checked = browser.post(URL, {"only": "check"}, files={"file": ("格式.docx", GOOD)})
    assert "没有问题，可以启用" in text_of(checked)
    assert story.rows(select(CountyForm)) == []
    assert browser.post(URL, files={"file": ("..\\格式<b>.docx", GOOD)}).status_code == 303
    page = browser.page(URL)
    assert "今后用“格式<b>.docx”生成" in text_of(page)
    assert browser.get(page.xpath("//a[contains(@href, '/forms/')]/@href")[0]).content == GOOD

    made = drafted(story, "credit_repair_letter", case, typed=LETTER)
    bureau = Browser(office, "natural_resources")
    assert "不能在网页里预览" in text_of(bureau.page(f"/documents/{made}"))
    draft = docx.Document(io.BytesIO(bureau.get(f"/documents/{made}/draft.docx").content))
    assert draft.paragraphs[0].text == "演示十二号砂岩矿自备格式"

    assert browser.post(f"{URL}/use").status_code == 303
    assert [form.active for form in story.rows(select(CountyForm))] == [False]
    assert "没有在用的自备模板" in text_of(browser.post(f"{URL}/use"))
    assert browser.post(f"{URL}/use", {"form": "1"}).status_code == 303
    assert [form.active for form in story.rows(select(CountyForm))] == [True]
    assert browser.post("/templates/kinds/ledger/use", {"form": "1"}).status_code == 404
    story.sound()


def test_a_form_with_unknown_fields_is_refused_place_by_place(keeper: Browser, office: Office) -> None:
    bad = word_form("{{ mine.nmae }}", "{{ ''.__class__ }}")
    answer = keeper.post(URL, files={"file": ("坏.docx", bad)})
    said = text_of(answer)
    assert answer.status_code == 422
    assert "mine.nmae" in said
    assert "是不是“mine.name”" in said
    assert len(tree(answer).xpath("//h2[text()='问题清单']")) == 1
    for data in (b"no zip at all", b"PK\x03\x04"):
        assert keeper.post(URL, files={"file": ("x.docx", data)}).status_code == 422
    assert "请选择一份 Word 模板" in text_of(keeper.post(URL))
    with office.reading() as session:
        assert session.exec(select(CountyForm)).all() == []


def test_a_series_goes_on_where_the_paper_register_stopped(keeper: Browser, office: Office, tmp_path: Path) -> None:
    given = {"word": "演发", "organ": "natural_resources", "source": "发文登记簿", "year": "2026", "last": "41",
             "kind": ["credit_repair_letter"]}  # fmt: skip
    assert keeper.post("/templates/series", given).status_code == 303
    said = text_of(keeper.page("/templates/series"))
    assert "已登记代字“演发”，2026年自 42 号起编。" in said
    assert "2026年 41 号" in said
    with office.reading() as session:
        assert session.get_one(NumberYear, ("演发", 2026)).last == 41
    story, case = desk_of(office, tmp_path)
    made = drafted(story, "credit_repair_letter", case, typed=LETTER)
    bureau = Browser(office, "natural_resources")
    bureau.post(f"/documents/{made}/issue", {"on": TODAY})
    bureau.post(f"/documents/{made}/void", {"reason": "演示：写错<b>"})
    register = keeper.page("/templates/numbers?word=演发&year=2026")
    assert "演发〔2026〕42号" in text_of(register)
    assert "演示：写错<b>" in text_of(register)
    assert "连续无缺号" in text_of(register)
    assert "演示十二号" not in text_of(register)  # cases are not the administrator's to see
    assert not register.xpath("//main//a[starts-with(@href, '/documents/')]")
    assert "演示十二号" in text_of(Browser(office).page("/templates/numbers?void=1"))


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"word": "A<script>"}, "代字“A<script>”不对"),
        ({"word": "演发", "organ": "nobody"}, "没有名为“nobody”的单位"),
        ({"word": "演发", "organ": "natural_resources"}, "“来源”不能为空"),
        ({"word": "演发", "organ": "natural_resources", "source": "簿", "last": "十"}, "“已用号数”填写的“十”不对"),
        ({"word": "演发", "organ": "natural_resources", "source": "簿", "year": "2026"}, "也请写明该年已用到第几号"),
        ({"word": "演发", "organ": "natural_resources", "source": "簿", "kind": ["closure_decision"]}, "无权签发"),
    ],
)
def test_a_series_that_cannot_be_is_refused_and_what_was_typed_stays(
    office: Office, given: dict[str, str | list[str]], why: str
) -> None:
    answer = Browser(office).post("/templates/series", given)
    assert answer.status_code == 422
    assert why in text_of(answer)
    assert "<script>" not in answer.text.partition("<main")[2]
    assert tree(answer).xpath("//input[@name='word']/@value") == [given["word"]]
    with office.reading() as session:
        assert session.exec(select(NumberSeries)).all() == []


def test_a_lost_number_is_said_above_the_register(office: Office, tmp_path: Path) -> None:
    story, case = desk_of(office, tmp_path)
    story.issue(case, "rectification_order", "2026-11-23")
    with office.writing() as session:
        counted = session.get_one(NumberYear, ("演自然资责改", 2026))
        counted.last = 15
        session.add(counted)
    page = Browser(office).page("/templates/numbers")
    assert "14、15 号与登记对不上" in text_of(page.xpath("//*[@role='alert']")[0])


def test_only_the_office_and_the_administrator_of_the_system_keep_templates(office: Office) -> None:
    clerk = Browser(office, "natural_resources")
    for url in ("/templates", URL, "/templates/series", "/templates/numbers", f"{URL}/example-1.svg"):
        assert clerk.get(url).status_code == 403
    for url in (URL, "/templates/series", f"{URL}/use"):
        assert clerk.post(url, {"word": "演发"}).status_code == 403


def test_every_kind_of_mail_is_shown_as_it_would_be_written(keeper: Browser) -> None:
    page = keeper.page("/templates/mails")
    kinds = {path.name.removesuffix(".txt.j2") for path in TEMPLATES.glob("*.txt.j2")}
    assert kinds == {mail.id for mail in MAILS} == set(KINDS_OF_NOTICES)
    letters = page.xpath("//pre[@class='letter']/text()")
    for mail, letter in zip(MAILS, letters, strict=True):
        message = render(mail.id, mail.payload)
        assert letter == message.body
        assert mail.purpose in text_of(page)
        assert message.subject in text_of(page)
        assert "演示" in letter or mail.id == "test"
    assert "润泰" not in text_of(page)
    assert keeper.page("/templates").xpath("//a[@href='/templates/mails']")
