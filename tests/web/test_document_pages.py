"""文书档案: who sees which papers, filters, papers issued and taken away together, drafted by hand, and identified."""

import io
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest
from freezegun import freeze_time
from sqlalchemy import event
from sqlmodel import select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from tests.web.browser import Browser, text_of
from tests.web.paper_desk import LETTER, PDF, TODAY, desk_of, document, drafted, tree
from workflow.models import CountyForm, Document, User

pytestmark = pytest.mark.usefixtures("today")
EVIL = "'; DROP TABLE document; --<script>alert(1)</script>"


@pytest.fixture
def today() -> object:
    with freeze_time(at_nine(TODAY)) as clock:
        yield clock


@pytest.fixture
def papers(office: Office, tmp_path: Path) -> tuple[Story, str]:
    return desk_of(office, tmp_path)


def titles(page: object) -> list[str]:
    return page.xpath("//table//td[3]/a/text()")  # type: ignore[attr-defined,no-any-return]


def test_the_list_says_of_each_paper_what_became_of_it(papers: tuple[Story, str]) -> None:
    story, case = papers
    story.issue(case, "rectification_order", "2026-11-23")
    page = Browser(story.office, "natural_resources").page("/documents")
    row = next(row for row in page.xpath("//tbody/tr") if "责令限期整改通知书" in text_of(row))
    said = text_of(row)
    for part in ("演自然资责改〔2026〕13号", "演示十二号砂岩矿", case, "阳城县自然资源局", "2026-11-23", "已出具"):
        assert part in said
    assert document(story, 1).check_code in said


def test_filters_narrow_the_list_and_nothing_odd_breaks_it(papers: tuple[Story, str]) -> None:
    story, case = papers
    drafted(story, "credit_repair_letter", "2-1")
    drafted(story, "list_request", "2-1", "2-2")
    office = Browser(story.office)
    assert titles(office.page("/documents?kind=credit_repair_letter")) == ["关于提请移出异常名录的函"]
    assert titles(office.page(f"/documents?case={case}")) == ["责令限期整改通知书"]
    assert titles(office.page("/documents?case=2-2")) == ["关于审定整治名录的请示"]
    assert titles(office.page("/documents?q=演示十二号")) == ["责令限期整改通知书"]
    assert titles(office.page("/documents?status=served")) == []
    assert titles(office.page("/documents?year=2025")) == []
    assert len(titles(office.page("/documents?year=2026&status=draft"))) == 3
    for odd in (f"q={EVIL}", "page=-3", "page=9999999999999", "year=二", "status=%25", "number=_"):
        assert office.get(f"/documents?{odd}").status_code == 200


def test_a_paper_of_a_case_that_one_may_not_see_does_not_exist(papers: tuple[Story, str]) -> None:
    story, _case = papers
    joint = drafted(story, "list_request", "2-1", "2-2")
    forestry = Browser(story.office, "forestry")
    assert "责令限期整改通知书" not in text_of(forestry.page("/documents"))
    for url in ("/documents/1", "/documents/1/page-1.svg", "/documents/1/draft.docx", "/documents/1/files/1",
                f"/documents/{joint}", "/documents/999", "/documents/99999999999999999999"):  # fmt: skip
        answer = forestry.get(url)
        assert answer.status_code == 404, url
        assert "责令" not in answer.text
    for act in ("values", "issue", "serve", "versions", "void", "replacement"):
        assert forestry.post(f"/documents/1/{act}", {"reason": "试试", "on": TODAY}).status_code == 404
    assert document(story, 1).status == "draft"
    assert "没有勾选文书" in text_of(forestry.get("/documents/files.zip?id=1"))


def test_administrators_see_no_papers_and_leaders_change_none(papers: tuple[Story, str]) -> None:
    story, _case = papers
    with story.office.writing() as session:
        session.add(User(id="leader", name="演示领导", organ_id="county_government", role="leader"))
        session.add(User(id="keeper", name="演示系统管理员", organ_id="group_office", role="sysadmin"))
    assert Browser(story.office, "keeper").get("/documents").status_code == 403
    leader = Browser(story.office, "leader")
    assert "责令限期整改通知书" in text_of(leader.page("/documents"))
    assert not leader.page("/documents/1").xpath("//main//form[@method='post']")
    assert leader.post("/documents/1/void", {"reason": "不该"}).status_code == 403
    assert document(story, 1).status == "draft"


def test_the_list_asks_the_database_a_fixed_number_of_times(papers: tuple[Story, str]) -> None:
    story, case = papers
    browser = Browser(story.office)

    def asked() -> int:
        count = 0

        def heard(*_: object) -> None:
            nonlocal count
            count += 1

        event.listen(story.office.engine, "before_cursor_execute", heard)
        browser.page("/documents")
        event.remove(story.office.engine, "before_cursor_execute", heard)
        return count

    browser.page("/documents")  # the first look also notes who came
    before = asked()
    for _ in range(12):
        drafted(story, "credit_repair_letter", case)
    assert asked() == before <= 24


