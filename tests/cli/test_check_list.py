"""`minecase check-list`: the lists on record, or a new one."""

from pathlib import Path

from tests.cli.program import Program
from tests.web.test_list_check_page import ROWS, new_list


def test_the_lists_on_record_are_checked_and_the_result_is_written(program: Program, tmp_path: Path) -> None:
    before, out = program.dump(), tmp_path / "结果.docx"
    answer = program("check-list", "--out", str(out))
    assert (answer.code, answer.err) == (5, "")
    assert "附件2第1行 阳城县山仁行砂岩矿　L4 方案印发时许可证仍在有效期内（三(二)1(2)）不符合" in answer.out
    assert "13 行 255 项" in answer.out
    assert out.read_bytes().startswith(b"PK")
    found = program("check-list", "--json").json
    assert {"place", "rule", "clause", "verdict", "fact", "sources", "settle"} <= found[0].keys()
    assert len(found) == 255
    assert program.dump() == before


def test_a_new_list_is_checked_beside_them(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "新名录.xlsx"
    path.write_bytes(new_list(*ROWS))
    answer = program("check-list", str(path), "--out", str(tmp_path / "结果.xlsx"))
    assert "勾选了 2 栏" in answer.out


def test_wrong_files_are_refused(program: Program, tmp_path: Path) -> None:
    assert "打不开" in program.unharmed("check-list", str(tmp_path / "没有.xlsx"), code=1)
    assert "结尾" in program.unharmed("check-list", "--out", str(tmp_path / "结果.txt"), code=1)
