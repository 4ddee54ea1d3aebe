"""Opens a .docx that somebody hands in, within limits that a file made as a trap cannot pass."""

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from lxml import etree

from notifications.documents.errors import UnreadableFile
from notifications.documents.identify.align import Line
from notifications.documents.identify.words import WordReader, short_name

#: A picture unpacks to no more than itself, so that anything above this is a trap.
_UNPACKED, _PARTS = 200 * 2**20, 10_000
#: Marks that a part may hold: each tag and attribute takes some 200 bytes of memory.
_XML_MARKS, _XML_MB = 2_000_000, 32

_PICTURES = re.compile(r"/(media|charts|diagrams|embeddings)/")
_DAMAGED = "文件已损坏，不是完整的 .docx 文件。请用 WPS 或 Word 打开后另存一份再试。"
_TRAP = "文件解开后过大或内容异常，已停止读取。请用 WPS 或 Word 打开核实后另存一份再试。"


@dataclass(frozen=True, slots=True)
class DocxText:
    lines: tuple[Line, ...]
    #: Lines of headers and footers, each once.
    furniture: tuple[str, ...]
    keywords: str
    #: Check sum and size of each picture, chart or embedded object.
    pictures: frozenset[tuple[int, int]]


def read_docx(data: bytes) -> DocxText | None:
    """What the file says; None where it is a zip of another kind."""
    # Counted before the list is read, because every entry takes memory.
    if data.count(b"PK\x01\x02") > _PARTS:
        raise UnreadableFile(_TRAP)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _document(_Package(package))
    except UnreadableFile:
        raise
    except Exception as error:  # a broken zip or XML fails in too many ways to name
        raise UnreadableFile(_DAMAGED) from error


class _Package:
    """Parts of a .docx by name, each checked before it is unpacked."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        entries = package.infolist()
        if any(entry.flag_bits & 1 for entry in entries):
            raise UnreadableFile("文件已加密，不能读取。请去掉密码后再试。")
        if sum(entry.file_size for entry in entries) > _UNPACKED:
            raise UnreadableFile(_TRAP)
        self._package = package
        self.entries = {entry.filename.lower(): entry for entry in entries}
        if len(self.entries) < len(entries):
            raise UnreadableFile(_DAMAGED)

    def part(self, name: str) -> Any:
        """The root element of a part; None where there is no such part."""
        entry = self.entries.get(name.lower())
        if entry is None:
            return None
        # Other methods unpack without a bound, and no word processor uses them.
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableFile(_DAMAGED)
        if entry.file_size > _XML_MB * 2**20:
            raise UnreadableFile(_TRAP)
        xml = self._package.read(entry)
        if xml.count(b"<") + xml.count(b"=") > _XML_MARKS:
            raise UnreadableFile(_TRAP)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        root = etree.fromstring(xml, parser)
        if root.getroottree().docinfo.doctype:
            raise UnreadableFile(_DAMAGED)
        return root

    def related(self, name: str) -> list[tuple[str, str]]:
        """What a part refers to inside the package: (kind, name)."""
        folder, file = posixpath.split(name)
        relations = self.part(posixpath.join(folder, "_rels", f"{file}.rels"))
        return [
            (
                one.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/"),
            )
            for one in (() if relations is None else relations)
            if one.get("TargetMode") != "External"
        ]


def _document(package: _Package) -> DocxText | None:
    main = dict(package.related(""))
    if "officeDocument" not in main:
        if "[content_types].xml" in package.entries:
            raise UnreadableFile(_DAMAGED)
        return None
    root = package.part(main["officeDocument"])
    if root is None:
        raise UnreadableFile(_DAMAGED)
    if short_name(root) != "w:document":
        return None
    text = WordReader()
    text.read(root)
    furniture: dict[str, None] = {}
    for kind, name in package.related(main["officeDocument"]):
        part = package.part(name) if kind in ("header", "footer", "footnotes", "endnotes") else None
        if part is not None:
            reader = WordReader("脚注" if kind == "footnotes" else "尾注")
            reader.read(part)
            if kind in ("header", "footer"):
                furniture.update(dict.fromkeys(cell for line in reader.lines for cell in line.cells if cell.strip()))
            else:
                text.lines += reader.lines
    core = package.part(main.get("core-properties", ""))
    words = [node.text or "" for node in (() if core is None else core) if node.tag.endswith("}keywords")]
    pictures = frozenset((e.CRC, e.file_size) for name, e in package.entries.items() if _PICTURES.search(name))
    return DocxText(tuple(text.lines), tuple(furniture), " ".join(words), pictures)