def test_a_long_list_comes_a_page_at_a_time(papers: tuple[Story, str]) -> None:
    story, case = papers
    with story.office.writing() as session:
        session.add_all(
            Document(case_id=session.exec(select(Document.case_id)).first(), kind="credit_repair_letter", title=f"演示函{n}",
                     issuer_id="natural_resources", drafted_on=at_nine(TODAY).date())
            for n in range(60)
        )  # fmt: skip
    browser = Browser(story.office)
    assert len(titles(browser.page(f"/documents?case={case}"))) == 50
    second = browser.page(f"/documents?case={case}&page=2")
    assert len(titles(second)) == 11
    assert "第 51–61 条，共 61 条" in text_of(second)


def test_a_batch_is_issued_one_by_one_and_each_result_is_said(papers: tuple[Story, str]) -> None:
    story, _case = papers
    ready = [drafted(story, "credit_repair_letter", number, typed=LETTER) for number in ("2-1", "2-2")]
    bare = drafted(story, "credit_repair_letter", "2-4")
    browser = Browser(story.office, "natural_resources")
    query = "&".join(f"id={key}" for key in (*ready, bare))
    form = browser.page(f"/documents/issue?{query}")
    assert [box.get("value") for box in form.xpath("//input[@name='id' and @checked]")] == [str(key) for key in ready]
    assert "审核（验收、整改）意见" in text_of(form)

    answer = browser.post("/documents/issue", {"id": [str(key) for key in (*ready, bare)], "on": TODAY})

    said = text_of(answer)
    assert "出具 2 份，未出具 1 份" in said
    assert "演自然资函〔2026〕1号" in said
    assert "还有 3 项待明确，不能出具" in said or "项待明确" in said
    assert [document(story, key).number for key in ready] == ["演自然资函〔2026〕1号", "演自然资函〔2026〕2号"]
    assert document(story, bare).status == "draft"


def test_a_commitment_of_several_mines_is_issued_by_the_office_in_one_go(papers: tuple[Story, str]) -> None:
    story, _case = papers
    typed = {
        "breach": "边坡未治理", "requirements": "治理边坡", "measures_by": "2026-12-01", "works_by": "2026-12-20",
        "rectify_by": "2026-12-31", "recipient.name": "演示监管部门",
    }  # fmt: skip
    from tests.web.paper_desk import OFFICE

    batch = [drafted(story, "rectification_commitment", number, actor=OFFICE, typed=typed) for number in ("2-1", "2-2")]
    said = text_of(Browser(story.office).post("/documents/issue", {"id": [str(key) for key in batch], "on": TODAY}))
    assert "出具 2 份，未出具 0 份" in said
    assert {document(story, key).status for key in batch} == {"issued"}


def test_nobody_issues_what_another_organ_issues(papers: tuple[Story, str]) -> None:
    story, _case = papers
    office = Browser(story.office)
    said = text_of(office.post("/documents/issue", {"id": ["1"], "on": TODAY}))
    assert "出具 0 份，未出具 1 份" in said
    assert "阳城县自然资源局办理" in said
    assert document(story, 1).status == "draft"


def test_ticked_papers_come_as_one_file_with_the_same_bytes_each_time(papers: tuple[Story, str]) -> None:
    story, case = papers
    story.issue(case, "rectification_order", "2026-11-23")
    letter = drafted(story, "credit_repair_letter", case, typed=LETTER)
    bare = drafted(story, "credit_repair_letter", "2-1")
    with story.office.writing() as session:
        own = session.get_one(Document, drafted(story, "extension_form", "2-2"))
        session.add(CountyForm(kind=own.kind, filename="丢失.docx", sha256="0" * 64, size=1, added_by="office",
                               added_on=at_nine(TODAY).date()))  # fmt: skip
        lost = own.id
    browser = Browser(story.office, "natural_resources")
    url = f"/documents/files.zip?id=1&id={letter}&id={bare}&id={lost}&id=x&id=99999"
    answer = browser.get(url)
    assert answer.content == browser.get(url).content
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        names = package.namelist()
        pdf = next(name for name in names if name.endswith(".pdf"))
        draft, open_draft = (name for name in names if name.endswith("草稿.docx"))
        assert "责令限期整改通知书" in pypdf.PdfReader(io.BytesIO(package.read(pdf))).pages[0].extract_text()
        assert "同意移出" in "".join(p.text for p in docx.Document(io.BytesIO(package.read(draft))).paragraphs)
        text = "".join(p.text for p in docx.Document(io.BytesIO(package.read(open_draft))).paragraphs)
        assert "【待填：审核（验收、整改）意见】" in text
        assert f"文书 {lost}" in package.read("说明.txt").decode("utf-8-sig")
    assert all(".." not in name and not name.startswith("/") for name in names)


