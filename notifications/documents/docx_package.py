"""A .docx as bytes that depend on its content alone: no clock, no machine, no compressor."""

import io
import zipfile
from collections.abc import Mapping

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: The earliest day that a zip can name.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(parts: Mapping[str, str | bytes]) -> bytes:
    """A package of parts by name; text gets an XML head."""
    buffer = io.BytesIO()
    # Stored, not deflated: another zlib would give other bytes for the same document.
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as package:
        for name in sorted(parts, key=_rank):
            part = parts[name]
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            package.writestr(entry, part if isinstance(part, bytes) else (_HEAD + part).encode())
    return buffer.getvalue()


def repack(document: bytes) -> bytes:
    """The same package with its traces of time and machine removed."""
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        return pack({name: package.read(name) for name in package.namelist()})


def _rank(name: str) -> tuple[bool, str]:
    """The list of types comes first, as readers expect."""
    return name != "[Content_Types].xml", name
