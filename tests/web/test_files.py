"""Files that people bring to a case: what is taken in, what is refused with a sentence, who may fetch it again."""

import hashlib
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from freezegun import freeze_time
from httpx2 import Response
from sqlmodel import select

from office.cases.case_files import check_file
from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from tests.web.browser import Browser, text_of
from workflow.errors import BadInput
from workflow.models import Attachment, Setting

DAY = at_nine("2026-02-16")
PDF = b"%PDF-1.7 scan"


def packed(*names: str, size: int = 20) -> bytes:
    """An office file with these parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as found:
        for name in names:
            found.writestr(name, b"\0" * size)
    return out.getvalue()


def bomb() -> bytes:
    """A small .docx that would fill two gigabytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as found:
        found.writestr("[Content_Types].xml", b"<Types/>")
        with found.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(600):
                part.write(b"\0" * 1024 * 1024)
    return out.getvalue()


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register("演示一号砂岩矿", holder="演示一号矿业公司", mineral="砂岩")


@pytest.fixture
def case(story: Story) -> str:
    """A guided exit whose talks are next: the township leads them and brings the minutes."""
    return story.open("guided_exit", "2026-01-05", exit_year="2026")


def evidence_of(story: Story, case: str) -> str:
    """Name of the first piece that the next step asks for."""
    view = story.view(case)
    return next(step for step in view.procedure.steps_from(view.state) if step.evidence).evidence[0].name


def send(office: Office, case: str, evidence: str, name: str, data: bytes, account: str = "office") -> Response:
    with freeze_time(DAY):
        browser = Browser(office, account)
        return browser.post(f"/cases/{case}/files", {"evidence": evidence}, files={"file": (name, data)})


def waiting(story: Story) -> list[Attachment]:
    return [row for row in story.rows(select(Attachment)) if row.event_seq is None]


def test_an_upload_waits_for_its_step_and_serves_it(office: Office, story: Story, case: str) -> None:
    evidence = evidence_of(story, case)

    answer = send(office, case, evidence, "约谈记录.pdf", PDF)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/cases/{case}#material"
    (row,) = waiting(story)
    assert (row.evidence, row.filename, row.size, row.added_by) == (evidence, "约谈记录.pdf", len(PDF), "office")
    assert office.store.path(row.sha256).read_bytes() == PDF
    with freeze_time(DAY):
        page = Browser(office, "office").page(f"/cases/{case}")
    assert "已备 1／1" in text_of(page)
    assert page.xpath(f"//a[@href='/files/{row.sha256}?case={case}']")

    step = next(s for s in story.view(case).procedure.steps_from(story.state(case)) if s.evidence)
    story.take(case, step.trigger, "2026-02-16", without=evidence, talked_on="2026-02-10")
    assert waiting(story) == []


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("程序.exe", b"MZ\x90\x00", "不收“程序.exe”这一类文件"),
        ("网页.html", b"<script>alert(1)</script>", "不收“网页.html”这一类文件"),
        ("没有后缀", PDF, "不收“没有后缀”这一类文件"),
        ("双后缀.pdf.exe", PDF, "不收“双后缀.pdf.exe”这一类文件"),
        ("假扫描.pdf", b"MZ\x90\x00 not a scan", "内容不是 PDF 文件"),
        ("假照片.jpg", PDF, "内容不是 JPG 文件"),
        ("假表.xlsx", packed("word/document.xml"), "内容不是 XLSX 文件"),
        ("断了.docx", packed("word/document.xml")[:60], "文件不完整或已损坏"),
        ("带宏.docx", packed("word/document.xml", "word/vbaProject.bin"), "带有宏或程序"),
        ("炸弹.docx", bomb(), "解压后大得不正常"),
        ("空.pdf", b"", "是空文件（0 字节）"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_what_is_no_scan_is_refused_and_nothing_is_kept(
    office: Office, story: Story, case: str, name: str, data: bytes, said: str
) -> None:
    answer = send(office, case, "other", name, data)

    assert answer.status_code == 400
    assert said in text_of(answer)
    assert waiting(story) == []
    assert not office.store.path(hashlib.sha256(data).hexdigest()).exists()


def test_a_file_over_the_limit_is_refused(office: Office, story: Story, case: str) -> None:
    with office.writing() as session:
        session.add(Setting(name="upload_mb", value=1))

    answer = send(office, case, "other", "大.pdf", PDF + b"\0" * 1024 * 1024)

    assert answer.status_code == 400
    assert "“大.pdf”超过 1 MB：请压缩或分册后再传。" in text_of(answer)
    assert waiting(story) == []


def test_one_bad_file_keeps_out_those_beside_it(office: Office, story: Story, case: str) -> None:
    with freeze_time(DAY):
        answer = Browser(office).post(
            f"/cases/{case}/files", {"evidence": "other"},
            files=[("file", ("好.pdf", PDF)), ("file", ("坏.pdf", b"MZ"))],
        )  # fmt: skip

    assert answer.status_code == 400
    assert waiting(story) == []


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "C:\\Users\\me\\批复.pdf", "/批复.pdf", "a/../批复.pdf"])
def test_a_path_in_a_name_is_dropped(office: Office, story: Story, case: str, name: str) -> None:
    assert send(office, case, "other", name, PDF).status_code == 303

    (row,) = waiting(story)
    assert row.filename in ("passwd.pdf", "批复.pdf")
    assert [path.name for path in office.store.folder.glob("*/*")] == [row.sha256]


