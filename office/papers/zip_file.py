"""The files of a bundle, and the bundle as a .zip that depends on them alone."""

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from workflow.errors import BadInput, os_reason
from workflow.store import FileStore

#: The earliest day that a zip can name.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a bundle: made for it, or lying in the store."""

    path: str
    sha256: str
    size: int
    #: None: the bytes lie in the store.
    data: bytes | None = None


def made(path: str, data: bytes) -> Part:
    """A file that was made for the bundle."""
    return Part(path, hashlib.sha256(data).hexdigest(), len(data), data)


def check_target(target: Path, *, overwrite: bool) -> None:
    """Raises BadInput for a place that a bundle cannot be written to."""
    if target.suffix.lower() != ".zip":
        raise BadInput(f"输出文件“{target.name}”应以 .zip 结尾。")
    if target.is_dir():
        raise BadInput(f"“{target.name}”是目录：请换一个文件名。")
    if target.exists() and not overwrite:
        raise BadInput(f"“{target.name}”已经存在：请换一个文件名，或加 --overwrite 覆盖。")
    if not target.absolute().parent.is_dir():
        raise BadInput(f"目录“{target.parent}”不存在：请先建立，或换一个位置。")


def check_store(parts: Sequence[Part], store: FileStore) -> None:
    """Raises BadInput where files on record are gone from the store."""
    gone = [part for part in parts if part.data is None and not store.path(part.sha256).is_file()]
    if gone:
        named = "、".join(f"“{part.path}”（{_place(part)}）" for part in gone[:5])
        more = f"等 {len(gone)} 个文件" if len(gone) > 5 else ""
        raise BadInput(f"文件库中缺少{named}{more}，不能成卷：请从备份的 files 目录取回同名文件，再成卷。")


def write_zip(target: Path, parts: Sequence[Part], store: FileStore) -> int:
    """Writes the parts in the order of their names, whole or not at all; answers the size. Raises BadInput."""
    draft: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=target.absolute().parent, suffix=".tmp")
        draft = Path(name)
        with os.fdopen(handle, "wb") as file:
            _write(file, parts, store)
            file.flush()
            os.fsync(file.fileno())
        size = draft.stat().st_size
        draft.replace(target)
    except OSError as error:
        raise BadInput(f"写不到“{target}”（{os_reason(error)}）：请核对目录、权限和磁盘空间。") from None
    finally:
        if draft:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
    return size


def zip_file(parts: Sequence[Part], store: FileStore) -> IO[bytes]:
    """The same as a file without a name, at its beginning: for a browser. Raises BadInput."""
    check_store(parts, store)
    # Closed by whoever sends it.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    _write(file, parts, store)
    file.seek(0)
    return file


def _write(file: IO[bytes], parts: Sequence[Part], store: FileStore) -> None:
    # Stored, not deflated: another zlib would give other bytes for the same files.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as package:
        for part in sorted(parts, key=lambda part: part.path):
            entry = zipfile.ZipInfo(part.path, _EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            entry.file_size = part.size
            with package.open(entry, "w") as place:
                if part.data is not None:
                    place.write(part.data)
                else:
                    _copy(part, store, place)


def _copy(part: Part, store: FileStore, place: IO[bytes]) -> None:
    """The bytes from the store, checked on the way."""
    digest, length = hashlib.sha256(), 0
    with _opened(part, store) as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            length += len(chunk)
            place.write(chunk)
    if (length, digest.hexdigest()) != (part.size, part.sha256):
        raise BadInput(
            f"文件库中的“{part.path}”（{_place(part)}）已损坏或被改动，不能成卷："
            "请从备份的 files 目录取回同名文件，覆盖后再成卷。"
        )


def _opened(part: Part, store: FileStore) -> IO[bytes]:
    try:
        return store.path(part.sha256).open("rb")
    except OSError as error:
        raise BadInput(f"文件库中的“{part.path}”（{_place(part)}）打不开（{os_reason(error)}）：请核对权限。") from None


def _place(part: Part) -> str:
    """Where the file lies, as in the store and in a backup."""
    return f"files/{part.sha256[:2]}/{part.sha256}"
