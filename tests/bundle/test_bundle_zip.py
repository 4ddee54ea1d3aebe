"""Writing a bundle: large files pass through, names stay within what every system takes."""

import hashlib
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from office.papers.zip_file import Part, made, write_zip
from office.papers.zip_names import FILE_ROOM, FOLDER_ROOM, file_name, folder_name, serial
from workflow.store import FileStore

LARGE = 64 * 1024 * 1024


def test_a_large_file_is_never_held_in_memory(tmp_path: Path) -> None:
    store, source = FileStore(tmp_path / "files"), bytes(LARGE)
    sha256 = hashlib.sha256(source).hexdigest()
    store.path(sha256).parent.mkdir(parents=True)
    store.path(sha256).write_bytes(source)
    del source

    tracemalloc.start()
    try:
        size = write_zip(tmp_path / "x.zip", [Part("b.bin", sha256, LARGE), made("a.txt", b"a")], store)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < LARGE // 8
    assert size == (tmp_path / "x.zip").stat().st_size > LARGE
    with zipfile.ZipFile(tmp_path / "x.zip") as package:
        assert [(i.filename, i.file_size, i.compress_type) for i in package.infolist()] == [
            ("a.txt", 1, zipfile.ZIP_STORED), ("b.bin", LARGE, zipfile.ZIP_STORED),
        ]  # fmt: skip
        assert {i.date_time for i in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("报告.pdf", "报告.pdf"),
        ("a/b\\c:d.pdf", "a_b_c_d.pdf"),
        ("行\n\u202e尾\ud800.txt", "行__尾_.txt"),
        ("  点. . ", "点"),
        ("...", "_"),
        ("没有后缀", "没有后缀"),
        ("怪.很长的后缀不是后缀名", "怪.很长的后缀不是后缀名"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ("字" * 99 + ".docx", "字" * (FILE_ROOM - 5) + ".docx"),
        ("字" * (FILE_ROOM - 6) + " 尾.docx", "字" * (FILE_ROOM - 6) + ".docx"),
    ],
)
def test_a_file_name_keeps_what_it_can(given: str, kept: str) -> None:
    assert file_name(given) == kept


def test_a_folder_name_is_cut_and_a_number_is_as_wide_as_its_list() -> None:
    assert folder_name("题" * 99) == "题" * FOLDER_ROOM
    assert folder_name("题" * (FOLDER_ROOM - 1) + ". 尾") == "题" * (FOLDER_ROOM - 1)
    assert [serial(7, 12), serial(7, 12345)] == ["007", "00007"]
