"""核验.py finds whatever was done to a bundle after it was made."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from freezegun import freeze_time

from office.bundle.bundle import bundle
from office.bundle.bundle_verify import canonical, event_hash, main
from office.running.installation import Office
from office.running.settings import from_environment
from tests.bundle.volume import made_volume
from tests.conftest import Databases, at_nine

EVIDENCE = "材料/002_同名.pdf"


@pytest.fixture(scope="module")
def sound(databases: Databases, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A bundle as it was handed over."""
    name, home = f"b{uuid4().hex[:10]}", tmp_path_factory.mktemp("bundle")
    url = databases.create(name, template)
    office = Office(replace(from_environment(), home=home, database_url=url, smtp_url=""))
    (home / "source").mkdir()
    case = made_volume(office, home / "source")
    with freeze_time(at_nine("2026-05-06")):
        bundle(office, case, home / "x.zip")
    office.close()
    yield home / "x.zip"
    databases.drop(name)


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    with zipfile.ZipFile(sound) as package:
        package.extractall(tmp_path / "卷")
    return tmp_path / "卷"


def packed(folder: Path) -> Path:
    """The folder as one file again."""
    return Path(shutil.make_archive(str(folder.parent / "again"), "zip", folder))


def relist(folder: Path, manifest: dict[str, Any] | None = None) -> None:
    """Somebody who changes a file and puts the list right as well."""
    path = folder / "manifest.json"
    about = manifest or json.loads(path.read_text("utf-8"))
    for row in about["files"]:
        file = folder / row["path"]
        if file.exists():
            row.update(size=file.stat().st_size, sha256=hashlib.sha256(file.read_bytes()).hexdigest())
    path.write_text(canonical(about), "utf-8", newline="")


def rewrite(folder: Path, change: Callable[[list[dict[str, Any]]], None]) -> None:
    path = folder / "history.json"
    history = json.loads(path.read_text("utf-8"))
    change(history["events"])
    path.write_text(canonical(history), "utf-8", newline="")
    relist(folder)


def changed_byte(folder: Path) -> None:
    path = folder / EVIDENCE
    data = bytearray(path.read_bytes())
    data[0] ^= 1
    path.write_bytes(data)


def changed_and_relisted(folder: Path) -> None:
    changed_byte(folder)
    relist(folder)


def cut_short(folder: Path) -> None:
    (folder / EVIDENCE).write_bytes(b"")


def removed(folder: Path) -> None:
    (folder / EVIDENCE).unlink()


def removed_and_unlisted(folder: Path) -> None:
    removed(folder)
    about = json.loads((folder / "manifest.json").read_text("utf-8"))
    about["files"] = [row for row in about["files"] if row["path"] != EVIDENCE]
    relist(folder, about)


def added(folder: Path) -> None:
    (folder / "材料" / "099_多余.pdf").write_bytes(b"x")


def edited(folder: Path) -> None:
    rewrite(folder, lambda events: events[1]["data"]["fields"].update(rectify_by="2027-04-30"))


def edited_and_rehashed(folder: Path) -> None:
    def change(events: list[dict[str, Any]]) -> None:
        events[1]["data"]["fields"]["rectify_by"] = "2027-04-30"
        events[1]["hash"] = event_hash(events[1])

    rewrite(folder, change)


def dropped(folder: Path) -> None:
    rewrite(folder, lambda events: events.pop(3) and None)


def dropped_last(folder: Path) -> None:
    def change(events: list[dict[str, Any]]) -> None:
        del events[next(n for n, event in enumerate(events) if event["trigger"] == "void")]

    rewrite(folder, change)


def swapped(folder: Path) -> None:
    rewrite(folder, lambda events: events.reverse())


def foreign(folder: Path) -> None:
    def change(events: list[dict[str, Any]]) -> None:
        events[0]["case_id"] = 9999
        events[0]["hash"] = event_hash(events[0])

    rewrite(folder, change)


def beyond_the_head(folder: Path) -> None:
    about = json.loads((folder / "manifest.json").read_text("utf-8"))
    about["chain"]["seq"] -= 5
    relist(folder, about)


