"""`minecase bundle`: a volume in one command, or one sentence and nothing written."""

import zipfile
from pathlib import Path

import pytest

from office.bundle.bundle_verify import main
from tests.cli.program import Program


def test_a_case_becomes_one_file_that_proves_itself(program: Program, tmp_path: Path) -> None:
    out = tmp_path / "2-4.zip"
    before = program.dump()
    said = program("bundle", "2-4", "--out", str(out)).done().out

    assert "已成卷：" in said
    assert "（2-4）文书 0 件、材料 0 件" in said
    assert "卷内还没有文书和材料，不生成卷内目录。" in said
    assert "python 核验.py" in said
    assert program.dump() == before, "a bundle reads only"
    with zipfile.ZipFile(out) as package:
        assert {"manifest.json", "history.json", "办理经过.csv", "核验.py"} <= set(package.namelist())
    assert main([str(out)]) == 0


def test_every_case_of_the_plan_has_its_volume(program: Program, tmp_path: Path) -> None:
    for row in program("status", "--json").done().json:
        program("bundle", row["case"], "--out", str(tmp_path / f"{row['case']}.zip")).done()


def test_an_existing_file_stays_unless_it_may_go(program: Program, tmp_path: Path) -> None:
    out = tmp_path / "x.zip"
    out.write_bytes(b"old")
    assert program.unharmed("bundle", "2-4", "--out", str(out), code=1) == (
        "“x.zip”已经存在：请换一个文件名，或加 --overwrite 覆盖。"
    )
    assert out.read_bytes() == b"old"

    program("bundle", "2-4", "--out", str(out), "--overwrite").done()
    assert main([str(out)]) == 0
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["x.zip"]


@pytest.mark.parametrize(
    ("case", "name", "sentence"),
    [
        ("9-9", "x.zip", "没有编号为“9-9”的案件"),
        ("2-4", "x.tar", "应以 .zip 结尾"),
        ("2-4", "folder.zip", "是目录"),
        ("2-4", "nowhere/x.zip", "不存在"),
        ("2-4", "file/x.zip", "不存在"),
        ("2-4", "长" * 100 + ".zip", "名称太长"),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_nothing(
    program: Program, tmp_path: Path, case: str, name: str, sentence: str
) -> None:
    (tmp_path / "folder.zip").mkdir()
    (tmp_path / "file").write_bytes(b"")
    assert sentence in program.unharmed("bundle", case, "--out", str(tmp_path / name), code=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.zip", "home"]


def test_a_missing_option_is_named(program: Program) -> None:
    assert program("bundle", "2-4").refused(2) == "缺少“--out”，请加 --help 查看用法。"
