"""A document's life: drafted, issued with its snapshot and files, served with proof; corrected only by a new one."""

from datetime import date
from pathlib import Path

import pytest
from freezegun import freeze_time
from sqlmodel import col, select

from office.running.installation import Office
from states.documents import DocumentKind
from tests.conftest import at_nine
from tests.story import Story
from workflow.audit import verify
from workflow.correction import correct
from workflow.errors import BadInput, NotFound, StepRefused
from workflow.issuing import Written, draft, find, issue, type_values, void
from workflow.ledger import find_case
from workflow.models import Attachment, Document, Event, Service
from workflow.numbering import add_series
from workflow.office_paper import volume_rows
from workflow.service import serve, upload
from workflow.versions import versions
from workflow.views import Actor, StoredFile

OFFICE, BUREAU = Actor("office", "group_office"), Actor("natural_resources", "natural_resources")
ORDER = {
    "enforcer": "natural_resources", "breach": "未按方案修复", "legal_basis": "演示法第三条", "requirements": "恢复边坡",
    "rectify_by": "2026-12-31", "remedy": "演示救济途径", "contact": "演示电话",
}  # fmt: skip
PROOF = {"served_on": "2026-11-23", "service_way": "留置送达", "served_by": "演示甲、演示乙", "received_by": "演示丙"}


def plainly(kind: DocumentKind, values: object, document_id: int, form: str) -> Written:  # noqa: ARG001
    return Written(((f"{kind.id}.docx", str(values).encode()),), f"CODE-{document_id:04}")


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    with office.writing() as session:
        add_series(session, "演自然资责改", "natural_resources", ["F27"], actor=OFFICE, source="演示数据")
        add_series(session, "演自然资函", "natural_resources", [], actor=OFFICE, source="演示数据")
    return Story(office, tmp_path).register("演示十二号砂岩矿", holder="演示十二号矿业公司", mineral="砂岩")


@pytest.fixture
def ordered(story: Story) -> tuple[str, int]:
    """A case whose order is drafted, and the draft's number in the register."""
    case = story.open("rectification", "2026-11-20", breach="未按方案修复")
    story.take(case, "issue_order", "2026-11-20", user="natural_resources", **ORDER)
    return case, story.draft(case, "rectification_order").id or 0


def issued(office: Office, document_id: int, on: str = "2026-11-23", actor: Actor = BUREAU) -> Document:
    with freeze_time(at_nine(on)), office.writing() as session:
        day = date.fromisoformat(on)
        issue(session, office.store, document_id, on=day, actor=actor, write=plainly)
    with office.reading() as session:
        document = find(session, document_id)
        session.expunge(document)
        return document


def receipt(story: Story) -> StoredFile:
    return story.office.store.take("送达回证.pdf", b"%PDF-1.4 signed")


def state(office: Office, document_id: int) -> tuple[str, date | None, date | None]:
    with office.reading() as session:
        document = find(session, document_id)
        return document.status, document.issued_on, document.served_on


def test_issuing_keeps_number_day_values_bytes_and_an_entry(story: Story, ordered: tuple[str, int]) -> None:
    case, document_id = ordered
    issued(story.office, document_id)

    with story.office.reading() as session:
        document = find(session, document_id)
        assert (document.status, document.number, document.issued_on) == (
            "issued", "演自然资责改〔2026〕1号", date(2026, 11, 23)
        )  # fmt: skip
        assert document.snapshot is not None
        assert document.snapshot["facts"]["breach"] == "未按方案修复"
        assert (document.snapshot["number"], document.snapshot["date"]) == (document.number, "2026-11-23")
        (file,) = versions(session, document_id)
        assert (file.role, file.n) == ("issued", 1)
        assert story.office.store.path(file.sha256).read_bytes() == str(document.snapshot).encode()
        entry = session.exec(select(Event).where(Event.kind == "paper")).one()
        assert (entry.trigger, entry.data["number"]) == ("issue", document.number)
        assert entry.data["files"] == {"rectification_order.docx": file.sha256}
        assert find_case(session, case).version == entry.case_version
        assert list(verify(session)) == []


def test_a_document_says_what_its_step_recorded_not_what_came_later(story: Story, ordered: tuple[str, int]) -> None:
    case, document_id = ordered
    with story.office.writing() as session:
        story_event = session.exec(select(Event).where(Event.trigger == "issue_order")).one()
        assert find(session, document_id).event_seq == story_event.seq
    story.take(case, "suspend", "2026-11-21", reason="演示", basis="演示")

    document = issued(story.office, document_id)

    assert document.snapshot is not None
    assert document.snapshot["case"]["state"] == "整改通知书已出具"