def said_twice(folder: Path) -> None:
    path = folder / "history.json"
    path.write_bytes(path.read_bytes().replace(b'"actor":', b'"actor":"nobody","actor":', 1))
    relist(folder)


def reordered(folder: Path) -> None:
    about = json.loads((folder / "manifest.json").read_text("utf-8"))
    about["files"].reverse()
    relist(folder, about)


def respelled(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")), indent=1), "utf-8")


def unlisted(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def garbled(folder: Path) -> None:
    (folder / "manifest.json").write_bytes(b"\xff\xfe{")


def hollow(folder: Path) -> None:
    (folder / "manifest.json").write_text("[]", "utf-8")


def nested(folder: Path) -> None:
    (folder / "history.json").write_text("[" * 100_000, "utf-8")
    relist(folder)


def other_format(folder: Path) -> None:
    about = json.loads((folder / "manifest.json").read_text("utf-8"))
    relist(folder, {**about, "format": 2})


HARM = {
    changed_byte: f"{EVIDENCE}：内容与清单的 SHA-256 不符，被改动。",
    changed_and_relisted: "条办理记录所附的文件（SHA-256 ",
    cut_short: f"{EVIDENCE}：大小应为 10 字节，实为 0 字节。",
    removed: f"{EVIDENCE}：缺少这个文件。",
    removed_and_unlisted: "不在卷内。",
    added: "材料/099_多余.pdf：多出的文件，清单中没有。",
    edited: "内容与哈希不符，被改动。",
    edited_and_rehashed: "与上一条的哈希不衔接。",
    dropped: "第 4 次办理缺失或次序不对。",
    dropped_last: "清单记为 8 次办理，办理记录到第 7 次。",
    swapped: "次序不对。",
    foreign: "不属于本卷的案件。",
    beyond_the_head: "与清单记载的链头（第 17 条）不符。",
    said_twice: "history.json：写法与原样不符，被改动。",
    reordered: "manifest.json：文件的排列次序被改动。",
    respelled: "manifest.json：写法与原样不符，被改动。",
    unlisted: "manifest.json：缺少这个文件。",
    garbled: "manifest.json：不是有效的 JSON，已损坏或被改动。",
    hollow: "manifest.json：内容不完整，无法核验。",
    nested: "history.json：不是有效的 JSON，已损坏或被改动。",
    other_format: "manifest.json：格式版本为 2，本核验程序只认识版本 1。",
}


def test_an_untouched_bundle_agrees(sound: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for place in (sound, folder, packed(folder)):
        assert main([str(place)]) == 0
        assert capsys.readouterr().out.startswith("全部相符：共核对 ")


@pytest.mark.parametrize("harm", HARM, ids=lambda harm: harm.__name__)
def test_what_was_done_to_it_is_said(
    folder: Path, harm: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    harm(folder)
    for place in (folder, packed(folder)):
        assert main([str(place)]) == 1
        said = capsys.readouterr().out
        assert HARM[harm] in said
        assert said.splitlines()[-1].startswith("发现 ")


def test_a_flipped_byte_in_the_archive_itself_is_found(
    sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = sound.read_bytes()
    with zipfile.ZipFile(sound) as package:
        entry = package.getinfo(EVIDENCE)
    at = data.index("同名.pdf".encode(), entry.header_offset + 30 + len(EVIDENCE.encode()))
    (tmp_path / "x.zip").write_bytes(data[:at] + b"#" + data[at + 1 :])

    assert main([str(tmp_path / "x.zip")]) == 1
    assert f"{EVIDENCE}：读不出，已损坏。" in capsys.readouterr().out


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_second_file_of_the_same_name_is_found(
    sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(sound, tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip", "a") as package:
        package.writestr(EVIDENCE, "同名.pdf")

    assert main([str(tmp_path / "x.zip")]) == 1
    assert f"{EVIDENCE}：同名文件有 2 个。" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, b"", b"no zip"])
def test_what_is_no_bundle_is_said(tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "x.zip"
    if content is not None:
        place.write_bytes(content)

    assert main([str(place)]) == 1
    assert capsys.readouterr().out == "“x.zip”打不开，或不是 zip 文件：请给出案卷的 .zip，或在解压后的文件夹中运行。\n"
