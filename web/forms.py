"""What a browser posts, read once and within limits."""

import hashlib
from dataclasses import dataclass, field
from pathlib import PurePath

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from states.fields import FieldError, clean_text
from workflow.errors import BadInput
from workflow.views import StoredFile

#: Fields, files and characters of one field that a form may have.
FIELDS, FILES, CHARACTERS = 2000, 60, 64 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file, read."""

    stored: StoredFile
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The posted fields; a name that was not posted reads as empty."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    uploads: dict[str, list[Upload]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.texts.get(name, [""])[-1].strip()

    def all(self, name: str) -> list[str]:
        return self.texts.get(name, [])

    def ticked(self, name: str) -> bool:
        return bool(self.text(name))

    def files(self, name: str) -> list[Upload]:
        return self.uploads.get(name, [])

    def group(self, prefix: str) -> dict[str, str]:
        """Fields whose name begins so, without the beginning; empty ones are left out."""
        return {
            name.removeprefix(prefix): text for name in self.texts
            if name.startswith(prefix) and (text := self.text(name))
        }  # fmt: skip


async def read_form(request: Request) -> Form:
    """Raises BadInput where the form is too long, broken or holds a file that cannot be kept."""
    try:
        posted = await request.form(max_files=FILES, max_fields=FIELDS, max_part_size=CHARACTERS * 4)
    except (MultiPartException, HTTPException, UnicodeDecodeError):
        raise BadInput("提交的内容读不出或太长：请返回上一页，缩短后重新提交。") from None
    try:
        return await _read(posted)
    finally:
        await posted.close()


async def _read(posted: FormData) -> Form:
    form = Form()
    for name, value in posted.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:
                form.uploads.setdefault(name, []).append(await _upload(value))
        elif "\x00" in value:
            raise BadInput("提交的内容里有看不见的控制字符（U+0000）：请删去后重新提交。")
        elif len(value) > CHARACTERS:
            raise BadInput(f"有一项填写了 {len(value)} 个字，最多 {CHARACTERS} 个：请写短或改作附件。")
        else:
            form.texts.setdefault(name, []).append(value)
    return form


async def _upload(file: UploadFile) -> Upload:
    return Upload(*taken(file.filename or "", await file.read()))


def taken(filename: str, data: bytes) -> tuple[StoredFile, bytes]:
    """A file that somebody sends, under its own name. Raises BadInput for one that is empty or named oddly."""
    # Only the last part: some browsers send the whole path, and some visitors send one on purpose.
    name = PurePath(filename.replace("\\", "/")).name
    try:
        name = clean_text(name, "文件名")[:200]
    except FieldError as error:
        raise BadInput(str(error)) from None
    if not data or not name:
        raise BadInput(f"材料文件“{name}”是空文件（0 字节），不能作为证明材料，请重新扫描或导出。")
    return StoredFile(hashlib.sha256(data).hexdigest(), name, len(data)), data
