"""The content store: every file on record lies once, under its own SHA-256, and is never written again."""

import hashlib
import os
import tempfile
from pathlib import Path

from states.fields import FieldError, clean_text
from workflow.errors import BadInput, os_reason
from workflow.views import StoredFile

#: Larger than any scan a county keeps; a mistake of the wrong file is caught before it fills the disk.
LIMIT = 200 * 1024 * 1024


class FileStore:
    """Files of one installation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def put(self, source: Path) -> StoredFile:
        """Takes a file in. Raises BadInput as `read` does."""
        stored, data = self.read(source)
        self.keep(stored, data)
        return stored

    def read(self, source: Path) -> tuple[StoredFile, bytes]:
        """A file as it would be kept. Raises BadInput for one that is missing, empty, a folder or too large."""
        name = _name(source)
        try:
            data = _read(source, name)
        except OSError as error:
            raise BadInput(f"材料文件“{name}”打不开（{os_reason(error)}）：请核对路径和权限。") from None
        if not data:
            raise BadInput(f"材料文件“{name}”是空文件（0 字节），不能作为证明材料，请重新扫描或导出。")
        return StoredFile(hashlib.sha256(data).hexdigest(), name, len(data)), data

    def take(self, name: str, data: bytes) -> StoredFile:
        """Keeps bytes that the system itself has made."""
        stored = StoredFile(hashlib.sha256(data).hexdigest(), name, len(data))
        self.keep(stored, data)
        return stored

    def keep(self, stored: StoredFile, data: bytes) -> None:
        """Writes the bytes durably, once."""
        target = self.path(stored.sha256)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(target)

    def damaged(self) -> list[str]:
        """Files whose bytes no longer match their name."""
        return [
            path.name for path in sorted(self.folder.glob("??/*"))
            if len(path.name) == 64 and hashlib.sha256(path.read_bytes()).hexdigest() != path.name
        ]  # fmt: skip


def _name(source: Path) -> str:
    try:
        return clean_text(source.name, "文件名")[:200]
    except FieldError as error:
        raise BadInput(str(error)) from None


def _read(source: Path, name: str) -> bytes:
    if not source.exists():
        raise BadInput(f"没有找到材料文件“{name}”：请核对路径。")
    if not source.is_file():
        raise BadInput(f"“{name}”不是文件：请给出一个文件的路径。")
    if source.stat().st_size > LIMIT:
        raise BadInput(f"材料文件“{name}”超过 {LIMIT // 1024 // 1024} MB：请压缩或分册。")
    return source.read_bytes()
