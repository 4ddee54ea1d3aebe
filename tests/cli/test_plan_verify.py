"""`minecase plan verify`: the official text against what code and data say of it."""

from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.official_plan import official_text


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(official_text(), "utf8")
    return path


def test_the_official_text_agrees(program: Program, text: Path) -> None:
    assert "全部一致" in program("plan", "verify", str(text)).done().out


def test_it_needs_no_database(tmp_path: Path, text: Path) -> None:
    program = Program(tmp_path / "none")
    assert "全部一致" in program("plan", "verify", str(text)).done().out
    assert not program.home.exists()


CHANGES = {
    "a licence in the table": ("C1405002016117130143369", "C1405002016117130143368", "附件2#4"),
    "a name in the other table": ("东冶镇郎庄村石灰岩矿", "东冶镇郎庄村白云岩矿", "附件3#1"),
    "a word in a clause": ("承诺书", "保证书", "（文本第"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_copy_is_caught_with_its_place(program: Program, text: Path, what: str) -> None:
    old, new, place = CHANGES[what]
    official = text.read_text("utf8")
    assert old in official
    text.write_text(official.replace(old, new, 1), "utf8")
    said = program("plan", "verify", str(text))
    assert (said.code, said.err) == (5, "")
    assert place in said.out
    assert "处不一致" in said.out


def test_a_clause_that_is_gone_is_named(program: Program, text: Path) -> None:
    lines = text.read_text("utf8").splitlines()
    position = next(n for n, line in enumerate(lines) if line.lstrip("# *").startswith(("(二)", "（二）")))
    text.write_text("\n".join(lines[:position] + lines[position + 1 :]), "utf8")
    said = program("plan", "verify", str(text))
    assert said.code == 5
    assert "(二)" in said.out


@pytest.mark.parametrize("content", [b"", b"hello", "一、总体要求".encode("gbk"), b"\0\0\0"])
def test_a_file_that_is_no_plan(program: Program, text: Path, content: bytes) -> None:
    text.write_bytes(content)
    said = program("plan", "verify", str(text))
    assert said.code in (1, 5)
    assert "Traceback" not in said.err
    assert said.err.count("\n") == (1 if said.code == 1 else 0)


def test_a_file_that_is_not_there(program: Program, tmp_path: Path) -> None:
    assert "nowhere.txt" in program.unharmed("plan", "verify", str(tmp_path / "nowhere.txt"), code=1)
    assert program.unharmed("plan", "verify", str(tmp_path), code=1)