def test_service_is_the_step_of_the_procedure_and_starts_the_clock(story: Story, ordered: tuple[str, int]) -> None:
    case, document_id = ordered
    issued(story.office, document_id)
    with freeze_time(at_nine("2026-11-24")), story.office.writing() as session:
        answer = serve(session, document_id, PROOF, receipt(story), actor=BUREAU)

    assert answer.step == "送达责令限期整改通知书"
    assert state(story.office, document_id) == ("served", date(2026, 11, 23), date(2026, 11, 23))
    assert story.state(case) == "rectifying"
    assert story.view(case).facts["served_on"] == "2026-11-23"
    with story.office.reading() as session:
        proof = session.exec(select(Service)).one()
        assert (proof.way, proof.served_by, proof.received_by) == ("leaving", "演示甲、演示乙", "演示丙")
        assert [v.role for v in versions(session, document_id)] == ["issued", "receipt"]
        assert (
            session.exec(select(Attachment.evidence).order_by(col(Attachment.id).desc())).first() == "service_receipt"
        )
    story.sound()


def test_what_is_only_drafted_cannot_be_served(story: Story, ordered: tuple[str, int]) -> None:
    case, document_id = ordered
    with pytest.raises(BadInput, match="还没有出具，不能登记送达"), story.office.writing() as session:
        serve(session, document_id, PROOF, receipt(story), actor=BUREAU)
    (row,) = [r for r in story.file(case, "2026-11-23")["next"] if r["trigger"] == "serve_order"]
    assert any("《责令限期整改通知书》还没有出具（只有草稿）" in blocker for blocker in row["blockers"])


def test_nothing_is_served_before_it_was_written(story: Story, ordered: tuple[str, int]) -> None:
    _, document_id = ordered
    issued(story.office, document_id)
    with (
        pytest.raises(BadInput, match="送达日期 2026-11-22 早于成文日期 2026-11-23"),
        story.office.writing() as session,
    ):
        serve(session, document_id, {**PROOF, "served_on": "2026-11-22"}, receipt(story), actor=BUREAU)


@pytest.mark.parametrize(("missing", "label"), [("service_way", "送达方式"), ("served_by", "送达人（两人）")])
@freeze_time(at_nine("2026-11-23"))
def test_a_service_without_its_proof_is_none(story: Story, ordered: tuple[str, int], missing: str, label: str) -> None:
    _, document_id = ordered
    issued(story.office, document_id)
    given = {name: value for name, value in PROOF.items() if name != missing}
    with pytest.raises(BadInput, match=f"还缺少“{label}”"), story.office.writing() as session:
        serve(session, document_id, given, receipt(story), actor=BUREAU)
    assert state(story.office, document_id)[0] == "issued"


def test_taking_the_service_back_makes_the_document_unserved(story: Story, ordered: tuple[str, int]) -> None:
    case, document_id = ordered
    issued(story.office, document_id)
    with freeze_time(at_nine("2026-11-23")), story.office.writing() as session:
        serve(session, document_id, PROOF, receipt(story), actor=BUREAU)
    story.correct(case, "2026-11-23", "送达日期录错", user="natural_resources")

    assert state(story.office, document_id) == ("issued", date(2026, 11, 23), None)
    assert story.state(case) == "ordered"
    with story.office.reading() as session:
        assert session.exec(select(Service.withdrawn)).all() == [True]
    story.sound()


def test_an_entry_whose_document_is_out_of_the_house_is_not_taken_back(story: Story, ordered: tuple[str, int]) -> None:
    case, document_id = ordered
    issued(story.office, document_id)
    with (
        pytest.raises(BadInput, match=r"《责令限期整改通知书》演自然资责改〔2026〕1号已经出具：请先作废"),
        story.office.writing() as session,
    ):
        correct(session, case, actor=BUREAU, on=date(2026, 11, 23), reason="事实录错")

    with freeze_time(at_nine("2026-11-23")), story.office.writing() as session:
        void(session, document_id, on=date(2026, 11, 23), actor=BUREAU, reason="事实录错")
    assert story.correct(case, "2026-11-23", "事实录错", user="natural_resources").state == "found"
    story.sound()


