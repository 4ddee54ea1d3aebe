"""The container of old Office files (OLE): its entries and streams out of one, and one stream into a new one."""

import struct
from struct import pack, unpack_from

from office.sheets.formats.limits import DAMAGED, Unfit

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
_LAST, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_SMALL_BELOW, _SMALL = 4096, 64
_NEW = 4096


#: Name, first sector and size of a stream or storage; storages have no size.
Entry = tuple[str, int, int]


class Compound:
    """Reads a container. Everything raises Unfit where it is damaged or turns in a circle."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._open()
        except (struct.error, IndexError) as error:
            raise Unfit(DAMAGED) from error

    def _open(self) -> None:
        shift = unpack_from("<H", self._data, 30)[0]
        if shift not in (9, 12):
            raise Unfit(DAMAGED)
        self._size = 1 << shift
        first, small_fat, further = (unpack_from("<I", self._data, at)[0] for at in (48, 60, 68))
        fat_sectors = [sector for sector in unpack_from("<109I", self._data, 76) if sector < _FAT - 1]
        seen = set[int]()
        while further < _FAT - 1 and further not in seen:
            seen.add(further)
            more = self._numbers(self._sector(further))
            fat_sectors += [sector for sector in more[:-1] if sector < _FAT - 1]
            further = more[-1]
        self._fat = [number for sector in dict.fromkeys(fat_sectors) for number in self._numbers(self._sector(sector))]
        directory = self._chain(first)
        self.entries = [
            entry for at in range(0, len(directory) - 127, 128) if (entry := self._entry(directory, at)) is not None
        ]
        if not self.entries:
            raise Unfit(DAMAGED)
        self._small_fat = self._numbers(self._chain(small_fat)) if small_fat < _FAT - 1 else []

    def names(self) -> set[str]:
        return {name for name, _, _ in self.entries}

    def stream(self, name: str) -> bytes | None:
        """The bytes of the first stream of this name, or None."""
        for known, start, size in self.entries:
            if known != name:
                continue
            try:
                found = self._chain(start) if size >= _SMALL_BELOW else self._small_chain(start)
            except IndexError as error:
                raise Unfit(DAMAGED) from error
            if len(found) < size:
                raise Unfit(DAMAGED)
            return found[:size]
        return None

    def _entry(self, directory: bytes, at: int) -> Entry | None:
        length = unpack_from("<H", directory, at + 64)[0]
        if not 2 <= length <= 64 or not directory[at + 66]:
            return None
        name = directory[at : at + length - 2].decode("utf-16-le", "replace")
        start, size = unpack_from("<II", directory, at + 116)
        return name, start, size

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        if at >= len(self._data):
            raise Unfit(DAMAGED)
        return self._data[at : at + self._size].ljust(self._size, b"\0")

    def _numbers(self, sector: bytes) -> list[int]:
        return list(unpack_from(f"<{len(sector) // 4}I", sector))

    def _chain(self, sector: int) -> bytes:
        found = list[bytes]()
        while sector != _LAST:
            if len(found) > len(self._fat):
                raise Unfit(DAMAGED)
            found.append(self._sector(sector))
            sector = self._fat[sector]
        return b"".join(found)

    def _small_chain(self, sector: int) -> bytes:
        all_small, found = self._chain(self.entries[0][1]), list[bytes]()
        while sector != _LAST:
            if len(found) > len(self._small_fat):
                raise Unfit(DAMAGED)
            found.append(all_small[sector * _SMALL : (sector + 1) * _SMALL])
            sector = self._small_fat[sector]
        return b"".join(found)


def container(name: str, stream: bytes) -> bytes:
    """A new container that holds one stream and nothing else."""
    stream = stream.ljust(_SMALL_BELOW, b"\0")
    count = -(-len(stream) // _NEW)
    fats = -(-(count + 1) // (_NEW // 4 - 1))
    total = 1 + fats + count
    chain = [_LAST, *[_FAT] * fats, *range(2 + fats, total), _LAST]
    chain += [_FREE] * (fats * _NEW // 4 - len(chain))
    header = SIGNATURE + bytes(16) + pack("<HHHHH", 0x3E, 4, 0xFFFE, 12, 6) + bytes(6)
    header += pack("<9I", 1, fats, 0, 0, _SMALL_BELOW, _LAST, 0, _LAST, 0)
    header += pack("<109I", *range(1, 1 + fats), *[_FREE] * (109 - fats))
    directory = _directory_entry("Root Entry", 5, 0, 0, child=1) + _directory_entry(name, 2, 1 + fats, len(stream))
    return b"".join((
        header.ljust(_NEW, b"\0"), directory.ljust(_NEW, b"\0"), pack(f"<{len(chain)}I", *chain),
        stream.ljust(count * _NEW, b"\0"),
    ))  # fmt: skip


def _directory_entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return (
        text.ljust(64, b"\0")
        + pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
        + bytes(36)
        + pack("<IQ", start, size)
    )