def test_nothing_chosen_and_nothing_asked_for(office: Office, story: Story, case: str) -> None:
    with freeze_time(DAY):
        browser = Browser(office)
        none = browser.post(f"/cases/{case}/files", {"evidence": "other"})
        strange = browser.post(
            f"/cases/{case}/files", {"evidence": "service_receipt"}, files={"file": ("批复.pdf", PDF)}
        )

    assert (none.status_code, strange.status_code) == (400, 400)
    assert "请选择要上传的“其他材料”文件" in text_of(none)
    assert "目前的环节不需要这项材料" in text_of(strange)
    assert waiting(story) == []


def test_who_cannot_take_the_step_cannot_bring_its_proof(office: Office, story: Story, case: str) -> None:
    with freeze_time(DAY):
        view = story.view(case)
        step = next(s for s in view.procedure.steps_from(view.state) if s.evidence)
        outside = next(
            account for account in ("finance", "tax", "approval", "emergency")
            if Browser(office, account).get(f"/cases/{case}").status_code == 200
            and account not in {party.id for party in (step.lead, *step.cooperating)}
        )  # fmt: skip

    answer = send(office, case, evidence_of(story, case), "记录.pdf", PDF, account=outside)

    assert answer.status_code == 400
    assert "由本环节的牵头或配合单位上传" in text_of(answer)
    assert send(office, case, "other", "其他.pdf", PDF, account=outside).status_code == 303


def test_a_file_can_be_fetched_again_by_who_sees_the_case(office: Office, story: Story, case: str) -> None:
    send(office, case, "other", "批复 一.pdf", PDF)
    send(office, case, "other", "清单.xlsx", packed("xl/workbook.xml"))
    pdf, sheet = waiting(story)

    with freeze_time(DAY):
        browser = Browser(office)
        kept = browser.get(f"/files/{pdf.sha256}?case={case}")
        looked = browser.get(f"/files/{pdf.sha256}?case={case}&look=1")
        other = browser.get(f"/files/{sheet.sha256}?case={case}&look=1")

    assert kept.content == PDF
    assert kept.headers["content-type"] == "application/pdf"
    assert kept.headers["content-disposition"] == "attachment; filename*=UTF-8''%E6%89%B9%E5%A4%8D%20%E4%B8%80.pdf"
    assert kept.headers["x-content-type-options"] == "nosniff"
    assert looked.headers["content-disposition"].startswith("inline;")
    assert other.headers["content-disposition"].startswith("attachment;")


def test_a_file_of_another_organs_case_does_not_exist(office: Office, story: Story, case: str) -> None:
    send(office, case, "other", "批复.pdf", PDF)
    (row,) = waiting(story)
    other = story.register("演示二号矿").open("intake", "2026-01-05", user="office")

    with freeze_time(DAY):
        stranger, own = Browser(office, "culture_tourism"), Browser(office)
        answers = [
            stranger.get(f"/files/{row.sha256}?case={case}"), own.get(f"/files/{row.sha256}?case={other}"),
            own.get(f"/files/{row.sha256}"), own.get(f"/files/{'0' * 64}?case={case}"),
            own.get(f"/files/..%2f..%2fminecase.db?case={case}"),
        ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [404] * 5


def test_a_wrong_file_is_taken_back_before_its_step_but_not_after(office: Office, story: Story, case: str) -> None:
    send(office, case, "other", "传错.pdf", PDF)
    (row,) = waiting(story)
    with freeze_time(DAY):
        browser = Browser(office)
        township = Browser(office, "natural_resources").post(f"/cases/{case}/files/{row.id}/remove")
        assert township.status_code == 400
        assert "只有上传人或工作组办公室可以移除" in text_of(township)
        assert browser.post(f"/cases/{case}/files/{row.id}/remove").status_code == 303
        assert waiting(story) == []
        assert browser.post(f"/cases/{case}/files/{row.id}/remove").status_code == 404
        assert browser.post(f"/cases/{case}/files/x/remove").status_code == 404

    story.take(case, "open_talks", "2026-02-16", talked_on="2026-02-10")
    (proof, *_) = story.rows(select(Attachment))
    with freeze_time(DAY):
        answer = Browser(office).post(f"/cases/{case}/files/{proof.id}/remove")
    assert "已经随办理入档，不能移除" in text_of(answer)
    assert len(story.rows(select(Attachment))) >= 1


def test_good_files_of_every_kind_are_taken() -> None:
    for name, data in (
        ("a.pdf", PDF), ("a.JPG", b"\xff\xd8\xff\xe0"), ("a.png", b"\x89PNG\r\n\x1a\n"), ("a.tif", b"II*\x00"),
        ("a.docx", packed("[Content_Types].xml", "word/document.xml")), ("a.xlsx", packed("xl/workbook.xml")),
        ("a.ofd", packed("OFD.xml")), ("a.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ("a.et", packed("xl/workbook.xml")),
    ):  # fmt: skip
        check_file(name, data)
    with pytest.raises(BadInput, match="超过 50 MB"):
        check_file("a.pdf", PDF + b"\0" * 50 * 1024 * 1024)