@freeze_time(at_nine("2026-11-23"))
def test_what_was_served_is_corrected_only_by_a_new_one_that_names_it(story: Story, ordered: tuple[str, int]) -> None:
    case, first = ordered
    issued(story.office, first)
    with story.office.writing() as session:
        serve(session, first, PROOF, receipt(story), actor=BUREAU)
    with pytest.raises(BadInput, match="已于 2026-11-23 送达，不能作废"), story.office.writing() as session:
        void(session, first, on=date(2026, 11, 23), actor=BUREAU, reason="写错")
    with story.office.writing() as session:
        second = draft(session, "F27", case, actor=BUREAU, on=date(2026, 11, 23), replaces=first).id or 0

    document = issued(story.office, second)

    assert document.number == "演自然资责改〔2026〕2号"
    assert document.snapshot is not None
    assert document.snapshot["replaces"] == {
        "title": "责令限期整改通知书", "number": "演自然资责改〔2026〕1号", "issued_on": "2026-11-23",
    }  # fmt: skip
    with story.office.reading() as session:
        old = find(session, first)
        assert (old.status, old.void_reason) == ("void", f"由文书 {second}（演自然资责改〔2026〕2号）更正并代替")


@freeze_time(at_nine("2026-11-23"))
def test_a_letter_without_a_step_of_its_own_is_served_too(story: Story) -> None:
    case = story.open("closure", "2026-11-20", exit_year="2026")
    with story.office.writing() as session:
        letter = draft(session, "credit_repair_letter", case, actor=BUREAU, on=date(2026, 11, 23)).id or 0
    issued(story.office, letter)
    before = story.view(case)
    with story.office.writing() as session:
        answer = serve(session, letter, PROOF, receipt(story), actor=BUREAU)

    assert (answer.step, state(story.office, letter)[0]) == ("", "served")
    assert (story.view(case).state, story.view(case).version) == (before.state, before.version + 1)


@freeze_time(at_nine("2026-11-23"))
def test_an_edited_file_or_a_sealed_scan_is_one_more_version(story: Story, ordered: tuple[str, int]) -> None:
    _, document_id = ordered
    scan = story.office.store.take("盖章.pdf", b"%PDF-1.4 sealed")
    with pytest.raises(BadInput, match="还没有出具"), story.office.writing() as session:
        upload(session, document_id, scan, "sealed", actor=BUREAU, on=date(2026, 11, 23))
    issued(story.office, document_id)
    with story.office.writing() as session:
        upload(session, document_id, scan, "sealed", actor=BUREAU, on=date(2026, 11, 23))
    with story.office.reading() as session:
        assert [(v.n, v.role, v.sha256 == scan.sha256) for v in versions(session, document_id)] == [
            (1, "issued", False), (2, "sealed", True),
        ]  # fmt: skip


@freeze_time(at_nine("2026-11-23"))
def test_typed_values_belong_to_the_draft_alone(story: Story, ordered: tuple[str, int]) -> None:
    case, document_id = ordered
    with story.office.writing() as session:
        type_values(session, document_id, {"representative": " 演示负责人 ", "contact": "另一个电话"}, actor=BUREAU)
    document = issued(story.office, document_id)
    assert document.snapshot is not None
    assert document.snapshot["facts"]["representative"] == "演示负责人"
    assert document.snapshot["facts"]["contact"] == "另一个电话"
    assert "representative" not in story.view(case).facts
    with (
        pytest.raises(BadInput, match=f"已出具，不能再改：要更正请另行起草一份（--replaces {document_id}）"),
        story.office.writing() as session,
    ):
        type_values(session, document_id, {"contact": "第三个"}, actor=BUREAU)


def test_only_the_organ_that_holds_the_power_issues(story: Story, ordered: tuple[str, int]) -> None:
    case, document_id = ordered
    with pytest.raises(BadInput, match=r"办公室无权签发《责令限期整改通知书》.*请用该单位的账号"):
        issued(story.office, document_id, actor=OFFICE)
    with (
        pytest.raises(BadInput, match=r"工作组无权签发《关闭决定书》，应由县人民政府签发"),
        story.office.writing() as session,
    ):
        draft(session, "F10", case, actor=OFFICE, on=date(2026, 11, 23), issuer="工作组")


@pytest.mark.parametrize(
    ("kind", "case", "cases", "why"),
    [
        ("F27", "", (), "是某一案件的文书，请写明案件编号"), ("F39", "2-1", (), "是全县的文书"),
        ("F04", "", (), "请写明一个案件，或用 --cases"), ("F04", "2-1", ("2-2",), "就不要再写 --cases"),
        ("F27", "9-9", (), "没有编号为“9-9”的案件"), ("不存在", "2-1", (), "没有“不存在”这种文书"),
    ],
)  # fmt: skip
def test_a_paper_about_the_wrong_thing_is_refused(
    office: Office, kind: str, case: str, cases: tuple[str, ...], why: str
) -> None:
    with pytest.raises((BadInput, NotFound), match=why), office.writing() as session:
        draft(session, kind, case, actor=OFFICE, on=date(2026, 11, 23), cases=cases)


