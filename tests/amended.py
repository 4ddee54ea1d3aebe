"""New versions of the county's plan for tests: its own folder with a few things changed, all of them fictional."""

import io
import shutil
import zipfile
from pathlib import Path

YANGCHENG = Path(__file__).resolve().parents[1] / "plans" / "yangcheng"
NUMBER = "演政办发〔2026〕99号"
#: (file, old, new): what makes it another plan at all.
HEAD = (
    ("plan.toml", 'number = "阳政办发〔2025〕17号"', f'number = "{NUMBER}"\namends = "阳政办发〔2025〕17号"'),
    ("plan.toml", "issued_on = 2025-03-20", "issued_on = 2026-11-20"),
)
#: Annex 2, row 4: a year later.
LATER = (
    "annex2.csv",
    ",,√,2026年,2016-11-29,2026-11-29,guided_exit,2026",
    ",,√,2027年,2016-11-29,2026-11-29,guided_exit,2027",
)
#: Annex 2, row 5: a shorter licence.
SHORTER = (
    "annex2.csv",
    "2023.3.29-2027.9.29,,√,2027年,2023-03-29,2027-09-29",
    "2023.3.29-2026.12.1,,√,2027年,2023-03-29,2026-12-01",
)
HOLDER = ("annex2.csv", "崔敏峰", "演示采矿权人")
#: Annex 3, row 5 is gone, and row 9 is new.
_ROW_5 = (
    "5,阳城县演礼镇东庄村石灰岩矿,石灰岩,0.071,1000,阳城县演礼镇东庄村,2027年,2027,township_yanli,village_dongzhuang"
)
GONE = ("annex3.csv", f"{_ROW_5}\n", "")
NEW_ROW = "9,演示新区块石灰岩矿,石灰岩,0.2,1200,演示位置,2028年,2028,township_hebei,village_hebei\n"

Edit = tuple[str, str, str]


def amended(folder: Path, *edits: Edit, new: str = "", head: tuple[Edit, ...] = HEAD) -> Path:
    """A copy of the county's folder with things changed, each in its first place; `new` is a row more in annex 3."""
    copy = folder / f"plan-{len(list(folder.iterdir()))}"
    shutil.copytree(YANGCHENG, copy)
    for file, old, fresh in (*head, *edits):
        text = (copy / file).read_text("utf8")
        assert old in text, (file, old)
        (copy / file).write_text(text.replace(old, fresh, 1), "utf8")
    with (copy / "annex3.csv").open("a", encoding="utf8") as file:
        file.write(new)
    return copy


def zipped(folder: Path, inside: str = "新版方案/") -> bytes:
    """The folder as an office sends it: files in one folder."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.writestr(f"{inside}{path.name}", path.read_bytes())
    return made.getvalue()
