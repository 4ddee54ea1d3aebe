"""Files on record: taken in once, under their own hash, and checked."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from workflow.errors import BadInput
from workflow.store import LIMIT, FileStore


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def refused(store: FileStore, path: Path, saying: str) -> None:
    with pytest.raises(BadInput, match=saying) as error:
        store.put(path)
    assert str(error.value).endswith("。")
    assert not store.folder.exists()


def test_a_file_lies_under_its_own_hash(store: FileStore, scan: Callable[[str], Path]) -> None:
    paper = scan("批复")
    kept = store.put(paper)

    assert kept.sha256 == hashlib.sha256(paper.read_bytes()).hexdigest()
    assert (kept.filename, kept.size) == ("批复.pdf", paper.stat().st_size)
    assert store.path(kept.sha256).read_bytes() == paper.read_bytes()


def test_the_same_bytes_are_kept_once_whatever_their_name(store: FileStore, tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).write_bytes(b"the same")
    first, second = store.put(tmp_path / "a.pdf"), store.put(tmp_path / "b.pdf")

    assert first.sha256 == second.sha256
    assert [p for p in store.folder.rglob("*") if p.is_file()] == [store.path(first.sha256)]


def test_a_missing_file_is_refused(store: FileStore, tmp_path: Path) -> None:
    refused(store, tmp_path / "没有.pdf", "没有找到材料文件“没有.pdf”：请核对路径")


def test_an_empty_file_proves_nothing(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "空.pdf").touch()
    refused(store, tmp_path / "空.pdf", "“空.pdf”是空文件（0 字节），不能作为证明材料")


def test_a_folder_is_not_a_file(store: FileStore, tmp_path: Path) -> None:
    refused(store, tmp_path, "不是文件：请给出一个文件的路径")


def test_a_file_too_large_is_refused_before_it_is_read(store: FileStore, tmp_path: Path) -> None:
    with (tmp_path / "huge.iso").open("wb") as file:
        file.truncate(LIMIT + 1)  # a hole: no byte is written
    refused(store, tmp_path / "huge.iso", "超过 200 MB：请压缩或分册")


def test_a_name_that_hides_something_is_refused(store: FileStore, tmp_path: Path) -> None:
    path = tmp_path / "合同\u202efdp.exe"
    path.write_bytes(b"x")
    refused(store, path, "看不见的控制字符")


def test_a_name_too_long_for_the_system_is_refused_in_words(store: FileStore, tmp_path: Path) -> None:
    refused(store, tmp_path / ("长" * 400), "打不开")


def test_a_damaged_file_is_found(store: FileStore, scan: Callable[[str], Path]) -> None:
    good, bad = store.put(scan("完好")), store.put(scan("损坏"))
    assert store.damaged() == []

    store.path(bad.sha256).write_bytes(b"something else")

    assert store.damaged() == [bad.sha256]
    assert store.path(good.sha256).exists()


def test_a_draft_left_by_a_crash_is_no_file_on_record(store: FileStore, scan: Callable[[str], Path]) -> None:
    kept = store.put(scan("完好"))
    (store.path(kept.sha256).parent / "tmpabc").write_bytes(b"half")
    assert store.damaged() == []