def test_a_paper_is_drafted_from_its_kind_and_case(papers: tuple[Story, str]) -> None:
    story, case = papers
    browser = Browser(story.office, "natural_resources")
    kinds = text_of(browser.page(f"/documents/new?case={case}"))
    assert "关于提请移出异常名录的函" in kinds
    assert "关闭决定书" not in kinds  # the county government's own
    assert "代履行决定书" in kinds
    assert "代履行决定书" not in text_of(Browser(story.office).page("/documents/new"))

    answer = browser.post(
        "/documents/new", {"kind": "credit_repair_letter", "case": case, "issuer": "natural_resources"}
    )

    assert answer.status_code == 303
    made = document(story, int(answer.headers["location"].rsplit("/", 1)[1]))
    assert (made.kind, made.status, made.issuer_id) == ("credit_repair_letter", "draft", "natural_resources")
    assert "已起草《关于提请移出异常名录的函》" in text_of(browser.get(answer.headers["location"]))


def test_one_paper_for_several_cases_or_one_for_each(papers: tuple[Story, str]) -> None:
    story, _case = papers
    browser = Browser(story.office, "natural_resources")
    joint = browser.post("/documents/new", {"kind": "F04", "case": ["2-2", "2-1"], "way": "joint"})
    made = document(story, int(joint.headers["location"].rsplit("/", 1)[1]))
    assert (made.case_id, made.cases) == (None, ["2-1", "2-2"])
    each = browser.post("/documents/new", {"kind": "F33", "numbers": "2-1、2-2, 2-4", "way": "each"})
    assert each.headers["location"] == "/documents?status=draft&kind=credit_repair_letter"
    assert len(titles(browser.page(each.headers["location"]))) == 3


@pytest.mark.parametrize(
    ("given", "why", "status"),
    [
        ({"kind": "F33", "case": "9-9"}, "没有编号为“9-9”的案件", 404),
        ({"kind": "F33", "case": EVIL}, "没有编号为", 404),
        ({"kind": "F33"}, "请写明案件编号", 422),
        ({"kind": "F33", "case": "2-1", "on": "2026-12-24"}, "在今天", 422),
        ({"kind": "F33", "case": "2-1", "on": "明天"}, "起草日期", 422),
        ({"kind": "F10", "case": "2-1"}, "无权签发《关闭决定书》", 422),
        ({"kind": "F99"}, "没有“F99”这种文书", 404),
    ],
)
def test_a_draft_that_cannot_be_is_refused_with_its_reason(
    papers: tuple[Story, str], given: dict[str, str], why: str, status: int
) -> None:
    story, _case = papers
    answer = Browser(story.office, "natural_resources").post("/documents/new", given)
    assert answer.status_code == status
    assert why in text_of(answer)
    assert "<script>alert" not in answer.text
    assert len(story.rows(select(Document.id))) == 1


def test_a_file_or_a_code_says_which_record_it_is(papers: tuple[Story, str]) -> None:
    story, case = papers
    issued = story.issue(case, "rectification_order", "2026-11-23")
    browser = Browser(story.office, "natural_resources")
    row = browser.page("/documents/1").xpath("//a[contains(text(), '.docx') and contains(@href, '/files/')]")[0]
    original = browser.get(row.get("href")).content

    same = browser.post("/documents/identify", files={"file": ("x.docx", original)})
    assert "与存档文件逐字节一致" in text_of(same)
    code = browser.post("/documents/identify", {"code": (issued.check_code or "").lower()})
    assert "演自然资责改〔2026〕13号" in text_of(code)

    changed = docx.Document(io.BytesIO(original))
    next(p for p in changed.paragraphs if "恢复边坡" in p.text).runs[-1].text = "不必恢复"
    edited = io.BytesIO()
    changed.save(edited)
    answer = browser.post("/documents/identify", files={"file": ("改.docx", edited.getvalue())})
    said = text_of(answer)
    assert "与存档原件不同" in said
    assert "不必恢复" in said


def test_a_stranger_learns_nothing_from_a_file_or_a_code(papers: tuple[Story, str]) -> None:
    story, case = papers
    issued = story.issue(case, "rectification_order", "2026-11-23")
    bureau, forestry = Browser(story.office, "natural_resources"), Browser(story.office, "forestry")
    original = bureau.get("/documents/1/files/1").content
    code = issued.check_code or ""
    for answer in (
        forestry.post("/documents/identify", files={"file": ("x.docx", original)}),
        forestry.post("/documents/identify", {"code": code}),
    ):
        assert answer.status_code == 404
        assert "责令" not in answer.text
    unknown = forestry.post("/documents/identify", {"code": "AAAA-AAAA"})
    assert text_of(unknown).replace("AAAA-AAAA", code) == text_of(forestry.post("/documents/identify", {"code": code}))
    assert "请选择一份文件" in text_of(bureau.post("/documents/identify"))
    broken = bureau.post("/documents/identify", files={"file": ("../../坏.docx", b"PK\x03\x04broken")})
    assert broken.status_code in (404, 422)
    assert tree(broken).xpath("//*[@role='alert']")
    assert bureau.post("/documents/identify", files={"file": ("扫描.pdf", PDF)}).status_code in (404, 422)
