"""The official text of the plan, which is public but not ours to keep in this repository."""

import os
from pathlib import Path

import pytest

_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "plan"


def official_text() -> str:
    """The text that the tests compare with; a test fails with what to do when it is not there."""
    given = os.environ.get("MINECASE_PLAN_TEXT", "")
    found = [Path(given)] if given else sorted(_FOLDER.glob("*.txt"))
    if not found or not found[0].is_file():
        pytest.fail(
            "找不到阳政办发〔2025〕17号正式文本：请把文本文件放到仓库旁边的 ../shared/plan/ 目录（扩展名 .txt），"
            "或用环境变量 MINECASE_PLAN_TEXT 指明文件。",
            pytrace=False,
        )
    return found[0].read_text("utf-8")
