"""Workbooks through the command line: out, edited, and in again."""

from pathlib import Path

from tests.cli.program import Program
from tests.sheets.workbooks import edited, made, opened

SANDSTONE = "阳城县山仁行砂岩矿"
AS_OFFICE = ("--as", "office", "--source", "演示：乡镇报来")


def _edited(program: Program, tmp_path: Path, value: str, head: str = "矿产用途") -> str:
    file = tmp_path / "摸底台账.xlsx"
    program("sheet", "export", str(file)).done()
    file.write_bytes(edited(file.read_bytes(), {(SANDSTONE, head): value}))
    return str(file)


def test_a_ledger_goes_out_is_edited_and_comes_in_once(program: Program, tmp_path: Path) -> None:
    assert "模板已写到" in program("sheet", "template", str(tmp_path / "模板.xlsx")).done().out
    assert opened((tmp_path / "模板.xlsx").read_bytes()).sheetnames == ["摸底台账", "填写说明"]
    file = _edited(program, tmp_path, "建筑石料")
    before = program.dump()
    assert "什么都没有改" in program("sheet", "import", file, *AS_OFFICE, typed="n\n").done().out
    shown = program("sheet", "import", file, *AS_OFFICE, "--json").done().json
    assert [change["cells"][0]["new"] for change in shown["changes"]] == ["建筑石料"]
    assert program.dump() == before
    out = program("sheet", "import", file, *AS_OFFICE, "--yes").done().out
    assert "矿产用途 （空） → 建筑石料" in out
    assert "改动 1 座的 1 项内容" in out
    assert "没有要写入的" in program("sheet", "import", file, *AS_OFFICE, "--yes").done().out
    assert "建筑石料" in program("show", "2-1").done().out


def test_problems_and_open_questions_stop_the_import(program: Program, tmp_path: Path) -> None:
    bad = _edited(program, tmp_path, "2025.2.30", "采矿许可证有效期至")
    before = program.dump()
    marked = tmp_path / "标出.xlsx"
    answer = program("sheet", "import", bad, *AS_OFFICE, "--yes", "--marked", str(marked))
    assert (answer.code, "2025.2.30" in answer.out, "有 1 处问题" in answer.err) == (1, True, True)
    assert "问题清单" in opened(marked.read_bytes()).sheetnames
    stale = _edited(program, tmp_path, "建筑石料")
    program("fill", "2-1", "mineral_use", "水泥用", "--as", "office", "--source", "演示").done()
    answer = program("sheet", "import", stale, *AS_OFFICE, "--yes")
    assert (answer.code, "--keep-system" in answer.err) == (1, True)
    assert "1 行保留系统的值" in program("sheet", "import", stale, *AS_OFFICE, "--yes", "--keep-system").done().out
    assert "不是 Excel 表格" in program.unharmed(
        "sheet", "import", program.scan("台账.pdf"), *AS_OFFICE, "--yes", code=1
    )
    foreign = (stale, "--as", "water", "--source", "演示", "--yes")
    assert "由工作组办公室导入" in program.unharmed("sheet", "import", *foreign, code=1)
    own = tmp_path / "自制.xlsx"
    own.write_bytes(made([("号", "企业", "什么矿"), (1, "演示矿", "砂岩")]))
    assert "在网页" in program.unharmed("sheet", "import", str(own), *AS_OFFICE, "--yes", code=1)
    assert program.dump() != before
