"""Letters as .eml files, one folder for each organ: the default, which needs no server and no addresses.

A box is addressed as `<organ_id>@mailbox.invalid`. This invents no address: `.invalid` is reserved by
RFC 2606 as a domain that never exists, so a file that ends up in a real mail system cannot reach anybody.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.headerregistry import Address
from pathlib import Path
from secrets import token_hex
from urllib.parse import quote

from notifications.channels import Letter, TemporaryFailure
from notifications.channels.mime import KEY_HEADER, fingerprint, write
from workflow.models import Contact

DOMAIN = "mailbox.invalid"
_SENDER = Address("非煤矿山综合整治提醒", addr_spec=f"minecase@{DOMAIN}")


@dataclass(frozen=True, slots=True)
class MailboxChannel:
    """Delivers into `<folder>/<organ_id>/<planned_on>-<notice id>-<kind>.eml`."""

    folder: Path
    name: str = "mailbox"
    domain: str = DOMAIN
    #: A file wakes nobody.
    quiet_hours: bool = False
    #: The second delivery finds the file of the first.
    repeatable: bool = True

    def address(self, organ_id: str, contact: Contact | None) -> str | None:  # noqa: ARG002 - part of the port
        return f"{_box(organ_id)}@{DOMAIN}" if organ_id else None

    def begin(self, letter: Letter) -> "_File | _AlreadyThere":
        data = write(letter, _SENDER)
        path = self._path(letter)
        if path.exists():
            return _AlreadyThere(path)
        draft = path.with_name(f".{path.name}.{token_hex(4)}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _forget_drafts(path)
            with draft.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise _not_written(path, error) from error
        return _File(draft, path)

    def close(self) -> None:
        pass

    def _path(self, letter: Letter) -> Path:
        """The same notice has the same path, unless another database has used the number on that day."""
        box = self.folder / _box(letter.organ_id)
        stem = f"{letter.planned_on.isoformat()}-{letter.notice_id}-{letter.kind}"
        path = box / f"{stem}.eml"
        if path.exists() and _key_of(path) != fingerprint(letter.key):
            return box / f"{stem}-{fingerprint(letter.key)[:8]}.eml"
        return path


@dataclass(frozen=True, slots=True)
class _File:
    draft: Path
    path: Path

    def commit(self) -> str:
        try:
            self.draft.replace(self.path)
            _sync(self.path.parent)
        except OSError as error:
            raise _not_written(self.path, error) from error
        return f"已写入信箱 {self.path.parent.name}/{self.path.name}"

    def abandon(self) -> None:
        with suppress(OSError):
            self.draft.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _AlreadyThere:
    path: Path

    def commit(self) -> str:
        return f"信箱中已有 {self.path.parent.name}/{self.path.name}，未重复写入"

    def abandon(self) -> None:
        pass


def _box(organ_id: str) -> str:
    """The organ's id as one safe path segment: neither a slash nor a dot survives."""
    return quote(organ_id, safe="", errors="replace").replace(".", "%2E")


def _key_of(path: Path) -> str:
    return str(message_from_bytes(path.read_bytes()).get(KEY_HEADER, ""))


def _forget_drafts(path: Path) -> None:
    """Remove what a crash left behind of this very letter."""
    for draft in path.parent.glob(f".{path.name}.*.tmp"):
        draft.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Make the rename itself survive a power cut, where the system lets a folder be synced."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _not_written(path: Path, error: OSError) -> TemporaryFailure:
    reason = error.strerror or str(error)
    return TemporaryFailure(f"无法写入信箱 {path.parent.name}（{reason}），请检查磁盘空间和目录权限")
