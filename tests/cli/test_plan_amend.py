"""`minecase plan amend` and `versions`: told first, asked, then written; another answer changes nothing."""

from pathlib import Path

from tests.amended import HOLDER, LATER, NUMBER, YANGCHENG, amended, zipped
from tests.cli.program import Program

GIVEN = ("--as", "office", "--basis", NUMBER, "--reason", "演示：方案修订")


def test_a_version_is_told_asked_about_and_taken_in(program: Program, tmp_path: Path) -> None:
    folder = str(amended(tmp_path, LATER, HOLDER))
    before = program.dump()
    refused = program("plan", "amend", folder, *GIVEN, typed="n\n").done().out
    assert "2-4 关闭验收合格：2026-12-31 → 2027-12-31（关闭退出年度 2026 → 2027）" in refused
    assert "没有导入，什么都没有改" in refused
    assert program.dump() == before

    said = program("plan", "amend", folder, *GIVEN, "--accept", "2-4:holder", typed="y\n").done().out

    assert "共有 1 项期限变动，立案 0 件，0 项由人决定。" in said
    assert "已导入" in said
    versions = program("plan", "versions", "--json").done().json
    assert [(v["version"], v["number"], v["in_force"], v["moves"]) for v in versions] == [
        (2, NUMBER, True, 1), (1, "阳政办发〔2025〕17号", False, 0),
    ]  # fmt: skip
    shown = program("show", "2-4", "--json").done().json
    assert (shown["holder"], shown["facts"]["exit_year"]) == ("演示采矿权人", "2027")
    assert "办理记录完整" in program("audit", "verify").done().out
    # The same once more, as a .zip this time, changes nothing and says so.
    archive = tmp_path / "plan.zip"
    archive.write_bytes(zipped(Path(folder)))
    before = program.dump()
    assert "完全相同" in program("plan", "amend", str(archive), *GIVEN).done().out
    assert program.dump() == before


def test_what_cannot_be_taken_in_is_said(program: Program, tmp_path: Path) -> None:
    amend = ("plan", "amend")
    assert "不是文件夹" in program.unharmed(*amend, str(tmp_path / "nowhere"), *GIVEN, code=1)
    assert "没有名为“nobody”的账号" in program.unharmed(*amend, str(YANGCHENG), "--as", "nobody", *GIVEN[2:], code=1)
    older = amended(tmp_path, ("plan.toml", "2026-11-20", "2024-11-20"))
    assert "早于现行方案" in program.unharmed(*amend, str(older), *GIVEN, "--yes", code=1)
