"""A new version of the plan as a .zip: read within limits, refused in a sentence that a clerk can act on."""

import io
import re
import tempfile
import warnings
import zipfile
from pathlib import Path

import pytest

from office.plan.plan_file import read_folder, read_zip
from tests.amended import YANGCHENG, amended, zipped
from workflow.errors import BadInput

FILES = {path.name: path.read_bytes() for path in YANGCHENG.iterdir()}


def archive(files: dict[str, bytes], *, twice: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in files.items():
            out.writestr(name, data)
        if twice:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                out.writestr(twice, b"")
    return made.getvalue()


def without(name: str) -> dict[str, bytes]:
    return {file: data for file, data in FILES.items() if file != name}


def test_folder_and_zip_say_the_same() -> None:
    flat, nested = (
        archive(FILES),
        archive({f"新版/{name}": data for name, data in FILES.items()} | {"__MACOSX/._x": b"x"}),
    )
    assert read_zip(flat) == read_zip(nested) == read_folder(YANGCHENG)


_BOMB = {**FILES, "annex2.csv": b"0" * 5_000_000}
_PASSWORD = bytearray(archive(FILES))
_PASSWORD[6] |= 1
WRONG = {
    "no zip": (b"plain text", "压缩包打不开"), "half of one": (archive(FILES)[:900], "压缩包打不开"),
    "a file missing": (archive(without("annex3.csv")), "缺少 annex3.csv"),
    "a strange file": (archive({**FILES, "说明.docx": b"x"}), "“说明.docx”不是方案数据文件"),
    "a way out": (archive({**without("plan.toml"), "../plan.toml": b"x"}), "“../plan.toml”不是方案数据文件"),
    "an absolute one": (archive({**without("plan.toml"), "/plan.toml": b"x"}), "“/plan.toml”不是方案数据文件"),
    "windows' way out": (archive({**without("plan.toml"), "..\\plan.toml": b"x"}), "不是方案数据文件"),
    "two folders": (archive({**FILES, "旧/plan.toml": b"x"}), "“plan.toml”不止一处"),
    "one name twice": (archive(FILES, twice="plan.toml"), "“plan.toml”不止一处"),
    "a bomb": (archive(_BOMB), "annex2.csv 超过 4 MB"), "too large": (b"PK" + b"0" * 6_000_000, "超过 5 MB"),
    "many files": (archive({f"{n}.txt": b"" for n in range(99)}), "有 99 个文件"),
    "broken inside": (archive({**FILES, "annex2.csv": b"a,b\n1,2\n"}), "annex2.csv 第 1 行表头不对"),
    "a broken ladder": (archive({**FILES, "ladders.toml": b"[standard"}), "提醒阶梯文件 ladders.toml 末尾"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_zip_is_named(what: str) -> None:
    data, sentence = WRONG[what]
    with pytest.raises(BadInput, match=re.escape(sentence)) as refused:
        read_zip(data)
    assert str(Path(tempfile.gettempdir())) not in str(refused.value)
    assert str(refused.value).endswith("。")


def test_damaged_content_is_no_traceback() -> None:
    """One byte turned at every tenth place of a small archive: read, or refused in a sentence."""
    whole = zipped(YANGCHENG)
    for place in range(0, len(whole), len(whole) // 60):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        try:
            read_zip(bytes(damaged))
        except BadInput as refused:
            assert str(refused).endswith("。"), place


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="不是文件夹"):
        read_folder(tmp_path / "nowhere")
    broken = amended(tmp_path, ("annex2.csv", "崔敏峰,C14", "崔敏峰,X14"))
    with pytest.raises(BadInput, match=r"annex2\.csv 第 5 行 licence_number"):
        read_folder(broken)
