"""A bundle holds everything on record about a mine's cases, and the same record always gives the same bytes."""

import csv
import errno
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from freezegun import freeze_time
from pypdf import PdfReader
from sqlalchemy.engine import make_url
from sqlmodel import select

from office.bundle import bundle_verify
from office.bundle.bundle import Bundled, bundle
from office.running.installation import Office
from tests.bundle.volume import AWKWARD, ORDER, Volume, made_volume
from tests.conftest import Databases, at_nine
from tests.story import TOWNSHIP
from workflow.audit import event_hash
from workflow.engine import advance
from workflow.errors import BadInput, NotFound
from workflow.models import Attachment, DocumentVersion, Event

ORDER_FOLDER = "文书/001_责令限期整改通知书_演甲甲〔2026〕1号"


def bundled(office: Office, case: str, target: Path, on: str = "2026-05-06") -> Bundled:
    with freeze_time(at_nine(on)):
        return bundle(office, case, target)


def unpacked(target: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(target) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.mkdir()
    return path


def test_everything_on_record_lies_in_the_bundle(office: Office, folder: Path, tmp_path: Path) -> None:
    case, target = made_volume(office, folder), tmp_path / "卷.zip"
    said = bundled(office, case, target)
    found = unpacked(target)

    assert said == Bundled(case, "演示六号砂岩矿", 3, 7, len(found), target.stat().st_size)
    kept = {hashlib.sha256(data).hexdigest() for data in found.values()}
    with office.reading() as session:
        papers = session.exec(select(DocumentVersion.sha256)).all()
        files = session.exec(select(Attachment.sha256)).all()
    assert len(papers) == 9
    assert len(files) == 7
    assert {*papers, *files} <= kept
    assert [name.rpartition("/")[2] for name in found if name.startswith(ORDER_FOLDER)] == [
        "01_出具_责令限期整改通知书.docx", "02_出具_责令限期整改通知书.pdf", "03_修改_修改稿.docx", "04_盖章_盖章件.pdf",
        "05_送达证明_回证.pdf", "说明.txt",
    ]  # fmt: skip
    assert found[f"{ORDER_FOLDER}/04_盖章_盖章件.pdf"] == "盖章件.pdf".encode()
    assert sorted(found) == list(found)
    assert json.loads(found["manifest.json"])["mine"] == {"code": case, "name": "演示六号砂岩矿"}


def test_each_document_is_explained(office: Office, folder: Path, tmp_path: Path) -> None:
    case = made_volume(office, folder)
    bundled(office, case, tmp_path / "x.zip")
    said = [
        data.decode("utf-8-sig") for name, data in unpacked(tmp_path / "x.zip").items() if name.endswith("说明.txt")
    ]

    order, letter, joint = said
    for line in (
        "状态：已送达", "文号：演甲甲〔2026〕1号", "成文日期：2026-03-04", "送达日期：2026-03-06", "核验码：CODE-0001",
        "送达：2026-03-06 留置送达，送达人 演示甲、演示乙，收件人 演示丙，登记 emergency", "制作单位：阳城县应急管理局",
    ):  # fmt: skip
        assert f"{line}\r\n" in order
    assert "原名 修改稿.docx，演示备注，SHA-256" in order
    assert "状态：已作废\r\n" in letter
    assert "作废理由：演示作废理由\r\n" in letter
    assert f"案件：{case}、2-1\r\n" in joint


def test_tables_open_in_a_spreadsheet_and_hold_no_formula(office: Office, folder: Path, tmp_path: Path) -> None:
    case = made_volume(office, folder)
    bundled(office, case, tmp_path / "x.zip")
    found = unpacked(tmp_path / "x.zip")

    history = table(found["办理经过.csv"])
    assert [row["事项"] for row in history] == [
        "立案", "出具责令限期整改通知书", "出具文书", "上传文书版本", "上传文书版本", "送达责令限期整改通知书",
        "出具文书", "作废文书", "出具文书",
    ]  # fmt: skip
    assert "送达方式：留置送达" in history[5]["内容"]
    assert (history[5]["办理前"], history[5]["办理后"]) == ("整改通知书已出具", "限期整改中")
    materials = table(found["材料/材料清单.csv"])
    assert [row["原文件名"] for row in materials][:2] == list(AWKWARD[:2])
    assert materials[-1]["材料"] == "送达回证"
    assert all(hashlib.sha256(found[f"材料/{row['文件']}"]).hexdigest() == row["SHA-256"] for row in materials)
    (notice,) = table(found["通知/通知台账.csv"])
    assert (notice["案件"], notice["事项"], notice["期限"], notice["状态"]) == (
        case,
        "报送整改结果",
        "2026-04-30",
        "已发",
    )
    for name, data in found.items():
        if name.endswith(".csv"):
            assert data.startswith(b"\xef\xbb\xbf")
            assert not [cell for row in table(data) for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


def test_what_people_typed_is_no_formula(office: Office, folder: Path, tmp_path: Path) -> None:
    story = Volume(office, folder).register("演示七号砂岩矿", holder="演示七号矿业公司", mineral="砂岩")
    case = story.open("rectification", "2026-03-02", breach="演示事实")
    story.take(case, "issue_order", "2026-03-03", user="emergency", **ORDER)
    story.correct(case, "2026-03-04", "=HYPERLINK(1)", user="emergency")
    bundled(office, case, tmp_path / "x.zip")

    history = table(unpacked(tmp_path / "x.zip")["办理经过.csv"])
    assert history[-1]["理由"] == "'=HYPERLINK(1)"
    assert history[-1]["内容"] == f"撤回第 {history[-2]['记录号']} 条记录"
    assert bundle_verify.main([str(tmp_path / "x.zip")]) == 0


def test_names_can_be_unpacked_anywhere(office: Office, folder: Path, tmp_path: Path) -> None:
    case = made_volume(office, folder)
    bundled(office, case, tmp_path / "x.zip")
    names = list(unpacked(tmp_path / "x.zip"))

    assert len({name.casefold() for name in names}) == len(names)
    assert max(map(len, names)) <= 100
    for name in names:
        assert not set(name) & set('<>:"\\|?*'), name
        assert name.isprintable()
        assert all(part == part.strip().rstrip(".") and len(part.encode()) < 255 for part in name.split("/"))
    assert "材料/001_照片_现场____1_.JPG" in names
    assert "材料/004_回证" in names
    assert "材料/005_\u00e9tude.pdf" in names


def test_the_contents_list_every_standing_document_and_file(office: Office, folder: Path, tmp_path: Path) -> None:
    case = made_volume(office, folder)
    bundled(office, case, tmp_path / "x.zip")
    found = unpacked(tmp_path / "x.zip")

    listed = docx.Document(io.BytesIO(found["卷内目录.docx"])).tables[0]
    assert sorted(row.cells[1].text for row in listed.rows) == [
        "关于审定整治名录的请示", *["材料"] * 6, "责令限期整改通知书", "送达回证", "题名",
    ]  # fmt: skip
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(found["卷内目录.pdf"])).pages)
    for words in ("演示六号砂岩矿", "演甲甲", "同名.PDF"):
        assert words in printed.replace("\n", "")