def test_opening_a_referral_drafts_its_letter(story: Story) -> None:
    case = story.open("referral", "2026-11-20", subject_id="water", request="演示协助事项")
    letter = story.draft(case, "assistance_letter")
    assert (letter.issuer_id, letter.event_seq is not None) == ("group_office", True)


def test_a_signed_letter_is_settled_by_its_step(story: Story) -> None:
    case = story.open("upgrade", "2026-11-02")
    promises = {
        "plan_by": "2026-12-31",
        "design_by": "2027-03-31",
        "works_by": "2027-10-31",
        "acceptance_by": "2027-12-31",
    }
    story.take(case, "prepare_commitment", "2026-11-20", target_scale="30", remaining_life="12", **promises)
    letter = story.draft(case, "upgrade_commitment").id or 0
    issued(story.office, letter, actor=OFFICE)
    with pytest.raises(BadInput, match="由“签订承诺书”环节登记"), story.office.writing() as session:
        serve(session, letter, PROOF, receipt(story), actor=OFFICE)
    with pytest.raises(StepRefused, match="日期 2026-11-21 早于《升级改造承诺书》的成文日期 2026-11-23"):
        story.take(case, "sign_commitment", "2026-11-23", signed_on="2026-11-21")
    story.take(case, "sign_commitment", "2026-11-23", signed_on="2026-11-23")
    assert state(story.office, letter) == ("served", date(2026, 11, 23), date(2026, 11, 23))
    assert story.due(case, "submit_plan") == date(2026, 12, 31)
    with story.office.reading() as session:
        assert [v.role for v in versions(session, letter)] == ["issued", "sealed"]


@freeze_time(at_nine("2026-11-23"))
def test_a_correction_begins_with_what_was_typed_for_the_paper_it_corrects(story: Story) -> None:
    case = story.open("closure", "2026-11-20", exit_year="2026")
    with story.office.writing() as session:
        first = draft(session, "credit_repair_letter", case, actor=BUREAU, on=date(2026, 11, 23)).id or 0
        type_values(session, first, {"contact": "演示电话", "result": "整改到位"}, actor=BUREAU)
    issued(story.office, first)
    with story.office.writing() as session:
        second = draft(session, "credit_repair_letter", case, actor=BUREAU, on=date(2026, 11, 23), replaces=first)
        assert second.data == {"contact": "演示电话", "result": "整改到位"}
        type_values(session, second.id or 0, {"result": ""}, actor=BUREAU)
    with story.office.reading() as session:
        assert find(session, first).data == {"contact": "演示电话", "result": "整改到位"}


@freeze_time(at_nine("2026-11-23"))
def test_a_joint_paper_is_corrected_for_the_same_cases_and_stands_in_each_volume(story: Story) -> None:
    cases = ("2-1", "2-2")
    with story.office.writing() as session:
        first = draft(session, "list_request", cases=cases, actor=BUREAU, on=date(2026, 11, 23)).id or 0
    issued(story.office, first)
    with story.office.reading() as session:
        for number, listed in (("2-1", ["关于审定整治名录的请示"]), ("2-2", ["关于审定整治名录的请示"]), ("2-4", [])):
            assert [row["title"] for row in volume_rows(session, find_case(session, number))] == listed
    with story.office.writing() as session:
        second = draft(session, "list_request", actor=BUREAU, on=date(2026, 11, 23), replaces=first)
        assert (second.cases, second.case_id) == (["2-1", "2-2"], None)


@freeze_time(at_nine("2026-11-23"))
def test_another_organ_neither_files_nor_serves_a_paper(story: Story, ordered: tuple[str, int]) -> None:
    case, order = ordered
    issued(story.office, order)
    with story.office.writing() as session:
        letter = draft(session, "credit_repair_letter", case, actor=BUREAU, on=date(2026, 11, 23)).id or 0
    issued(story.office, letter)
    stranger = Actor("emergency", "emergency")
    with pytest.raises(BadInput, match="自然资源局"), story.office.writing() as session:
        upload(session, order, receipt(story), "sealed", actor=OFFICE, on=date(2026, 11, 23))
    with pytest.raises(BadInput, match="自然资源局"), story.office.writing() as session:
        serve(session, letter, PROOF, receipt(story), actor=stranger)
    assert state(story.office, letter)[2] is None
