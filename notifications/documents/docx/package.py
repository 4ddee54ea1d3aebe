"""A .docx as bytes that depend on its content alone: no clock, no machine, no compressor."""

import io
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from xml.sax.saxutils import escape

from notifications.documents.docx.base import NAMESPACES, styles
from notifications.documents.docx.xml import legal

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: The earliest day that a zip can name.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PROPERTIES = "application/vnd.openxmlformats-package.core-properties+xml"


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