def test_an_empty_volume_and_a_block_without_a_holder_are_no_obstacle(
    office: Office, folder: Path, tmp_path: Path
) -> None:
    story = Volume(office, folder).register("演示三号拟设区块", block=True, mineral="石灰岩")
    case = story.open("new_right", "2026-01-05", transfer_year="2026")
    said = bundled(office, case, tmp_path / "a.zip")
    assert said.remarks == ("卷内还没有文书和材料，不生成卷内目录。",)
    assert "卷内目录.docx" not in unpacked(tmp_path / "a.zip")

    story.on(
        "2026-01-12", "natural_resources", advance, case, "start_precheck", occurred_on=date(2026, 1, 12),
        evidence={"other": (story.keep("图.pdf"),)},
    )  # fmt: skip
    assert bundled(office, case, tmp_path / "b.zip").remarks == ()
    assert {"卷内目录.docx", "卷内目录.pdf"} <= set(unpacked(tmp_path / "b.zip"))
    for name in ("a.zip", "b.zip"):
        assert bundle_verify.main([str(tmp_path / name)]) == 0


def test_a_character_that_no_font_holds_costs_the_pdf_alone(office: Office, folder: Path, tmp_path: Path) -> None:
    story = Volume(office, folder).register("演示八号砂岩矿", holder="演示八号矿业公司", mineral="砂岩")
    case = story.open("rectification", "2026-03-02", breach="演示事实")
    story.on(
        "2026-03-03", "emergency", advance, case, "issue_order", occurred_on=date(2026, 3, 3), fields=ORDER,
        evidence={"other": (story.keep("\U0001faa8.pdf"),)},
    )  # fmt: skip
    said = bundled(office, case, tmp_path / "x.zip")

    assert [remark.partition("：")[0] for remark in said.remarks] == ["卷内目录只有 .docx，没有 .pdf"]
    assert {"卷内目录.docx", "材料/001_\U0001faa8.pdf"} <= set(unpacked(tmp_path / "x.zip"))


def test_each_entry_can_be_recomputed_as_the_chain_does(office: Office, folder: Path, tmp_path: Path) -> None:
    case = made_volume(office, folder)
    bundled(office, case, tmp_path / "x.zip")
    events: list[dict[str, Any]] = json.loads(unpacked(tmp_path / "x.zip")["history.json"])["events"]

    with office.reading() as session:
        chain = {event.seq: event.hash for event in session.exec(select(Event))}
    assert len(events) == 9
    for event in events:
        typed = {
            **event, "occurred_on": date.fromisoformat(event["occurred_on"]),
            "recorded_at": datetime.fromisoformat(event["recorded_at"]),
        }  # fmt: skip
        assert event_hash(event["prev_hash"], typed) == event["hash"] == chain[event["seq"]]


