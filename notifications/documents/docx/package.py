"""A .docx as bytes that depend on its content alone: no clock, no machine, no compressor."""

from collections.abc import Mapping
from functools import lru_cache
from struct import Struct
from xml.sax.saxutils import escape
from zlib import crc32

from notifications.documents.docx.base import NAMESPACES, styles
from notifications.documents.docx.xml import legal

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: The earliest day that a zip can name: year 1980 + 0, month 1, day 1.
_EPOCH = 1 << 5 | 1
#: What a zip tells of a part, where the part is, and where the list of parts is.
_ENTRY, _PLACE, _END = Struct("<5H3L2H"), Struct("<3H2L"), Struct("<4H2LH")
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PROPERTIES = "application/vnd.openxmlformats-package.core-properties+xml"


def pack(parts: Mapping[str, str | bytes]) -> bytes:
    """A package of parts by name; text gets an XML head."""
    # Written by hand: the zipfile module takes as long for a letter as drawing it. Stored, not deflated: another zlib
    # would give other bytes for the same document.
    files, index, start = [], [], 0
    for name in sorted(parts, key=_rank):
        part = parts[name]
        data = part if isinstance(part, bytes) else (_HEAD + part).encode()
        label = name.encode("ascii")
        entry = _ENTRY.pack(20, 0, 0, 0, _EPOCH, crc32(data), len(data), len(data), len(label), 0)
        files += [b"PK\3\4", entry, label, data]
        # Made on Unix, a file that everybody may read.
        index += [b"PK\1\2\x14\3", entry, _PLACE.pack(0, 0, 0, 0o644 << 16, start), label]
        start += 4 + len(entry) + len(label) + len(data)
    directory = b"".join(index)
    end = b"PK\5\6" + _END.pack(0, 0, len(parts), len(parts), len(directory), start, 0)
    return b"".join([*files, directory, end])


def _rank(name: str) -> tuple[bool, str]:
    """The list of types comes first, as readers expect."""
    return name != "[Content_Types].xml", name


@lru_cache(maxsize=32)
def frame(names: tuple[str, ...]) -> dict[str, bytes]:
    """What every document with headers and footers of these names has in common: types, relations, styles, settings.

    No theme and no picture, nothing that a template of a word processor would bring along.
    """
    kinds = {name: name.partition("_")[0] for name in names}
    overrides = {f"word/{name}.xml": f"{_OFFICE}.{kind}+xml" for name, kind in kinds.items()} | {
        "word/document.xml": f"{_OFFICE}.document.main+xml",
        "word/styles.xml": f"{_OFFICE}.styles+xml",
        "word/settings.xml": f"{_OFFICE}.settings+xml",
        "docProps/core.xml": _PROPERTIES,
    }
    types = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>'
        ),
        "_rels/.rels": _relations({
            "document": (f"{_RELATION}/officeDocument", "word/document.xml"),
            "core": (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        }),
        "word/_rels/document.xml.rels": _relations({
            "styles": (f"{_RELATION}/styles", "styles.xml"),
            "settings": (f"{_RELATION}/settings", "settings.xml"),
            **{name: (f"{_RELATION}/{kind}", f"{name}.xml") for name, kind in kinds.items()},
        }),
        "word/settings.xml": (
            f'<w:settings {NAMESPACES}><w:evenAndOddHeaders/><w:characterSpacingControl w:val="doNotCompress"/>'
            "<w:compat><w:ulTrailSpace/><w:compatSetting "
            'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
            "</w:compat></w:settings>"
        ),
        "word/styles.xml": styles(),
    }  # fmt: skip
    return {name: (_HEAD + part).encode() for name, part in parts.items()}


def core(title: str, keywords: str) -> str:
    """The properties that a file manager shows."""
    keywords = f"<cp:keywords>{escape(legal(keywords))}</cp:keywords>" if keywords else ""
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(legal(title[:255]))}</dc:title>{keywords}'
        "</cp:coreProperties>"
    )


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'
