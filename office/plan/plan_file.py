"""A new version of the plan's data as it comes: a folder, or a .zip of the same files, read within limits."""

import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from states.fields import printable
from workflow.errors import BadInput
from workflow.ladders import Ladder, LadderError, read_ladders
from workflow.plan import Plan, PlanError, read_plan

#: Every file that a plan consists of.
FILES = (
    "plan.toml", "organs.toml", "annex2.csv", "annex3.csv", "ladders.toml", "open_values.csv", "clauses.csv",
    "thresholds.toml",
)  # fmt: skip
#: Bytes of the .zip, of one file in it, and members that it may have.
LIMIT, UNPACKED, MEMBERS = 5 * 1024 * 1024, 4 * 1024 * 1024, 60
#: What archive programs add of their own.
_NOISE = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


def read_folder(folder: Path) -> tuple[Plan, dict[str, Ladder]]:
    """The plan and its ladders. Raises BadInput with a sentence that names file, row and column."""
    if not folder.is_dir():
        raise BadInput(f"“{folder.name}”不是文件夹：请给出放着 {FILES[0]} 等文件的方案数据文件夹。")
    try:
        return read_plan(folder), read_ladders(folder / "ladders.toml")
    except (PlanError, LadderError) as error:
        raise BadInput(str(error).replace(f"{folder}/", "").replace("\n", "")) from None


def read_zip(data: bytes) -> tuple[Plan, dict[str, Ladder]]:
    """The same out of a .zip. Raises BadInput; nothing is unpacked but files of the known names."""
    with _unpacked(data) as folder:
        return read_folder(folder)


@contextmanager
def _unpacked(data: bytes) -> Iterator[Path]:
    if len(data) > LIMIT:
        raise BadInput(f"压缩包超过 {LIMIT // 1024 // 1024} MB，不像是方案数据：请只放方案数据文件。")
    with tempfile.TemporaryDirectory() as place:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name, member in _members(archive).items():
                    (Path(place) / name).write_bytes(_content(archive, member))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
            raise BadInput("压缩包打不开或不完整（也可能有密码）：请重新压缩为普通的 .zip 后再上传。") from None
        yield Path(place)


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Known files by name, all in one folder of the archive; anything else is named."""
    members = [
        m for m in archive.infolist() if not m.is_dir() and not set(PurePosixPath(m.filename).parts) & set(_NOISE)
    ]
    if len(members) > MEMBERS:
        raise BadInput(f"压缩包里有 {len(members)} 个文件，方案数据只有 {len(FILES)} 个：请只放方案数据文件。")
    found: dict[str, zipfile.ZipInfo] = {}
    folders = set()
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        folders.add(path.parent)
        if path.is_absolute() or ".." in path.parts or len(path.parts) > 2 or path.name not in FILES:
            raise BadInput(f"压缩包里的“{printable(member.filename)[:60]}”不是方案数据文件：只放 {'、'.join(FILES)}。")
        if path.name in found or len(folders) > 1:
            raise BadInput(f"压缩包里的“{path.name}”不止一处：请把方案数据文件放在同一个文件夹里压缩，每个只放一份。")
        found[path.name] = member
    missing = [name for name in FILES if name not in found]
    if missing:
        raise BadInput(f"压缩包里缺少 {'、'.join(missing)}：请把方案数据文件夹里的文件放全。")
    return found


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Read no further than the limit, whatever the archive says of itself."""
    with archive.open(member) as file:
        content = file.read(UNPACKED + 1)
    if len(content) > UNPACKED:
        raise BadInput(
            f"压缩包里的 {PurePosixPath(member.filename).name} 超过 {UNPACKED // 1024 // 1024} MB，不像是方案数据文件。"
        )
    return content
