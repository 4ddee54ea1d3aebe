"""Zip files, as far as workbooks need them: the directory, one part, and a new file of parts.

The standard library's module does more and takes longer to import than a small workbook to read.
"""

import struct
import zlib
from collections.abc import Mapping
from struct import pack, unpack_from

STORED, DEFLATED = 0, 8
_HEAD, _ENTRY, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_ELSEWHERE = 0xFFFFFFFF
_UTF8, _EPOCH = 0x800, 0x21
_LOCAL, _CENTRAL = "<4sHHHHHIIIHH", "<4sHHHHHHIIIHHHHHII"


class BadZip(Exception):
    """Damaged, cut off, or not what its directory says."""


class Entry:
    """A part as the directory describes it."""

    def __init__(self, data: bytes, at: int) -> None:
        (sign, made_by, _, self.flags, self.method, _, _, self.crc, self.packed, self.size, named, extra, comment, _, _,
         outside, self.at) = unpack_from(_CENTRAL, data, at)  # fmt: skip
        name = data[at + 46 : at + 46 + named]
        if sign != _ENTRY or len(name) < named:
            raise BadZip
        self.name = name.decode("utf-8" if self.flags & _UTF8 else "cp437", "replace")
        #: Kind of file and its rights, where a Unix program has made the zip.
        self.mode = outside >> 16 if made_by >> 8 == 3 else 0
        self.end = at + 46 + named + extra + comment
        self._long(data[at + 46 + named : at + 46 + named + extra])

    def _long(self, extra: bytes) -> None:
        """Sizes that some programs always write with eight bytes."""
        if _ELSEWHERE not in (self.size, self.packed, self.at):
            return
        at = 0
        while at + 4 <= len(extra):
            kind, length = unpack_from("<HH", extra, at)
            if kind == 1:
                numbers = iter(unpack_from(f"<{length // 8}Q", extra, at + 4))
                self.size, self.packed, self.at = (
                    next(numbers, _ELSEWHERE) if number == _ELSEWHERE else number
                    for number in (self.size, self.packed, self.at)
                )
            at += 4 + length

    @property
    def folder(self) -> bool:
        return self.name.endswith("/") and not self.size


def directory(data: bytes) -> list[Entry]:
    """All entries. Raises BadZip."""
    end = data.rfind(_END)
    if end < 0:
        raise BadZip
    try:
        _, _, count, _, size, at = unpack_from("<HHHHII", data, end + 4)
        if at + size != end:
            raise BadZip
        found: list[Entry] = []
        for _ in range(count):
            found.append(Entry(data, at))
            at = found[-1].end
    except struct.error as error:
        raise BadZip from error
    if at != end:
        raise BadZip
    return found


def unpack(data: bytes, entry: Entry) -> bytes:
    """One part, unpacked to its declared size and a byte at most. Raises BadZip where that is not its size."""
    try:
        sign, *_, named, extra = unpack_from(_LOCAL, data, entry.at)
    except struct.error as error:
        raise BadZip from error
    start = entry.at + 30 + named + extra
    raw = memoryview(data)[start : start + entry.packed]
    if sign != _HEAD or len(raw) < entry.packed:
        raise BadZip
    if entry.method == STORED:
        found = bytes(raw)
    else:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            found = unpacker.decompress(raw, entry.size + 1)
        except zlib.error as error:
            raise BadZip from error
        if not unpacker.eof and len(found) <= entry.size:
            raise BadZip
    if len(found) != entry.size or zlib.crc32(found) != entry.crc:
        raise BadZip
    return found


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Parts as a zip that is not compressed: it is read again at once."""
    pieces, entries, at = list[bytes](), list[bytes](), 0
    for name, content in parts.items():
        title, size = name.encode(), len(content)
        about = (20, _UTF8, STORED, 0, _EPOCH, zlib.crc32(content), size, size, len(title), 0)
        pieces += [pack(_LOCAL, _HEAD, *about), title, content]
        entries += [pack(_CENTRAL, _ENTRY, 20, *about, 0, 0, 0, 0, at), title]
        at += 30 + len(title) + size
    length = sum(map(len, entries))
    count = len(parts)
    return b"".join([*pieces, *entries, pack("<4sHHHHIIH", _END, 0, 0, count, count, length, at, 0)])