def test_opinions_come_with_their_forms_and_silence_stays_silence(office: Office, folder: Path, tmp_path: Path) -> None:
    story = Volume(office, folder).register("演示二号拟设区块", block=True, mineral="石灰岩", holder="演示出让机关")
    case = story.open("new_right", "2026-01-05", transfer_year="2026")
    story.take(case, "start_precheck", "2026-01-12", user="natural_resources")
    story.take(
        case, "dispatch_survey", "2026-02-02", user="natural_resources", planning_basis="演示规划", survey_on="2026-02-10",
        reply_by="2026-03-06", mineral_use="建筑用", resource_basis="演示报告", planned_scale="50", scale_class="medium",
        scale_standard="演示标准", layers_checked="是",
    )  # fmt: skip
    referral = next(t.number for t in story.view(case).tracks if t.subject_id == TOWNSHIP)
    story.take(
        referral,
        "reply",
        "2026-02-11",
        user=TOWNSHIP,
        answer="restriction",
        opinion="演示意见",
        answered_on="2026-02-11",
    )
    bundled(office, referral, tmp_path / "x.zip")
    found = unpacked(tmp_path / "x.zip")

    rows = {row["单位"]: row for row in table(found["意见/意见汇总.csv"])}
    answer = rows["演示县演示镇人民政府"]
    assert len(rows) == 16
    assert (answer["意见"], answer["意见内容"], answer["反馈日期"]) == ("有限制性因素", "演示意见", "2026-02-11")
    assert found[f"意见/{answer['文件']}"] == b"%PDF-1.4 " + f"{referral}-opinion_form".encode()
    assert [row["意见"] for row in rows.values()].count("未反馈") == 15
    assert len({row["案件"] for row in table(found["办理经过.csv"])}) == 17
    assert bundle_verify.main([str(tmp_path / "x.zip")]) == 0


def test_the_same_record_gives_the_same_bytes(
    office: Office, databases: Databases, folder: Path, tmp_path: Path
) -> None:
    case = made_volume(office, folder)
    bundled(office, case, tmp_path / "a.zip")
    bundled(office, case, tmp_path / "b.zip", on="2027-01-04")
    office.engine.dispose()

    url = make_url(office.settings.database_url)
    name = Path(str(url.database)).stem
    home = tmp_path / "elsewhere"
    office.settings.files.rename(tmp_path / "moved")
    home.mkdir()
    (tmp_path / "moved").rename(home / "files")
    copy = Office(replace(office.settings, home=home, database_url=databases.create(f"{name}copy", name)))
    try:
        bundled(copy, case, tmp_path / "c.zip")
    finally:
        copy.close()
        databases.drop(f"{name}copy")

    first = (tmp_path / "a.zip").read_bytes()
    assert (tmp_path / "b.zip").read_bytes() == first
    assert (tmp_path / "c.zip").read_bytes() == first


def test_the_enclosed_program_needs_nothing_but_python(office: Office, folder: Path, tmp_path: Path) -> None:
    case = made_volume(office, folder)
    bundled(office, case, tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as package:
        package.extractall(tmp_path / "unpacked")

    for more in ((), (str(tmp_path / "x.zip"),)):
        ended = subprocess.run(
            [sys.executable, "-I", "-S", "-X", "utf8", "核验.py", *more], cwd=tmp_path / "unpacked", capture_output=True,
            text=True, encoding="utf8", check=False,
        )  # fmt: skip
        assert (ended.returncode, ended.stderr) == (0, "")
        assert ended.stdout.startswith("全部相符：共核对 ")


@pytest.mark.parametrize("harm", ["gone", "changed", "longer"])
def test_a_file_that_is_not_as_it_was_gives_no_bundle(office: Office, folder: Path, tmp_path: Path, harm: str) -> None:
    case = made_volume(office, folder)
    with office.reading() as session:
        sha256 = session.exec(select(DocumentVersion.sha256).where(DocumentVersion.filename == "盖章件.pdf")).one()
    stored = office.store.path(sha256)
    data = stored.read_bytes()
    if harm == "gone":
        stored.unlink()
    else:
        stored.write_bytes(data.replace(b".pdf", b".PDF") if harm == "changed" else data + b"+")

    with pytest.raises(BadInput, match=r"04_盖章_盖章件\.pdf”（files/.*备份") as refusal:
        bundled(office, case, tmp_path / "x.zip")
    assert str(refusal.value).endswith("再成卷。")
    assert [path.name for path in tmp_path.glob("*.zip*")] == []
    assert not list(tmp_path.glob("*.tmp"))


def test_a_full_disk_leaves_the_old_bundle_as_it_was(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    (tmp_path / "x.zip").write_bytes(b"old")
    monkeypatch.setattr("office.papers.zip_file.os.fsync", full)
    with pytest.raises(BadInput, match=r"写不到“.*x\.zip”（磁盘已满）"):
        bundle(office, "2-4", tmp_path / "x.zip", overwrite=True)
    assert [path.name for path in tmp_path.glob("*.*")] == ["x.zip"]
    assert (tmp_path / "x.zip").read_bytes() == b"old"


def test_a_case_that_does_not_exist_has_no_volume(office: Office, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="没有编号为“9-9”的案件"):
        bundled(office, "9-9", tmp_path / "x.zip")
